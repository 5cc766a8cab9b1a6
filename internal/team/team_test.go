package team_test

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/pg"
	"waymark/internal/team"
	"waymark/internal/world"
)

func TestTheFindingNamesWhoHasMostToDoAndTheSlowestStep(t *testing.T) {
	t.Parallel()
	o := team.Overview{
		Limit:    90,
		Managers: []team.Load{{FirstName: "Walt", All: 112, Overdue: 20, Stalled: 11}, {FirstName: "Dana", All: 84, Overdue: 31}, {FirstName: "Ana", All: 120}},
		Steps:    []team.Dwell{{Step: 1, Days: 9, Target: 10}, {Step: 4, Days: 9, Target: 7}, {Step: 5, Days: 19, Target: 14}, {Step: 6, Days: 200}},
	}
	if m, ok := o.Busiest(); !ok || m.FirstName != "Walt" || m.Acts() != 31 {
		t.Errorf("the busiest is %+v: of two with as many, the one with more people", m)
	}
	if d, ok := o.Slowest(); !ok || d.Step != 5 {
		t.Errorf("the slowest is %+v", d)
	}
	if o.Most() != 120 || o.Longest() != 19 {
		t.Errorf("bars reach to %d people and %d days", o.Most(), o.Longest())
	}
	if _, ok := (team.Overview{Managers: []team.Load{{All: 5, OnTrack: 5}}}).Busiest(); ok {
		t.Error("nobody is late, so nobody is named")
	}
}

func TestAShareOfFewIsNotShown(t *testing.T) {
	t.Parallel()
	if _, ok := (team.Week{Due: 9, OnTime: 3}).Percent(); ok {
		t.Error("nine talks show a share")
	}
	if p, ok := (team.Week{Due: 14, OnTime: 11}).Percent(); !ok || p != 79 {
		t.Errorf("%d percent", p)
	}
}

// The page of one office may not read the whole agency: neither its own statement nor the trend's scans a
// table of cases.
func TestTheTeamPageScansNoCaseTable(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	_, lead := w.Crowd(t, 20_000)
	scope, err := w.Policy.Scope(lead, access.ReadTeam)
	if err != nil {
		t.Fatal(err)
	}
	args := casefile.RulesOf(agency.Settings{StalledDays: 30, UnplannedDays: 3}, lead.Role).Args(w.Today())
	args["from"], args["until"], args["week"], args["most"] = w.Today().AddDays(-90), w.Today(), w.Today().AddDays(-14), 100
	if err := w.DB.Read(t.Context(), lead, func(tx *pg.Tx) error {
		for name, q := range map[string]string{"overview": team.Query(scope), "trend": team.TrendQuery(scope), "week": team.WeekQuery(scope)} {
			if err := world.NoScan(t, tx, "cases|participants|check_ins|appointments", name, q, args.In(scope, tx)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	n := 0
	o, err := team.New(w.DB, w.Policy).Overview(pg.Counting(t.Context(), &n), lead)
	if err != nil || len(o.Managers) != 10 || o.Team.All != 800 || n != 2 {
		t.Errorf("%d case managers, %d people, %d statements, %v", len(o.Managers), o.Team.All, n, err)
	}
}
