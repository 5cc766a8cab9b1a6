package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/transfer"
)

func TestATransferMovesEverybodyOrNobodyAndTakesAccessAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis, mai := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", "Ortega", "en"), s.enrol(t, s.Dana, "Mai", "Nguyen", "en")
	s.withPlan(t, s.Dana, rosa)
	dana, priya, marcus := s.api(t, "dana@rivervalley.test"), s.api(t, "priya@rivervalley.test"), s.api(t, "marcus@rivervalley.test")
	s.agreed(t, dana, rosa, "2026-12-01")
	at := "/cases/" + rosa.Case.String()
	dana.do("POST", at+"/requests", map[string]any{"what": "Transcript", "from_whom": "Central CC", "asked_on": "2026-11-09"}).is(201)
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at + "/check-ins/new").is(200)
	b.post("/drafts/checkin:"+rosa.Case.String()+"?title=checkin.form", url.Values{"note": {"half a note"}}).is(204)
	has(t, b.get("/today").is(200), "Rosa Delgado")

	both := []string{rosa.Case.String(), luis.Case.String()}
	move := map[string]any{"cases": both, "to": s.Priya.ID.String(), "note": "Rosa likes mornings."}
	for name, tt := range map[string]struct {
		edit        map[string]any
		field, code string
	}{
		"nobody":       {map[string]any{"cases": []string{}}, "cases", "min"},
		"a stranger":   {map[string]any{"to": s.Kim.ID.String()}, "to", "oneof"},
		"no caseload":  {map[string]any{"to": s.Admin.ID.String()}, "to", "oneof"},
		"yesterday":    {map[string]any{"effective_on": "2026-11-22"}, "effective_on", "in_past"},
		"next year":    {map[string]any{"effective_on": "2027-11-22"}, "effective_on", "too_far"},
		"to Dana":      {map[string]any{"to": s.Dana.ID.String()}, "to", "has_already"},
		"a long story": {map[string]any{"note": strings.Repeat("a", 2001)}, "note", "max"},
	} {
		in := map[string]any{}
		for k, v := range move {
			in[k] = v
		}
		for k, v := range tt.edit {
			in[k] = v
		}
		if r := marcus.do("POST", "/transfers", in).is(422); r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	dana.do("POST", "/transfers", move).is(403)
	move["cases"] = append(both, s.enrol(t, s.Walt, "Theo", "Brandt", "en").Case.String())
	if r := marcus.do("POST", "/transfers", move).is(409); r.text("type") != "urn:waymark:problem:transfer.gone" || r.text("current.cases.1") != "" {
		t.Errorf("one of another office: %s", r.Body)
	}
	if n := s.count(t, `select count(*) from cases where case_manager_id = cast(:id as uuid)`, pg.Args{"id": s.Dana.ID.String()}); n != 3 {
		t.Fatalf("a refused transfer left Dana with %d", n)
	}

	move["cases"] = both
	made := marcus.do("POST", "/transfers", move).is(201)
	for path, want := range map[string]string{"state": "done", "count": "2", "count_before": "3", "count_after": "3", "to_name": "Priya Raman"} {
		if made.text(path) != want {
			t.Errorf("%s is %q, want %q", path, made.text(path), want)
		}
	}
	// Dana is out of it with the next request, in reading, writing, lists, counts, search and drafts.
	dana.do("GET", at, nil).is(404)
	dana.do("GET", at+"/check-ins", nil).is(404)
	dana.do("POST", at+"/check-ins", map[string]any{"method": "phone", "result": "talked"}).is(404)
	if list := dana.do("GET", "/cases", nil).is(200); list.text("items.0.id") != mai.Case.String() || list.text("items.1.id") != "" {
		t.Errorf("Dana's list: %s", list.Body)
	}
	if got := string(b.get("/today").is(200).Body); strings.Contains(got, "Rosa Delgado") {
		t.Error("Dana's Today still has Rosa, or a draft about her")
	}
	priya.do("POST", at+"/check-ins", map[string]any{"method": "phone", "result": "talked"}).is(201)
	// The receiver reads the hand-off, the participant who is there for them now.
	got := priya.do("GET", "/transfers/"+made.text("id"), nil).is(200)
	for path, want := range map[string]string{
		"note": "Rosa likes mornings.", "people.0.from_name": "Dana Whitfield", "people.0.packet.next_on": "2026-12-01", "people.0.packet.milestones.0.title": "Welding Level 1",
		"people.0.packet.waiting_for.0.what": "Transcript",
	} {
		if got.text(path) != want {
			t.Errorf("%s is %q, want %q", path, got.text(path), want)
		}
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'record.opened' and actor_id = :priya and case_id in (:rosa, :luis)`, pg.Args{"priya": s.Priya.ID, "rosa": rosa.Case, "luis": luis.Case}); n != 2 {
		t.Errorf("the hand-off tells of two records, %d openings are noted", n)
	}
	s.api(t, "walt@rivervalley.test").do("GET", "/transfers/"+made.text("id"), nil).is(404)
	has(t, s.browse(t, rosa.Email).get("/me/messages").is(200), "Priya Raman es ahora la persona que le atiende", "(207) 555-0119")
	has(t, s.browse(t, luis.Email).get("/me/messages").is(200), "Priya Raman is now your person at the agency")
	if n := s.count(t, `select count(*) from outbox where recipient = 'rosa@people.test' and body not like '%Raman%' and body not like '%Rosa%' and body like '%/me/messages%'`, pg.Args{}); n != 1 {
		t.Errorf("%d letters to Rosa, or one that says too much", n)
	}
	if n := s.count(t, `select count(*) from assignments where case_id = cast(:id as uuid) and until_on is null and user_id = cast(:to as uuid)`, pg.Args{"id": rosa.Case.String(), "to": s.Priya.ID.String()}); n != 1 {
		t.Error("the assignment does not say who has her")
	}
}

func TestAReceiverOverTheLimitNeedsAReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.enrol(t, s.Priya, "Luis", "Ortega", "en")
	s.api(t, "admin@rivervalley.test").do("POST", "/settings", map[string]any{"key": "caseload_limit", "value": 1}).is(201)
	m := s.browse(t, "marcus@rivervalley.test")
	page := m.get("/team/transfer?cases=" + e.Case.String()).is(200)
	has(t, page, "Delgado, Rosa", "Priya Raman, Main Street: 1 people now, 0 overdue, then 2, over the limit of 1")
	form := url.Values{"cases": {e.Case.String()}, "to": {s.Priya.ID.String()}, "effective_on": {"today"}, "note": {"Ask about her shifts"}}
	has(t, m.post("/team/transfer", form).is(422), "Priya Raman would have 2 people; the limit is 1", "Ask about her shifts")
	form.Set("reason", "Keisha is on leave")
	form.Del("form_token")
	has(t, m.follow(m.post("/team/transfer", form)).is(200), "1 person is now with Priya Raman", "Keisha is on leave")
	has(t, m.get("/transfers").is(200), "1 person to Priya Raman", "Done")
}

func TestATransferDatedAheadWaitsForItsDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	marcus := s.api(t, "marcus@rivervalley.test")
	plan := func(of enrolled) string {
		return marcus.do("POST", "/transfers", map[string]any{"cases": []string{of.Case.String()}, "to": s.Priya.ID.String(), "effective_on": "2026-11-30"}).is(201).text("id")
	}
	first, second, third := plan(rosa), plan(luis), plan(luis)
	marcus.do("POST", "/transfers/"+third+"/cancel", nil, "If-Match", `"1"`).is(200)
	due := func() {
		if err := transfer.New(s.DB, s.Policy, "http://localhost").Due(t.Context(), access.Actor{Agency: s.Dana.Agency, Role: access.System}); err != nil {
			t.Fatal(err)
		}
	}
	due()
	if got := marcus.do("GET", "/transfers/"+first, nil).is(200); got.text("state") != "planned" {
		t.Errorf("before its day: %s", got.Body)
	}
	s.sql(t, s.Dana, `update cases set case_manager_id = :walt where agency_id = :agency and id = :id`, pg.Args{"walt": s.Marcus.ID, "id": luis.Case}) // somebody else took Luis meanwhile
	s.Set("2026-11-30")
	marcus = s.api(t, "marcus@rivervalley.test")
	due()
	due()
	for id, want := range map[string]string{first: "done", second: "refused", third: "cancelled"} {
		if got := marcus.do("GET", "/transfers/"+id, nil).is(200); got.text("state") != want {
			t.Errorf("%s, want %s", got.Body, want)
		}
	}
}

func TestACoverReachesOnePersonsCasesForItsDaysAndNeverChains(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, walts := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Walt, "Theo", "Brandt", "en")
	at := "/cases/" + rosa.Case.String()
	reads := func(who string) int {
		return s.api(t, who+"@rivervalley.test").do("GET", at+"/check-ins", nil).Status
	}
	marcus := s.api(t, "marcus@rivervalley.test")
	cover := map[string]any{"case_manager": s.Dana.ID.String(), "delegate": s.Walt.ID.String(), "from_on": "2026-11-24", "until_on": "2026-11-30"}
	for name, tt := range map[string]struct {
		edit        map[string]any
		field, code string
	}{
		"oneself":    {map[string]any{"delegate": s.Dana.ID.String()}, "delegate", "self"},
		"approver":   {map[string]any{"delegate": s.Marcus.ID.String()}, "delegate", "approver"},
		"40 days":    {map[string]any{"until_on": "2027-01-05"}, "until_on", "too_long"},
		"backwards":  {map[string]any{"until_on": "2026-11-23"}, "until_on", "before_start"},
		"yesterday":  {map[string]any{"from_on": "2026-11-22"}, "from_on", "in_past"},
		"not ours":   {map[string]any{"case_manager": s.Walt.ID.String(), "delegate": s.Dana.ID.String()}, "case_manager", "oneof"},
		"a stranger": {map[string]any{"delegate": s.Kim.ID.String()}, "delegate", "oneof"},
	} {
		in := map[string]any{}
		for k, v := range cover {
			in[k] = v
		}
		for k, v := range tt.edit {
			in[k] = v
		}
		if r := marcus.do("POST", "/coverages", in).is(422); r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	if reads("walt") != 404 {
		t.Error("Walt reads Dana's people")
	}
	made := marcus.do("POST", "/coverages", cover).is(201)
	marcus.do("POST", "/coverages", cover).is(422) // covered on these days already
	if reads("walt") != 404 {
		t.Error("the cover begins before its day")
	}
	s.Set("2026-11-24")
	walt := s.api(t, "walt@rivervalley.test")
	if list := walt.do("GET", "/cases?sort=name", nil).is(200); list.text("items.0.last_name") != "Brandt" || list.text("items.1.last_name") != "Delgado" {
		t.Errorf("Walt's list: %s", list.Body)
	}
	walt.do("POST", at+"/check-ins", map[string]any{"method": "phone", "result": "talked"}).is(201)
	// Somebody who covers Walt reaches Walt's own people and not those he covers.
	s.api(t, "helen@rivervalley.test").do("POST", "/coverages", map[string]any{"case_manager": s.Walt.ID.String(), "delegate": s.Priya.ID.String(), "from_on": "2026-11-24", "until_on": "2026-11-30"}).is(201)
	s.api(t, "priya@rivervalley.test").do("GET", "/cases/"+walts.Case.String()+"/check-ins", nil).is(200)
	if reads("priya") != 404 {
		t.Error("the cover chains")
	}
	s.Set("2026-12-01")
	if reads("walt") != 404 {
		t.Error("the cover does not end with its last day")
	}
	s.Set("2026-11-25")
	if reads("walt") != 200 {
		t.Error("the cover is gone before its last day")
	}
	s.api(t, "marcus@rivervalley.test").do("POST", "/coverages/"+made.text("id")+"/end", nil).is(200)
	if reads("walt") != 404 {
		t.Error("a cover that was ended still reaches")
	}
	m := s.browse(t, "marcus@rivervalley.test")
	has(t, m.get("/team/cover").is(200), "Walt Pelletier", "Over")
	m.post("/team/cover", url.Values{"case_manager": {s.Dana.ID.String()}, "delegate": {s.Priya.ID.String()}, "from_on": {"today"}, "until_on": {"11/20/2026"}}).is(422)
	has(t, m.follow(m.post("/team/cover", url.Values{"case_manager": {s.Dana.ID.String()}, "delegate": {s.Priya.ID.String()}, "from_on": {"today"}, "until_on": {"12/1/2026"}})), "Priya Raman covers for Dana Whitfield.")
}

func TestNobodyLeavesBeforeTheirPeopleArePlaced(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i := range 3 {
		s.enrol(t, s.Dana, fmt.Sprintf("P%d", i), "Person", "en")
	}
	admin := s.api(t, "admin@rivervalley.test")
	at := "/users/" + s.Dana.ID.String()
	if r := admin.do("POST", at+"/deactivate", nil, "If-Match", `"1"`).is(409); r.text("current.open_cases") != "3" {
		t.Errorf("%s", r.Body)
	}
	a := s.browse(t, "admin@rivervalley.test")
	has(t, a.get("/setup/people/"+s.Dana.ID.String()).is(200), "/place")
	page := a.get("/setup/people/" + s.Dana.ID.String() + "/place").is(200)
	has(t, page, "3 open people go to one colleague")
	if strings.Contains(string(page.Body), "Person") {
		t.Error("the administrator sees who they are")
	}
	if r := admin.do("POST", at+"/place", map[string]any{"to": s.Priya.ID.String()}).is(201); r.text("count") != "3" || strings.Contains(string(r.Body), "P0") {
		t.Errorf("%s", r.Body)
	}
	admin.do("POST", at+"/deactivate", nil, "If-Match", `"1"`).is(200)
	s.api(t, "priya@rivervalley.test").do("POST", at+"/place", map[string]any{"to": s.Priya.ID.String()}).is(403)
}

func TestPeopleWhoLeftAndAreFollowedUpAreMovedAndPlacedWithTheOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 0)
	gone := s.exitedWith(t, s.Dana, "Gone", "2025-07-21", "2025-12-16", 0)
	long := s.exitedWith(t, s.Dana, "Long", "2023-01-10", "2023-06-10", 0)
	marcus, dana, priya, admin := s.api(t, emails["marcus"]), s.api(t, emails["dana"]), s.api(t, emails["priya"]), s.api(t, emails["admin"])
	dana.do("POST", "/cases/"+gone.Case.String()+"/exclusion", body{"exclusion": "03", "evidence": "Death notice", "on_date": "2026-01-20"}).is(201)
	// What is due stands on Today, for whoever holds it.
	b := s.browse(t, emails["dana"])
	has(t, b.get("/today").is(200), "1 person who left: find out", "/cases/"+rosa.Case.String()+"/follow-up")
	// Nobody leaves the agency before somebody else follows up.
	at := "/users/" + s.Dana.ID.String()
	if r := admin.do("POST", at+"/deactivate", nil, "If-Match", `"1"`).is(409); !strings.Contains(r.text("errors.0.message"), "1 person who left is still followed up") {
		t.Errorf("%s", r.Body)
	}
	// The supervisor chooses from the list of follow-up; who needs none is not moved.
	m := s.browse(t, emails["marcus"])
	has(t, m.get("/follow-up").is(200), `name="cases"`, "Move the chosen people")
	has(t, m.get("/team/transfer?cases="+rosa.Case.String()).is(200), "Rosa")
	marcus.do("POST", "/transfers", body{"cases": []string{rosa.Case.String(), long.Case.String()}, "to": s.Priya.ID.String()}).is(409)
	moved := marcus.do("POST", "/transfers", body{"cases": []string{rosa.Case.String()}, "to": s.Priya.ID.String()}).is(201)
	moved.all(map[string]string{"state": "done", "count_before": "1", "count_after": "1"})
	priya.do("GET", "/follow-up", nil).is(200).all(map[string]string{"items.0.name": "Rosa Person"})
	dana.do("GET", "/follow-up", nil).is(200).all(map[string]string{"items.0.name": ""})
	dana.do("GET", "/cases/"+rosa.Case.String()+"/follow-up", nil).is(404)
	// Placing a whole caseload takes them along, and then the account can go.
	admin.do("POST", "/users/"+s.Priya.ID.String()+"/place", body{"to": s.Marcus.ID.String()}).is(201).all(map[string]string{"count": "1"})
	if n := s.count(t, `select count(*) from cases where id = :id and case_manager_id = :marcus`, pg.Args{"id": rosa.Case, "marcus": s.Marcus.ID}); n != 1 {
		t.Error("the person who left stayed behind")
	}
	admin.do("POST", "/users/"+s.Priya.ID.String()+"/deactivate", nil, "If-Match", `"1"`).is(200)
}

func TestAPlannedTransferIsCarriedOutOnlyIfWhoeverPlannedItStillMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.sql(t, s.Dana, `insert into users (agency_id, id, email, first_name, last_name, role, office_id, language, password_hash)
		select agency_id, :id, 'second@rivervalley.test', 'Nia', 'Second', 'supervisor', office_id, 'en', password_hash from users where id = :marcus and agency_id = :agency`,
		pg.Args{"id": id.New[access.User](), "marcus": s.Marcus.ID})
	nia := s.api(t, "second@rivervalley.test")
	plan := func() string {
		return nia.do("POST", "/transfers", body{"cases": []string{rosa.Case.String()}, "to": s.Priya.ID.String(), "effective_on": "2026-11-30"}).is(201).text("id")
	}
	due := func() {
		if err := transfer.New(s.DB, s.Policy, "http://localhost").Due(t.Context(), access.Actor{Agency: s.Dana.Agency, Role: access.System}); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]string{
		"lost the role": `update users set role = 'case_manager' where agency_id = :agency and email = 'second@rivervalley.test'`,
		"left":          `update users set role = 'supervisor', active = false where agency_id = :agency and email = 'second@rivervalley.test'`,
	} {
		s.Set("2026-11-23")
		s.sql(t, s.Dana, `update users set role = 'supervisor', active = true where agency_id = :agency and email = 'second@rivervalley.test'`, pg.Args{})
		nia = s.api(t, "second@rivervalley.test")
		of := plan()
		s.sql(t, s.Dana, change, pg.Args{})
		s.Set("2026-11-30")
		due()
		marcus := s.api(t, emails["marcus"])
		marcus.do("GET", "/transfers/"+of, nil).is(200).all(map[string]string{"state": "refused", "refused": "transfer.not_allowed"})
		if n := s.count(t, `select count(*) from cases where id = :id and case_manager_id = :dana`, pg.Args{"id": rosa.Case, "dana": s.Dana.ID}); n != 1 {
			t.Errorf("%s: Rosa was moved", name)
		}
		// It is the supervisor's task until it is put aside.
		b := s.browse(t, emails["marcus"])
		has(t, b.get("/team").is(200), "/transfers/"+of, "could not be carried out")
		marcus.do("POST", "/transfers/"+of+"/cancel", nil, "If-Match", `"2"`).is(200).all(map[string]string{"state": "cancelled"})
		if page := string(b.get("/team").is(200).Body); strings.Contains(page, of) {
			t.Errorf("%s: the task stays after it was put aside", name)
		}
	}
}
