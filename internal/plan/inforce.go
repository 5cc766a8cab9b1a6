package plan

import (
	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// MoveInForce moves a milestone of the plan in force to another date, with a reason, and what
// depends on it by as many days. Refused: key unknown, due_on, reason; further than 30 days is Conflict.
func MoveInForce(tx *pg.Tx, by access.Actor, caseID access.CaseID, move MoveInput) ([]MovedDate, error) {
	p, found, err := Current(tx, caseID)
	if err != nil {
		return nil, err
	}
	was, ok := p.Milestone(move.Key)
	if !found || p.State != InForce || !ok {
		return nil, errs.AtArgs("key", "unknown_milestone", map[string]any{"key": move.Key})
	}
	in := was.Input()
	in.DueOn, in.Reason = move.DueOn, move.Reason
	return adjustDate(tx, by, p, was, in, move.CheckIn)
}
