package caseload_test

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// At twenty thousand people the caseload of one case manager, and of one supervisor, read no
// table of cases from end to end.
func TestTheCaseloadScansNoCaseTable(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	manager, lead := w.Crowd(t, 20_000)
	for _, by := range []access.Actor{manager, lead} {
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
					if err := world.NoScan(t, tx, "cases|check_ins|appointments|plan_versions|milestones", string(by.Role)+", "+view+" "+name, q, args); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}
