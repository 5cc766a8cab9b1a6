package reference_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"waymark/internal/pg/pgtest"
)

// most is how much memory `waymark import reference` may use, in MB.
const most = 300

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

// TestTheImportStreams runs the program itself on a file bigger than the bundle's biggest, and an
// open quote that would swallow a whole file, and gates its memory. Seconds are told, not gated.
func TestTheImportStreams(t *testing.T) {
	t.Parallel()
	p, dir := open(t), t.TempDir()
	binary := filepath.Join(dir, "waymark")
	if out, err := exec.Command("go", "build", "-o", binary, "waymark/cmd/waymark").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
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
	run := func() string {
		c := exec.CommandContext(t.Context(), binary, "import", "reference", data)
		c.Env = append(os.Environ(), "DATABASE_URL="+pgtest.DSN(t, "postgres", p.name), "WAYMARK_DATA_DIR="+dir, "WAYMARK_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		_ = c.Run() // the file with the open quote is refused
		used := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
		t.Logf("%d MB, %v in the program\n%s", used, c.ProcessState.UserTime(), out.String())
		if used > most {
			t.Errorf("the import used %d MB", used)
		}
		return out.String()
	}
	first := run()
	for _, says := range []string{"400000 rows read, 400000 new", "the row is longer than 1 MB; a quote may be open", "1 sets imported, 0 without change, 1 refused"} {
		if !strings.Contains(first, says) {
			t.Errorf("it does not say %q", says)
		}
	}
	if again := run(); !strings.Contains(again, "0 sets imported, 1 without change, 1 refused") {
		t.Error("the second time something changed")
	}
}
