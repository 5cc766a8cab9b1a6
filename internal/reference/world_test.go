package reference_test

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
	"waymark/internal/reference"
)

func monday() time.Time { return pgtest.Monday }

// place is an empty database and its owner.
type place struct {
	t     *testing.T
	owner *pg.DB
	name  string
}

func open(t *testing.T) *place {
	t.Helper()
	name := pgtest.Database(t)
	owner, err := pg.OpenOwner(pgtest.DSN(t, "postgres", name), monday)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return &place{t, owner, name}
}

func (p *place) load(dir string, shrink bool) reference.Report {
	p.t.Helper()
	r, err := reference.Import(p.t.Context(), p.owner, dir, reference.Options{AllowShrink: shrink, Say: func(string) {}, Clock: monday})
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// ask reads one text as the owner.
func (p *place) ask(query string) string {
	p.t.Helper()
	var answer string
	err := p.owner.Read(p.t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		answer, err = pg.Get[string](tx, `select coalesce(cast((`+query+`) as text), 'nothing')`, nil)
		return err
	})
	if err != nil {
		p.t.Fatalf("%s: %v", query, err)
	}
	return answer
}

func of(r reference.Report, set string) reference.Result {
	for _, s := range r.Sets {
		if s.Set == set {
			return s
		}
	}
	return reference.Result{}
}

// copied puts the testdata of a publisher into a directory, workbooks as workbooks.
func copied(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		root := filepath.Join("testdata", name)
		err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
			if err != nil || info.IsDir() {
				return err
			}
			rel, _ := filepath.Rel("testdata", path)
			to := filepath.Join(dir, rel)
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if plain, ok := strings.CutSuffix(to, ".xlsx.csv"); ok {
				workbook(t, plain+".xlsx", string(b))
				return nil
			}
			return os.WriteFile(to, b, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// workbook writes comma-separated rows as Excel does: shared strings, numbers as values, a sheet before.
func workbook(t *testing.T, path, text string) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var shared, sheet strings.Builder
	n := 0
	for i, row := range rows {
		fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
		for j, cell := range row {
			if cell == "" {
				continue
			}
			ref := string(rune('A' + j%26))
			if j >= 26 {
				ref = "A" + ref
			}
			fmt.Fprintf(&shared, `<si><t>%s</t></si>`, html.EscapeString(cell))
			fmt.Fprintf(&sheet, `<c r="%s%d" t="s"><v>%d</v></c>`, ref, i+1, n)
			n++
		}
		sheet.WriteString(`</row>`)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, body := range map[string]string{
		"xl/sharedStrings.xml":     `<sst>` + shared.String() + `</sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Read me first</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml": `<worksheet><sheetData>` + sheet.String() + `</sheetData></worksheet>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// occupations is a file of the bundle with n occupations.
func occupations(n int) string {
	var b strings.Builder
	b.WriteString("onetsoc_code,title,description,job_zone,oews_code,ep_code\n")
	for i := range n {
		fmt.Fprintf(&b, "51-%04d.00,\"Worker, kind %d\",Does things.,3,51-%04d,51-%04d\n", i+1000, i, i+1000, i+1000)
	}
	return b.String()
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
