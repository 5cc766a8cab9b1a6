package server_test

import (
	"net/url"
	"regexp"
	"slices"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// stopped is Rosa, who answered two sections, had a plan with one milestone done and left at step 6, with the
// exit of her case fixed. The clock stands on the day she comes back.
func (s *site) stopped(t *testing.T) (of enrolled, dana *script) {
	t.Helper()
	of = s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana = s.api(t, emails["dana"])
	at := "/cases/" + of.Case.String()
	s.eligible(t, s.Dana, of, "adult", "2026-11-01")
	dana.do("POST", at+"/services", body{"code": "B10", "given_on": "2026-11-20"}).is(201)
	dana.do("PUT", at+"/intake", body{"sections": body{
		"education": body{"education": 1, "school_status": 5, "english": "some"},
		"money":     body{"household_size": 3, "offender": "no"},
	}}).is(200)
	s.withGoals(t, dana, of)
	dana.do("POST", at+"/plan", body{"start_on": "2026-11-23", "document_lang": "en"}).is(201)
	signedPlan(t, dana, at+"/plan")
	first := dana.do("GET", at+"/plan", nil).is(200).text("milestones.0.key")
	s.sql(t, s.Dana, `insert into milestone_states (agency_id, case_id, key, status, done_on) values (:agency, :case_id, :key, 'done', '2026-11-23')
		on conflict (agency_id, case_id, key) do update set status = 'done', done_on = '2026-11-23'`, pg.Args{"case_id": of.Case, "key": first})
	dana.do("POST", at+"/exit", body{"reason": "lost_contact", "resume_step": 6, "instructions_given_on": "2026-11-23"}).is(201)
	if n := s.sweepOf(t, "2027-02-19"); n != 1 {
		t.Fatalf("%d exits", n)
	}
	s.Set("2027-03-01")
	return of, s.api(t, emails["dana"])
}

func TestWhoComesBackIsNotAskedEverythingAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana := s.stopped(t)
	newer := dana.do("POST", "/participants/"+of.Person.String()+"/cases", body{}).is(201).all(map[string]string{"previous_case_id": of.Case.String()}).text("id")
	at := "/cases/" + newer
	// What was said then stands in the forms, and counts for nothing yet.
	dana.do("GET", at+"/intake", nil).is(200).all(map[string]string{
		"sections.education.english": "some", "sections.money.household_size": "3", "earlier.education": "2026-11-23", "earlier.money": "2026-11-23",
		"versions.education": "0", "earlier.work": "", "complete": "false",
	})
	dana.do("POST", at+"/eligibility", body{"program": "adult"}).is(201)
	b := s.browse(t, emails["dana"])
	has(t, b.get(at+"/intake/education").is(200), "From the earlier program, Nov 23, 2026")
	has(t, b.get(at+"/intake/review").is(200), "From the earlier program, Nov 23, 2026")
	has(t, b.get(at).is(200), "Came back after an earlier program, which ended Nov 23, 2026.", "go on at step 6", "Next milestone then:")
	// Saving a section as it stands confirms it; the source says where it came from.
	b.get(at + "/intake/education").is(200)
	b.post(at+"/intake/education", b.preset()).is(303)
	dana.do("PUT", at+"/intake", body{"sections": body{"money": body{"household_size": 4}}}).is(200).
		all(map[string]string{"versions.education": "1", "versions.money": "1", "earlier.education": "", "earlier.money": "", "sections.money.offender": "no"})
	for i, want := range []string{"education earlier_case true", "money staff false"} {
		if got := s.strings(t, `select section || ' ' || source || ' ' || complete from intake_sections where case_id = :id order by section`, pg.Args{"id": newer}); len(got) != 2 || got[i] != want {
			t.Errorf("%q", got)
		}
	}
	dana.do("POST", at+"/eligibility", body{"program": "adult"}).is(201)
	if got := s.strings(t, `select facts ->> 'household_size' from eligibility_decisions where case_id = :id order by recorded_at, id`, pg.Args{"id": newer}); len(got) != 2 || got[0] != "0" || got[1] != "4" {
		t.Errorf("decided with households of %q", got)
	}
	dana.do("GET", "/cases/"+of.Case.String()+"/intake", nil).is(200).all(map[string]string{"sections.money.household_size": "3", "earlier.money": "", "versions.money": "1"})
}

func TestThePlanOfAnEarlierProgramIsOfferedAsADraft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana := s.stopped(t)
	was := dana.do("GET", "/cases/"+of.Case.String()+"/plan", nil).is(200)
	newer := dana.do("POST", "/participants/"+of.Person.String()+"/cases", body{}).is(201).text("id")
	at := "/cases/" + newer + "/plan"
	again := of
	if err := again.Case.Scan(newer); err != nil {
		t.Fatal(err)
	}
	b := s.browse(t, emails["dana"])
	offer := regexp.MustCompile(`name="from_earlier"[^>]*checked`)
	if offer.Match(b.get(at).is(200).Body) {
		t.Error("a plan is offered though nothing is chosen")
	}
	s.withGoals(t, dana, again)
	if page := b.get(at).is(200); !offer.Match(page.Body) {
		t.Fatalf("the earlier plan is not offered: %.3000s", page.Body)
	}
	b.post(at, url.Values{"start_on": {"3/1/2027"}, "from_earlier": {"yes"}}).is(303)
	now := dana.do("GET", at, nil).is(200)
	// What was done is left behind; what was left is as far away as it was when she stopped.
	now.all(map[string]string{
		"number": "1", "state": "draft", "pathway_code": was.text("pathway_code"), "area_code": was.text("area_code"),
		"milestones.0.status": "not_started", "milestones.0.depends_on": "[]",
	})
	is, _ := now.at("milestones").([]any)
	had, _ := was.at("milestones").([]any)
	if len(is) == 0 || len(is) != len(had)-1 {
		t.Errorf("%d milestones of %d", len(is), len(had))
	}
	dues := func(of access.CaseID, days int) []string {
		return s.strings(t, `select m.key || ' ' || (m.due_on + cast(:days as int)) from milestones m where m.case_id = :id and m.goal_id is null
			and m.key <> :done order by m.key`, pg.Args{"id": of, "days": days, "done": was.text("milestones.0.key")})
	}
	if before, after := dues(of.Case, 98), dues(again.Case, 0); len(after) == 0 || !slices.Equal(before, after) {
		t.Errorf("the milestones left are due %q, want %q", after, before)
	}
	dana.do("POST", at, body{"from_earlier": true, "change_reason": "again"}).is(409)
	// A first case has no plan to go on from.
	tyler := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en")
	s.withGoals(t, dana, tyler)
	dana.do("POST", "/cases/"+tyler.Case.String()+"/plan", body{"from_earlier": true}).is(422).all(map[string]string{"errors.0.field": "from_earlier", "errors.0.code": "no_earlier_plan"})
}
