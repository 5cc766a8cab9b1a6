package plan

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/pathway"
)

// Basis is what a plan is drafted from: the choice of step 3, the goals of step 4, the needs of step 1.
type Basis struct {
	Pathway     pathway.Edition
	Area        string
	Entry       int
	Target      int
	Goals       []goal.Goal
	Needs       []intake.SupportNeed
	Start, End  civil.Date // End zero: as long as it takes
	Lang        string
	CaseManager string
	Rhythm      int // days between talks
}

// made is a draft as it grows: milestones in order of their dates, with keys that no other has.
type made struct {
	basis      Basis
	milestones []Milestone
	lines      []Line
}

// Drafted builds milestones and lines from the pathway: the typical milestones of each step from
// entry to target, one after the other; a milestone for each goal; training and supports as lines
// whose funding is still to be decided. It is pure.
func Drafted(b Basis) (milestones []Milestone, lines []Line, end civil.Date) {
	d := &made{basis: b}
	begin := b.Start
	for n := b.Entry; n <= b.Target; n++ {
		if s, ok := b.Pathway.StepNumbered(n); ok {
			begin = d.step(s, begin, n == b.Target)
		}
	}
	d.dropLate()
	d.goals()
	d.order()
	d.supports()
	end = b.End
	if end.IsZero() {
		end = civil.Later(End(datedOf(d.milestones), nil), b.Start)
	}
	return d.milestones, d.lines, end
}

func datedOf(list []Milestone) []Dated {
	dates := make([]Dated, len(list))
	for i, m := range list {
		dates[i] = m.dated()
	}
	return dates
}

// step puts the milestones of one step on the calendar and returns the day on which the next begins.
func (d *made) step(s pathway.Step, begin civil.Date, last bool) civil.Date {
	program, hasProgram := programFor(s, d.basis.Area)
	next, first := begin, ""
	for _, t := range s.MilestonesFor(d.basis.Area) {
		// Goals bring their own placements, and one review at the end is enough.
		if t.Kind == "placement" && len(d.wanted("occupation")) > 0 || t.Kind == "review" && !last {
			continue
		}
		m := Milestone{Kind: t.Kind, Title: t.Title.EN, TitleES: t.Title.ES, Place: t.Provider, Weeks: t.DurationWeeks, DueOn: begin.AddDays(7 * (t.OffsetWeeks + t.DurationWeeks))}
		if t.DurationWeeks > 0 {
			m.StartsOn = begin.AddDays(7 * t.OffsetWeeks)
		}
		if m.Place == "" && hasProgram && t.Kind != "placement" && t.Kind != "review" && t.Kind != "custom" {
			m.Place = program.Provider
		}
		m = d.add(m)
		if first == "" {
			first = m.Key
		}
		if t.CostCents != nil && *t.CostCents > 0 {
			d.line(Line{Kind: "training", What: m.Title, WhatES: m.TitleES, Provider: m.Place, Cost: money.Cents(*t.CostCents), MilestoneKey: m.Key, StartsOn: m.StartsOn, EndsOn: m.DueOn})
		}
		if t.Kind != "placement" && t.Kind != "review" {
			next = civil.Later(next, m.DueOn)
		}
	}
	if hasProgram {
		l := Line{Kind: "training", What: program.Name.EN, WhatES: program.Name.ES, Provider: program.Provider, MilestoneKey: first, StartsOn: begin, EndsOn: next}
		if program.CostCents != nil {
			l.Cost = money.Cents(*program.CostCents)
		}
		d.line(l)
	}
	return next
}

// programFor is the first training of a step for the area, else the first for the whole pathway.
func programFor(s pathway.Step, area string) (pathway.Program, bool) {
	for _, want := range []string{area, ""} {
		for _, p := range s.Programs {
			if p.Area == want {
				return p, true
			}
		}
	}
	return pathway.Program{}, false
}

// wanted lists the goals still aimed at, of one kind or of any.
func (d *made) wanted(kind string) []goal.Goal {
	var list []goal.Goal
	for _, g := range d.basis.Goals {
		if g.Status.Live() && (kind == "" || g.TargetKind == kind) {
			list = append(list, g)
		}
	}
	return list
}

// add gives a milestone its key and id.
func (d *made) add(m Milestone) Milestone {
	m.ID, m.Key, m.Status = id.New[MilestoneRow](), nextKey(d.milestones, m.Kind), "not_started"
	m.SignedDueOn = m.DueOn
	d.milestones = append(d.milestones, m)
	return m
}

// nextKey is the first key of a kind that no milestone has: "enroll-1".
func nextKey(list []Milestone, kind string) string {
	for n := 1; ; n++ {
		key := fmt.Sprintf("%s-%d", kind, n)
		if !slices.ContainsFunc(list, func(m Milestone) bool { return m.Key == key }) {
			return key
		}
	}
}

func (d *made) line(l Line) {
	l.ID, l.State = id.New[LineRow](), "planned"
	if l.Cost > 0 && l.Funding == "" {
		l.Funding = Undecided
	}
	d.lines = append(d.lines, l)
}

// dropLate leaves out what would come after the end that was asked for: a later version has it.
func (d *made) dropLate() {
	if d.basis.End.IsZero() {
		return
	}
	d.milestones = slices.DeleteFunc(d.milestones, func(m Milestone) bool { return m.DueOn.After(d.basis.End) })
	kept := func(key string) bool {
		return slices.ContainsFunc(d.milestones, func(m Milestone) bool { return m.Key == key })
	}
	d.lines = slices.DeleteFunc(d.lines, func(l Line) bool { return l.MilestoneKey != "" && !kept(l.MilestoneKey) })
	for i := range d.lines {
		if d.lines[i].EndsOn.After(d.basis.End) {
			d.lines[i].EndsOn = d.basis.End
		}
	}
}

var goalMilestones = map[string]string{"occupation": "placement", "credential": "credential", "education": "custom"}

// goals gives each goal a milestone: the goal itself on its date, or, when that lies after the
// end of the plan, a talk at the end about the way there.
func (d *made) goals() {
	end := d.lastDay()
	for _, g := range d.wanted("") {
		if slices.ContainsFunc(d.milestones, func(m Milestone) bool { return m.GoalID == g.ID }) {
			continue
		}
		es := g.In("es").Text
		m := Milestone{Kind: goalMilestones[g.TargetKind], Title: g.Title, TitleES: es, GoalID: g.ID, GoalHorizon: g.Horizon, DueOn: g.TargetOn}
		switch {
		case g.TargetOn.Before(d.basis.Start):
			m.DueOn = d.basis.Start
		case g.TargetOn.After(end):
			m.Kind, m.DueOn = "review", end
			m.Title = msg.For("en").T("plan.toward", msg.Args{"goal": g.Title})
			m.TitleES = msg.For("es").T("plan.toward", msg.Args{"goal": es})
		}
		d.add(m)
	}
}

// lastDay is where the plan ends: as asked for, else the last of the pathway's milestones and of
// the goals of the first two years.
func (d *made) lastDay() civil.Date {
	if !d.basis.End.IsZero() {
		return d.basis.End
	}
	end := civil.Later(d.basis.Start, End(datedOf(d.milestones), nil))
	for _, g := range d.wanted("") {
		if g.Horizon != goal.Long {
			end = civil.Later(end, g.TargetOn)
		}
	}
	return end
}

// order sorts by date and lets each milestone wait for the one before it. A goal waits for what
// leads to it; work that pays for the way waits for nothing, and nothing waits for a goal.
func (d *made) order() {
	slices.SortStableFunc(d.milestones, func(a, b Milestone) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(boolInt(!a.GoalID.IsZero()), boolInt(!b.GoalID.IsZero())))
	})
	before := ""
	for i := range d.milestones {
		m := &d.milestones[i]
		m.Position = i + 1
		if before != "" && !d.bridge(m.GoalID) {
			m.DependsOn = []string{before}
		}
		if m.GoalID.IsZero() {
			before = m.Key
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (d *made) bridge(ref goal.ID) bool {
	return slices.ContainsFunc(d.basis.Goals, func(g goal.Goal) bool { return g.ID == ref && !ref.IsZero() && g.IncomeBridge })
}

// supports makes a line of each need. Referrals for mental health or substance use are for few to
// read, so they never stand in a plan that is printed.
func (d *made) supports() {
	for _, n := range d.basis.Needs {
		if n.Severity == 0 || n.Area == "mental_health" {
			continue
		}
		what := cmp.Or(n.Resolution, n.Referral)
		es := what
		if what == "" {
			what, es = msg.For("en").T("plan.arrange."+n.Area), msg.For("es").T("plan.arrange."+n.Area)
		}
		d.line(Line{Kind: "support", Need: n.Area, What: what, WhatES: es, Provider: n.Referral, Cost: money.Cents(n.CostCents), StartsOn: d.basis.Start})
	}
}
