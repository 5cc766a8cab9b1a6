package casefile

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// rolled is how many cases one sweep looks at; the rest wait for the next.
const rolled = 500

// Roll looks for the next support of the cases whose last one has ended by a day: the one fact of a case
// that time changes by itself. It is repeated and resumed without harm.
func Roll(ctx context.Context, db *pg.DB, by access.Actor, today civil.Date) error {
	var ids []access.CaseID
	err := db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		ids, err = pg.List[access.CaseID](tx, `select c.id from cases c where `+OpenStates+` and c.support_ends_on < :today order by c.support_ends_on, c.id limit :most`,
			pg.Args{"today": today, "most": rolled})
		return err
	})
	for _, of := range ids {
		if err != nil {
			return err
		}
		err = db.Write(ctx, by, func(tx *pg.Tx) error {
			c, err := LockForSweep(tx, of)
			if err != nil || !c.Open() {
				return err
			}
			return Refresh(tx, c, today)
		})
	}
	return err
}
