// Package journey is one person's route on a pathway map: where they work, what they train for,
// what they aim at, and what lies between.
package journey

import (
	"slices"

	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/money"
	"waymark/internal/pathway"
	"waymark/internal/plan"
	"waymark/internal/selection"
)

// Kinds of a stop, in the order of the way.
const (
	Here = "here"
	Next = "next"
	Goal = "goal"
)

// Stop is a place on the map: a job at a step, or the step alone when no job is named.
type Stop struct {
	Kind   string      `json:"kind"`
	Step   int         `json:"step"`
	Area   string      `json:"area"`
	SOC    string      `json:"soc"`
	Title  string      `json:"title"`
	Pay    money.Cents `json:"pay_cents"`
	PayMax money.Cents `json:"pay_max_cents"`
	Per    string      `json:"pay_per"`
	By     civil.Date  `json:"by"`
}

// Need is one arrow of the way: the credential it asks for, and how long it usually takes.
type Need struct {
	From       int          `json:"from"`
	To         int          `json:"to"`
	Credential pathway.Text `json:"credential"`
	Weeks      int          `json:"weeks"`
	// Or are other credentials that lead there as well.
	Or []pathway.Text `json:"or"`
}

// Journey is the route with the edition of the map that it was chosen on.
type Journey struct {
	Case    casefile.Case   `json:"-"`
	Edition pathway.Edition `json:"-"`
	Area    string          `json:"area"`
	Stops   []Stop          `json:"stops"`
	Needs   []Need          `json:"needs"`
	// Also are what employers ask for at the goal's step, beside the credentials on the way.
	Also []pathway.Text `json:"also"`
	// Training says that a plan for the way is in force.
	Training bool `json:"training"`
}

// First is the name to call the person.
func (j Journey) First() string { return j.Case.First() }

// At finds the stop of a job at a step of the person's area.
func (j Journey) At(step int, job pathway.Job) (Stop, bool) {
	for _, s := range j.Stops {
		if s.Step == step && s.SOC != "" && s.SOC == job.SOC && (job.Area == "" || job.Area == s.Area) {
			return s, true
		}
	}
	return Stop{}, false
}

// Without finds the stop of a step that names none of the jobs on the map.
func (j Journey) Without(step int, area string) (Stop, bool) {
	for _, s := range j.Stops {
		if s.Step == step && s.SOC == "" && s.Area == area {
			return s, true
		}
	}
	return Stop{}, false
}

// Covers says how the way passes through a gap of an area: not at all, in training, or planned.
func (j Journey) Covers(from int, area string) (in, planned bool) {
	if area != j.Area || len(j.Stops) < 2 {
		return false, false
	}
	first, last := j.Stops[0].Step, j.Stops[len(j.Stops)-1].Step
	if from < first || from >= last {
		return false, false
	}
	if j.Training && len(j.Stops) > 1 && from < j.Stops[1].Step {
		return true, false
	}
	return false, true
}

// routeOf puts the goals on the map. Jobs already reached are where the person works; the goal
// is the last of those still aimed at. Without goals the chosen steps are the route.
func routeOf(c casefile.Case, e pathway.Edition, choice selection.Selection, goals []goal.Goal, p plan.Plan, hasPlan bool) Journey {
	j := Journey{Case: c, Edition: e, Area: choice.Area, Stops: []Stop{}, Needs: []Need{}, Also: []pathway.Text{}, Training: hasPlan && p.State == plan.InForce}
	at := choice.EntryStep
	if c.PathwayStep != nil {
		at = *c.PathwayStep
	}
	if works, ok := reached(goals); ok {
		j.Stops = append(j.Stops, j.stop(Here, works, at))
		at = j.Stops[0].Step
	} else {
		j.Stops = append(j.Stops, Stop{Kind: Here, Step: at, Area: choice.Area})
	}
	ahead := live(goals)
	for i, g := range ahead {
		kind := Next
		if i == len(ahead)-1 {
			kind = Goal
		}
		s := j.stop(kind, g, at)
		at = max(at, s.Step)
		j.Stops = append(j.Stops, s)
	}
	if len(ahead) == 0 && choice.TargetStep > at {
		j.Stops = append(j.Stops, Stop{Kind: Goal, Step: choice.TargetStep, Area: choice.Area})
	}
	j.needs()
	return j
}

// reached is the job that the person has got: the last goal of work that was met.
func reached(goals []goal.Goal) (best goal.Goal, found bool) {
	for _, g := range goals {
		if g.TargetKind == "occupation" && g.Status == goal.Met && (!found || !g.MetOn.Before(best.MetOn)) {
			best, found = g, true
		}
	}
	return best, found
}

func live(goals []goal.Goal) []goal.Goal {
	list := []goal.Goal{}
	for _, g := range goals {
		if g.TargetKind == "occupation" && g.Status.Live() {
			list = append(list, g)
		}
	}
	slices.SortStableFunc(list, func(a, b goal.Goal) int { return a.TargetOn.Compare(b.TargetOn) })
	return list
}

// stop finds the lowest step, from where the way has come to, that has the job; the person's own
// area before the others.
func (j Journey) stop(kind string, g goal.Goal, at int) Stop {
	s := Stop{Kind: kind, Step: at, Area: j.Area, Title: g.Title, Pay: g.Pay, PayMax: g.PayMax, Per: g.PayPer, By: g.TargetOn}
	steps := slices.SortedFunc(slices.Values(j.Edition.Steps), func(a, b pathway.Step) int { return a.Number - b.Number })
	for _, own := range []bool{true, false} {
		for _, step := range steps {
			if step.Number < at {
				continue
			}
			for _, job := range step.Jobs {
				if job.SOC == g.TargetCode && job.SOC != "" && (!own || job.Area == j.Area || job.Area == "") {
					s.Step, s.SOC = step.Number, job.SOC
					if job.Area != "" {
						s.Area = job.Area
					}
					return s
				}
			}
		}
	}
	return s
}

// needs lists the arrows from here to the goal, and what the goal's step asks for.
func (j *Journey) needs() {
	if len(j.Stops) < 2 {
		return
	}
	first, last := j.Stops[0].Step, j.Stops[len(j.Stops)-1].Step
	for _, l := range j.Edition.Way(j.Area, first, last) {
		if n, ok := j.need(l); ok {
			j.Needs = append(j.Needs, n)
		}
	}
	step, _ := j.Edition.StepNumbered(last)
	for _, r := range step.Requirements {
		if r.Hard && (r.Area == "" || r.Area == j.Area) && len(j.Also) < 4 && slices.Contains([]string{"education", "licence", "experience", "age", "background", "physical"}, r.Kind) {
			j.Also = append(j.Also, r.Text)
		}
	}
}

// need is what a leg asks for; one that asks for nothing and takes no known time is none.
func (j Journey) need(l pathway.Leg) (Need, bool) {
	n := Need{From: l.From, To: l.To, Or: []pathway.Text{}}
	for i, t := range l.Arrows {
		k, _ := j.Edition.CredentialCoded(t.Credential)
		switch {
		case i == 0:
			n.Credential, n.Weeks = k.Name, t.Weeks
		case !k.Name.IsZero():
			n.Or = append(n.Or, k.Name)
		}
	}
	return n, !n.Credential.IsZero() || n.Weeks > 0
}
