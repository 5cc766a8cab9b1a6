package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/pg"
)

// linkTo is the newest link for somebody beside a participant that was sent to an address.
func (s *site) linkTo(t testing.TB, to string) string {
	t.Helper()
	list := s.outbox(t, to)
	for _, one := range slices.Backward(list) {
		if found := withLink.FindStringSubmatch(one); found != nil {
			return found[1]
		}
	}
	t.Fatalf("no link in %q", list)
	return ""
}

// comesIn follows that link and enters the code that is sent to the same address.
func (s *site) comesIn(t testing.TB, to string) *browser {
	t.Helper()
	b, at := s.browse(t, ""), "/with/"+s.linkTo(t, to)
	b.get(at).is(200)
	b.post(at+"/code", url.Values{}).is(200)
	sent := s.outbox(t, to)
	b.post(at, url.Values{"code": {sixDigits.FindString(sent[len(sent)-1])}}).is(303)
	return b
}

// minor makes somebody 17 for one more day.
func (s *site) minor(t testing.TB, of enrolled) {
	t.Helper()
	s.sql(t, s.Dana, `update participants set birth_date = '2008-11-24' where agency_id = :agency and id = :id`, pg.Args{"id": of.Person})
}

func TestAGuardianSignsFromTheirOwnLinkUntilThePersonIsEighteen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	s.minor(t, of)
	guardian := "/cases/" + of.Case.String() + "/guardian"
	dana.do("POST", guardian+"/link", nil).is(409)
	dana.do("POST", guardian, map[string]any{"name": "Ana Jiménez", "relation": "parent"}).is(201)
	if r := dana.do("POST", guardian+"/link", nil).is(409); r.text("type") != "urn:waymark:problem:guardian.no_way" {
		t.Errorf("%s", r.Body)
	}
	dana.do("POST", guardian, map[string]any{"name": "Ana Jiménez", "relation": "parent", "email": "ana@beside.test", "language": "es"}).is(201)
	has(t, s.browse(t, "dana@rivervalley.test").get("/cases/"+of.Case.String()+"/beside").is(200), "Ana Jiménez", "Replaced Nov 23, 2026", "Send a link to sign")
	p := dana.submits(at, nil).is(200)
	dana.do("POST", guardian+"/link", nil).is(200)
	ana := s.comesIn(t, "ana@beside.test")
	page := ana.get("/guardian").is(200)
	has(t, page, `<html lang="es"`, "El plan de Rosa en breve", "Rosa habla con Dana Whitfield", "Quality inspector", p.text("sha256"), "papel")
	sign := func(name string) reply {
		return ana.post("/guardian", url.Values{"consent": {"yes"}, "name": {name}, "sha256": {p.text("sha256")}})
	}
	has(t, sign("Eva Ruiz").is(422), "Ana Jiménez")
	ana.follow(sign("ana jimenez")).is(200)
	kept := dana.do("GET", at+"?version=1", nil).is(200)
	kept.all(map[string]string{"signatures.0.role": "guardian", "signatures.0.method": "online", "signatures.0.auth": "code", "signatures.0.consent_version": "esign-2026-11/es"})
	has(t, ana.get("/guardian/print").is(200), "ana jimenez", "Signed online")
	for _, closed := range []string{"/", "/me", "/me/plan", "/cases/" + of.Case.String(), "/account", "/me/messages", "/helper", "/today"} {
		if r := ana.get(closed); r.Status != 404 && r.Header.Get("Location") != "/guardian" {
			t.Errorf("%s is open to a guardian: %d %s", closed, r.Status, r.Header.Get("Location"))
		}
	}
	for _, m := range []map[string]any{{"role": "participant", "method": "in_person", "name": "Rosa Jiménez"}, {"role": "case_manager", "method": "online", "name": "Dana Whitfield"}} {
		dana.do("POST", at+"/signatures", m).is(201)
	}
	if n := dana.do("GET", "/today", nil).is(200); n.text("of_age.0.name") != "" {
		t.Errorf("%s", n.Body)
	}

	s.SetTime(time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)) // the birthday
	ana.get("/guardian/print").is(404)
	has(t, ana.get("/guardian").is(200), "no hay nada que firmar")
	out := s.browse(t, "")
	out.get("/with/" + s.linkTo(t, "ana@beside.test")).is(http.StatusGone)
	browser := s.browse(t, "dana@rivervalley.test")
	has(t, browser.get(at+"/print").is(200), "ana jimenez", "Parent or guardian") // the paper loses no mark
	has(t, browser.get("/today").is(200), "Rosa Jiménez turned 18", "Ana Jiménez signs no more")
	next := dana.do("POST", at, map[string]any{"change_reason": "Adds an English class"}).is(201)
	if next.text("number") != "2" {
		t.Errorf("%s", next.Body)
	}
	dana.submits(at, nil).is(200)
	if r := dana.do("POST", at+"/signatures", map[string]any{"role": "guardian", "method": "in_person", "name": "Ana Jiménez"}).is(422); r.text("errors.0.code") != "guardian_of_age" {
		t.Errorf("%s", r.Body)
	}
	if end := signedAs(t, dana, at, "Rosa Jiménez"); end.text("state") != "in_force" || end.text("number") != "2" {
		t.Errorf("the participant alone: %s", end.Body)
	}
	browser.get("/cases/" + of.Case.String() + "/beside").is(200)
	browser.follow(browser.post(guardian+"/end", url.Values{})).is(200)
	if r := browser.get("/today").is(200); strings.Contains(string(r.Body), "turned 18") {
		t.Error("the task still stands")
	}
	dana.do("GET", "/cases/"+of.Case.String()+"/beside", nil).is(200).all(map[string]string{"past_guardians.0.end_reason": "of_age", "minor": "false"})
	dana.do("POST", guardian, map[string]any{"name": "Eva Ruiz", "relation": "parent"}).is(409)
}

// signedAs is signedPlan without the sending.
func signedAs(t testing.TB, dana *script, at, name string) reply {
	t.Helper()
	dana.do("POST", at+"/signatures", map[string]any{"role": "participant", "method": "in_person", "name": name}).is(201)
	return dana.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}).is(201)
}

func TestALinkBesideAParticipantOpensNothingWithoutItsCode(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.api(t, rosa.Email).do("POST", "/me/helpers", map[string]any{"name": "Hugo", "relation": "friend", "email": "hugo@beside.test"}).is(201)
	at := "/with/" + s.linkTo(t, "hugo@beside.test")
	b := s.browse(t, "")
	page := b.get(at).is(200)
	if text := string(page.Body); strings.Contains(text, "Rosa") || strings.Contains(text, "Hugo") || strings.Contains(text, "hugo@") {
		t.Error("the page of a link names somebody")
	}
	b.get("/helper").is(303)
	b.post(at, url.Values{"code": {"000000"}}).is(422)
	b.post(at+"/code", url.Values{}).is(200)
	sent := s.outbox(t, "hugo@beside.test")
	code := sixDigits.FindString(sent[len(sent)-1])
	for _, text := range sent {
		if strings.Contains(text, "Rosa") || strings.Contains(text, "Jiménez") {
			t.Errorf("the message names the participant: %q", text)
		}
	}
	altered := at[:len(at)-1] + map[bool]string{true: "A", false: "B"}[at[len(at)-1] != 'A']
	b.get(altered).is(http.StatusGone)
	b.post(altered, url.Values{"code": {code}}).is(http.StatusGone)

	var in sync.Mutex
	opened := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			one := s.browse(t, "")
			if r := one.post(at, url.Values{"code": {code}}); r.Status == 303 {
				in.Lock()
				opened++
				in.Unlock()
			}
		})
	}
	all.Wait()
	if opened != 1 {
		t.Errorf("one code opened %d sessions", opened)
	}
}

func TestAParticipantEndsWhatAHelperSeesAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.planned(t, rosa)
	own := s.browse(t, rosa.Email)
	has(t, own.get("/me/rights").is(200), `href="/me/helpers"`)
	own.get("/me/helpers").is(200)
	own.post("/me/helpers", url.Values{"name": {"Hugo Prado"}, "relation": {"friend"}}).is(422)
	own.get("/me/helpers").is(200)
	own.follow(own.post("/me/helpers", url.Values{"name": {"Hugo Prado"}, "relation": {"friend"}, "email": {"hugo@beside.test"}, "language": {"en"}})).is(200)
	hugo := s.comesIn(t, "hugo@beside.test")
	has(t, hugo.follow(hugo.get("/")).is(200), `<html lang="en"`, "What is next for Rosa", "Dana", "May 22, 2027")
	has(t, own.get("/me/record").is(200), "Hugo Prado", "Ayudante")
	list := s.api(t, rosa.Email).do("GET", "/me/helpers", nil).is(200)
	luis := s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	s.api(t, luis.Email).do("POST", "/me/helpers/"+list.text("items.0.id")+"/end", nil).is(404)
	hugo.get("/helper").is(200)
	own.get("/me/helpers").is(200)
	own.follow(own.post("/me/helpers/"+list.text("items.0.id")+"/end", url.Values{})).is(200)
	if r := hugo.get("/helper"); r.Status != 303 || !strings.HasPrefix(r.Header.Get("Location"), "/sign-in") {
		t.Errorf("the session goes on: %d", r.Status)
	}
	s.browse(t, "").get("/with/" + s.linkTo(t, "hugo@beside.test")).is(http.StatusGone)
	if n := s.count(t, `select count(*) from audit_log where participant_id = :person and action in ('helper.named', 'helper.ended')`, pg.Args{"person": rosa.Person}); n != 2 {
		t.Errorf("%d rows of the helper in the audit", n)
	}

	again := s.api(t, rosa.Email)
	again.do("POST", "/me/helpers", map[string]any{"name": "Ines", "relation": "worker", "email": "ines@beside.test"}).is(201)
	ines := s.comesIn(t, "ines@beside.test")
	s.SetTime(time.Date(2027, 5, 22, 15, 0, 0, 0, time.UTC))
	ines.get("/helper").is(200)
	s.SetTime(time.Date(2027, 5, 23, 15, 0, 0, 0, time.UTC))
	ines.get("/helper").is(404)
	s.browse(t, "").get("/with/" + s.linkTo(t, "ines@beside.test")).is(http.StatusGone)
}

func TestAHelperComesUponNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", otherCanary, "en")
	s.manufacturing(t, s.Dana, rosa)
	appointment := s.planned(t, rosa)
	hidden := append(s.secrets(t, rosa, staffCanary), s.secrets(t, luis, otherCanary)...)
	own := s.api(t, rosa.Email)
	const private = "CANARY-OF-ROSA-77a"
	own.do("POST", "/me/answers", map[string]any{"message": private}).is(201)
	own.do("POST", "/me/complaints", map[string]any{"bases": []string{"age"}, "what": private, "happened_on": "2026-11-02"}).is(201)
	dana := s.api(t, "dana@rivervalley.test")
	shared := dana.upload("/cases/"+rosa.Case.String()+"/documents", url.Values{"kind": {"school"}, "title": {private}, "visibility": {"shared"}}, "a.pdf", pdfPaper).is(201).text("id")
	dana.do("POST", "/cases/"+rosa.Case.String()+"/notes", map[string]any{"subject": private, "body": private, "visibility": "shared"}).is(201)
	own.do("POST", "/me/helpers", map[string]any{"name": "Hugo", "relation": "friend", "email": "hugo@beside.test"}).is(201)
	hugo := s.comesIn(t, "hugo@beside.test")
	c := &crawl{t: t, s: s, me: hugo, api: &script{t: t, s: s}, seen: map[string]bool{"/sign-out": true}, got: map[string]string{}}
	values := map[string][]string{
		"case": {rosa.Case.String()}, "participant": {rosa.Person.String()}, "document": {shared}, "appointment": {appointment}, "note": hidden[:1],
		"key": {"message"}, "section": {"about"}, "topic": {"computer"},
	}
	for _, rt := range s.Routes() {
		if rt.Method != "GET" {
			continue
		}
		for _, path := range filled(rt.Path, values, s.Dana.ID.String()) {
			c.open(path)
		}
	}
	never := slices.Concat([]string{staffCanary, otherCanary, private, canary, "Delgado", rosa.Person.String(), rosa.Case.String()}, hidden)
	open := 0
	for path, text := range c.got {
		asked := strings.ReplaceAll(text, path, "")
		for _, word := range never {
			if strings.Contains(asked, word) {
				t.Errorf("%s tells a helper %q", path, word)
			}
		}
		if strings.HasPrefix(text, "200") {
			open++
		}
	}
	if strings.ContainsAny(strings.SplitN(c.got["/helper"], "<main", 2)[1], "$") {
		t.Error("a helper reads what is paid")
	}
	if !strings.Contains(c.got["/helper"], "Inglés para el trabajo") && !strings.Contains(c.got["/helper"], "English for work") {
		t.Errorf("the crawl never came upon the milestones: %.600s", c.got["/helper"])
	}
	t.Logf("%d addresses, %d open", len(c.got), open)
	for _, change := range []string{"/me/answers", "/me/plan/sign", "/me/feeling", "/guardian"} {
		hugo.get("/helper").is(200)
		hugo.post(change, url.Values{"body": {"x"}, "feeling": {"good"}}).is(404)
	}
}
