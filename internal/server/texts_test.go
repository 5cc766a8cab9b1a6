package server_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/server"
	"waymark/internal/sms"
)

const providerToken = "the-providers-token"

// newTextSite is a site that a provider of texts calls.
func newTextSite(t *testing.T) *site {
	t.Helper()
	p, err := sms.NewTwilio("https://AC1:"+providerToken+"@api.twilio.com?from=2075550100", "https://localhost")
	if err != nil {
		t.Fatal(err)
	}
	return newSiteWith(t, func(c *server.Config) { c.Texts = p })
}

func signature(address string, form url.Values) string {
	for _, k := range slices.Sorted(maps.Keys(form)) {
		address += k + form.Get(k)
	}
	h := hmac.New(sha1.New, []byte(providerToken))
	h.Write([]byte(address))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// called is what the provider gets for a call with a signature.
func (s *site) called(t *testing.T, path string, form url.Values, signed string) (status int, answer string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), "POST", s.http.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("X-Twilio-Signature", signed)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, _ := io.ReadAll(r.Body)
	var response struct {
		Message string `xml:"Message"`
	}
	if r.StatusCode == 200 {
		if err := xml.Unmarshal(b, &response); err != nil {
			t.Fatalf("%v: %s", err, b)
		}
	}
	return r.StatusCode, response.Message
}

// texts is a text from a telephone, as the provider tells of it; it gives the answer.
func (s *site) texts(t *testing.T, sid, digits, words string) string {
	t.Helper()
	form := url.Values{"MessageSid": {sid}, "From": {"+1" + digits}, "To": {"+12075550100"}, "Body": {words}, "AccountSid": {"AC1"}}
	status, answer := s.called(t, "/texts/in", form, signature("http://localhost/texts/in", form))
	if status != 200 {
		t.Fatalf("%q: %d", words, status)
	}
	return answer
}

// texter is a participant of Dana with a telephone that takes texts and an appointment tomorrow.
func (s *site) texter(t *testing.T, first, digits, lang string) (caseID, appointment string) {
	t.Helper()
	dana := s.api(t, "dana@rivervalley.test")
	person := dana.do("POST", "/participants", body{"first_name": first, "last_name": map[bool]string{true: "Ruiz", false: "Okafor"}[first == "Ana"], "phone": digits, "texts_ok": true, "safe_to_leave_message": true, "language": lang}).is(201).text("id")
	caseID = dana.do("POST", "/participants/"+person+"/cases", body{}).is(201).text("id")
	appointment = dana.do("POST", "/cases/"+caseID+"/appointments", body{"kind": "check_in", "on_date": "2026-11-24", "at_time": "10:00", "place": "office"}).is(201).text("id")
	return caseID, appointment
}

func TestOnlyTheProviderMayCall(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	form := url.Values{"MessageSid": {"SM1"}, "From": {"+12075550177"}, "Body": {"STOP"}}
	good := signature("http://localhost/texts/in", form)
	for name, signed := range map[string]string{"none": "", "of another address": signature("http://localhost/texts/other", form), "of another text": signature("http://localhost/texts/in", url.Values{"Body": {"START"}}), "cut": good[:20]} {
		if status, _ := s.called(t, "/texts/in", form, signed); status != 403 {
			t.Errorf("signature %s: %d, want 403", name, status)
		}
	}
	if n := s.count(t, `select count(*) from text_stops`, nil) + s.count(t, `select count(*) from text_replies`, nil); n != 0 {
		t.Error("a forged call changed something")
	}
	if status, _ := newSite(t).called(t, "/texts/in", form, good); status != 404 {
		t.Errorf("without a provider: %d, want 404", status)
	}
}

func TestStopAndStartAreHonouredEverywhere(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	_, _ = s.texter(t, "Ana", "2075550188", "en")
	kim := s.api(t, "kim@northcoast.test")
	kim.do("POST", "/participants", body{"first_name": "Ana", "last_name": "Ruiz", "phone": "207-555-0188", "texts_ok": true}).is(201)
	stopped := func() int {
		return s.count(t, `select count(*) from text_stops where digits = '2075550188' and resumed_at is null`, nil)
	}
	if answer := s.texts(t, "SM1", "2075550188", "Stop"); answer != "" || stopped() != 2 {
		t.Errorf("STOP: %q, %d agencies", answer, stopped())
	}
	s.welcomed(t, body{"phone": "207-555-0188", "email": "rosa@people.test"}) // the same telephone
	for range 3 {
		if b := s.asks(t, "207-555-0188"); b == nil || len(s.outbox(t, "+12075550188")) != 0 {
			t.Fatal("a code goes to somebody who wrote STOP")
		}
	}
	if answer := s.texts(t, "SM2", "2075550188", "empezar"); !strings.Contains(answer, "ALTO") || stopped() != 0 {
		t.Errorf("START: %q, %d agencies", answer, stopped())
	}
	if answer := s.texts(t, "SM1", "2075550188", "Stop"); answer != "" || stopped() != 0 {
		t.Error("a STOP that the provider tells of again counts again")
	}
	if answer := s.texts(t, "SM3", "2075550188", "ALTO"); !strings.Contains(answer, "EMPEZAR") || stopped() != 2 {
		t.Errorf("ALTO: %q, %d agencies", answer, stopped())
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'texts.stopped'`, nil); n < 3 {
		t.Errorf("%d rows of audit", n)
	}
}

func TestAnswersByTextReachTheAppointmentAndTheThread(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	caseID, appointment := s.texter(t, "Ana", "2075550188", "es")
	dana := s.api(t, "dana@rivervalley.test")
	answerOf := func() string {
		return dana.do("GET", "/cases/"+caseID+"/appointments", nil).is(200).text("items.0.answer")
	}
	if got := s.texts(t, "SM1", "2075550188", "1"); !strings.Contains(got, "martes 24 de noviembre, 10:00 de la mañana") || answerOf() != "coming" {
		t.Errorf("1: %q, %s", got, answerOf())
	}
	if got := s.texts(t, "SM2", "2075550188", " 2 "); !strings.Contains(got, "otra hora") || answerOf() != "another_time" {
		t.Errorf("2: %q, %s", got, answerOf())
	}
	for range 2 {
		if got := s.texts(t, "SM3", "2075550188", "El bus llega tarde & no puedo"); got != "" {
			t.Errorf("a message is answered %q", got)
		}
	}
	thread := dana.do("GET", "/cases/"+caseID+"/messages", nil).is(200)
	if thread.text("items.0.body") != "El bus llega tarde & no puedo" || thread.text("items.1.kind") != "another_time" || thread.at("items.2") != nil {
		t.Errorf("the thread: %s", thread.Body)
	}
	if today := dana.do("GET", "/today", nil).is(200); !strings.Contains(string(today.Body), "another_time") || !strings.Contains(string(today.Body), "El bus llega tarde") {
		t.Errorf("Today: %.600s", today.Body)
	}
	if got := s.texts(t, "SM4", "2075550188", "AYUDA"); !strings.Contains(got, "River Valley") {
		t.Errorf("help: %q", got)
	}
	_ = appointment
}

// Of people who share a telephone, an answer is of whoever was written to last.
func TestAnAnswerFromASharedTelephoneIsOfWhoeverWasWrittenToLast(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	ana, _ := s.texter(t, "Ana", "2075550188", "en")
	luz, _ := s.texter(t, "Luz", "2075550188", "en")
	said := func(caseID string) int {
		return s.count(t, `select count(*) from signals where case_id = cast(:id as uuid)`, pg.Args{"id": caseID})
	}
	if got := s.texts(t, "SM1", "2075550188", "Hello"); !strings.Contains(got, "River Valley") || said(ana)+said(luz) != 0 {
		t.Errorf("nobody was written to: %q, %d", got, said(ana)+said(luz))
	}
	of, err := id.Parse[access.Case](luz)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DB.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		_, err := sms.Queue(tx, s.Dana, "2075550188", sms.Text{Kind: "message", Body: "x", Case: of})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.texts(t, "SM2", "2075550188", "Hello again")
	if said(ana) != 0 || said(luz) != 1 {
		t.Errorf("Ana %d, Luz %d", said(ana), said(luz))
	}
	if got := s.texts(t, "SM3", "2075550999", "Hello"); got != "" {
		t.Errorf("a stranger is answered %q", got)
	}
}

func TestATextThatWaitedGoesToTheNumberOfNowAndToNobodyWhoWantsNone(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	ana, _ := s.texter(t, "Ana", "2075550188", "en")
	of, err := id.Parse[access.Case](ana)
	if err != nil {
		t.Fatal(err)
	}
	dana := s.api(t, "dana@rivervalley.test")
	person := "/participants/" + dana.do("GET", "/cases/"+ana, nil).is(200).text("participant_id")
	sent := func(change body) {
		t.Helper()
		if err := s.DB.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
			_, err := sms.Queue(tx, s.Dana, "2075550188", sms.Text{Kind: "message", Body: "x", Case: of})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		dana.do("PATCH", person, change, "If-Match", dana.do("GET", person, nil).is(200).Header.Get("ETag")).is(200)
		if _, err := sms.Sweep(t.Context(), s.DB, sms.Log{}); err != nil {
			t.Fatal(err)
		}
	}
	texts := func(to, state string) int {
		t.Helper()
		return s.count(t, `select count(*) from outbox where channel = 'text' and recipient = :to and coalesce(nullif(failed, ''), delivery) = :state`, pg.Args{"to": to, "state": state})
	}
	sent(body{"phone": "207-555-0178"})
	if is, was := texts("+12075550178", "shown"), len(s.outbox(t, "+12075550188")); is != 1 || was != 0 {
		t.Errorf("%d to the new number, %d to the old one", is, was)
	}
	sent(body{"texts_ok": false})
	if n := texts("+12075550178", "shown") + texts("+12075550188", "shown"); n != 1 || texts("+12075550178", "opted_out") != 1 {
		t.Errorf("whoever wants no texts any more got %d", n-1)
	}
	sent(body{"texts_ok": true, "phone": ""})
	if n := texts("+12075550178", "shown") + texts("+12075550188", "shown"); n != 1 {
		t.Errorf("a number that is nobody's any more got %d", n-1)
	}
}

func TestTheProviderTellsWhatBecameOfAText(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	var text string
	if err := s.DB.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		_, err := sms.Queue(tx, s.Dana, "2075550188", sms.Text{Kind: "message", Body: "x"})
		if err == nil {
			text, err = pg.Get[string](tx, `select cast(id as text) from outbox`, nil)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	tell := func(sid, state, code string) string {
		t.Helper()
		path := "/texts/status/" + s.Dana.Agency.String() + "/" + text
		form := url.Values{"MessageSid": {sid}, "MessageStatus": {state}, "ErrorCode": {code}}
		if status, _ := s.called(t, path, form, signature("http://localhost"+path, form)); status != 200 {
			t.Fatalf("%s: %d", state, status)
		}
		var got string
		if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
			got, err = pg.Get[string](tx, `select delivery || ' ' || failed || ' ' || body from outbox`, nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(got)
	}
	for _, one := range []struct{ sid, state, code, want string }{
		{"SM1", "sent", "", "sent"},
		{"SM9", "delivered", "", "sent"},
		{"SM1", "undelivered", "30006", "undelivered wrong_number"},
		{"SM1", "sent", "", "undelivered wrong_number"},
		{"SM1", "delivered", "", "undelivered wrong_number"},
	} {
		if got := tell(one.sid, one.state, one.code); got != one.want {
			t.Errorf("%s %s: %q, want %q", one.sid, one.state, got, one.want)
		}
	}
	for _, path := range []string{"/texts/status/x/y", "/texts/status/" + s.Agency.ID.String() + "/" + s.Dana.ID.String()} {
		form := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"sent"}}
		if status, _ := s.called(t, path, form, signature("http://localhost"+path, form)); status != 200 {
			t.Errorf("%s: %d", path, status)
		}
	}
}
