package intake

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/equity"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// AnswerEquity stores the equal-opportunity block. The trail says that it was asked, never what
// was answered.
func (s *Service) AnswerEquity(ctx context.Context, by access.Actor, caseID access.CaseID, in equity.Input) (civil.Date, error) {
	if err := check.Struct(in); err != nil {
		return civil.Date{}, err
	}
	if len(in.Race) > 1 && slices.Contains(in.Race, equity.NotDisclosed) {
		return civil.Date{}, errs.At("race", "alone")
	}
	err := s.write(ctx, by, access.RecordEquity, caseID, func(tx *pg.Tx, c casefile.Case) error {
		switch today := by.Today(tx.Now); {
		case in.AskedOn.IsZero():
			in.AskedOn = today
		case in.AskedOn.After(today):
			return errs.At("asked_on", "in_future")
		}
		if err := equity.Insert(tx, by, c.ID, c.ParticipantID, in); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "equity.asked", Case: c.ID})
	})
	return in.AskedOn, err
}

// EquityAsked says when the block was answered; zero when it was not asked yet.
func (s *Service) EquityAsked(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, on civil.Date, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, found casefile.Case) error {
		c = found
		on, err = equity.AskedOn(tx, caseID)
		return err
	})
	return c, on, err
}
