package server_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// setting sets a rule of the agency from today on.
func (s *site) setting(t testing.TB, key string, value any) {
	t.Helper()
	s.api(t, "admin@rivervalley.test").do("POST", "/settings", map[string]any{"key": key, "value": value}).is(201)
}

func TestTheAgencySaysWhichPlansNeedApproval(t *testing.T) {
	t.Parallel()
	course := map[string]any{"kind": "training", "what": "Quality course", "cost_cents": 420000, "funding": "wioa_adult"}
	for name, tt := range map[string]struct {
		rule   string
		lines  []map[string]any
		needed string
	}{
		"always":                   {"always", nil, "true"},
		"funded, nothing is paid":  {"funded_training", nil, "false"},
		"funded, training is paid": {"funded_training", []map[string]any{course}, "true"},
		"none":                     {"none", []map[string]any{course}, "false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.setting(t, "approval_needed", tt.rule)
			_, dana, at := s.drafted(t)
			for _, l := range tt.lines {
				dana.do("POST", at+"/lines", l).is(201)
			}
			if now := dana.do("GET", at, nil).is(200); now.text("approval_needed") != tt.needed {
				t.Errorf("drafted, it is %s: %s", now.text("approval_needed"), now.Body)
			}
			signed := signedPlan(t, dana, at)
			want := map[string]string{"true": "submitted", "false": "in_force"}[tt.needed]
			if signed.text("approval_needed") != tt.needed || signed.text("state") != want {
				t.Errorf("signed by both, it is %s and %s", signed.text("approval_needed"), signed.text("state"))
			}
			waits := s.api(t, "marcus@rivervalley.test").do("GET", "/approvals", nil).is(200).text("items.0.name") != ""
			if waits != (tt.needed == "true") {
				t.Errorf("the supervisor's queue: %v", waits)
			}
		})
	}
}

func TestTheRuleOfTheDayOnWhichAPlanIsSentHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	s.setting(t, "approval_needed", "always")
	if sent := dana.submits(at, nil).is(200); sent.text("approval_needed") != "true" {
		t.Errorf("%s", sent.Body)
	}
	s.setting(t, "approval_needed", "none")
	if now := dana.do("GET", at, nil).is(200); now.text("approval_needed") != "true" {
		t.Errorf("a plan that was sent keeps its rule: %s", now.Body)
	}
}

func TestNobodyApprovesWhatTheyHadAHandIn(t *testing.T) {
	t.Parallel()
	course := map[string]any{"kind": "training", "what": "Course", "cost_cents": 100, "funding": "wioa_adult"}
	mark := map[string]any{"role": "case_manager", "method": "online", "name": "Marcus Oyelaran"}
	for name, hand := range map[string]func(*script, string){
		"changed it": func(marcus *script, at string) {
			marcus.do("POST", at+"/milestones", map[string]any{"title": "Visit", "due_on": "2027-01-20"}).is(201)
		},
		"paid for it": func(marcus *script, at string) { marcus.do("POST", at+"/lines", course).is(201) },
		"moved a date": func(marcus *script, at string) {
			marcus.do("PATCH", at+"/milestones/midterm-1", map[string]any{"due_on": "2027-01-20"}, "If-Match", match(marcus.do("GET", at, nil))).is(200)
		},
		"sent it": func(marcus *script, at string) { marcus.submits(at, nil).is(200) },
		"signed it": func(marcus *script, at string) {
			marcus.submits(at, nil)
			marcus.do("POST", at+"/signatures", mark).is(201)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			of, dana, at := s.drafted(t)
			dana.do("POST", at+"/lines", course).is(201)
			marcus := s.api(t, "marcus@rivervalley.test")
			hand(marcus, at)
			dana.submits(at, nil)
			for _, decision := range []string{"approved", "returned"} {
				if r := marcus.do("POST", at+"/approval", map[string]any{"decision": decision, "comment": "x"}).is(403); r.text("type") != "urn:waymark:problem:plan.own" {
					t.Errorf("%s", r.Body)
				}
			}
			has(t, s.browse(t, "marcus@rivervalley.test").get(at+"/review").is(200), "You had a hand in this plan")
			s.refusesApproval(t, of.Case, s.Marcus)
		})
	}
}

// refusesApproval tries to write an approval past the program: the schema itself says no.
func (s *site) refusesApproval(t *testing.T, of access.CaseID, by access.Actor) {
	t.Helper()
	program := by
	program.Role = access.System
	err := s.Owner.Write(t.Context(), program, func(tx *pg.Tx) error {
		return pg.ExecOne(tx, `insert into plan_decisions (agency_id, id, case_id, plan_id, decision, sha256, author_id, decided_by, decided_on, decided_at)
			select agency_id, gen_random_uuid(), case_id, id, 'approved', '', author_id, :by, current_date, now() from plan_versions where case_id = :case_id`,
			pg.Args{"by": by.ID, "case_id": of})
	})
	if err == nil || !strings.Contains(err.Error(), "plan_decisions_hand") {
		t.Errorf("the schema lets them approve: %v", err)
	}
}

func TestWhoApprovedAVersionLeavesItAsItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dana, at := s.drafted(t)
	marcus := s.api(t, "marcus@rivervalley.test")
	dana.do("POST", at+"/lines", map[string]any{"kind": "training", "what": "Course", "cost_cents": 100, "funding": "wioa_adult"}).is(201)
	sent := dana.submits(at, nil).is(200)
	marcus.do("POST", at+"/approval", map[string]any{"decision": "approved"}).is(201)
	no := marcus.do("POST", at+"/signatures", map[string]any{"role": "case_manager", "method": "online", "name": "Marcus Oyelaran"}).is(403)
	if no.text("type") != "urn:waymark:problem:plan.approved_yours" {
		t.Errorf("%s", no.Body)
	}
	dana.do("POST", at+"/reopen", nil, "If-Match", match(dana.do("GET", at, nil))).is(200)
	marcus.do("POST", at+"/milestones", map[string]any{"title": "Visit", "due_on": "2027-01-20"}).is(403)
	marcus.submits(at, nil).is(403)
	again := dana.submits(at, nil).is(200)
	if again.text("number") != sent.text("number") {
		t.Errorf("%s", again.Body)
	}
}

func TestAMilestoneIsLateAfterItsTolerance(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	dana.do("PATCH", at+"/milestones/enroll-1", map[string]any{"tolerance_days": 10}, "If-Match", match(dana.do("GET", at, nil))).is(200)
	signedPlan(t, dana, at)
	case_ := "/cases/" + of.Case.String()
	for _, tt := range []struct {
		day, overdue, flag, group, caseload string
	}{
		{"2026-12-24", "false", "", "today", ""}, // ten days after the due date
		{"2026-12-25", "true", "milestone_late", "overdue", of.Case.String()},
	} {
		s.Set(tt.day)
		dana = s.api(t, "dana@rivervalley.test")
		if got := dana.do("GET", at, nil).is(200).text("milestones.0.overdue"); got != tt.overdue {
			t.Errorf("%s: overdue in the plan %s", tt.day, got)
		}
		if got := dana.do("GET", case_, nil).is(200); got.text("milestone_late_on") != "2026-12-25" {
			t.Errorf("%s: %s", tt.day, got.Body)
		}
		if got := dana.do("GET", "/today", nil).is(200); got.text(tt.group+".0.case_id") != of.Case.String() || got.text(tt.group+".0.kind") != "milestone" {
			t.Errorf("%s: %s", tt.day, got.Body)
		}
		list := dana.do("GET", "/cases?attention=overdue", nil).is(200)
		if list.text("items.0.id") != tt.caseload {
			t.Errorf("%s: the late ones are %s", tt.day, list.Body)
		}
		if all := dana.do("GET", "/cases", nil).is(200); strings.Contains(string(all.Body), `"code":"milestone_late"`) != (tt.flag != "") {
			t.Errorf("%s: flags %s", tt.day, all.Body)
		}
		s.browse(t, "dana@rivervalley.test").get("/today").is(200)
	}
}

// dates are the due dates of the milestones of a plan, by key.
func dates(dana *script, at string) map[string]string {
	list, p := map[string]string{}, dana.do("GET", at, nil)
	for i := range 20 {
		n := "milestones." + strconv.Itoa(i)
		if key := p.text(n + ".key"); key != "" {
			list[key] = p.text(n + ".due_on")
		}
	}
	return list
}

func TestADateMovedInACheckInHangsOnIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	signedPlan(t, dana, at)
	signed := dates(dana, at)
	talks := "/cases/" + of.Case.String() + "/check-ins"
	talk := func(more map[string]any) reply {
		in := map[string]any{"method": "phone", "result": "talked"}
		maps.Copy(in, more)
		return dana.do("POST", talks, in).is(201)
	}
	week := map[string]any{"key": "enroll-1", "due_on": "2026-12-21", "reason": "The course starts later"}
	expect := func(when string, want map[string]string) {
		t.Helper()
		now := dates(dana, at)
		for key, due := range signed {
			if moved := want[key]; moved != "" {
				due = moved
			}
			if now[key] != due {
				t.Errorf("%s: %s is due on %s, want %s", when, key, now[key], due)
			}
		}
	}
	moved := map[string]string{"enroll-1": "2026-12-21"}
	made := talk(map[string]any{"adjustment": week})
	for key, due := range dates(dana, at) {
		if due != signed[key] {
			moved[key] = due // what waits for the class went along
		}
	}
	if made.text("adjustment.key") != "enroll-1" || made.text("adjustment.due_on") != "2026-12-21" || len(moved) < 2 {
		t.Errorf("%v %s", moved, made.Body)
	}
	dana.do("POST", talks+"/"+made.text("id")+"/undo", nil).is(200)
	expect("undone", nil)

	first := talk(map[string]any{"adjustment": week})
	kept := talk(map[string]any{"note": "By phone", "adjustment": week, "supersedes": first.text("id"), "reason": "A slip"})
	expect("corrected, the date kept", moved)
	later := map[string]any{"key": "enroll-1", "due_on": "2026-12-16", "reason": "Two days, not a week"}
	other := talk(map[string]any{"adjustment": later, "supersedes": kept.text("id"), "reason": "The wrong date"})
	if now := dates(dana, at); now["enroll-1"] != "2026-12-16" || now["midterm-1"] >= moved["midterm-1"] {
		t.Errorf("corrected to another date: %v", now)
	}
	talk(map[string]any{"supersedes": other.text("id"), "reason": "No date was moved"})
	expect("corrected, no date moved", nil)
	if n := s.count(t, `select count(*) from milestone_states where due_on is not null`, pg.Args{}); n != 0 {
		t.Error("a date as signed still counts as moved")
	}
	again := talk(map[string]any{"adjustment": week})
	page := s.browse(t, "dana@rivervalley.test").get(talks + "/" + again.text("id") + "/correct").is(200)
	has(t, page, `value="The course starts later"`, `value="12/21/2026"`)
}

func TestAnotherChoiceIsHeldAgainstTheGoals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at, _ := s.ready(t, rosa())
	choose := func(area string) {
		t.Helper()
		dana.do("POST", at+"/selection", map[string]any{"area": area, "entry_step": 2, "target_step": 4, "informed_choice": allTopics()}).is(201)
	}
	choose("M6")
	for _, g := range []map[string]any{
		{"horizon": "immediate", "title": "Inspector", "target_code": "51-9061", "pay_cents": 1900, "target_on": "2027-01-09", "status": "agreed"},
		{"horizon": "mid", "title": "Calibration", "target_code": "17-3028", "pay_cents": 2500, "target_on": "2028-06-30", "status": "agreed"},
		{"horizon": "long", "title": "Quality manager", "target_code": "11-3051.01", "pay_cents": 3300, "target_on": "2031-06-30", "status": "agreed"},
	} {
		dana.do("POST", at+"/goals", g).is(201)
	}
	agree := func(when, complete, state, missing string) {
		t.Helper()
		if g := dana.do("GET", at+"/goals", nil).is(200); g.text("items.0.complete") != complete {
			t.Errorf("%s, the goals say %s", when, g.text("items.0.complete"))
		}
		if c := dana.do("GET", at, nil).is(200); c.text("steps.3.state") != state || c.text("steps.3.missing.0") != missing {
			t.Errorf("%s, the rail says %s", when, c.Body)
		}
	}
	rail := dana.do("GET", at, nil).text("steps.3.state")
	agree("chosen", "true", rail, "")
	choose("T1")
	agree("another pathway chosen", "false", "here", "goal_immediate")
	dana.do("POST", at+"/plan", map[string]any{}).is(201)
	no := dana.submits(at+"/plan", nil).is(422)
	if !strings.Contains(string(no.Body), `"code":"goal_not_smart"`) || !strings.Contains(string(no.Body), `"code":"smart_outside_pathway"`) || !strings.Contains(string(no.Body), "Inspector") {
		t.Errorf("%s", no.Body)
	}
	choose("M6")
	agree("chosen again", "true", rail, "")
}

func TestAProposedGoalIsNoGoalToSign(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	goals := "/cases/" + of.Case.String() + "/goals"
	first := dana.do("GET", goals, nil).is(200)
	one := goals + "/" + first.text("items.0.id")
	changed := dana.do("PATCH", one, map[string]any{"status": "proposed"}, "If-Match", `"`+first.text("items.0.version")+`"`).is(200)
	no := dana.submits(at, nil).is(422)
	if no.text("errors.0.code") != "goal_proposed" || !strings.Contains(no.text("errors.0.message"), "mark it as agreed") {
		t.Errorf("%s", no.Body)
	}
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at + "/edit").is(200)
	dana.do("PATCH", one, map[string]any{"status": "agreed"}, "If-Match", match(changed)).is(200)
	dana.submits(at, nil).is(200)
}
