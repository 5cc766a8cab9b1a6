package result

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// question is what the rows are asked for: reports, the day on which it is asked (a quarter whose
// wages are not known by then is pending, or after the lag counts as no match), and the lag in days.
type question struct {
	reports []participation.Quarter
	asOf    civil.Date
	lag     int
}

func (q question) args() pg.Args {
	quarters := make([]int64, len(q.reports))
	for i, r := range q.reports {
		quarters[i] = int64(r)
	}
	return pg.Args{"reports": pg.Array(quarters), "as_of": q.asOf, "lag": q.lag}
}

// rowsQuery makes the rows (domain.md 2.2 and 2.3) of the periods in a scope as `rows`; what follows
// counts or lists them. A period is a case whose participation has started. Its exclusion holds once
// the exit is fixed.
func rowsQuery(scope access.Scope, then string) string {
	return rowsHead + scope.Where() + rowsTail + then
}

// standingService leaves out what of the services s is only booked, cancelled or corrected.
const standingService = `not s.planned and s.cancels is null
			and not exists (select from services n where n.agency_id = s.agency_id and n.supersedes = s.id)
			and not exists (select from services n where n.agency_id = s.agency_id and n.cancels = s.id)`

// excluded joins, for a case c, what was last said about element 923: on leaving, on coming back, or afterwards.
const excluded = `left join lateral (
			select case when x.kind = 'return' then '00' else x.exclusion end as exclusion from departures x
			where x.agency_id = c.agency_id and x.case_id = c.id and x.kind in ('exit', 'return', 'exclusion') order by x.recorded_at desc, x.id desc limit 1) d on true`

// live leaves out what was corrected; after is the table.
func live(of, alias string) string {
	return `not exists (select from ` + of + ` n where n.agency_id = ` + alias + `.agency_id and n.supersedes = ` + alias + `.id)`
}

const rowsHead = `
	with report as (
		select q as report, app.quarter_first(q - 3) as served_from, app.quarter_first(q + 1) - 1 as served_until
		from unnest(cast(:reports as int[])) q
	), span as (
		select app.quarter_first(min(report) - 9) as earliest, max(served_until) as latest from report
	), period as materialized (
		select c.agency_id, c.id, c.participant_id, c.programs, c.started_on, c.exit_on, app.quarter_of(c.exit_on) as xq,
			case when c.exit_on is not null then coalesce(d.exclusion, '00') else '00' end as exclusion
		from cases c ` + excluded + `
		where c.started_on <= (select latest from span) and (c.exit_on is null or c.exit_on >= (select earliest from span)) and `

var rowsTail = `
	), wage as materialized (
		select distinct on (w.participant_id, w.quarter) w.participant_id, w.quarter, w.employment <> '0' as employed, w.employment, w.source, w.wages_cents, w.feins, w.naics
		from (select distinct agency_id, participant_id from period where exit_on is not null) p
		join wage_records w on w.agency_id = p.agency_id and w.participant_id = p.participant_id
		where not w.withdrawn and ` + live("wage_records", "w") + `
		order by w.participant_id, w.quarter, w.employment = '0', w.source
	), training as materialized (
		select s.case_id, s.code, s.given_on as from_on, case when s.ongoing and s.ends_on is null then 'infinity' else coalesce(s.ends_on, s.given_on) end as until_on, p.started_on
		from period p join services s on s.agency_id = p.agency_id and s.case_id = p.id
		where (s.code between 'T01' and 'T12' or s.code in ('Y02', 'Y04', 'Y05')) and ` + standingService + `
	), made as materialized (
		select o.case_id, o.kind, o.on_date, o.detail ->> 'gain' as gain, o.detail ->> 'level' as level, coalesce(cast(o.detail ->> 'hours' as int), 0) as hours, coalesce(o.detail ->> 'soc', '') as soc,
			case when o.kind = 'credential' then o.detail ->> 'credential_kind' when o.kind = 'skill_gain' and o.detail ->> 'gain' = 'diploma' then 'diploma' end as credential,
			coalesce(cast(nullif(o.detail ->> 'until_on', '') as date), 'infinity') as until_on, p.started_on, p.exit_on, p.xq
		from period p join outcomes o on o.agency_id = p.agency_id and o.case_id = p.id
		where ` + live("outcomes", "o") + `
	), transcript as (
		select case_id, on_date, level, hours from made where kind = 'skill_gain' and gain = 'transcript'
	), gain as (
		select case_id, on_date, coalesce(credential, gain) as gain, '' as level from made where credential = 'diploma' or kind = 'skill_gain' and gain <> 'transcript'
		union all
		select case_id, on_date, 'transcript', level from transcript where level = 'secondary' or hours >= 12
		union all
		select case_id, on_date, 'transcript', 'postsecondary' from (
			select case_id, on_date, hours + max(hours) over (partition by case_id order by on_date range between '1 year' preceding and '1 day' preceding) as together
			from transcript where level = 'postsecondary' and hours < 12) part_time
		where together >= 12
	), taught as (
		select case_id, bool_or(code in ('T02', 'T03', 'T04', 'T06', 'T07', 'T08', 'T09', 'T10', 'Y04')) as trained, bool_or(code like 'Y%') as youth_trained
		from training group by case_id
	), reached as (
		select case_id,
			bool_or(kind = 'schooling' and level = 'postsecondary' and on_date <= exit_on and until_on >= started_on) as college,
			bool_or(kind = 'schooling' and level = 'secondary' and on_date <= exit_on and until_on >= started_on) as school,
			bool_or(credential in ('associate', 'bachelor', 'license', 'certificate', 'certification', 'other') and on_date between started_on and exit_on + 365) as credentialed,
			bool_or(credential = 'diploma' and on_date between started_on and exit_on + 365) as diploma,
			bool_or(kind = 'schooling' and on_date > exit_on and on_date <= exit_on + 365) as next_school,
			bool_or(kind = 'schooling' and on_date < app.quarter_first(xq + 3) and until_on >= app.quarter_first(xq + 2)) as placed_q2,
			bool_or(kind = 'schooling' and on_date < app.quarter_first(xq + 5) and until_on >= app.quarter_first(xq + 4)) as placed_q4
		from made where exit_on is not null group by case_id
	), after_exit as materialized (
		select p.id, n, w.source, w.employment, w.wages_cents, w.naics, w.feins,
			case when w.employed then 'employed' when not w.employed then 'not_employed'
				when cast(:as_of as date) >= app.quarter_first(p.xq + n + 3) + cast(:lag as int) then 'no_match' else 'not_yet' end as state
		from period p cross join generate_series(1, 4) n left join wage w on w.participant_id = p.participant_id and w.quarter = p.xq + n
		where p.exit_on is not null
	), work as (
		select id, bool_or(state = 'employed') as any_work, bool_or(state = 'not_yet') as work_unknown,
			max(state) filter (where n = 2) as q2, max(state) filter (where n = 4) as q4, max(wages_cents) filter (where n = 2) as wages,
			max(feins) filter (where n = 2) as feins_q2, max(feins) filter (where n = 4) as feins_q4
		from after_exit group by id
	), known as materialized (
		select p.id, p.programs, p.exit_on, p.xq, p.exclusion, coalesce(t.trained, false) as trained, t.case_id is not null as any_training, coalesce(t.youth_trained, false) as youth_trained,
			coalesce(m.college, false) as college, coalesce(m.school, false) as school, coalesce(m.credentialed, false) as credentialed, coalesce(m.diploma, false) as diploma,
			coalesce(m.next_school, false) as next_school, coalesce(m.placed_q2, false) as placed_q2, coalesce(m.placed_q4, false) as placed_q4,
			coalesce((select s.answers ->> 'education' = '0' from intake_sections s where s.agency_id = p.agency_id and s.case_id = p.id and s.section = 'education' order by s.version desc limit 1), false) as no_diploma,
			'youth' = any (p.programs) and coalesce((select exists (select from unnest(e.basis) b where b like 'isy.%') from eligibility_decisions e
				where e.agency_id = p.agency_id and e.case_id = p.id and e.program = 'youth' and e.decision = 'eligible' order by e.recorded_at desc, e.id desc limit 1), false) as in_school,
			k.q2, k.q4, k.wages, k.any_work, k.work_unknown,
			cardinality(k.feins_q2) > 0 and cardinality(k.feins_q4) > 0 as employers_known, coalesce(k.feins_q2 && k.feins_q4, false) as same_employer
		from period p
		left join taught t on t.case_id = p.id
		left join reached m on m.case_id = p.id
		join work k on k.id = p.id
		where p.exit_on is not null
	), studied as (
		select r.report, t.case_id, bool_or(t.until_on >= greatest(r.served_from, t.started_on)) as now, bool_or(not t.until_on >= greatest(r.served_from, t.started_on)) as before
		from report r join (
			select case_id, from_on, until_on, started_on from training
			union all
			select case_id, on_date, until_on, started_on from made where kind = 'schooling' and (exit_on is null or on_date <= exit_on)
		) t on t.from_on <= r.served_until group by r.report, t.case_id
	), gained as (
		select distinct r.report, n.case_id from report r join gain n on n.on_date <= r.served_until
		join period p on p.id = n.case_id and n.on_date >= greatest(r.served_from, p.started_on)
	), each as (
		select k.*, g.program, k.exclusion in ('01', '02', '03', '04', '07') or k.exclusion = '05' and g.program = 'youth' as excluded
		from known k cross join lateral unnest(k.programs) g(program)
	), rows as (
		select r.report, 'participants' as indicator, g.program, p.id as case_id, 'in' as place, true as met, cast(0 as bigint) as value, 'served' as reason
		from report r join period p on p.started_on <= r.served_until and (p.exit_on is null or p.exit_on >= r.served_from) cross join lateral unnest(p.programs) g(program)
		union all
		select r.report, 'exiters', e.program, e.id, 'in', true, 0, 'exited' from report r join each e on e.xq between r.report - 4 and r.report - 1
		union all
		select r.report, 'employment_q2', e.program, e.id,
			case when e.excluded then 'out' when e.program = 'youth' and e.placed_q2 or e.q2 <> 'not_yet' then 'in' else 'pending' end,
			not e.excluded and (e.q2 = 'employed' or e.program = 'youth' and e.placed_q2), 0,
			case when e.excluded then 'excluded_' || e.exclusion when e.q2 = 'employed' then e.q2 when e.program = 'youth' and e.placed_q2 then 'in_school' else e.q2 end
		from report r join each e on e.xq between r.report - 7 and r.report - 4
		union all
		select r.report, 'employment_q4', e.program, e.id,
			case when e.excluded then 'out' when e.program = 'youth' and e.placed_q4 or e.q4 <> 'not_yet' then 'in' else 'pending' end,
			not e.excluded and (e.q4 = 'employed' or e.program = 'youth' and e.placed_q4), 0,
			case when e.excluded then 'excluded_' || e.exclusion when e.q4 = 'employed' then e.q4 when e.program = 'youth' and e.placed_q4 then 'in_school' else e.q4 end
		from report r join each e on e.xq between r.report - 9 and r.report - 6
		union all
		select r.report, 'median_earnings', e.program, e.id,
			case when e.excluded then 'out' when e.q2 = 'employed' and e.wages > 0 then 'in' when e.q2 = 'not_yet' then 'pending' else 'out' end,
			not e.excluded and e.q2 = 'employed' and coalesce(e.wages, 0) > 0, case when not e.excluded and e.q2 = 'employed' then coalesce(e.wages, 0) else 0 end,
			case when e.excluded then 'excluded_' || e.exclusion when e.q2 <> 'employed' then e.q2 when e.wages > 0 then 'wages' when e.wages = 0 then 'zero_wages' else 'wages_unknown' end
		from report r join each e on e.xq between r.report - 7 and r.report - 4
		union all
		select r.report, 'credential', c.program, c.id,
			case when c.excluded or not c.asked then 'out' when c.met or c.shut and not c.waits then 'in' else 'pending' end,
			not c.excluded and c.asked and c.met, 0,
			case when c.excluded then 'excluded_' || c.exclusion when not c.asked and c.any_training then 'training_without_credential' when not c.asked then 'no_training'
				when c.credentialed then 'credential' when c.met then 'diploma_and_next' when not c.shut then 'window_open' when c.waits then 'not_yet' when c.diploma then 'diploma_alone' else 'no_credential' end
		from report r join (
			select e.*, e.program = 'youth' and e.in_school or e.trained or e.college or e.no_diploma and e.school or e.program = 'youth' and (e.youth_trained or e.school) as asked,
				e.credentialed or e.diploma and (e.next_school or e.any_work) as met, cast(:as_of as date) > e.exit_on + 365 as shut, e.diploma and e.work_unknown as waits
			from each e where e.program <> 'wagner_peyser') c on c.xq between r.report - 9 and r.report - 6
		union all
		select r.report, 'same_employer', 'all', k.id,
			case when k.gone then 'out' when k.q2 = 'not_yet' then 'pending' when k.q2 <> 'employed' then 'out' when k.q4 = 'not_yet' then 'pending' else 'in' end,
			not k.gone and k.q2 = 'employed' and k.q4 = 'employed' and k.same_employer, 0,
			case when k.gone then 'excluded_' || k.exclusion when k.q2 = 'not_yet' then 'not_yet' when k.q2 <> 'employed' then 'not_employed_q2' when k.q4 <> 'employed' then k.q4
				when k.same_employer then 'same_employer' when k.employers_known then 'other_employer' else 'employer_unknown' end
		from report r join (select x.*, x.exclusion in ('01', '02', '03', '04', '07') or x.exclusion = '05' and 'youth' = any (x.programs) as gone from known x) k
			on k.xq between r.report - 9 and r.report - 6
		union all
		select r.report, 'skill_gains', s.program, s.id, case when s.exclusion not in ('00', '07') or not s.studied then 'out' else 'in' end,
			s.exclusion in ('00', '07') and s.studied and s.gained, 0,
			case when s.exclusion not in ('00', '07') then 'excluded_' || s.exclusion when not s.studied and s.ever then 'training_over' when not s.studied then 'no_training' when s.gained then 'gain' else 'no_gain' end
		from report r join (
			select p.id, p.exclusion, p.started_on, p.exit_on, g.program from period p cross join lateral unnest(p.programs) g(program) where g.program <> 'wagner_peyser'
		) p on p.started_on <= r.served_until and (p.exit_on is null or p.exit_on >= r.served_from)
		left join studied d on d.report = r.report and d.case_id = p.id
		left join gained n on n.report = r.report and n.case_id = p.id
		cross join lateral (select p.id, case when p.exit_on <= r.served_until then p.exclusion else '00' end as exclusion, p.program, coalesce(d.now, false) as studied, coalesce(d.before, false) as ever, n.case_id is not null as gained) s
	)
	`

// countAll counts the rows: the numbers are nothing else.
const countAll = `select report, indicator, program, count(*) filter (where place = 'in') as denominator, count(*) filter (where place = 'in' and met) as numerator,
		count(*) filter (where place = 'pending') as pending, count(*) filter (where place = 'out') as out_count,
		cast(coalesce(floor(percentile_cont(0.5) within group (order by value) filter (where indicator = 'median_earnings' and place = 'in') + 0.5), 0) as bigint) as median
	from rows group by report, indicator, program order by report, indicator, program limit 1000`

// numbers are the indicators of every program and report asked for.
func numbers(tx *pg.Tx, scope access.Scope, q question) ([]Number, error) {
	return pg.List[Number](tx, rowsQuery(scope, countAll), q.args().In(scope, tx))
}

// Counted is one row with whose it is.
type Counted struct {
	Row
	Number    string     `db:"number" json:"number"`
	Name      string     `db:"name" json:"name"`
	Office    string     `db:"office" json:"office"`
	Manager   string     `db:"case_manager" json:"case_manager"`
	StartedOn civil.Date `db:"started_on" json:"started_on"`
	ExitOn    civil.Date `db:"exit_on" json:"exit_on"`
}

const listSome = `select x.report, x.indicator, x.program, x.case_id, x.place, x.met, x.value, x.reason, p.number,
		coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, o.name as office,
		u.first_name || ' ' || u.last_name as case_manager, c.started_on, c.exit_on
	from rows x join ` + casefile.From + ` on c.id = x.case_id
	where x.indicator = :indicator and x.program = :program and (:place = '' or x.place = :place)
	order by x.place, x.met desc, c.exit_on, p.number, c.id limit :limit`
