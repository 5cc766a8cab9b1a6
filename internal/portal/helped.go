package portal

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Helped is what somebody sees whom a participant lets look on: what is next, when and where, the milestones,
// and whom to call. Nothing that the participant said, no pay, no goal, no paper.
type Helped struct {
	CaseID    access.CaseID
	FirstName string
	Manager   Helper
	Next      *Appointment
	Missed    bool
	Steps     []Step
	Done      int
	// Until is the last day on which they may look on.
	Until civil.Date
}

// Helped reads it in the helper's own row-level context. It ends with the last day they were given.
func (s *Service) Helped(ctx context.Context, by access.Actor) (h Helped, err error) {
	h = Helped{Steps: []Step{}}
	scope, err := s.policy.Scope(by, access.ReadHelped)
	if err != nil {
		return h, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		if h.Until, err = lookingUntil(tx, by, today); err != nil {
			return err
		}
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		h.CaseID, h.FirstName = c.ID, c.First()
		if h.Manager, err = helperOf(tx, c.ID); err != nil {
			return err
		}
		if h.Next, err = nextOf(tx, c.ID, today); err != nil {
			return err
		}
		h.Missed = h.Next != nil && h.Next.On.Before(today)
		return h.read(tx, c, today)
	})
	return h, err
}

// lookingUntil is the last day of whoever still looks on.
func lookingUntil(tx *pg.Tx, by access.Actor, today civil.Date) (civil.Date, error) {
	until, found, err := pg.Find[civil.Date](tx, `select until_on from companions where user_id = :me and kind = 'helper' and ended_at is null and until_on >= :today`,
		pg.Args{"me": by.ID, "today": today})
	if err == nil && !found {
		err = errs.New(errs.NotFound, "not_found")
	}
	return until, err
}

// read adds the milestones of the plan in force; without the goals nothing says what they pay.
func (h *Helped) read(tx *pg.Tx, c casefile.Case, today civil.Date) error {
	plan, found, err := planOf(tx, c.ID)
	if err != nil || !found {
		return err
	}
	milestones, err := milestonesOf(tx, plan)
	if err != nil {
		return err
	}
	h.Steps = stepsOf(milestones, nil, today)
	h.Done = doneOf(h.Steps)
	return nil
}
