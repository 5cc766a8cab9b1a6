package engagement

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/participation"
)

// Results of a try to talk with somebody.
const (
	Talked      = "talked"
	LeftMessage = "left_message"
	NoAnswer    = "no_answer"
	DidNotCome  = "did_not_come"
)

// Results and Methods, in the order in which the form offers them.
var (
	Results = []string{Talked, LeftMessage, NoAnswer, DidNotCome}
	Methods = []string{"phone", "in_person", "text", "video", "email"}
	Places  = []string{"office", "phone", "video", "text", "elsewhere"}
)

// CheckInID names a check-in.
type CheckInID = id.Of[CheckIn]

// CheckIn is one talk, or one try to talk, as it was written down.
type CheckIn struct {
	ID            CheckInID              `db:"id" json:"id"`
	CaseID        access.CaseID          `db:"case_id" json:"case_id"`
	HeldOn        civil.Date             `db:"held_on" json:"held_on"`
	Method        string                 `db:"method" json:"method"`
	Result        string                 `db:"result" json:"result"`
	Note          string                 `db:"note" json:"note"`
	Visibility    string                 `db:"visibility" json:"visibility"`
	NextOn        civil.Date             `db:"next_on" json:"next_on"`
	NextAt        civil.Clock            `db:"next_at" json:"next_at"`
	ServiceID     participation.RecordID `db:"service_id" json:"service_id"`
	ServiceCode   string                 `db:"service_code" json:"service_code"`
	AppointmentID AppointmentID          `db:"appointment_id" json:"-"`
	Supersedes    CheckInID              `db:"supersedes" json:"supersedes"`
	Withdrawn     bool                   `db:"withdrawn" json:"withdrawn"`
	Reason        string                 `db:"reason" json:"reason"`
	RecordedBy    string                 `db:"recorded_by" json:"recorded_by"`
	RecordedByID  access.UserID          `db:"recorded_by_id" json:"-"`
	CreatedAt     time.Time              `db:"recorded_at" json:"created_at"`
	// Live check-ins count; the others were corrected or undone.
	Live     bool       `db:"live" json:"live"`
	Progress []Progress `db:"-" json:"progress"`
	// Adjustment is the date that it moved; empty when it moved none.
	Adjustment AdjustmentInput `db:"adjustment" json:"adjustment"`
}

// Undoable says until when its writer may take a check-in back. A correction is corrected again instead.
func (k CheckIn) Undoable(by access.Actor, now time.Time) bool {
	return k.Live && k.Supersedes.IsZero() && k.RecordedByID == by.ID && now.Before(k.CreatedAt.Add(undoFor))
}

const undoFor = 10 * time.Minute

// Progress is what a check-in said about a milestone.
type Progress struct {
	CheckInID CheckInID  `db:"check_in_id" json:"-"`
	Key       string     `db:"key" json:"key"`
	Title     string     `db:"title" json:"title"`
	TitleES   string     `db:"title_es" json:"title_es"`
	Status    string     `db:"status" json:"status"`
	DoneOn    civil.Date `db:"done_on" json:"done_on"`
	Percent   *int       `db:"percent" json:"percent"`
	Attended  *int       `db:"attended" json:"attended"`
	Note      string     `db:"note" json:"note"`
}

// ProgressInput is what is said about one milestone of the plan in force.
type ProgressInput struct {
	Key      string     `json:"key" validate:"required,max=80"`
	Status   string     `json:"status" validate:"required,oneof=not_started in_progress behind done dropped"`
	Percent  *int       `json:"percent" validate:"omitempty,gte=0,lte=100"`
	Attended *int       `json:"attended" validate:"omitempty,gte=0,lte=1000"`
	DoneOn   civil.Date `json:"done_on"`
	Note     string     `json:"note" validate:"max=1000"`
}

// AdjustmentInput moves a milestone of the plan in force to another date.
type AdjustmentInput struct {
	Key    string     `db:"key" json:"key" validate:"max=80"`
	DueOn  civil.Date `db:"due_on" json:"due_on"`
	Reason string     `db:"reason" json:"reason" validate:"max=500"`
}

// same reports that two inputs move the same milestone to the same day.
func (in AdjustmentInput) same(o AdjustmentInput) bool {
	return in.Key != "" && in.Key == o.Key && in.DueOn == o.DueOn
}

// CheckInInput is what someone enters to record a check-in, in the form and in the JSON alike.
type CheckInInput struct {
	HeldOn      civil.Date      `json:"held_on"`
	Method      string          `json:"method" validate:"required,oneof=phone in_person text video email"`
	Result      string          `json:"result" validate:"required,oneof=talked left_message no_answer did_not_come"`
	Progress    []ProgressInput `json:"progress" validate:"max=50,dive"`
	Note        string          `json:"note" validate:"max=4000"`
	Visibility  string          `json:"visibility" validate:"omitempty,oneof=shared staff restricted"`
	NextOn      civil.Date      `json:"next_on"`
	NextAt      civil.Clock     `json:"next_at"`
	NextPlace   string          `json:"next_place" validate:"omitempty,oneof=office phone video text elsewhere"`
	ServiceCode string          `json:"service_code" validate:"max=10"`
	Adjustment  AdjustmentInput `json:"adjustment"`
	Supersedes  CheckInID       `json:"supersedes"`
	Reason      string          `json:"reason" validate:"max=1000"`
}

// Recorded is what recording a check-in did.
type Recorded struct {
	CheckIn
	Effect string               `json:"effect"`
	Clock  *participation.Clock `json:"exit_clock"`
}

// Milestone is one of the plan in force that is not done yet.
type Milestone struct {
	Key     string     `db:"key" json:"key"`
	Title   string     `db:"title" json:"title"`
	TitleES string     `db:"title_es" json:"title_es"`
	DueOn   civil.Date `db:"due_on" json:"due_on"`
	Status  string     `db:"status" json:"status"`
}

// In is its title in a language.
func (m Milestone) In(lang string) string {
	if lang == "es" && m.TitleES != "" {
		return m.TitleES
	}
	return m.Title
}

// In is the milestone's title in a language.
func (p Progress) In(lang string) string {
	return Milestone{Title: p.Title, TitleES: p.TitleES}.In(lang)
}

// Start is what the form of a check-in begins with: everything preset, so that saving is one click.
type Start struct {
	Case       casefile.Case
	In         CheckInInput
	Milestones []Milestone
	Rhythm     Rhythm
	Last       CheckIn
	HasLast    bool
}
