package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// The worked cases of domain.md 6.2 and 6.3 after the ranking, entered through the JSON API on the days they happened.

// all holds an answer against what is printed, path by path.
func (r reply) all(want map[string]string) reply {
	r.t.Helper()
	for path, w := range want {
		if got := r.text(path); got != w {
			r.t.Errorf("%s is %q, want %q", path, got, w)
		}
	}
	return r
}

func TestCaseAFromPortalToSoftExit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.dirigo(t)
	s.Set("2025-07-16")
	dana := s.api(t, "dana@rivervalley.test")
	person := dana.do("POST", "/participants", rosa().person).is(201).text("id")
	at := "/cases/" + dana.do("POST", "/participants/"+person+"/cases", map[string]any{"opened_on": "2025-07-14"}).is(201).text("id")

	// 07-14 portal only, 07-16 eligibility: reportable, not a participant.
	dana.do("POST", at+"/services", map[string]any{"code": "B02", "given_on": "2025-07-14"}).is(201).all(map[string]string{"effect": "none"})
	dana.do("POST", at+"/eligibility", map[string]any{
		"program": "adult", "decided_on": "2025-07-16", "birth_date": "1991-03-09", "male_at_birth": "no", "work_authorized": "yes", "work_auth_verified_on": "2025-07-16",
		"selective_service": "not_required", "veteran": "no", "eligible_spouse": "no", "household_size": 3, "six_month_income": 1190000, "benefits": []any{map[string]any{"kind": "snap", "from_on": "2025-05-01"}},
		"education": 1, "school_status": 5, "single_parent": "yes", "english_learner": "yes", "displaced_homemaker": "no", "disability": "no", "offender": "no", "homeless": "no", "foster_care": "no",
		"low_literacy": "no", "cultural": "no", "farmworker": 0, "tanf_exhausting": "no", "native_american": "no", "governor_defined": "no", "unemployed_since": "2025-06-02",
	}).is(201).
		all(map[string]string{"decision": "eligible", "age": "34", "priority_group": "2", "low_income": "true", "barriers.0": "2", "barriers.1": "9", "barriers.2": "12", "barriers.3": "", "covered_person": "false"})
	dana.do("POST", at+"/services", map[string]any{"code": "B01", "given_on": "2025-07-16"}).is(201).all(map[string]string{"effect": "none", "exit_clock.started_on": ""})

	// 07-21 initial assessment starts participation.
	s.Set("2025-07-21")
	dana.do("POST", at+"/services", map[string]any{"code": "B11", "given_on": "2025-07-21"}).is(201).all(map[string]string{"effect": "starts_participation", "exit_clock.started_on": "2025-07-21"})
	dana.do("POST", at+"/assessments", map[string]any{"instrument": "tabe_11_12", "subject": "mathematics", "form": "M", "taken_on": "2025-07-21", "score": 520}).is(201).all(map[string]string{"efl": "3"})
	dana.do("POST", at+"/assessments", map[string]any{"instrument": "casas_steps", "subject": "listening", "form": "625L", "taken_on": "2025-07-21", "score": 205}).is(201).all(map[string]string{"efl": "4"})
	dana.do("POST", at+"/assessments", map[string]any{"instrument": "northstar", "subject": "essential_computer", "module": "Internet", "taken_on": "2025-07-21", "score": 90, "proctored": true}).is(201).all(map[string]string{"passed": "true"})
	dana.do("POST", at+"/assessments", map[string]any{"instrument": "northstar", "subject": "essential_software", "module": "Spreadsheets", "taken_on": "2025-07-21", "score": 70}).is(201).all(map[string]string{"passed": "false"})
	dana.do("POST", at+"/assessments", map[string]any{"instrument": "waymark_interests", "taken_on": "2025-07-21", "scores": rosa().interests}).is(201).all(map[string]string{"code": "RCI"})
	dana.do("POST", at+"/assessments", map[string]any{"waives": "work_readiness", "reason": "Seen at work", "taken_on": "2025-07-21"}).is(201)
	dana.do("PUT", at+"/support-needs", map[string]any{"screened_on": "2025-07-21", "needs": []any{map[string]any{"area": "child_care", "severity": 3, "blocking": true}, map[string]any{"area": "transport", "severity": 1}}}).is(200)
	dana.do("POST", at+"/intake/notice", map[string]any{"given_on": "2025-07-21"}).is(201)
	dana.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"education": rosa().education, "work": rosa().work}}).is(200)

	s.Set("2025-07-28")
	snapshot := dana.do("POST", at+"/recommendations", nil).is(201)
	if !strings.HasPrefix(totals(snapshot), "M6 89.5, M1 85.4, T1 81.1, M2 78.2, M4 71.0") {
		t.Error(totals(snapshot))
	}
	s.Set("2025-07-30")
	dana.do("POST", at+"/recommendations/"+snapshot.text("id")+"/review", map[string]any{"reviewed_on": "2025-07-30", "method": "in_person"}).is(201)
	dana.do("POST", at+"/selection", map[string]any{"area": "M6", "entry_step": 2, "target_step": 3, "chosen_on": "2025-07-30", "informed_choice": allTopics()}).is(201).all(map[string]string{"in_snapshot": "true"})

	s.Set("2025-08-04")
	var goals []string
	for _, g := range []map[string]any{
		{"horizon": "immediate", "title": "Inspector", "target_kind": "occupation", "target_code": "51-9061.00", "measure": "hourly_wage", "target_value": "19.00", "pay_cents": 1900, "pay_per": "hour", "target_on": "2026-01-09"},
		{"horizon": "mid", "title": "Calibration or CMM certificate", "target_kind": "credential", "target_code": "cqi", "measure": "certificates", "target_value": "1", "target_on": "2027-06-30"},
		{"horizon": "long", "title": "Quality lead", "target_kind": "occupation", "target_code": "51-9061.00", "measure": "hourly_wage", "target_value": "33.00", "pay_cents": 3300, "pay_per": "hour", "target_on": "2030-06-30"},
	} {
		g["agreed_on"], g["rationale"], g["owner"], g["status"] = "2025-08-04", "Chosen together", "participant", "agreed"
		made := dana.do("POST", at+"/goals", g).is(201)
		if made.text("complete") != "true" {
			t.Errorf("the %s goal is not complete: %s", g["horizon"], made.text("smart"))
		}
		goals = append(goals, made.text("id"))
	}

	plan := dana.do("POST", at+"/plan", map[string]any{"start_on": "2025-08-04"}).is(201)
	dana.caseAMilestones(at, plan, goals)

	// The class, the gain, the certificate.
	s.Set("2025-08-18")
	dana.do("POST", at+"/services", map[string]any{"code": "S01", "given_on": "2025-08-18"}).is(201).all(map[string]string{"effect": "none", "exit_clock.last_qualifying_on": "2025-08-04"})
	s.Set("2025-12-05")
	dana.do("POST", at+"/services", map[string]any{"code": "T06", "given_on": "2025-08-18", "ends_on": "2025-12-05"}).is(201).all(map[string]string{"effect": "extends", "exit_clock.last_qualifying_on": "2025-12-05"})
	dana.do("POST", at+"/assessments", map[string]any{"instrument": "casas_steps", "subject": "listening", "form": "627L", "taken_on": "2025-11-14", "score": 214}).is(201).all(map[string]string{"efl": "5"})
	dana.do("POST", at+"/outcomes", map[string]any{"kind": "skill_gain", "on_date": "2025-11-14", "gain": "functioning_level"}).is(201)
	dana.do("POST", at+"/outcomes", map[string]any{"kind": "credential", "on_date": "2025-12-05", "credential": "Quality inspection certification", "credential_kind": "certification"}).is(201)
	dana.do("GET", at+"/outcomes", nil).is(200).all(map[string]string{
		"items.0.kind": "credential", "items.0.on_date": "2025-12-05", "items.0.detail.credential_kind": "certification",
		"items.1.kind": "skill_gain", "items.1.on_date": "2025-11-14", "items.1.detail.gain": "functioning_level",
	})

	// 12-16 is the last qualifying service; a bus pass and follow-up do not move it.
	s.Set("2025-12-16")
	clock := map[string]string{"exit_clock.last_qualifying_on": "2025-12-16", "exit_clock.day_90": "2026-03-16"}
	dana.do("POST", at+"/services", map[string]any{"code": "B10", "given_on": "2025-12-16"}).is(201).all(map[string]string{"effect": "extends"}).all(clock)
	s.Set("2026-01-20")
	for _, code := range []string{"F01", "S01"} {
		dana.do("POST", at+"/services", map[string]any{"code": code, "given_on": "2026-01-20"}).is(201).all(map[string]string{"effect": "none"}).all(clock)
	}
	dana.do("POST", at+"/outcomes", map[string]any{"kind": "job", "on_date": "2026-01-05", "employer": "Dirigo Gauge", "job_title": "Inspector", "pay_cents": 1950, "pay_per": "hour", "hours_week": 40}).is(201)
	dana.do("GET", at, nil).is(200).all(clock).all(map[string]string{"step": "6", "exit_clock.started_on": "2025-07-21"})

	// Day 90 is March 16; the sweep of the 17th fixes the exit, applied back to December 16.
	if n := s.sweepOf(t, "2026-03-16"); n != 0 {
		t.Errorf("%d exits on day 90", n)
	}
	if n := s.sweepOf(t, "2026-03-17"); n != 1 {
		t.Errorf("%d exits on day 91", n)
	}
	dana.do("GET", at, nil).is(200).all(clock).all(map[string]string{"state": "exited", "exit_on": "2025-12-16"})
}

// emptied takes the drafted milestones and lines out of a plan.
func (a *script) emptied(at string, plan reply) {
	a.t.Helper()
	version := plan.text("version")
	remove := func(kind, key string) {
		a.do("DELETE", at+"/plan/"+kind+"/"+key, nil, "If-Match", `"`+version+`"`).is(204)
		version = a.do("GET", at+"/plan", nil).is(200).text("version")
	}
	for i := 0; plan.text(fmt.Sprintf("milestones.%d.key", i)) != ""; i++ {
		remove("milestones", plan.text(fmt.Sprintf("milestones.%d.key", i)))
	}
	for i := 0; plan.text(fmt.Sprintf("lines.%d.id", i)) != ""; i++ {
		remove("lines", plan.text(fmt.Sprintf("lines.%d.id", i)))
	}
}

// caseAMilestones replaces the drafted milestones by those of the worked case, and signs on 2025-08-04.
func (a *script) caseAMilestones(at string, plan reply, goals []string) {
	a.t.Helper()
	a.emptied(at, plan)
	for _, m := range []map[string]any{
		{"key": "enroll", "kind": "enroll", "title": "Enroll", "due_on": "2025-08-18"},
		{"key": "midterm", "kind": "midterm", "title": "Midterm", "due_on": "2025-10-10", "depends_on": []string{"enroll"}},
		{"key": "post-test", "kind": "exam", "title": "Post-test", "due_on": "2025-11-14", "depends_on": []string{"midterm"}},
		{"key": "certification", "kind": "credential", "title": "Certification", "due_on": "2025-12-05", "depends_on": []string{"post-test"}, "goal_id": goals[1]},
		{"key": "placement", "kind": "placement", "title": "Placement", "due_on": "2026-01-09", "depends_on": []string{"certification"}, "goal_id": goals[0]},
		{"key": "review", "kind": "review", "title": "Review of the long goal", "due_on": "2026-01-09", "goal_id": goals[2]},
	} {
		a.do("POST", at+"/plan/milestones", m).is(201)
	}
	now := a.do("GET", at+"/plan", nil).is(200)
	// Moving the midterm moves what depends on it, and says what.
	moved := a.do("PATCH", at+"/plan/milestones/midterm", map[string]any{"due_on": "2025-10-13"}, "If-Match", `"`+now.text("version")+`"`).is(200)
	if n := strings.Count(string(moved.Body), `"from"`); n < 3 {
		a.t.Errorf("moving the midterm moved %d others: %s", n, moved.Body)
	}
	now = a.do("GET", at+"/plan", nil).is(200)
	a.do("PATCH", at+"/plan/milestones/midterm", map[string]any{"due_on": "2025-10-10"}, "If-Match", `"`+now.text("version")+`"`).is(200)
	now = a.do("GET", at+"/plan", nil).is(200)
	now = a.do("PATCH", at+"/plan", map[string]any{"end_on": "2026-01-09"}, "If-Match", `"`+now.text("version")+`"`).is(200)
	for i, due := range []string{"2025-08-18", "2025-10-10", "2025-11-14", "2025-12-05", "2026-01-09"} {
		if got := now.text(fmt.Sprintf("milestones.%d.due_on", i)); got != due {
			a.t.Errorf("milestone %d is due %s, want %s", i, got, due)
		}
	}
	a.do("POST", at+"/plan/submit", map[string]any{}, "If-Match", `"`+now.text("version")+`"`).is(200)
	a.do("POST", at+"/plan/signatures", map[string]any{"role": "participant", "method": "in_person", "name": "Rosa Delgado", "signed_on": "2025-08-04"}).is(201)
	a.do("POST", at+"/plan/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield", "signed_on": "2025-08-04"}).is(201)
	a.do("GET", at+"/plan", nil).is(200).all(map[string]string{"state": "in_force", "number": "1", "in_force_on": "2025-08-04", "end_on": "2026-01-09"})
	a.do("POST", at+"/services", map[string]any{"code": "I02", "given_on": "2025-08-04"}).is(201).all(map[string]string{"effect": "extends"})
}

func TestCaseBFromLevelToPay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.dirigo(t)
	s.Set("2025-09-17")
	dana := s.api(t, "dana@rivervalley.test")
	at := dana.intake(thomas())
	dana.interests(at, thomas())
	if tests := dana.do("GET", at+"/assessments", nil).is(200); !strings.Contains(string(tests.Body), `"score":560,"efl":4`) {
		t.Errorf("mathematics 560 is level 4: %s", tests.Body)
	}
	snapshot := dana.do("POST", at+"/recommendations", nil).is(201).text("id")
	dana.do("POST", at+"/recommendations/"+snapshot+"/review", map[string]any{"method": "in_person"}).is(201)
	dana.do("POST", at+"/selection", map[string]any{"area": "M2", "entry_step": 3, "target_step": 4, "informed_choice": allTopics()}).is(201).all(map[string]string{"in_snapshot": "true"})

	// The IEP of October 1, with the milestones of the OJT set in advance.
	s.Set("2025-10-01")
	dana = s.api(t, "dana@rivervalley.test")
	var goals []string
	for _, g := range []map[string]any{
		{"horizon": "immediate", "title": "Maintenance worker", "target_code": "49-9071", "pay_cents": 2400, "target_on": "2026-02-20", "status": "agreed"},
		{"horizon": "mid", "title": "Mechatronics technician", "target_code": "17-3024", "pay_cents": 2740, "target_on": "2027-06-30", "status": "agreed"},
		{"horizon": "long", "title": "Machinery mechanic", "target_code": "49-9041", "pay_cents": 3100, "target_on": "2029-06-30", "status": "agreed"},
	} {
		goals = append(goals, dana.do("POST", at+"/goals", g).is(201).text("id"))
	}
	dana.emptied(at, dana.do("POST", at+"/plan", map[string]any{"start_on": "2025-10-01"}).is(201))
	for _, m := range []map[string]any{
		{"key": "ojt-midpoint", "kind": "midterm", "title": "OJT midpoint", "due_on": "2025-12-12"},
		{"key": "ojt-done", "kind": "term_end", "title": "OJT completed", "due_on": "2026-02-20", "depends_on": []string{"ojt-midpoint"}, "goal_id": goals[0]},
		{"key": "mid", "kind": "review", "title": "Toward the technician", "due_on": "2026-02-20", "goal_id": goals[1]},
		{"key": "long", "kind": "review", "title": "Toward the mechanic", "due_on": "2026-02-20", "goal_id": goals[2]},
	} {
		dana.do("POST", at+"/plan/milestones", m).is(201)
	}
	now := dana.do("GET", at+"/plan", nil).is(200)
	now = dana.do("PATCH", at+"/plan", map[string]any{"end_on": "2026-02-20"}, "If-Match", match(now)).is(200)
	dana.do("POST", at+"/plan/submit", map[string]any{}, "If-Match", match(now)).is(200)
	dana.do("POST", at+"/plan/signatures", map[string]any{"role": "participant", "method": "in_person", "name": "Thomas Bouchard", "signed_on": "2025-10-01"}).is(201)
	dana.do("POST", at+"/plan/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Dana Whitfield", "signed_on": "2025-10-01"}).is(201)
	dana.do("GET", at+"/plan", nil).is(200).all(map[string]string{"state": "in_force", "kind": "iep", "in_force_on": "2025-10-01", "end_on": "2026-02-20", "entry_step": "3", "milestones.0.due_on": "2025-12-12", "milestones.1.due_on": "2026-02-20"})

	// The OJT ends with a satisfactory report, and he is kept on.
	s.Set("2026-02-23")
	dana = s.api(t, "dana@rivervalley.test")
	dana.do("POST", at+"/services", map[string]any{"code": "T01", "given_on": "2025-10-06", "ends_on": "2026-02-20"}).is(201).all(map[string]string{"effect": "starts_participation"})
	dana.do("POST", at+"/check-ins", map[string]any{"held_on": "2026-02-20", "method": "in_person", "result": "talked", "progress": []any{
		map[string]any{"key": "ojt-midpoint", "status": "done", "done_on": "2025-12-12"}, map[string]any{"key": "ojt-done", "status": "done", "done_on": "2026-02-20"},
	}}).is(201)
	dana.do("GET", at, nil).is(200).all(map[string]string{"milestones_done": "2", "milestones_total": "4"})
	dana.do("POST", at+"/outcomes", map[string]any{"kind": "skill_gain", "on_date": "2026-02-20", "gain": "milestone", "evidence": "Satisfactory report"}).is(201)
	dana.do("POST", at+"/outcomes", map[string]any{"kind": "job", "on_date": "2026-02-23", "employer": "Dirigo Mills", "job_title": "Maintenance mechanic", "pay_cents": 2740, "pay_per": "hour", "hours_week": 40}).is(201)
	dana.do("GET", at+"/outcomes", nil).is(200).all(map[string]string{
		"items.0.kind": "job", "items.0.detail.pay_cents": "2740", "items.0.detail.hours_week": "40", "items.1.kind": "skill_gain", "items.1.detail.gain": "milestone", "items.1.on_date": "2026-02-20",
	})
}

func TestCaseBHoldAndRelease(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.dirigo(t)
	s.Set("2025-09-10")
	dana := s.api(t, "dana@rivervalley.test")
	f := thomas()
	at := dana.intake(f)
	decided := dana.do("POST", at+"/eligibility", map[string]any{
		"program": "dislocated_worker", "decided_on": "2025-09-08", "birth_date": "1973-05-02", "male_at_birth": "yes", "work_authorized": "yes", "work_auth_verified_on": "2025-09-08",
		"selective_service": "registered", "veteran": "yes", "closure": "yes", "laid_off": "yes", "unlikely_to_return": "yes", "uc_status": 1, "unemployed_since": "2025-03-14", "education": 1, "school_status": 5,
		"household_size": 1, "six_month_income": 2500000, "benefits": []any{}, "displaced_homemaker": "no", "single_parent": "no", "english_learner": "no", "disability": "no", "offender": "no", "homeless": "no", "foster_care": "no",
		"low_literacy": "no", "cultural": "no", "farmworker": 0, "tanf_exhausting": "no", "native_american": "no", "governor_defined": "no",
	}).is(201)
	decided.all(map[string]string{"decision": "eligible", "age": "52", "covered_person": "true", "barriers.0": "", "long_term_unemployed": "false"})
	if !strings.Contains(decided.text("basis"), "closure") {
		t.Errorf("basis %s", decided.text("basis"))
	}
	dana.do("POST", at+"/services", map[string]any{"code": "B10", "given_on": "2025-09-10"}).is(201).all(map[string]string{"effect": "starts_participation", "exit_clock.started_on": "2025-09-10"})

	// OJT to February 20; on the 18th a course is booked for June 1.
	s.Set("2026-02-18")
	booking := dana.do("POST", at+"/services", map[string]any{"code": "T06", "given_on": "2026-06-01", "planned": true, "provider": "Southern Maine CC", "note": "Controls course"}).is(201)
	s.Set("2026-02-20")
	dana.do("POST", at+"/services", map[string]any{"code": "T01", "given_on": "2025-10-06", "ends_on": "2026-02-20"}).is(201).
		all(map[string]string{"effect": "extends", "exit_clock.last_qualifying_on": "2026-02-20", "exit_clock.day_90": "2026-05-21", "exit_clock.held": "true", "exit_clock.held_until": "2026-06-01", "exit_clock.exit_on": ""})
	// Cancelled on May 29: nothing holds the exit any more.
	s.Set("2026-05-29")
	dana.do("POST", at+"/services", map[string]any{"cancels": booking.text("id"), "reason": "The course was cancelled"}).is(201).
		all(map[string]string{"exit_clock.last_qualifying_on": "2026-02-20", "exit_clock.day_90": "2026-05-21", "exit_clock.held": "false"})
	// Variant B3: a staff service of May 20 is entered on June 2.
	s.Set("2026-06-02")
	dana.do("POST", at+"/services", map[string]any{"code": "B10", "given_on": "2026-05-20"}).is(201).
		all(map[string]string{"effect": "extends", "exit_clock.last_qualifying_on": "2026-05-20", "exit_clock.day_90": "2026-08-18", "exit_clock.exit_on": "2026-08-19"})
}
