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
	s.sql(t, manager, `update cases set next_on = '2026-11-23', next_kind = 'check_in', next_place = 'phone', plan_state = 'submitted' where agency_id = :agency and id = :case_id`, pg.Args{"case_id": e.Case})
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
	policy, err := access.Load(policies.Model, policies.Policy+"p, case_manager, record, read, office, allow\n")
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
	for who, whole := range map[string]bool{"dana": true, "priya": false} {
		for _, path := range []string{"/cases/" + of.Case.String() + "/check-ins", "/cases/" + of.Case.String()} {
			r := s.api(t, emails[who])
			var text string
			if strings.HasSuffix(path, "check-ins") {
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
