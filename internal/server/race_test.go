package server_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"waymark/internal/pg"
)

// rounds of moving somebody while two case managers write about them.
const rounds = 500

// edit is one change of a person's record, as a case manager makes it from the plan that they saw.
type edit func(w *script, at, mark, seen string) reply

// edits are those that race: a note, a check-in, and a milestone of the plan by the version that was read.
var edits = []edit{
	func(w *script, at, mark, _ string) reply {
		return w.do("POST", at+"/notes", body{"subject": "Round", "body": mark, "visibility": "staff"})
	},
	func(w *script, at, mark, _ string) reply {
		return w.do("POST", at+"/check-ins", body{"method": "phone", "result": "talked", "note": "Round " + mark})
	},
	func(w *script, at, mark, seen string) reply {
		return w.do("PATCH", at+"/plan/milestones/midterm-1", body{"title": "Round " + mark}, "If-Match", seen)
	},
}

// tally counts how edits were answered, and refuses any answer that is neither done, nor out of reach, nor stale.
type tally struct{ done, gone, stale [3]atomic.Int64 }

func (c *tally) add(t testing.TB, kind int, r reply) {
	t.Helper()
	switch r.Status {
	case http.StatusCreated, http.StatusOK:
		c.done[kind].Add(1)
	case http.StatusNotFound:
		c.gone[kind].Add(1)
	case http.StatusConflict, http.StatusPreconditionFailed:
		c.stale[kind].Add(1)
	default:
		t.Errorf("edit %d: %d %s", kind, r.Status, r.Body)
	}
}

// watchWriters notes beside every change that is audited who held the case at that moment: whoever writes holds
// the case's row, so nobody else may have written.
func (s *site) watchWriters(t testing.TB) {
	t.Helper()
	for _, ddl := range []string{
		`create table public.strangers (author uuid, holder uuid, action text)`,
		`grant insert on public.strangers to waymark_app`,
		`create function public.who_wrote() returns trigger language plpgsql as 'begin
			insert into strangers select new.actor_id, c.case_manager_id, new.action from cases c where c.id = new.case_id and c.case_manager_id <> new.actor_id;
			return null; end'`,
		`create trigger who_wrote after insert on audit_log for each row when (new.reading_hour is null and new.actor_role = 'case_manager') execute function public.who_wrote()`,
	} {
		if err := s.Owner.Write(t.Context(), s.Dana, func(tx *pg.Tx) error { return pg.Insert(tx, ddl, nil) }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFiveHundredTransfersAgainstEditsLoseNothingAndLetNobodyElseWrite(t *testing.T) {
	slog.SetLogLoggerLevel(slog.LevelWarn)
	s := newSite(t)
	e, dana, _ := s.drafted(t)
	s.enrol(t, s.Priya, "Luis", "Ortega", "en")
	s.watchWriters(t)
	marcus := s.api(t, emails["marcus"])
	writers := []*script{dana, s.api(t, emails["priya"])}
	holders := []string{s.Dana.ID.String(), s.Priya.ID.String()}
	at := "/cases/" + e.Case.String()
	version := writers[0].do("GET", at+"/plan", nil).is(200).text("version")
	var got tally
	for round := range rounds {
		to, kind := (round+1)%2, round%len(edits)                // Dana has her first
		seen := match(marcus.do("GET", at+"/plan", nil).is(200)) // read before the race, so that only the change is in it
		var wg sync.WaitGroup
		for i, w := range writers {
			wg.Go(func() { got.add(t, kind, edits[kind](w, at, fmt.Sprintf("%d by %d", round, i), seen)) })
		}
		wg.Go(func() {
			marcus.do("POST", "/transfers", body{"cases": []string{e.Case.String()}, "to": holders[to]}).is(201)
		})
		wg.Wait()
		if round%50 == 0 { // the former one is out with the very next request, the new one in
			for _, change := range edits {
				change(writers[1-to], at, "After", seen).is(404)
			}
			writers[to].do("POST", at+"/notes", body{"subject": "After", "body": "x", "visibility": "staff"}).is(201)
		}
	}
	if list := s.strings(t, `select action from strangers`, pg.Args{}); len(list) != 0 {
		t.Errorf("changes by somebody who did not have the case: %v", list)
	}
	for kind, query := range []string{
		`select count(*) from notes where subject = 'Round'`,
		`select count(*) from check_ins where note like 'Round %'`,
		// Every change of the milestone rests on the version before it: none was written over unseen.
		`select v.version - :version from plan_versions v where v.case_id = :id`,
	} {
		args := pg.Args{"id": e.Case}
		if kind == 2 {
			args["version"] = atoi(t, version)
		}
		if n := s.count(t, query, args); n != int(got.done[kind].Load()) {
			t.Errorf("%d edits of kind %d are kept of %d that were taken", n, kind, got.done[kind].Load())
		}
		if done, gone := got.done[kind].Load(), got.gone[kind].Load(); done < rounds/30 || gone < rounds/30 {
			t.Errorf("of kind %d %d were written and %d refused: no race took place", kind, done, gone)
		}
	}
	for what, query := range map[string]string{
		"current assignments": `select count(*) from assignments where until_on is null and case_id = cast(:id as uuid)`,
		"cases of Dana's":     `select count(*) from cases where case_manager_id = cast(:dana as uuid) and id = cast(:id as uuid)`,
	} {
		want := 1 // after an even number of rounds she is with Dana again
		if n := s.count(t, query, pg.Args{"id": e.Case.String(), "dana": holders[0]}); n != want {
			t.Errorf("%d %s, want %d", n, what, want)
		}
	}
	if n := s.count(t, `select count(*) from transfers where state = 'done' and count_before = count_after`, nil); n != rounds {
		t.Errorf("%d transfers are done", n)
	}
}

func atoi(t testing.TB, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// clients edit one plan at the same time: the case manager, the supervisor and a colleague who covers, each many times over.
const clients = 50

func TestFiftyClientsEditOnePlanAndNoneIsLost(t *testing.T) {
	slog.SetLogLoggerLevel(slog.LevelWarn)
	s := newSite(t)
	_, dana, at := s.drafted(t)
	marcus := s.api(t, emails["marcus"])
	marcus.do("POST", "/coverages", body{"case_manager": s.Dana.ID.String(), "delegate": s.Walt.ID.String(), "until_on": "2026-11-30"}).is(201)
	people := []*script{dana, marcus, s.api(t, emails["walt"])}
	var wg sync.WaitGroup
	var tries atomic.Int64
	for i := range clients {
		wg.Go(func() {
			who, mark := people[i%len(people)], fmt.Sprintf("(%02d)", i)
			for range 400 {
				tries.Add(1)
				seen := who.do("GET", at, nil).is(200)
				text := seen.text("if_i_stop") + mark
				r := who.do("PATCH", at, map[string]any{"if_i_stop": text}, "If-Match", `"`+seen.text("version")+`"`)
				switch r.Status {
				case http.StatusOK:
					return
				case http.StatusConflict, http.StatusPreconditionFailed, http.StatusServiceUnavailable:
				default:
					t.Errorf("client %d: %d %s", i, r.Status, r.Body)
					return
				}
			}
			t.Errorf("client %d never got through", i)
		})
	}
	wg.Wait()
	text := dana.do("GET", at, nil).is(200).text("if_i_stop")
	for i := range clients {
		if !strings.Contains(text, fmt.Sprintf("(%02d)", i)) {
			t.Errorf("client %d's edit is lost", i)
		}
	}
	if n := s.count(t, `select count(distinct actor_id) from audit_log where action = 'plan.header_changed'`, pg.Args{}); n != len(people) {
		t.Errorf("%d people edited the plan, want %d", n, len(people))
	}
	t.Logf("%d tries for %d edits", tries.Load(), clients)
}
