package server

import (
	"encoding/json"
	"net/http"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/notice"
	"waymark/internal/page"
	accountpage "waymark/web/page/account"
)

func (s *Server) accountRoutes() {
	s.page("GET", "/account", (*request).showAccount)
	s.page("POST", "/account", (*request).changeAccount)
	s.page("POST", "/account/password", (*request).changePassword)
	s.page("POST", "/account/notices", (*request).changeNotices)
	s.button("/account/sessions/end", (*request).signOutEverywhere)

	s.publicPage("GET", "/password/forgot", (*request).showForgot)
	s.publicPage("POST", "/password/forgot", (*request).forgot)
	s.publicPage("GET", "/password/reset/:token", (*request).showReset)
	s.publicPage("POST", "/password/reset/:token", (*request).useReset)
	s.publicPage("GET", "/invitation/:token", (*request).showInvitation)
	s.publicPage("POST", "/invitation/:token", (*request).useInvitation)

	s.page("GET", "/participants/:participant/invitation", (*request).newInvitation)
	s.page("POST", "/participants/:participant/invitation", (*request).inviteParticipant)
	s.api("POST", "/participants/:participant/invitation", (*request).apiInviteParticipant)
	s.page("GET", "/participants/:participant/lost-phone", (*request).showLost)
	s.page("POST", "/participants/:participant/lost-phone", (*request).lostPhone)
	s.api("POST", "/participants/:participant/lost-phone", (*request).apiLostPhone)
}

func (r *request) showAccount() error { return r.accountPage(nil, nil, nil) }

// accountPage has three forms; each comes back with its own errors.
func (r *request) accountPage(profile, password, notices error) error {
	known, sessions, err := r.s.account.Own(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("account", "account.title")
	v := accountpage.Account{Profile: page.NewForm(c, "profile", "/account", known.ProfileInput), Password: page.NewForm(c, "password", "/account/password", nil), Role: known.Role, Office: known.Office, Codes: known.Codes}
	v.Profile.Version = known.Version
	status := http.StatusOK
	if profile != nil {
		r.posted.Del("password")
		v.Profile, status, c.Failed = v.Profile.Refused(r.posted, profile), statusOf(profile), true
	}
	if password != nil {
		v.Password, status, c.Failed = v.Password.Refused(nil, password), statusOf(password), true
	}
	if known.Role == access.ParticipantRole {
		chosen, err := r.s.notice.Own(r.c.Request.Context(), r.by)
		if err != nil {
			return err
		}
		v.Notices, v.Chosen = page.NewForm(c, "notices", "/account/notices", chosen.Choice), chosen
		if notices != nil {
			v.Notices, status, c.Failed = v.Notices.Refused(r.posted, notices), statusOf(notices), true
		}
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, accountpage.Session{Since: s.Created.Add(r.ahead()), Seen: s.Seen.Add(r.ahead()), Script: s.Bearer, Here: s.ID == r.session.ID})
	}
	v.Chrome = c
	return r.show(status, c, v.Body())
}

// ahead is how far the demonstration's clock is from the real one, by which sessions live.
func (r *request) ahead() time.Duration { return r.now.Sub(r.session.Now).Round(time.Minute) }

func (r *request) changeAccount() error {
	var in account.ProfileInput
	version, err := r.version()
	if err == nil {
		err = r.bind(&in)
	}
	if err == nil {
		err = r.s.account.ChangeProfile(r.ctx(), r.by, version, in, address(r.c))
	}
	if correctable(err) || errs.Is(err, errs.TooMany) {
		return r.accountPage(err, nil, nil)
	}
	if err != nil {
		return err
	}
	return r.done("account.saved", "/account")
}

func (r *request) changePassword() error {
	var in account.PasswordInput
	err := r.bind(&in)
	token := ""
	if err == nil {
		token, err = r.s.account.ChangePassword(r.ctx(), r.by, in, address(r.c))
	}
	if correctable(err) || errs.Is(err, errs.TooMany) {
		return r.accountPage(nil, err, nil)
	}
	if err != nil {
		return err
	}
	r.s.setSession(r.c, token)
	return r.done("account.password_changed", "/account")
}

func (r *request) changeNotices() error {
	var in notice.Choice
	err := r.bind(&in)
	if err == nil {
		err = r.s.notice.Choose(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.accountPage(nil, nil, err)
	}
	if err != nil {
		return err
	}
	return r.done("notices.saved", "/account")
}

func (r *request) signOutEverywhere() error {
	if err := r.s.account.SignOutEverywhere(r.ctx(), r.by); err != nil {
		return err
	}
	return r.leave()
}

// leave takes the cookie away and empties what the browser kept.
func (r *request) leave() error {
	http.SetCookie(r.c.Writer, &http.Cookie{Name: r.s.cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: r.s.secure, SameSite: http.SameSiteLaxMode})
	r.c.Header("Clear-Site-Data", `"cache", "storage"`)
	return r.go303("/sign-in")
}

func (r *request) forgotForm() (page.Chrome, page.Form) {
	c := r.chrome("", "forgot.title")
	return c, page.NewForm(c, "forgot", "/password/forgot", nil)
}

func (r *request) showForgot() error {
	c, f := r.forgotForm()
	return r.show(http.StatusOK, c, accountpage.Forgot{Chrome: c, Form: f}.Body())
}

func (r *request) forgot() error {
	var in struct {
		Email string `json:"email" validate:"required,email,max=254"`
	}
	err := r.bind(&in)
	if err == nil {
		err = check.Struct(in)
	}
	if err == nil {
		err = r.s.account.Forgot(r.c.Request.Context(), in.Email, address(r.c))
	}
	c, f := r.forgotForm()
	if correctable(err) || errs.Is(err, errs.TooMany) {
		c.Failed = true
		return r.show(statusOf(err), c, accountpage.Forgot{Chrome: c, Form: f.Refused(r.posted, err)}.Body())
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, c, accountpage.Forgot{Chrome: c, Form: f, Sent: true}.Body())
}

func (r *request) showReset() error      { return r.linkPage(account.Reset, nil) }
func (r *request) showInvitation() error { return r.linkPage(account.Invitation, nil) }
func (r *request) useReset() error       { return r.useLink(account.Reset) }
func (r *request) useInvitation() error  { return r.useLink(account.Invitation) }

// linkPage asks whoever holds a link for their new password. Somebody else who is signed in here is refused.
func (r *request) linkPage(purpose account.Purpose, refused error) error {
	l, err := r.s.account.FindLink(r.c.Request.Context(), r.c.Param("token"), purpose)
	if err != nil {
		return err
	}
	if l.Usable && !r.by.ID.IsZero() && r.by.ID != l.User {
		return errs.New(errs.Forbidden, "link.other_person")
	}
	if l.Usable {
		r.speak(l.Lang)
	}
	name := map[account.Purpose]string{account.Reset: "reset", account.Invitation: "invitation"}[purpose]
	c := r.chrome("", name+".title")
	v := accountpage.Link{Chrome: c, Purpose: name, Usable: l.Usable, Confirm: l.Confirm, Free: l.Free, Codes: l.Codes}
	status := http.StatusOK
	if !l.Usable {
		status = http.StatusGone
	}
	v.Form = page.NewForm(c, "new_password", c.Path, nil)
	if refused != nil {
		status, v.Failed = statusOf(refused), true
		r.posted.Del("new_password")
		r.posted.Del("again")
		v.Form = v.Form.Refused(r.posted, refused)
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) useLink(purpose account.Purpose) error {
	l, err := r.s.account.FindLink(r.c.Request.Context(), r.c.Param("token"), purpose)
	if err != nil {
		return err
	}
	if !l.Usable || !r.by.ID.IsZero() && r.by.ID != l.User {
		return r.linkPage(purpose, nil)
	}
	var in account.NewPassword
	token := ""
	if err = r.bind(&in); err == nil {
		token, err = r.s.account.UseLink(r.c.Request.Context(), r.c.Param("token"), purpose, in)
	}
	switch {
	case correctable(err):
		return r.linkPage(purpose, err)
	case errs.Is(err, errs.NotFound):
		return r.linkPage(purpose, nil)
	case err != nil:
		return err
	}
	if token != "" {
		r.s.setSession(r.c, token)
		return r.done("invitation.accepted", "/")
	}
	return r.done("password.set", "/sign-in")
}

func (r *request) newInvitation() error { return r.invitationPage(nil) }

func (r *request) invitationPage(refused error) error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	i, err := r.s.account.Invitee(r.c.Request.Context(), r.by, person)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "participant_invitation.title", map[string]any{"name": i.Name()})
	f := page.NewForm(c, "participant_invitation", c.Path, account.InvitationInput{Email: i.Email, By: "email"})
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, accountpage.Invite{Chrome: c, Form: f, Name: i.Name(), Back: "/participants/" + person.String()}.Body())
}

func (r *request) invite() (made account.Linked, err error) {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return made, err
	}
	var in account.InvitationInput
	if err := r.bind(&in); err != nil {
		return made, err
	}
	return r.s.account.InviteParticipant(r.ctx(), r.by, person, in)
}

func (r *request) inviteParticipant() error {
	made, err := r.invite()
	if correctable(err) {
		return r.invitationPage(err)
	}
	if err != nil {
		return err
	}
	return r.linkOnce(made, "/participants/"+made.ParticipantID.String())
}

func (r *request) apiInviteParticipant() error {
	made, err := r.invite()
	if err != nil {
		return err
	}
	return r.createdLink("/api/v1/participants/"+made.ParticipantID.String(), made)
}

func (r *request) showLost() error { return r.lostPage(nil) }

// lostPage asks where somebody can be reached now whose telephone or address was lost.
func (r *request) lostPage(refused error) error {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return err
	}
	i, err := r.s.account.Invitee(r.c.Request.Context(), r.by, person)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "lost_phone.title", map[string]any{"name": i.Name()})
	f := page.NewForm(c, "lost_phone", c.Path, account.LostInput{Email: i.Email, By: "email"})
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, accountpage.Lost{Chrome: c, Form: f, Name: i.Name(), Back: "/participants/" + person.String()}.Body())
}

func (r *request) lose() (made account.Linked, err error) {
	person, err := param[access.Participant](r, "participant")
	if err != nil {
		return made, err
	}
	var in account.LostInput
	if err := r.bind(&in); err != nil {
		return made, err
	}
	return r.s.account.Lost(r.ctx(), r.by, person, in)
}

func (r *request) lostPhone() error {
	made, err := r.lose()
	if correctable(err) {
		return r.lostPage(err)
	}
	if err != nil {
		return err
	}
	return r.linkOnce(made, "/participants/"+made.ParticipantID.String())
}

func (r *request) apiLostPhone() error {
	made, err := r.lose()
	if err != nil {
		return err
	}
	return r.createdLink("/api/v1/participants/"+made.ParticipantID.String(), made)
}

// linkOnce shows a one-time link the only time that it can be shown. Sending the form again leads
// back instead: the link is stored nowhere.
func (r *request) linkOnce(made account.Linked, back string) error {
	c := r.chrome("", "link_once.title", map[string]any{"name": made.Name()})
	if err := r.show(http.StatusOK, c, accountpage.LinkOnce{Chrome: c, Name: made.Name(), Email: made.Email, Link: made.Link, Invited: made.Invited, ByText: r.posted.Get("by") == "text", Back: back}.Body()); err != nil {
		return err
	}
	r.answer = answer{status: http.StatusSeeOther, location: back}
	return nil
}

// createdLink answers a script with the link, and keeps the answer without it.
func (r *request) createdLink(location string, made account.Linked) error {
	r.versioned(made.Version)
	if err := r.created(location, made); err != nil {
		return err
	}
	kept := r.answer
	made.Link = ""
	body, err := json.Marshal(made)
	kept.body = body
	r.answer = kept
	return err
}
