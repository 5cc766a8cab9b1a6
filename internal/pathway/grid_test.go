package pathway_test

import (
	"bytes"
	"strings"
	"testing"

	"waymark/internal/pathway"
	"waymark/internal/world"
	"waymark/seeds"
)

func louisville(t testing.TB) string {
	t.Helper()
	b, err := seeds.FS.ReadFile("grids/louisville-it.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheLouisvilleTableAddsUpTo549And187And736(t *testing.T) {
	grids, err := pathway.ParseGrids("louisville-it.csv", strings.NewReader(louisville(t)))
	if err != nil {
		t.Fatal(err)
	}
	g := grids[0]
	if len(grids) != 1 || g.Total != 736 || g.Rows[0].Total != 549 || g.Rows[1].Total != 187 || g.Rows[2].Total+g.Rows[3].Total != 0 || len(g.Areas) != 4 {
		t.Errorf("%+v", g)
	}
	if c := g.Rows[1].Cells[2]; c.Postings != 7 || c.LowCents != 2197 || c.HighCents != 3336 || c.Occupations[0].EN != "Computer network support specialists" {
		t.Errorf("%+v", c)
	}
	if !g.Rows[1].Cells[1].None() || !g.Rows[3].Cells[0].None() {
		t.Error("a level without jobs in demand has some")
	}
}

func TestAWrongTotalIsRefusedAndNamed(t *testing.T) {
	for _, c := range []struct{ why, from, to, want string }{
		{"the grand total", ",736,", ",737,", `grid.csv:2: postings: the total of it is given as 737, but its cells add up to 736`},
		{"a level's total", ",549,", ",548,", `grid.csv:3: postings: the total of it, bachelor is given as 548, but its cells add up to 549`},
		{"a cell", ",247,", ",246,", `grid.csv:3: postings: the total of it, bachelor is given as 549, but its cells add up to 548`},
		{"another heading", "hourly_low", "low", `grid.csv:1: the heading is not`},
		{"a level of our own", ",associate,,", ",phd,,", `grid.csv:8: level: catalogue.not_one_of`},
		{"a range upside down", "32.22,51.22", "51.22,32.22", `grid.csv:4: hourly_high: catalogue.range_inverted`},
		{"no number", ",247,", ",many,", `grid.csv:5: postings: grid.number`},
		{"only one language", "Desarrolladores web", "", `grid.csv:12: occupations_es: catalogue.missing_language`},
		{"a cell that nobody wrote", "it,,,,,,associate,Programming and software development,Programación y desarrollo de software,,,,,\n", "", `grid.csv:2: area_en: grid.missing map[what:it, associate, Programming and software development]`},
		{"a total that is missing", "it,,,,,,associate,,,,,187,,\n", "", `grid.missing`},
	} {
		t.Run(c.why, func(t *testing.T) {
			list, err := pathway.ParseGrids("grid.csv", strings.NewReader(strings.Replace(louisville(t), c.from, c.to, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\n%+v", err, list)
			}
		})
	}
}

func TestTheNewestGridOfASectorHoldsAndTheSameIsStoredOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := pathway.New(w.DB, w.Policy)
	first, err := pathway.ParseGrids("grid.csv", bytes.NewReader([]byte(louisville(t))))
	if err != nil {
		t.Fatal(err)
	}
	second, err := pathway.ParseGrids("grid.csv", strings.NewReader(strings.NewReplacer(",736,", ",737,", ",549,", ",550,", ",38,", ",39,").Replace(louisville(t))))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{1, 0, 1} {
		n, err := s.ImportGrids(t.Context(), w.Admin, [][]pathway.Grid{first, first, second}[i])
		if err != nil || n != want {
			t.Errorf("import %d stored %d, %v", i+1, n, err)
		}
	}
	if list, err := s.Grids(t.Context(), w.Dana); err != nil || len(list) != 1 || list[0].Total != 737 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := s.ImportGrids(t.Context(), w.Dana, first); err == nil {
		t.Error("a case manager imports")
	}
	if list, err := s.Grids(t.Context(), w.Kim); err != nil || len(list) != 0 {
		t.Errorf("another agency sees %+v, %v", list, err)
	}
}
