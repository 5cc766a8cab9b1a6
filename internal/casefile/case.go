// Package casefile is the case: one enrolment episode of a participant, where it stands in the
// six steps, and who works on it. Every record of the other packages hangs under a case.
package casefile

import (
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// State of a case; domain.md 1.0.
type State string

// The states in the order of the work.
const (
	Inquiry     State = "inquiry"
	Applicant   State = "applicant"
	Eligible    State = "eligible"
	Ineligible  State = "ineligible"
	Participant State = "participant"
	Planned     State = "planned"
	Active      State = "active"
	Hold        State = "hold"
	Exited      State = "exited"
	FollowUp    State = "follow_up"
	Closed      State = "closed"
)

// Open reports whether work goes on.
func (s State) Open() bool {
	return s != Ineligible && s != Exited && s != FollowUp && s != Closed
}

// Case is the case with the core of its participant: what a list or a heading shows.
type Case struct {
	ID             access.CaseID        `db:"id" json:"id"`
	ParticipantID  access.ParticipantID `db:"participant_id" json:"participant_id"`
	PreviousCaseID access.CaseID        `db:"previous_case_id" json:"previous_case_id"`
	Number         string               `db:"number" json:"number"`
	FirstName      string               `db:"first_name" json:"first_name"`
	LastName       string               `db:"last_name" json:"last_name"`
	PreferredName  string               `db:"preferred_name" json:"preferred_name"`
	Language       string               `db:"language" json:"language"`
	Interpreter    bool                 `db:"interpreter" json:"interpreter"`
	Phone          string               `db:"phone" json:"phone"`
	TextsOK        bool                 `db:"texts_ok" json:"texts_ok"`
	OfficeID       access.OfficeID      `db:"office_id" json:"office_id"`
	OfficeName     string               `db:"office_name" json:"office_name"`
	CaseManagerID  access.UserID        `db:"case_manager_id" json:"case_manager_id"`
	CaseManager    string               `db:"case_manager" json:"case_manager"`
	State          State                `db:"state" json:"state"`
	Step           int                  `db:"step" json:"step"`
	StepSince      civil.Date           `db:"step_since" json:"step_since"`
	Programs       pg.Strings           `db:"programs" json:"programs"`
	OpenedOn       civil.Date           `db:"opened_on" json:"opened_on"`
	PathwayCode    string               `db:"pathway_code" json:"pathway_code"`
	AreaCode       string               `db:"area_code" json:"area_code"`
	PathwayStep    *int                 `db:"pathway_step" json:"pathway_step"`
	NextOn         civil.Date           `db:"next_on" json:"next_on"`
	NextAt         civil.Clock          `db:"next_at" json:"next_at"`
	NextKind       string               `db:"next_kind" json:"next_kind"`
	NextPlace      string               `db:"next_place" json:"next_place"`
	LastContactOn  civil.Date           `db:"last_contact_on" json:"last_contact_on"`
	LastReachedOn  civil.Date           `db:"last_reached_on" json:"last_reached_on"`
	Unanswered     int                  `db:"unanswered" json:"unanswered"`
	MilestoneKey   string               `db:"milestone_key" json:"milestone_key"`
	Milestone      string               `db:"milestone_title" json:"milestone_title"`
	MilestoneDueOn civil.Date           `db:"milestone_due_on" json:"milestone_due_on"`
	// MilestoneLateOn is the first day on which it is late: after its due date and its tolerance.
	MilestoneLateOn civil.Date `db:"milestone_late_on" json:"milestone_late_on"`
	MilestonesDone  int        `db:"milestones_done" json:"milestones_done"`
	Milestones      int        `db:"milestones_total" json:"milestones_total"`
	ProgressOn      civil.Date `db:"progress_on" json:"progress_on"`
	PlanState       string     `db:"plan_state" json:"plan_state"`
	PlanWaiting     *time.Time `db:"plan_waiting_since" json:"plan_waiting_since"`
	PlanReturnedOn  civil.Date `db:"plan_returned_on" json:"plan_returned_on"`
	PlanUnsignedOn  civil.Date `db:"plan_unsigned_on" json:"plan_unsigned_on"`
	StartedOn       civil.Date `db:"started_on" json:"started_on"`
	LastQualifying  civil.Date `db:"last_qualifying_on" json:"last_qualifying_on"`
	HeldUntil       civil.Date `db:"held_until" json:"held_until"`
	RunningUntil    civil.Date `db:"running_until" json:"running_until"`
	ProofOn         civil.Date `db:"proof_on" json:"proof_on"`
	PaperExpiresOn  civil.Date `db:"paper_expires_on" json:"paper_expires_on"`
	PaperKind       string     `db:"paper_kind" json:"paper_kind"`
	PermitUntil     civil.Date `db:"permit_until" json:"permit_until"`
	SupportEndsOn   civil.Date `db:"support_ends_on" json:"support_ends_on"`
	SupportWhat     string     `db:"support_what" json:"support_what"`
	NoticeGivenOn   civil.Date `db:"notice_given_on" json:"notice_given_on"`
	PausedOn        civil.Date `db:"paused_on" json:"paused_on"`
	PausedUntil     civil.Date `db:"paused_until" json:"paused_until"`
	LeftOn          civil.Date `db:"left_on" json:"left_on"`
	LeftReason      string     `db:"left_reason" json:"left_reason"`
	ResumeStep      *int       `db:"resume_step" json:"resume_step"`
	ExitOn          civil.Date `db:"exit_on" json:"exit_on"`
	Version         int        `db:"version" json:"version"`
	CreatedAt       time.Time  `db:"created_at" json:"created_at"`
	UpdatedAt       time.Time  `db:"updated_at" json:"updated_at"`
}

// Name is what staff call the person: the preferred first name if there is one.
func (c Case) Name() string { return c.First() + " " + c.LastName }

// First is the name to say.
func (c Case) First() string {
	if c.PreferredName != "" {
		return c.PreferredName
	}
	return c.FirstName
}

// Open reports whether work goes on.
func (c Case) Open() bool { return c.State.Open() }

// TakesIntake reports whether step 1 may still be written: also of somebody found not eligible, who may yet be
// found eligible.
func (c Case) TakesIntake() bool { return c.Open() || c.State == Ineligible }

// LineColumns of a Case are what a line of a list says of it and what its flags are derived from; the query joins
// participants p to cases c. Dates come as numbers of days: to write and read them as text took a list longer than
// to find its rows.
var LineColumns = `c.id, p.number, p.first_name, p.last_name, p.preferred_name, p.language, c.state, c.step, c.pathway_code, c.area_code, c.next_at, c.next_kind,
	c.unanswered, c.milestone_title, c.plan_state, c.plan_waiting_since, c.paper_kind, c.support_what` +
	days(
		"step_since", "opened_on", "next_on", "last_contact_on", "last_reached_on", "milestone_due_on", "milestone_late_on", "progress_on",
		"plan_returned_on", "plan_unsigned_on", "started_on", "last_qualifying_on", "held_until", "running_until", "proof_on", "paper_expires_on",
		"permit_until", "support_ends_on", "paused_on", "paused_until", "left_on", "exit_on",
	)

// Columns of a Case are all of it; the query joins users u and offices o besides.
var Columns = LineColumns + `, c.participant_id, c.previous_case_id, p.interpreter, p.phone, p.texts_ok, c.office_id, o.name as office_name, c.case_manager_id, ` + Manager + `,
	c.programs, c.pathway_step, c.next_place, c.milestone_key, c.milestones_done, c.milestones_total, c.left_reason, c.resume_step, c.version, c.created_at, c.updated_at` +
	days("notice_given_on")

// Manager is the column of the case manager's name.
const Manager = `u.first_name || ' ' || u.last_name as case_manager`

func days(columns ...string) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(", c." + c + " - date '1970-01-01' as " + c)
	}
	return b.String()
}

// From is the join that Columns needs.
const From = `cases c` + Beside

// Beside is that join without the cases.
const Beside = `
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
	join offices o on o.agency_id = c.agency_id and o.id = c.office_id`

// Held is the SQL of the cases that somebody has to hold on :today: those in which work goes on, and those of
// people who left and are still followed up.
const Held = `(` + OpenStates + ` or c.exit_on > cast(:today as date) - 730 and app.followed_up(c.agency_id, c.id, c.exit_on, :today))`

// OpenStates is the SQL list of states in which work goes on; it matches the partial indexes.
const OpenStates = `c.state not in ('ineligible', 'exited', 'follow_up', 'closed')`
