package server

import (
	"net/http"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/plan"
	"waymark/web/layout"
	planpage "waymark/web/page/plan"
)

func (s *Server) planSignRoutes() {
	s.page("GET", "/cases/:case/plan/sign", (*request).showSign)
	s.page("POST", "/cases/:case/plan/signatures", (*request).signPlan)
	s.page("GET", "/cases/:case/plan/review", (*request).showReview)
	s.page("POST", "/cases/:case/plan/approval", (*request).decidePlan)
	s.page("GET", "/approvals", (*request).showApprovals)
	s.page("GET", "/me/plan/sign", (*request).showSignOwn)
	s.page("POST", "/me/plan/sign", (*request).signOwn)
	s.page("GET", "/me/plan/print", (*request).printOwn)
	s.page("GET", "/me/plan/print.pdf", (*request).printOwnPDF)
	s.page("GET", "/cases/:case/plan/print.pdf", (*request).printPlanPDF)
	s.publicPage("GET", "/verify", (*request).showVerify)
	s.publicPage("POST", "/verify", (*request).verify)
}

func (r *request) printPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	return r.printOf(caseID, planPath(caseID))
}

func (r *request) printOwn() error {
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.printOf(caseID, "/me")
}

// printOf shows the paper in the paper's own language, whatever the reader's is.
func (r *request) printOf(caseID access.CaseID, back string) error {
	v, err := r.paperOf(caseID, back)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if !v.Paper.Whole {
		status = http.StatusConflict
	}
	return r.html(status, layout.Paper(v.Chrome, v.Body()))
}

// paperOf puts the paper of the version that is wanted together.
func (r *request) paperOf(caseID access.CaseID, back string) (v planpage.Print, err error) {
	number, err := r.versionWanted()
	if err != nil {
		return v, err
	}
	p, err := r.s.plan.Print(r.ctx(), r.by, caseID, number)
	if err != nil {
		return v, err
	}
	return r.printed(p, back), nil
}

// printed puts a paper together in the language it is shown in, with the reader's words around it.
func (r *request) printed(p plan.Paper, back string) (v planpage.Print) {
	c := r.chrome("", "")
	v = planpage.Print{
		Paper: p, Back: back, BackWords: c.T("plan.print.back"), PrintWords: c.T("plan.print.go"), PDFWords: c.T("plan.print.pdf"), ReaderLang: c.Lang(),
	}
	if r.s.config.Printer != nil {
		v.PDF = pdfPath(c)
	}
	v.ShowCopy(r.c.Query("copy") == "1", c)
	c.Words = msg.For(v.ShownLang())
	c.Title = c.T("plan.print.page", msg.Args{"name": p.Case.FirstName + " " + p.Case.LastName, "number": p.Plan.Number})
	v.Chrome = c
	return v
}

func (r *request) showSign() error {
	if err := r.s.policy.Require(r.by, access.SignPlan); err != nil {
		return err
	}
	return r.showSignWith(nil)
}

func (r *request) showSignWith(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	p, err := r.s.plan.Print(r.ctx(), r.by, caseID, -1)
	if errs.Is(err, errs.NotFound) { // no plan, or no case in reach
		_, err = r.s.plan.Get(r.ctx(), r.by, caseID, 0)
	}
	if err == nil && p.Plan.State != plan.Submitted {
		return r.go303(planPath(caseID))
	}
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "plan.sign_title", msg.Args{"name": p.Case.Name()})
	action := planPath(caseID) + "/signatures"
	v := planpage.Sign{
		Paper: p, AskPassword: !r.session.Fresh(), Own: page.NewForm(c, "plan_sign", action, plan.SignInput{}),
		Witness: page.NewForm(c, "plan_witness", action, plan.SignInput{Role: "participant", Method: "in_person", SignedOn: r.today()}),
	}
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		r.posted.Del("password")
		if r.posted.Get("role") == "case_manager" {
			v.Own = v.Own.Refused(r.posted, refused)
		} else {
			v.Witness = v.Witness.Refused(r.posted, refused)
		}
	}
	v.Chrome = c
	return r.show(status, c, v.Body())
}

// staffMark is what staff sign with: the mark, and their password when they signed in a while ago.
type staffMark struct {
	plan.SignInput
	Password string `json:"password" validate:"max=512"`
}

// staffKnown says how the case manager who signs is known; a witness signs nothing.
func (r *request) staffKnown(in staffMark) (how plan.Evidence, err error) {
	how.IP = address(r.c)
	if in.Role == "case_manager" && in.Method == "online" {
		how.Auth, err = r.s.account.Known(r.ctx(), r.session, in.Password, how.IP)
	}
	return how, err
}

func (r *request) signPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in staffMark
	var how plan.Evidence
	var signed plan.Plan
	if err = r.bind(&in); err == nil {
		how, err = r.staffKnown(in)
	}
	if err == nil {
		signed, err = r.s.plan.Sign(r.ctx(), r.by, caseID, in.SignInput, how)
	}
	if correctable(err) || errs.Is(err, errs.TooMany) {
		return r.showSignWith(err)
	}
	if err != nil {
		return err
	}
	return r.done(signedKey(signed), planPath(caseID)+"?version="+strconv.Itoa(signed.Number))
}

// signedKey says whether the last mark put the plan in force.
func signedKey(p plan.Plan) string {
	if p.State == plan.InForce {
		return "plan.now_in_force"
	}
	return "plan.signature_saved"
}

func (r *request) showReview() error {
	if err := r.s.policy.Require(r.by, access.ApprovePlan); err != nil {
		return err
	}
	return r.showReviewWith(nil)
}

func (r *request) showReviewWith(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	view, err := r.s.plan.Get(r.ctx(), r.by, caseID, -1)
	if err != nil {
		return err
	}
	if view.None || view.Plan.State != plan.Submitted {
		return r.go303(planPath(caseID))
	}
	v := planpage.Review{Own: view.Plan.MayApprove(r.by.ID) != nil}
	if v.Show, err = r.planShow(view); err != nil {
		return err
	}
	c := r.chrome("approvals", "plan.review_title", msg.Args{"name": view.Case.Name()})
	v.Form = page.NewForm(c, "plan_review", planPath(caseID)+"/approval", nil)
	status := http.StatusOK
	if refused != nil {
		v.Form = v.Form.Refused(r.posted, refused)
		status, c.Failed = statusOf(refused), true
	}
	v.Form = r.restore(v.Form, begun(caseID, "plan/review"), "plan.review.decide")
	v.Chrome, v.Show.Chrome = c, c
	return r.show(status, c, v.Body())
}

func (r *request) decidePlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.ApprovalInput
	var p plan.Plan
	if err = r.bind(&in); err == nil {
		p, err = r.s.plan.Decide(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showReviewWith(err)
	}
	if err != nil {
		return err
	}
	key := "plan.approved"
	if p.State == plan.Returned {
		key = "plan.was_returned"
	}
	return r.done(key, "/approvals")
}

// approvalsPage is how many plans a page of the queue shows.
const approvalsPage = 50

func (r *request) showApprovals() error {
	format, most := r.c.Query("format"), approvalsPage
	if format != "" {
		most = wholeList
	}
	list, next, err := r.s.plan.Queue(r.ctx(), r.by, r.c.Query("cursor"), most)
	if err != nil {
		return err
	}
	n, err := r.names()
	if err != nil {
		return err
	}
	c := r.chrome("approvals", "nav.approvals")
	v := planpage.Queue{Chrome: c, Next: next}
	for _, w := range list {
		v.Items = append(v.Items, planpage.QueueItem{Waiting: w, Pathway: n.pathway(w.PathwayCode)})
	}
	if format != "" {
		return r.download(planpage.QueueTable(c, v.Items), format)
	}
	return r.show(http.StatusOK, c, v.Body())
}

func (r *request) showSignOwn() error { return r.showSignOwnWith(nil) }

func (r *request) showSignOwnWith(refused error) error {
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	c := r.chrome("plan", "plan.own.title")
	v := planpage.SignOwn{Back: "/me", Form: page.NewForm(c, "plan_own", "/me/plan/sign", nil)}
	v.Paper, err = r.s.plan.Print(r.ctx(), r.by, caseID, -1)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	_, signed := v.Paper.Plan.Signed("participant")
	codes, failed := r.s.account.Codes(r.ctx(), r.by)
	if failed != nil {
		return failed
	}
	v.Codes = codes
	if codes {
		if v.Text, v.Email, failed = r.s.account.Places(r.ctx(), r.by); failed != nil {
			return failed
		}
	}
	v.Nothing = err != nil || v.Paper.Plan.State != plan.Submitted || signed
	status := http.StatusOK
	if refused != nil {
		r.posted.Del("password")
		v.Form = v.Form.Refused(r.posted, refused)
		status, c.Failed = statusOf(refused), true
	}
	v.Chrome = c
	return r.show(status, c, v.Body())
}

// ownMark is what the participant's form holds: the mark, and the password as the code.
type ownMark struct {
	plan.OwnSignInput
	Password string `json:"password"`
}

func (r *request) signOwn() error {
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil {
		return err
	}
	var in ownMark
	if err = r.bind(&in); err == nil {
		err = in.Check()
	}
	if err == nil {
		err = r.s.account.Confirm(r.ctx(), r.by, in.Password, address(r.c))
	}
	how := plan.Evidence{IP: address(r.c), Consent: plan.Consent(r.lang())}
	if err == nil {
		how.Auth, err = r.confirmedBy()
	}
	if err == nil {
		_, err = r.s.plan.SignOwn(r.ctx(), r.by, caseID, in.OwnSignInput, how)
	}
	if correctable(err) || errs.Is(err, errs.TooMany) {
		return r.showSignOwnWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("plan.own.signed", "/me")
}

// confirmedBy is what the reader confirms with.
func (r *request) confirmedBy() (string, error) {
	codes, err := r.s.account.Codes(r.ctx(), r.by)
	if codes {
		return "code", err
	}
	return "password", err
}

func (r *request) showVerify() error {
	return r.showVerifyWith(planpage.Verify{}, nil)
}

func (r *request) showVerifyWith(v planpage.Verify, refused error) error {
	v.Chrome = r.chrome("", "verify.title")
	v.Form = page.NewForm(v.Chrome, "verify", "/verify", nil)
	status := http.StatusOK
	if r.posted != nil {
		v.Form.Values = r.posted
	}
	if refused != nil {
		v.Form = v.Form.Refused(r.posted, refused)
		status, v.Chrome.Failed = statusOf(refused), true
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) verify() error {
	var in plan.VerifyInput
	err := r.bind(&in)
	if err == nil {
		var state plan.State
		if state, err = r.s.plan.Verify(r.ctx(), in, address(r.c)); err == nil {
			return r.showVerifyWith(planpage.Verify{Asked: true, State: state}, nil)
		}
	}
	if correctable(err) {
		return r.showVerifyWith(planpage.Verify{}, err)
	}
	return err
}
