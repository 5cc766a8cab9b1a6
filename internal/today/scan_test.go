package today_test

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/today"
	"waymark/internal/world"
)

// At twenty thousand people the page of the day of one case manager, and of one supervisor, read no
// table of cases from end to end.
func TestThePageOfTheDayScansNoCaseTable(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	manager, lead := w.Crowd(t, 20_000)
	for _, by := range []access.Actor{manager, lead} {
		scope, err := w.Policy.Scope(by, access.ReadCaseload)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Read(t.Context(), by, func(tx *pg.Tx) error {
			args := pg.Args{"until": w.Today().AddDays(today.Days)}.In(scope, tx)
			for name, q := range today.Queries(scope) {
				if err := world.NoScan(t, tx, "cases|participants|check_ins|appointments|plan_versions|milestones", string(by.Role)+", "+name, q, args); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}
