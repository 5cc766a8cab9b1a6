package result_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/result"
	"waymark/internal/world"
)

// dice makes histories in which every rule has its turn.
type dice struct{ *rand.Rand }

func (d dice) one(of ...string) string { return of[d.IntN(len(of))] }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func (d dice) after(on civil.Date, days int) civil.Date { return on.AddDays(d.IntN(days)) }

func (d dice) history(person int, from civil.Date, mayBeOpen bool) history {
	h := history{id: id.New[access.Case](), person: person, started: d.after(from, 400), school0: d.chance(20), inSchool: d.chance(40)}
	for _, p := range result.Programs() {
		if d.chance(40) {
			h.programs = append(h.programs, p)
		}
	}
	if len(h.programs) == 0 {
		h.programs = []string{d.one("adult", "youth")}
	}
	if !mayBeOpen || d.chance(85) {
		h.exit = d.after(h.started, 500)
	}
	if d.chance(35) {
		h.leaving = append(h.leaving, leaving{"exit", d.one("00", "01", "02", "03", "04", "05", "06", "07")})
		if d.chance(20) {
			h.leaving = append(h.leaving, leaving{"return", "00"})
		}
		if d.chance(10) {
			h.leaving = append(h.leaving, leaving{"exit", d.one("00", "02", "05")})
		}
	}
	for range d.IntN(3) {
		h.services = append(h.services, d.service(h.started))
	}
	for range d.IntN(5) {
		h.made = append(h.made, d.made(h))
	}
	return h
}

func (d dice) service(started civil.Date) service {
	s := service{
		code: d.one("T01", "T02", "T05", "T06", "T09", "T11", "T12", "T13", "Y01", "Y02", "Y04", "Y05", "B10", "I02"), from: d.after(started, 300),
		ongoing: d.chance(20), planned: d.chance(10), gone: d.chance(15),
	}
	if d.chance(60) {
		s.until = d.after(s.from, 200)
	}
	return s
}

func (d dice) made(h history) made {
	m := made{kind: d.one("job", "credential", "skill_gain", "skill_gain", "schooling"), on: d.after(h.started.AddDays(-30), 1100), gone: d.chance(15)}
	switch m.kind {
	case "credential":
		m.credential = d.one("diploma", "diploma", "associate", "bachelor", "graduate", "license", "certificate", "certification", "other")
	case "skill_gain":
		m.gain = d.one("functioning_level", "diploma", "transcript", "transcript", "milestone", "skills_progression")
		if m.gain == "transcript" {
			m.level, m.hours = d.one("secondary", "postsecondary", "postsecondary"), []int{3, 6, 9, 12}[d.IntN(4)]
		}
	case "schooling":
		m.level = d.one("secondary", "postsecondary", "occupational")
		if d.chance(60) {
			m.until = d.after(m.on, 400)
		}
	}
	return m
}

// wages are of a person's eight quarters from a day on, by up to two sources each.
func (d dice) wages(from civil.Date) (list []wage) {
	for n := range 12 {
		first, _ := quarterAfter(from, n)
		for _, source := range []string{"1", "4"} {
			if !d.chance(38) {
				continue
			}
			w := wage{year: first.Year(), quarter: int(first.Month()-1)/3 + 1, source: source, employment: d.one("0", "1", "1", "2", "3"), gone: d.chance(15)}
			switch {
			case w.employment == "0":
			case d.chance(10):
				w.noCents = true
			case d.chance(10):
			default:
				w.cents = money.Cents(100_00 + d.IntN(2_000_000))
			}
			for range d.IntN(3) {
				w.feins = append(w.feins, d.one("010000001", "010000002", "010000003"))
			}
			list = append(list, w)
		}
	}
	return list
}

func TestTheIndicatorsAgreeWithASlowCountOnTenThousandHistories(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	d := dice{rand.New(rand.NewPCG(2026, 11))}
	var all []history
	from := civil.On(2023, time.January, 1)
	for person := 0; len(all) < 10_000; person++ {
		h := d.history(person, from.AddDays(d.IntN(900)), true)
		h.wages = d.wages(h.started)
		all = append(all, h)
		if !h.exit.IsZero() && d.chance(20) { // back after day 90: another period, the same person's wages
			again := d.history(person, h.exit.AddDays(91), true)
			again.wages = h.wages
			all = append(all, again)
		}
	}
	store(t, w, all)

	reports := []participation.Quarter{participation.QuarterOf(civil.On(2025, 6, 30)), participation.QuarterOf(civil.On(2026, 3, 31)), participation.QuarterOf(civil.On(2026, 12, 31))}
	asOf, lag := civil.On(2026, time.August, 14), 45
	want := map[key]verdict{}
	for _, h := range all {
		for _, r := range reports {
			for k, v := range h.rows(r.Year(), r.Number(), asOf, lag) {
				want[k] = v
			}
		}
	}
	var got []result.Row
	var numbers []result.Number
	scope, _ := w.Policy.Scope(access.Actor{Role: access.System}, access.ReadResult)
	actor := access.Actor{Agency: w.Agency.ID, Role: access.System}
	begun := time.Now()
	if err := w.Owner.Long(t.Context(), actor, func(tx *pg.Tx) (err error) {
		got, err = result.RowsOf(tx, scope, asOf, lag, reports...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	listed := time.Since(begun)
	begun = time.Now()
	if err := w.Owner.Long(t.Context(), actor, func(tx *pg.Tx) (err error) {
		numbers, err = result.NumbersOf(tx, scope, asOf, lag, reports...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d histories; %d rows of %d reports in %v, counted in %v", len(all), len(got), len(reports), listed.Round(time.Millisecond), time.Since(begun).Round(time.Millisecond))
	if len(got) != len(want) {
		t.Errorf("%d rows, the slow count has %d", len(got), len(want))
	}
	wrong, reasons := 0, map[string]int{}
	for _, r := range got {
		k := key{r.Report.Last().String(), string(r.Indicator), r.Program, r.CaseID}
		is := verdict{r.Place, r.Met, r.Value, r.Reason}
		reasons[string(r.Indicator)+" "+r.Reason]++
		if want[k] != is && wrong < 20 {
			wrong++
			t.Errorf("%+v: %+v, slowly %+v", k, is, want[k])
		}
	}
	if len(reasons) < 55 {
		t.Errorf("only %d reasons had their turn: %v", len(reasons), reasons)
	}
	countsAgree(t, numbers, want)
}

// countsAgree holds the numbers against the slow rows.
func countsAgree(t *testing.T, numbers []result.Number, want map[key]verdict) {
	t.Helper()
	type tally struct {
		in, met, pending, out int
		wages                 []money.Cents
	}
	tallies := map[key]*tally{}
	for k, v := range want {
		k.id = access.CaseID{}
		if tallies[k] == nil {
			tallies[k] = &tally{}
		}
		switch n := tallies[k]; v.place {
		case "in":
			n.in++
			if v.met {
				n.met++
			}
			n.wages = append(n.wages, v.value)
		case "pending":
			n.pending++
		default:
			n.out++
		}
	}
	if len(numbers) != len(tallies) {
		t.Errorf("%d numbers, slowly %d", len(numbers), len(tallies))
	}
	for _, n := range numbers {
		s := tallies[key{n.Report.Last().String(), string(n.Indicator), n.Program, access.CaseID{}}]
		if s == nil || s.in != n.Denominator || s.met != n.Numerator || s.pending != n.Pending || s.out != n.Out {
			t.Errorf("%+v, slowly %+v", n, s)
			continue
		}
		if n.Indicator == result.MedianEarnings && median(s.wages) != n.Median {
			t.Errorf("%+v: median slowly %d", n, median(s.wages))
		}
	}
}

// store writes the histories as their tables have them, in one statement a table.
func store(t *testing.T, w *world.World, all []history) {
	t.Helper()
	people := map[int]access.ParticipantID{}
	tables := map[string][]map[string]any{}
	put := func(table string, row map[string]any) { tables[table] = append(tables[table], row) }
	stamp := func(n int) string { return w.Now().Add(time.Duration(n) * time.Second).Format(time.RFC3339) }
	by, made := w.Dana.ID.String(), civil.On(2026, 8, 14).String()
	for _, h := range all {
		if people[h.person].IsZero() {
			people[h.person] = id.New[access.Participant]()
			n := fmt.Sprintf("%012d", h.person)
			put("participants", map[string]any{"id": people[h.person], "number": n, "export_id": n, "first_name": "Ann", "last_name": n, "office_id": w.MainStreet})
			for _, g := range h.wages {
				wages(put, people[h.person], g, by, made, stamp)
			}
		}
		state := "active"
		if !h.exit.IsZero() {
			state = "exited"
		}
		put("cases", map[string]any{
			"id": h.id, "participant_id": people[h.person], "office_id": w.MainStreet, "case_manager_id": by, "state": state, "programs": h.programs,
			"opened_on": h.started, "step_since": h.started, "started_on": h.started, "exit_on": h.exit,
		})
		for n, l := range h.leaving {
			put("departures", map[string]any{"id": id.New[access.Case](), "case_id": h.id, "kind": l.kind, "reason": "moved", "exclusion": l.exclusion, "evidence": "Letter", "on_date": h.started, "recorded_by": by, "recorded_at": stamp(n)})
		}
		put("intake_sections", map[string]any{
			"id": id.New[access.Case](), "case_id": h.id, "section": "education", "version": 1, "answers": map[string]any{"education": map[bool]string{true: "0", false: "1"}[h.school0], "school_status": map[bool]string{true: "1", false: "4"}[h.inSchool]},
			"complete": true, "recorded_by": by, "recorded_on": h.started,
		})
		if slices.Contains(h.programs, "youth") {
			basis := []string{map[bool]string{true: "isy.homeless", false: "osy.dropout"}[h.inSchool]}
			put("eligibility_decisions", map[string]any{"id": id.New[access.Case](), "case_id": h.id, "program": "youth", "decision": "eligible", "basis": basis, "facts": map[string]any{}, "result": map[string]any{}, "decided_on": h.started, "decided_by": by})
		}
		for _, s := range h.services {
			services(put, h, s, by)
		}
		for _, m := range h.made {
			outcomes(put, h, m, by)
		}
	}
	actor := access.Actor{Agency: w.Agency.ID, Role: access.System}
	if err := w.Owner.Long(t.Context(), actor, func(tx *pg.Tx) error {
		if err := pg.Insert(tx, `insert into wage_imports (agency_id, id, name, sha256, source, line_count, person_count, added, changed, same, report, imported_on, imported_by, recorded_at)
			values (:agency, :id, 'test', '', '1', 0, 0, 0, 0, 0, '{}', '2026-08-14', :by, :now)`, pg.Args{"agency": w.Agency.ID, "id": imported, "by": by, "now": tx.Now}); err != nil {
			return err
		}
		for _, table := range []string{"participants", "cases", "departures", "intake_sections", "eligibility_decisions", "services", "outcomes", "wage_records"} {
			columns, err := pg.List[string](tx, `select cast(key as text) from jsonb_object_keys(cast(:row as jsonb)) key`, pg.Args{"row": pg.AsJSON(widest(tables[table]))})
			if err != nil {
				return err
			}
			names, values := "agency_id", "cast(:agency as uuid)"
			for _, c := range columns {
				names, values = names+", "+c, values+", r."+c
			}
			for part := range slices.Chunk(tables[table], 5000) {
				if err := pg.Insert(tx, fmt.Sprintf("insert into %s (%s) select %s from jsonb_populate_recordset(cast(null as %s), cast(:rows as jsonb)) r", table, names, values, table),
					pg.Args{"agency": w.Agency.ID, "rows": pg.AsJSON(part)}); err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
		}
		return pg.Insert(tx, `analyze`, pg.Args{})
	}); err != nil {
		t.Fatal(err)
	}
}

func widest(rows []map[string]any) map[string]any {
	wide := map[string]any{}
	for _, r := range rows {
		for k := range r {
			wide[k] = nil
		}
	}
	return wide
}

var imported = id.New[access.Case]()

type putter = func(table string, row map[string]any)

func services(put putter, h history, s service, by string) {
	row := map[string]any{
		"id": id.New[access.Case](), "case_id": h.id, "code": s.code, "given_on": s.from, "ends_on": s.until, "planned": s.planned, "ongoing": s.ongoing, "provider": "", "note": "",
		"supersedes": nil, "cancels": nil, "reason": "", "recorded_on": s.from, "recorded_by": by, "recorded_at": s.from.String(),
	}
	put("services", row)
	if !s.gone {
		return
	}
	other := map[string]any{}
	for k, v := range row {
		other[k] = v
	}
	other["id"], other["reason"] = id.New[access.Case](), "Wrong"
	if s.from.Day()%2 == 0 {
		other["cancels"] = row["id"]
	} else {
		other["supersedes"], other["code"] = row["id"], "B10"
	}
	put("services", other)
}

func outcomes(put putter, h history, m made, by string) {
	first := id.New[access.Case]()
	row := func(of made) map[string]any {
		return map[string]any{
			"id": first, "case_id": h.id, "kind": of.kind, "on_date": of.on, "supersedes": nil, "reason": "", "recorded_by": by, "recorded_at": of.on.String(),
			"detail": map[string]any{"credential_kind": of.credential, "gain": of.gain, "level": of.level, "hours": of.hours, "until_on": of.until},
		}
	}
	put("outcomes", row(m))
	if m.gone {
		other := row(made{kind: "job", on: m.on})
		other["id"], other["supersedes"], other["reason"] = id.New[access.Case](), first, "Wrong"
		put("outcomes", other)
	}
}

func wages(put putter, person access.ParticipantID, g wage, by, made string, stamp func(int) string) {
	row := map[string]any{
		"id": id.New[access.Case](), "participant_id": person, "quarter": g.year*4 + g.quarter - 1, "source": g.source, "employment": g.employment, "wages_cents": g.cents, "feins": g.feins,
		"naics": "", "evidence": "Stub", "withdrawn": false, "import_id": imported, "supersedes": nil, "reason": "", "recorded_on": made, "recorded_by": by, "recorded_at": stamp(0),
	}
	if g.noCents {
		row["wages_cents"] = nil
	}
	if g.feins == nil {
		row["feins"] = []string{}
	}
	if g.source == "4" {
		row["import_id"] = nil
	}
	put("wage_records", row)
	if g.gone {
		other := map[string]any{}
		for k, v := range row {
			other[k] = v
		}
		other["id"], other["supersedes"], other["reason"], other["withdrawn"], other["recorded_at"] = id.New[access.Case](), row["id"], "Wrong", true, stamp(1)
		put("wage_records", other)
	}
}
