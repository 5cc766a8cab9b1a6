package engagement

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
