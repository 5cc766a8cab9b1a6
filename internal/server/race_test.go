package server_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"waymark/internal/pg"
)

// rounds of moving somebody while two case managers write about them.
const rounds = 500

// Whoever writes holds the case's row, so what a trigger sees beside a note is who had the case when the note
// was written: nobody else may have written it.
func TestFiveHundredTransfersAgainstEditsLoseNothingAndLetNobodyElseWrite(t *testing.T) {
	slog.SetLogLoggerLevel(slog.LevelWarn)
	s := newSite(t)
	e, other := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Priya, "Luis", "Ortega", "en")
	_ = other
	for _, ddl := range []string{
		`create table public.strangers (author uuid, holder uuid)`,
		`grant insert on public.strangers to waymark_app`,
		`create function public.who_wrote() returns trigger language plpgsql as 'begin
			insert into strangers select new.author_id, c.case_manager_id from cases c where c.id = new.case_id and c.case_manager_id <> new.author_id;
			return null; end'`,
		`create trigger who_wrote after insert on notes for each row execute function public.who_wrote()`,
	} {
		by := s.Dana
		if err := s.Owner.Write(t.Context(), by, func(tx *pg.Tx) error { return pg.Insert(tx, ddl, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	marcus := s.api(t, "marcus@rivervalley.test")
	writers := []*script{s.api(t, "dana@rivervalley.test"), s.api(t, "priya@rivervalley.test")}
	holders := []string{s.Dana.ID.String(), s.Priya.ID.String()}
	at := "/cases/" + e.Case.String() + "/notes"
	var written, refused atomic.Int64
	for round := range rounds {
		to := (round + 1) % 2 // Dana has her first
		var wg sync.WaitGroup
		for i, w := range writers {
			wg.Go(func() {
				switch r := w.do("POST", at, map[string]any{"subject": "Round", "body": fmt.Sprintf("%d by %d", round, i), "visibility": "staff"}); r.Status {
				case http.StatusCreated:
					written.Add(1)
				case http.StatusNotFound:
					refused.Add(1)
				default:
					t.Errorf("round %d, writer %d: %d %s", round, i, r.Status, r.Body)
				}
			})
		}
		wg.Go(func() {
			marcus.do("POST", "/transfers", map[string]any{"cases": []string{e.Case.String()}, "to": holders[to]}).is(201)
		})
		wg.Wait()
		if round%50 == 0 { // the former one is out with the very next request, the new one in
			writers[1-to].do("POST", at, map[string]any{"subject": "After", "body": "x", "visibility": "staff"}).is(404)
			writers[to].do("POST", at, map[string]any{"subject": "After", "body": "x", "visibility": "staff"}).is(201)
		}
	}
	if n := s.count(t, `select count(*) from strangers`, nil); n != 0 {
		t.Errorf("%d notes by somebody who did not have the case", n)
	}
	if n := s.count(t, `select count(*) from notes where subject = 'Round'`, nil); n != int(written.Load()) {
		t.Errorf("%d notes are kept of %d that were taken", n, written.Load())
	}
	if written.Load() < rounds/10 || refused.Load() < rounds/10 {
		t.Errorf("%d were written and %d refused: no race took place", written.Load(), refused.Load())
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
	t.Logf("%d written, %d refused", written.Load(), refused.Load())
}

// clients edit one plan at the same time.
const clients = 50

func TestFiftyClientsEditOnePlanAndNoneIsLost(t *testing.T) {
	slog.SetLogLoggerLevel(slog.LevelWarn)
	s := newSite(t)
	_, dana, at := s.drafted(t)
	var wg sync.WaitGroup
	var tries atomic.Int64
	for i := range clients {
		wg.Go(func() {
			mark := fmt.Sprintf("(%02d)", i)
			for range 400 {
				tries.Add(1)
				seen := dana.do("GET", at, nil).is(200)
				text := seen.text("if_i_stop") + mark
				r := dana.do("PATCH", at, map[string]any{"if_i_stop": text}, "If-Match", `"`+seen.text("version")+`"`)
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
	t.Logf("%d tries for %d edits", tries.Load(), clients)
}
