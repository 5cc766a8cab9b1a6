package reference_test

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waymark/internal/pg/pgtest"
)

// most is how much memory `waymark import reference` may use, in MB.
const most = 300

// sets is how many the bundle fills.
const sets = 18

// stream writes a big file without holding it: a child's memory is counted from its parent's.
func stream(t *testing.T, path string, fill func(io.Writer)) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fill(w)
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// program builds the program itself, and runs its import into the database in a process of its own, whose
// memory is gated. Seconds are told, not gated.
func (p *place) program() (run func(data string) (says string)) {
	p.t.Helper()
	dir := p.t.TempDir()
	binary := filepath.Join(dir, "waymark")
	if out, err := exec.CommandContext(p.t.Context(), "go", "build", "-o", binary, "waymark/cmd/waymark").CombinedOutput(); err != nil {
		p.t.Fatalf("%v: %s", err, out)
	}
	return func(data string) string {
		p.t.Helper()
		c := exec.CommandContext(p.t.Context(), binary, "import", "reference", data)
		c.Env = append(os.Environ(), "DATABASE_URL="+pgtest.DSN(p.t, "postgres", p.name), "WAYMARK_DATA_DIR="+dir, "WAYMARK_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		begun := time.Now()
		_ = c.Run() // fails when a set is refused, which the test is to say
		used := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
		p.t.Logf("%d MB, %.1f s, of them %.1f s in the program\n%s", used, time.Since(begun).Seconds(), c.ProcessState.UserTime().Seconds(), out.String())
		if used > most {
			p.t.Errorf("the import used %d MB", used)
		}
		return out.String()
	}
}

// TestTheImportStreams imports a file bigger than the bundle's biggest, and an open quote that would
// swallow a whole file.
func TestTheImportStreams(t *testing.T) {
	t.Parallel()
	p := open(t)
	data := t.TempDir()
	stream(t, filepath.Join(data, "ipeds_completions_institution_2023.csv"), func(w io.Writer) {
		_, _ = fmt.Fprintln(w, "unitid,cip_code,award_level,awards")
		for i := range 400_000 {
			_, _ = fmt.Fprintf(w, "%06d,48.%04d,associate,%d\n", 100_000+i/400, i%400, i%90+1)
		}
	})
	stream(t, filepath.Join(data, "onet_interests.csv"), func(w io.Writer) {
		_, _ = fmt.Fprint(w, "onetsoc_code,realistic,investigative,artistic,social,enterprising,conventional\n51-4041.00,7,3,1,1,1,\"4")
		for range 4 << 20 {
			_, _ = fmt.Fprint(w, "and more\n")
		}
	})
	run := p.program()
	first := run(data)
	for _, says := range []string{"400000 rows read, 400000 new", "the row is longer than 1 MB; a quote may be open", "1 sets imported, 0 without change, 1 refused"} {
		if !strings.Contains(first, says) {
			t.Errorf("it does not say %q", says)
		}
	}
	if again := run(data); !strings.Contains(again, "0 sets imported, 1 without change, 1 refused") {
		t.Error("the second time something changed")
	}
}

// bundle is where the reference files lie beside the repository; WAYMARK_REFERENCE names another place.
const bundle = "../../../shared/data"

// TestTheRealBundleIsImportedTwiceWithoutAChange imports every file of the bundle into an empty database.
func TestTheRealBundleIsImportedTwiceWithoutAChange(t *testing.T) {
	dir := cmp.Or(os.Getenv("WAYMARK_REFERENCE"), bundle)
	if _, err := os.Stat(filepath.Join(dir, "MANIFEST.csv")); err != nil {
		t.Skipf("the reference files are not beside the repository, and WAYMARK_REFERENCE names no other place: %v", err)
	}
	t.Parallel()
	p := open(t)
	run := p.program()
	first := run(dir)
	if !strings.Contains(first, fmt.Sprintf("%d sets imported, 0 without change, 0 refused", sets)) {
		t.Errorf("not every set came in")
	}
	for query, want := range map[string]string{
		`select count(*) from reference.occupations`:                                                             "1016",
		`select count(*) from reference.interests`:                                                               "923",
		`select h_median from reference.wages where area = 'US' and code = '51-4041' order by year desc limit 1`: "2824",
		`select count(*) > 0 from reference.wages where area = 'ME'`:                                             "true",
		`select growth from reference.projections where code = '29-1141'`:                                        "4.9",
	} {
		if got := p.ask(query); got != want {
			t.Errorf("%s is %s, want %s", query, got, want)
		}
	}
	before := p.ask(`select string_agg(name || sha256 || rows || imported_at, ' ' order by name) from reference.sets`)
	if again := run(dir); !strings.Contains(again, fmt.Sprintf("0 sets imported, %d without change, 0 refused", sets)) {
		t.Error("the second time something changed")
	}
	if after := p.ask(`select string_agg(name || sha256 || rows || imported_at, ' ' order by name) from reference.sets`); after != before {
		t.Error("the second import wrote something")
	}
}
