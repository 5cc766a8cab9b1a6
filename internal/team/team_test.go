package team_test

import (
	"regexp"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/pg"
	"waymark/internal/seed"
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
	if err := seed.Many(t.Context(), seed.Seeder{Owner: w.Owner, DB: w.DB, Policy: w.Policy, Key: w.Key, Say: func(string) {}}, 20_000, 1); err != nil {
		t.Fatal(err)
	}
	type person struct {
		Agency access.AgencyID `db:"agency_id"`
		ID     access.UserID   `db:"id"`
		Office access.OfficeID `db:"office_id"`
	}
	var lead access.Actor
	if err := w.Owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		u, err := pg.Get[person](tx, `select agency_id, id, office_id from users where email like 'lead2@%'`, nil)
		lead = access.Actor{Agency: u.Agency, ID: u.ID, Office: u.Office, Role: access.Supervisor, Zone: w.Dana.Zone}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	scope, err := w.Policy.Scope(lead, access.ReadTeam)
	if err != nil {
		t.Fatal(err)
	}
	args := casefile.RulesOf(agency.Settings{StalledDays: 30, UnplannedDays: 3}, lead.Role).Args(w.Today())
	args["from"], args["until"] = w.Today().AddDays(-90), w.Today()
	scan := regexp.MustCompile(`Seq Scan on (cases|participants|check_ins|appointments)`)
	if err := w.DB.Read(t.Context(), lead, func(tx *pg.Tx) error {
		for name, q := range map[string]string{"overview": team.Query(scope), "trend": team.TrendQuery(scope)} {
			plan, err := pg.List[string](tx, `explain `+q, args.In(scope, tx))
			if err != nil {
				return err
			}
			if text := strings.Join(plan, "\n"); scan.MatchString(text) {
				t.Errorf("%s:\n%s", name, text)
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
