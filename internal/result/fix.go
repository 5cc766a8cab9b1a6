package result

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Fix is something that a record needs before it can be sent (domain.md 2.4), with the record it is in.
// Code says what is wrong and what to do; the dates are what it is about.
type Fix struct {
	Code    string        `db:"code" json:"code"`
	CaseID  access.CaseID `db:"case_id" json:"case_id"`
	Number  string        `db:"number" json:"number"`
	Name    string        `db:"name" json:"name"`
	Manager string        `db:"case_manager" json:"case_manager"`
	On      civil.Date    `db:"on_date" json:"on_date"`
	Other   civil.Date    `db:"other_date" json:"other_date"`
	What    string        `db:"what" json:"what"`
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
		where c.started_on is not null and (c.exit_on is null or c.exit_on >= cast(:since as date)) and `

var fixParts = `
	), live_service as (
		select s.case_id, s.code, s.given_on, s.ends_on, s.ongoing, s.provider from person p join services s on s.agency_id = p.agency_id and s.case_id = p.id
		where not s.planned and s.cancels is null and s.code between 'T01' and 'T12'
			and not exists (select from services n where n.agency_id = s.agency_id and n.supersedes = s.id)
			and not exists (select from services n where n.agency_id = s.agency_id and n.cancels = s.id)
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
		select 'youth_age', p.id, p.started_on, q.birth_date, '', null from person p join participants q on q.agency_id = p.agency_id and q.id = p.participant_id
			where 'youth' = any (p.programs) and extract(year from age(p.started_on, q.birth_date)) not between 14 and 24
		union all
		select 'training_before_start', t.case_id, t.given_on, p.started_on, t.code, null from live_service t join person p on p.id = t.case_id where t.given_on < p.started_on
		union all
		select 'training_open', t.case_id, t.given_on, p.exit_on, t.code, null from live_service t join person p on p.id = t.case_id where t.ongoing and t.ends_on is null and p.exit_on is not null
		union all
		select 'training_no_provider', t.case_id, t.given_on, null, t.code, null from live_service t where t.provider = ''
		union all
		select 'transcript_hours', o.case_id, o.on_date, null, '', null from person p join outcomes o on o.agency_id = p.agency_id and o.case_id = p.id
			where o.kind = 'skill_gain' and o.detail ->> 'gain' = 'transcript' and (coalesce(o.detail ->> 'level', '') = '' or o.detail ->> 'level' = 'postsecondary' and coalesce(o.detail ->> 'hours', '0') = '0') and ` + live("outcomes", "o") + `
		union all
		select 'wages_unknown', p.id, app.quarter_first(w.quarter), null, '', null from person p join wage_records w on w.agency_id = p.agency_id and w.participant_id = p.participant_id
			where w.employment <> '0' and w.wages_cents is null and not w.withdrawn and w.quarter between app.quarter_of(p.exit_on) + 1 and app.quarter_of(p.exit_on) + 4 and ` + live("wage_records", "w") + `
	)
	select f.code, f.case_id, f.on_date, f.other_date, f.what, f.newer_case_id, p.number, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, u.first_name || ' ' || u.last_name as case_manager
	from fix f join ` + casefile.From + ` on c.id = f.case_id order by f.code = 'exit_disputed' desc, f.code, f.on_date, p.number, f.case_id limit 1000`

// Fixes lists what the records in reach need before they can be sent.
func (s *Service) Fixes(ctx context.Context, by access.Actor) (list []Fix, err error) {
	scope, err := s.policy.Scope(by, access.ReadResult)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = fixes(tx, scope, by.Today(tx.Now))
		return err
	})
	if _, unnamed := s.policy.Scope(by, access.ReadRecord); unnamed != nil {
		for i := range list {
			list[i].Name = ""
		}
	}
	return list, err
}

func fixes(tx *pg.Tx, scope access.Scope, today civil.Date) ([]Fix, error) {
	return pg.List[Fix](tx, fixQuery+scope.Where()+fixParts, pg.Args{"since": today.AddMonths(-36)}.In(scope, tx))
}
