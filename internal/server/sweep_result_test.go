package server_test

import (
	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// resultMoves are what is recorded after somebody has left, and what is sent.
func resultMoves() []move {
	manage, outcome, gone := access.ManageResult, access.RecordOutcome, map[string]string{"case": "$gone"}
	disputed := func(w *sweep) {
		w.sql(`insert into exits (agency_id, id, case_id, kind, exit_on, day_90, as_of, newer_case_id, recorded_at) values (:agency, :id, :case_id, 'disputed', '2026-01-10', '2026-04-10', '2026-11-23', :newer, clock_timestamp())`,
			pg.Args{"id": id.New[access.Case](), "case_id": w.ids["gone"], "newer": w.ids["case"]})
	}
	return []move{
		{
			route: "POST /api/v1/cases/:case/wages", may: outcome, at: gone, body: body{"quarter": "2026-Q2", "employment": "1", "wages_cents": 900000, "evidence": "Pay stubs"},
			first: func(w *sweep) {
				e := w.s.exitedWith(w.t, w.s.Dana, "Gone", "2025-07-21", "2025-12-16", 0)
				w.ids["gone"], w.ids["gone_number"], w.ids["indicator"] = e.Case.String(), w.s.numberOf(w.t, e), "employment_q2"
				for _, who := range []string{"dana", "marcus"} { // a refused form shows the record: the reading is noted before
					w.api(who).do("GET", "/cases/"+w.ids["gone"], nil).is(200)
				}
			},
		},
		{route: "POST /cases/:case/wages", may: outcome, at: gone, body: body{"quarter": "2026-Q3", "employment": "1", "wages_cents": "9000", "evidence": "Pay stubs"}},
		{route: "POST /api/v1/cases/:case/follow-up", may: outcome, at: gone, body: body{"why": "declined", "on_date": "2026-11-20"}},
		{route: "POST /cases/:case/follow-up", may: outcome, at: gone, body: body{"why": "resumed", "on_date": "11/21/2026"}},
		{route: "POST /api/v1/cases/:case/exclusion", may: access.RecordDeparture, at: gone, body: body{"exclusion": "03", "evidence": "Death certificate", "on_date": "2026-03-01"}},
		{route: "POST /cases/:case/exclusion", may: access.RecordDeparture, at: gone, body: body{"exclusion": "02", "evidence": "Letter of the clinic", "on_date": "3/2/2026", "note": "Read wrongly"}},
		{route: "POST /api/v1/cases/:case/exit/keep", by: "marcus", may: access.KeepExit, at: gone, body: body{"reason": "The newer period is the right one"}, first: disputed},
		{route: "POST /cases/:case/exit/keep", by: "marcus", may: access.KeepExit, at: gone, body: body{"reason": "The newer period is the right one"}, first: disputed},
		{route: "POST /api/v1/results/targets", by: "admin", may: manage, body: body{"program": "adult", "indicator": "employment_q2", "program_year": 2026, "level": "70"}},
		{route: "POST /results/targets", by: "admin", may: manage, body: body{"program": "adult", "indicator": "employment_q4", "program_year": "2026", "level": "70"}},
		{route: "POST /api/v1/results/wages", by: "admin", may: manage, body: body{"name": "q2.csv", "source": "1", "file": "participant,quarter,employment,wages\n$gone_number,2026-Q2,1,9000\n"}, keep: map[string]string{"import": "id"}},
		{route: "POST /results/wages", by: "admin", may: manage, body: body{"name": "q3.csv", "source": "2", "file": "participant,quarter,employment,wages\n$gone_number,2026-Q3,1,9000\n"}},
		{route: "POST /api/v1/results/layouts", by: "admin", may: manage, body: body{"version": "one", "file": "element,name,type,length,derive\n900,Entry,DT,8,started_on\n"}},
		{route: "POST /results/layouts", by: "admin", may: manage, body: body{"version": "two", "file": "element,name,type,length,derive\n900,Entry,DT,8,started_on\n"}},
		{route: "POST /api/v1/results/submissions", by: "admin", may: manage, body: body{"quarter": "2026-Q3", "despite_fixes": true}, keep: map[string]string{"submission": "id"}},
		{route: "POST /results/submissions", by: "admin", may: manage, body: body{"quarter": "2026-Q2", "despite_fixes": "yes"}},
	}
}
