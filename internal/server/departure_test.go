package server_test

import (
	"net/url"
	"strings"
	"testing"
)

func TestLeavingHoldsTheCaseAndComingBackResumesIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.eligible(t, s.Dana, rosa, "adult", "2026-09-08")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()
	dana.do("POST", path+"/services", map[string]any{"code": "B10", "given_on": "2026-11-02"}).is(201)
	s.agreed(t, dana, rosa, "2026-11-16")
	for name, tt := range map[string]struct {
		in          map[string]any
		field, code string
	}{
		"no reason":   {map[string]any{}, "reason", "required"},
		"no evidence": {map[string]any{"reason": "moved", "exclusion": "02"}, "evidence", "needed_for_exclusion"},
		"youth only":  {map[string]any{"reason": "moved", "exclusion": "05", "evidence": "letter"}, "exclusion", "youth_only"},
		"tomorrow":    {map[string]any{"reason": "moved", "on_date": "2026-11-24"}, "on_date", "in_future"},
	} {
		if r := dana.do("POST", path+"/exit", tt.in).is(422); r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	dana.do("POST", path+"/exit", map[string]any{"reason": "lost_contact", "resume_step": 4, "instructions_given_on": "2026-11-20"}).is(201)
	c := dana.do("GET", path, nil)
	if c.text("state") != "hold" || c.text("left_on") != "2026-11-23" || c.text("exit_on") != "" || c.text("resume_step") != "4" || c.text("next_on") != "" {
		t.Errorf("%s", c.Body)
	}
	if today := dana.do("GET", "/today", nil).is(200); today.text("counts.overdue") != "0" || today.at("overdue.0") != nil {
		t.Errorf("who left is still late: %s", today.Body)
	}
	dana.do("POST", path+"/exit", map[string]any{"reason": "moved"}).is(409)
	// Back within 90 days, by the page: nothing is asked again.
	s.Set("2026-12-01")
	b := s.browse(t, "dana@rivervalley.test")
	if p := string(b.get(path + "/return").is(200).Body); !strings.Contains(p, "Cannot be reached") {
		t.Errorf("%.3000s", p)
	}
	form := b.preset()
	if form.Get("on_date") != "12/1/2026" || form.Get("resume_step") != "4" {
		t.Errorf("%v", form)
	}
	b.post(path+"/return", form).is(303)
	if c := s.api(t, "dana@rivervalley.test").do("GET", path, nil); c.text("state") != "participant" || c.text("left_on") != "" {
		t.Errorf("%s", c.Body)
	}
	b.get(path + "/leave?kind=exit").is(200)
	if p := string(b.post(path+"/exit", url.Values{"exclusion": {"03"}, "note": {"kept text"}}).is(422).Body); !strings.Contains(p, "kept text") {
		t.Error("the form forgot the note")
	}
	b.get(path + "/leave").is(200)
	b.post(path+"/pause", url.Values{"reason": {"health"}, "on_date": {"today"}, "until_on": {"12/14/2026"}, "resume_step": {"6"}}).is(303)
	s.Set("2027-03-01")
	late := s.api(t, "dana@rivervalley.test")
	late.do("POST", path+"/return", map[string]any{}).is(201) // a pause has no day 90
	late.do("POST", path+"/exit", map[string]any{"reason": "moved"}).is(201)
	if r := late.do("POST", path+"/return", map[string]any{}).is(409); r.text("current.day_90") != "2027-01-31" {
		t.Errorf("%s", r.Body)
	}
	for _, stranger := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		s.api(t, stranger).do("POST", path+"/pause", map[string]any{"reason": "health", "until_on": "2026-12-14"}).is(404)
		s.api(t, stranger).do("POST", path+"/outcomes", map[string]any{"kind": "job", "on_date": "2026-11-02", "employer": "x"}).is(404)
	}
}

func TestOutcomesAreCorrectedNotOverwritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/outcomes"
	dana.do("POST", path, map[string]any{"kind": "job", "on_date": "2026-11-02"}).is(422)
	job := dana.do("POST", path, map[string]any{"kind": "job", "on_date": "2026-11-02", "employer": "Tibbetts", "pay_cents": 1950, "pay_per": "hour", "hours_week": 40}).is(201)
	dana.do("POST", path, map[string]any{"kind": "job", "on_date": "2026-11-05", "employer": "Tibbetts", "supersedes": job.text("id"), "reason": "Started later"}).is(201)
	list := dana.do("GET", path, nil).is(200)
	if list.text("items.0.live") != "true" || list.text("items.1.live") != "false" || list.text("items.1.detail.pay_cents") != "1950" {
		t.Errorf("%s", list.Body)
	}
	b := s.browse(t, "dana@rivervalley.test")
	b.get(path).is(200)
	b.post(path, url.Values{"kind": {"credential"}, "on_date": {"11/5/2026"}}).is(422)
	if p := string(b.follow(b.post(path, url.Values{"kind": {"credential"}, "on_date": {"11/5/2026"}, "credential": {"OSHA 10"}, "credential_kind": {"certification"}})).is(200).Body); !strings.Contains(p, "OSHA 10") {
		t.Errorf("%.3000s", p)
	}
	b.get(path + "?correct=" + list.text("items.0.id")).is(200)
}
