package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

func TestOneActionForManyIsTheSingleActionForEach(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var mine []string
	for i := range 10 {
		e := s.enrol(t, s.Dana, fmt.Sprintf("P%d", i), "Person", "en")
		s.eligible(t, s.Dana, e, "adult", "2026-09-08")
		mine = append(mine, e.Case.String())
	}
	closed, theirs := s.enrol(t, s.Dana, "Closed", "Person", "en"), s.enrol(t, s.Walt, "Theo", "Brandt", "en")
	s.sql(t, s.Dana, `update cases set state = 'exited' where agency_id = :agency and id = :id`, pg.Args{"id": closed.Case})
	chosen := append(append([]string{}, mine...), closed.Case.String(), theirs.Case.String(), id.New[access.Case]().String())
	dana := s.api(t, "dana@rivervalley.test")

	check := func(r reply, done int) {
		t.Helper()
		got := 0
		for i := range chosen {
			if r.text(fmt.Sprintf("results.%d.done", i)) == "true" {
				got++
			}
		}
		if got != done || r.text("results.10.code") != "case.closed" || r.text("results.11.code") != "not_found" || r.text("results.11.name") != "" || r.text("results.12.code") != "not_found" {
			t.Errorf("%d done, want %d: %s", got, done, r.Body)
		}
	}
	check(dana.do("POST", "/caseload/bulk", map[string]any{"action": "message", "cases": chosen, "body": "The office is closed on Thursday."}).is(200), 10)
	check(dana.do("POST", "/caseload/bulk", map[string]any{"action": "check-in", "cases": chosen, "on_date": "2026-12-08", "at_time": "10:00", "place": "phone"}).is(200), 10)
	check(dana.do("POST", "/caseload/bulk", map[string]any{"action": "service", "cases": chosen, "code": "B10", "given_on": "2026-11-20"}).is(200), 10)
	check(dana.do("POST", "/caseload/bulk", map[string]any{"action": "workshop", "cases": chosen, "title": "Interview practice", "held_on": "2026-11-20", "service_code": "B10", "came": mine[:7]}).is(200), 10)
	for what, query := range map[string]string{
		"messages": `select count(*) from messages where kind = 'message'`, "letters": `select count(*) from outbox where body not like '%Thursday%'`,
		"check-ins on the 8th": `select count(*) from appointments where kind = 'check_in' and on_date = '2026-12-08'`,
		"of the services":      `select count(*) from services where code = 'B10' and given_on = '2026-11-20' and provider = '' and note = '' limit 1`,
		"audited messages":     `select count(*) from audit_log where action = 'message.sent'`,
	} {
		want := 10
		if what == "of the services" {
			want = 17
		}
		if n := s.count(t, query, pg.Args{}); n != want {
			t.Errorf("%d %s, want %d", n, what, want)
		}
	}
	if n := s.count(t, `select count(*) from check_ins where result = 'talked' and note = 'Interview practice'`, pg.Args{}); n != 7 {
		t.Errorf("%d came", n)
	}
	if n := s.count(t, `select count(*) from check_ins where result = 'did_not_come'`, pg.Args{}); n != 3 {
		t.Errorf("%d did not come", n)
	}

	for name, tt := range map[string]struct {
		in          map[string]any
		field, code string
	}{
		"no words":     {map[string]any{"action": "message", "cases": mine}, "body", "required"},
		"no day":       {map[string]any{"action": "check-in", "cases": mine, "place": "phone"}, "on_date", "required"},
		"nobody":       {map[string]any{"action": "message", "cases": []string{}, "body": "x"}, "cases", "min"},
		"no action":    {map[string]any{"action": "fly", "cases": mine}, "action", "oneof"},
		"no such code": {map[string]any{"action": "service", "cases": mine, "given_on": "2026-11-20"}, "code", "required"},
	} {
		if r := dana.do("POST", "/caseload/bulk", tt.in).is(422); r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	s.api(t, "auditor@rivervalley.test").do("POST", "/caseload/bulk", map[string]any{"action": "message", "cases": mine, "body": "x"}).is(403)
	// The same key again does nothing again.
	again := map[string]any{"action": "message", "cases": mine, "body": "Once."}
	for range 2 {
		dana.do("POST", "/caseload/bulk", again, "Idempotency-Key", "bulk-key-0001").is(200)
	}
	if n := s.count(t, `select count(*) from messages where body = 'Once.'`, pg.Args{}); n != 10 {
		t.Errorf("%d messages after sending twice", n)
	}
}

func TestBulkPagesWorkWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	d := s.browse(t, "dana@rivervalley.test")
	has(t, d.get("/caseload").is(200), `formaction="/caseload/bulk/message"`, "Set check-in", "Select Rosa Delgado")
	q := "?cases=" + a.Case.String() + "&cases=" + b.Case.String()
	for _, action := range []string{"message", "check-in", "service", "workshop", "print"} {
		has(t, d.get("/caseload/bulk/"+action+q).is(200), "Delgado, Rosa", "Ortega, Luis")
	}
	d.get("/caseload/bulk/fly" + q).is(404)
	d.get("/caseload/bulk/message" + q).is(200)
	cases := []string{a.Case.String(), b.Case.String()}
	has(t, d.post("/caseload/bulk/message", url.Values{"cases": cases}).is(422), "this is needed", "Delgado, Rosa")
	has(t, d.post("/caseload/bulk/message", url.Values{"cases": cases, "body": {"See you Friday"}}).is(200), "Done for 2 people.")
	has(t, d.get("/cases/"+a.Case.String()+"/messages").is(200), "See you Friday", "Messages with Rosa Delgado")
	d.post("/cases/"+a.Case.String()+"/messages", url.Values{"body": {"And on Monday"}}).is(303)
	has(t, s.browse(t, a.Email).get("/me/messages").is(200), "See you Friday", "And on Monday")
}

func TestASavedViewIsAnAddressOfOnesOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crew(t)
	d := s.browse(t, "dana@rivervalley.test")
	page := d.get("/caseload?urgency=overdue&sort=name&columns=step&columns=exit&cursor=&q=").is(200)
	has(t, page, "1 person matches.", "Projected exit")
	if strings.Contains(string(page.Body), `<th scope="col">Next milestone</th>`) {
		t.Error("a column that was not chosen is shown")
	}
	has(t, d.get("/caseload/views?urgency=overdue&sort=name&columns=step&columns=exit&form_token=x&cursor=y").is(200), `value="columns=step&amp;columns=exit&amp;sort=name&amp;urgency=overdue"`)
	d.post("/caseload/views", url.Values{"name": {""}, "query": {"urgency=overdue"}}).is(422)
	to := d.post("/caseload/views", url.Values{"name": {"Late ones"}, "query": {"columns=step&columns=exit&sort=name&urgency=overdue&evil=1"}}).is(303).Header.Get("Location")
	if to != "/caseload?columns=step&columns=exit&sort=name&urgency=overdue" {
		t.Errorf("the view is %s", to)
	}
	has(t, d.get(to).is(200), "My view: Late ones")
	dana, priya := s.api(t, "dana@rivervalley.test"), s.api(t, "priya@rivervalley.test")
	if got := priya.do("GET", "/caseload/views", nil).is(200); got.text("items.0.id") != "" {
		t.Errorf("Priya sees %s", got.Body)
	}
	of := dana.do("GET", "/caseload/views", nil).is(200).text("items.0.id")
	priya.do("DELETE", "/caseload/views/"+of, nil).is(404)
	dana.do("DELETE", "/caseload/views/"+of, nil).is(200)
	d.get("/caseload/views").is(200)
}
