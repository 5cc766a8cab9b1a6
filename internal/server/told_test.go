package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// profile is the form of one's own account, filled in as it is shown, but for some fields.
func (b *browser) profile(t *testing.T, change url.Values) reply {
	t.Helper()
	doc := b.get("/account").is(200)
	v := url.Values{"first_name": {"Rosa"}, "last_name": {"Jiménez"}, "language": {"en"}, "email": {""}, "version": {between(string(doc.Body), `name="version" value="`, `"`)}}
	for k, list := range change {
		v[k] = list
	}
	return b.post("/account", v)
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// texting is a participant who signs in by text alone: no e-mail anywhere.
func (s *site) texting(t *testing.T) (person string, at *browser) {
	t.Helper()
	dana := s.api(t, "dana@rivervalley.test")
	person = dana.do("POST", "/participants", body{"first_name": "Rosa", "last_name": "Jiménez", "phone": "207-555-0177", "texts_ok": true, "language": "en"}).is(201).text("id")
	link := dana.do("POST", "/participants/"+person+"/invitation", body{"by": "text"}).is(201).text("link")
	at = s.browse(t, "")
	at.get(strings.TrimPrefix(link, "http://localhost")).is(200)
	at.post(strings.TrimPrefix(link, "http://localhost"), url.Values{"last_name": {"jiménez"}}).is(303)
	return person, at
}

func TestWhoeverSignsInByTextSavesTheirAccountWithoutAnEMail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, at := s.texting(t)
	at.follow(at.profile(t, url.Values{"last_name": {"Jiménez Ruiz"}})).is(200)
	if n := s.count(t, `select count(*) from users where last_name = 'Jiménez Ruiz' and email = ''`, pg.Args{}); n != 1 {
		t.Error("the account is not saved")
	}
	luis := s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	if r := s.browse(t, luis.Email).profile(t, url.Values{"first_name": {"Luis"}, "last_name": {"Ortega"}}); r.Status != 422 {
		t.Errorf("somebody with a password loses their address: %d", r.Status)
	}
}

func TestParticipantsChooseWhatTheyAreToldAndWhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	person, at := s.texting(t)
	choose := func(v url.Values) reply {
		at.get("/account").is(200)
		return at.post("/account/notices", v)
	}
	if r := choose(url.Values{"channel": {"text"}, "appointment": {"yes"}}); r.Status != 422 || !strings.Contains(string(r.Body), "say that it is safe") {
		t.Errorf("texts without a word on who sees them: %d", r.Status)
	}
	if r := choose(url.Values{"channel": {"email"}}); r.Status != 422 || !strings.Contains(string(r.Body), "We have no e-mail for you") {
		t.Errorf("mail to nowhere: %d", r.Status)
	}
	at.follow(choose(url.Values{"channel": {"text"}, "safe": {"yes"}, "appointment": {"yes"}, "message": {"yes"}})).is(200)
	has(t, at.get("/account"), "You said yes to texts to (207) 555-0177 on")
	if n := s.count(t, `select count(*) from participants p join notice_choices n on n.participant_id = p.id where p.id = cast(:id as uuid) and p.safe_to_leave_message and p.texts_ok_at is not null and n.appointment and not n.todo`, pg.Args{"id": person}); n != 1 {
		t.Error("the choice is not kept")
	}
	// What waits when they choose otherwise is not sent any more; a code that they asked for is.
	of := s.api(t, emails["dana"]).do("POST", "/participants/"+person+"/cases", body{}).is(201).text("id")
	for _, kind := range []string{"appointment", "message", "code"} {
		s.sql(t, s.Dana, `insert into outbox (agency_id, id, channel, recipient, subject, body, kind, case_id) values (:agency, :id, 'text', '+12075550177', '', 'x', :kind, cast(:case_id as uuid))`,
			pg.Args{"id": id.New[access.Case](), "kind": kind, "case_id": of})
	}
	waiting := func() int {
		return s.count(t, `select count(*) from outbox where recipient = '+12075550177' and failed = '' and body = 'x'`, pg.Args{})
	}
	at.follow(choose(url.Values{"channel": {"text"}, "safe": {"yes"}, "message": {"yes"}})).is(200)
	if n := waiting(); n != 2 {
		t.Errorf("%d texts wait without those on appointments, want 2", n)
	}
	at.follow(choose(url.Values{"channel": {"none"}})).is(200)
	if n := waiting(); n != 1 {
		t.Errorf("%d texts wait for somebody who wants none, want the code alone", n)
	}
	if err := s.DB.Write(t.Context(), s.Dana, func(tx *pg.Tx) error { return sms.StopFor(tx, s.Dana, "2075550177") }); err != nil {
		t.Fatal(err)
	}
	has(t, at.get("/account"), "You wrote STOP")
	if r := choose(url.Values{"channel": {"text"}, "safe": {"yes"}}); r.Status != 422 {
		t.Errorf("texts after STOP: %d", r.Status)
	}
	dana := s.browse(t, "dana@rivervalley.test")
	dana.get("/account").is(200)
	if r := dana.post("/account/notices", url.Values{"channel": {"none"}}); r.Status != 403 || strings.Contains(string(r.Body), "open too long") {
		t.Errorf("staff: %d", r.Status)
	}
}

// A participant without a password signs with a code, by text or by e-mail as they choose.
func TestAPlanIsSignedWithACodeByTextOrByEMail(t *testing.T) {
	t.Parallel()
	for by, to := range map[string]string{"text": "+12075550142", "email": "rosa@people.test"} {
		s := newSite(t)
		of, dana, at := s.drafted(t)
		s.sql(t, s.Dana, `update participants set texts_ok = true where agency_id = :agency and id = :id`, pg.Args{"id": of.Person})
		frozen := dana.submits(at, nil).is(200)
		rosa := s.browse(t, of.Email)
		s.sql(t, s.Dana, `update users set password_hash = '', confirmed_at = clock_timestamp() where agency_id = :agency and participant_id = :id`, pg.Args{"id": of.Person})
		page := string(rosa.get("/me/plan/sign").is(200).Body)
		if !strings.Contains(page, `value="text"`) || !strings.Contains(page, `value="email"`) {
			t.Fatal("no choice of where the code goes")
		}
		rosa.post("/account/code", url.Values{"by": {by}, "next": {"/me/plan/sign"}}).is(303)
		list := s.outbox(t, to)
		if len(list) == 0 {
			t.Fatalf("no code by %s", by)
		}
		code := sixDigits.FindString(list[len(list)-1])
		forms := make(chan string, 21)
		for range cap(forms) {
			forms <- rosa.tokenOf("/me/plan/sign")
		}
		sign := func(code string) int {
			one := *rosa // each try is a page of its own
			return one.post("/me/plan/sign", url.Values{"consent": {"yes"}, "name": {"Rosa Jiménez"}, "sha256": {frozen.text("sha256")}, "password": {code}, "form_token": {<-forms}}).Status
		}
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		if got := sign(wrong); got != 422 {
			t.Errorf("a wrong code: %d", got)
		}
		statuses := twenty(t, func() int { return sign(code) })
		if statuses[303] != 1 || statuses[303]+statuses[422]+statuses[409]+statuses[429] != 20 {
			t.Errorf("by %s, twenty at once: %v", by, statuses)
		}
		if n := s.count(t, `select count(*) from signatures where role = 'participant' and method = 'online'`, pg.Args{}); n != 1 {
			t.Errorf("by %s: %d signatures", by, n)
		}
	}
}

func TestALostTelephoneOpensNothingMore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	person, at := s.welcomed(t, nil)
	dana := s.api(t, "dana@rivervalley.test")
	dana.do("POST", "/participants/"+person+"/cases", body{}).is(201)
	at.post("/me/calendar/feed", nil)
	other := s.asks(t, "rosa@people.test")
	code, link := s.codeIn(t, "rosa@people.test")
	dana.do("POST", "/participants/"+person+"/invitation", body{"email": "rosa@people.test"}).is(409)
	s.api(t, "walt@rivervalley.test").do("POST", "/participants/"+person+"/lost-phone", body{"by": "email", "email": "x@people.test"}).is(404)

	for field, in := range map[string]body{
		"email": {"by": "email"}, "by": {"by": "text", "phone": "207-555-0190", "texts_ok": false}, "phone": {"by": "text", "phone": "12", "texts_ok": true},
	} {
		if r := dana.do("POST", "/participants/"+person+"/lost-phone", in).is(422); r.text("errors.0.field") != field {
			t.Errorf("%v: %s", in, r.Body)
		}
	}
	at.get("/me").is(200) // what was refused ended nothing
	made := dana.do("POST", "/participants/"+person+"/lost-phone", body{"by": "text", "phone": "207-555-0190", "texts_ok": true}).is(201)
	at.get("/me").is(303)
	if r := enterCode(other, code); r.Status != 422 {
		t.Errorf("the old code: %d", r.Status)
	}
	s.browse(t, "").post(link, nil).is(410)
	if n := s.count(t, `select count(*) from calendar_feeds where ended_at is null`, pg.Args{}) + s.count(t, `select count(*) from sessions where user_id = cast(:id as uuid)`, pg.Args{"id": made.text("id")}); n != 0 {
		t.Error("the calendar or a session is still open")
	}
	if got := s.outbox(t, "+12075550190"); len(got) != 1 || !strings.Contains(got[0], made.text("link")) {
		t.Errorf("the new number gets %q", got)
	}
	s.asks(t, "rosa@people.test")
	if got := s.outbox(t, "rosa@people.test"); strings.Contains(got[len(got)-1], "/sign-in/link/") && len(got) > 1 && got[len(got)-1] != got[0] && sixDigits.FindString(got[len(got)-1]) != code {
		t.Error("a code goes out before the new invitation is accepted")
	}
	again := s.browse(t, "")
	again.post(strings.TrimPrefix(made.text("link"), "http://localhost"), url.Values{"last_name": {"jiménez"}}).is(303)
	again.get("/me").is(200)
	if n := s.count(t, `select count(*) from audit_log where action = 'user.phone_lost' and participant_id = cast(:id as uuid)`, pg.Args{"id": person}); n != 1 {
		t.Error("it is not on record")
	}
	page := s.browse(t, "dana@rivervalley.test")
	has(t, page.get("/participants/"+person+"/edit").is(200), "Said yes on Nov 23, 2026", "/participants/"+person+"/lost-phone", "/participants/"+person+"/invitation")
	has(t, page.post("/participants/"+person+"/lost-phone", url.Values{"by": {"email"}, "email": {"rosa@people.test"}}).is(200), "http://localhost/invitation/")
	none := dana.do("POST", "/participants", body{"first_name": "Otto", "last_name": "Brandt"}).is(201).text("id")
	dana.do("POST", "/participants/"+none+"/lost-phone", body{"by": "email", "email": "otto@people.test"}).is(409)
}

// The language of a participant is one: on their pages, in what is written to them, and on the record.
func TestTheLanguageOfAParticipantIsOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	rosa, dana := s.browse(t, of.Email), s.api(t, "dana@rivervalley.test")
	languages := func() string {
		t.Helper()
		return strings.Join(s.strings(t, `select p.language || ' ' || u.language from participants p join users u on u.participant_id = p.id where p.id = :id`, pg.Args{"id": of.Person}), "")
	}
	rosa.get("/me").is(200)
	rosa.post("/language", url.Values{"language": {"en"}, "next": {"/me"}}).is(303)
	if got := languages(); got != "en en" {
		t.Errorf("the participant chose English: %s", got)
	}
	change := func(language string) {
		t.Helper()
		version := dana.do("GET", "/participants/"+of.Person.String(), nil).is(200).text("version")
		dana.do("PATCH", "/participants/"+of.Person.String(), body{"language": language}, "If-Match", `"`+version+`"`).is(200)
	}
	change("es")
	if got := languages(); got != "es es" {
		t.Errorf("staff wrote Spanish down: %s", got)
	}
	has(t, rosa.get("/me").is(200), `lang="es"`)
	rosa.profile(t, url.Values{"email": {of.Email}, "language": {"en"}}).is(303)
	if got := languages(); got != "en en" {
		t.Errorf("chosen on the account: %s", got)
	}
	change("so") // the program does not speak Somali: the record says so, and the pages stay
	rosa.get("/me").is(200)
	rosa.post("/language", url.Values{"language": {"es"}, "next": {"/me"}}).is(303)
	if got := languages(); got != "so es" {
		t.Errorf("a language that the program does not speak: %s", got)
	}
}

func TestTheAdministratorSeesWhatWasSentAndReadsItOnlyInADemonstration(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.sql(t, s.Dana, `update agencies set demo = false where id = :agency`, pg.Args{})
	s.welcomed(t, nil)
	s.asks(t, "207-555-0177")
	code, _ := s.codeIn(t, "+12075550177")
	if _, err := sms.Sweep(t.Context(), s.DB, sms.Log{}); err != nil {
		t.Fatal(err)
	}
	admin := s.browse(t, "admin@rivervalley.test")
	r := admin.get("/setup/messages").is(200)
	has(t, r, "***-***-0177", "r***@people.test", "Shown here only", "Code")
	if strings.Contains(string(r.Body), code) || strings.Contains(string(r.Body), "2075550177") || strings.Contains(string(r.Body), "rosa@people.test") {
		t.Error("an agency that is no demonstration shows codes or addresses")
	}
	s.sql(t, s.Dana, `update agencies set demo = true where id = :agency`, pg.Args{})
	has(t, admin.get("/setup/messages").is(200), code)
	list := s.api(t, "admin@rivervalley.test").do("GET", "/outbox", nil).is(200)
	if !strings.Contains(list.text("items.0.body"), code) || list.text("items.0.state") != "shown" || list.text("items.0.to") != "***-***-0177" {
		t.Errorf("%s", list.Body)
	}
	for _, who := range []string{"dana@rivervalley.test", "marcus@rivervalley.test", "auditor@rivervalley.test"} {
		s.browse(t, who).get("/setup/messages").is(403)
	}
	if got := s.api(t, "admin@northcoast.test").do("GET", "/outbox", nil).is(200); got.at("items.0") != nil {
		t.Error("another agency's messages")
	}
}

func TestTheThreadSaysWhetherTheNoticeCame(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	caseID, _ := s.texter(t, "Ana", "2075550188", "en")
	dana, page := s.api(t, "dana@rivervalley.test"), s.browse(t, "dana@rivervalley.test")
	dana.do("POST", "/cases/"+caseID+"/messages", body{"body": "Hello"}).is(201)
	has(t, page.get("/cases/"+caseID+"/messages").is(200), "Notice by text waits.")
	text := s.idOf(t, `select cast(id as text) from outbox where kind = 'message'`)
	path := "/texts/status/" + s.Dana.Agency.String() + "/" + text
	form := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30006"}}
	if status, _ := s.called(t, path, form, signature("http://localhost"+path, form)); status != 200 {
		t.Fatal(status)
	}
	has(t, page.get("/cases/"+caseID+"/messages").is(200), "Notice by text not delivered: number is wrong.")
	if got := dana.do("GET", "/cases/"+caseID+"/messages", nil).is(200); got.text("items.0.told") != "text" || got.text("items.0.told_state") != "failed" || got.text("items.0.told_reason") != "wrong_number" {
		t.Errorf("%s", got.Body)
	}
}

func TestALinkSpeaksTheLanguageOfWhomItWasSentTo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.sql(t, s.Dana, `update users set password_hash = '', confirmed_at = null where agency_id = :agency and participant_id = :id`, pg.Args{"id": of.Person})
	link := s.api(t, "dana@rivervalley.test").do("POST", "/participants/"+of.Person.String()+"/invitation", body{"email": of.Email}).is(201).text("link")
	path := link[strings.Index(link, "/invitation/"):]
	phone := s.browse(t, "")
	has(t, phone.get("/sign-in").is(200), `lang="en"`)
	has(t, phone.get(path).is(200), `lang="es"`)
	phone.post(path, url.Values{"last_name": {"Somebody"}}).is(422)
	has(t, phone.last, `lang="es"`)
	phone.post("/language", url.Values{"language": {"en"}, "next": {path}}).is(303)
	has(t, phone.get(path).is(200), `lang="en"`)
}
