package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
	"waymark/internal/seed"
	"waymark/seeds"
)

// data is where the reference files lie beside the repository; WAYMARK_REFERENCE names another place.
const data = "../../../shared/data"

// readings are the pages that are read while an import runs: a list, a map, and the occupations themselves.
var readings = []struct{ name, path string }{{"list", "/caseload"}, {"map", "/pathways/MFG"}, {"explore", "/explore"}}

// rounds is how often each page is read for one median.
const rounds = 150

// BenchmarkImport reads pages while the program imports a whole directory of reference data in a process of its own,
// as it does for an agency: the ratio of the medians to those of an idle machine says whether an import slows page
// reads down. What stands beside it in the same run says how to read the ratio: noise is what two idle readings
// differ by, one-core and two-cores what plain work of other programs on so many cores does to the same pages, and
// imported what the data cost once they are there.
func BenchmarkImport(b *testing.B) {
	dir := data
	if v := os.Getenv("WAYMARK_REFERENCE"); v != "" {
		dir = v
	}
	if _, err := os.Stat(dir); err != nil {
		b.Skipf("no reference files beside the repository, and WAYMARK_REFERENCE names none: %v", err)
	}
	binary := program(b)
	b.Run("kind", func(b *testing.B) { beside(b, exec.Command(binary, "import", "reference", dir)) })
	b.Run("fast", func(b *testing.B) { beside(b, exec.Command(binary, "import", "reference", "--fast", dir)) })
}

// program builds the program itself.
func program(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "waymark")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "waymark/cmd/waymark").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return binary
}

// beside reads pages before, beside and after an import.
func beside(b *testing.B, c *exec.Cmd) {
	p := open(b, 2_000)
	p.publish(b)
	c.Env = append(os.Environ(), "DATABASE_URL="+pgtest.DSN(b, "postgres", p.database), "WAYMARK_DATA_DIR="+b.TempDir(), "WAYMARK_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
	p.round(b, 20)
	idle := p.round(b, rounds)
	one, two := p.spun(b, 1), p.spun(b, 2)
	again := p.round(b, rounds)
	begun := time.Now()
	busy := p.during(b, c)
	took := time.Since(begun)
	filled := p.round(b, rounds)
	for b.Loop() { // one import is one measurement
	}
	b.ReportMetric(took.Seconds(), "s-import")
	for i, r := range readings {
		still := median(slices.Concat(idle[i], again[i]))
		times := func(list []time.Duration) float64 { return float64(median(list)) / float64(still) }
		b.ReportMetric(float64(still.Microseconds()), "us-"+r.name+"-idle")
		b.ReportMetric(times(busy[i]), "x-"+r.name+"-importing")
		b.ReportMetric(max(times(idle[i]), times(again[i])), "x-"+r.name+"-noise")
		b.ReportMetric(times(one[i]), "x-"+r.name+"-one-core")
		b.ReportMetric(times(two[i]), "x-"+r.name+"-two-cores")
		b.ReportMetric(times(filled[i]), "x-"+r.name+"-imported")
	}
	b.ReportMetric(0, "ns/op")
}

// during reads pages for as long as a program runs.
func (p *place) during(b *testing.B, c *exec.Cmd) [][]time.Duration {
	b.Helper()
	done := make(chan error, 1)
	go func() {
		out, err := c.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		done <- err
	}()
	took := make([][]time.Duration, len(readings))
	for {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			return took
		default:
			for i, one := range p.round(b, 1) {
				took[i] = append(took[i], one...)
			}
		}
	}
}

// spun reads pages while other programs keep so many cores busy with nothing.
func (p *place) spun(b *testing.B, cores int) [][]time.Duration {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	for range cores {
		c := exec.CommandContext(ctx, "sh", "-c", "while kill -0 $PPID; do :; done") // it ends with us, however we end
		if err := c.Start(); err != nil {
			b.Fatal(err)
		}
		defer func() { _ = c.Wait() }()
	}
	defer stop()
	return p.round(b, rounds)
}

// publish gives the agency the catalogue that a new one starts with.
func (p *place) publish(b *testing.B) {
	b.Helper()
	files, err := seed.Catalogue(seeds.FS)
	if err != nil {
		b.Fatal(err)
	}
	if err := p.owner.Long(b.Context(), access.Actor{Agency: p.by.Agency, Role: access.System}, func(tx *pg.Tx) error {
		_, err := pathway.Import(tx, access.Actor{Agency: p.by.Agency, Role: access.System}, files)
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

// round reads every page n times in turn, so that a slow moment meets them all.
func (p *place) round(b *testing.B, n int) [][]time.Duration {
	took := make([][]time.Duration, len(readings))
	for range n {
		for i, r := range readings {
			begun := time.Now()
			p.get(b, r.path)
			took[i] = append(took[i], time.Since(begun))
		}
	}
	return took
}

func median(list []time.Duration) time.Duration {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}
