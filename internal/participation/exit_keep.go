package participation

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// KeepInput says why a disputed exit stays where it is.
type KeepInput struct {
	Reason string `json:"reason" validate:"required,max=1000"`
}

// Keep leaves a disputed exit where the sweep fixed it: the late entry stays on record and the newer
// period goes on. A supervisor decides so, and says why.
func (s *Service) Keep(ctx context.Context, by access.Actor, caseID access.CaseID, in KeepInput) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	scope, err := s.policy.Scope(by, access.KeepExit)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		last, found, err := pg.Find[Exit](tx, `select e.id, e.case_id, e.kind, e.exit_on, e.day_90, e.as_of, e.service_id, e.newer_case_id, e.reason, e.recorded_at
			from exits e where e.case_id = :case_id order by e.recorded_at desc, e.id desc limit 1`, pg.Args{"case_id": caseID})
		if err != nil {
			return err
		}
		if !found || last.Kind != "disputed" {
			return errs.New(errs.Conflict, "exit.not_disputed")
		}
		return insertExit(tx, by, Exit{CaseID: c.ID, Kind: "kept", ExitOn: c.ExitOn, Day90: c.ExitOn.AddDays(ClockDays), AsOf: by.Today(tx.Now), Reason: in.Reason})
	})
}
