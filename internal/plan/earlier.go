package plan

import (
	"slices"

	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/selection"
)

// Earlier is what the case before this one left of a plan, offered where a new one is begun.
// Left counts the milestones still to do; 0 when there is nothing to go on from.
type Earlier struct {
	Left    int        `json:"left"`
	EndedOn civil.Date `json:"ended_on"`
	plan    Plan
}

// earlierOf finds the plan that was in force when the person stopped, if the choice of now leads the same way.
func earlierOf(tx *pg.Tx, c casefile.Case, sel selection.Selection) (e Earlier, err error) {
	if c.PreviousCaseID.IsZero() {
		return e, nil
	}
	p, found, err := Current(tx, c.PreviousCaseID)
	if err != nil || !found || p.State != InForce || p.PathwayCode != sel.Pathway || p.AreaCode != sel.Area {
		return e, err
	}
	e.plan, e.Left = p, len(p.left())
	e.EndedOn, err = pg.Get[civil.Date](tx, `select coalesce(left_on, exit_on, opened_on) from cases where id = :id`, pg.Args{"id": c.PreviousCaseID})
	return e, err
}

// offered is earlierOf for a case in which nothing may be chosen yet.
func offered(tx *pg.Tx, c casefile.Case) (Earlier, error) {
	sel, found, err := selection.Current(tx, c.ID)
	if err != nil || !found {
		return Earlier{}, err
	}
	return earlierOf(tx, c, sel)
}

// left are the milestones still to do. Goals are agreed anew and bring their own.
func (p Plan) left() []Milestone {
	return slices.DeleteFunc(slices.Clone(p.Milestones), func(m Milestone) bool { return m.closed() || !m.GoalID.IsZero() })
}

// Resumed drafts from what an earlier plan left instead of from the pathway: each milestone is as far from the
// start as it was from the day on which the person stopped, and none before the start. Who pays is decided anew,
// and supports come from the needs of now. It is pure.
func Resumed(b Basis, from Earlier) (milestones []Milestone, lines []Line, end civil.Date) {
	d := &made{basis: b}
	moved := func(on civil.Date) civil.Date {
		if on.IsZero() {
			return on
		}
		return civil.Later(b.Start, on.AddDays(b.Start.DaysSince(from.EndedOn)))
	}
	for _, m := range from.plan.left() {
		d.milestones = append(d.milestones, m.anew(moved))
	}
	for _, l := range from.plan.Lines {
		if l.Kind != "support" && l.State == "planned" && (l.EndsOn.IsZero() || !l.EndsOn.Before(from.EndedOn)) {
			d.line(l.anew(moved))
		}
	}
	d.dropLate()
	d.goals()
	d.close()
	d.supports()
	return d.milestones, d.lines, civil.Later(b.End, End(datedOf(d.milestones), nil))
}

// anew is a milestone that nothing was done for yet.
func (m Milestone) anew(moved func(civil.Date) civil.Date) Milestone {
	return Milestone{
		ID: id.New[MilestoneRow](), Key: m.Key, Kind: m.Kind, Title: m.Title, TitleES: m.TitleES, Place: m.Place, StartsOn: moved(m.StartsOn), DueOn: moved(m.DueOn), SignedDueOn: moved(m.DueOn),
		ToleranceDays: m.ToleranceDays, Evidence: m.Evidence, DependsOn: m.DependsOn, Weeks: m.Weeks, Sessions: m.Sessions, Status: "not_started",
	}
}

func (l Line) anew(moved func(civil.Date) civil.Date) Line {
	return Line{Kind: l.Kind, What: l.What, WhatES: l.WhatES, Provider: l.Provider, ServiceCode: l.ServiceCode, StartsOn: moved(l.StartsOn), EndsOn: moved(l.EndsOn), Cost: l.Cost, MilestoneKey: l.MilestoneKey}
}

// close numbers the milestones and lets nothing hang on one that is not there.
func (d *made) close() {
	here := func(key string) bool {
		return slices.ContainsFunc(d.milestones, func(m Milestone) bool { return m.Key == key })
	}
	for i := range d.milestones {
		m := &d.milestones[i]
		m.Position = i + 1
		m.DependsOn = slices.DeleteFunc(slices.Clone(m.DependsOn), func(key string) bool { return !here(key) })
	}
	for i := range d.lines {
		if !here(d.lines[i].MilestoneKey) {
			d.lines[i].MilestoneKey = ""
		}
	}
}
