package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	engagementpage "waymark/web/page/engagement"
)

func (s *Server) participationRoutes() {
	s.page("GET", "/cases/:case/services", (*request).showServices)
	s.page("POST", "/cases/:case/services", (*request).recordService)
	s.page("GET", "/cases/:case/services/:service/correct", (*request).correctService)
	s.page("GET", "/cases/:case/services/:service/cancel", (*request).cancelService)
	s.page("GET", "/cases/:case/services/:service/proofs/new", (*request).showProof)
	s.page("POST", "/cases/:case/services/:service/proofs", (*request).proveService)

	s.api("GET", "/cases/:case/services", (*request).apiServices)
	s.api("POST", "/cases/:case/services", (*request).apiRecordService)
	s.api("POST", "/cases/:case/services/:service/proofs", (*request).apiProveService)
}

func (r *request) showServices() error {
	return r.showServiceList(participation.Input{GivenOn: r.today()}, nil, false)
}

// services reads the services of the case in the path.
func (r *request) serviceSet() (participation.Set, error) {
	caseID, err := r.caseID()
	if err != nil {
		return participation.Set{}, err
	}
	return r.s.participation.List(r.ctx(), r.by, caseID)
}

// showServiceList shows the services with the form of a new one; asked, it says what that one would do.
func (r *request) showServiceList(in participation.Input, refused error, asked bool) error {
	set, err := r.serviceSet()
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "service.page", msg.Args{"name": set.Case.Name()})
	f := page.NewForm(c, "service", casePath(set.Case.ID, "/services"), in)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	key := begun(set.Case.ID, "services")
	v := engagementpage.Services{Chrome: c, Set: set, Form: f}
	if asked && refused == nil {
		would := set.Would(in, r.today())
		v.Asked, v.Form.Values = &would, r.posted
		v.Form.Draft = key
	} else {
		v.Form = r.restore(f, key, "service.add")
	}
	return r.show(status, c, v.Body())
}

func (r *request) correctService() error {
	id, err := param[participation.Record](r, "service")
	if err != nil {
		return err
	}
	return r.showServiceChange(id, false, nil)
}

func (r *request) cancelService() error {
	id, err := param[participation.Record](r, "service")
	if err != nil {
		return err
	}
	return r.showServiceChange(id, true, nil)
}

// showServiceChange asks why a service is corrected or taken back.
func (r *request) showServiceChange(of participation.RecordID, cancels bool, refused error) error {
	if err := r.s.policy.Require(r.by, access.RecordService); err != nil {
		return err
	}
	set, err := r.serviceSet()
	if err != nil {
		return err
	}
	was, ok := set.Find(of)
	if !ok {
		return errs.New(errs.NotFound, "not_found")
	}
	title := "service.correct_of"
	if cancels {
		title = "service.cancel_of"
	}
	c := r.chrome("caseload", title, msg.Args{"name": set.Case.Name()})
	f := page.NewForm(c, "service", casePath(set.Case.ID, "/services"), was.Input())
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, engagementpage.ServiceChange{Chrome: c, Set: set, Service: was, Form: f, Cancels: cancels}.Body())
}

func (r *request) recordService() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in participation.Input
	var made participation.Made
	asked := r.posted.Get("go") == "preview" || r.c.Query("preview") != ""
	if err = r.bind(&in); err == nil && !asked {
		made, err = r.s.participation.Record(r.ctx(), r.by, caseID, in)
	}
	switch {
	case asked && correctable(err):
		return r.showServiceList(in, err, true)
	case asked && err == nil && in.Cancels.IsZero() && in.Supersedes.IsZero():
		return r.askService(in)
	case correctable(err) && !in.Cancels.IsZero():
		return r.showServiceChange(in.Cancels, true, err)
	case correctable(err) && !in.Supersedes.IsZero():
		return r.showServiceChange(in.Supersedes, false, err)
	case correctable(err):
		return r.showServiceList(in, err, false)
	case err != nil:
		return err
	}
	return r.done("service.saved."+made.Effect, casePath(caseID, "/services"), msg.Args{"day": msg.For(r.lang()).Date(made.Clock.Day90)})
}

// askService says what a service would do, and records nothing.
func (r *request) askService(in participation.Input) error {
	if err := r.s.policy.Require(r.by, access.RecordService); err != nil {
		return err
	}
	return r.showServiceList(in, in.Sound(r.today()), true)
}

func (r *request) apiServices() error {
	set, err := r.serviceSet()
	if err != nil {
		return err
	}
	return r.list(set.Items, map[string]any{"exit_clock": set.Clock})
}

func (r *request) apiRecordService() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in participation.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.participation.Record(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/services")+"#"+made.ID.String(), made)
}
