package plan

import (
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// VersionRow, MilestoneRow, ScanRow and LineRow are the phantom types of ids.
type (
	VersionRow   struct{}
	MilestoneRow struct{}
	ScanRow      struct{}
	LineRow      struct{}
)

// ID names one version of a plan, MilestoneID one milestone of a version, LineID one line of it, ScanID the
// paper of the case that shows a signature on paper.
type (
	ID          = id.Of[VersionRow]
	MilestoneID = id.Of[MilestoneRow]
	LineID      = id.Of[LineRow]
	ScanID      = id.Of[ScanRow]
)

// State of a version.
type State string

// The states of a version. A returned one may be changed like a draft.
const (
	Draft      State = "draft"
	Submitted  State = "submitted"
	Returned   State = "returned"
	InForce    State = "in_force"
	Superseded State = "superseded"
	Withdrawn  State = "withdrawn"
)

// Editable reports that the parts of the version may still change.
func (s State) Editable() bool { return s == Draft || s == Returned }

// Open reports a version that is not yet in force.
func (s State) Open() bool { return s.Editable() || s == Submitted }

// Kinds of a plan: individual employment plan, individual service strategy (youth).
var Kinds = []string{"iep", "iss"}

// Plan is one version of a case's plan with all its parts.
type Plan struct {
	ID              ID            `db:"id" json:"id"`
	CaseID          access.CaseID `db:"case_id" json:"case_id"`
	Number          int           `db:"number" json:"number"`
	State           State         `db:"state" json:"state"`
	Kind            string        `db:"kind" json:"kind"`
	StartOn         civil.Date    `db:"start_on" json:"start_on"`
	EndOn           civil.Date    `db:"end_on" json:"end_on"`
	PathwayCode     string        `db:"pathway_code" json:"pathway_code"`
	PathwayVersion  int           `db:"pathway_version" json:"pathway_version"`
	AreaCode        string        `db:"area_code" json:"area_code"`
	EntryStep       int           `db:"entry_step" json:"entry_step"`
	TargetStep      int           `db:"target_step" json:"target_step"`
	RhythmDays      int           `db:"rhythm_days" json:"rhythm_days"`
	ParticipantDoes pg.Strings    `db:"participant_does" json:"participant_does"`
	AgencyDoes      pg.Strings    `db:"agency_does" json:"agency_does"`
	IfIStop         string        `db:"if_i_stop" json:"if_i_stop"`
	ApprovalNeeded  bool          `db:"approval_needed" json:"approval_needed"`
	ChangeReason    string        `db:"change_reason" json:"change_reason"`
	AuthorID        access.UserID `db:"author_id" json:"author_id"`
	Author          string        `db:"author" json:"author"`
	// Writers had a hand in the version, Approvers approved a document of it; nobody is both.
	Writers      pg.Strings `db:"writers" json:"-"`
	Approvers    pg.Strings `db:"approvers" json:"-"`
	DocumentLang string     `db:"document_lang" json:"document_lang"`
	SHA256       string     `db:"sha256" json:"sha256"`
	FrozenAt     *time.Time `db:"frozen_at" json:"frozen_at"`
	InForceOn    civil.Date `db:"in_force_on" json:"in_force_on"`
	// OpenNumber is the version being worked on beside this one; 0 for none.
	OpenNumber int       `db:"open_number" json:"open_version"`
	Version    int       `db:"version" json:"version"`
	CreatedAt  time.Time `db:"created_at" json:"created_at"`
	UpdatedAt  time.Time `db:"updated_at" json:"updated_at"`

	Milestones []Milestone `db:"-" json:"milestones"`
	Lines      []Line      `db:"-" json:"lines"`
	Totals     Totals      `db:"-" json:"totals"`
	Signatures []Signature `db:"-" json:"signatures"`
	Decisions  []Decision  `db:"-" json:"decisions"`
}

// LineKinds and LineStates are the codes of a line.
var (
	LineKinds  = []string{"training", "service", "support"}
	LineStates = []string{"planned", "not_needed", "paid"}
)

// AsOf marks the milestones that are overdue on a day.
func (p Plan) AsOf(today civil.Date) Plan {
	p.Milestones = slices.Clone(p.Milestones)
	for i, m := range p.Milestones {
		p.Milestones[i].Overdue = m.dated().Overdue(today)
	}
	return p
}

// Signed finds the mark of a role on the document as it is now.
func (p Plan) Signed(role string) (Signature, bool) {
	for _, s := range p.Signatures {
		if s.Role == role && !s.Void {
			return s, true
		}
	}
	return Signature{}, false
}

// altered reports that a mark is no longer what was kept of it.
func (p Plan) altered() bool {
	return slices.ContainsFunc(p.Signatures, func(s Signature) bool { return s.Altered }) ||
		slices.ContainsFunc(p.Decisions, func(d Decision) bool { return d.Altered })
}

// Approved finds the approval of the document as it is now.
func (p Plan) Approved() (Decision, bool) {
	for _, d := range p.Decisions {
		if d.Decision == "approved" && !d.Void {
			return d, true
		}
	}
	return Decision{}, false
}

// ApprovedOn is the day of the approval; zero when there is none.
func (p Plan) ApprovedOn() civil.Date {
	d, _ := p.Approved()
	return d.DecidedOn
}

// SignedOn is the day of the last signature.
func (p Plan) SignedOn() (on civil.Date) {
	for _, s := range p.Signatures {
		if !s.Void {
			on = civil.Later(on, s.SignedOn)
		}
	}
	return on
}

// ReturnedFor is the newest decision when it was to return the plan.
func (p Plan) ReturnedFor() (Decision, bool) {
	if p.State != Returned || len(p.Decisions) == 0 {
		return Decision{}, false
	}
	return p.Decisions[0], p.Decisions[0].Decision == "returned"
}

func (p Plan) serviceEnds() []civil.Date {
	var ends []civil.Date
	for _, l := range p.Lines {
		if l.State != "not_needed" {
			ends = append(ends, l.EndsOn)
		}
	}
	return ends
}

// sums adds up what is still wanted.
func (p Plan) sums() Totals {
	t := Totals{ByFunding: map[string]money.Cents{}}
	for _, l := range p.Lines {
		if l.State == "not_needed" {
			continue
		}
		t.Cost += l.Cost
		switch l.Kind {
		case "training":
			t.Training += l.Cost
		case "support":
			t.Supports += l.Cost
		}
		if l.Cost > 0 {
			t.ByFunding[l.Funding] += l.Cost
		}
	}
	for _, m := range p.Milestones {
		if m.Status == "done" {
			t.Done++
		}
		if m.Status != "dropped" {
			t.Count++
		}
	}
	return t
}

// needsApproval holds the version against the agency's rule: every plan, training that costs
// something, or none.
func (p Plan) needsApproval(rule string) bool {
	switch rule {
	case agency.ApproveAlways:
		return true
	case agency.ApproveNone:
		return false
	}
	return slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Kind == "training" && l.Cost > 0 && l.State != "not_needed" })
}

// adding is the version of a change that only adds and so writes over nothing.
const adding = -1

// check refuses a version number that has moved on.
func (p Plan) check(version int) error {
	if version != adding && version != p.Version {
		return errs.New(errs.Conflict, "version").Showing(map[string]any{"version": p.Version})
	}
	return nil
}

// editable refuses to change the parts of a version that is signed or being signed.
func (p Plan) editable() error {
	switch {
	case p.State.Editable():
		return nil
	case p.State == Submitted:
		return errs.New(errs.Conflict, "plan.frozen").Showing(map[string]any{"number": p.Number, "state": p.State})
	}
	return errs.New(errs.Conflict, "plan.version_needed").Showing(map[string]any{"number": p.Number, "state": p.State, "reasons": []string{"signed"}})
}
