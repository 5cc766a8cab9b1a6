package seed_test

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/seed"
	"waymark/internal/world"
)

func TestBulkPeopleAreWholeAndBelongToTheirCaseManagers(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := seed.Seeder{Owner: w.Owner, DB: w.DB, Policy: w.Policy, Say: func(string) {}}
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
	if err != nil || c != (counts{400, 160, 2000, 0}) {
		t.Errorf("%+v %v", c, err)
	}
}
