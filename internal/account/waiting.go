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
		n, err = pg.Get[int](tx, `
			select count(*) from plan_versions v join cases c on c.agency_id = v.agency_id and c.id = v.case_id
			where v.state = 'submitted' and v.approval_needed and c.state not in ('ineligible', 'exited', 'follow_up', 'closed') and `+scope.Where()+`
				and not exists (select from plan_decisions d where d.agency_id = v.agency_id and d.plan_id = v.id and d.sha256 = v.sha256 and d.decision = 'approved')`,
			pg.Args{}.In(scope, tx))
		return err
	})
	return n, err
}
