package plan

import (
	"cmp"
	"slices"
	"time"

	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

// Milestone is one dated step of the plan, with where it stands now.
type Milestone struct {
	ID            MilestoneID  `db:"id" json:"id"`
	Key           string       `db:"key" json:"key"`
	Position      int          `db:"position" json:"position"`
	Kind          string       `db:"kind" json:"kind"`
	Title         string       `db:"title" json:"title"`
	TitleES       string       `db:"title_es" json:"title_es"`
	Place         string       `db:"place" json:"place"`
	GoalID        goal.ID      `db:"goal_id" json:"goal_id"`
	GoalHorizon   goal.Horizon `db:"goal_horizon" json:"goal_horizon"`
	StartsOn      civil.Date   `db:"starts_on" json:"starts_on"`
	DueOn         civil.Date   `db:"due_on" json:"due_on"`
	ToleranceDays int          `db:"tolerance_days" json:"tolerance_days"`
	Evidence      string       `db:"evidence" json:"evidence"`
	DependsOn     pg.Strings   `db:"depends_on" json:"depends_on"`
	Weeks         int          `db:"weeks" json:"weeks"`
	Sessions      int          `db:"sessions" json:"sessions"`
	// SignedDueOn is the date of the version itself; DueOn differs once an adjustment moved it.
	SignedDueOn civil.Date `db:"signed_due_on" json:"signed_due_on"`
	Status      string     `db:"status" json:"status"`
	DoneOn      civil.Date `db:"done_on" json:"done_on"`
	Percent     *int       `db:"percent" json:"percent"`
	Attended    *int       `db:"attended" json:"attended"`
	Note        string     `db:"note" json:"note"`
	Overdue     bool       `db:"-" json:"overdue"`
}

// MilestoneKinds in the order of a form.
var MilestoneKinds = []string{"assessment", "enroll", "training", "midterm", "term_end", "exam", "credential", "placement", "review", "custom"}

// Statuses of a milestone.
var Statuses = []string{"not_started", "in_progress", "behind", "done", "dropped"}

// closed reports that nothing is left to do for it.
func (m Milestone) closed() bool { return m.Status == "done" || m.Status == "dropped" }

// In is the title in a language.
func (m Milestone) In(lang string) string {
	if lang == "es" {
		return cmp.Or(m.TitleES, m.Title)
	}
	return m.Title
}

// Said is In with the language that the title is in.
func (m Milestone) Said(lang string) msg.Said {
	if lang == "es" && m.TitleES != "" {
		return msg.Said{Text: m.TitleES, Lang: "es"}
	}
	return msg.Said{Text: m.Title, Lang: "en"}
}

func (m Milestone) dated() Dated {
	return Dated{Key: m.Key, Starts: m.StartsOn, Due: m.DueOn, DependsOn: m.DependsOn, ToleranceDays: m.ToleranceDays, Done: m.closed()}
}

// Line is a service, a training or a support of the plan with what it costs and who pays.
type Line struct {
	ID           LineID      `db:"id" json:"id"`
	Kind         string      `db:"kind" json:"kind"`
	Need         string      `db:"need" json:"need"`
	What         string      `db:"what" json:"what"`
	WhatES       string      `db:"what_es" json:"what_es"`
	Provider     string      `db:"provider" json:"provider"`
	ServiceCode  string      `db:"service_code" json:"service_code"`
	StartsOn     civil.Date  `db:"starts_on" json:"starts_on"`
	EndsOn       civil.Date  `db:"ends_on" json:"ends_on"`
	Cost         money.Cents `db:"cost_cents" json:"cost_cents"`
	Funding      string      `db:"funding" json:"funding"`
	MilestoneKey string      `db:"milestone_key" json:"milestone_key"`
	State        string      `db:"state" json:"state"`
	PaidOn       civil.Date  `db:"paid_on" json:"paid_on"`
}

// Undecided is the funding of a cost that nobody has taken on yet. A plan is not sent with it.
const Undecided = "to_decide"

// Fundings are the sources with words of their own; any other text may be entered by the API.
var Fundings = []string{Undecided, "wioa_adult", "wioa_dislocated_worker", "wioa_youth", "adult_education", "pell", "state_grant", "employer", "partner", "participant", "free"}

// In is what the line says in a language.
func (l Line) In(lang string) string {
	if lang == "es" {
		return cmp.Or(l.WhatES, l.What)
	}
	return l.What
}

// Totals are the sums of the lines that are still wanted.
type Totals struct {
	Cost      money.Cents            `json:"cost_cents"`
	Training  money.Cents            `json:"training_cents"`
	Supports  money.Cents            `json:"supports_cents"`
	ByFunding map[string]money.Cents `json:"by_funding"`
	Done      int                    `json:"milestones_done"`
	Count     int                    `json:"milestones"`
}

// Signature is one mark on one document.
type Signature struct {
	Role     string     `db:"role" json:"role"`
	Name     string     `db:"name" json:"name"`
	Method   string     `db:"method" json:"method"`
	SignedOn civil.Date `db:"signed_on" json:"signed_on"`
	SignedAt time.Time  `db:"signed_at" json:"signed_at"`
	SHA256   string     `db:"sha256" json:"sha256"`
	Witness  string     `db:"witness" json:"witness"`
	// Auth is how the signer proved who they are; Consent which words about electronic records they agreed to.
	Auth    string `db:"auth" json:"auth"`
	Consent string `db:"consent_version" json:"consent_version"`
	IP      string `db:"ip" json:"-"`
	// Scan is the paper that a signature on paper stands on.
	Scan ScanID `db:"scan_id" json:"scan"`
	// Altered marks a signature that is no longer what was kept.
	Altered bool `db:"altered" json:"altered"`
	// Void marks a signature on an earlier document of the version.
	Void bool `db:"void" json:"void"`
}

// Decision is what a supervisor decided on one document.
type Decision struct {
	Decision  string     `db:"decision" json:"decision"`
	Comment   string     `db:"comment" json:"comment"`
	DecidedOn civil.Date `db:"decided_on" json:"decided_on"`
	DecidedAt time.Time  `db:"decided_at" json:"decided_at"`
	DecidedBy string     `db:"decided_by" json:"decided_by"`
	// Altered marks a decision that is no longer what was kept.
	Altered bool `db:"altered" json:"altered"`
	Void    bool `db:"void" json:"void"`
}

// Milestone finds one by key or id.
func (p Plan) Milestone(ref string) (Milestone, bool) {
	i := slices.IndexFunc(p.Milestones, func(m Milestone) bool { return m.Key == ref || m.ID.String() == ref })
	if i < 0 {
		return Milestone{}, false
	}
	return p.Milestones[i], true
}

// Line finds a line by id.
func (p Plan) Line(ref LineID) (Line, bool) {
	i := slices.IndexFunc(p.Lines, func(l Line) bool { return l.ID == ref })
	if i < 0 {
		return Line{}, false
	}
	return p.Lines[i], true
}

func (p Plan) dated() []Dated {
	list := make([]Dated, len(p.Milestones))
	for i, m := range p.Milestones {
		list[i] = m.dated()
	}
	return list
}
