package server_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/server"
	"waymark/policies"
)

// The names of three people, one of each case manager, that occur nowhere else.
const (
	danas  = "Quillon"
	priyas = "Rosheen"
	walts  = "Sigrun"
)

// busy is a person on whom everything waits that a list can show: an appointment today and one later,
// a paper asked of somebody, a message, and a plan that needs approval.
func (s *site) busy(t testing.TB, manager access.Actor, first string) enrolled {
	t.Helper()
	e := s.enrol(t, manager, first, "Person", "en")
	s.sql(t, manager, `update cases set next_on = '2026-11-23', next_kind = 'check_in', next_place = 'phone', plan_state = 'submitted', last_reached_on = '2026-11-02' where agency_id = :agency and id = :case_id`, pg.Args{"case_id": e.Case})
	s.sql(t, manager, `insert into requests (agency_id, id, case_id, what, from_whom, asked_on) values (:agency, :id, :case_id, 'Diploma', 'School', '2026-11-16')`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case})
	s.sql(t, manager, `insert into signals (agency_id, id, case_id, kind, body, sent_at) values (:agency, :id, :case_id, 'message', 'Can we talk?', now())`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case})
	s.sql(t, manager, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step,
			approval_needed, author_id, document, sha256, frozen_at)
		values (:agency, :id, :case_id, 1, 'iep', 'submitted', '2026-11-30', '2027-11-30', 'MFG', 1, 'M6', 2, 3, true, :by, '{}', :sum, now())`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case, "by": manager.ID, "sum": []byte(e.Case.String())})
	s.sql(t, manager, `insert into check_ins (agency_id, id, case_id, held_on, method, result, note, visibility, recorded_by)
		values (:agency, :id, :case_id, '2026-11-02', 'phone', 'talked', 'Lost the job at Canwell.', 'staff', :by)`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case, "by": manager.ID})
	return e
}

func TestEveryListReachesAsFarAsItsReaderDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.busy(t, s.Dana, danas)
	s.busy(t, s.Priya, priyas)
	s.busy(t, s.Walt, walts)
	later := s.enrol(t, s.Walt, "Later", "Person", "en")
	s.agreed(t, nil, later, "2026-12-24")
	all := []string{danas, priyas, walts}
	for _, tt := range []struct {
		who, path string
		names     []string
		facts     map[string]string
	}{
		{who: "dana", path: "/cases", names: []string{danas}},
		{who: "dana", path: "/today", names: []string{danas}, facts: map[string]string{
			"counts.caseload": "1", "counts.attention": "0", "next_due": "", "today.0.kind": "check_in", "replies.0.body": "Can we talk?", "sent.0.state": "submitted", "asked.0.what": "Diploma",
			"today.1.kind": "", "replies.1.body": "", "sent.1.state": "", "asked.1.what": "",
		}},
		{who: "dana", path: "/participants?q=person", names: []string{danas, priyas}}, // the core of an office's cases
		{who: "walt", path: "/participants?q=person", names: []string{walts}},
		{who: "walt", path: "/today", names: []string{walts}, facts: map[string]string{"counts.caseload": "2", "next_due": "2026-12-24"}},
		{who: "marcus", path: "/cases", names: []string{danas, priyas}},
		{who: "marcus", path: "/approvals", names: []string{danas, priyas}},
		{who: "helen", path: "/cases", names: []string{walts}},
		{who: "helen", path: "/approvals", names: []string{walts}},
		{who: "auditor", path: "/cases", names: all},
		{who: "kim", path: "/cases"},
		{who: "noor", path: "/approvals"},
	} {
		r := s.api(t, emails[tt.who]).do("GET", tt.path, nil).is(200)
		for _, name := range all {
			shown, want := strings.Contains(string(r.Body), name), strings.Contains(strings.Join(tt.names, " "), name)
			if shown != want {
				t.Errorf("%s reads %s: shows %s %v, want %v", tt.who, tt.path, name, shown, want)
			}
		}
		for path, want := range tt.facts {
			if got := r.text(path); got != want {
				t.Errorf("%s reads %s: %s is %q, want %q", tt.who, tt.path, path, got, want)
			}
		}
	}
	for who, waiting := range map[string]string{"marcus": "2", "helen": "1"} {
		if body := string(s.browse(t, emails[who]).get("/approvals").is(200).Body); !strings.Contains(body, `<span class="count">`+waiting+`</span>`) {
			t.Errorf("%s is not told that %s plans wait", who, waiting)
		}
	}
	for who, found := range map[string]bool{"dana": true, "walt": false} {
		r := s.api(t, emails[who]).do("POST", "/participants", body{"first_name": danas, "last_name": "Person"}).is(409)
		if shown := strings.Contains(string(r.Body), danas); shown != found {
			t.Errorf("%s is told the name of a possible duplicate: %v, want %v", who, shown, found)
		}
	}
}

// crowded gives a busy person everything else that a page may list: a paper of their own not yet seen, a
// question of the supervisor, a finding to correct, a chosen pathway, words of their own, a talk that was due, and somebody of the same name who left.
func (s *site) crowded(t testing.TB, manager access.Actor, first string) enrolled {
	t.Helper()
	e := s.busy(t, manager, first)
	person, review := id.New[access.Case](), id.New[access.Case]()
	s.sql(t, manager, `update cases set pathway_code = 'MFG', area_code = 'M6', pathway_step = 2 where agency_id = :agency and id = :id`, pg.Args{"id": e.Case})
	s.sql(t, manager, `insert into documents (agency_id, id, case_id, kind, title, visibility, media_type, size_bytes, sha256, source, uploaded_by, uploaded_at)
		values (:agency, :id, :case_id, 'pay', 'Stub', 'shared', 'application/pdf', 9, sha256('a'), 'participant', :by, now())`, pg.Args{"id": person, "case_id": e.Case, "by": manager.ID})
	s.sql(t, manager, `insert into follow_ups (agency_id, id, case_id, question, asked_by, asked_at) values (:agency, :id, :case_id, 'How is the class?', :by, now())`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case, "by": s.Marcus.ID})
	s.sql(t, manager, `insert into file_reviews (agency_id, id, office_id, seed, drawn, checklist, made_by, made_at) values (:agency, :id, :office, 'x', 1, '[]', :by, now())`,
		pg.Args{"id": review, "office": manager.Office, "by": s.Marcus.ID})
	s.sql(t, manager, `insert into file_review_cases (agency_id, review_id, case_id, position) values (:agency, :review, :case_id, 1)`, pg.Args{"review": review, "case_id": e.Case})
	s.sql(t, manager, `insert into file_findings (agency_id, review_id, case_id, item, result, note, found_by, found_at) values (:agency, :review, :case_id, 'notice', 'not_met', 'No date', :by, now())`,
		pg.Args{"review": review, "case_id": e.Case, "by": s.Marcus.ID})
	s.sql(t, manager, `insert into own_words (agency_id, id, case_id, kind, topic, answers, language, said_at, said_by) values (:agency, :id, :case_id, 'goal', 'goal', jsonb_build_object('title', 'Welder'), 'en', now(), :by)`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case, "by": manager.ID})
	s.sql(t, manager, `insert into appointments (agency_id, id, case_id, kind, on_date, place) values (:agency, :id, :case_id, 'check_in', '2026-11-18', 'phone')`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case})
	s.exitedWith(t, manager, first+"a", "2025-07-21", "2025-12-16", 0)
	return e
}

func TestNoPageReachesPeopleBeyondItsReader(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	of := map[string]enrolled{danas: s.crowded(t, s.Dana, danas), priyas: s.crowded(t, s.Priya, priyas), walts: s.crowded(t, s.Walt, walts)}
	for _, manager := range []access.Actor{s.Dana, s.Priya, s.Walt} { // what they began is about people who may have gone to somebody else
		for _, e := range of {
			s.sql(t, manager, `insert into drafts (agency_id, user_id, form, case_id, title, values, saved_at) values (:agency, :by, :form, :case_id, '', '{}', now())`,
				pg.Args{"by": manager.ID, "form": "note:" + e.Case.String(), "case_id": e.Case})
		}
	}
	for name, manager := range map[string]access.Actor{danas: s.Dana, priyas: s.Priya, walts: s.Walt} { // of age, with a guardian still on the record
		person := of[name].Person
		s.sql(t, manager, `update participants set birth_date = '2008-01-01' where agency_id = :agency and id = :person`, pg.Args{"person": person})
		s.sql(t, manager, `insert into companions (agency_id, id, participant_id, kind, user_id, name, relation, named_by, named_at) values (:agency, :id, :person, 'guardian', :by, :name, 'parent', :by, now())`,
			pg.Args{"id": id.New[access.Case](), "person": person, "by": manager.ID, "name": "Parent of " + name})
	}
	seen := map[string]int{}
	for who, names := range map[string]string{"dana": danas, "priya": priyas, "walt": walts, "marcus": danas + priyas, "helen": walts, "kim": "", "noor": "", "admin": ""} {
		a, b := s.api(t, emails[who]), s.browse(t, emails[who])
		for _, rt := range s.Routes() {
			path := strings.NewReplacer(":pathway", "MFG", ":week", "2026-11-16").Replace(rt.Path)
			if rt.Method != "GET" || strings.Contains(path, ":") && !strings.HasSuffix(path, "/:indicator") || rt.Public {
				continue
			}
			path = strings.ReplaceAll(path, ":indicator", "employment_q2") + query[rt.Path]
			var r reply
			if rt.API {
				r = a.do("GET", strings.TrimPrefix(path, "/api/v1"), nil)
			} else {
				r = b.get(path)
			}
			for name := range of {
				switch shown := strings.Contains(string(r.Body), name); {
				case shown && !strings.Contains(names, name) && r.Status == 200:
					t.Errorf("%s reads %s: it names %s", who, path, name)
				case shown:
					seen[rt.Path]++
				}
			}
		}
	}
	for _, path := range []string{"/today", "/caseload", "/follow-up", "/results/fixes", "/results/:indicator", "/findings", "/pathways/:pathway", "/approvals", "/team/weeks/:week"} {
		if seen[path] == 0 {
			t.Errorf("%s names nobody at all", path)
		}
	}
	// Those who left are found by the same people as those who are here.
	for who, names := range map[string]string{"dana": danas + priyas, "walt": walts, "auditor": danas + priyas + walts} {
		for name := range of {
			found := string(s.api(t, emails[who]).do("GET", "/participants?q="+name+"a", nil).is(200).Body)
			if strings.Contains(found, name) != strings.Contains(names, name) {
				t.Errorf("%s looks for %sa: %s", who, name, found)
			}
		}
	}
	marcus := s.api(t, emails["marcus"])
	drawn := marcus.do("POST", "/reviews", body{"size": 50, "seed": "spring"}).is(201)
	if files := string(marcus.do("GET", "/reviews/"+drawn.text("id"), nil).is(200).Body); drawn.text("drawn_from") != "2" || strings.Contains(files, walts) || !strings.Contains(files, priyas) {
		t.Errorf("the sample is drawn from %s: %s", drawn.text("drawn_from"), files)
	}
	// Who went to another office went with what was found in their file.
	review, file := drawn.text("id"), "/reviews/"+drawn.text("id")+"?format=csv"
	for name, manager := range map[string]access.Actor{danas: s.Dana, priyas: s.Priya} {
		s.sql(t, manager, `insert into file_findings (agency_id, review_id, case_id, item, result, note, found_by, found_at) values (:agency, :review, :case_id, 'contact', 'not_met', 'No call', :by, now())`,
			pg.Args{"review": review, "case_id": of[name].Case, "by": s.Marcus.ID})
	}
	b := s.browse(t, emails["marcus"])
	has(t, b.get(file).is(200), danas, priyas)
	s.sql(t, s.Walt, `update cases set office_id = :office, case_manager_id = :walt where agency_id = :agency and id = :id`, pg.Args{"office": s.Walt.Office, "walt": s.Walt.ID, "id": of[priyas].Case})
	if found := string(b.get(file).is(200).Body); !strings.Contains(found, danas) || strings.Contains(found, priyas) {
		t.Errorf("the findings are\n%s", found)
	}
	s.sql(t, s.Walt, `update cases set office_id = :office, case_manager_id = :priya where agency_id = :agency and id = :id`, pg.Args{"office": s.Priya.Office, "priya": s.Priya.ID, "id": of[priyas].Case})
	// A list that is narrowed says how many it holds.
	for who, words := range map[string]string{"dana": "1 person", "marcus": "2 people", "auditor": "3 people"} {
		has(t, s.browse(t, emails[who]).get("/caseload?q=person").is(200), words)
	}
	for who, rows := range map[string]string{"marcus": "2", "helen": "1"} {
		if r := s.api(t, emails[who]).do("GET", "/results/export?cohort=2026-Q4", nil).is(200); r.text("rows") != rows {
			t.Errorf("%s exports %s rows, want %s", who, r.text("rows"), rows)
		}
	}
	// What is chosen by hand is held to the same reach: the form of a transfer, and the transfer itself.
	far := of[walts].Case.String()
	if page := string(s.browse(t, emails["marcus"]).get("/team/transfer?cases=" + far).Body); strings.Contains(page, walts) {
		t.Error("a transfer offers somebody of another office")
	}
	marcus.do("POST", "/transfers", body{"cases": []any{far}, "to": s.Priya.ID.String(), "effective_on": "2026-11-23", "reason": "x"}).refused(t)
}

// A transfer stays to be read by those whom it concerned, and tells of those only who are still in their reach.
func TestATransferNamesNobodyWhoHasGoneOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stays, goes := s.busy(t, s.Dana, danas), s.busy(t, s.Dana, priyas)
	s.busy(t, s.Dana, "Odile")
	s.busy(t, s.Priya, "Maren")
	s.busy(t, s.Walt, walts)
	marcus := s.api(t, emails["marcus"])
	made := marcus.do("POST", "/transfers", body{"cases": []any{stays.Case.String(), goes.Case.String()}, "to": s.Priya.ID.String(), "effective_on": "2026-11-23", "reason": "x"}).is(201)
	priya, at := s.api(t, emails["priya"]), "/transfers/"+made.text("id")
	if r := string(priya.do("GET", at, nil).is(200).Body); !strings.Contains(r, danas) || !strings.Contains(r, priyas) {
		t.Errorf("who came is not told: %s", r)
	}
	s.sql(t, s.Walt, `update cases set office_id = :office, case_manager_id = :walt where agency_id = :agency and id = :id`, pg.Args{"office": s.Walt.Office, "walt": s.Walt.ID, "id": goes.Case})
	for who, script := range map[string]*script{"priya": priya, "marcus": marcus} {
		if r := string(script.do("GET", at, nil).is(200).Body); !strings.Contains(r, danas) || strings.Contains(r, priyas) {
			t.Errorf("%s reads of somebody who went to another office: %s", who, r)
		}
	}
	// The choice of whose cases to see offers those whose cases there are.
	page := s.browse(t, emails["marcus"]).get("/caseload").is(200)
	has(t, page, `value="`+s.Priya.ID.String()+`"`)
	if strings.Contains(string(page.Body), s.Walt.ID.String()) {
		t.Error("the list offers the cases of somebody at another office")
	}
}

// refused fails the test where a change was made.
func (r reply) refused(t testing.TB) {
	t.Helper()
	if r.Status < 400 || r.Status >= 500 {
		t.Errorf("%d: %.300s", r.Status, r.Body)
	}
}

func TestAColleagueReachesTheCoreOfARecordOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	at := "/cases/" + s.busy(t, s.Dana, danas).Case.String()
	for who, whole := range map[string]bool{"dana": true, "marcus": true, "priya": false} {
		page := string(s.browse(t, emails[who]).get(at).is(200).Body)
		if !strings.Contains(page, danas) || strings.Contains(page, "Canwell") != whole {
			t.Errorf("%s sees the name %v, what was said %v", who, strings.Contains(page, danas), strings.Contains(page, "Canwell"))
		}
	}
}

// Whoever may read records farther than staff notes must not find the notes in them.
func TestAStaffNoteReachesNoFartherThanItsOwnPermission(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	policy, err := access.Load(policies.Model, policies.Policy+"p, case_manager, record, read, office, allow\np, case_manager, document, read, office, allow\np, case_manager, document, read_restricted, own, allow\n")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := server.New(server.Config{DB: s.DB, Policy: policy, BaseURL: "http://localhost", Key: s.Key})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(wide)
	t.Cleanup(h.Close)
	s.Server, s.http = wide, h
	of := s.busy(t, s.Dana, danas)
	s.sql(t, s.Dana, `insert into documents (agency_id, id, case_id, kind, title, visibility, media_type, size_bytes, sha256, source, uploaded_by, uploaded_at)
		values (:agency, :id, :case_id, 'pay', 'Canwell', 'restricted', 'application/pdf', 9, sha256('a'), 'staff', :by, now())`,
		pg.Args{"id": id.New[access.Case](), "case_id": of.Case, "by": s.Marcus.ID})
	for who, whole := range map[string]bool{"dana": true, "priya": false} {
		for _, path := range []string{"/check-ins", "/narrative", "/documents", ""} {
			path = "/cases/" + of.Case.String() + path
			r := s.api(t, emails[who])
			var text string
			if !strings.HasSuffix(path, of.Case.String()) {
				text = string(r.do("GET", path, nil).is(200).Body)
			} else {
				text = string(s.browse(t, emails[who]).get(path).is(200).Body)
			}
			if strings.Contains(text, "Canwell") != whole {
				t.Errorf("%s reads %s: staff notes %v, want %v", who, path, !whole, whole)
			}
		}
	}
}
