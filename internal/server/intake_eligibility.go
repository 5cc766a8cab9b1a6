package server

import (
	"net/http"
	"slices"

	"waymark/internal/access"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/page"
	intakepage "waymark/web/page/intake"
)

func (s *Server) eligibilityRoutes() {
	s.page("GET", "/cases/:case/eligibility", (*request).showEligibility)
	s.page("POST", "/cases/:case/eligibility", (*request).decideEligibility)

	s.api("GET", "/cases/:case/eligibility", (*request).apiEligibility)
	s.api("POST", "/cases/:case/eligibility", (*request).apiDecide)
}

func (r *request) showEligibility() error { return r.eligibilityPage(nil) }

func (r *request) eligibilityPage(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	e, err := r.s.intake.Eligibility(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "eligibility.title", msg.Args{"name": e.Case.Name()})
	f := page.NewForm(c, "intake", casePath(caseID, "/eligibility"), intake.EligibilityInput{DecidedOn: r.today()})
	if p := r.c.Query("program"); slices.Contains(intake.Programs, p) {
		f.Values.Set("program", p)
	}
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	f = r.restore(f, begun(caseID, "eligibility?program="+f.Values.Get("program")), "eligibility.crumb")
	v := intakepage.Eligibility{Chrome: c, E: e, Form: f, MayWrite: e.Case.TakesIntake() && c.May(access.DecideEligibility)}
	return r.show(status, c, v.Body())
}

func (r *request) decideEligibility() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in intake.EligibilityInput
	if err = r.bind(&in); err == nil {
		in.Evidence = slices.DeleteFunc(in.Evidence, func(e intake.Evidence) bool { return e == intake.Evidence{} })
		_, err = r.s.intake.Decide(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.eligibilityPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("eligibility.saved", casePath(caseID, "/eligibility"))
}

func (r *request) apiDecide() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in intake.EligibilityInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.intake.Decide(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/eligibility"), made)
}

func (r *request) apiEligibility() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	e, err := r.s.intake.Eligibility(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(e.History, map[string]any{"facts": e.Known, "preview": e.Preview, "priority_note": e.PriorityNote})
}
