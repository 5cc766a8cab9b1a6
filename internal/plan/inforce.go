package plan

import (
	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// MoveInForce moves a milestone of the plan in force to another date, with a reason, and what
// depends on it by as many days. Refused: key unknown, due_on, reason; further than 30 days is Conflict.
func MoveInForce(tx *pg.Tx, by access.Actor, caseID access.CaseID, key string, due civil.Date, reason string) ([]MovedDate, error) {
	p, found, err := Current(tx, caseID)
	if err != nil {
		return nil, err
	}
	was, ok := p.Milestone(key)
	if !found || p.State != InForce || !ok {
		return nil, errs.AtArgs("key", "unknown_milestone", map[string]any{"key": key})
	}
	in := was.Input()
	in.DueOn, in.Reason = due, reason
	return adjustDate(tx, by, p, was, in)
}
