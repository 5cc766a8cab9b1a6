package today

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
)

func day(s string) civil.Date { return civil.MustParse(s) }

func TestAPersonStandsOnceInAGroup(t *testing.T) {
	t.Parallel()
	monday := day("2026-11-23")
	for name, tt := range map[string]struct {
		next, milestone       civil.Date
		tolerance             int
		overdue, today, week  int
		firstKind, firstGroup string
		more                  int
	}{
		"both late":              {day("2026-11-18"), day("2026-11-16"), 0, 1, 0, 0, Milestone, "overdue", 1},
		"talk late":              {day("2026-11-16"), day("2026-12-18"), 0, 1, 0, 0, CheckIn, "overdue", 0},
		"milestone late, talk":   {day("2026-11-23"), day("2026-11-19"), 0, 0, 1, 0, CheckIn, "today", 1},
		"talk late, milestone":   {day("2026-11-20"), day("2026-11-23"), 0, 1, 0, 0, CheckIn, "overdue", 1},
		"milestone late, later":  {day("2026-11-25"), day("2026-11-19"), 0, 1, 0, 1, Milestone, "overdue", 0},
		"within its tolerance":   {day("2026-11-25"), day("2026-11-19"), 5, 0, 1, 1, Milestone, "today", 0},
		"after its tolerance":    {day("2026-11-25"), day("2026-11-19"), 3, 1, 0, 1, Milestone, "overdue", 0},
		"both this week":         {day("2026-11-24"), day("2026-11-25"), 0, 0, 0, 1, CheckIn, "week", 1},
		"the seventh day counts": {day("2026-11-29"), civil.Date{}, 0, 0, 0, 1, CheckIn, "week", 0},
		"the eighth does not":    {day("2026-11-30"), civil.Date{}, 0, 0, 0, 0, "", "", 0},
	} {
		l := List{Day: monday, Until: monday.AddDays(Days)}
		l.sorted([]row{{Name: "Rosa", NextOn: tt.next, NextKind: CheckIn, MilestoneDueOn: tt.milestone, MilestoneLate: tt.milestone.AddDays(tt.tolerance + 1)}})
		if len(l.Overdue) != tt.overdue || len(l.Today) != tt.today || len(l.Week) != tt.week {
			t.Errorf("%s: %d late, %d today, %d this week", name, len(l.Overdue), len(l.Today), len(l.Week))
			continue
		}
		first := map[string][]Item{"overdue": l.Overdue, "today": l.Today, "week": l.Week}[tt.firstGroup]
		if tt.firstKind != "" && (first[0].Kind != tt.firstKind || first[0].More != tt.more) {
			t.Errorf("%s: %+v", name, first[0])
		}
	}
}

func TestOldestFirstAndTodayByTime(t *testing.T) {
	t.Parallel()
	monday := day("2026-11-23")
	l := List{Day: monday, Until: monday.AddDays(Days)}
	l.sorted([]row{
		{Name: "Kofi", NextOn: monday, NextAt: civil.At(11, 0), NextKind: "plan"},
		{Name: "Samira", NextOn: day("2026-11-18"), NextKind: CheckIn},
		{Name: "Mai", NextOn: monday, NextAt: civil.At(9, 30), NextKind: "intake", NextPlace: "office"},
		{Name: "Zoe", NextOn: monday, NextKind: CheckIn},
		{Name: "Tyler", NextOn: day("2026-11-16"), NextKind: CheckIn},
	})
	got := []string{}
	for _, i := range append(l.Overdue, l.Today...) {
		got = append(got, i.Name)
	}
	for i, want := range []string{"Tyler", "Samira", "Mai", "Kofi", "Zoe"} {
		if got[i] != want {
			t.Fatalf("%v", got)
		}
	}
	if l.Overdue[0].DaysLate != 7 || l.ComingIn() != 1 {
		t.Errorf("%d days late, %d coming in", l.Overdue[0].DaysLate, l.ComingIn())
	}
}

func TestSaveAndOpenNextGoesDownTheList(t *testing.T) {
	t.Parallel()
	a, b, c, d := id.New[access.Case](), id.New[access.Case](), id.New[access.Case](), id.New[access.Case]()
	l := List{Overdue: []Item{{CaseID: a, Kind: CheckIn}, {CaseID: b, Kind: "intake"}, {CaseID: c, Kind: Milestone}}, Today: []Item{{CaseID: d, Kind: CheckIn}}}
	for _, tt := range []struct{ of, want access.CaseID }{{a, c}, {c, d}, {d, a}, {id.New[access.Case](), a}} {
		if next, _ := l.After(tt.of); next.CaseID != tt.want {
			t.Errorf("after %s comes %s, want %s", tt.of, next.CaseID, tt.want)
		}
	}
	if _, ok := (List{Overdue: []Item{{CaseID: a, Kind: CheckIn}}}).After(a); ok {
		t.Error("nobody is left")
	}
}
