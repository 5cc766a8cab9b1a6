package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/world"
)

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "")
	b.get("/sign-in").is(200)
	b.post("/sign-in", url.Values{"email": {"dana@rivervalley.test"}, "password": {"wrong"}}).is(401)
	if strings.Contains(string(b.last.Body), `value="wrong"`) || !strings.Contains(string(b.last.Body), `value="dana@rivervalley.test"`) {
		t.Error("the form must keep the e-mail and forget the password")
	}
	b.post("/sign-in", url.Values{"email": {"DANA@rivervalley.test "}, "password": {world.Password}, "next": {"//evil.example"}}).is(303)
	if l := b.get("/").is(303).Header.Get("Location"); l != "/today" {
		t.Errorf("a case manager begins at %s", l)
	}
}

func TestTheAPISaysWhoIAm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.api(t, "marcus@rivervalley.test")
	me := a.do("GET", "/me", nil).is(200)
	if me.text("name") != "Marcus Oyelaran" || me.text("roles.0") != "supervisor" {
		t.Errorf("%s", me.Body)
	}
	a.do("DELETE", "/session", nil).is(204)
	a.do("GET", "/me", nil).is(401)
}

func TestUnknownAndKnownAddressesAnswerAlike(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := &script{t: t, s: s}
	strip := func(r reply) string {
		before, _, _ := strings.Cut(string(r.is(401).Body), `"request_id"`)
		return before
	}
	known := strip(a.do("POST", "/session", map[string]any{"email": "dana@rivervalley.test", "password": "x"}))
	unknown := strip(a.do("POST", "/session", map[string]any{"email": "nobody@nowhere.test", "password": "x"}))
	if known != unknown {
		t.Errorf("%s\n%s", known, unknown)
	}
}

func TestAFormWithoutItsTokenIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.post("/sign-out", url.Values{"form_token": {"none"}}).is(403)
}

func TestFailuresSlowFurtherTriesDown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := &script{t: t, s: s}
	for range 6 {
		a.do("POST", "/session", map[string]any{"email": "walt@rivervalley.test", "password": "no"})
	}
	r := a.do("POST", "/session", map[string]any{"email": "walt@rivervalley.test", "password": world.Password}).is(429)
	if r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
