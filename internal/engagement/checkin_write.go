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

// next closes what was agreed before and agrees the next talk, by the rhythm when nobody says. A
// talk written down late, after a newer one, leaves the next appointment as it is.
func (w *writing) next() error {
	last, found, err := newest(w.tx, w.by, w.c.ID)
	if err != nil {
		return err
	}
	late := found && last.HeldOn.After(w.in.HeldOn) && w.was.ID.IsZero()
	if w.in.NextOn.IsZero() && !late {
		rhythm, err := rhythmOf(w.tx, w.c.ID, w.by.Today(w.tx.Now))
		if err != nil {
			return err
		}
		if w.in.NextOn, err = nextDay(w.tx, *w.c, w.in.HeldOn, rhythm); err != nil {
			return err
		}
	}
	if !w.in.NextOn.IsZero() {
		days, err := calendarOf(w.tx, w.c.OfficeID, w.in.NextOn)
		if err != nil {
			return err
		}
		if err := days.holds("next_on", w.in.NextOn, w.by.Language); err != nil {
			return err
		}
	}
	return w.agree()
}

// agree brings the planned appointment in line with what was agreed.
func (w *writing) agree() error {
	planned, found, err := plannedCheckIn(w.tx, w.c.ID)
	if err != nil {
		return err
	}
	if err := w.endEarlier(); err != nil {
		return err
	}
	same := found && planned.OnDate == w.in.NextOn && (w.in.NextAt.IsZero() || planned.AtTime == w.in.NextAt) && (w.in.NextPlace == "" || planned.Place == w.in.NextPlace)
	if same || w.in.NextOn.IsZero() && (!found || planned.OnDate.After(w.in.HeldOn)) {
		return nil
	}
	if found {
		if err := w.endPlanned(planned); err != nil {
			return err
		}
	}
	if w.in.NextOn.IsZero() {
		return nil
	}
	agreed := AppointmentInput{Kind: "check_in", OnDate: w.in.NextOn, AtTime: w.in.NextAt, Place: w.in.NextPlace}
	if agreed.Place == "" {
		agreed.Place = placeOf(w.in.Method)
	}
	_, err = insertAppointment(w.tx, w.by, w.c.ID, agreed)
	return err
}

// endEarlier says what became of the appointments that this talk was, or corrects what was said.
func (w *writing) endEarlier() error {
	if !w.was.ID.IsZero() {
		w.out.AppointmentID = w.was.AppointmentID
		if w.was.AppointmentID.IsZero() || w.in.Result == w.was.Result {
			return nil
		}
		return end(w.tx, w.was.AppointmentID, map[bool]string{true: "kept", false: "missed"}[w.in.Result == Talked])
	}
	switch w.in.Result {
	case Talked:
		return endOthers(w.tx, w.c.ID, w.in.HeldOn, "kept")
	case DidNotCome:
		return endOthers(w.tx, w.c.ID, w.in.HeldOn, "missed")
	}
	return nil
}

// endPlanned closes the talk that was agreed for next: this one was it, or a correction moves it.
func (w *writing) endPlanned(planned Appointment) error {
	if !w.was.ID.IsZero() {
		return end(w.tx, planned.ID, "moved")
	}
	w.out.AppointmentID = planned.ID
	return end(w.tx, planned.ID, endOf(w.in.Result, planned.OnDate, w.in.HeldOn))
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
	return insertCheckIn(w.tx, w.by, CheckIn{ID: w.out.ID, CaseID: w.c.ID, HeldOn: w.in.HeldOn, Method: w.in.Method, Result: w.in.Result, Note: strings.TrimSpace(w.in.Note),
		Visibility: w.in.Visibility, NextOn: w.in.NextOn, NextAt: w.in.NextAt, ServiceID: w.out.ServiceID, AppointmentID: w.out.AppointmentID,
		Supersedes: w.in.Supersedes, Reason: w.in.Reason})
}

// progress writes what was said about milestones; what a corrected check-in had said is folded out.
func (w *writing) progress() error {
	now, err := openMilestones(w.tx, w.c.ID)
	if err != nil {
		return err
	}
	list := []plan.Progress{}
	for _, p := range w.in.says(now) {
		list = append(list, plan.Progress{Key: p.Key, Status: p.Status, DoneOn: p.DoneOn, Percent: p.Percent, Attended: p.Attended, Note: p.Note,
			OnDate: w.in.HeldOn, CheckInID: id.As[plan.CheckIn](w.out.ID)})
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
	a := w.in.Adjustment
	if a.Key == "" {
		return nil
	}
	_, err := plan.MoveInForce(w.tx, w.by, w.c.ID, a.Key, a.DueOn, a.Reason)
	return renamed(err, map[string]string{"key": "adjustment.key", "due_on": "adjustment.due_on", "reason": "adjustment.reason"})
}

// withdraw writes the row that takes a check-in back, and undoes what hung on it.
func (w *writing) withdraw(of CheckInID) error {
	was, err := w.standing(of, "")
	if err != nil {
		return err
	}
	if !was.Undoable(w.by, w.tx.Now) {
		return errs.New(errs.Conflict, "checkin.undo_late")
	}
	back := was
	back.ID, back.Supersedes, back.Withdrawn, back.Reason = id.New[CheckIn](), was.ID, true, "undo"
	if !was.ServiceID.IsZero() {
		made, err := participation.Add(w.tx, w.by, *w.c, participation.Input{Cancels: was.ServiceID, Reason: "undo"})
		if err != nil {
			return err
		}
		w.c.StartedOn = made.Clock.StartedOn
	}
	if err := insertCheckIn(w.tx, w.by, back); err != nil {
		return err
	}
	if err := w.foldOut(was.ID); err != nil {
		return err
	}
	return w.restore(was)
}

// restore plans again what the withdrawn check-in had closed, in place of what it agreed.
func (w *writing) restore(was CheckIn) error {
	if err := planOthers(w.tx, w.c.ID, was.CreatedAt); err != nil {
		return err
	}
	planned, found, err := plannedCheckIn(w.tx, w.c.ID)
	if err != nil {
		return err
	}
	if found && planned.OnDate == was.NextOn && !planned.CreatedAt.Before(was.CreatedAt) {
		if err := end(w.tx, planned.ID, "cancelled"); err != nil {
			return err
		}
		found = false
	}
	if found || was.AppointmentID.IsZero() {
		return nil
	}
	return end(w.tx, was.AppointmentID, "planned")
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
