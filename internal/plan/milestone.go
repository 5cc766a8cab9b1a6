package plan

import (
	"context"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// MilestoneInput is a milestone as entered. Reason and agreed_by are for moving one of a plan in force.
type MilestoneInput struct {
	Key           string     `json:"key" validate:"max=40"`
	Kind          string     `json:"kind" validate:"omitempty,oneof=assessment enroll training midterm term_end exam credential placement review custom"`
	Title         string     `json:"title" validate:"required,max=200"`
	TitleES       string     `json:"title_es" validate:"max=200"`
	Place         string     `json:"place" validate:"max=200"`
	GoalID        goal.ID    `json:"goal_id"`
	StartsOn      civil.Date `json:"starts_on"`
	DueOn         civil.Date `json:"due_on" validate:"required"`
	ToleranceDays int        `json:"tolerance_days" validate:"gte=0,lte=60"`
	Evidence      string     `json:"evidence" validate:"max=500"`
	DependsOn     []string   `json:"depends_on" validate:"max=20"`
	Weeks         int        `json:"weeks" validate:"gte=0,lte=520"`
	Sessions      int        `json:"sessions" validate:"gte=0,lte=1000"`
	Reason        string     `json:"reason" validate:"max=500"`
	AgreedBy      string     `json:"agreed_by" validate:"omitempty,oneof=participant case_manager both"`
}

// Input is the milestone as its form shows it; a change starts from it.
func (m Milestone) Input() MilestoneInput {
	return MilestoneInput{
		Key: m.Key, Kind: m.Kind, Title: m.Title, TitleES: m.TitleES, Place: m.Place, GoalID: m.GoalID, StartsOn: m.StartsOn, DueOn: m.DueOn,
		ToleranceDays: m.ToleranceDays, Evidence: m.Evidence, DependsOn: m.DependsOn, Weeks: m.Weeks, Sessions: m.Sessions,
	}
}

// with puts the answers into the milestone; key, status and progress stay.
func (m Milestone) with(in MilestoneInput) Milestone {
	m.Kind, m.Title, m.TitleES, m.Place, m.GoalID = in.Kind, strings.TrimSpace(in.Title), in.TitleES, in.Place, in.GoalID
	m.StartsOn, m.DueOn, m.ToleranceDays, m.Evidence, m.DependsOn = in.StartsOn, in.DueOn, in.ToleranceDays, in.Evidence, in.DependsOn
	m.Weeks, m.Sessions = in.Weeks, in.Sessions
	if m.Kind == "" {
		m.Kind = "custom"
	}
	return m
}

// sameBut reports that two inputs differ in their dates alone.
func (in MilestoneInput) sameBut(was MilestoneInput) bool {
	return slices.Equal(in.DependsOn, was.DependsOn) && in.Key == was.Key && in.Kind == was.Kind && in.Title == was.Title && in.TitleES == was.TitleES &&
		in.Place == was.Place && in.GoalID == was.GoalID && in.ToleranceDays == was.ToleranceDays && in.Evidence == was.Evidence &&
		in.Weeks == was.Weeks && in.Sessions == was.Sessions
}

// fits refuses a milestone that cannot stand beside the others: dates in the wrong order, a key
// that is no key, a goal or a predecessor that is not there.
func (in MilestoneInput) fits(p Plan, goals []goal.Goal) error {
	var c errs.Collector
	if !in.StartsOn.IsZero() && in.DueOn.Before(in.StartsOn) {
		c.Add("due_on", "before_start")
	}
	if strings.Trim(in.Key, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		c.Add("key", "value")
	}
	for _, k := range in.DependsOn {
		if _, ok := p.Milestone(k); !ok || k == in.Key {
			c.AddArgs("depends_on", "depends_on_unknown", map[string]any{"key": k})
		}
	}
	if !in.GoalID.IsZero() && !slices.ContainsFunc(goals, func(g goal.Goal) bool { return g.ID == in.GoalID }) {
		c.Add("goal_id", "unknown_goal")
	}
	return c.Err()
}

// ChangedMilestone is the answer to a changed milestone: how it stands, and what moved with it.
type ChangedMilestone struct {
	Milestone
	Moved      []MovedDate `json:"moved"`
	Adjustment bool        `json:"adjustment"`
	Version    int         `json:"version"`
}

// AddMilestone puts a milestone into the version being worked on.
func (s *Service) AddMilestone(ctx context.Context, by access.Actor, caseID access.CaseID, in MilestoneInput) (m Milestone, p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return m, p, err
	}
	p, err = s.change(ctx, by, caseID, adding, "plan.milestone_added", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
		goals, err := goal.Of(tx, caseID)
		if err != nil {
			return audit.Entry{}, err
		}
		if err := in.fits(*was, goals); err != nil {
			return audit.Entry{}, err
		}
		m = Milestone{ID: id.New[MilestoneRow](), Key: in.Key, Position: len(was.Milestones) + 1, Status: "not_started"}.with(in)
		if m.Key == "" {
			m.Key = nextKey(was.Milestones, m.Kind)
		}
		if _, taken := was.Milestone(m.Key); taken {
			return audit.Entry{}, errs.AtArgs("key", "key_repeated", map[string]any{"title": m.Title})
		}
		return audit.Entry{Subject: m.ID.String(), Detail: map[string]any{"key": m.Key}}, insertMilestone(tx, by, *was, m)
	})
	if err == nil {
		m, _ = p.AsOf(by.Today(s.db.Now())).Milestone(m.Key)
	}
	return m, p, err
}

// ChangeMilestone changes one milestone of the version being worked on, else moves one of the
// version in force. Its dependants move along by as many days, and the answer says which.
func (s *Service) ChangeMilestone(ctx context.Context, by access.Actor, caseID access.CaseID, ref string, version int, edit func(*MilestoneInput) error) (ChangedMilestone, error) {
	var out ChangedMilestone
	err := s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		p, was, err := milestoneOf(tx, c.ID, ref)
		if err != nil {
			return err
		}
		if err := p.check(version); err != nil {
			return err
		}
		in := was.Input()
		if err := edit(&in); err != nil {
			return err
		}
		if err := check.Struct(in); err != nil {
			return err
		}
		switch {
		case p.State == InForce:
			out.Adjustment = true
			out.Moved, err = adjustDate(tx, by, p, was, in, id.Of[CheckIn]{})
		default:
			if err := p.editable(); err != nil {
				return err
			}
			if err := writtenBy(tx, by, p); err != nil {
				return err
			}
			out.Moved, err = reviseMilestone(tx, by, p, was, in)
		}
		if err != nil {
			return err
		}
		if err := updateHeader(tx, by, p); err != nil {
			return err
		}
		if p, _, err = Numbered(tx, c.ID, p.Number); err != nil {
			return err
		}
		out.Version = p.Version
		out.Milestone, _ = p.AsOf(by.Today(tx.Now)).Milestone(was.Key)
		return audit.Append(tx, by, audit.Entry{Action: "plan.milestone_changed", Case: c.ID, Subject: was.ID.String(), Detail: map[string]any{"key": was.Key, "moved": len(out.Moved)}})
	})
	return out, err
}

// milestoneOf finds a milestone in the version being worked on, else in the one in force. An id
// names its version; a key means the version being worked on if there is one.
func milestoneOf(tx *pg.Tx, caseID access.CaseID, ref string) (Plan, Milestone, error) {
	for _, find := range []func(*pg.Tx, access.CaseID) (Plan, bool, error){Open, Current} {
		p, found, err := find(tx, caseID)
		if err != nil {
			return p, Milestone{}, err
		}
		if m, ok := p.Milestone(ref); found && ok {
			return p, m, nil
		}
	}
	return Plan{}, Milestone{}, errs.New(errs.NotFound, "not_found")
}

// RemoveMilestone takes a milestone out of a draft; what waited for it no longer does.
func (s *Service) RemoveMilestone(ctx context.Context, by access.Actor, caseID access.CaseID, ref string, version int) (Plan, error) {
	return s.change(ctx, by, caseID, version, "plan.milestone_removed", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
		m, ok := was.Milestone(ref)
		if !ok {
			return audit.Entry{}, errs.New(errs.NotFound, "not_found")
		}
		return audit.Entry{Subject: m.ID.String(), Detail: map[string]any{"key": m.Key}}, deleteMilestone(tx, *was, m)
	})
}
