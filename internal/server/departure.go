package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/engagement"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/wire"
	engagementpage "waymark/web/page/engagement"
)

func (s *Server) departureRoutes() {
	s.page("GET", "/cases/:case/leave", (*request).showLeave)
	s.page("POST", "/cases/:case/pause", (*request).pauseCase)
	s.page("POST", "/cases/:case/exit", (*request).exitCase)
	s.page("GET", "/cases/:case/return", (*request).showReturn)
	s.page("POST", "/cases/:case/return", (*request).returnCase)
	s.page("POST", "/cases/:case/exclusion", (*request).excludeCase)
	s.page("GET", "/cases/:case/outcomes", (*request).showOutcomes)
	s.page("POST", "/cases/:case/outcomes", (*request).recordOutcome)

	s.api("POST", "/cases/:case/pause", (*request).apiPause)
	s.api("POST", "/cases/:case/exit", (*request).apiExit)
	s.api("POST", "/cases/:case/return", (*request).apiReturn)
	s.api("POST", "/cases/:case/exclusion", (*request).apiExclude)
	s.api("GET", "/cases/:case/outcomes", (*request).apiOutcomes)
	s.api("POST", "/cases/:case/outcomes", (*request).apiRecordOutcome)
}

// leaving reads where the person stands before leaving or coming back.
func (r *request) leaving() (l engagement.Leaving, err error) {
	caseID, err := r.caseID()
	if err != nil {
		return l, err
	}
	clock, err := r.s.participation.ClockOf(r.ctx(), r.by, caseID)
	if err != nil {
		return l, err
	}
	return r.s.engagement.Leaving(r.ctx(), r.by, caseID, clock)
}

func (r *request) showLeave() error {
	kind := "pause"
	if r.c.Query("kind") == "exit" {
		kind = "exit"
	}
	return r.showLeaving(kind, nil)
}

// showLeaving asks why, with the step to go on at already filled in.
func (r *request) showLeaving(kind string, refused error) error {
	l, err := r.leaving()
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "leave.page", msg.Args{"name": l.Case.Name()})
	f := page.NewForm(c, kind, casePath(l.Case.ID, "/"+kind), nil)
	if kind == "exit" {
		f.Values = wire.Values(engagement.ExitInput{OnDate: r.today(), ResumeStep: l.Case.Step, StoppedAtStep: l.Case.Step, Exclusion: "00"})
	} else {
		f.Values = wire.Values(engagement.PauseInput{OnDate: r.today(), ResumeStep: l.Case.Step})
	}
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	f = r.restore(f, begun(l.Case.ID, "leave?kind="+kind), "leave.crumb")
	return r.show(status, c, engagementpage.Leave{Chrome: c, Leaving: l, Kind: kind, Form: f}.Body())
}

func (r *request) pauseCase() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.PauseInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Pause(r.ctx(), r.by, caseID, in)
	}
	return r.left(caseID, "pause", err)
}

func (r *request) exitCase() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.ExitInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Exit(r.ctx(), r.by, caseID, in)
	}
	return r.left(caseID, "exit", err)
}

func (r *request) left(caseID access.CaseID, kind string, err error) error {
	if correctable(err) {
		return r.showLeaving(kind, err)
	}
	if err != nil {
		return err
	}
	return r.done(kind+".saved", casePath(caseID, ""))
}

func (r *request) showReturn() error { return r.showReturning(nil) }

func (r *request) showReturning(refused error) error {
	l, err := r.leaving()
	if err != nil {
		return err
	}
	in := engagement.ReturnInput{OnDate: r.today(), ResumeStep: l.Case.Step}
	if l.Case.ResumeStep != nil {
		in.ResumeStep = *l.Case.ResumeStep
	}
	c := r.chrome("caseload", "return.page", msg.Args{"name": l.Case.Name()})
	f := page.NewForm(c, "return", casePath(l.Case.ID, "/return"), in)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	f = r.restore(f, begun(l.Case.ID, "return"), "return.crumb")
	return r.show(status, c, engagementpage.Return{Chrome: c, Leaving: l, Form: f}.Body())
}

func (r *request) returnCase() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.ReturnInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Return(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showReturning(err)
	}
	if err != nil {
		return err
	}
	return r.done("return.saved", casePath(caseID, ""))
}

func (r *request) apiPause() error {
	var in engagement.PauseInput
	return r.apiDepart(&in, func(caseID access.CaseID) (engagement.Departure, error) {
		return r.s.engagement.Pause(r.ctx(), r.by, caseID, in)
	})
}

func (r *request) apiExit() error {
	var in engagement.ExitInput
	return r.apiDepart(&in, func(caseID access.CaseID) (engagement.Departure, error) {
		return r.s.engagement.Exit(r.ctx(), r.by, caseID, in)
	})
}

func (r *request) apiReturn() error {
	var in engagement.ReturnInput
	return r.apiDepart(&in, func(caseID access.CaseID) (engagement.Departure, error) {
		return r.s.engagement.Return(r.ctx(), r.by, caseID, in)
	})
}

func (r *request) apiExclude() error {
	var in engagement.ExclusionInput
	return r.apiDepart(&in, func(caseID access.CaseID) (engagement.Departure, error) {
		return r.s.engagement.Exclude(r.ctx(), r.by, caseID, in)
	})
}

// excludeCase comes from the page of what is known after the exit.
func (r *request) excludeCase() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.ExclusionInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Exclude(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showAfterWith(afterForms{exclude: err})
	}
	if err != nil {
		return err
	}
	return r.done("exclude.saved", casePath(caseID, "/follow-up"))
}

func (r *request) apiDepart(in any, do func(access.CaseID) (engagement.Departure, error)) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	if err := r.bind(in); err != nil {
		return err
	}
	d, err := do(caseID)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, ""), d)
}
