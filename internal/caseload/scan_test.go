package caseload_test

import (
	"regexp"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/pg"
	"waymark/internal/seed"
	"waymark/internal/world"
)

// At twenty thousand people the caseload of one case manager, and of one supervisor, read no
// table of cases from end to end.
func TestTheCaseloadScansNoCaseTable(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	if err := seed.Many(t.Context(), seed.Seeder{Owner: w.Owner, DB: w.DB, Policy: w.Policy, Say: func(string) {}}, 20_000, 1); err != nil {
		t.Fatal(err)
	}
	type person struct {
		Agency access.AgencyID `db:"agency_id"`
		ID     access.UserID   `db:"id"`
		Office access.OfficeID `db:"office_id"`
		Role   access.Role     `db:"role"`
	}
	var people []person
	if err := w.Owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		people, err = pg.List[person](tx, `select agency_id, id, office_id, role from users u where email like 'lead2@%' or id = (select case_manager_id from cases c
			where c.office_id = (select office_id from users where email like 'lead2@%') and c.exit_on is null order by id limit 1)`, nil)
		return err
	}); err != nil || len(people) != 2 {
		t.Fatal(len(people), err)
	}
	scan := regexp.MustCompile(`Seq Scan on (cases|check_ins|appointments|plan_versions|milestones)`)
	for _, p := range people {
		by := access.Actor{Agency: p.Agency, ID: p.ID, Office: p.Office, Role: p.Role, Zone: w.Dana.Zone}
		scope, err := w.Policy.Scope(by, access.ReadCaseload)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Read(t.Context(), by, func(tx *pg.Tx) error {
			rules, err := casefile.RulesFor(tx, by)
			if err != nil {
				return err
			}
			for _, view := range caseload.Views {
				queries, args, err := caseload.Queries(tx, scope, caseload.Filter{View: view}, w.Today(), rules)
				if err != nil {
					return err
				}
				for name, q := range queries {
					plan, err := pg.List[string](tx, `explain `+q, args)
					if err != nil {
						return err
					}
					if text := strings.Join(plan, "\n"); scan.MatchString(text) {
						t.Errorf("%s, %s:\n%s", p.Role, view+" "+name, text)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}
