package result

import (
	"context"
	"iter"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Fix is something that a record needs before it can be sent (domain.md 2.4), with the record it is in.
// Code says what is wrong and what to do; the dates are what it is about. Of a value that the layout
// refuses, What is the element and Entered the value.
type Fix struct {
	Code    string        `db:"code" json:"code"`
	CaseID  access.CaseID `db:"case_id" json:"case_id"`
	Number  string        `db:"number" json:"number"`
	Name    string        `db:"name" json:"name"`
	Manager string        `db:"case_manager" json:"case_manager"`
	On      civil.Date    `db:"on_date" json:"on_date"`
	Other   civil.Date    `db:"other_date" json:"other_date"`
	What    string        `db:"what" json:"what"`
	Element string        `db:"-" json:"element,omitempty"`
	Entered string        `db:"-" json:"entered,omitempty"`
	Derive  string        `db:"-" json:"-"`
	// NewerCaseID is the period beside which a late entry stands.
	NewerCaseID access.CaseID `db:"newer_case_id" json:"newer_case_id"`
}

// Blocks reports that a quarter is better not sent before this is fixed; a dispute waits for a supervisor.
func (f Fix) Blocks() bool { return f.Code != "exit_disputed" }

// fixQuery has one part for each edit rule. What the tables' own checks already refuse (match types
// and wages without work, W2; a second DOB, W4) has none.
var fixQuery = `
	with person as (
		select c.agency_id, c.id, c.participant_id, c.started_on, c.exit_on, c.programs from cases c
		where c.started_on <= cast(:until as date) and (c.exit_on is null or c.exit_on >= cast(:since as date)) and `

var fixParts = `
	), live_service as (
		select s.case_id, s.code, s.given_on, s.ends_on, s.ongoing, s.provider from person p join services s on s.agency_id = p.agency_id and s.case_id = p.id
		where (s.code between 'T01' and 'T12' or s.code like 'Y%') and ` + standingService + `
	), training as (
		select * from live_service where code like 'T%' or code = 'Y04'
	), youth as (
		select p.id, p.agency_id, p.participant_id, p.started_on, min(s.given_on) as first_on
		from person p left join live_service s on s.case_id = p.id and s.code like 'Y%' where 'youth' = any (p.programs) group by p.id, p.agency_id, p.participant_id, p.started_on
	), dispute as (
		select distinct on (e.case_id) e.case_id, e.kind, e.exit_on, e.newer_case_id from person p join exits e on e.agency_id = p.agency_id and e.case_id = p.id
		order by e.case_id, e.recorded_at desc, e.id desc
	), fix as (
		select 'exit_disputed' as code, d.case_id, p.exit_on as on_date, d.exit_on as other_date, '' as what, d.newer_case_id from dispute d join person p on p.id = d.case_id where d.kind = 'disputed'
		union all
		select 'exit_before_start', p.id, p.exit_on, p.started_on, '', null from person p where p.exit_on < p.started_on
		union all
		select 'overlap', p.id, p.started_on, e.exit_on, '', e.id from person p join cases e on e.agency_id = p.agency_id and e.participant_id = p.participant_id
			and e.id <> p.id and e.started_on <= p.started_on and (e.exit_on is null or e.exit_on >= p.started_on) and (e.started_on < p.started_on or e.id < p.id)
		union all
		select 'no_program', p.id, p.started_on, null, '', null from person p where p.programs = '{}'
		union all
		select 'no_birth_date', p.id, p.started_on, null, '', null from person p join participants q on q.agency_id = p.agency_id and q.id = p.participant_id where q.birth_date is null
		union all
		select 'youth_no_service', y.id, y.started_on, null, '', null from youth y where y.first_on is null
		union all
		select 'youth_age', y.id, y.first_on, q.birth_date, '', null from youth y join participants q on q.agency_id = y.agency_id and q.id = y.participant_id
			where extract(year from age(y.first_on, q.birth_date)) not between 14 and 24
		union all
		select 'youth_school', y.id, y.started_on, null, d.school, null from youth y cross join lateral (
			select coalesce((select i.answers ->> 'school_status' from intake_sections i where i.agency_id = y.agency_id and i.case_id = y.id and i.section = 'education' order by i.version desc limit 1), '') as school,
				(select exists (select from unnest(e.basis) b where b like 'isy.%') from eligibility_decisions e where e.agency_id = y.agency_id and e.case_id = y.id
					and e.program = 'youth' and e.decision = 'eligible' order by e.recorded_at desc, e.id desc limit 1) as in_school) d
			where d.school <> '' and d.in_school <> (d.school in ('1', '2', '3'))
		union all
		select 'training_before_start', t.case_id, t.given_on, p.started_on, t.code, null from training t join person p on p.id = t.case_id where t.given_on < p.started_on
		union all
		select 'training_open', t.case_id, t.given_on, p.exit_on, t.code, null from training t join person p on p.id = t.case_id where t.ongoing and t.ends_on is null and p.exit_on is not null
		union all
		select 'training_no_provider', t.case_id, t.given_on, null, t.code, null from training t where t.provider = ''
		union all
		select 'transcript_hours', o.case_id, o.on_date, null, '', null from person p join outcomes o on o.agency_id = p.agency_id and o.case_id = p.id
			where o.kind = 'skill_gain' and o.detail ->> 'gain' = 'transcript' and (coalesce(o.detail ->> 'level', '') = '' or o.detail ->> 'level' = 'postsecondary' and coalesce(o.detail ->> 'hours', '0') = '0') and ` + live("outcomes", "o") + `
		union all
		select 'wages_unknown', p.id, app.quarter_first(w.quarter), null, '', null from person p join wage_records w on w.agency_id = p.agency_id and w.participant_id = p.participant_id
			where w.employment <> '0' and w.wages_cents is null and not w.withdrawn and w.quarter between app.quarter_of(p.exit_on) + 1 and app.quarter_of(p.exit_on) + 4 and ` + live("wage_records", "w") + `
	)
	select f.code, f.case_id, f.on_date, f.other_date, f.what, f.newer_case_id, p.number, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, u.first_name || ' ' || u.last_name as case_manager
	from fix f join ` + casefile.From + ` on c.id = f.case_id order by f.code = 'exit_disputed' desc, f.code, f.on_date, p.number, f.case_id limit 1000000`

// Fixes counts what the records in reach need before the file of a quarter can be sent, and lists the first of it.
func (s *Service) Fixes(ctx context.Context, by access.Actor, report participation.Quarter, most int) (list []Fix, count int, err error) {
	list = []Fix{}
	err = s.file(ctx, by, report, func(f file) error {
		for fix, err := range f.fixes() {
			if err != nil {
				return err
			}
			if count++; count <= most {
				list = append(list, fix)
			}
		}
		return nil
	})
	return list, count, err
}

// EachFix hands all of it to write, one after the other, with its number ahead.
func (s *Service) EachFix(ctx context.Context, by access.Actor, report participation.Quarter, write func(n int, rows iter.Seq2[Fix, error]) error) error {
	return s.file(ctx, by, report, func(f file) error {
		n, err := countOf(f.fixes())
		if err != nil {
			return err
		}
		return write(n, f.fixes())
	})
}

// fixes are the rules that need more than one value of a record, then what the layout refuses.
func (f file) fixes() iter.Seq2[Fix, error] {
	return func(yield func(Fix, error) bool) {
		for fix, err := range f.edits() {
			if !yield(f.shown(fix), err) {
				return
			}
		}
		for line, err := range f.lines() {
			if err != nil {
				yield(Fix{}, err)
				return
			}
			for _, fix := range line.refused {
				if !yield(f.shown(fix), nil) {
					return
				}
			}
		}
	}
}

// shown leaves out the name for whom reads none.
func (f file) shown(fix Fix) Fix {
	if f.unnamed {
		fix.Name = ""
	}
	return fix
}

func (f file) edits() iter.Seq2[Fix, error] {
	return pg.Each[Fix](f.tx, fixQuery+f.scope.Where()+fixParts, pg.Args{"since": f.report.Add(-9).First(), "until": f.report.Last()}.In(f.scope, f.tx))
}
