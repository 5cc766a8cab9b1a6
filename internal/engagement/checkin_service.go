package engagement

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// maxCheckIns bounds a list; weekly talks over two years are a hundred.
const maxCheckIns = 500

// CheckIns lists the check-ins of a case, newest first, corrected and undone ones too.
func (s *Service) CheckIns(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []CheckIn, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, found casefile.Case) error {
		scope, err := s.policy.Scope(by, access.ReadRecord)
		if err != nil {
			return err
		}
		c = found
		list, err = checkIns(tx, scope, s.staffNotes(by), caseID, maxCheckIns)
		return err
	})
	return c, list, err
}

// CheckIn reads one that the actor may correct, and whose it is.
func (s *Service) CheckIn(ctx context.Context, by access.Actor, caseID access.CaseID, checkInID CheckInID) (start Start, k CheckIn, err error) {
	err = s.read(ctx, by, access.RecordCheckin, caseID, func(tx *pg.Tx, c casefile.Case) error {
		if start, err = startOf(tx, by, c); err != nil {
			return err
		}
		if k, err = checkIn(tx, by, caseID, checkInID); err != nil {
			return err
		}
		if k.Visibility == "restricted" && k.RecordedByID != by.ID {
			k.Note = ""
		}
		keys, err := progressOf(tx, checkInID)
		k.Progress = keys
		return err
	})
	return start, k, err
}

// Begin reads what the form of a check-in is preset with.
func (s *Service) Begin(ctx context.Context, by access.Actor, caseID access.CaseID) (Start, error) {
	return s.begin(ctx, by, access.RecordCheckin, caseID)
}

func (s *Service) begin(ctx context.Context, by access.Actor, needs access.Permission, caseID access.CaseID) (start Start, err error) {
	err = s.read(ctx, by, needs, caseID, func(tx *pg.Tx, c casefile.Case) error {
		start, err = startOf(tx, by, c)
		return err
	})
	return start, err
}

// startOf presets the form from the last talk and the plan's rhythm.
func startOf(tx *pg.Tx, by access.Actor, c casefile.Case) (s Start, err error) {
	today := by.Today(tx.Now)
	s.Case, s.In = c, CheckInInput{HeldOn: today, Method: "phone", Result: Talked, Visibility: "staff", NextPlace: "phone"}
	if s.Last, s.HasLast, err = newest(tx, by, c.ID); err != nil {
		return s, err
	}
	if s.HasLast {
		s.In.Method = s.Last.Method
		if s.Last.Visibility == "restricted" && s.Last.RecordedByID != by.ID {
			s.Last.Note = ""
		}
	}
	s.In.NextPlace = placeOf(s.In.Method)
	if planned, ok, err := plannedCheckIn(tx, c.ID); err != nil {
		return s, err
	} else if ok {
		s.In.NextAt, s.In.NextPlace = planned.AtTime, planned.Place
	}
	if s.Milestones, err = openMilestones(tx, c.ID); err != nil {
		return s, err
	}
	for _, m := range s.Milestones {
		s.In.Progress = append(s.In.Progress, ProgressInput{Key: m.Key, Status: m.Status})
	}
	if s.Rhythm, err = rhythmOf(tx, c.ID, today); err != nil {
		return s, err
	}
	s.In.NextOn, err = nextDay(tx, c, today, s.Rhythm)
	return s, err
}

// nextDay is the day of the next talk by the rhythm, on which the office is open.
func nextDay(tx *pg.Tx, c casefile.Case, held civil.Date, r Rhythm) (civil.Date, error) {
	days, err := calendarOf(tx, c.OfficeID, held.AddDays(r.Days))
	return days.open(held.AddDays(r.Days)), err
}

// Record writes down a check-in with all that comes with it, in one transaction: the contact, what it
// says about milestones, a moved date, a service, the next appointment. A correction stands for an
// earlier one, and what hung on that one is worked out again.
func (s *Service) Record(ctx context.Context, by access.Actor, caseID access.CaseID, in CheckInInput) (made Recorded, err error) {
	err = s.change(ctx, by, access.RecordCheckin, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if err := opened(c); err != nil {
			return audit.Entry{}, err
		}
		w := writing{tx: tx, by: by, c: c, in: in.filled(by.Today(tx.Now))}
		if made, err = w.record(); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{
			Action: w.action(), Subject: made.ID.String(),
			Detail: map[string]any{"result": made.Result, "method": made.Method, "held_on": made.HeldOn, "visibility": made.Visibility, "milestones": len(made.Progress)},
		}, nil
	})
	return made, err
}

// Withdraw takes back a check-in within ten minutes: a new row says so, the old one stays to be read.
func (s *Service) Withdraw(ctx context.Context, by access.Actor, caseID access.CaseID, checkInID CheckInID) error {
	return s.change(ctx, by, access.RecordCheckin, caseID, struct{}{}, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if err := opened(c); err != nil {
			return audit.Entry{}, err
		}
		w := writing{tx: tx, by: by, c: c}
		return audit.Entry{Action: "checkin.withdrawn", Subject: checkInID.String()}, w.withdraw(checkInID)
	})
}
