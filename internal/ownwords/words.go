// Package ownwords keeps what participants say about themselves, topic by topic, and the goals that
// they propose. Their words change nothing in the case until somebody who works on it accepts them;
// then the same rules and the same version check hold as for words that staff type.
package ownwords

import (
	"encoding/json"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// Kinds of what is said.
const (
	KindSection  = "section"
	KindSupports = "supports"
	KindGoal     = "goal"
)

// Topics that are no section of the intake record.
const (
	TopicNeeds = "needs"
	TopicGoal  = "goal"
)

// Topics are what a participant is asked about, one a page, in this order.
var Topics = []string{"about", "contact", "education", "work", "computer", "supports", TopicNeeds, "money"}

// Words are what somebody said of one topic, and what became of it.
type Words struct {
	ID        id.Of[Words]             `db:"id" json:"id"`
	CaseID    access.CaseID            `db:"case_id" json:"-"`
	Kind      string                   `db:"kind" json:"kind"`
	Topic     string                   `db:"topic" json:"topic"`
	Answers   pg.JSON[json.RawMessage] `db:"answers" json:"answers"`
	Language  string                   `db:"language" json:"language"`
	SaidAt    time.Time                `db:"said_at" json:"said_at"`
	Outcome   string                   `db:"outcome" json:"outcome"`
	Reason    string                   `db:"reason" json:"reason"`
	SettledBy string                   `db:"settled_by" json:"settled_by"`
	SettledAt *time.Time               `db:"settled_at" json:"settled_at"`
}

// Outcomes of words that no longer wait.
const (
	Accepted = "accepted"
	Declined = "declined"
	Replaced = "replaced"
)

// Waits reports that nobody has settled them.
func (w Words) Waits() bool { return w.SettledAt == nil }

// Goal is the goal that was proposed.
func (w Words) Goal() (in GoalInput) {
	_ = json.Unmarshal(w.Answers.V, &in) // kept by us: what does not read stays empty
	return in
}

// Needs are the answers to the support screen, by area.
func (w Words) Needs() map[string]int {
	var in NeedsInput
	_ = json.Unmarshal(w.Answers.V, &in) // kept by us: what does not read stays empty
	return in.said()
}

// GoalInput is a goal as a participant proposes it.
type GoalInput struct {
	Title     string      `json:"title" validate:"required,max=200"`
	TargetOn  civil.Date  `json:"target_on" validate:"required"`
	Pay       money.Cents `json:"pay_cents" validate:"gte=0,lte=100000"`
	Rationale string      `json:"rationale" validate:"max=1000"`
}

// input is the goal as staff would write it down, agreed today and only proposed.
func (in GoalInput) input(today civil.Date) goal.Input {
	g := goal.Input{
		Horizon: goal.HorizonOf(today, in.TargetOn), Title: in.Title, Pay: in.Pay, TargetOn: in.TargetOn, Rationale: in.Rationale,
		Owner: "participant", Status: goal.Proposed, AgreedOn: today,
	}
	if in.Pay > 0 {
		g.PayPer = "hour"
	}
	return g
}

// NeedsInput is the support screen as a participant answers it: how much help they need in an area.
type NeedsInput struct {
	Needs []NeedInput `json:"needs" validate:"max=20,dive"`
}

// NeedInput is one area; an empty severity was not answered.
type NeedInput struct {
	Area     string        `json:"area" validate:"required,max=40"`
	Severity intake.Figure `json:"severity" validate:"omitempty,oneof=0 1 2 3"`
}

func (in NeedsInput) said() map[string]int {
	said := map[string]int{}
	for _, n := range in.Needs {
		if s, ok := n.Severity.Int(); ok && slices.Contains(intake.SupportAreas, n.Area) {
			said[n.Area] = s
		}
	}
	return said
}

// Asked are the questions of a section that participants answer themselves. What staff have to see
// with their own eyes or to work out is not among them.
func Asked(name intake.Section) []string { return asked[name] }

var asked = map[intake.Section][]string{
	intake.SectionAbout:     {"preferred_name", "birth_date", "language", "interpreter", "work_authorized", "veteran", "eligible_spouse"},
	intake.SectionContact:   {"phone", "texts_ok", "safe_to_leave_message", "best_time", "email", "housing", "street", "city", "state", "zip"},
	intake.SectionEducation: {"education", "school_grade", "school_status", "earned_abroad", "english", "help_learn", "learning_goals"},
	intake.SectionWork:      {"employment", "unemployed_since", "uc_status", "laid_off", "needed_hourly", "jobs", "licences", "other_licences"},
	intake.SectionComputer:  {"device", "internet", "skill", "can", "wants_class"},
	intake.SectionSupports:  {"transport", "dependent_care", "schedule", "helpers", "accommodation"},
	intake.SectionMoney: {
		"household_size", "six_month_income", "single_parent", "pregnant_or_parenting", "displaced_homemaker", "homeless", "offender", "foster_care",
		"english_learner", "low_literacy", "cultural", "tanf_exhausting",
	},
}

// private are answers in free text: what staff have written there is not shown to the participant.
var private = []string{"learning_goals", "helpers", "accommodation"}
