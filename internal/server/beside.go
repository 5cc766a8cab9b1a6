package server

import (
	"context"
	"net/http"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/plan"
	besidepage "waymark/web/page/beside"
	planpage "waymark/web/page/plan"
)

// openBeside are the only addresses, but for the public ones, that answer a guardian or a helper.
var openBeside = map[string]access.Role{
	"/guardian": access.Guardian, "/guardian/print": access.Guardian, "/helper": access.Helper,
	"/sign-out": "", "/session/touch": "",
}

// mayOpen keeps guardians and helpers to their own few pages, and everybody else out of those: every other
// route does not exist for them.
func (r *request) mayOpen(rt route) error {
	role, theirs := openBeside[rt.Path]
	if rt.Public || theirs && (role == "" || role == r.by.Role) || !theirs && !r.by.Role.Beside() {
		return nil
	}
	return errs.New(errs.NotFound, "not_found")
}

func (s *Server) besideRoutes() {
	s.page("GET", "/cases/:case/beside", (*request).showBeside)
	s.page("POST", "/cases/:case/guardian", (*request).nameGuardian)
	s.button("/cases/:case/guardian/link", (*request).linkGuardian)
	s.button("/cases/:case/guardian/end", (*request).endGuardian)
	s.page("GET", "/me/helpers", (*request).showHelpers)
	s.page("POST", "/me/helpers", (*request).nameHelper)
	s.button("/me/helpers/:companion/end", (*request).endHelper)
	s.publicPage("GET", "/with/:token", (*request).showWith)
	s.publicPage("POST", "/with/:token", (*request).useWith)
	s.publicPage("POST", "/with/:token/code", (*request).sendWithCode)
	s.page("GET", "/helper", (*request).showHelped)
	s.page("GET", "/guardian", (*request).showGuardian)
	s.page("POST", "/guardian", (*request).signGuardian)
	s.page("GET", "/guardian/print", (*request).printGuardian)

	s.api("GET", "/cases/:case/beside", (*request).apiBeside)
	s.api("POST", "/cases/:case/guardian", (*request).apiNameGuardian)
	s.action("POST", "/cases/:case/guardian/link", (*request).apiLinkGuardian)
	s.action("POST", "/cases/:case/guardian/end", (*request).apiEndGuardian)
	s.api("GET", "/me/helpers", (*request).apiHelpers)
	s.api("POST", "/me/helpers", (*request).apiNameHelper)
	s.action("POST", "/me/helpers/:companion/end", (*request).apiEndHelper)
}

func besidePath(caseID access.CaseID) string { return casePath(caseID, "/beside") }

func (r *request) showBeside() error { return r.showBesideWith(nil) }

func (r *request) showBesideWith(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	b, err := r.s.account.Beside(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "beside.title_of", msg.Args{"name": b.Name})
	f := page.NewForm(c, "guardian", casePath(caseID, "/guardian"), account.CompanionInput{Relation: "parent"})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	v := besidepage.Staff{Chrome: c, CaseID: caseID, Of: b, Form: f, MayWrite: c.May(access.UpdateParticipant)}
	return r.show(status, c, v.Body())
}

func (r *request) nameGuardian() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in account.CompanionInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.account.NameGuardian(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showBesideWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("guardian.named", besidePath(caseID))
}

func (r *request) linkGuardian() error {
	return r.guardianButton("guardian.linked", r.s.account.LinkGuardian)
}

func (r *request) endGuardian() error {
	return r.guardianButton("guardian.ended", r.s.account.EndGuardian)
}

// guardianDoer is one change of the guardian on the record that needs no words.
type guardianDoer = func(context.Context, access.Actor, access.CaseID) (account.Beside, error)

func (r *request) guardianButton(flash string, do guardianDoer) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, err = do(r.ctx(), r.by, caseID)
	if correctable(err) {
		return r.showBesideWith(err)
	}
	if err != nil {
		return err
	}
	return r.done(flash, besidePath(caseID))
}

func (r *request) showHelpers() error { return r.showHelpersWith(nil) }

func (r *request) showHelpersWith(refused error) error {
	list, err := r.s.account.Helpers(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("rights", "my_helper.title")
	f := page.NewForm(c, "my_helper", "/me/helpers", account.CompanionInput{Language: c.Lang()})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, besidepage.Helpers{Chrome: c, List: list, Form: f}.Body())
}

func (r *request) nameHelper() error {
	var in account.CompanionInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.account.NameHelper(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.showHelpersWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("my_helper.named", "/me/helpers")
}

func (r *request) endHelper() error {
	companion, err := param[account.Companion](r, "companion")
	if err != nil {
		return err
	}
	if _, err := r.s.account.EndHelper(r.ctx(), r.by, companion); err != nil {
		return err
	}
	return r.done("my_helper.ended", "/me/helpers")
}

func (r *request) showWith() error { return r.withPage(false, nil) }

// withPage is where a link leads that was sent to a guardian or a helper: it sends a code, and then asks for
// it. It names nobody, so a link that went astray tells nothing.
func (r *request) withPage(asked bool, refused error) error {
	l, err := r.s.account.FindCompanion(r.c.Request.Context(), r.c.Param("token"))
	if err != nil {
		return err
	}
	if l.Usable() {
		r.speak(l.Lang)
	}
	c := r.chrome("", "with.title")
	f := page.NewForm(c, "with", "/with/"+r.c.Param("token"), nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	v := besidepage.With{Chrome: c, Form: f, Asked: asked || refused != nil, Demo: r.s.demo}
	if l.Usable() {
		v.Where = l.Hidden()
	} else {
		status = http.StatusGone
	}
	return r.show(status, c, v.Body())
}

func (r *request) sendWithCode() error {
	err := r.bind(&struct{}{})
	if err == nil {
		err = r.s.account.SendCompanionCode(r.c.Request.Context(), r.c.Param("token"))
	}
	if errs.Is(err, errs.NotFound) {
		err = nil // the page says that the link is over
	}
	if err != nil && !errs.Is(err, errs.TooMany) {
		return err
	}
	return r.withPage(true, err)
}

func (r *request) useWith() error {
	var in account.CodeInput
	err := r.bind(&in)
	session := ""
	if err == nil {
		session, err = r.s.account.UseCompanionCode(r.c.Request.Context(), r.c.Param("token"), in)
	}
	if errs.Is(err, errs.NotFound) {
		return r.withPage(true, nil)
	}
	if correctable(err) {
		return r.withPage(true, err)
	}
	if err != nil {
		return err
	}
	return r.enter(session, "/")
}

// showHelped is a helper's one page; that they read it is noted as with everybody who opens a record.
func (r *request) showHelped() error {
	h, err := r.s.portal.Helped(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("", "helped.title", msg.Args{"name": h.FirstName})
	r.record = h.CaseID.String()
	return r.show(http.StatusOK, c, besidepage.Helped{Chrome: c, Of: h}.Body())
}

func (r *request) showGuardian() error { return r.showGuardianWith(nil) }

// showGuardianWith is the plan of somebody under 18, whole, with the form in which their guardian signs.
func (r *request) showGuardianWith(refused error) error {
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	c := r.chrome("", "guardian_sign.title")
	v := planpage.SignOwn{Back: "/guardian/print", Known: true, Form: page.NewForm(c, "plan_own", "/guardian", nil)}
	v.Paper, err = r.s.plan.Print(r.ctx(), r.by, caseID, -1)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	_, signed := v.Paper.Plan.Signed("guardian")
	v.Nothing = err != nil || v.Paper.Plan.State != plan.Submitted || signed
	status := http.StatusOK
	if refused != nil {
		v.Form = v.Form.Refused(r.posted, refused)
		status, c.Failed = statusOf(refused), true
	}
	v.Chrome, r.record = c, v.Paper.Case.ID.String()
	return r.show(status, c, v.Body())
}

// signGuardian is a guardian's mark. They came with their link and a code a moment ago, or they do so again.
func (r *request) signGuardian() error {
	if !r.session.Fresh() {
		return r.showGuardianWith(errs.New(errs.Conflict, "guardian.stale"))
	}
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil {
		return err
	}
	var in plan.OwnSignInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.plan.SignOwn(r.ctx(), r.by, caseID, in, plan.Evidence{Auth: "code", IP: address(r.c), Consent: plan.Consent(r.lang())})
	}
	if correctable(err) {
		return r.showGuardianWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("guardian_sign.done", "/guardian")
}

func (r *request) printGuardian() error {
	caseID, err := r.s.plan.OwnCase(r.ctx(), r.by)
	if err != nil {
		return err
	}
	r.record = caseID.String()
	return r.printOf(caseID, "/guardian")
}

func (r *request) apiBeside() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	b, err := r.s.account.Beside(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, b)
}

func (r *request) apiNameGuardian() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in account.CompanionInput
	if err := r.bind(&in); err != nil {
		return err
	}
	b, err := r.s.account.NameGuardian(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+besidePath(caseID), b)
}

func (r *request) apiLinkGuardian() error { return r.apiGuardian(r.s.account.LinkGuardian) }

func (r *request) apiEndGuardian() error { return r.apiGuardian(r.s.account.EndGuardian) }

func (r *request) apiGuardian(do guardianDoer) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	b, err := do(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, b)
}

func (r *request) apiHelpers() error {
	list, err := r.s.account.Helpers(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiNameHelper() error {
	var in account.CompanionInput
	if err := r.bind(&in); err != nil {
		return err
	}
	k, err := r.s.account.NameHelper(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/me/helpers", k)
}

func (r *request) apiEndHelper() error {
	companion, err := param[account.Companion](r, "companion")
	if err != nil {
		return err
	}
	k, err := r.s.account.EndHelper(r.ctx(), r.by, companion)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, k)
}
