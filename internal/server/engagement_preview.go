package server

import (
	"net/http"
	"net/url"
	"slices"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/engagement"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/participation"
	engagementpage "waymark/web/page/engagement"
)

// previewCheckIn says what the service of a check-in would do to the exit, and records nothing: in place
// while the form is filled in, or on the form as typed.
func (r *request) previewCheckIn(caseID access.CaseID, row, next string) error {
	if err := r.s.policy.Require(r.by, access.RecordCheckin); err != nil {
		return err
	}
	words, err := r.exitEffect(caseID)
	if err != nil {
		return err
	}
	if r.c.Query("preview") != "" {
		return r.html(http.StatusOK, engagementpage.ExitEffect(row, words))
	}
	start, err := r.s.engagement.Begin(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "checkin.with", msg.Args{"name": start.Case.Name()})
	quick, err := r.quick(c, start, next, row, nil)
	if err != nil {
		return err
	}
	quick.Form.Values, quick.Effect = r.asTyped(), words
	if r.partial() && row != "" {
		return r.showRow(http.StatusOK, row, quick, next)
	}
	quick.Row, quick.Form.Row = "", ""
	return r.show(http.StatusOK, c, quick.Body())
}

// exitEffect is what the posted service would do, in words; none when there is none, or no day for it.
func (r *request) exitEffect(caseID access.CaseID) (string, error) {
	set, err := r.s.participation.List(r.ctx(), r.by, caseID)
	if err != nil {
		return "", err
	}
	in := participation.Input{Code: r.posted.Get("service_code"), GivenOn: r.today()}
	if text := r.posted.Get("held_on"); text != "" {
		if in.GivenOn, err = civil.ParseTyped(text, r.today()); err != nil {
			return "", nil // the field says what is wrong once the form is sent
		}
	}
	if in.Supersedes, err = r.serviceCorrected(caseID); err != nil {
		return "", err
	}
	if _, known := participation.Lookup(in.Code); !known || in.GivenOn.After(r.today()) {
		return "", nil
	}
	return engagementpage.WouldWords(r.wording(), set.Would(in, r.today())), nil
}

// serviceCorrected is the service of the check-in that the form corrects, if it does.
func (r *request) serviceCorrected(caseID access.CaseID) (participation.RecordID, error) {
	of, err := id.Parse[engagement.CheckIn](r.posted.Get("supersedes"))
	if err != nil || of.IsZero() {
		return participation.RecordID{}, nil
	}
	_, was, err := r.s.engagement.CheckIn(r.ctx(), r.by, caseID, of)
	return was.ServiceID, err
}

// asTyped are the fields of a form without those that every form has.
func (r *request) asTyped() url.Values {
	typed := url.Values{}
	for k, v := range r.posted {
		if !slices.Contains(formKeys, k) {
			typed[k] = v
		}
	}
	return typed
}
