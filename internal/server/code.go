package server

import (
	"net/http"
	"net/url"

	"waymark/internal/account"
	"waymark/internal/errs"
	"waymark/internal/page"
	"waymark/web/page/signin"
)

func (s *Server) codeRoutes() {
	s.publicPage("GET", "/sign-in/code", (*request).showAskCode)
	s.publicPage("POST", "/sign-in/code", (*request).askCode)
	s.publicPage("GET", "/sign-in/code/enter", (*request).showEnterCode)
	s.publicPage("POST", "/sign-in/code/enter", (*request).enterCode)
	s.publicPage("GET", "/sign-in/link/:token", (*request).showSignInLink)
	s.publicPage("POST", "/sign-in/link/:token", (*request).useSignInLink)
	s.page("POST", "/account/code", (*request).sendOwnCode)
}

// askCookie is what the browser that asked for a code keeps: a code works in no other.
const askCookie = "ask"

func (r *request) setAsk(ask string, seconds int) {
	http.SetCookie(r.c.Writer, &http.Cookie{Name: askCookie, Value: ask, Path: "/sign-in", MaxAge: seconds, HttpOnly: true, Secure: r.s.secure, SameSite: http.SameSiteLaxMode})
}

func (r *request) showAskCode() error { return r.askCodePage(nil) }

func (r *request) askCodePage(refused error) error {
	c := r.chrome("", "code_ask.title")
	f := page.NewForm(c, "code_ask", "/sign-in/code", nil)
	f.Values.Set("next", safeNext(r.c.Query("next")))
	status := http.StatusOK
	if refused != nil {
		next := safeNext(r.posted.Get("next"))
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
		f.Values.Set("next", next)
	}
	return r.show(status, c, signin.AskCode{Chrome: c, Form: f}.Body())
}

// askCode answers alike, whatever was typed: with the page where the code is entered.
func (r *request) askCode() error {
	var in account.AskInput
	err := r.bind(&in)
	ask := ""
	if err == nil {
		ask, err = r.s.account.AskCode(r.c.Request.Context(), in, address(r.c))
	}
	if correctable(err) || errs.Is(err, errs.TooMany) {
		return r.askCodePage(err)
	}
	if err != nil {
		return err
	}
	r.setAsk(ask, int(account.CodeLife.Seconds()))
	return r.go303("/sign-in/code/enter?" + url.Values{"next": {safeNext(r.posted.Get("next"))}}.Encode())
}

func (r *request) showEnterCode() error { return r.enterCodePage(nil) }

func (r *request) enterCodePage(refused error) error {
	c := r.chrome("", "code_enter.title")
	f := page.NewForm(c, "code_enter", "/sign-in/code/enter", nil)
	next := safeNext(r.c.Query("next"))
	v := signin.EnterCode{Demo: r.s.demo}
	status := http.StatusOK
	if refused != nil {
		next = safeNext(r.posted.Get("next"))
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
		v.Born = r.posted.Has("birth_date") || f.Field("birth_date").Error != ""
	}
	f.Values.Set("next", next)
	v.Chrome, v.Form = c, f
	return r.show(status, c, v.Body())
}

func (r *request) enterCode() error {
	var in account.CodeInput
	err := r.bind(&in)
	token := ""
	if err == nil {
		ask, _ := r.c.Cookie(askCookie)
		token, err = r.s.account.UseCode(r.c.Request.Context(), ask, in, address(r.c))
	}
	if correctable(err) {
		return r.enterCodePage(err)
	}
	if err != nil {
		return err
	}
	return r.enter(token, safeNext(r.posted.Get("next")))
}

// enter begins the session that a code or a link opened.
func (r *request) enter(token, next string) error {
	r.setAsk("", -1)
	r.s.setSession(r.c, token)
	return r.go303(next)
}

func (r *request) showSignInLink() error { return r.signInLinkPage(nil) }

// signInLinkPage has one button: a link that is only opened, as mail scanners do, is not used up.
func (r *request) signInLinkPage(refused error) error {
	c := r.chrome("", "sign_in_link.title")
	v := signin.Link{Form: page.NewForm(c, "sign_in_link", c.Path, nil)}
	status := http.StatusOK
	if refused != nil {
		c.Failed = true
		v.Form = v.Form.Refused(r.posted, refused)
		status, v.Born = statusOf(refused), r.posted.Has("birth_date") || v.Form.Field("birth_date").Error != ""
		if account.Over(refused) {
			status, v.Over = http.StatusGone, true
			v.Form.Errors = nil
		}
	}
	v.Chrome = c
	return r.show(status, c, v.Body())
}

func (r *request) useSignInLink() error {
	var in account.LinkInput
	err := r.bind(&in)
	token := ""
	if err == nil {
		token, err = r.s.account.UseSignInLink(r.c.Request.Context(), r.c.Param("token"), in, address(r.c))
	}
	if correctable(err) {
		return r.signInLinkPage(err)
	}
	if err != nil {
		return err
	}
	return r.enter(token, "/")
}

// sendOwnCode sends a code to whoever has no password, to confirm something with.
func (r *request) sendOwnCode() error {
	var in account.OwnCodeInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.account.SendOwnCode(r.ctx(), r.by, in); err != nil {
		return err
	}
	return r.done("own_code.sent", safeNext(r.posted.Get("next")))
}
