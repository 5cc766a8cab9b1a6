package browser

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// Inés is 17 and has a plan to sign. Marta, who signs beside her, and Hugo, who looks on for Rosa, have no
// password: they come in by their own link and a code.
const (
	ines  = "ines@rivervalley.test"
	marta = "marta@rivervalley.test"
	hugo  = "hugo@rivervalley.test"
)

var beside = map[string]string{marta: "/guardian", hugo: "/helper"}

var withLink = regexp.MustCompile(`/with/[\w-]+`)

// linkOf is the path of the link that was sent to somebody beside a participant.
func (s *stage) linkOf(t *testing.T, email string) string {
	t.Helper()
	path := withLink.FindString(s.look(t, `select body from outbox where recipient = '`+email+`' and kind in ('guardian', 'helper') order by created_at desc, id desc`, nil))
	if path == "" {
		t.Fatalf("no link was sent to %s", email)
	}
	return path
}

// companion follows the link and enters the code; whoever asks later goes on in the same session.
func (s *stage) companion(t *testing.T, email string) visitor {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, in := s.companions[email]; in {
		if answer, _ := r.get(t, s.base+beside[email]); answer.StatusCode == http.StatusOK {
			return r
		}
	}
	jar, _ := cookiejar.New(nil)
	r := visitor{email, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	link := s.linkOf(t, email)
	_, form := r.get(t, s.base+link)
	s.post(t, r, link+"/code", url.Values{"form_token": {hidden(form, "form_token")}})
	code := sixDigits.FindString(s.look(t, `select body from outbox where recipient = '`+email+`' and kind = 'code' order by created_at desc, id desc`, nil))
	_, form = r.get(t, s.base+link)
	s.post(t, r, link, url.Values{"code": {code}, "form_token": {hidden(form, "form_token")}})
	if answer, _ := r.get(t, s.base+beside[email]); answer.StatusCode != http.StatusOK {
		t.Fatalf("%s cannot come in: %d", email, answer.StatusCode)
	}
	s.companions[email] = r
	return r
}

// comeIn gives the tab the session of somebody beside a participant.
func (b *tab) comeIn(email string) {
	b.t.Helper()
	r := b.s.companion(b.t, email)
	at, _ := url.Parse(b.s.base)
	for _, c := range r.http.Jar.Cookies(at) {
		b.run(network.SetCookie(c.Name, c.Value).WithURL(b.s.base).WithHTTPOnly(true))
	}
	b.open(beside[email])
}
