// Package team is the supervisor's read model: who has how many people, where the six steps jam, who
// is stuck. Every number is counted by the same condition as the list it links to.
package team

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/civil"
)

// Load is one case manager's people, each counted once, in the most urgent group.
type Load struct {
	ID        access.UserID `json:"id"`
	FirstName string        `json:"first_name"`
	LastName  string        `json:"last_name"`
	Active    bool          `json:"active"`
	OnTrack   int           `json:"on_track"`
	Due       int           `json:"due"`
	Overdue   int           `json:"overdue"`
	Stalled   int           `json:"stalled"`
	// Unplanned are those for whom nothing is agreed.
	Unplanned int `json:"unplanned"`
	Paused    int `json:"paused"`
	All       int `json:"all"`
}

// Name is first and last name.
func (l Load) Name() string { return l.FirstName + " " + l.LastName }

// Acts is how many need something done now.
func (l Load) Acts() int { return l.Overdue + l.Stalled + l.Unplanned }

// Of is the count of a group.
func (l Load) Of(urgency string) int {
	return map[string]int{"on_track": l.OnTrack, "due": l.Due, "overdue": l.Overdue, "stalled": l.Stalled, "unplanned": l.Unplanned, "paused": l.Paused}[urgency]
}

// Dwell is how many people stand in a step, and the median of their days in it so far. Target is 0
// where there is none.
type Dwell struct {
	Step   int `json:"step"`
	People int `json:"people"`
	Days   int `json:"days"`
	Target int `json:"target"`
}

// Slow reports that the step takes longer than it should.
func (d Dwell) Slow() bool { return d.Target > 0 && d.Days > d.Target }

// Stuck is somebody who has stalled, and since when.
type Stuck struct {
	CaseID      access.CaseID `json:"case_id"`
	FirstName   string        `json:"first_name"`
	LastName    string        `json:"last_name"`
	CaseManager string        `json:"case_manager"`
	Pathway     string        `json:"pathway_code"`
	Unanswered  int           `json:"unanswered"`
	Milestone   civil.Date    `json:"milestone_due_on"`
	Since       civil.Date    `json:"since"`
	Days        int           `json:"days"`
}

// Overview is the whole page.
type Overview struct {
	Day   civil.Date `json:"date"`
	Limit int        `json:"caseload_limit"`
	// StalledDays is the rule by which people count as stalled.
	StalledDays  int     `json:"stalled_days"`
	OnTimeTarget int     `json:"on_time_target_percent"`
	Team         Load    `json:"team"`
	Managers     []Load  `json:"case_managers"`
	Steps        []Dwell `json:"steps"`
	Stalled      []Stuck `json:"stalled"`
}

// Busiest is the case manager with the most people who need action now.
func (o Overview) Busiest() (Load, bool) {
	if len(o.Managers) == 0 {
		return Load{}, false
	}
	worst := slices.MaxFunc(o.Managers, func(a, b Load) int { return a.Acts()*1000 + a.All - b.Acts()*1000 - b.All })
	return worst, worst.Acts() > 0
}

// Slowest is the step furthest over its target.
func (o Overview) Slowest() (Dwell, bool) {
	worst, found := Dwell{}, false
	for _, d := range o.Steps {
		if d.Slow() && (!found || d.Days*worst.Target > worst.Days*d.Target) {
			worst, found = d, true
		}
	}
	return worst, found
}

// Most is the largest caseload or the limit, whichever is more: the length of a full bar.
func (o Overview) Most() int {
	most := max(o.Limit, 1)
	for _, m := range o.Managers {
		most = max(most, m.All)
	}
	return most
}

// Longest is the largest number of days or of a target.
func (o Overview) Longest() int {
	most := 1
	for _, d := range o.Steps {
		if d.Target > 0 {
			most = max(most, d.Days, d.Target)
		}
	}
	return most
}

// filled puts the six steps in order with their targets, and adds up the team.
func (o *Overview) filled(targets [5]int) {
	steps := make([]Dwell, 6)
	for i := range steps {
		steps[i].Step = i + 1
		if i < len(targets) {
			steps[i].Target = targets[i]
		}
	}
	for _, d := range o.Steps {
		steps[d.Step-1].People, steps[d.Step-1].Days = d.People, d.Days
	}
	o.Steps = steps
	for _, m := range o.Managers {
		o.Team.OnTrack += m.OnTrack
		o.Team.Due += m.Due
		o.Team.Overdue += m.Overdue
		o.Team.Stalled += m.Stalled
		o.Team.Unplanned += m.Unplanned
		o.Team.Paused += m.Paused
		o.Team.All += m.All
	}
	for i := range o.Stalled {
		o.Stalled[i].Days = o.Day.DaysSince(o.Stalled[i].Since)
	}
}
