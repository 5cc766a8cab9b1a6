package recommend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTheWorkedCasesComeOutAsPrinted(t *testing.T) {
	for name, tt := range map[string]struct {
		person Person
		want   []string
	}{
		"case A": {rosa(), []string{"M6 89.5", "M1 85.4", "T1 81.1", "M2 78.2", "M4 71.0", "I1 70.7", "M3 69.3", "H2 69.1", "H1 67.0", "M5 66.6"}},
		"case B": {thomas(), []string{"M2 86.1", "T1 82.5", "M5 69.3", "M3 69.0", "M6 68.3", "M1 67.3", "I1 59.2", "M4 56.7", "H1 54.6", "H2 48.2"}},
	} {
		for i, o := range Rank(tt.person, fixtureAreas()) {
			if got := fmt.Sprintf("%s %.1f", o.Area, o.Total); got != tt.want[i] || o.Rank != i+1 || o.Partial {
				t.Errorf("%s, place %d: %s, want %s", name, i+1, got, tt.want[i])
			}
		}
	}
}

func TestThePrintedComponentsHold(t *testing.T) {
	for name, tt := range map[string]struct {
		person Person
		area   string
		want   [5]float64
	}{
		"Rosa, quality":       {rosa(), "M6", [5]float64{95.5, 100, 81.6, 65, 100}},
		"Thomas, maintenance": {thomas(), "M2", [5]float64{95.4, 75, 75, 85, 100}},
	} {
		o := find(Rank(tt.person, fixtureAreas()), tt.area)
		if got := [5]float64{*o.Interest, *o.Readiness, *o.Wage, *o.Demand, *o.Preference}; got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if o := find(Rank(rosa(), fixtureAreas()), "T1"); *o.Readiness != 85 {
		t.Error("no licence, yet readiness is", *o.Readiness)
	}
}

func TestThePrintedCorrelationsHold(t *testing.T) {
	for _, tt := range []struct {
		person Person
		soc    string
		want   float64
	}{
		{rosa(), "51-9061", .9547},
		{rosa(), "17-3028", .9554},
		{thomas(), "49-9041", .9592},
		{thomas(), "49-9071", .9395},
		{thomas(), "17-3024", .9633},
	} {
		if r := Pearson(*tt.person.Scores, occupations[tt.soc].OI); math.Abs(r-tt.want) > .00005 {
			t.Errorf("%s: %.4f, want %.4f", tt.soc, r, tt.want)
		}
	}
}

func TestAFlatProfileCountsAsFifty(t *testing.T) {
	p := rosa()
	p.Scores = &RIASEC{7, 7, 7, 7, 7, 7}
	for _, o := range Rank(p, fixtureAreas()) {
		if *o.Interest != 50 || !o.Undifferentiated || o.Partial {
			t.Errorf("%+v", o)
		}
	}
}

// without has one way to lose each component.
var without = map[string]func(*Person, []Area){
	"interest_scores": func(p *Person, _ []Area) { p.Scores = nil },
	"education":       func(p *Person, _ []Area) { p.Zone = 0 },
	"efl":             func(p *Person, _ []Area) { p.EFL = 0 },
	"needed_wage":     func(p *Person, _ []Area) { p.NeededHourly = 0 },
	"preference":      func(p *Person, _ []Area) { p.Preference = nil },
	"area_wage":       func(_ *Person, a []Area) { forEach(a, func(a *Area) { a.WageHourly = nil }) },
	"area_demand":     func(_ *Person, a []Area) { forEach(a, func(a *Area) { a.Demand = nil }) },
	"area_anchors":    func(_ *Person, a []Area) { forEach(a, func(a *Area) { a.Anchors = nil }) },
}

func TestWhatIsMissingDropsOutAndTheRestIsScaled(t *testing.T) {
	for key, drop := range without {
		p, areas := rosa(), fixtureAreas()
		drop(&p, areas)
		for _, o := range Rank(p, areas) {
			if !o.Partial || !slices.Contains(o.MissingData, key) {
				t.Errorf("%s: %+v", key, o)
			}
			if want := scaled(o); math.Abs(o.Total-want) > .15 {
				t.Errorf("%s, %s: total %.1f, the components at hand make %.1f", key, o.Area, o.Total, want)
			}
		}
	}
}

func TestAnyMixOfMissingDataKeepsEveryAreaInBounds(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		p, areas := thomas(), fixtureAreas()
		for _, key := range []string{"interest_scores", "education", "efl", "needed_wage", "preference", "area_wage", "area_demand", "area_anchors"} {
			if r.IntN(2) == 0 {
				without[key](&p, areas)
			}
		}
		options := Rank(p, areas)
		r.Shuffle(len(areas), func(i, j int) { areas[i], areas[j] = areas[j], areas[i] })
		for i, o := range Rank(p, areas) {
			if o.Area != options[i].Area || o.Total != options[i].Total || o.Total < 0 || o.Total > 100 {
				t.Fatalf("seed %d: %+v against %+v", seed, o, options[i])
			}
			if o.Partial != (len(o.MissingData) > 0) || len(o.Helps) > 2 || len(o.Gaps) > 2 {
				t.Fatalf("seed %d: %+v", seed, o)
			}
		}
		if len(options) != len(areas) {
			t.Fatal("an area was lost")
		}
	}
}

func TestNobodyKnownStillGetsEveryArea(t *testing.T) {
	options := Rank(Person{}, []Area{{Code: "b", Name: "B"}, {Code: "a", Name: "A"}})
	if len(options) != 2 || options[0].Area != "a" || options[0].Total != 0 || !options[0].Partial {
		t.Errorf("%+v", options)
	}
	if got := Rank(Person{}, nil); got == nil || len(got) != 0 {
		t.Error("no areas must be an empty list")
	}
}

func TestZonesFollowEducation(t *testing.T) {
	for education, want := range map[int]int{-1: 0, 0: 1, 1: 2, 2: 2, 3: 2, 4: 3, 5: 3, 6: 3, 7: 4, 8: 5, 9: 0} {
		if got := PersonZone(education); got != want {
			t.Errorf("%d: %d", education, got)
		}
	}
}

func TestAnAreaOutOfReachComparesWithItsLowestZone(t *testing.T) {
	a := []Occupation{{"x", 4, RIASEC{}}, {"y", 5, RIASEC{}}, {"z", 4, RIASEC{}}}
	if got := Reachable(a, 1); len(got) != 2 || got[1].SOC != "z" {
		t.Error(got)
	}
}

func TestDemandAndPreferenceFollowTheFormula(t *testing.T) {
	if DemandIndex(70, true, false) != 65 || DemandIndex(100, true, true) != 100 || DemandIndex(-4, false, false) != 0 {
		t.Error("demand")
	}
	if PreferenceIndex(true, true, false) != 100 || PreferenceIndex(true, false, true) != 100 || PreferenceIndex(false, true, false) != 60 || PreferenceIndex(false, false, false) != 0 {
		t.Error("preference")
	}
}

func scaled(o Option) float64 {
	sum, weights := 0.0, 0.0
	for i, v := range []*float64{o.Interest, o.Readiness, o.Wage, o.Demand, o.Preference} {
		if w := []float64{.35, .2, .2, .15, .1}[i]; v != nil {
			sum, weights = sum+w**v, weights+w
		}
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}

func find(options []Option, area string) Option {
	return options[slices.IndexFunc(options, func(o Option) bool { return o.Area == area })]
}

func forEach(areas []Area, edit func(*Area)) {
	for i := range areas {
		edit(&areas[i])
	}
}

func BenchmarkRank(b *testing.B) {
	for _, n := range []int{31, 200} {
		areas := make([]Area, n)
		for i := range areas {
			areas[i] = fixtureAreas()[i%10]
			areas[i].Code = fmt.Sprint(i)
		}
		b.Run(fmt.Sprintf("%d areas", n), func(b *testing.B) {
			for b.Loop() {
				Rank(rosa(), areas)
			}
		})
	}
}
