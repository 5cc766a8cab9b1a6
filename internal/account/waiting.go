package account

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// Waiting counts the plans that wait for the actor's approval.
func Waiting(ctx context.Context, db *pg.DB, policy *access.Policy, by access.Actor) (n int, err error) {
	scope, err := policy.Scope(by, access.ApprovePlan)
	if err != nil {
		return 0, nil // no queue: nothing waits
	}
	err = db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		n, err = pg.Get[int](tx, `select count(*) from cases c where c.plan_state = 'submitted' and `+scope.Where(), pg.Args{}.In(scope, tx))
		return err
	})
	return n, err
}
