package engagement

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Pause holds the case until a day: nothing is late while it lasts, and once that day has passed it is flagged.
func (s *Service) Pause(ctx context.Context, by access.Actor, caseID access.CaseID, in PauseInput) (Departure, error) {
	return s.depart(ctx, by, caseID, in, func(tx *pg.Tx, c *casefile.Case) (Departure, error) {
		d := Departure{Kind: "pause", Reason: in.Reason, Exclusion: "00", OnDate: in.OnDate, UntilOn: in.UntilOn, StoppedAtStep: &c.Step, ResumeStep: stepOr(in.ResumeStep, c.Step), Note: in.Note}
		if !c.PausedOn.IsZero() {
			return d, errs.New(errs.Conflict, "departure.paused")
		}
		return d, d.checkPause(by.Today(tx.Now))
	}, func(tx *pg.Tx, c *casefile.Case, d Departure) error {
		c.State, c.PausedOn = casefile.Hold, d.OnDate
		return pg.ExecOne(tx, `update cases set state = 'hold', paused_on = :on, paused_until = :until, resume_step = :resume where id = :case_id`,
			pg.Args{"case_id": c.ID, "on": d.OnDate, "until": d.UntilOn, "resume": d.ResumeStep})
	})
}

// Exit records why and where the person stopped. The case is held until the sweep fixes the exit after day 90.
func (s *Service) Exit(ctx context.Context, by access.Actor, caseID access.CaseID, in ExitInput) (Departure, error) {
	return s.depart(ctx, by, caseID, in, func(tx *pg.Tx, c *casefile.Case) (Departure, error) {
		d := Departure{
			Kind: "exit", Reason: in.Reason, Exclusion: in.Exclusion, Evidence: in.Evidence, OnDate: in.OnDate, StoppedAtStep: stepOr(in.StoppedAtStep, c.Step),
			ResumeStep: stepOr(in.ResumeStep, c.Step), InstructionsGivenOn: in.InstructionsGivenOn, Note: in.Note,
		}
		if d.Exclusion == "" {
			d.Exclusion = "00"
		}
		if !c.LeftOn.IsZero() {
			return d, errs.New(errs.Conflict, "departure.left")
		}
		if d.Exclusion == "05" && !slices.Contains(c.Programs, "youth") {
			return d, errs.At("exclusion", "youth_only")
		}
		return d, d.check(by.Today(tx.Now))
	}, func(tx *pg.Tx, c *casefile.Case, d Departure) error {
		c.State, c.PausedOn, c.LeftOn = casefile.Hold, d.OnDate, d.OnDate
		if err := pg.Insert(tx, `update appointments set state = 'cancelled', version = version + 1, updated_at = :now where case_id = :case_id and state = 'planned'`,
			pg.Args{"case_id": c.ID, "now": tx.Now}); err != nil {
			return err
		}
		return pg.ExecOne(tx, `update cases set state = 'hold', paused_on = :on, paused_until = null, left_on = :on, left_reason = :reason, resume_step = :resume where id = :case_id`,
			pg.Args{"case_id": c.ID, "on": d.OnDate, "reason": d.Reason, "resume": d.ResumeStep})
	})
}

// Return ends a pause, or takes somebody back who left no more than 90 days after the last service.
func (s *Service) Return(ctx context.Context, by access.Actor, caseID access.CaseID, in ReturnInput) (Departure, error) {
	return s.depart(ctx, by, caseID, in, func(tx *pg.Tx, c *casefile.Case) (Departure, error) {
		resume := c.Step
		if c.ResumeStep != nil {
			resume = *c.ResumeStep
		}
		d := Departure{Kind: "return", Exclusion: "00", OnDate: in.OnDate, ResumeStep: stepOr(in.ResumeStep, resume), Note: in.Note}
		if c.PausedOn.IsZero() {
			return d, errs.New(errs.Conflict, "departure.not_away")
		}
		clock, err := participation.Refresh(tx, c.ID, by.Today(tx.Now))
		if err != nil {
			return d, err
		}
		if tooLate(*c, clock, d.on(by.Today(tx.Now))) {
			return d, errs.New(errs.Conflict, "departure.too_late").Showing(map[string]any{"day_90": clock.Day90})
		}
		if d.on(by.Today(tx.Now)).Before(c.PausedOn) {
			return d, errs.At("on_date", "before_start")
		}
		return d, d.check(by.Today(tx.Now))
	}, func(tx *pg.Tx, c *casefile.Case, _ Departure) error {
		c.State, c.PausedOn, c.LeftOn = casefile.Applicant, civil.Date{}, civil.Date{}
		return pg.ExecOne(tx, `update cases set paused_on = null, paused_until = null, left_on = null, left_reason = '', resume_step = null where id = :case_id`, pg.Args{"case_id": c.ID})
	})
}

func stepOr(step, other int) *int {
	if step == 0 {
		step = other
	}
	return &step
}

func (d Departure) on(today civil.Date) civil.Date {
	if d.OnDate.IsZero() {
		return today
	}
	return d.OnDate
}

// checkPause is check, and the day of coming back lies ahead and within reach.
func (d Departure) checkPause(today civil.Date) error {
	var c errs.Collector
	if err := c.Merge(d.check(today)); err != nil {
		return err
	}
	switch {
	case !d.UntilOn.After(d.on(today)):
		c.Add("until_on", "before_start")
	case d.UntilOn.After(today.AddDays(mostPause)):
		c.AddArgs("until_on", "too_far", map[string]any{"param": mostPause})
	}
	return c.Err()
}

func (d Departure) check(today civil.Date) error {
	var c errs.Collector
	if d.OnDate.After(today) {
		c.Add("on_date", "in_future")
	}
	if d.Exclusion != "00" && d.Evidence == "" {
		c.Add("evidence", "needed_for_exclusion")
	}
	if d.InstructionsGivenOn.After(today) {
		c.Add("instructions_given_on", "in_future")
	}
	return c.Err()
}

// depart writes the departure that make thinks of, and then what it does to the case.
func (s *Service) depart(ctx context.Context, by access.Actor, caseID access.CaseID, in any,
	think func(*pg.Tx, *casefile.Case) (Departure, error), do func(*pg.Tx, *casefile.Case, Departure) error,
) (d Departure, err error) {
	err = s.change(ctx, by, access.RecordDeparture, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if err := opened(c); err != nil {
			return audit.Entry{}, err
		}
		if d, err = think(tx, c); err != nil {
			return audit.Entry{}, err
		}
		d.ID, d.OnDate, d.RecordedBy, d.CreatedAt = id.New[Departure](), d.on(by.Today(tx.Now)), by.Name(), tx.Now
		if err := insertDeparture(tx, by, c.ID, d); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "departure." + d.Kind, Subject: d.ID.String(), Detail: map[string]any{"reason": d.Reason, "on": d.OnDate, "exclusion": d.Exclusion}}, do(tx, c, d)
	})
	return d, err
}

func insertDeparture(tx *pg.Tx, by access.Actor, caseID access.CaseID, d Departure) error {
	return pg.Insert(tx, `
		insert into departures (agency_id, id, case_id, kind, reason, exclusion, evidence, stopped_at_step, resume_step, instructions_given_on, note, on_date, until_on, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :kind, :reason, :exclusion, :evidence, :stopped, :resume, :instructions, :note, :on, :until, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": d.ID, "case_id": caseID, "kind": d.Kind, "reason": d.Reason, "exclusion": d.Exclusion, "evidence": d.Evidence,
			"stopped": d.StoppedAtStep, "resume": d.ResumeStep, "instructions": d.InstructionsGivenOn, "note": d.Note, "on": d.OnDate, "until": d.UntilOn, "by": by.ID, "now": tx.Now,
		})
}
