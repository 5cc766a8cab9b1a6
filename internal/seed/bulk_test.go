package seed_test

import (
	"slices"
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/pg"
	"waymark/internal/seed"
	"waymark/internal/world"
)

func TestBulkPeopleAreWholeAndBelongToTheirCaseManagers(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := seed.Seeder{Owner: w.Owner, DB: w.DB, Policy: w.Policy, Key: w.Key, Say: func(string) {}}
	if err := seed.Many(t.Context(), s, 400, 1); err != nil {
		t.Fatal(err)
	}
	type counts struct {
		People   int `db:"people"`
		Open     int `db:"open"`
		CheckIns int `db:"check_ins"`
		Lost     int `db:"lost"`
	}
	var c counts
	err := w.Owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		c, err = pg.Get[counts](tx, `select
			(select count(*) from participants p join agencies a on a.id = p.agency_id where a.slug = 'madeup-3') as people,
			(select count(*) from cases where exit_on is null) as open,
			(select count(*) from check_ins) as check_ins,
			(select count(*) from cases c where not exists (select from assignments x where x.case_id = c.id and x.user_id = c.case_manager_id)) as lost`, pg.Args{})
		return err
	})
	if err != nil || c != (counts{401, 161, 2000, 0}) {
		t.Errorf("%+v %v", c, err)
	}
	standing(t, w)
}

// standing holds the step that each open case has stored against the one that its own facts give.
func standing(t *testing.T, w *world.World) {
	t.Helper()
	seen := map[int]int{}
	err := w.Owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		type open struct {
			ID   access.CaseID `db:"id"`
			Step int           `db:"step"`
		}
		list, err := pg.List[open](tx, `select id, step from cases where exit_on is null order by id limit 1000`, nil)
		if err != nil {
			return err
		}
		for _, c := range list {
			steps, err := casefile.Steps(tx, c.ID)
			if err != nil {
				return err
			}
			here := slices.IndexFunc(steps, func(s casefile.Step) bool { return s.State == "here" }) + 1
			if here != c.Step {
				t.Errorf("a case at step %d stands at %d by its facts", c.Step, here)
			}
			seen[c.Step]++
		}
		return nil
	})
	if err != nil || len(seen) != 6 {
		t.Errorf("people at steps %v, %v; want all six", seen, err)
	}
}
