package server

import (
	"net/http"

	"waymark/internal/engagement"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/wire"
	engagementpage "waymark/web/page/engagement"
)

func (r *request) showOutcomes() error {
	return r.showOutcomeList(nil)
}

// showOutcomeList lists what came of it; ?correct= fills the form with one to correct.
func (r *request) showOutcomeList(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, list, err := r.s.engagement.Outcomes(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "outcome.page", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "outcome", casePath(caseID, "/outcomes"), engagement.OutcomeInput{OnDate: r.today(), OutcomeDetail: engagement.OutcomeDetail{PayPer: "hour"}})
	for _, o := range list {
		if o.Live && o.ID.String() == r.c.Query("correct") {
			f.Values = wire.Values(engagement.OutcomeInput{Kind: o.Kind, OnDate: o.OnDate, OutcomeDetail: o.Detail.V, Supersedes: o.ID})
		}
	}
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	f = r.restore(f, begun(caseID, "outcomes?correct="+f.Values.Get("supersedes")), "outcome.list")
	return r.show(status, c, engagementpage.Outcomes{Chrome: c, Case: of, List: list, Form: f}.Body())
}

func (r *request) recordOutcome() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.OutcomeInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.engagement.Achieve(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showOutcomeList(err)
	}
	if err != nil {
		return err
	}
	return r.done("outcome.saved", casePath(caseID, "/outcomes"))
}

func (r *request) apiOutcomes() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.engagement.Outcomes(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiRecordOutcome() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in engagement.OutcomeInput
	if err := r.bind(&in); err != nil {
		return err
	}
	o, err := r.s.engagement.Achieve(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/outcomes")+"#"+o.ID.String(), o)
}
