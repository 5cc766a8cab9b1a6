// Package portal is the participant's own side: what is next, the plan as steps in plain words, and
// what they tell us between talks. It reads with the participant's own row-level context, so it can
// show nothing that is not theirs or not shared with them. Nothing here refreshes the case: a
// participant sees only part of what the case repeats.
package portal

import (
	"cmp"
	"slices"

	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/money"
)

// Helper is the case manager as the participant knows them, and where they sit.
type Helper struct {
	FirstName string `db:"first_name" json:"first_name"`
	Phone     string `db:"phone" json:"phone"`
	Office    string `db:"office" json:"office"`
	Address   string `db:"address" json:"address"`
	OfficeTel string `db:"office_phone" json:"office_phone"`
}

// Appointment is something agreed for a day.
type Appointment struct {
	ID      id.Of[Appointment] `db:"id" json:"id"`
	Kind    string             `db:"kind" json:"kind"`
	On      civil.Date         `db:"on_date" json:"on"`
	At      civil.Clock        `db:"at_time" json:"at"`
	Place   string             `db:"place" json:"place"`
	Address string             `db:"address" json:"address"`
	Bring   string             `db:"bring" json:"bring"`
	BringES string             `db:"bring_es" json:"bring_es"`
	Answer  string             `db:"answer" json:"answer"`
	Version int                `db:"version" json:"-"`
}

// States of a step.
const (
	Done  = "done"
	Now   = "now"
	Later = "later"
)

// Job is the kind of a step that is a job goal; all others are kinds of milestones.
const Job = "job"

// Step is one thing on the way: a milestone of the plan in force, or a job goal.
type Step struct {
	Key      string      `json:"key"`
	Kind     string      `json:"kind"`
	Title    string      `json:"title"`
	TitleES  string      `json:"title_es"`
	State    string      `json:"state"`
	Late     bool        `json:"late"`
	StartsOn civil.Date  `json:"starts_on"`
	DueOn    civil.Date  `json:"due_on"`
	DoneOn   civil.Date  `json:"done_on"`
	Weeks    int         `json:"weeks"`
	Sessions int         `json:"sessions"`
	Attended int         `json:"attended"`
	Percent  *int        `json:"percent"`
	Pay      money.Cents `json:"pay_cents"`
	PayMax   money.Cents `json:"pay_max_cents"`
	PayPer   string      `json:"pay_per"`
	// Told is what the participant said of it last, nil when nothing was said since it was changed.
	Told *Signal `json:"told"`
}

// Share is how much of the step is done, in percent; -1 when nobody has said.
func (s Step) Share() int {
	switch {
	case s.Sessions > 0 && s.Attended > 0:
		return min(100, s.Attended*100/s.Sessions)
	case s.Percent != nil:
		return *s.Percent
	}
	return -1
}

// Open reports a milestone that is not done yet: something can be said of it.
func (s Step) Open() bool { return s.Kind != Job && s.State != Done }

// milestone is a row of the plan in force with its present state.
type milestone struct {
	Key       string     `db:"key"`
	Kind      string     `db:"kind"`
	Title     string     `db:"title"`
	TitleES   string     `db:"title_es"`
	GoalID    goal.ID    `db:"goal_id"`
	StartsOn  civil.Date `db:"starts_on"`
	DueOn     civil.Date `db:"due_on"`
	Tolerance int        `db:"tolerance_days"`
	Weeks     int        `db:"weeks"`
	Sessions  int        `db:"sessions"`
	Status    string     `db:"status"`
	DoneOn    civil.Date `db:"done_on"`
	Percent   *int       `db:"percent"`
	Attended  int        `db:"attended"`
}

func (m milestone) step(goals []goal.Goal, today civil.Date) Step {
	s := Step{
		Key: m.Key, Kind: m.Kind, Title: m.Title, TitleES: m.TitleES, State: Later, StartsOn: m.StartsOn, DueOn: m.DueOn, DoneOn: m.DoneOn,
		Weeks: m.Weeks, Sessions: m.Sessions, Attended: m.Attended, Percent: m.Percent,
	}
	if i := slices.IndexFunc(goals, func(g goal.Goal) bool { return g.ID == m.GoalID && !m.GoalID.IsZero() }); i >= 0 && m.Kind == "placement" {
		s.Pay, s.PayMax, s.PayPer = goals[i].Pay, goals[i].PayMax, goals[i].PayPer
	}
	s.Late = m.Status != "done" && today.After(m.DueOn.AddDays(m.Tolerance))
	switch begun := !m.StartsOn.IsZero() && !m.StartsOn.After(today); {
	case m.Status == "done":
		s.State = Done
	case m.Status == "in_progress", m.Status == "behind", begun, s.Late:
		s.State = Now
	}
	return s
}

// jobStep shows a job goal as a step, unless a placement of the plan already stands for it.
func jobStep(g goal.Goal, milestones []milestone, today civil.Date) (Step, bool) {
	planned := slices.ContainsFunc(milestones, func(m milestone) bool { return m.GoalID == g.ID && m.Kind == "placement" })
	if g.TargetKind != "occupation" || planned || !g.Status.Live() && g.Status != goal.Met {
		return Step{}, false
	}
	s := Step{Key: "goal-" + string(g.Horizon), Kind: Job, Title: g.Title, TitleES: g.TitleES, State: Later, DueOn: g.TargetOn, DoneOn: g.MetOn, Pay: g.Pay, PayMax: g.PayMax, PayPer: g.PayPer}
	if g.Status == goal.Met {
		s.State = Done
	}
	s.Late = s.State != Done && today.After(g.TargetOn)
	return s, true
}

// stepsOf puts milestones and job goals in one line: done, now, later, each by its date.
func stepsOf(milestones []milestone, goals []goal.Goal, today civil.Date) []Step {
	steps := []Step{}
	for _, m := range milestones {
		steps = append(steps, m.step(goals, today))
	}
	for _, g := range goals {
		if s, ok := jobStep(g, milestones, today); ok {
			steps = append(steps, s)
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(order[a.State], order[b.State]), a.day().Compare(b.day()))
	})
	return steps
}

var order = map[string]int{Done: 0, Now: 1, Later: 2}

func (s Step) day() civil.Date {
	if s.State == Done && !s.DoneOn.IsZero() {
		return s.DoneOn
	}
	return s.DueOn
}

// Around are at most n steps around where the participant stands: the last two done, and on from there.
func Around(steps []Step, n int) []Step {
	done := 0
	for _, s := range steps {
		if s.State == Done {
			done++
		}
	}
	from := max(0, min(done-2, len(steps)-n))
	return steps[from:min(len(steps), from+n)]
}

// doneOf counts the steps that are done.
func doneOf(steps []Step) (n int) {
	for _, s := range steps {
		if s.State == Done {
			n++
		}
	}
	return n
}
