package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// eligible records a decision for a program on a day, straight into the tables.
func (s *site) eligible(t testing.TB, by access.Actor, of enrolled, program, day string) {
	t.Helper()
	s.sql(t, by, `insert into eligibility_decisions (agency_id, id, case_id, program, decision, facts, result, decided_on, decided_by)
		values (:agency, :id, :case_id, :program, 'eligible', '{}', '{}', :on, :by)`,
		pg.Args{"id": id.New[access.Case](), "case_id": of.Case, "program": program, "on": day, "by": by.ID})
}

// Case A of domain.md 6.2, entered day by day.
func TestTheExitClockOfCaseAIsExact(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Set("2025-07-16")
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana := s.api(t, "dana@rivervalley.test")
	path := "/cases/" + rosa.Case.String() + "/services"
	give := func(day string, in map[string]any) reply {
		t.Helper()
		s.Set(day)
		dana = s.api(t, "dana@rivervalley.test")
		return dana.do("POST", path, in)
	}
	give("2025-07-14", map[string]any{"code": "B05", "given_on": "2025-07-14"}).is(201)
	s.eligible(t, s.Dana, rosa, "adult", "2025-07-16")
	info := give("2025-07-16", map[string]any{"code": "B01", "given_on": "2025-07-16"}).is(201)
	if info.text("effect") != "none" || info.text("exit_clock.started_on") != "" {
		t.Errorf("information starts nothing: %s", info.Body)
	}
	early := give("2025-07-18", map[string]any{"code": "S01", "given_on": "2025-07-18"}).is(422)
	if early.text("errors.0.field") != "code" || early.text("errors.0.code") != "not_participant_yet" {
		t.Errorf("%s", early.Body)
	}
	first := give("2025-07-21", map[string]any{"code": "b11", "given_on": "2025-07-21"}).is(201)
	if first.text("effect") != "starts_participation" || first.text("exit_clock.started_on") != "2025-07-21" || first.text("exit_clock.day_90") != "2025-10-19" {
		t.Errorf("%s", first.Body)
	}
	give("2025-08-04", map[string]any{"code": "I02", "given_on": "2025-08-04"}).is(201)
	give("2025-08-18", map[string]any{"code": "S01", "given_on": "2025-08-18", "provider": "Child care"}).is(201)
	iet := give("2025-08-18", map[string]any{"code": "T04", "given_on": "2025-08-18", "ongoing": true, "provider": "Adult Ed"}).is(201)
	ended := give("2025-12-08", map[string]any{"code": "T04", "given_on": "2025-08-18", "ends_on": "2025-12-05", "provider": "Adult Ed", "supersedes": iet.text("id"), "reason": "The class ended"}).is(201)
	if ended.text("exit_clock.last_qualifying_on") != "2025-12-05" {
		t.Errorf("training counts to its last day: %s", ended.Body)
	}
	last := give("2025-12-16", map[string]any{"code": "B10", "given_on": "2025-12-16"}).is(201)
	for at, want := range map[string]string{"effect": "extends", "exit_clock.last_qualifying_on": "2025-12-16", "exit_clock.day_90": "2026-03-16", "exit_clock.exit_on": "2026-03-17", "exit_clock.days_left": "90"} {
		if last.text(at) != want {
			t.Errorf("%s is %q, want %q", at, last.text(at), want)
		}
	}
	for _, code := range []string{"F01", "S01"} {
		after := give("2026-01-20", map[string]any{"code": code, "given_on": "2026-01-20"}).is(201)
		if after.text("effect") != "none" || after.text("exit_clock.day_90") != "2026-03-16" {
			t.Errorf("%s must not move the clock: %s", code, after.Body)
		}
	}
	s.Set("2026-03-02")
	c := s.api(t, "dana@rivervalley.test").do("GET", "/cases/"+rosa.Case.String(), nil).is(200)
	if c.text("exit_clock.warning") != "75" || c.text("exit_clock.days_left") != "14" || c.text("started_on") != "2025-07-21" || c.text("state") != "participant" {
		t.Errorf("%s", c.Body)
	}
}

func TestABookedServiceHoldsTheExitUntilItIsCancelled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Set("2026-02-20")
	thomas := s.enrol(t, s.Dana, "Thomas", "Berg", "en")
	s.eligible(t, s.Dana, thomas, "dislocated_worker", "2025-09-08")
	path := "/cases/" + thomas.Case.String() + "/services"
	dana := s.api(t, "dana@rivervalley.test")
	dana.do("POST", path, map[string]any{"code": "T01", "given_on": "2025-10-06", "ends_on": "2026-02-20"}).is(201)
	if r := dana.do("POST", path, map[string]any{"code": "T06", "given_on": "2026-06-01", "provider": "KVCC"}).is(422); r.text("errors.0.code") != "given_in_future" {
		t.Errorf("%s", r.Body)
	}
	booked := dana.do("POST", path, map[string]any{"code": "T06", "given_on": "2026-06-01", "planned": true, "provider": "KVCC"}).is(201)
	if booked.text("effect") != "none" || booked.text("exit_clock.held") != "true" || booked.text("exit_clock.held_until") != "2026-06-01" || booked.text("exit_clock.exit_on") != "" || booked.text("exit_clock.day_90") != "2026-05-21" {
		t.Errorf("%s", booked.Body)
	}
	s.Set("2026-05-29")
	dana = s.api(t, "dana@rivervalley.test")
	gone := dana.do("POST", path, map[string]any{"cancels": booked.text("id"), "reason": "The course was cancelled"}).is(201)
	if gone.text("exit_clock.held") != "false" || gone.text("exit_clock.last_qualifying_on") != "2026-02-20" || gone.text("exit_clock.exit_on") != "2026-05-22" {
		t.Errorf("%s", gone.Body)
	}
	dana.do("POST", path, map[string]any{"cancels": booked.text("id"), "reason": "again"}).is(409)
	// Variant B3: a service of 20 May, entered late, moves the clock.
	late := dana.do("POST", path, map[string]any{"code": "B10", "given_on": "2026-05-20"}).is(201)
	if late.text("effect") != "extends" || late.text("exit_clock.day_90") != "2026-08-18" {
		t.Errorf("%s", late.Body)
	}
}

func TestServicesAreRefusedByName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/services"
	s.sql(t, s.Dana, `insert into intake_sections (agency_id, id, case_id, section, version, answers, complete, recorded_by, recorded_on)
		values (:agency, :id, :case_id, 'about', 1, :answers, true, :by, '2026-01-05')`,
		pg.Args{"id": id.New[access.Case](), "case_id": rosa.Case, "by": s.Dana.ID, "answers": pg.AsJSON(map[string]any{"work_auth_expires": "2026-10-31"})})
	for name, tt := range map[string]struct {
		in          map[string]any
		field, code string
	}{
		"no code":           {map[string]any{"given_on": "2026-11-02"}, "code", "required"},
		"no such code":      {map[string]any{"code": "X99", "given_on": "2026-11-02"}, "code", "oneof"},
		"no day":            {map[string]any{"code": "B10"}, "given_on", "required"},
		"planned yesterday": {map[string]any{"code": "B10", "given_on": "2026-11-22", "planned": true, "provider": "we"}, "given_on", "planned_in_past"},
		"ends before":       {map[string]any{"code": "B10", "given_on": "2026-11-02", "ends_on": "2026-11-01"}, "ends_on", "before_start"},
		"permit run out":    {map[string]any{"code": "B10", "given_on": "2026-11-02"}, "given_on", "permit_expired"},
		"unknown key":       {map[string]any{"code": "B10", "given_on": "2026-11-02", "hours": 3}, "hours", "unknown"},
		"no reason":         {map[string]any{"code": "B10", "given_on": "2026-10-02", "supersedes": rosa.Case.String()}, "reason", "required"},
		"nothing to change": {map[string]any{"code": "B10", "given_on": "2026-10-02", "supersedes": rosa.Case.String(), "reason": "x"}, "supersedes", "no_such_service"},
	} {
		r := dana.do("POST", path, tt.in).is(422)
		if r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	if n := s.count(t, `select count(*) from services`, pg.Args{}); n != 0 {
		t.Errorf("%d services were stored by refusals", n)
	}
	for _, stranger := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		s.api(t, stranger).do("GET", path, nil).is(404)
		s.api(t, stranger).do("POST", path, map[string]any{"code": "B05", "given_on": "2026-11-02"}).is(404)
	}
}

func TestTheServicePageSaysWhatEachServiceDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.eligible(t, s.Dana, rosa, "adult", "2026-09-08")
	b, path := s.browse(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/services"
	if p := string(b.get(path).is(200).Body); !strings.Contains(p, "Rosa Delgado") || !strings.Contains(p, "starts participation, day 90 is Feb 21, 2027") {
		t.Errorf("%.2000s", p)
	}
	bad := string(b.post(path, url.Values{"code": {"B10"}, "given_on": {"13/40/2026"}, "note": {"kept text"}}).is(422).Body)
	if !strings.Contains(bad, "kept text") || !strings.Contains(bad, "13/40/2026") {
		t.Error("the form forgot an answer")
	}
	if p := string(b.follow(b.post(path, url.Values{"code": {"B10"}, "given_on": {"today"}})).is(200).Body); !strings.Contains(p, "Participation starts. Day 90 is Feb 21, 2027") {
		t.Errorf("%.2000s", p)
	}
	items := s.api(t, "dana@rivervalley.test").do("GET", path, nil).is(200)
	one := items.text("items.0.id")
	b.get(path + "/" + one + "/correct").is(200)
	b.post(path, url.Values{"supersedes": {one}, "code": {"B10"}, "given_on": {"11/20/2026"}}).is(422)
	b.get(path + "/" + one + "/cancel").is(200)
	if p := string(b.follow(b.post(path, url.Values{"cancels": {one}, "reason": {"entered for another person"}})).is(200).Body); !strings.Contains(p, "Participation has not started") {
		t.Errorf("%.2000s", p)
	}
}

func TestADecisionAfterTheServiceCountsFromItsDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()
	dana.do("POST", path+"/services", map[string]any{"code": "B10", "given_on": "2026-11-20"}).is(201)
	if c := dana.do("GET", path, nil); c.text("started_on") != "" {
		t.Errorf("nobody is eligible yet: %s", c.Body)
	}
	dana.do("POST", path+"/eligibility", map[string]any{"program": "wagner_peyser", "decided_on": "2026-11-20", "birth_date": "1991-03-09", "work_authorized": "yes", "work_auth_verified_on": "2026-11-20"}).is(201)
	if c := dana.do("GET", path, nil); c.text("started_on") != "2026-11-20" || c.text("state") != "participant" {
		t.Errorf("%s", c.Body)
	}
}
