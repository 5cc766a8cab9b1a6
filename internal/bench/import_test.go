package bench

import (
	"os"
	"slices"
	"testing"
	"time"

	"waymark/internal/reference"
)

// data is where the reference files lie beside the repository; WAYMARK_REFERENCE names another place.
const data = "../../../shared/data"

// BenchmarkImport reads the caseload while a whole import of reference data runs, and before and after it: the
// ratio of the medians says whether an import slows page reads down.
func BenchmarkImport(b *testing.B) {
	dir := data
	if v := os.Getenv("WAYMARK_REFERENCE"); v != "" {
		dir = v
	}
	if _, err := os.Stat(dir); err != nil {
		b.Skipf("no reference files: %v", err)
	}
	p := open(b, 2_000)
	var idle, busy []time.Duration
	read := func() time.Duration {
		begun := time.Now()
		p.get(b, "/caseload")
		return time.Since(begun)
	}
	for range 50 {
		read()
	}
	for range 300 {
		idle = append(idle, read())
	}
	done := make(chan error, 1)
	begun := time.Now()
	go func() {
		report, err := reference.Import(b.Context(), p.owner, dir, reference.Options{})
		if err == nil && report.Failed() {
			b.Errorf("refused: %+v", report.Sets)
		}
		done <- err
	}()
	for going := true; going; {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			going = false
		default:
			busy = append(busy, read())
		}
	}
	took := time.Since(begun)
	for range 300 {
		idle = append(idle, read())
	}
	slices.Sort(idle)
	slices.Sort(busy)
	i, w := idle[len(idle)/2], busy[len(busy)/2]
	for b.Loop() { // one import is one measurement
	}
	b.ReportMetric(took.Seconds(), "s-import")
	b.ReportMetric(float64(len(busy)), "reads")
	b.ReportMetric(float64(i.Microseconds()), "us-idle")
	b.ReportMetric(float64(w.Microseconds()), "us-importing")
	b.ReportMetric(float64(w)/float64(i), "x-idle")
	b.ReportMetric(0, "ns/op")
}
