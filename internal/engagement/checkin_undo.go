package engagement

import (
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/plan"
)

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
	if err := plan.RefoldDates(w.tx, w.by, w.c.ID); err != nil {
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
