package server

import (
	"net/http"

	"waymark/internal/engagement"
	"waymark/internal/followup"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/page"
	followuppage "waymark/web/page/followup"
)

func (s *Server) followUpRoutes() {
	s.page("GET", "/cases/:case/follow-ups", (*request).showFollowUps)
	s.page("POST", "/cases/:case/follow-ups", (*request).askFollowUp)
	s.page("POST", "/cases/:case/follow-ups/:follow_up/answer", (*request).answerFollowUp)

	s.api("GET", "/cases/:case/follow-ups", (*request).apiFollowUps)
	s.api("POST", "/cases/:case/follow-ups", (*request).apiAskFollowUp)
	s.api("POST", "/cases/:case/follow-ups/:follow_up/answer", (*request).apiAnswerFollowUp)
}

func (r *request) showFollowUps() error { return r.followUpsPage("", nil) }

// followUpsPage shows every question of a case; the form that was refused comes back as it was typed.
func (r *request) followUpsPage(answering string, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, list, err := r.s.followup.Of(r.c.Request.Context(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "followup.of", msg.Args{"name": of.Name()})
	v := followuppage.FollowUps{Chrome: c, Case: of, Items: list, Form: page.NewForm(c, "followup", casePath(caseID, "/follow-ups"), nil)}
	if about, err := id.Parse[engagement.CheckIn](r.c.Query("check_in")); err == nil {
		v.Form.Values.Set("check_in_id", about.String())
	}
	status := http.StatusOK
	if refused != nil {
		status, v.Failed = statusOf(refused), true
		if answering == "" {
			v.Form = v.Form.Refused(r.posted, refused)
		} else {
			v.Answering = answering
			v.Answer = page.NewForm(c, "followup", "", nil).Refused(r.posted, refused)
		}
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) followUpAsked() (f followup.FollowUp, err error) {
	caseID, err := r.caseID()
	if err != nil {
		return f, err
	}
	var in followup.AskInput
	if err := r.bind(&in); err != nil {
		return f, err
	}
	return r.s.followup.Ask(r.ctx(), r.by, caseID, in)
}

func (r *request) askFollowUp() error {
	f, err := r.followUpAsked()
	if correctable(err) {
		return r.followUpsPage("", err)
	}
	if err != nil {
		return err
	}
	return r.done("followup.asked", casePath(f.CaseID, "/follow-ups"))
}

func (r *request) answered() (f followup.FollowUp, err error) {
	caseID, err := r.caseID()
	if err != nil {
		return f, err
	}
	of, err := param[followup.FollowUp](r, "follow_up")
	if err != nil {
		return f, err
	}
	var in followup.AnswerInput
	if err := r.bind(&in); err != nil {
		return f, err
	}
	return r.s.followup.Answer(r.ctx(), r.by, caseID, of, in)
}

func (r *request) answerFollowUp() error {
	f, err := r.answered()
	if correctable(err) {
		return r.followUpsPage(r.c.Param("follow_up"), err)
	}
	if err != nil {
		return err
	}
	return r.done("followup.answered", casePath(f.CaseID, "/follow-ups"))
}

func (r *request) apiFollowUps() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.followup.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAskFollowUp() error {
	f, err := r.followUpAsked()
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(f.CaseID, "/follow-ups"), f)
}

func (r *request) apiAnswerFollowUp() error {
	f, err := r.answered()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, f)
}
