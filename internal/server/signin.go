package server

import (
	"net/http"
	"net/url"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/page"
	"waymark/web/page/signin"
)

func (s *Server) signInRoutes() {
	s.publicPage("GET", "/sign-in", (*request).showSignIn)
	s.publicPage("POST", "/sign-in", (*request).signIn)
	s.button("/sign-out", (*request).signOut)
	s.button("/session/touch", (*request).touchSession)
	s.publicPage("POST", "/language", (*request).chooseLanguage)
	s.publicPage("GET", "/", (*request).firstPage)

	s.publicAPI("POST", "/session", (*request).apiSignIn)
	s.action("DELETE", "/session", (*request).apiSignOut)
	s.api("GET", "/me", (*request).apiMe)
}

// home is the first page of a role.
func home(role access.Role) string {
	switch role {
	case access.ParticipantRole:
		return "/me"
	case access.CaseManager:
		return "/today"
	case access.Supervisor:
		return "/team"
	case access.Administrator:
		return "/setup"
	case access.Auditor:
		return "/audit"
	case access.Guardian:
		return "/guardian"
	case access.Helper:
		return "/helper"
	default:
		return "/sign-in"
	}
}

func (r *request) firstPage() error { return r.go303(home(r.by.Role)) }

func (r *request) signInForm() (page.Chrome, page.Form) {
	c := r.chrome("", "sign_in.title")
	f := page.NewForm(c, "sign_in", "/sign-in", nil)
	f.Values.Set("next", safeNext(r.c.Query("next")))
	return c, f
}

func (r *request) showSignIn() error {
	if !r.by.ID.IsZero() {
		return r.go303(home(r.by.Role))
	}
	c, f := r.signInForm()
	return r.show(http.StatusOK, c, signin.SignIn{Chrome: c, Form: f, TimedOut: r.c.Query("timeout") == "1", Code: codePath(f.Values.Get("next"))}.Body())
}

func (r *request) signIn() error {
	var in account.Credentials
	err := r.bind(&in)
	if err == nil {
		err = check.Struct(in)
	}
	var token string
	if err == nil {
		token, err = r.s.account.SignIn(r.ctx(), in, account.Origin{IP: address(r.c), Device: r.device(in.Email)}, false)
	}
	if err != nil {
		if !correctable(err) && !errs.Is(err, errs.Unauthenticated) && !errs.Is(err, errs.TooMany) {
			return err
		}
		r.sayWhen(err)
		c, f := r.signInForm()
		next := safeNext(r.posted.Get("next"))
		r.posted.Del("password")
		f = f.Refused(r.posted, err)
		f.Values.Set("next", next)
		c.Failed = true
		return r.show(max(statusOf(err), 400), c, signin.SignIn{Chrome: c, Form: f, Code: codePath(next)}.Body())
	}
	r.s.setSession(r.c, token)
	r.knowDevice(in.Email)
	next := safeNext(r.posted.Get("next"))
	return r.go303(next)
}

func (r *request) signOut() error {
	if err := r.s.account.SignOut(r.ctx(), r.by, r.session.ID); err != nil {
		return err
	}
	return r.leave()
}

// touchSession answers "Stay signed in". It takes no submission, so the dialog's token serves again.
func (r *request) touchSession() error {
	if err := r.s.account.Touch(r.c.Request.Context(), r.session); err != nil {
		return err
	}
	r.c.Status(http.StatusNoContent)
	return nil
}

func (r *request) chooseLanguage() error {
	var in struct {
		Language string `json:"language" validate:"required,spoken"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := check.Struct(in); err != nil {
		return err
	}
	http.SetCookie(r.c.Writer, &http.Cookie{Name: "lang", Value: in.Language, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: r.s.secure, SameSite: http.SameSiteLaxMode})
	if !r.by.ID.IsZero() {
		if err := r.s.account.SetLanguage(r.ctx(), r.by, in.Language); err != nil {
			return err
		}
	}
	return r.go303(safeNext(r.posted.Get("next")))
}

// codePath is where a code is asked for, on the way to next.
func codePath(next string) string {
	if next == "" || next == "/" {
		return "/sign-in/code"
	}
	return "/sign-in/code?" + url.Values{"next": {next}}.Encode()
}

type sessionView struct {
	Token     string `json:"token"`
	ExpiresAt string `json:"expires_at"`
	User      meView `json:"user"`
}

type meView struct {
	ID          access.UserID        `json:"id"`
	Name        string               `json:"name"`
	Roles       []access.Role        `json:"roles"`
	Offices     []access.OfficeID    `json:"offices"`
	Agency      string               `json:"agency"`
	Language    string               `json:"language"`
	Participant access.ParticipantID `json:"participant_id"`
	May         []string             `json:"may"`
}

// me is who somebody is. A participant is told no id: they have no use for one, and nothing leads to it.
func (r *request) me(by access.Actor) meView {
	v := meView{ID: by.ID, Name: by.Name(), Roles: []access.Role{by.Role}, Offices: []access.OfficeID{}, Agency: by.AgencyName, Language: by.Language, Participant: by.Participant, May: []string{}}
	if by.Role == access.ParticipantRole {
		v.ID, v.Participant = access.UserID{}, access.ParticipantID{}
	}
	if !by.Office.IsZero() {
		v.Offices = append(v.Offices, by.Office)
	}
	for _, p := range access.Permissions() {
		if r.s.policy.Allows(by, p) {
			v.May = append(v.May, p.String())
		}
	}
	return v
}

func (r *request) apiSignIn() error {
	var in account.Credentials
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := check.Struct(in); err != nil {
		return err
	}
	token, err := r.s.account.SignIn(r.ctx(), in, account.Origin{IP: address(r.c)}, true)
	if err != nil {
		return err
	}
	found, err := r.s.account.Find(r.ctx(), token)
	if err != nil {
		return err
	}
	return r.created("/api/v1/session", sessionView{Token: token, ExpiresAt: found.ExpiresAt.UTC().Format("2006-01-02T15:04:05Z"), User: r.me(found.Actor)})
}

func (r *request) apiSignOut() error {
	if err := r.s.account.SignOut(r.ctx(), r.by, r.session.ID); err != nil {
		return err
	}
	r.c.Status(http.StatusNoContent)
	return nil
}

func (r *request) apiMe() error { return r.json(http.StatusOK, r.me(r.by)) }
