package seeds_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/pathway"
	"waymark/seeds"
)

func catalogue(t *testing.T) pathway.File {
	t.Helper()
	names, err := fs.Glob(seeds.FS, "pathways/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogue files: %v", err)
	}
	var files []pathway.File
	for _, name := range names {
		b, err := seeds.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := pathway.Parse(name, bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return pathway.Merge(files...)
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	b, err := seeds.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func both(t *testing.T, what string, x pathway.Text) {
	t.Helper()
	if strings.TrimSpace(x.EN) == "" || strings.TrimSpace(x.ES) == "" {
		t.Errorf("%s lacks a language: %+v", what, x)
	}
}

func TestTheSeedCatalogueHasNothingToCorrect(t *testing.T) {
	for _, p := range catalogue(t).Check() {
		t.Error(p)
	}
}

func TestEveryPathwayHasFiveStepsAndEveryAreaItsJobs(t *testing.T) {
	f := catalogue(t)
	areas := 0
	for _, p := range f.Pathways {
		areas += len(p.Areas)
		if len(p.Steps) != 5 {
			t.Errorf("%s has %d steps", p.Code, len(p.Steps))
		}
		jobs := map[string]int{}
		for i, s := range p.Steps {
			if s.Number != i+1 || len(s.Preparation) == 0 || len(s.Requirements) == 0 || len(s.Jobs) == 0 || len(s.TypicalMilestones) == 0 {
				t.Errorf("%s step %d is incomplete", p.Code, s.Number)
			}
			if (s.Wage == nil) != (s.Number == 1) {
				t.Errorf("%s step %d: wage %v", p.Code, s.Number, s.Wage)
			}
			for _, j := range s.Jobs {
				jobs[j.Area]++
			}
		}
		for _, a := range p.Areas {
			for _, s := range p.Steps[1:] {
				kinds := map[string]bool{}
				for _, m := range s.MilestonesFor(a.Code) {
					kinds[m.Kind] = true
				}
				if !kinds["enroll"] || !kinds["term_end"] || !kinds["placement"] || !kinds["review"] {
					t.Errorf("%s step %d: no whole plan: %v", a.Code, s.Number, kinds)
				}
			}
			if jobs[a.Code] == 0 {
				t.Errorf("%s has no job", a.Code)
			}
		}
	}
	if len(f.Pathways) != 5 || areas != 31 || len(f.Occupations) != 238 || len(f.Regions) != 4 {
		t.Errorf("%d pathways, %d areas, %d occupations, %d regions", len(f.Pathways), areas, len(f.Occupations), len(f.Regions))
	}
}

func manufacturing(t *testing.T) pathway.Pathway {
	t.Helper()
	f := catalogue(t)
	i := slices.IndexFunc(f.Pathways, func(p pathway.Pathway) bool { return p.Code == "MFG" })
	if i < 0 {
		t.Fatal("no MFG")
	}
	return f.Pathways[i]
}

func TestManufacturingStepTwoIs31200To49920DollarsAYear(t *testing.T) {
	low, high := manufacturing(t).Steps[1].Wage.Yearly()
	if low != 3_120_000 || high != 4_992_000 {
		t.Errorf("got %d to %d cents", low, high)
	}
}

func TestManufacturingStepFourMayStartBelowStepThree(t *testing.T) {
	p := manufacturing(t)
	three, four := p.Steps[2].Wage, p.Steps[3].Wage
	if three.MinCents != 4_900_000 || four.MinCents != 4_800_000 {
		t.Errorf("minimums are %d and %d", three.MinCents, four.MinCents)
	}
}

func TestManufacturingNamesTheJobsOfTheOutline(t *testing.T) {
	want := map[int][]string{
		1: {"37-2011.00", "35-3023.00", "37-2012.00", "53-7062.00", "41-2031.00"},
		2: {"49-9071.00", "51-2092.00", "51-9111.00", "43-4051.00", "53-7062.00"},
		3: {"51-4031.00", "51-2092.00", "51-4121.00", "51-2041.00", "47-2211.00", "47-2152.00", ""},
		4: {"51-9161.00", "17-3013.00", "17-3026.00", "", "17-3023.00", "13-1023.00"},
		5: {"13-1111.00", "17-2112.03", "51-1011.00", "11-3051.01", "13-1051.00", "17-2112.00"},
	}
	for _, s := range manufacturing(t).Steps {
		var got []string
		for _, j := range s.Jobs {
			if j.Source == "me-outline" {
				got = append(got, j.SOC)
			}
		}
		slices.Sort(got)
		slices.Sort(want[s.Number])
		if !slices.Equal(got, want[s.Number]) {
			t.Errorf("step %d: %v, want %v", s.Number, got, want[s.Number])
		}
	}
}

func TestEveryRegionOfTheDemoRanksAllAreas(t *testing.T) {
	for _, r := range catalogue(t).Regions {
		if r.Kind == "state" {
			continue
		}
		if len(r.Areas) != 31 {
			t.Errorf("%s has %d areas", r.Code, len(r.Areas))
		}
		for _, a := range r.Areas {
			if s, ok := a.Demand.Score(); !ok || s < 0 || s > 100 || a.Wage.HourlyCents < 1500 {
				t.Errorf("%s %s: demand %v, wage %d", r.Code, a.Area, s, a.Wage.HourlyCents)
			}
		}
	}
}

func TestSupportsOfStepsAreInTheReferenceList(t *testing.T) {
	var needs []struct {
		Code string
		Name pathway.Text
	}
	read(t, "reference/support_needs.json", &needs)
	known := map[string]bool{}
	for _, n := range needs {
		known[n.Code] = true
		both(t, n.Code, n.Name)
	}
	for _, p := range catalogue(t).Pathways {
		for _, s := range p.Steps {
			for _, k := range s.Supports {
				if !known[k] {
					t.Errorf("%s step %d: %s", p.Code, s.Number, k)
				}
			}
		}
	}
}

func TestTheDirigoFixtureIsTheOneOfTheAcceptanceCases(t *testing.T) {
	b, err := os.ReadFile("testdata/dirigo.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := pathway.Parse("dirigo.json", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range f.Check() {
		t.Error(p)
	}
	want := map[string][2]int{ // cents an hour, demand
		"M1": {2300, 70}, "M2": {2700, 85}, "M3": {2900, 35}, "M4": {2050, 60}, "M5": {3000, 50},
		"M6": {2200, 65}, "H1": {2250, 95}, "H2": {2100, 80}, "I1": {2600, 55}, "T1": {2600, 75},
	}
	efl := map[string]int{"M1": 3, "M2": 4, "M3": 4, "M4": 3, "M5": 5, "M6": 3, "H1": 4, "H2": 4, "I1": 4, "T1": 3}
	if len(f.Occupations) != 25 || len(f.Regions) != 1 || len(f.Regions[0].Areas) != len(want) {
		t.Fatalf("%d occupations, %d regions", len(f.Occupations), len(f.Regions))
	}
	for _, a := range f.Regions[0].Areas {
		s, _ := a.Demand.Score()
		if got := [2]int{int(a.Wage.HourlyCents), int(s)}; got != want[a.Area] {
			t.Errorf("%s: %v, want %v", a.Area, got, want[a.Area])
		}
	}
	for _, p := range f.Pathways {
		for _, a := range p.Areas {
			if a.MinEFL != efl[a.Code] {
				t.Errorf("%s: EFL %d", a.Code, a.MinEFL)
			}
			delete(efl, a.Code)
			if held := slices.Equal(a.EntryConstraints, []string{"licence_cdl"}); held != (a.Code == "T1") {
				t.Errorf("%s: constraints %v", a.Code, a.EntryConstraints)
			}
		}
	}
	if len(efl) != 0 {
		t.Errorf("areas missing: %v", efl)
	}
}

type statements struct {
	Instrument string
	Version    int
	Notice     pathway.Text
	Question   pathway.Text
	Scale      []struct {
		Value int
		Text  pathway.Text
	}
	Types []struct {
		Code          string
		Name, Summary pathway.Text
	}
	Items []struct {
		ID   int
		Type string
		Text pathway.Text
	}
}

func TestSixtyInterestStatementsRunThroughTheTypesInTurn(t *testing.T) {
	var s statements
	read(t, "interests/statements.json", &s)
	both(t, "notice", s.Notice)
	both(t, "question", s.Question)
	if len(s.Items) != 60 || len(s.Types) != 6 || len(s.Scale) != 5 {
		t.Fatalf("%d items, %d types, %d answers", len(s.Items), len(s.Types), len(s.Scale))
	}
	count := map[string]int{}
	for i, it := range s.Items {
		if it.ID != i+1 || it.Type != string("RIASEC"[i%6]) {
			t.Errorf("item %d has id %d, type %s", i+1, it.ID, it.Type)
		}
		both(t, it.Type, it.Text)
		if count[it.Text.EN]++; count[it.Text.EN] > 1 {
			t.Errorf("twice: %s", it.Text.EN)
		}
	}
	for i, a := range s.Scale {
		if a.Value != i {
			t.Errorf("answer %d has value %d", i, a.Value)
		}
		both(t, "answer", a.Text)
	}
	for _, k := range s.Types {
		both(t, k.Code, k.Name)
		both(t, k.Code, k.Summary)
	}
}

var words = regexp.MustCompile(`[a-z]+`)

func TestNoInterestStatementIsAnONETItem(t *testing.T) {
	b, err := os.ReadFile("testdata/onet_item_hashes.txt")
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]bool{}
	for _, h := range strings.Fields(string(b)) {
		theirs[h] = true
	}
	if len(theirs) < 200 {
		t.Fatalf("only %d hashes", len(theirs))
	}
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(strings.Join(words.FindAllString(strings.ToLower(s), -1), " ")))
		return hex.EncodeToString(sum[:8])
	}
	if !theirs[hash("Build kitchen cabinets.")] {
		t.Error("the hashes are of something else")
	}
	var s statements
	read(t, "interests/statements.json", &s)
	for _, it := range s.Items {
		if theirs[hash(it.Text.EN)] {
			t.Errorf("item %d is theirs: %s", it.ID, it.Text.EN)
		}
	}
}

func TestReferenceListsAreCompleteInBothLanguages(t *testing.T) {
	var ready struct {
		Instrument string
		Version    int
		PlanBelow  int `json:"plan_below"`
		Levels     []struct {
			Value int
			Text  pathway.Text
		}
		Items []struct {
			Code string
			Core bool
			Text pathway.Text
		}
	}
	read(t, "reference/work_readiness.json", &ready)
	core := 0
	for _, it := range ready.Items {
		both(t, it.Code, it.Text)
		if it.Core {
			core++
		}
	}
	for _, l := range ready.Levels {
		both(t, "level", l.Text)
	}
	if core != 4 || len(ready.Levels) != 4 || ready.PlanBelow != 3 {
		t.Errorf("%d core items, %d levels, plan below %d", core, len(ready.Levels), ready.PlanBelow)
	}

	var states []struct {
		Code, FIPS string
		Name       pathway.Text
	}
	read(t, "reference/states.json", &states)
	for _, s := range states {
		both(t, s.Code, s.Name)
	}
	if len(states) != 57 {
		t.Errorf("%d states and territories", len(states))
	}

	var languages []struct {
		Code, Own string
		Name      pathway.Text
	}
	read(t, "reference/languages.json", &languages)
	seen := map[string]bool{}
	for _, l := range languages {
		both(t, l.Code, l.Name)
		if l.Own == "" || seen[l.Code] {
			t.Errorf("language %s", l.Code)
		}
		seen[l.Code] = true
	}
	if len(languages) < 40 || languages[0].Code != "en" || languages[1].Code != "es" {
		t.Errorf("%d languages", len(languages))
	}
}

func TestFederalHolidaysFallOnWorkdaysInOrder(t *testing.T) {
	var days []struct {
		Date        string
		ObservedFor string `json:"observed_for"`
		Name        pathway.Text
	}
	read(t, "reference/holidays.json", &days)
	last := ""
	for _, d := range days {
		both(t, d.Date, d.Name)
		on, err := time.Parse(time.DateOnly, d.Date)
		if err != nil || d.Date <= last || on.Weekday() == time.Saturday || on.Weekday() == time.Sunday {
			t.Errorf("%s %s: %v", d.Date, on.Weekday(), err)
		}
		last = d.Date
	}
	if len(days) != 23 { // eleven a year, and 2028-01-01 observed on 2027-12-31
		t.Errorf("%d days", len(days))
	}
}

func TestDemoPoolsHoldEnoughInventedPeople(t *testing.T) {
	var d struct {
		Notice     string
		FirstNames []string `json:"first_names"`
		LastNames  []string `json:"last_names"`
		Streets    []string
		Towns      []struct{ Name, Region string }
		Phones     struct {
			AreaCode string `json:"area_code"`
			Exchange string
			From, To string
		}
		Employers []struct{ Name, Sector string }
		Notes     []struct{ Text, Kind string }
		Replies   []pathway.Text
	}
	read(t, "demo/names.json", &d)
	if len(d.FirstNames) < 100 || len(d.LastNames) < 80 || len(d.Streets) < 20 || len(d.Employers) < 20 || len(d.Notes) < 20 {
		t.Errorf("pools too small: %d %d %d %d %d", len(d.FirstNames), len(d.LastNames), len(d.Streets), len(d.Employers), len(d.Notes))
	}
	if d.Phones.Exchange != "555" || d.Phones.From != "0100" || d.Phones.To != "0199" {
		t.Errorf("phones are not fictional: %+v", d.Phones)
	}
	for _, r := range d.Replies {
		both(t, "reply", r)
	}
	regions := map[string]bool{}
	for _, r := range catalogue(t).Regions {
		regions[r.Code] = true
	}
	for _, town := range d.Towns {
		if !regions[town.Region] {
			t.Errorf("%s lies in %s", town.Name, town.Region)
		}
	}
}

func TestFilesAreReadableJSONWithUnixLines(t *testing.T) {
	err := fs.WalkDir(seeds.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := seeds.FS.ReadFile(name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".json" && !json.Valid(b) || bytes.ContainsAny(b, "\r\t") || !bytes.HasSuffix(b, []byte("\n")) {
			t.Errorf("%s", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEverySectorPassesTheGoodPathwayReport(t *testing.T) {
	f := catalogue(t)
	occupations := map[string]pathway.Occupation{}
	for _, o := range f.Occupations {
		occupations[o.SOC] = o
	}
	sectors := []string{}
	for _, p := range f.Pathways {
		sectors = append(sectors, p.Sector)
		r := pathway.ReviewOf(p, func(soc string) (pathway.Occupation, bool) { o, ok := occupations[soc]; return o, ok })
		if !r.Passes() {
			t.Errorf("%s does not pass: %+v", p.Code, r)
		}
		open := []string{}
		for _, f := range r.Findings {
			if !f.Met {
				open = append(open, f.Check)
			}
		}
		t.Logf("%s passes; not stated: %v", p.Code, open)
		if p.Sector == "transportation" && len(p.Areas) != 6 {
			t.Errorf("transportation has %d subsectors", len(p.Areas))
		}
	}
	slices.Sort(sectors)
	if !slices.Equal(sectors, []string{"construction", "health_care", "information_technology", "manufacturing", "transportation"}) {
		t.Errorf("the sectors are %v", sectors)
	}
}
