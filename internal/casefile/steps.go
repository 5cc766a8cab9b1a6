package casefile

import (
	"cmp"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// StepKeys are the six steps, in order.
var StepKeys = [6]string{"intake", "recommendations", "selection", "goals", "plan", "engagement"}

// Step is one of the six as it stands: done when its exit gate holds (domain.md 1.0), here when it is
// the first whose gate does not. Missing names what the gate still asks for.
type Step struct {
	Number  int        `json:"number"`
	Key     string     `json:"key"`
	State   string     `json:"state"` // done, here, later
	DoneOn  civil.Date `json:"done_on"`
	Missing []string   `json:"missing"`
}

// facts are what the six exit gates look at, read in one statement.
type facts struct {
	NoticeOn         civil.Date `db:"notice_on"`
	EligibleOn       civil.Date `db:"eligible_on"`
	DecidedOn        civil.Date `db:"decided_on"`
	SchoolOn         civil.Date `db:"school_on"`
	FoundationalOn   civil.Date `db:"foundational_on"`
	ReadinessOn      civil.Date `db:"readiness_on"`
	SupportOn        civil.Date `db:"support_on"`
	EnglishOn        civil.Date `db:"english_on"`
	InterestOn       civil.Date `db:"interest_on"`
	SnapshotOn       civil.Date `db:"snapshot_on"`
	ReviewedOn       civil.Date `db:"reviewed_on"`
	SelectedOn       civil.Date `db:"selected_on"`
	ImmediateOn      civil.Date `db:"immediate_on"`
	MidOn            civil.Date `db:"mid_on"`
	LongOn           civil.Date `db:"long_on"`
	PlanState        string     `db:"plan_state"`
	InForceOn        civil.Date `db:"in_force_on"`
	SignedPerson     bool       `db:"signed_person"`
	SignedStaff      bool       `db:"signed_staff"`
	ApprovalNeeded   bool       `db:"approval_needed"`
	Approved         bool       `db:"approved"`
	FirstInForceOn   civil.Date `db:"first_in_force_on"`
	FirstSignedOn    civil.Date `db:"first_signed_on"` // when the person signed what came into force first
	ProgramsEligible pg.Strings `db:"programs_eligible"`
	Refused          int        `db:"refused"` // programs found not eligible, as last decided
	EngagedOn        civil.Date `db:"engaged_on"`
	OutcomesOn       civil.Date `db:"outcomes_on"`
}

const factsQuery = `
	with live as (
		select a.instrument, a.subject, a.waived, a.taken_on from assessments a
		where a.case_id = :case_id and not exists (select from assessments n where n.agency_id = a.agency_id and n.supersedes = a.id)
	), decided as (
		select distinct on (program) program, decision, decided_on from eligibility_decisions
		where case_id = :case_id order by program, recorded_at desc, id desc
	), goal as (
		select horizon, min(agreed_on) as agreed_on from goals
		where case_id = :case_id and smart and status in ('agreed', 'in_progress', 'met') group by horizon
	), newest as (
		select id, state, in_force_on, approval_needed, sha256 from plan_versions
		where case_id = :case_id and state <> 'withdrawn' order by number desc limit 1
	)
	select c.notice_given_on as notice_on,
		(select min(decided_on) from decided where decision = 'eligible') as eligible_on,
		(select max(decided_on) from decided) as decided_on,
		coalesce((select array_agg(program order by program) from decided where decision = 'eligible'), '{}') as programs_eligible,
		(select count(*) from decided where decision = 'ineligible') as refused,
		(select max(k.held_on) from check_ins k where k.case_id = c.id and not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)) as engaged_on,
		case when c.exit_on is not null then app.outcomes_known_on(c.agency_id, c.participant_id, c.exit_on) end as outcomes_on,
		coalesce((select max(s.recorded_on) from intake_sections s where s.case_id = c.id and s.section = 'education' and s.complete),
			(select max(taken_on) from live where instrument = 'waiver' and subject = 'school_completion')) as school_on,
		(select min(taken_on) from live where instrument in ('tabe_11_12', 'casas_goals') or instrument = 'waiver' and subject = 'foundational') as foundational_on,
		(select min(taken_on) from live where instrument = 'work_readiness' or instrument = 'waiver' and subject = 'work_readiness') as readiness_on,
		coalesce((select min(screened_on) from support_screens where case_id = c.id),
			(select min(taken_on) from live where instrument = 'waiver' and subject = 'support_needs')) as support_on,
		coalesce((select min(taken_on) from live where instrument = 'casas_steps' or instrument = 'waiver' and subject = 'english'),
			(select min(s.recorded_on) from intake_sections s where s.case_id = c.id and s.section = 'education' and s.answers ->> 'english' = 'comfortable')) as english_on,
		(select min(taken_on) from live where instrument in ('waymark_interests', 'onet_ip_short') or instrument = 'waiver' and subject = 'interests') as interest_on,
		(select max(computed_on) from snapshots where case_id = c.id) as snapshot_on,
		(select max(reviewed_on) from snapshot_reviews where case_id = c.id) as reviewed_on,
		(select max(chosen_on) from selections where case_id = c.id) as selected_on,
		(select agreed_on from goal where horizon = 'immediate') as immediate_on,
		(select agreed_on from goal where horizon = 'mid') as mid_on,
		(select agreed_on from goal where horizon = 'long') as long_on,
		coalesce((select state from newest), '') as plan_state,
		(select max(in_force_on) from plan_versions where case_id = c.id and state = 'in_force') as in_force_on,
		(select min(in_force_on) from plan_versions where case_id = c.id) as first_in_force_on,
		(select min(g.signed_on) from signatures g where g.case_id = c.id and g.role = 'participant' and g.plan_id = (select v.id from plan_versions v
			where v.case_id = c.id and v.in_force_on is not null order by v.number limit 1)) as first_signed_on,
		exists (select from signatures g where g.plan_id = (select id from newest) and g.sha256 = (select sha256 from newest) and g.role = 'participant') as signed_person,
		exists (select from signatures g where g.plan_id = (select id from newest) and g.sha256 = (select sha256 from newest) and g.role = 'case_manager') as signed_staff,
		coalesce((select approval_needed from newest), false) as approval_needed,
		exists (select from plan_decisions d where d.plan_id = (select id from newest) and d.sha256 = (select sha256 from newest) and d.decision = 'approved') as approved
	from cases c where c.id = :case_id`

// Steps reads where a case stands in the six steps.
func Steps(tx *pg.Tx, caseID access.CaseID) ([]Step, error) {
	f, err := pg.Get[facts](tx, factsQuery, pg.Args{"case_id": caseID})
	if err != nil {
		return nil, err
	}
	return stepsOf(f), nil
}

// stepsOf applies the exit gates to the facts.
func stepsOf(f facts) []Step {
	gates := [6]gate{
		{on: f.DecidedOn, asks: []ask{
			{"eligibility", f.EligibleOn},
			{"notice", f.NoticeOn},
			{"school_completion", f.SchoolOn},
			{"foundational", f.FoundationalOn},
			{"work_readiness", f.ReadinessOn},
			{"support_needs", f.SupportOn},
			{"english", f.EnglishOn},
		}},
		{on: f.ReviewedOn, asks: []ask{{"interests", f.InterestOn}, {"snapshot", f.SnapshotOn}, {"review", f.ReviewedOn}}},
		{on: f.SelectedOn, asks: []ask{{"selection", f.SelectedOn}}},
		{asks: []ask{{"goal_immediate", f.ImmediateOn}, {"goal_mid", f.MidOn}, {"goal_long", f.LongOn}}},
		{on: cmp.Or(f.FirstSignedOn, f.FirstInForceOn), asks: []ask{{planMissing(f), f.InForceOn}}},
		{on: f.OutcomesOn, asks: []ask{{"outcomes", f.OutcomesOn}}},
	}
	steps := make([]Step, len(gates))
	here := 0
	for i, g := range gates {
		s := Step{Number: i + 1, Key: StepKeys[i], State: "later", Missing: []string{}}
		done := g.on
		for _, a := range g.asks {
			if a.on.IsZero() {
				s.Missing = append(s.Missing, a.code)
			}
			if i < 4 {
				done = civil.Later(done, a.on)
			}
		}
		switch {
		case len(s.Missing) == 0:
			s.State, s.DoneOn = "done", done
		case here == 0:
			here, s.State = s.Number, "here"
		}
		steps[i] = s
	}
	return steps
}

type gate struct {
	on   civil.Date
	asks []ask
}

type ask struct {
	code string
	on   civil.Date
}

// planMissing says what the plan waits for.
func planMissing(f facts) string {
	switch {
	case f.PlanState == "" || f.PlanState == "draft" || f.PlanState == "returned":
		return "plan_draft"
	case !f.SignedPerson:
		return "plan_participant_signature"
	case !f.SignedStaff:
		return "plan_staff_signature"
	}
	return "plan_approval"
}

// here is the number of the step that the case stands at.
func here(steps []Step) int {
	for _, s := range steps {
		if s.State == "here" {
			return s.Number
		}
	}
	return len(steps)
}
