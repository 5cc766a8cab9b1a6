// Package narrative is the whole story of a case in the order of its dates, to be read and printed.
package narrative

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Event is one thing that happened. A and B are what the kind's words are filled with, Text is what somebody wrote.
type Event struct {
	On   civil.Date `db:"on_date" json:"on"`
	Kind string     `db:"kind" json:"kind"`
	A    string     `db:"a" json:"a"`
	B    string     `db:"b" json:"b"`
	Text string     `db:"text" json:"text"`
	By   string     `db:"by" json:"by"`
	// PathwayVersion is the version of the pathway that a choice was made on, 0 for everything else.
	PathwayVersion int `db:"pathway_version" json:"pathway_version,omitempty"`
}

// Service tells it.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// most bounds a story; a case of five years has some hundreds.
const most = 2000

// Tell reads a case from its first day. Notes that the reader may not read are left out.
func (s *Service) Tell(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []Event, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return c, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if c, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		staff, err := s.readsNotes(tx, by, caseID)
		if err != nil {
			return err
		}
		list, err = pg.List[Event](tx, query, pg.Args{"case_id": caseID, "me": by.ID, "staff": staff, "most": most})
		return err
	})
	return c, list, err
}

// readsNotes reports whether the reader may read staff notes of the case.
func (s *Service) readsNotes(tx *pg.Tx, by access.Actor, caseID access.CaseID) (bool, error) {
	scope, err := s.policy.Scope(by, access.ReadStaffNote)
	if err != nil {
		return false, nil //nolint:nilerr // who may not has none to read
	}
	return pg.Get[bool](tx, `select exists (select from cases c where c.id = :case_id and `+scope.Where()+`)`, pg.Args{"case_id": caseID}.In(scope, tx))
}

const query = `
	select e.on_date, e.kind, e.a, e.b, e.text, coalesce(u.first_name || ' ' || u.last_name, '') as by, coalesce(k.pathway_version, 0) as pathway_version from (
		select c.opened_on as on_date, 0 as place, 'opened' as kind, '' as a, '' as b, '' as text, cast(null as uuid) as who, c.id as ref, c.agency_id from cases c where c.id = :case_id
		union all
		select a.from_on, 1, 'assignment', w.first_name || ' ' || w.last_name, '', '', a.assigned_by, a.id, a.agency_id
			from assignments a join users w on w.agency_id = a.agency_id and w.id = a.user_id where a.case_id = :case_id
		union all
		select decided_on, 2, 'eligibility', program, decision, '', decided_by, id, agency_id from eligibility_decisions where case_id = :case_id
		union all
		select taken_on, 3, 'assessment', instrument, subject, '', recorded_by, id, agency_id from assessments where case_id = :case_id
		union all
		select chosen_on, 4, 'selection', pathway_code, area_code, reason, recorded_by, id, agency_id from selections where case_id = :case_id
		union all
		select agreed_on, 5, 'goal', title, '', '', recorded_by, id, agency_id from goals where case_id = :case_id and agreed_on is not null
		union all
		select in_force_on, 6, 'plan', cast(number as text), '', change_reason, author_id, id, agency_id from plan_versions where case_id = :case_id and in_force_on is not null
		union all
		select k.held_on, 7, 'check_in', k.method, k.result,
				case when k.visibility = 'shared' or k.visibility = 'staff' and :staff or k.visibility = 'restricted' and k.recorded_by = :me then k.note else '' end, k.recorded_by, k.id, k.agency_id
			from check_ins k where k.case_id = :case_id and not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
		union all
		select n.written_on, 8, 'note', n.subject, '', n.body, n.author_id, n.id, n.agency_id
			from notes n where n.case_id = :case_id and (n.visibility = 'shared' or n.visibility = 'staff' and :staff or n.visibility = 'restricted' and n.author_id = :me)
			and not exists (select from notes x where x.agency_id = n.agency_id and x.supersedes = n.id)
		union all
		select s.given_on, 9, 'service', s.code, s.provider, s.note, s.recorded_by, s.id, s.agency_id
			from services s where s.case_id = :case_id and s.cancels is null and not s.planned
			and not exists (select from services x where x.agency_id = s.agency_id and (x.supersedes = s.id or x.cancels = s.id))
		union all
		select m.on_date, 10, 'milestone', coalesce((select t.title from milestones t where t.agency_id = m.agency_id and t.case_id = m.case_id and t.key = m.key order by t.id desc limit 1), m.key),
				'', m.note, m.recorded_by, m.id, m.agency_id
			from milestone_progress m where m.case_id = :case_id and m.status = 'done'
		union all
		select on_date, 11, 'departure', kind, case kind when 'exclusion' then exclusion else reason end, note, recorded_by, id, agency_id from departures where case_id = :case_id
		union all
		select o.on_date, 12, 'outcome', o.kind, coalesce(o.detail ->> 'employer', o.detail ->> 'credential', ''), '', o.recorded_by, o.id, o.agency_id
			from outcomes o where o.case_id = :case_id and not exists (select from outcomes x where x.agency_id = o.agency_id and x.supersedes = o.id)
		union all
		select cast(m.sent_at at time zone a.time_zone as date), 13, 'message', '', '', m.body, m.author_id, m.id, m.agency_id
			from messages m join agencies a on a.id = m.agency_id where m.case_id = :case_id
		union all
		select cast(f.asked_at at time zone a.time_zone as date), 14, 'follow_up', f.question, '', f.answer, f.asked_by, f.id, f.agency_id
			from follow_ups f join agencies a on a.id = f.agency_id where f.case_id = :case_id
		union all
		select e.as_of, 15, 'exit', e.kind, coalesce(to_char(e.exit_on, 'YYYY-MM-DD'), ''), e.reason, e.recorded_by, e.id, e.agency_id from exits e where e.case_id = :case_id
		union all
		select cast(d.uploaded_at at time zone a.time_zone as date), 16, 'document', d.kind, d.title, '', d.uploaded_by, d.id, d.agency_id
			from documents d join agencies a on a.id = d.agency_id where d.case_id = :case_id and (d.visibility <> 'restricted' or d.uploaded_by = :me)
		union all
		select cast(d.archived_at at time zone a.time_zone as date), 17, 'document_archived', d.kind, d.title, d.archive_reason, d.archived_by, d.id, d.agency_id
			from documents d join agencies a on a.id = d.agency_id where d.case_id = :case_id and d.archived_at is not null and (d.visibility <> 'restricted' or d.uploaded_by = :me)
		union all
		select asked_on, 18, 'request', what, from_whom, '', asked_by, id, agency_id from requests where case_id = :case_id
		union all
		select received_on, 19, 'request_received', what, from_whom, '', cast(null as uuid), id, agency_id from requests where case_id = :case_id and received_on is not null
		union all
		select p.attended_on, 20, 'proof', s.code, s.provider, p.evidence, p.recorded_by, p.id, p.agency_id
			from service_proofs p join services s on s.agency_id = p.agency_id and s.id = p.service_id where p.case_id = :case_id
	) e left join users u on u.agency_id = e.agency_id and u.id = e.who
		left join selections k on k.agency_id = e.agency_id and k.id = e.ref and e.kind = 'selection'
	order by e.on_date, e.place, e.ref limit :most`
