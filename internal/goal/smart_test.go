package goal

import (
	"testing"

	"waymark/internal/civil"
)

var day = civil.MustParse

var start = day("2025-08-04")

func rosas() []Target {
	goal := func(h Horizon, kind, code, measure string, value float64, on string) Target {
		return Target{Horizon: h, Kind: kind, Code: code, Measure: measure, Value: &value, On: day(on), Reachable: true, InPathway: true}
	}
	return []Target{
		goal(Immediate, "occupation", "51-9061", "hourly_wage", 19, "2026-01-09"),
		goal(Mid, "credential", "cmm", "certificates", 1, "2027-06-30"),
		goal(Long, "occupation", "11-3051.01", "hourly_wage", 33, "2030-06-30"),
	}
}

func TestRosasGoalsAreSmartAndMakeALadder(t *testing.T) {
	for _, g := range rosas() {
		if letters := Smart(g, start); !Complete(letters) || len(letters) != 5 {
			t.Errorf("%s: %+v", g.Horizon, letters)
		}
	}
	if err := CheckSet(rosas()); err != nil {
		t.Error(err)
	}
}

func TestHorizonsEndOnTheSameDayOfTheMonth(t *testing.T) {
	for on, want := range map[string]Horizon{
		"2025-08-04": "", "2025-08-05": Immediate, "2026-02-04": Immediate, "2026-02-05": Mid, "2027-08-04": Mid, "2027-08-05": Long,
	} {
		if got := HorizonOf(start, day(on)); got != want {
			t.Errorf("%s: %q", on, got)
		}
	}
	if HorizonOf(day("2025-08-31"), day("2026-02-28")) != Immediate || HorizonOf(day("2025-08-31"), day("2026-03-01")) != Mid {
		t.Error("six months from 31 August end on 28 February")
	}
}

func TestEachLetterSaysWhatIsMissing(t *testing.T) {
	for name, tt := range map[string]struct {
		edit  func(*Target)
		place int
		want  string
	}{
		"no target code":         {func(g *Target) { g.Code = "" }, 0, "specific_target_missing"},
		"a kind that is none":    {func(g *Target) { g.Kind = "dream" }, 0, "specific_target_missing"},
		"no measure":             {func(g *Target) { g.Measure = "" }, 1, "measure_missing"},
		"no value":               {func(g *Target) { g.Value = nil }, 1, "value_missing"},
		"no way there":           {func(g *Target) { g.Reachable = false }, 2, "not_reachable_by_milestones"},
		"another pathway":        {func(g *Target) { g.InPathway = false }, 3, "outside_pathway"},
		"no date":                {func(g *Target) { g.On = civil.Date{} }, 4, "date_missing"},
		"the day of the start":   {func(g *Target) { g.On = start }, 4, "date_before_start"},
		"a date for another one": {func(g *Target) { g.On = day("2026-02-05") }, 4, "outside_horizon"},
	} {
		g := rosas()[0]
		tt.edit(&g)
		for i, l := range Smart(g, start) {
			if bad := i == tt.place; l.OK == bad || bad && l.Code != tt.want || l.Letter != "SMART"[i:i+1] {
				t.Errorf("%s: %+v", name, l)
			}
		}
	}
	g := rosas()[0]
	g.InPathway, g.IncomeBridge = false, true
	if !Complete(Smart(g, start)) {
		t.Error("work that pays for the way is relevant")
	}
}

func TestALadderNeedsEveryHorizonInOrder(t *testing.T) {
	set := rosas()
	set[1].On = day("2026-01-09")
	if err := CheckSet(set); err == nil || err.Error() != "invalid form.invalid goals.mid=not_after_immediate" {
		t.Error(err)
	}
	if err := CheckSet(rosas()[:1]); err == nil || err.Error() != "invalid form.invalid goals.mid=horizon_empty goals.long=horizon_empty" {
		t.Error(err)
	}
	if err := CheckSet(nil); err == nil {
		t.Error("no goals at all")
	}
}
