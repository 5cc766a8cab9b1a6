package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/result"
	"waymark/internal/wire"
	resultpage "waymark/web/page/result"
)

func (r *request) showFollowUp() error {
	list, err := r.s.result.FollowUp(r.ctx(), r.by)
	if err != nil {
		return err
	}
	active := "results"
	if !r.s.policy.Allows(r.by, access.ReadResult) {
		active = "follow_up"
	}
	c := r.chrome(active, "afterexit.title")
	if format := r.c.Query("format"); format != "" {
		return r.download(resultpage.FollowUpTable(c, list), format)
	}
	return r.show(http.StatusOK, c, resultpage.FollowUp{Chrome: c, List: list}.Body())
}

func (r *request) apiFollowUp() error {
	list, err := r.s.result.FollowUp(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

// afterForms are the refusals of the forms of that page.
type afterForms struct{ wages, end, exclude error }

func (r *request) showAfter() error { return r.showAfterWith(afterForms{}) }

func (r *request) showAfterWith(refused afterForms) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	a, err := r.s.result.After(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "afterexit.page", msg.Args{"name": a.Case.Name()})
	v := resultpage.After{
		Chrome: c, After: a, Form: page.NewForm(c, "wage", casePath(caseID, "/wages"), result.WageInput{Unit: result.PerQuarter}),
		End:     page.NewForm(c, "followend", casePath(caseID, "/follow-up"), result.EndInput{OnDate: r.today()}),
		Exclude: page.NewForm(c, "exclude", casePath(caseID, "/exclusion"), nil),
	}
	for _, w := range a.Wages {
		if w.Live && w.Source == result.SourceSupplemental && w.ID.String() == r.c.Query("correct") {
			in := result.WageInput{Quarter: w.Label, Employment: w.Employment, Evidence: w.Evidence, Supersedes: w.ID}
			if w.Entered != nil {
				in.Wages, in.Unit, in.Hours = *w.Entered, w.Unit, w.Hours
			} else if w.Wages != nil {
				in.Wages = *w.Wages
			}
			if len(w.FEINs) > 0 {
				in.FEIN = w.FEINs[0]
			}
			v.Form.Values = wire.Values(in)
		}
	}
	status := http.StatusOK
	for _, f := range []struct {
		form *page.Form
		err  error
	}{{&v.Form, refused.wages}, {&v.End, refused.end}, {&v.Exclude, refused.exclude}} {
		if f.err != nil {
			*f.form, v.Failed, status = f.form.Refused(r.posted, f.err), true, statusOf(f.err)
		}
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) recordWages() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in result.WageInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.result.RecordWages(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showAfterWith(afterForms{wages: err})
	}
	if err != nil {
		return err
	}
	return r.done("wage.saved", casePath(caseID, "/follow-up"))
}

func (r *request) endFollowUp() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in result.EndInput
	if err = r.bind(&in); err == nil {
		err = r.s.result.EndFollowUp(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showAfterWith(afterForms{end: err})
	}
	if err != nil {
		return err
	}
	return r.done("followend.saved", casePath(caseID, "/follow-up"))
}

func (r *request) apiAfter() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	a, err := r.s.result.After(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, a)
}

func (r *request) apiRecordWages() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in result.WageInput
	if err := r.bind(&in); err != nil {
		return err
	}
	w, err := r.s.result.RecordWages(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/follow-up"), w)
}

func (r *request) apiEndFollowUp() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in result.EndInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.result.EndFollowUp(r.ctx(), r.by, caseID, in); err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/follow-up"), in)
}
