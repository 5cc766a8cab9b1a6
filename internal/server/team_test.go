package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/caseload"
	"waymark/internal/export"
	"waymark/internal/pg"
)

// crew fills the Main Street office with people in every group, and the Harbor office with one.
func (s *site) crew(t testing.TB) {
	t.Helper()
	for i, p := range []struct {
		by         access.Actor
		step       int
		next, last string
	}{
		{s.Dana, 6, "2026-11-16", "2026-11-02"}, // overdue
		{s.Dana, 6, "2026-11-18", "2026-10-10"}, // stalled comes first
		{s.Dana, 6, "2026-11-25", "2026-11-11"}, // due
		{s.Dana, 5, "2026-12-08", "2026-11-20"}, // on track
		{s.Dana, 2, "2026-12-08", "2026-11-20"}, // on track
		{s.Priya, 6, "2026-11-20", "2026-11-02"},
		{s.Priya, 1, "2026-11-23", "2026-11-02"}, // due today
		{s.Walt, 6, "2026-11-02", "2026-10-02"},  // another office
	} {
		e := s.enrol(t, p.by, fmt.Sprintf("P%d", i), "Person", "en")
		s.sql(t, p.by, `update cases set step = :step, state = 'active', next_on = :next, last_reached_on = :last, progress_on = :last, step_since = '2026-09-15' where agency_id = :agency and id = :id`,
			pg.Args{"id": e.Case, "step": p.step, "next": p.next, "last": p.last})
	}
	paused := s.enrol(t, s.Dana, "Paused", "Person", "en")
	s.sql(t, s.Dana, `update cases set step = 6, paused_on = '2026-11-02', next_on = '2026-11-01' where agency_id = :agency and id = :id`, pg.Args{"id": paused.Case})
}

func TestEveryNumberOfTheTeamIsTheListItLinksTo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crew(t)
	marcus := s.api(t, "marcus@rivervalley.test")
	o := marcus.do("GET", "/team/overview", nil).is(200)
	for at, want := range map[string]string{
		"team.all": "8", "team.on_track": "2", "team.due": "2", "team.overdue": "2", "team.stalled": "1", "team.paused": "1",
		"case_managers.0.first_name": "Dana", "case_managers.0.all": "6", "case_managers.1.first_name": "Priya", "case_managers.1.overdue": "1",
		"case_managers.2.first_name": "Keisha", "case_managers.2.all": "0", "case_managers.3": "",
		"steps.4.step": "5", "steps.4.people": "1", "steps.4.days": "69", "steps.4.target": "14", "steps.5.people": "5", "steps.5.target": "0",
		"stalled.0.case_manager": "Dana Whitfield", "stalled.0.days": "44", "caseload_limit": "90",
	} {
		if o.text(at) != want {
			t.Errorf("%s is %q, want %q", at, o.text(at), want)
		}
	}
	list := func(query string) int {
		var found struct {
			Items []json.RawMessage `json:"items"`
		}
		if err := json.Unmarshal(marcus.do("GET", "/cases?"+query, nil).is(200).Body, &found); err != nil {
			t.Fatal(err)
		}
		return len(found.Items)
	}
	for i := range 3 {
		at := fmt.Sprintf("case_managers.%d.", i)
		for _, u := range append(caseload.Urgencies, "all") {
			q := "case_manager=" + o.text(at+"id") + "&urgency=" + strings.TrimPrefix(u, "all")
			if got := fmt.Sprint(list(q)); got != o.text(at+u) {
				t.Errorf("%s says %s, its list has %s", at+u, o.text(at+u), got)
			}
		}
	}
	for i := range 6 {
		if got := fmt.Sprint(list(fmt.Sprintf("step=%d", i+1))); got != o.text(fmt.Sprintf("steps.%d.people", i)) {
			t.Errorf("step %d: list %s", i+1, got)
		}
	}
	for _, who := range []string{"dana@rivervalley.test", "admin@rivervalley.test", "auditor@rivervalley.test"} {
		s.api(t, who).do("GET", "/team/overview", nil).is(403)
	}
	if noor := s.api(t, "noor@northcoast.test").do("GET", "/team/overview", nil).is(200); noor.text("team.all") != "0" {
		t.Errorf("another agency sees %s", noor.Body)
	}
	m := s.browse(t, "marcus@rivervalley.test")
	if to := m.get("/").is(303).Header.Get("Location"); to != "/team" {
		t.Errorf("the supervisor's home is %s", to)
	}
	has(t, m.get("/team").is(200), "Dana has 6 people and 2 need action now", "Recommendations is slow: 69 days, target 7", "1 person is stalled", "0 plans wait for you")
}

func TestACaseThatLeavesAStepLeavesItsDaysBehind(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.enrol(t, s.Dana, "Mai", "Nguyen", "en")
	s.sql(t, s.Dana, `update cases set step = 2, step_since = '2026-09-11' where agency_id = :agency and id = :id`, pg.Args{"id": e.Case})
	if n := s.count(t, `select until_on - from_on from step_stays where case_id = :id and step = 1`, pg.Args{"id": e.Case}); n != 10 {
		t.Errorf("%d days in step 1, want 10", n)
	}
}

func TestTheTrendKeepsTheTalksOfPeopleWhoLeftSince(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.enrol(t, s.Dana, "Mai", "Nguyen", "en")
	s.agreed(t, nil, e, "2026-11-10")
	due := func() string {
		weeks := s.api(t, emails["marcus"]).do("GET", "/team/overview", nil).is(200).at("on_time.weeks").([]any)
		last := weeks[len(weeks)-2].(map[string]any) // the week of November 9; that of the 16th is the last that is over
		return fmt.Sprint(last["week"], " ", last["due"])
	}
	if got := due(); got != "2026-11-09 1" {
		t.Fatalf("while she is here: %s", got)
	}
	s.sql(t, s.Dana, `update cases set state = 'exited', started_on = '2026-09-10', last_qualifying_on = '2026-11-12', exit_on = '2026-11-12' where agency_id = :agency and id = :id`, pg.Args{"id": e.Case})
	s.SetTime(s.Now().Add(time.Hour)) // a trend is shown again for a while
	if got := due(); got != "2026-11-09 1" {
		t.Errorf("after she left: %s", got)
	}
}

// Each number of a week of the trend leads to exactly the talks it counts.
func TestAWeekOfTheTrendOpensToWhomItCounts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	kept, late, waits, far := s.enrol(t, s.Dana, "Kept", "Person", "en"), s.enrol(t, s.Priya, "Late", "Person", "en"), s.enrol(t, s.Dana, "Waits", "Person", "en"), s.enrol(t, s.Walt, "Far", "Person", "en")
	for _, e := range []enrolled{kept, late, waits, far} {
		s.agreed(t, nil, e, "2026-11-10")
	}
	talk := func(who string, e enrolled, day string) {
		s.api(t, emails[who]).do("POST", "/cases/"+e.Case.String()+"/check-ins", body{"method": "phone", "result": "talked", "held_on": day}).is(201)
	}
	talk("dana", kept, "2026-11-09")
	talk("priya", late, "2026-11-12")
	marcus, b := s.api(t, emails["marcus"]), s.browse(t, emails["marcus"])
	weeks := marcus.do("GET", "/team/overview", nil).is(200).at("on_time.weeks").([]any)
	week := weeks[len(weeks)-2].(map[string]any)
	r := marcus.do("GET", "/team/weeks/2026-11-09", nil).is(200)
	if fmt.Sprint(week["due"]) != "3" || fmt.Sprint(week["on_time"]) != "1" || r.text("due") != "3" || r.text("on_time") != "1" || r.text("items.2.name") != "Person, Kept" || r.text("items.3") != "" {
		t.Errorf("the trend says %v, its list %s", week, r.Body)
	}
	if r := marcus.do("GET", "/team/weeks/2026-11-09?kept=no", nil).is(200); r.text("items.0.on_time") != "false" || r.text("items.2") != "" {
		t.Errorf("not on time: %s", r.Body)
	}
	page := b.get("/team").is(200)
	has(t, page, `href="/team/weeks/2026-11-09"`, "Week of Nov 9: 3 check-ins due, see whom")
	has(t, b.get("/team/weeks/2026-11-09").is(200), "Person, Late", "Nov 12, 2026, Talked", "Nothing recorded", "Not on time")
	if got := under(grid(t, export.CSV, b.get("/team/weeks/2026-11-09?format=csv&kept=yes").is(200).Body), "Person"); len(got) != 1 || got[0] != "Person, Kept" {
		t.Errorf("the file of those on time has %q", got)
	}
	for _, none := range []string{"2026-11-10", "2026-11-23", "2025-11-10", "monday"} {
		b.get("/team/weeks/" + none).is(404)
	}
	if r := s.api(t, emails["helen"]).do("GET", "/team/weeks/2026-11-09", nil).is(200); r.text("due") != "1" {
		t.Errorf("the other office counts %s", r.Body)
	}
	s.api(t, emails["dana"]).do("GET", "/team/weeks/2026-11-09", nil).is(403)
}
