package portal

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

func helperOf(tx *pg.Tx, caseID access.CaseID) (Helper, error) {
	return pg.Get[Helper](tx, `
		select u.first_name, coalesce(nullif(u.phone, ''), nullif(o.phone, ''), a.phone) as phone, o.name as office,
			coalesce(nullif(o.address, ''), a.address) as address, coalesce(nullif(o.phone, ''), a.phone) as office_phone
		from cases c
		join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
		join offices o on o.agency_id = c.agency_id and o.id = c.office_id
		join agencies a on a.id = c.agency_id
		where c.id = :case_id`, pg.Args{"case_id": caseID})
}

const appointmentColumns = `id, kind, on_date, at_time, place, address, bring, bring_es, answer, version`

// nextOf is the next thing agreed; one that was missed comes only when nothing is ahead.
func nextOf(tx *pg.Tx, caseID access.CaseID, today civil.Date) (*Appointment, error) {
	a, found, err := pg.Find[Appointment](tx, `select `+appointmentColumns+` from appointments where case_id = :case_id and state = 'planned'
		order by on_date < cast(:today as date), on_date, at_time nulls last, id limit 1`, pg.Args{"case_id": caseID, "today": today})
	if err != nil || !found {
		return nil, err
	}
	return &a, nil
}

func appointmentOf(tx *pg.Tx, caseID access.CaseID, appointmentID id.Of[Appointment]) (Appointment, error) {
	return pg.Get[Appointment](tx, `select `+appointmentColumns+` from appointments where case_id = :case_id and id = :id and state = 'planned'`,
		pg.Args{"case_id": caseID, "id": appointmentID})
}

func answer(tx *pg.Tx, a Appointment, in ReplyInput) error {
	return pg.ExecOne(tx, `update appointments set answer = :answer, answer_note = :note, answered_at = :now, updated_at = :now, version = version + 1
		where id = :id and version = :version`, pg.Args{"answer": in.Answer, "note": in.Note, "now": tx.Now, "id": a.ID, "version": a.Version})
}

// inForce is the plan that holds.
type inForce struct {
	ID      id.Of[inForce] `db:"id"`
	Number  int            `db:"number"`
	Pathway string         `db:"pathway_code"`
	Version int            `db:"pathway_version"`
}

func planOf(tx *pg.Tx, caseID access.CaseID) (inForce, bool, error) {
	return pg.Find[inForce](tx, `select id, number, pathway_code, pathway_version from plan_versions where case_id = :case_id and state = 'in_force'`,
		pg.Args{"case_id": caseID})
}

// waits reports a plan that is written down for good and lacks the participant's signature.
func waits(tx *pg.Tx, caseID access.CaseID) (bool, error) {
	return pg.Get[bool](tx, `
		select exists (select from plan_versions v where v.case_id = :case_id and v.frozen_at is not null and v.state in ('draft', 'submitted')
			and not exists (select from signatures s where s.agency_id = v.agency_id and s.plan_id = v.id and s.sha256 = v.sha256 and s.role = 'participant'))`,
		pg.Args{"case_id": caseID})
}

func milestonesOf(tx *pg.Tx, plan inForce) ([]milestone, error) {
	return pg.List[milestone](tx, `
		select m.key, m.kind, m.title, m.title_es, m.goal_id, coalesce(s.starts_on, m.starts_on) as starts_on, coalesce(s.due_on, m.due_on) as due_on,
			m.tolerance_days, coalesce(m.weeks, 0) as weeks, coalesce(m.sessions, 0) as sessions, coalesce(s.status, 'not_started') as status,
			s.done_on, s.percent, coalesce(s.attended, 0) as attended
		from milestones m left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
		where m.plan_id = :plan and coalesce(s.status, '') <> 'dropped'
		order by due_on, m.position limit 200`, pg.Args{"plan": plan.ID})
}

// isOpen reports whether the plan has a milestone of this key that is neither done nor dropped.
func isOpen(tx *pg.Tx, plan inForce, key string) (bool, error) {
	return pg.Get[bool](tx, `select exists (select from milestones m left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
		where m.plan_id = :plan and m.key = :key and coalesce(s.status, '') not in ('done', 'dropped'))`, pg.Args{"plan": plan.ID, "key": key})
}

// lastFeeling is what the participant said this week, if anything.
func lastFeeling(tx *pg.Tx, caseID access.CaseID, since time.Time) (*Signal, error) {
	s, found, err := pg.Find[Signal](tx, `select `+signalColumns+` from `+signalFrom+`
		where g.case_id = :case_id and g.kind = 'feeling' and g.sent_at >= :since order by g.sent_at desc, g.id desc limit 1`,
		pg.Args{"case_id": caseID, "since": since})
	if err != nil || !found {
		return nil, err
	}
	return &s, nil
}

// Reading is one opening of the participant's record by somebody else.
type Reading struct {
	At        time.Time `db:"at"`
	FirstName string    `db:"first_name"`
	LastName  string    `db:"last_name"`
	Role      string    `db:"actor_role"`
}

// readings lists the last hundred, newest first.
func readings(tx *pg.Tx, by access.Actor) ([]Reading, error) {
	return pg.List[Reading](tx, `
		select l.at, coalesce(u.first_name, '') as first_name, coalesce(u.last_name, '') as last_name, l.actor_role
		from audit_log l left join users u on u.agency_id = l.agency_id and u.id = l.actor_id
		where l.participant_id = :person and l.action = 'record.opened' and l.actor_id <> :me
		order by l.at desc, l.id desc limit 100`, pg.Args{"person": by.Participant, "me": by.ID})
}
