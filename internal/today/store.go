package today

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

const person = `coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name`

// rowsQuery reads the cases with something due, and beside each what its line says. What a line of
// another kind would say is not looked up.
func rowsQuery(scope access.Scope) string {
	return `
	select c.id as case_id, ` + person + `, p.language, p.interpreter, c.pathway_code, c.step, c.next_on, c.next_at, c.next_kind, c.next_place,
		c.milestone_title, c.milestone_title_es, c.milestone_due_on, c.milestone_late_on, c.last_reached_on, c.last_reached_by as last_method, c.unanswered, c.plan_state,
		case when c.next_kind = 'intake' then (select count(*) from (select distinct on (s.section) s.complete from intake_sections s
			where s.agency_id = c.agency_id and s.case_id = c.id order by s.section, s.version desc) newest where newest.complete) else 0 end as sections_done,
		case when c.next_kind = 'choice' then coalesce((select least(jsonb_array_length(n.options), 5) from snapshots n
			where n.agency_id = c.agency_id and n.case_id = c.id order by n.recorded_at desc, n.id desc limit 1), 0) else 0 end as options,
		coalesce(d.comment, '') as comment, coalesce(d.first_name, '') as comment_by
	from cases c
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	left join lateral (select x.comment, u.first_name from plan_decisions x join users u on u.agency_id = x.agency_id and u.id = x.decided_by
		where c.plan_state = 'returned' and x.agency_id = c.agency_id and x.case_id = c.id and x.decision = 'returned' order by x.decided_at desc limit 1) d on true
	where ` + casefile.OpenStates + ` and c.paused_on is null and ` + scope.Where() + `
		and (c.next_on <= :until or c.milestone_due_on <= :until)
	order by c.next_on, c.id limit 1000`
}

func rows(tx *pg.Tx, scope access.Scope, until civil.Date) ([]row, error) {
	return pg.List[row](tx, rowsQuery(scope), pg.Args{"until": until}.In(scope, tx))
}

// nextDue is the first day after this week on which something is agreed.
func nextDue(tx *pg.Tx, scope access.Scope, until civil.Date) (civil.Date, error) {
	return pg.Get[civil.Date](tx, nextQuery(scope), pg.Args{"until": until}.In(scope, tx))
}

func nextQuery(scope access.Scope) string {
	return `select min(c.next_on) from cases c where ` + casefile.OpenStates + ` and c.paused_on is null and c.next_on > :until and ` + scope.Where()
}

// plans are those that came back, and those that wait for somebody else.
func plans(tx *pg.Tx, scope access.Scope) ([]PlanItem, error) {
	return pg.List[PlanItem](tx, plansQuery(scope), pg.Args{}.In(scope, tx))
}

func plansQuery(scope access.Scope) string {
	return `
		select c.id as case_id, ` + person + `, v.state, c.plan_waiting_since as since, coalesce(d.comment, '') as comment, coalesce(d.first_name, '') as by, d.decided_at as returned_at,
			exists (select from signatures s where s.agency_id = v.agency_id and s.plan_id = v.id and s.sha256 = v.sha256 and s.role in ('participant', 'guardian')) as signed
		from cases c
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		join plan_versions v on v.agency_id = c.agency_id and v.case_id = c.id and v.state in ('returned', 'submitted')
		left join lateral (select x.comment, x.decided_at, u.first_name from plan_decisions x join users u on u.agency_id = x.agency_id and u.id = x.decided_by
			where v.state = 'returned' and x.agency_id = v.agency_id and x.plan_id = v.id and x.decision = 'returned' order by x.decided_at desc limit 1) d on true
		where ` + casefile.OpenStates + ` and ` + scope.Where() + ` order by v.frozen_at, c.id limit 100`
}

// ofAge are those who turned 18 with a guardian still on the record.
func ofAge(tx *pg.Tx, scope access.Scope, today civil.Date) ([]OfAge, error) {
	return pg.List[OfAge](tx, `
		select c.id as case_id, `+person+`, k.name as guardian, cast(p.birth_date + interval '18 years' as date) as since
		from companions k
		join participants p on p.agency_id = k.agency_id and p.id = k.participant_id
		join cases c on c.agency_id = p.agency_id and c.participant_id = p.id
		where k.kind = 'guardian' and k.ended_at is null and p.birth_date <= cast(:today as date) - interval '18 years' and `+casefile.OpenStates+` and `+scope.Where()+`
		order by since, c.id limit 50`, pg.Args{"today": today}.In(scope, tx))
}

func asked(tx *pg.Tx, scope access.Scope) ([]Waiting, error) {
	return pg.List[Waiting](tx, askedQuery(scope), pg.Args{}.In(scope, tx))
}

func askedQuery(scope access.Scope) string {
	return `
		select r.case_id, r.what, r.from_whom, r.asked_on, ` + person + `
		from requests r
		join cases c on c.agency_id = r.agency_id and c.id = r.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		where r.received_on is null and ` + casefile.OpenStates + ` and ` + scope.Where() + ` order by r.asked_on, r.id limit 50`
}
