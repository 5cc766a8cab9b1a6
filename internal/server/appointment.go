package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	engagementpage "waymark/web/page/engagement"
)

func (s *Server) appointmentRoutes() {
	s.page("GET", "/cases/:case/appointments/new", (*request).newAppointment)
	s.page("POST", "/cases/:case/appointments", (*request).agreeAppointment)
	s.page("GET", "/cases/:case/appointments/:appointment/edit", (*request).editAppointment)
	s.page("POST", "/cases/:case/appointments/:appointment", (*request).changeAppointment)

	s.api("GET", "/cases/:case/appointments", (*request).apiAppointments)
	s.api("POST", "/cases/:case/appointments", (*request).apiAgreeAppointment)
	s.api("GET", "/cases/:case/appointments/:appointment", (*request).apiAppointment)
	s.api("PATCH", "/cases/:case/appointments/:appointment", (*request).apiChangeAppointment)
}

// appointmentIDs are the case and the appointment of the path.
func (r *request) appointmentIDs() (caseID access.CaseID, appointmentID engagement.AppointmentID, err error) {
	if caseID, err = r.caseID(); err != nil {
		return caseID, appointmentID, err
	}
	appointmentID, err = param[engagement.Appointment](r, "appointment")
	return caseID, appointmentID, err
}

func (r *request) newAppointment() error { return r.showNewAppointment(nil) }

func (r *request) showNewAppointment(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, in, err := r.s.engagement.Suggest(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.showAppointment(of, "appointment.set_of", casePath(caseID, "/appointments"), in, 0, refused)
}

func (r *request) showAppointment(of casefile.Case, title, action string, in engagement.AppointmentInput, version int, refused error) error {
	c := r.chrome("caseload", title, msg.Args{"name": of.Name()})
	f := page.NewForm(c, "appointment", action, in)
	f.Version = version
	status := http.StatusOK
	if refused != nil {
		theirs := f.Values
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
		if errs.Is(refused, errs.Conflict) && version > 0 {
			f.Theirs = theirs
		}
	}
	return r.show(status, c, engagementpage.AppointmentForm{Chrome: c, Case: of, Form: f, Changes: version > 0}.Body())
}

func (r *request) agreeAppointment() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.AppointmentInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Agree(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showNewAppointment(err)
	}
	if err != nil {
		return err
	}
	return r.done("appointment.saved", casePath(caseID, "/check-ins"), msg.Args{"on": msg.For(r.lang()).Date(in.OnDate)})
}

func (r *request) editAppointment() error { return r.showEditAppointment(nil) }

func (r *request) showEditAppointment(refused error) error {
	caseID, appointmentID, err := r.appointmentIDs()
	if err != nil {
		return err
	}
	of, a, err := r.s.engagement.Appointment(r.ctx(), r.by, caseID, appointmentID)
	if err != nil {
		return err
	}
	return r.showAppointment(of, "appointment.change_of", casePath(caseID, "/appointments/"+appointmentID.String()), a.Input(), a.Version, refused)
}

func (r *request) changeAppointment() error {
	caseID, appointmentID, err := r.appointmentIDs()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in engagement.AppointmentInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.ChangeAppointment(r.ctx(), r.by, caseID, appointmentID, version, in)
	}
	if correctable(err) {
		return r.showEditAppointment(err)
	}
	if err != nil {
		return err
	}
	return r.done("appointment.changed", casePath(caseID, "/check-ins"))
}

func (r *request) apiAppointments() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.engagement.Appointments(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAppointment() error {
	caseID, appointmentID, err := r.appointmentIDs()
	if err != nil {
		return err
	}
	_, a, err := r.s.engagement.Appointment(r.ctx(), r.by, caseID, appointmentID)
	if err != nil {
		return err
	}
	return r.versioned(a.Version).json(http.StatusOK, a)
}

func (r *request) apiAgreeAppointment() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.AppointmentInput
	if err := r.bind(&in); err != nil {
		return err
	}
	a, err := r.s.engagement.Agree(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.versioned(a.Version).created("/api/v1"+casePath(caseID, "/appointments/")+a.ID.String(), a)
}

// apiChangeAppointment changes the fields that the body names and leaves the others as they are.
func (r *request) apiChangeAppointment() error {
	caseID, appointmentID, err := r.appointmentIDs()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	_, was, err := r.s.engagement.Appointment(r.ctx(), r.by, caseID, appointmentID)
	if err != nil {
		return err
	}
	in := was.Input()
	if err := r.bind(&in); err != nil {
		return err
	}
	a, err := r.s.engagement.ChangeAppointment(r.ctx(), r.by, caseID, appointmentID, version, in)
	if err != nil {
		return err
	}
	return r.versioned(a.Version).json(http.StatusOK, a)
}
