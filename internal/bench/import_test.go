package bench

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/reference"
	"waymark/internal/seed"
	"waymark/seeds"
)

// data is where the reference files lie beside the repository; WAYMARK_REFERENCE names another place.
const data = "../../../shared/data"

// readings are the pages that are read while an import runs: a list, a map, and the occupations themselves.
var readings = []struct{ name, path string }{{"list", "/caseload"}, {"map", "/pathways/MFG"}, {"explore", "/explore"}}

// BenchmarkImport reads pages while a whole import of reference data runs, and before it: the ratio of the
// medians says whether an import slows page reads down. Once more after it says what the data themselves cost.
func BenchmarkImport(b *testing.B) {
	dir := data
	if v := os.Getenv("WAYMARK_REFERENCE"); v != "" {
		dir = v
	}
	if _, err := os.Stat(dir); err != nil {
		b.Skipf("no reference files beside the repository, and WAYMARK_REFERENCE names none: %v", err)
	}
	p := open(b, 2_000)
	p.publish(b)
	p.round(b, 20)
	idle := p.round(b, 200)
	done := make(chan error, 1)
	begun := time.Now()
	go func() { done <- p.fill(b, dir) }()
	busy := make([][]time.Duration, len(readings))
	for going := true; going; {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			going = false
		default:
			for i, one := range p.round(b, 1) {
				busy[i] = append(busy[i], one...)
			}
		}
	}
	took := time.Since(begun)
	filled := p.round(b, 200)
	for b.Loop() { // one import is one measurement
	}
	b.ReportMetric(took.Seconds(), "s-import")
	for i, r := range readings {
		before := median(idle[i])
		b.ReportMetric(float64(before.Microseconds()), "us-"+r.name+"-idle")
		b.ReportMetric(float64(median(busy[i]))/float64(before), "x-"+r.name+"-importing")
		b.ReportMetric(float64(median(filled[i]))/float64(before), "x-"+r.name+"-imported")
	}
	b.ReportMetric(0, "ns/op")
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

// fill imports a directory, as the command does.
func (p *place) fill(b *testing.B, dir string) error {
	report, err := reference.Import(b.Context(), p.owner, dir, reference.Options{Clock: time.Now})
	if err == nil && report.Failed() {
		err = fmt.Errorf("refused: %+v", report.Sets)
	}
	return err
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
	slices.Sort(list)
	return list[len(list)/2]
}
