package server_test

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"waymark/internal/world"
)

const better = "lantern orchard violet 7"

func TestMyOwnAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	page := string(b.get("/account").is(200).Body)
	if !strings.Contains(page, "Case manager") || !strings.Contains(page, "Main Street") || !strings.Contains(page, `value="Whitfield"`) {
		t.Error("the account must show role, office and name")
	}
	good := func() url.Values {
		return url.Values{"first_name": {"Dana"}, "last_name": {"Whitfield-Roy"}, "email": {"dana@rivervalley.test"}, "language": {"es"}, "roomy": {"yes"}, "version": {"1"}}
	}
	bad := good()
	bad.Set("email", "walt@rivervalley.test")
	if r := b.post("/account", bad).is(422); !strings.Contains(string(r.Body), "Whitfield-Roy") || !strings.Contains(string(r.Body), "Enter your password") {
		t.Error("a new e-mail asks for the password and what was typed stays")
	}
	bad.Del("form_token")
	bad.Set("password", world.Password)
	if r := b.post("/account", bad).is(422); !strings.Contains(string(r.Body), "signs in with this e-mail already") {
		t.Errorf("%s", r.Body)
	}
	b.get("/account")
	b.follow(b.post("/account", good()))
	if page := string(b.last.Body); !strings.Contains(page, `lang="es"`) || !strings.Contains(page, "Su cuenta está guardada.") {
		t.Error("the chosen language must hold at once")
	}
	b.post("/account", good()).is(409)
}

func TestANewPasswordEndsEveryOtherSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	here, there, script := s.browse(t, "dana@rivervalley.test"), s.browse(t, "dana@rivervalley.test"), s.api(t, "dana@rivervalley.test")
	here.get("/account").is(200)
	r := here.post("/account/password", url.Values{"current_password": {"wrong"}, "new_password": {better}, "again": {better}}).is(422)
	if strings.Contains(string(r.Body), better) {
		t.Error("passwords are never put back into a form")
	}
	here.post("/account/password", url.Values{"current_password": {world.Password}, "new_password": {"dana dana dana dana"}, "again": {"x"}}).is(422)
	before := cookie(here, s)
	here.follow(here.post("/account/password", url.Values{"current_password": {world.Password}, "new_password": {better}, "again": {better}})).is(200)
	if cookie(here, s) == before {
		t.Error("the session must get a new token")
	}
	there.get("/account").is(303)
	script.do("GET", "/me", nil).is(401)
	here.follow(here.post("/account/sessions/end", nil)).is(200)
	here.get("/account").is(303)
}

func cookie(b *browser, s *site) string {
	u, _ := url.Parse(s.http.URL)
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == "waymark" {
			return c.Value
		}
	}
	return ""
}

func TestForgottenPasswordsAnswerAlikeAndAreSlowedByAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := func(email string) string {
		b := s.browse(t, "")
		b.get("/password/forgot").is(200)
		return string(b.post("/password/forgot", url.Values{"email": {email}}).is(200).Body)
	}
	// The form token is a nonce: the only bytes that may differ.
	nonce := regexp.MustCompile(`name="form_token" value="[^"]*"`)
	alike := func(page string) string { return nonce.ReplaceAllString(page, "") }
	if alike(ask("dana@rivervalley.test")) != alike(ask("nobody@nowhere.test")) {
		t.Error("known and unknown must read alike")
	}
	b := s.browse(t, "")
	b.get("/password/forgot")
	b.post("/password/forgot", url.Values{"email": {"not an address"}}).is(422)
	for range 3 {
		ask("nobody@nowhere.test")
	}
	b.post("/password/forgot", url.Values{"email": {"nobody@nowhere.test"}}).is(429)
}

func TestAOneTimeLinkCountsOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin, walt := s.api(t, "admin@rivervalley.test"), s.api(t, "walt@rivervalley.test")
	link := admin.do("POST", "/users/"+s.Walt.ID.String()+"/reset-link", nil).is(201).text("link")
	path := strings.TrimPrefix(link, "http://localhost")
	if !strings.HasPrefix(path, "/password/reset/") {
		t.Fatalf("the link is %q", link)
	}
	b := s.browse(t, "")
	b.get(path).is(200)
	b.post(path, url.Values{"new_password": {"short"}, "again": {"short"}}).is(422)

	var wg sync.WaitGroup
	statuses := make(chan int, 4)
	for range 4 {
		wg.Go(func() {
			b := s.browse(t, "")
			statuses <- b.post(path, url.Values{"new_password": {better}, "again": {better}}).Status
		})
	}
	wg.Wait()
	close(statuses)
	counted := 0
	for status := range statuses {
		if status == 303 {
			counted++
		} else if status != 410 {
			t.Errorf("status %d", status)
		}
	}
	if counted != 1 {
		t.Errorf("%d uses counted, want exactly 1", counted)
	}
	walt.do("GET", "/me", nil).is(401)
	b.get(path).is(410)
	b.get("/password/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").is(410)
	walt.do("POST", "/session", map[string]any{"email": "walt@rivervalley.test", "password": better}).is(201)
	walt.do("POST", "/session", map[string]any{"email": "walt@rivervalley.test", "password": world.Password}).is(401)
}

func TestAnotherPersonCannotUseALink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	link := s.api(t, "admin@rivervalley.test").do("POST", "/users/"+s.Walt.ID.String()+"/reset-link", nil).is(201).text("link")
	path := strings.TrimPrefix(link, "http://localhost")
	dana := s.browse(t, "dana@rivervalley.test")
	dana.get(path).is(403)
	dana.get("/account")
	dana.post(path, url.Values{"new_password": {better}, "again": {better}}).is(403)
	s.api(t, "walt@rivervalley.test")
}

func TestInvitingAParticipant(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	person := dana.do("POST", "/participants", map[string]any{"first_name": "Rosa", "last_name": "Jiménez", "birth_date": "1990-02-03", "email": "rosa@example.test", "language": "es"}).is(201).text("id")
	at := "/participants/" + person + "/invitation"
	s.api(t, "kim@northcoast.test").do("POST", at, map[string]any{"email": "x@example.test"}).is(404)
	s.api(t, "auditor@rivervalley.test").do("POST", at, map[string]any{"email": "x@example.test"}).is(403)
	dana.do("POST", at, map[string]any{"email": "nonsense"}).is(422)

	b := s.browse(t, "dana@rivervalley.test")
	if r := b.get(at).is(200); !strings.Contains(string(r.Body), `value="rosa@example.test"`) {
		t.Error("the e-mail of the record is proposed")
	}
	r := b.post(at, url.Values{"email": {"rosa@example.test"}}).is(200)
	_, after, _ := strings.Cut(string(r.Body), "http://localhost/invitation/")
	path := "/invitation/" + after[:43]

	rosa := s.browse(t, "")
	if page := string(rosa.get(path).is(200).Body); !strings.Contains(page, "last_name") {
		t.Error("a participant confirms the last name")
	}
	rosa.post(path, url.Values{"last_name": {"Ramírez"}, "new_password": {better}, "again": {better}}).is(422)
	rosa.post(path, url.Values{"last_name": {"jiménez"}, "new_password": {better}, "again": {better}}).is(303)
	dana.do("POST", at, map[string]any{"email": "rosa@example.test"}).is(409)

	rosa.get("/sign-in")
	rosa.post("/sign-in", url.Values{"email": {"rosa@example.test"}, "password": {better}, "next": {"/"}}).is(303)
	rosa.get("/account").is(200)
	rosa.post("/account", url.Values{"first_name": {"Rosa"}, "last_name": {"Jiménez"}, "email": {"rosa2@example.test"}, "password": {better}, "language": {"es"}, "version": {"2"}}).is(303)
}
