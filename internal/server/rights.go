package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/rights"
	rightspage "waymark/web/page/rights"
)

func (s *Server) rightsRoutes() {
	s.page("GET", "/me/rights", (*request).showRights)
	s.page("GET", "/me/notice", (*request).showNotice)
	s.page("POST", "/me/notice", (*request).acknowledgeNotice)
	s.page("GET", "/me/consents", (*request).showConsents)
	s.page("POST", "/me/consents", (*request).giveConsent)
	s.button("/me/consents/:consent/withdraw", (*request).withdrawConsent)
	s.page("GET", "/cases/:case/rights", (*request).showCaseRights)
	s.page("POST", "/cases/:case/notice", (*request).noteReceipt)
	s.page("POST", "/cases/:case/consents", (*request).recordConsent)
	s.button("/cases/:case/consents/:consent/withdraw", (*request).recordWithdrawal)

	s.api("GET", "/me/rights", (*request).apiMyRights)
	s.api("POST", "/me/notice", (*request).apiAcknowledge)
	s.api("POST", "/me/consents", (*request).apiConsent)
	s.action("POST", "/me/consents/:consent/withdraw", (*request).apiWithdraw)
	s.api("GET", "/cases/:case/rights", (*request).apiRights)
	s.api("POST", "/cases/:case/notice", (*request).apiReceipt)
	s.api("POST", "/cases/:case/consents", (*request).apiRecordConsent)
	s.action("POST", "/cases/:case/consents/:consent/withdraw", (*request).apiRecordWithdrawal)
	s.copyRoutes()
	s.complaintRoutes()
}

func (r *request) showRights() error {
	st, err := r.s.rights.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("rights", "rights.title")
	return r.show(http.StatusOK, c, rightspage.Mine{Chrome: c, Of: st}.Body())
}

func (r *request) showNotice() error { return r.showNoticeWith(nil) }

func (r *request) showNoticeWith(refused error) error {
	st, err := r.s.rights.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("rights", "eo_notice.title")
	f := page.NewForm(c, "eo_notice", "/me/notice", rights.ReceiptInput{Name: r.by.Name()})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	v := rightspage.Notice{Chrome: c, Of: st, Text: rights.Notice(c.Lang()), Form: f}
	return r.show(status, c, v.Body())
}

func (r *request) acknowledgeNotice() error {
	var in rights.ReceiptInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.rights.Acknowledge(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.showNoticeWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("eo_notice.saved", "/me/rights")
}

func (r *request) showConsents() error { return r.showConsentsWith(nil) }

func (r *request) showConsentsWith(refused error) error {
	st, err := r.s.rights.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("rights", "my_consent.title")
	f := page.NewForm(c, "my_consent", "/me/consents", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, rightspage.Consents{Chrome: c, Of: st, Form: f}.Body())
}

// ownConsent is what a participant's form asks.
type ownConsent struct {
	Partner string     `json:"partner"`
	Purpose string     `json:"purpose"`
	Until   civil.Date `json:"until_on"`
}

func (o ownConsent) input() rights.ConsentInput {
	return rights.ConsentInput{Partner: o.Partner, Purpose: o.Purpose, Until: o.Until}
}

func (r *request) giveConsent() error {
	var in ownConsent
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.rights.Consent(r.ctx(), r.by, in.input())
	}
	if correctable(err) {
		return r.showConsentsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("my_consent.saved", "/me/consents")
}

func (r *request) withdrawConsent() error {
	one, err := param[rights.Consent](r, "consent")
	if err != nil {
		return err
	}
	if err := r.s.rights.Withdraw(r.ctx(), r.by, one); err != nil {
		return err
	}
	return r.done("my_consent.withdrawn", "/me/consents")
}

func (r *request) showCaseRights() error { return r.showCaseRightsWith("", nil) }

// showCaseRightsWith shows the page with one of its two forms refused.
func (r *request) showCaseRightsWith(form string, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	st, err := r.s.rights.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "consent.title_of", msg.Args{"name": st.Case.Name()})
	v := rightspage.OfCase{
		Of: st, MayWrite: c.May(access.RecordConsent),
		Receipt: page.NewForm(c, "receipt", casePath(caseID, "/notice"), rights.PaperReceiptInput{Name: st.Case.FirstName + " " + st.Case.LastName, Lang: st.Case.Language, ReceivedOn: r.today()}),
		Consent: page.NewForm(c, "consent", casePath(caseID, "/consents"), rights.ConsentInput{From: r.today()}),
	}
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f := map[string]*page.Form{"receipt": &v.Receipt, "consent": &v.Consent}[form]
		*f = f.Refused(r.posted, refused)
	}
	v.Chrome = c
	return r.show(status, c, v.Body())
}

func (r *request) noteReceipt() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in rights.PaperReceiptInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.rights.Received(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showCaseRightsWith("receipt", err)
	}
	if err != nil {
		return err
	}
	return r.done("receipt.saved", casePath(caseID, "/rights"))
}

func (r *request) recordConsent() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in rights.ConsentInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.rights.RecordConsent(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showCaseRightsWith("consent", err)
	}
	if err != nil {
		return err
	}
	return r.done("consent.saved", casePath(caseID, "/rights"))
}

func (r *request) recordWithdrawal() error {
	caseID, err := r.withdrawn()
	if err != nil {
		return err
	}
	return r.done("consent.withdrawn", casePath(caseID, "/rights"))
}

func (r *request) withdrawn() (access.CaseID, error) {
	caseID, err := r.caseID()
	if err != nil {
		return caseID, err
	}
	one, err := param[rights.Consent](r, "consent")
	if err != nil {
		return caseID, err
	}
	return caseID, r.s.rights.RecordWithdrawal(r.ctx(), r.by, caseID, one)
}

// standing is what the API tells of one's rights.
type standing struct {
	Notice   *rights.Receipt  `json:"notice"`
	Consents []rights.Consent `json:"consents"`
}

func (r *request) apiMyRights() error {
	st, err := r.s.rights.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, standing{st.Receipt, st.Consents})
}

func (r *request) apiRights() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	st, err := r.s.rights.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, standing{st.Receipt, st.Consents})
}

func (r *request) apiAcknowledge() error {
	var in rights.ReceiptInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.rights.Acknowledge(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/me/rights", made)
}

func (r *request) apiReceipt() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in rights.PaperReceiptInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.rights.Received(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/rights"), made)
}

func (r *request) apiConsent() error {
	var in ownConsent
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.rights.Consent(r.ctx(), r.by, in.input())
	if err != nil {
		return err
	}
	return r.created("/api/v1/me/rights", made)
}

func (r *request) apiWithdraw() error {
	one, err := param[rights.Consent](r, "consent")
	if err != nil {
		return err
	}
	if err := r.s.rights.Withdraw(r.ctx(), r.by, one); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"withdrawn": true})
}

func (r *request) apiRecordConsent() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in rights.ConsentInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.rights.RecordConsent(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/rights"), made)
}

func (r *request) apiRecordWithdrawal() error {
	if _, err := r.withdrawn(); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"withdrawn": true})
}
