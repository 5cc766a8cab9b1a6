package engagement

import (
	"errors"
	"strings"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/plan"
)

// writing is one check-in on its way into the database.
type writing struct {
	tx  *pg.Tx
	by  access.Actor
	c   *casefile.Case
	in  CheckInInput
	was CheckIn // the one that it corrects; zero for none
	out Recorded
}

func (w *writing) action() string {
	if !w.in.Supersedes.IsZero() {
		return "checkin.corrected"
	}
	return "checkin.recorded"
}

func (w *writing) record() (Recorded, error) {
	if err := w.in.check(w.by.Today(w.tx.Now)); err != nil {
		return Recorded{}, err
	}
	w.out.ID, w.out.Effect = id.New[CheckIn](), "none"
	for _, step := range []func() error{w.replace, w.next, w.service, w.contact, w.progress, w.adjust} {
		if err := step(); err != nil {
			return Recorded{}, err
		}
	}
	made, err := checkIn(w.tx, w.by, w.c.ID, w.out.ID)
	w.out.CheckIn = made
	if err == nil {
		w.out.Progress, err = progressOf(w.tx, w.out.ID)
	}
	return w.out, err
}

// replace loads what a correction stands for and takes over what it does not say.
func (w *writing) replace() (err error) {
	if w.in.Supersedes.IsZero() {
		return nil
	}
	if w.was, err = w.standing(w.in.Supersedes, "supersedes"); err != nil {
		return err
	}
	if w.in.NextOn.IsZero() {
		w.in.NextOn, w.in.NextAt = w.was.NextOn, w.was.NextAt
	}
	return nil
}

// standing finds a check-in of the case that counts.
func (w *writing) standing(of CheckInID, field string) (CheckIn, error) {
	k, err := checkIn(w.tx, w.by, w.c.ID, of)
	switch {
	case errs.Is(err, errs.NotFound) && field != "":
		return k, errs.At(field, "no_such_check_in")
	case err != nil:
		return k, err
	case !k.Live:
		return k, errs.New(errs.Conflict, "checkin.replaced")
	}
	return k, nil
}

// service records what was given in the talk; a correction takes the earlier record's place or takes it back.
func (w *writing) service() error {
	in := participation.Input{Code: w.in.ServiceCode, GivenOn: w.in.HeldOn}
	switch {
	case w.in.ServiceCode == "" && w.was.ServiceID.IsZero():
		return nil
	case w.in.ServiceCode == "":
		in = participation.Input{Cancels: w.was.ServiceID, Reason: w.in.Reason}
	case !w.was.ServiceID.IsZero():
		in.Supersedes, in.Reason = w.was.ServiceID, w.in.Reason
	}
	made, err := participation.Add(w.tx, w.by, *w.c, in)
	if err != nil {
		return renamed(err, map[string]string{"code": "service_code", "given_on": "held_on"})
	}
	w.c.StartedOn = made.Clock.StartedOn
	w.out.Effect, w.out.Clock = made.Effect, &made.Clock
	if w.in.ServiceCode != "" {
		w.out.ServiceID = made.ID
	}
	return nil
}

func (w *writing) contact() error {
	return insertCheckIn(w.tx, w.by, CheckIn{
		ID: w.out.ID, CaseID: w.c.ID, HeldOn: w.in.HeldOn, Method: w.in.Method, Result: w.in.Result, Note: strings.TrimSpace(w.in.Note),
		Visibility: w.in.Visibility, NextOn: w.in.NextOn, NextAt: w.in.NextAt, ServiceID: w.out.ServiceID, AppointmentID: w.out.AppointmentID,
		Supersedes: w.in.Supersedes, Reason: w.in.Reason,
	})
}

// progress writes what was said about milestones; what a corrected check-in had said is folded out.
func (w *writing) progress() error {
	now, err := openMilestones(w.tx, w.c.ID)
	if err != nil {
		return err
	}
	list := []plan.Progress{}
	for _, p := range w.in.says(now) {
		list = append(list, plan.Progress{
			Key: p.Key, Status: p.Status, DoneOn: p.DoneOn, Percent: p.Percent, Attended: p.Attended, Note: p.Note,
			OnDate: w.in.HeldOn, CheckInID: id.As[plan.CheckIn](w.out.ID),
		})
	}
	if err := plan.SetProgress(w.tx, w.by, w.c.ID, list); err != nil || w.was.ID.IsZero() {
		return err
	}
	return w.foldOut(w.was.ID)
}

// foldOut works out again where the milestones stand that a check-in spoke about.
func (w *writing) foldOut(of CheckInID) error {
	keys, err := keysOf(w.tx, of)
	if err != nil || len(keys) == 0 {
		return err
	}
	return plan.Refold(w.tx, w.c.ID, keys)
}

// adjust moves a milestone of the plan in force to another date.
func (w *writing) adjust() error {
	a, me := w.in.Adjustment, id.As[plan.CheckIn](w.out.ID)
	if !w.was.ID.IsZero() {
		kept := w.was.Adjustment.same(a)
		if err := w.moveBack(kept); err != nil || kept {
			return err
		}
	}
	if a.Key == "" {
		return nil
	}
	_, err := plan.MoveInForce(w.tx, w.by, w.c.ID, plan.MoveInput{Key: a.Key, DueOn: a.DueOn, Reason: a.Reason, CheckIn: me})
	return renamed(err, map[string]string{"key": "adjustment.key", "due_on": "adjustment.due_on", "reason": "adjustment.reason"})
}

// moveBack works the dates out without what the corrected check-in had moved; kept says that the
// correction moves the same.
func (w *writing) moveBack(kept bool) error {
	if kept {
		if err := plan.KeepMove(w.tx, w.by, id.As[plan.CheckIn](w.was.ID), id.As[plan.CheckIn](w.out.ID), w.in.Adjustment.Reason); err != nil {
			return err
		}
	}
	return plan.RefoldDates(w.tx, w.by, w.c.ID)
}

// renamed puts the fields of a refusal under the names they have here.
func renamed(err error, names map[string]string) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != errs.Invalid {
		return err
	}
	var c errs.Collector
	for _, f := range e.Fields {
		if to := names[f.Name]; to != "" {
			f.Name = to
		}
		c.AddArgs(f.Name, f.Code, f.Args)
	}
	return c.Err()
}
