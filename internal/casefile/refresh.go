package casefile

import (
	"errors"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// errWithheld is a fault of the program: to whom rows are withheld, the case looks as if there were none.
var errWithheld = errors.New("casefile: a case is refreshed from all of its rows, so by the program or by staff")

// Refresh repeats on the case what lists sort by, from the tables that hold it: step, state,
// next appointment, last contact, plan, next milestone of the version in force. Every service calls it last in its
// transaction, so the case never says anything else than its parts.
func Refresh(tx *pg.Tx, c Case, today civil.Date) error {
	if tx.Withheld() {
		return errWithheld
	}
	f, err := pg.Get[facts](tx, factsQuery, pg.Args{"case_id": c.ID})
	if err != nil {
		return err
	}
	state := stateOf(c, f)
	if !c.ExitOn.IsZero() {
		if state, err = pg.Get[State](tx, `select app.state_after(c.agency_id, c.id, c.exit_on, app.known_quarters(c.agency_id, c.participant_id, c.exit_on), :today)
			from cases c where c.id = :case_id`, pg.Args{"case_id": c.ID, "today": today}); err != nil {
			return err
		}
	}
	step := here(stepsOf(f))
	since := c.StepSince
	if step != c.Step {
		since = today
		if step == 6 && !f.InForceOn.IsZero() {
			since = f.InForceOn
		}
	}
	return pg.ExecOne(tx, refreshQuery, pg.Args{
		"case_id": c.ID, "step": step, "since": since, "state": string(state),
		"programs": f.ProgramsEligible, "plan_state": f.PlanState, "now": tx.Now, "today": today,
	})
}

// programs is how many programs there are to be eligible for.
const programs = 4

// stateOf derives the state from the facts (domain.md 1.0). A pause is set by who pauses; what comes after the
// exit follows from that. Somebody whom no program takes is not eligible, until one of them does.
func stateOf(c Case, f facts) State {
	switch {
	case !c.ExitOn.IsZero() || !c.PausedOn.IsZero() || !c.Open() && c.State != Ineligible:
		return c.State
	case !f.FirstInForceOn.IsZero() && f.EngagedOn.Before(f.FirstInForceOn):
		return Planned
	case !f.FirstInForceOn.IsZero():
		return Active
	case !c.StartedOn.IsZero():
		return Participant
	case !f.EligibleOn.IsZero():
		return Eligible
	case f.Refused == programs:
		return Ineligible
	}
	return Applicant
}

const refreshQuery = `
	with next as (
		select on_date, at_time, kind, place from appointments
		where case_id = :case_id and state = 'planned' order by on_date, at_time nulls last, id limit 1
	), live as (
		select k.id, k.held_on, k.method, k.result from check_ins k
		where k.case_id = :case_id and not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
	), reached as (
		select held_on, method from live where result = 'talked' order by held_on desc, id desc limit 1
	), plan as (
		select id from plan_versions where case_id = :case_id and state = 'in_force'
	), ms as (
		select m.key, m.title, m.title_es, coalesce(s.due_on, m.due_on) as due_on, m.tolerance_days, coalesce(s.status, 'not_started') as status, m.position
		from milestones m left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
		where m.plan_id = (select id from plan)
	), newest as (
		select id, state, frozen_at, sha256 from plan_versions where case_id = :case_id and state <> 'withdrawn' order by number desc limit 1
	), support as (
		select what, ends_on from plan_lines where plan_id = (select id from plan) and kind = 'support' and state <> 'not_needed' and ends_on >= :today order by ends_on, id limit 1
	), open as (
		select key, title, title_es, due_on, tolerance_days from ms where status not in ('done', 'dropped') order by due_on + tolerance_days, due_on, position limit 1
	)
	update cases set
		step = :step, step_since = :since, state = :state, programs = :programs, plan_state = :plan_state,
		plan_waiting_since = (select max(frozen_at) from plan_versions where case_id = :case_id and state = 'submitted'),
		next_on = (select on_date from next), next_at = (select at_time from next),
		next_kind = coalesce((select kind from next), ''), next_place = coalesce((select place from next), ''),
		last_contact_on = (select max(held_on) from live), last_reached_on = (select held_on from reached), last_reached_by = coalesce((select method from reached), ''),
		unanswered = (select count(*) from live where held_on > coalesce((select held_on from reached), '-infinity')),
		milestone_key = coalesce((select key from open), ''), milestone_title = coalesce((select title from open), ''), milestone_title_es = coalesce((select title_es from open), ''),
		milestone_due_on = (select due_on from open), milestone_tolerance = coalesce((select tolerance_days from open), 0),
		plan_returned_on = (select max(d.decided_on) from newest v join plan_decisions d on d.plan_id = v.id and d.decision = 'returned' where v.state = 'returned'),
		plan_unsigned_on = (select cast(v.frozen_at at time zone a.time_zone as date) from newest v join agencies a on a.id = cases.agency_id
			where v.state = 'submitted' and not exists (select from signatures g where g.plan_id = v.id and g.sha256 = v.sha256 and g.role in ('participant', 'guardian'))),
		permit_until = (select cast(nullif(s.answers ->> 'work_auth_expires', '') as date) from intake_sections s
			where s.case_id = :case_id and s.section = 'about' order by s.version desc limit 1),
		support_ends_on = (select ends_on from support), support_what = coalesce((select what from support), ''),
		` + papers + `,
		milestones_done = (select count(*) from ms where status = 'done'), milestones_total = (select count(*) from ms where status <> 'dropped'),
		progress_on = (select max(g.on_date) from milestone_progress g where g.case_id = :case_id and g.status in ('done', 'in_progress')
			and not exists (select from check_ins n where n.agency_id = g.agency_id and n.supersedes = g.check_in_id)),
		known_quarters = case when exit_on is null then 0 else app.known_quarters(agency_id, participant_id, exit_on) end,
		version = version + 1, updated_at = :now
	where id = :case_id`

// papers are the facts of the paper that ends first; what is restricted is no fact for lists.
const papers = `paper_expires_on = (select min(d.expires_on) from documents d where d.case_id = :case_id and d.archived_at is null and d.visibility <> 'restricted'),
		paper_kind = coalesce((select d.kind from documents d where d.case_id = :case_id and d.archived_at is null and d.visibility <> 'restricted'
			and d.expires_on is not null order by d.expires_on, d.id limit 1), '')`

// RefreshPapers repeats on the case which of its papers ends first. Nothing else of the case changes,
// so its version stays.
func RefreshPapers(tx *pg.Tx, caseID access.CaseID) error {
	if tx.Withheld() {
		return errWithheld
	}
	return pg.ExecOne(tx, `update cases set `+papers+` where id = :case_id`, pg.Args{"case_id": caseID})
}

// SetPathway notes the chosen pathway on the case.
func SetPathway(tx *pg.Tx, caseID access.CaseID, pathway, area string, step int) error {
	return pg.ExecOne(tx, `update cases set pathway_code = :pathway, area_code = :area, pathway_step = :step where id = :case_id`,
		pg.Args{"pathway": pathway, "area": area, "step": step, "case_id": caseID})
}

// SetNotice notes the day on which the equal-opportunity notice was given.
func SetNotice(tx *pg.Tx, caseID access.CaseID, on civil.Date) error {
	return pg.ExecOne(tx, `update cases set notice_given_on = :on where id = :case_id`, pg.Args{"on": on, "case_id": caseID})
}
