package seed

import (
	"fmt"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/result"
)

// pastPeople is how many have left in the last eleven quarters, so that results show something.
const pastPeople = 72

// past makes people who left, with what was found out about them since. Like Bulk it writes the rows
// that the services write, by set-based statements; every day is counted back from today.
func (s *stage) past() error {
	staff := s.made.Staff
	today := Monday.AddDays(s.shift)
	args := pg.Args{
		"agency": s.made.ID, "n": pastPeople, "today": today, "import": id.New[access.Agency](), "admin": staff[3].ID,
		"managers": pg.Strings{staff[0].ID.String(), staff[5].ID.String(), staff[6].ID.String(), staff[1].ID.String()},
		"offices":  pg.Strings{staff[0].Office.String(), staff[5].Office.String(), staff[6].Office.String(), staff[1].Office.String()},
	}
	for _, b := range pastStatements {
		if err := s.Owner.Long(s.ctx, access.Actor{Agency: s.made.ID, Role: access.System}, func(tx *pg.Tx) error { return pg.Insert(tx, b.sql, args) }); err != nil {
			return fmt.Errorf("seed: %s of people who left: %w", b.what, err)
		}
	}
	return s.sent(staff[3])
}

// sent marks the last quarter as sent, four days before it was due.
func (s *stage) sent(admin access.Actor) error {
	last := participation.QuarterOf(Monday.AddDays(s.shift)).Add(-1)
	on := result.DueOn(last).AddDays(-4)
	if today := Monday.AddDays(s.shift); on.After(today) {
		on = today
	}
	t := newTeller(s.ctx, s.Seeder, admin)
	t.at(on, 15, 0)
	_, err := result.New(t.db, t.policy).Submit(s.ctx, admin, result.SubmitInput{Quarter: last.String(), Despite: true})
	return err
}

// pastCases are the cases made here, each with its number in the row.
const pastCases = `(select c.agency_id, c.id, c.participant_id, c.case_manager_id, c.programs, c.started_on, c.exit_on, app.quarter_of(c.exit_on) as xq, cast(substr(p.number, 4) as int) - 19000 as n
	from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id where c.agency_id = cast(:agency as uuid) and p.number like 'CP-190%') c`

// derived makes an id from a case and a kind.
func derived(kind string) string { return "cast(md5(cast(c.id as text) || " + kind + ") as uuid)" }

var pastStatements = []bulkStatement{
	{"participants", `insert into participants (agency_id, id, number, export_id, first_name, last_name, birth_date, phone, state, county_fips, zip, office_id)
		select cast(:agency as uuid), ` + bulkID("past", "n") + `, 'CP-' || (19000 + n), 'P' || lpad(cast(n as text), 11, '0'),
			(array['Alma','Bruno','Celia','Dario','Edith','Felix','Gina','Hank','Iris','Joel','Kara','Leon'])[1 + n % 12],
			(array['Archer','Bisset','Cloutier','Daigle','Estrada','Fournier','Greeley'])[1 + n % 7],
			cast(:today as date) - (case when n % 6 = 1 then 20 else 27 + n % 25 end) * 365 - n * 3, '207555' || (2000 + n), 'ME', '23005', '04000', cast((cast(:offices as text[]))[1 + n % 4] as uuid)
		from generate_series(1, cast(:n as int)) n`},
	{"cases", `insert into cases (agency_id, id, participant_id, office_id, case_manager_id, state, step, programs, opened_on, pathway_code, area_code, pathway_step, plan_state, started_on, last_qualifying_on, exit_on, last_contact_on, last_reached_on, last_reached_by, step_since)
		select cast(:agency as uuid), ` + bulkID("pastcase", "n") + `, ` + bulkID("past", "n") + `, cast((cast(:offices as text[]))[1 + n % 4] as uuid), cast((cast(:managers as text[]))[1 + n % 4] as uuid), 'exited', 6,
			case n % 6 when 0 then array['dislocated_worker'] when 1 then array['youth'] when 2 then array['adult', 'wagner_peyser'] else array['adult'] end,
			d.exit_on - 160 - n % 5 * 30, 'MFG', 'M1', 2, 'in_force', d.exit_on - 150 - n % 5 * 30, d.exit_on, d.exit_on, d.exit_on, d.exit_on, 'phone', d.exit_on - 120
		from generate_series(1, cast(:n as int)) n cross join lateral (select cast(:today as date) - (95 + n * 12) as exit_on) d`},
	{"assignments", `insert into assignments (agency_id, id, case_id, user_id, office_id, from_on)
		select c.agency_id, c.id, c.id, c.case_manager_id, k.office_id, c.started_on from ` + pastCases + ` join cases k on k.agency_id = c.agency_id and k.id = c.id`},
	{"decisions", `insert into eligibility_decisions (agency_id, id, case_id, program, decision, basis, facts, result, decided_on, decided_by)
		select c.agency_id, ` + derived("g.program") + `, c.id, g.program, 'eligible', case g.program when 'youth' then array['osy.dropout'] else array[g.program] end, '{}', '{}', c.started_on - 3, c.case_manager_id
		from ` + pastCases + ` cross join lateral unnest(c.programs) g(program)`},
	{"services", `insert into services (agency_id, id, case_id, code, given_on, ends_on, provider, recorded_on, recorded_by)
		select c.agency_id, ` + derived("v.kind") + `, c.id, v.code, v.given_on, v.ends_on, v.provider, coalesce(v.ends_on, v.given_on), c.case_manager_id
		from ` + pastCases + ` cross join lateral (values
			('first', case when c.programs[1] = 'youth' then 'Y10' else 'B11' end, c.started_on, cast(null as date), ''),
			('training', case when c.programs[1] = 'youth' then 'Y04' when c.n % 4 = 3 then 'T01' else 'T06' end, c.started_on + 20, c.exit_on - 20, case when c.n in (18, 30) then '' else 'Southern Maine CC' end),
			('last', case when c.programs[1] = 'youth' then 'Y10' else 'B10' end, c.exit_on, null, '')) v (kind, code, given_on, ends_on, provider)`},
	{"exits", `insert into exits (agency_id, id, case_id, kind, exit_on, day_90, as_of) select c.agency_id, ` + derived("'exit'") + `, c.id, 'fixed', c.exit_on, c.exit_on + 90, c.exit_on + 91 from ` + pastCases},
	{"departures", `insert into departures (agency_id, id, case_id, kind, reason, exclusion, evidence, stopped_at_step, on_date, recorded_by)
		select c.agency_id, ` + derived("'left'") + `, c.id, 'exit', 'other', case c.n when 37 then '03' else '02' end, case c.n when 37 then 'Obituary' else 'Letter of the clinic' end, 6, c.exit_on, c.case_manager_id
		from ` + pastCases + ` where c.n in (22, 37, 52)`},
	{"outcomes", `insert into outcomes (agency_id, id, case_id, kind, on_date, detail, recorded_by)
		select c.agency_id, ` + derived("o.kind") + `, c.id, o.kind, o.on_date, o.detail, c.case_manager_id
		from ` + pastCases + ` cross join lateral (values
			('skill_gain', c.started_on + 80, jsonb_build_object('gain', case when c.n % 2 = 0 then 'milestone' else 'skills_progression' end, 'evidence', 'Progress report'), c.n % 7 <> 3),
			('credential', c.exit_on - 15, jsonb_build_object('credential', 'CNC Operator Certificate', 'credential_kind', 'certificate', 'evidence', 'Copy of the certificate'), c.n % 4 <> 3 and c.n % 5 < 3),
			('job', c.exit_on + 5, jsonb_build_object('employer', 'Tibbetts Metalworks', 'job_title', 'Machine operator', 'pay_cents', 1850 + c.n % 9 * 50, 'pay_per', 'hour', 'hours_week', 40), c.n % 10 < 7)) o (kind, on_date, detail, there)
		where o.there`},
	{"a wage file", `insert into wage_imports (agency_id, id, name, sha256, source, line_count, person_count, added, changed, same, report, imported_on, imported_by, recorded_at)
		values (cast(:agency as uuid), cast(:import as uuid), 'state-wages.csv', sha256('state-wages'), '1', 4 * cast(:n as int), cast(:n as int), 4 * cast(:n as int), 0, 0, '{}', cast(:today as date) - 7, :admin, now() - interval '7 days')`},
	{"wages", `insert into wage_records (agency_id, id, participant_id, quarter, source, employment, wages_cents, feins, naics, evidence, import_id, recorded_on, recorded_by, recorded_at)
		select c.agency_id, ` + derived("'w' || q") + `, c.participant_id, c.xq + q, '1', case when w.works then '1' else '0' end, case when w.works then 560000 + c.n * 37 % 41 * 12000 + q * 9000 end,
			case when w.works then array['01000000' || (c.n + case when c.n % 4 = 0 then q / 3 else 0 end) % 9] else '{}' end, case when w.works then '332710' else '' end, 'file', cast(:import as uuid), cast(:today as date) - 7, :admin, now() - interval '7 days'
		from ` + pastCases + ` cross join generate_series(1, 4) q cross join lateral (select (c.n * 7 + q / 3) % 11 < 8 as works) w
		where app.quarter_first(c.xq + q + 1) <= cast(:today as date) - 50 and (c.n * 5 + q) % 23 <> 0`},
	{"its lines", `insert into wage_import_lines (agency_id, import_id, line, person, matched, participant_id, quarter, employment, entered_cents, unit, wages_cents, fein, result, wage_id)
		select w.agency_id, w.import_id, 1 + row_number() over (order by p.number, w.quarter), p.number, 'number', p.id, w.quarter, w.employment, w.wages_cents, 'quarter', w.wages_cents, coalesce(w.feins[1], ''), 'added', w.id
		from wage_records w join participants p on p.agency_id = w.agency_id and p.id = w.participant_id where w.import_id = cast(:import as uuid)`},
	{"what is known of them", `update cases x set known_quarters = k.known, state = app.state_after(c.agency_id, c.id, c.exit_on, k.known, cast(:today as date))
		from ` + pastCases + ` cross join lateral (select app.known_quarters(c.agency_id, c.participant_id, c.exit_on) as known) k where x.agency_id = c.agency_id and x.id = c.id`},
	{"targets", `insert into targets (agency_id, id, program, indicator, program_year, level, recorded_on, recorded_by, recorded_at)
		select cast(:agency as uuid), cast(md5(cast(:agency as text) || t.program || t.indicator || y) as uuid), t.program, t.indicator, app.quarter_of(cast(:today as date)) / 4 - 2 + y, t.level, cast(:today as date) - 60, :admin, now() - interval '60 days'
		from generate_series(0, 3) y cross join (values
			('adult', 'employment_q2', 705), ('adult', 'employment_q4', 690), ('adult', 'median_earnings', 720000), ('adult', 'credential', 640), ('adult', 'skill_gains', 600),
			('dislocated_worker', 'employment_q2', 730), ('dislocated_worker', 'employment_q4', 715), ('dislocated_worker', 'median_earnings', 860000), ('dislocated_worker', 'credential', 660), ('dislocated_worker', 'skill_gains', 610),
			('youth', 'employment_q2', 680), ('youth', 'employment_q4', 660), ('youth', 'median_earnings', 450000), ('youth', 'credential', 560), ('youth', 'skill_gains', 540),
			('wagner_peyser', 'employment_q2', 660), ('wagner_peyser', 'employment_q4', 650), ('wagner_peyser', 'median_earnings', 650000)) t (program, indicator, level)`},
}
