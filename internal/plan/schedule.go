// Package plan is step 5 (domain.md 1.6): versions of a plan with milestones, lines and marks.
// What is signed is a document with a fingerprint; what moves afterwards stands beside it.
// The rules about dates and versions are pure: milestones that depend on each other, what a slip
// moves, and which change needs a new version.
package plan

import (
	"slices"

	"waymark/internal/civil"
	"waymark/internal/errs"
)

// Dated is one milestone as far as its dates go. Key names it; DependsOn has the keys that
// come before it. Starts may be zero. It is late after Due plus ToleranceDays.
type Dated struct {
	Key           string
	Starts, Due   civil.Date
	DependsOn     []string
	ToleranceDays int
	Done          bool
}

// Moved is one milestone that a slip took along, by Days (negative: earlier).
type Moved struct {
	Key      string
	From, To civil.Date
	Days     int
}

// Move sets the due date of a milestone and moves everything that depends on it, directly
// or not and not yet done, by as many days. It returns the new milestones in their old order
// and what moved, the named one first; the input stays as it is. Refused: key=unknown,
// due_on=milestone_done, due_on=required, and what CheckCycles refuses. Whether the new
// dates fit the plan is for CheckOrder and Inside to say.
func Move(items []Dated, key string, due civil.Date) ([]Dated, []Moved, error) {
	at := placeOf(items, key)
	switch {
	case at < 0:
		return nil, nil, errs.At("key", "unknown")
	case items[at].Done:
		return nil, nil, errs.At("due_on", "milestone_done")
	case due.IsZero():
		return nil, nil, errs.At("due_on", "required")
	}
	if err := CheckCycles(items); err != nil {
		return nil, nil, err
	}
	days, after, moved := due.DaysSince(items[at].Due), slices.Clone(items), []Moved{}
	if days == 0 {
		return after, moved, nil
	}
	for _, i := range withDependants(items, at) {
		if after[i].Done {
			continue
		}
		after[i] = after[i].shift(days)
		moved = append(moved, Moved{after[i].Key, items[i].Due, after[i].Due, days})
	}
	return after, moved, nil
}

// withDependants are the places of an item and all that follow from it, nearest first.
func withDependants(items []Dated, at int) []int {
	reached := []int{at}
	for n := 0; n < len(reached); n++ {
		for i, m := range items {
			if slices.Contains(m.DependsOn, items[reached[n]].Key) && !slices.Contains(reached, i) {
				reached = append(reached, i)
			}
		}
	}
	return reached
}

func (d Dated) shift(days int) Dated {
	d.Due = d.Due.AddDays(days)
	if !d.Starts.IsZero() {
		d.Starts = d.Starts.AddDays(days)
	}
	return d
}

// Overdue reports a milestone not done with today after its due date and tolerance.
func (d Dated) Overdue(today civil.Date) bool {
	return !d.Done && today.After(d.Due.AddDays(d.ToleranceDays))
}

// End is the end of the plan: the latest of the last milestone and the last service's end.
// Zero when there is neither.
func End(items []Dated, serviceEnds []civil.Date) civil.Date {
	var end civil.Date
	for _, m := range items {
		end = civil.Later(end, m.Due)
	}
	for _, d := range serviceEnds {
		end = civil.Later(end, d)
	}
	return end
}

func placeOf(items []Dated, key string) int {
	return slices.IndexFunc(items, func(d Dated) bool { return d.Key == key })
}
