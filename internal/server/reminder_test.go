package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/reminder"
	"waymark/internal/sms"
)

// reminds sweeps the reminders of Dana's agency and says how many were told.
func (s *site) reminds(t *testing.T) int {
	t.Helper()
	by := access.Actor{Agency: s.Dana.Agency, Role: access.System, Zone: s.Dana.Zone}
	n, err := reminder.Sweep(t.Context(), s.DB, by, "http://localhost")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnAppointmentTomorrowIsTextedOnceOutsideQuietHours(t *testing.T) {
	t.Parallel()
	s := newTextSite(t)
	caseID, appointment := s.texter(t, "Ana", "2075550188", "es")
	for hour, told := range map[string]int{"2026-11-23T07:59:00-05:00": 0, "2026-11-23T20:00:00-05:00": 0, "2026-11-22T12:00:00-05:00": 0} {
		at, _ := time.Parse(time.RFC3339, hour)
		s.SetTime(at)
		if n := s.reminds(t); n != told {
			t.Errorf("at %s %d were told, want %d", hour, n, told)
		}
	}
	s.Set("2026-11-23")
	if n, again := s.reminds(t), s.reminds(t); n != 1 || again != 0 {
		t.Fatalf("told %d, then %d", n, again)
	}
	want := "Dana de River Valley Workforce Board: hablamos el martes 24 de noviembre, 10:00 de la mañana. Responda 1 = sí, 2 = cambiar. ALTO para no recibir más"
	if got := s.outbox(t, "+12075550188"); len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
	// The answer is of this appointment, though another comes before it.
	dana := s.api(t, "dana@rivervalley.test")
	dana.do("POST", "/cases/"+caseID+"/appointments", body{"kind": "class", "on_date": "2026-11-24", "at_time": "08:00", "place": "office"}).is(201)
	s.texts(t, "SM1", "2075550188", "2")
	if n := s.count(t, `select count(*) from appointments where id = cast(:id as uuid) and answer = 'another_time'`, pg.Args{"id": appointment}); n != 1 {
		t.Error("another appointment was answered")
	}
	// Moved, it is told again.
	r := dana.do("GET", "/cases/"+caseID+"/appointments", nil).is(200)
	i := 0
	for r.text("items."+string(rune('0'+i))+".id") != appointment {
		i++
	}
	version := r.text("items." + string(rune('0'+i)) + ".version")
	dana.do("PATCH", "/cases/"+caseID+"/appointments/"+appointment, body{"at_time": "15:30"}, "If-Match", `"`+version+`"`).is(200)
	s.reminds(t)
	if got := s.outbox(t, "+12075550188"); !slices.ContainsFunc(got, func(b string) bool { return strings.Contains(b, "3:30 de la tarde") }) {
		t.Errorf("%q", got)
	}
}

func TestWhoMayNotBeTextedIsWrittenToOrLeftAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	people := map[string]struct{ change, channel string }{
		"Ana": {`texts_ok = true, safe_to_leave_message = true`, "text"}, "Bea": {`texts_ok = true`, "email"}, "Cleo": {`safe_to_leave_message = true`, "email"},
		"Dora": {`texts_ok = true, safe_to_leave_message = true, phone = '207-555-0199'`, "email"}, "Eva": {`texts_ok = true, safe_to_leave_message = true, phone = '555'`, "email"},
		"Fay": {`texts_ok = true, safe_to_leave_message = true`, "email"}, "Gil": {`texts_ok = true, safe_to_leave_message = true`, ""}, "Hal": {`texts_ok = true, safe_to_leave_message = true`, ""},
	}
	if err := s.DB.Write(t.Context(), s.Dana, func(tx *pg.Tx) error { return sms.StopFor(tx, s.Dana, "2075550199") }); err != nil {
		t.Fatal(err)
	}
	of := map[string]enrolled{}
	for first, p := range people {
		of[first] = s.enrol(t, s.Dana, first, "Ruiz", "en")
		s.sql(t, s.Dana, `update participants set `+p.change+` where agency_id = :agency and id = :id`, pg.Args{"id": of[first].Person})
		s.agreed(t, nil, of[first], "2026-11-24")
	}
	for first, c := range map[string]struct {
		channel     string
		appointment bool
	}{"Fay": {"email", true}, "Gil": {"none", true}, "Hal": {"text", false}} {
		s.sql(t, s.Dana, `insert into notice_choices (agency_id, participant_id, channel, appointment, todo, plan, message, chosen_at) values (:agency, :id, :channel, :appointment, true, true, true, clock_timestamp())`,
			pg.Args{"id": of[first].Person, "channel": c.channel, "appointment": c.appointment})
	}
	s.reminds(t)
	for first, p := range people {
		var got []string
		if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
			got, err = pg.List[string](tx, `select channel from outbox where case_id = :id`, pg.Args{"id": of[first].Case})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, " ") != p.channel {
			t.Errorf("%s is told by %q, want %q", first, got, p.channel)
		}
	}
}

// What is to sign, what took force, what is due and what was written: each is told once, and nothing of it.
func TestThePlanAndWhatIsDueAreToldOnceAndNameNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	told := func(kind string) (bodies []string) {
		t.Helper()
		s.reminds(t)
		s.reminds(t)
		if err := s.Owner.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
			bodies, err = pg.List[string](tx, `select subject || ' ' || body from outbox where kind = :kind and recipient = :to`, pg.Args{"kind": kind, "to": of.Email})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return bodies
	}
	if got := told("sign"); len(got) != 0 {
		t.Errorf("a draft is told of: %q", got)
	}
	dana.submits(at, nil).is(200)
	if got := told("sign"); len(got) != 1 || !strings.Contains(got[0], "para leer y firmar") || !strings.Contains(got[0], "http://localhost/me/plan/sign") {
		t.Errorf("to sign: %q", got)
	}
	dana.do("POST", at+"/reopen", nil, "If-Match", dana.do("GET", at, nil).is(200).Header.Get("ETag")).is(200)
	dana.do("PATCH", at, body{"if_i_stop": "Call."}, "If-Match", match(dana.do("GET", at+"?version=1", nil))).is(200)
	signedPlan(t, dana, at)
	if got := told("copy"); len(got) != 1 || !strings.Contains(got[0], "su copia firmada") || !strings.Contains(got[0], "/me/plan/print") {
		t.Errorf("copy: %q", got)
	}
	s.Set("2026-12-12") // enroll-1 is due on the 14th
	if got := told("todo"); len(got) != 1 || !strings.Contains(got[0], "lunes 14 de diciembre") {
		t.Errorf("to do: %q", got)
	}
	for range 2 {
		dana = s.api(t, "dana@rivervalley.test")
		dana.do("POST", "/cases/"+of.Case.String()+"/messages", body{"body": "Bring the pay stub"}).is(201)
	}
	if got := told("message"); len(got) != 1 || !strings.Contains(got[0], "Dana de River Valley Workforce Board le escribió") {
		t.Errorf("message: %q", got)
	}
	var all []string
	for _, k := range []string{"sign", "copy", "todo", "message"} {
		all = append(all, told(k)...)
	}
	for _, never := range []string{"Rosa", "Jiménez", "Whitfield", "pay stub", "WIOA", "Quality", "plan de"} {
		if strings.Contains(strings.Join(all, " "), never) {
			t.Errorf("a notice says %q", never)
		}
	}
}

func TestAMessageInQuietHoursIsToldInTheMorning(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.SetTime(time.Date(2026, 11, 24, 2, 30, 0, 0, time.UTC)) // half past nine in the evening
	s.api(t, "dana@rivervalley.test").do("POST", "/cases/"+of.Case.String()+"/messages", body{"body": "Hola"}).is(201)
	if n := s.count(t, `select count(*) from outbox where kind = 'message' and next_at between clock_timestamp() + interval '629 minutes' and clock_timestamp() + interval '631 minutes'`, pg.Args{}); n != 1 {
		t.Error("it does not wait until eight in the morning")
	}
	s.api(t, "admin@rivervalley.test").do("POST", "/settings", body{"key": "quiet_from", "value": 22}).is(201)
	s.sql(t, s.Dana, `delete from outbox where agency_id = :agency and kind = 'message'`, pg.Args{})
	s.api(t, "dana@rivervalley.test").do("POST", "/cases/"+of.Case.String()+"/messages", body{"body": "Hola"}).is(201)
	if n := s.count(t, `select count(*) from outbox where kind = 'message' and next_at <= clock_timestamp()`, pg.Args{}); n != 1 {
		t.Error("the agency's own hours are not kept")
	}
}
