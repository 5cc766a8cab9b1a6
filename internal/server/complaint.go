package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/page"
	"waymark/internal/rights"
	rightspage "waymark/web/page/rights"
)

func (s *Server) complaintRoutes() {
	s.page("GET", "/me/complaints", (*request).showMyComplaints)
	s.page("POST", "/me/complaints", (*request).complain)
	s.page("GET", "/setup/complaints", (*request).showComplaints)
	s.page("POST", "/setup/complaints", (*request).takeComplaintDown)
	s.page("GET", "/setup/complaints/:complaint", (*request).showComplaint)
	s.page("POST", "/setup/complaints/:complaint/events", (*request).noteComplaint)

	s.api("GET", "/me/complaints", (*request).apiMyComplaints)
	s.api("POST", "/me/complaints", (*request).apiComplain)
	s.api("GET", "/complaints", (*request).apiComplaints)
	s.api("POST", "/complaints", (*request).apiTakeComplaintDown)
	s.api("GET", "/complaints/:complaint", (*request).apiComplaint)
	s.api("POST", "/complaints/:complaint/events", (*request).apiNoteComplaint)
}

func (r *request) showMyComplaints() error { return r.showMyComplaintsWith(nil) }

func (r *request) showMyComplaintsWith(refused error) error {
	list, err := r.s.rights.OwnComplaints(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("rights", "my_complaint.title")
	f := page.NewForm(c, "complaint", "/me/complaints", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, rightspage.MyComplaints{Chrome: c, List: list, Form: f}.Body())
}

func (r *request) complain() error {
	var in rights.OwnComplaintInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.rights.Complain(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.showMyComplaintsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("my_complaint.sent", "/me/complaints")
}

func (r *request) showComplaints() error { return r.showComplaintsWith(nil) }

func (r *request) showComplaintsWith(refused error) error {
	list, err := r.s.rights.Complaints(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "complaint.title")
	f := page.NewForm(c, "complaint", "/setup/complaints", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, rightspage.Complaints{Chrome: c, List: list, Form: f}.Body())
}

func (r *request) takeComplaintDown() error {
	var in rights.ComplaintInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.rights.TakeDown(r.ctx(), r.by, in)
	}
	if correctable(err) {
		if err := r.s.policy.Require(r.by, access.ManageComplaint); err != nil {
			return err
		}
		return r.showComplaintsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("complaint.saved", "/setup/complaints")
}

func (r *request) showComplaint() error { return r.showComplaintWith(nil) }

func (r *request) showComplaintWith(refused error) error {
	one, err := param[rights.Complaint](r, "complaint")
	if err != nil {
		return err
	}
	k, err := r.s.rights.Complaint(r.ctx(), r.by, one)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "complaint.one", map[string]any{"number": k.Number})
	f := page.NewForm(c, "complaint_event", "/setup/complaints/"+one.String()+"/events", rights.EventInput{On: r.today()})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, rightspage.Complaint{Chrome: c, Of: k, Form: f}.Body())
}

func (r *request) noteComplaint() error {
	one, err := param[rights.Complaint](r, "complaint")
	if err != nil {
		return err
	}
	var in rights.EventInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.rights.Note(r.ctx(), r.by, one, in)
	}
	if correctable(err) {
		return r.showComplaintWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("complaint_event.saved", "/setup/complaints/"+one.String())
}

func (r *request) apiMyComplaints() error {
	list, err := r.s.rights.OwnComplaints(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiComplain() error {
	var in rights.OwnComplaintInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.rights.Complain(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/me/complaints", made)
}

func (r *request) apiComplaints() error {
	list, err := r.s.rights.Complaints(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiTakeComplaintDown() error {
	var in rights.ComplaintInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.rights.TakeDown(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/complaints/"+made.ID.String(), made)
}

func (r *request) apiComplaint() error {
	one, err := param[rights.Complaint](r, "complaint")
	if err != nil {
		return err
	}
	k, err := r.s.rights.Complaint(r.ctx(), r.by, one)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, k)
}

func (r *request) apiNoteComplaint() error {
	one, err := param[rights.Complaint](r, "complaint")
	if err != nil {
		return err
	}
	var in rights.EventInput
	if err := r.bind(&in); err != nil {
		return err
	}
	k, err := r.s.rights.Note(r.ctx(), r.by, one, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/complaints/"+one.String(), k)
}
