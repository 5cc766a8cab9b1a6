package participation

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// maxServices bounds the services of one case; the busiest have some hundred.
const maxServices = 2000

// ledgerOf reads the services of a case, newest first, and its gate.
func ledgerOf(tx *pg.Tx, caseID access.CaseID) (l ledger, err error) {
	if l.rows, err = pg.List[Record](tx, `
		select s.id, s.case_id, s.code, s.given_on, s.ends_on, s.planned, s.ongoing, s.provider, s.note, s.supersedes, s.cancels, s.reason,
			s.recorded_on, coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, s.recorded_at,
			(select max(x.attended_on) from service_proofs x where x.agency_id = s.agency_id and x.service_id = s.id) as attended_on,
			s.cancels is null and not exists (select from services n where n.agency_id = s.agency_id and (n.supersedes = s.id or n.cancels = s.id)) as live
		from services s left join users u on u.agency_id = s.agency_id and u.id = s.recorded_by
		where s.case_id = :case_id order by s.given_on desc, s.id desc limit :limit`, pg.Args{"case_id": caseID, "limit": maxServices}); err != nil {
		return l, err
	}
	g, err := pg.Get[gateRow](tx, gateQuery, pg.Args{"case_id": caseID})
	l.gate, l.permitUntil = g.gate(), g.PermitUntil
	return l, err
}

type gateRow struct {
	CareerFrom  civil.Date `db:"career_from"`
	YouthFrom   civil.Date `db:"youth_from"`
	AssessedOn  civil.Date `db:"assessed_on"`
	StrategyOn  civil.Date `db:"strategy_on"`
	PermitUntil civil.Date `db:"permit_until"`
}

func (g gateRow) gate() Gate {
	gate := Gate{CareerFrom: g.CareerFrom}
	if !g.YouthFrom.IsZero() && !g.AssessedOn.IsZero() && !g.StrategyOn.IsZero() {
		gate.YouthFrom = civil.Later(g.YouthFrom, civil.Later(g.AssessedOn, g.StrategyOn))
	}
	return gate
}

const gateQuery = `
	with decided as (
		select program, decided_on from eligibility_decisions where case_id = :case_id and decision = 'eligible'
	)
	select (select min(decided_on) from decided where program in ('adult', 'dislocated_worker', 'wagner_peyser')) as career_from,
		(select min(decided_on) from decided where program = 'youth') as youth_from,
		(select min(a.taken_on) from assessments a where a.case_id = :case_id and not a.waived
			and not exists (select from assessments n where n.agency_id = a.agency_id and n.supersedes = a.id)) as assessed_on,
		(select min(in_force_on) from plan_versions where case_id = :case_id and kind = 'iss') as strategy_on,
		(select cast(nullif(answers ->> 'work_auth_expires', '') as date) from intake_sections
			where case_id = :case_id and section = 'about' order by version desc limit 1) as permit_until`

// insert writes a row; the ones that stand are never touched.
func insert(tx *pg.Tx, by access.Actor, caseID access.CaseID, in Input) (RecordID, error) {
	made := id.New[Record]()
	return made, pg.Insert(tx, `
		insert into services (agency_id, id, case_id, code, given_on, ends_on, planned, ongoing, provider, note, supersedes, cancels, reason, recorded_on, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :code, :given_on, :ends_on, :planned, :ongoing, :provider, :note, :supersedes, :cancels, :reason, :today, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": made, "case_id": caseID, "code": in.Code, "given_on": in.GivenOn, "ends_on": in.EndsOn, "planned": in.Planned,
			"ongoing": in.Ongoing, "provider": in.Provider, "note": in.Note, "supersedes": in.Supersedes, "cancels": in.Cancels, "reason": in.Reason,
			"today": by.Today(tx.Now), "by": by.ID, "now": tx.Now,
		})
}

// Refresh repeats on the case what its services say: when participation started, the last
// qualifying day, and until when a booked service holds the exit.
func Refresh(tx *pg.Tx, caseID access.CaseID, today civil.Date) (Clock, error) {
	l, err := ledgerOf(tx, caseID)
	if err != nil {
		return Clock{}, err
	}
	c := l.clock(today)
	return c, pg.ExecOne(tx, `update cases set started_on = :started, last_qualifying_on = :last, held_until = :held, running_until = :running, proof_on = :proof where id = :case_id`,
		pg.Args{"case_id": caseID, "started": c.StartedOn, "last": c.LastQualifyingOn, "held": c.HeldUntil, "running": c.RunningUntil, "proof": l.proofOn()})
}

// RefreshCase is Refresh and then casefile.Refresh, for what changes from when services count: a
// decision, an assessment, a plan in force.
func RefreshCase(tx *pg.Tx, c casefile.Case, today civil.Date) error {
	clock, err := Refresh(tx, c.ID, today)
	if err != nil {
		return err
	}
	c.StartedOn = clock.StartedOn
	return casefile.Refresh(tx, c, today)
}
