package plan

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
)

// Ready refuses to freeze a plan that does not hold together: goals.<horizon> no_goal_<horizon>,
// goals.<id> goal_proposed, goal_not_smart with what it lacks, no_milestone, lines.<i>.funding funding_needed, and what Inside, CheckOrder and
// CheckCycles say about milestones.<key>.
func (p Plan) Ready(goals []goal.Goal) error {
	var c errs.Collector
	p.readyGoals(&c, goals)
	if len(p.Milestones) == 0 {
		c.Add("milestones", "none_yet")
	}
	dates := p.dated()
	for i := range dates { // what was done in another order is a fact, not a fault of the plan
		dates[i].Done = false
	}
	for _, err := range []error{Inside(dates, p.StartOn, p.EndOn), CheckCycles(dates), CheckOrder(dates)} {
		var dated errs.Collector
		if err := dated.Merge(err); err != nil {
			return err
		}
		for _, f := range fieldsOf(dated.Err()) {
			f = p.titled(f)
			c.AddArgs(f.Name, f.Code, f.Args)
		}
	}
	for i, l := range p.Lines {
		if l.Cost > 0 && l.State != "not_needed" && (l.Funding == "" || l.Funding == Undecided) {
			c.AddArgs("lines."+itoa(i)+".funding", "funding_needed", map[string]any{"title": l.What})
		}
		if l.EndsOn.After(p.EndOn) {
			c.AddArgs("lines."+itoa(i)+".ends_on", "after_plan", map[string]any{"title": l.What, "start": typed(p.StartOn), "end": typed(p.EndOn)})
		}
	}
	return c.Err()
}

// readyGoals asks for an agreed goal with all five letters in each horizon, and a milestone for each goal.
func (p Plan) readyGoals(c *errs.Collector, goals []goal.Goal) {
	for _, h := range goal.Horizons {
		if !slices.ContainsFunc(goals, func(g goal.Goal) bool { return g.Horizon == h && g.Holds() }) {
			lacking(c, goals, h)
		}
	}
	for _, g := range goals {
		if g.Status.Live() && !slices.ContainsFunc(p.Milestones, func(m Milestone) bool { return m.GoalID == g.ID }) {
			c.AddArgs("goals."+g.ID.String(), "no_milestone", map[string]any{"title": g.Title})
		}
	}
}

// lacking says what keeps a horizon empty: no goal at all, one that is only proposed, or one that lacks letters.
func lacking(c *errs.Collector, goals []goal.Goal, h goal.Horizon) {
	none := true
	for _, g := range goals {
		if g.Horizon != h || !g.Status.Live() {
			continue
		}
		name, title := "goals."+g.ID.String(), map[string]any{"title": g.Title}
		switch none = false; {
		case !g.Complete:
			c.AddArgs(name, "goal_not_smart", title)
			g.Lacks(c, name+".")
		default:
			c.AddArgs(name, "goal_proposed", title)
		}
	}
	if none {
		c.Add("goals."+string(h), "no_goal_"+string(h))
	}
}

// titled lets a message about a milestone say its title and write dates as people do.
func (p Plan) titled(f errs.Field) errs.Field {
	args := map[string]any{}
	for k, v := range f.Args {
		args[k] = v
		if d, err := civil.Parse(toText(v)); err == nil {
			args[k] = typed(d)
		}
	}
	if m, ok := p.Milestone(strings.TrimPrefix(f.Name, "milestones.")); ok {
		args["title"] = m.Title
	}
	if m, ok := p.Milestone(toText(args["key"])); ok {
		args["other"] = m.Title
	}
	f.Args = args
	return f
}

func toText(v any) string {
	s, _ := v.(string)
	return s
}

func typed(d civil.Date) string { return d.Time().Format("1/2/2006") }

func itoa(i int) string { return strconv.Itoa(i) }

// fieldsOf lists what a refusal names.
func fieldsOf(err error) []errs.Field {
	e, ok := err.(*errs.Error)
	if !ok {
		return nil
	}
	return e.Fields
}
