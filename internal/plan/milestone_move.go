package plan

import (
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// MovedDate is one milestone that moved, and from when to when.
type MovedDate struct {
	Key  string     `json:"key"`
	From civil.Date `json:"from"`
	To   civil.Date `json:"to"`
}

func movedDates(list []Moved) []MovedDate {
	dates := make([]MovedDate, len(list))
	for i, m := range list {
		dates[i] = MovedDate{m.Key, m.From, m.To}
	}
	return dates
}

// reviseMilestone changes rows of a draft.
func reviseMilestone(tx *pg.Tx, by access.Actor, p Plan, was Milestone, in MilestoneInput) ([]MovedDate, error) {
	goals, err := goal.Of(tx, p.CaseID)
	if err != nil {
		return nil, err
	}
	if in.Key != was.Key {
		return nil, errs.At("key", "fixed")
	}
	if in.StartsOn == was.StartsOn && !in.StartsOn.IsZero() && in.DueOn != was.DueOn {
		in.StartsOn = in.StartsOn.AddDays(in.DueOn.DaysSince(was.DueOn)) // a move takes the start along
	}
	if err := in.fits(p, goals); err != nil {
		return nil, err
	}
	place := slices.IndexFunc(p.Milestones, func(m Milestone) bool { return m.Key == was.Key })
	revised := was.with(in)
	revised.DueOn = was.DueOn
	p.Milestones = slices.Clone(p.Milestones)
	p.Milestones[place] = revised
	after, moved, err := Move(p.dated(), was.Key, in.DueOn)
	if err != nil {
		return nil, atDue(err)
	}
	for i, m := range p.Milestones {
		m.StartsOn, m.DueOn = after[i].Starts, after[i].Due
		if i == place {
			m.StartsOn, m.DueOn = in.StartsOn, in.DueOn
		}
		if i != place && !slices.ContainsFunc(moved, func(d Moved) bool { return d.Key == m.Key }) {
			continue
		}
		if err := updateMilestone(tx, by, p, m); err != nil {
			return nil, err
		}
	}
	return movedDates(moved), nil
}

// atDue names the field of the form in what the rules say about milestones.
func atDue(err error) error {
	var c errs.Collector
	if rest := c.Merge(err); rest != nil {
		return rest
	}
	var named errs.Collector
	for _, f := range fieldsOf(c.Err()) {
		if strings.HasPrefix(f.Name, "milestones.") {
			f.Name = "depends_on"
		}
		named.AddArgs(f.Name, f.Code, f.Args)
	}
	return named.Err()
}

// adjustDate moves dates beside the signed version, with a reason, and leaves it in force. What
// goes further needs a new version (decisions.md "Signatures").
func adjustDate(tx *pg.Tx, by access.Actor, p Plan, was Milestone, in MilestoneInput, checkIn id.Of[CheckIn]) ([]MovedDate, error) {
	if !in.sameBut(was.Input()) || in.StartsOn != was.StartsOn {
		return nil, newVersion(p, "milestone")
	}
	if in.DueOn == was.DueOn {
		return []MovedDate{}, nil
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, errs.At("reason", "required")
	}
	after, moved, err := Move(p.dated(), was.Key, in.DueOn)
	if err != nil {
		return nil, atDue(err)
	}
	if err := p.withinSigned(after); err != nil {
		return nil, err
	}
	if err := moveDates(tx, by, p, after, moved); err != nil {
		return nil, err
	}
	agreed := in.AgreedBy
	if agreed == "" {
		agreed = "both"
	}
	return movedDates(moved), Adjust(tx, by, p, Adjustment{
		Kind: "timeline", Reason: strings.TrimSpace(in.Reason), AgreedBy: agreed,
		Detail: map[string]any{"moved": movedDates(moved)}, MadeOn: by.Today(tx.Now), CheckIn: checkIn,
	})
}

// withinSigned holds moved dates against the version that was signed: none further than 30 days
// from what was signed, the end of the plan neither, the order kept.
func (p Plan) withinSigned(after []Dated) error {
	for i, m := range p.Milestones {
		if abs(int64(after[i].Due.DaysSince(m.SignedDueOn))) > FreeEndDays {
			return newVersion(p, "date")
		}
	}
	signed := Terms{Ends: p.EndOn}
	now := Terms{Ends: civil.Later(p.EndOn, End(after, p.serviceEnds()))}
	if reasons := NeedsNewVersion(signed, now); len(reasons) > 0 {
		return newVersion(p, reasons...)
	}
	var c errs.Collector
	for _, err := range []error{CheckOrder(after), Inside(after, p.StartOn, now.Ends)} {
		if err := c.Merge(err); err != nil {
			return err
		}
	}
	var named errs.Collector
	for _, f := range fieldsOf(c.Err()) {
		if f.Code == "done_before_predecessor" { // what happened in another order is no fault of a date
			continue
		}
		named.AddArgs("due_on", f.Code, p.titled(f).Args)
	}
	return named.Err()
}

func newVersion(p Plan, reasons ...string) error {
	return errs.New(errs.Conflict, "plan.version_needed").Showing(map[string]any{"number": p.Number, "state": p.State, "reasons": reasons})
}
