package server_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"waymark/internal/pg"
)

func TestAParticipantsDatesComeAsFileAndAsSecretAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.manufacturing(t, s.Dana, rosa)
	s.planned(t, rosa)
	me := s.browse(t, rosa.Email)
	has(t, me.get("/me").is(200), `href="/me/calendar"`)
	has(t, me.get("/me/calendar").is(200), "Martes, 1 de diciembre", "Hablar con Dana", "Último día: Matemáticas para el taller", "Tener mis fechas al día")
	file := me.get("/me/calendar.ics").is(200)
	has(t, file, "BEGIN:VEVENT", "DTSTART:20261201T150000Z", "SUMMARY:Dana de River Valley")
	if got := file.Header.Get("Content-Type"); got != "text/calendar; charset=utf-8" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s, %s", got, file.Header.Get("Content-Disposition"))
	}

	me.get("/me/calendar")
	made := me.post("/me/calendar/feed", nil).is(200)
	has(t, made, "webcal://localhost/calendar/")
	_, rest, _ := strings.Cut(string(made.Body), "http://localhost")
	address, _, _ := strings.Cut(rest, "<")
	outside := s.browse(t, "")
	feed := outside.get(address).is(200)
	if string(feed.Body) != string(file.Body) {
		t.Errorf("the address answers\n%s\nthe file is\n%s", feed.Body, file.Body)
	}
	for _, never := range []string{"Rosa", "Delgado", rosa.Case.String(), rosa.Person.String(), "45 Main", "pay stub", "talón", "Manufact", "WIOA", "Shop math", "Matemáticas", "OSHA", canary} {
		if strings.Contains(string(feed.Body), never) {
			t.Errorf("the calendar says %q", never)
		}
	}
	if n := s.count(t, `select count(*) from calendar_feeds where position(convert_to(:token, 'UTF8') in token_hash) > 0`, pg.Args{"token": address[10:20]}); n != 0 {
		t.Error("the address is stored")
	}
	absent := outside.get("/calendar/" + strings.Repeat("A", 43) + ".ics").is(404)
	altered := []byte(address)
	altered[20] ^= 1
	outside.get(string(altered)).is(404)

	me.get("/me/calendar")
	newer := me.post("/me/calendar/feed", nil).is(200)
	gone := outside.get(address).is(404)
	values := regexp.MustCompile(`value="[^"]*"`) // the form's token, and the address to come back to
	if values.ReplaceAllString(string(gone.Body), "") != values.ReplaceAllString(string(absent.Body), "") {
		t.Error("an address that has ended and one that never was are told apart")
	}
	_, rest, _ = strings.Cut(string(newer.Body), "http://localhost")
	second, _, _ := strings.Cut(rest, "<")
	outside.get(second).is(200)
	has(t, me.get("/me/calendar").is(200), "Su teléfono recibe sus fechas desde el 23 de noviembre")
	me.follow(me.post("/me/calendar/feed/end", nil)).is(200)
	outside.get(second).is(404)
	s.api(t, "dana@rivervalley.test").do("GET", "/me/calendar.ics", nil).is(403)

	a := s.api(t, rosa.Email)
	third := strings.TrimPrefix(a.do("POST", "/me/calendar/feed", nil).is(201).text("address"), "http://localhost")
	outside.get(third).is(200)
	s.sql(t, s.Dana, `update users set active = false where email = :email and agency_id = :agency`, pg.Args{"email": rosa.Email})
	if r := outside.get(third); r.Status != http.StatusNotFound {
		t.Errorf("the calendar of somebody who may not sign in any more: %d", r.Status)
	}
}

// stepDays are the days of the steps in somebody's calendar: the event's name and its sequence by day.
func stepDays(t *testing.T, me *script) map[string][2]string {
	t.Helper()
	cal, err := ics.ParseCalendar(strings.NewReader(string(me.do("GET", "/me/calendar.ics", nil).is(200).Body)))
	if err != nil {
		t.Fatal(err)
	}
	days := map[string][2]string{}
	for _, e := range cal.Events() {
		if strings.HasPrefix(e.GetProperty(ics.ComponentPropertySummary).Value, "Un paso de mi plan con River Valley") {
			days[e.GetProperty(ics.ComponentPropertyDtStart).Value] = [2]string{e.Id(), e.GetProperty(ics.ComponentPropertySequence).Value}
		}
	}
	return days
}

func TestTheCalendarHasTheOpenStepsOfThePlanAndMovesThemAlong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.manufacturing(t, s.Dana, rosa)
	s.planned(t, rosa)
	me, dana, at := s.api(t, rosa.Email), s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/check-ins"
	before := stepDays(t, me)
	if days := slices.Sorted(maps.Keys(before)); !slices.Equal(days, []string{"20261120", "20261218", "20270920", "20271001"}) {
		t.Errorf("the steps stand at %v: neither what is done nor what was dropped", days)
	}
	dana.do("POST", at, map[string]any{"method": "phone", "result": "talked", "note": "x", "adjustment": map[string]any{"key": "math", "due_on": "2026-12-22", "reason": "Two labs to make up"}}).is(201)
	has(t, s.browse(t, rosa.Email).get("/me/calendar").is(200), "Martes, 22 de diciembre", "20 de septiembre de 2027")
	moved := stepDays(t, me)
	if was, is := before["20261218"], moved["20261222"]; is[0] != was[0] || is[0] == "" || is[1] <= was[1] || len(moved) != len(before) {
		t.Errorf("moved by four days: %v, it was %v: %v", is, was, moved)
	}
	dana.do("POST", at, map[string]any{"method": "phone", "result": "talked", "note": "x", "progress": []any{map[string]any{"key": "math", "status": "done", "done_on": "2026-11-23"}}}).is(201)
	if after := stepDays(t, me); len(after) != len(before)-1 || after["20261222"] != [2]string{} {
		t.Errorf("what is done still stands in the calendar: %v", after)
	}
}
