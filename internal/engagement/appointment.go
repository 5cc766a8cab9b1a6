package engagement

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// AppointmentKinds in the order of a form; AppointmentStates are what may become of one.
var (
	AppointmentKinds  = []string{"check_in", "intake", "choice", "goals", "plan", "class", "interview", "other"}
	AppointmentStates = []string{"planned", "kept", "missed", "cancelled"}
)

// AppointmentID names an appointment.
type AppointmentID = id.Of[Appointment]

// Appointment is something agreed for a day.
type Appointment struct {
	ID         AppointmentID `db:"id" json:"id"`
	CaseID     access.CaseID `db:"case_id" json:"case_id"`
	Kind       string        `db:"kind" json:"kind"`
	OnDate     civil.Date    `db:"on_date" json:"on_date"`
	AtTime     civil.Clock   `db:"at_time" json:"at_time"`
	Place      string        `db:"place" json:"place"`
	Address    string        `db:"address" json:"address"`
	Bring      string        `db:"bring" json:"bring"`
	BringES    string        `db:"bring_es" json:"bring_es"`
	State      string        `db:"state" json:"state"`
	Answer     string        `db:"answer" json:"answer"`
	AnswerNote string        `db:"answer_note" json:"answer_note"`
	Version    int           `db:"version" json:"version"`
	CreatedAt  time.Time     `db:"created_at" json:"created_at"`
	UpdatedAt  time.Time     `db:"updated_at" json:"updated_at"`
}

const appointmentColumns = `a.id, a.case_id, a.kind, a.on_date, a.at_time, a.place, a.address, a.bring, a.bring_es, a.state, a.answer, a.answer_note, a.version, a.created_at, a.updated_at`

// AppointmentInput is what is agreed; the state is planned until something becomes of it.
type AppointmentInput struct {
	Kind    string      `json:"kind" validate:"required,oneof=check_in intake choice goals plan class interview other"`
	OnDate  civil.Date  `json:"on_date" validate:"required"`
	AtTime  civil.Clock `json:"at_time"`
	Place   string      `json:"place" validate:"required,oneof=office phone video text elsewhere"`
	Address string      `json:"address" validate:"max=300"`
	Bring   string      `json:"bring" validate:"max=500"`
	BringES string      `json:"bring_es" validate:"max=500"`
	State   string      `json:"state" validate:"omitempty,oneof=planned kept missed cancelled"`
}

// Input is the appointment as its form shows it; a change starts from it.
func (a Appointment) Input() AppointmentInput {
	return AppointmentInput{a.Kind, a.OnDate, a.AtTime, a.Place, a.Address, a.Bring, a.BringES, a.State}
}

// Appointments lists those of a case: planned ones first, then the past, newest first.
func (s *Service) Appointments(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []Appointment, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, found casefile.Case) error {
		c = found
		list, err = pg.List[Appointment](tx, `select `+appointmentColumns+` from appointments a where a.case_id = :case_id
			order by a.state = 'planned' desc, a.on_date desc, a.id desc limit 200`, pg.Args{"case_id": caseID})
		return err
	})
	return c, list, err
}

// Appointment reads one.
func (s *Service) Appointment(ctx context.Context, by access.Actor, caseID access.CaseID, appointmentID AppointmentID) (c casefile.Case, a Appointment, err error) {
	err = s.read(ctx, by, access.WriteAppointment, caseID, func(tx *pg.Tx, found casefile.Case) error {
		c = found
		a, err = appointment(tx, caseID, appointmentID)
		return err
	})
	return c, a, err
}

func appointment(tx *pg.Tx, caseID access.CaseID, appointmentID AppointmentID) (Appointment, error) {
	return pg.Get[Appointment](tx, `select `+appointmentColumns+` from appointments a where a.case_id = :case_id and a.id = :id`, pg.Args{"case_id": caseID, "id": appointmentID})
}

// Suggest is what the form of a new appointment begins with: the next check-in by the rhythm.
func (s *Service) Suggest(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, in AppointmentInput, err error) {
	start, err := s.begin(ctx, by, access.WriteAppointment, caseID)
	return start.Case, AppointmentInput{Kind: "check_in", OnDate: start.In.NextOn, AtTime: start.In.NextAt, Place: start.In.NextPlace}, err
}

// Agree plans an appointment. A new check-in takes the place of the one planned before.
func (s *Service) Agree(ctx context.Context, by access.Actor, caseID access.CaseID, in AppointmentInput) (made Appointment, err error) {
	err = s.change(ctx, by, access.WriteAppointment, caseID, in, func(tx *pg.Tx, c *casefile.Case) (entry audit.Entry, err error) {
		made, entry, err = agree(tx, by, c, in)
		return entry, err
	})
	return made, err
}

// agree plans an appointment in a case that is locked, and says what to note of it.
func agree(tx *pg.Tx, by access.Actor, c *casefile.Case, in AppointmentInput) (made Appointment, entry audit.Entry, err error) {
	if err := opened(c); err != nil {
		return made, entry, err
	}
	if err := in.fits(tx, by, c, "planned"); err != nil {
		return made, entry, err
	}
	if in.Kind == "check_in" {
		if was, found, err := plannedCheckIn(tx, c.ID); err != nil {
			return made, entry, err
		} else if found {
			if err := end(tx, was.ID, "moved"); err != nil {
				return made, entry, err
			}
		}
	}
	ref, err := insertAppointment(tx, by, c.ID, in)
	if err != nil {
		return made, entry, err
	}
	made, err = appointment(tx, c.ID, ref)
	return made, audit.Entry{Action: "appointment.agreed", Subject: ref.String(), Detail: map[string]any{"kind": in.Kind, "on": in.OnDate}}, err
}

// ChangeAppointment moves an appointment or says what became of it. Another day or time asks the person again.
func (s *Service) ChangeAppointment(ctx context.Context, by access.Actor, caseID access.CaseID, appointmentID AppointmentID, version int, in AppointmentInput) (a Appointment, err error) {
	err = s.change(ctx, by, access.WriteAppointment, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if err := opened(c); err != nil {
			return audit.Entry{}, err
		}
		was, err := appointment(tx, caseID, appointmentID)
		if err != nil {
			return audit.Entry{}, err
		}
		if was.Version != version {
			return audit.Entry{}, errs.New(errs.Conflict, "version").Showing(was)
		}
		if in.State == "" {
			in.State = was.State
		}
		if was.OnDate != in.OnDate || was.State != in.State {
			if err := in.fits(tx, by, c, in.State); err != nil {
				return audit.Entry{}, err
			}
		}
		if err := in.update(tx, was); err != nil {
			return audit.Entry{}, err
		}
		a, err = appointment(tx, caseID, appointmentID)
		return audit.Entry{Action: "appointment.changed", Subject: appointmentID.String(), Detail: map[string]any{"kind": in.Kind, "on": in.OnDate, "state": in.State}}, err
	})
	return a, err
}

// fits holds the day against today and the office's closings. What is still planned lies ahead.
func (in AppointmentInput) fits(tx *pg.Tx, by access.Actor, c *casefile.Case, state string) error {
	today := by.Today(tx.Now)
	switch {
	case state != "planned" && state != "cancelled" && in.OnDate.After(today):
		return errs.At("on_date", "in_future")
	case state != "planned":
		return nil
	case in.OnDate.Before(today):
		return errs.At("on_date", "in_past")
	case in.Kind == "class" || in.Kind == "interview" || in.Kind == "other":
		return nil
	}
	days, err := calendarOf(tx, c.OfficeID, in.OnDate)
	if err != nil {
		return err
	}
	return days.holds("on_date", in.OnDate, by.Language)
}

func (in AppointmentInput) update(tx *pg.Tx, was Appointment) error {
	asked := was.OnDate == in.OnDate && was.AtTime == in.AtTime && was.Place == in.Place
	return pg.ExecOne(tx, `
		update appointments set kind = :kind, on_date = :on, at_time = :at, place = :place, address = :address, bring = :bring, bring_es = :bring_es, state = :state,
			answer = case when :asked then answer else '' end, answer_note = case when :asked then answer_note else '' end,
			answered_at = case when :asked then answered_at end, version = version + 1, updated_at = :now
		where id = :id and version = :version`,
		pg.Args{
			"id": was.ID, "version": was.Version, "kind": in.Kind, "on": in.OnDate, "at": in.AtTime, "place": in.Place, "address": in.Address,
			"bring": in.Bring, "bring_es": in.BringES, "state": in.State, "asked": asked, "now": tx.Now,
		})
}
