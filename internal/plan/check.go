package plan

import (
	"slices"

	"waymark/internal/civil"
	"waymark/internal/errs"
)

// CheckCycles refuses milestones that wait for each other or for nothing: milestones.<key>
// with depends_on_unknown (arg key), depends_on_cycle on every member of a cycle, or
// key_repeated.
func CheckCycles(items []Dated) error {
	var c errs.Collector
	for i, m := range items {
		if placeOf(items, m.Key) < i {
			c.Add("milestones."+m.Key, "key_repeated")
		}
		for _, k := range m.DependsOn {
			if placeOf(items, k) < 0 {
				c.AddArgs("milestones."+m.Key, "depends_on_unknown", map[string]any{"key": k})
			}
		}
		if waitsForItself(items, m) {
			c.Add("milestones."+m.Key, "depends_on_cycle")
		}
	}
	return c.Err()
}

// waitsForItself follows what the milestone depends on and looks for itself.
func waitsForItself(items []Dated, m Dated) bool {
	reached := slices.Clone(m.DependsOn)
	for n := 0; n < len(reached); n++ {
		if reached[n] == m.Key {
			return true
		}
		if i := placeOf(items, reached[n]); i >= 0 {
			for _, k := range items[i].DependsOn {
				if !slices.Contains(reached, k) {
					reached = append(reached, k)
				}
			}
		}
	}
	return false
}

// CheckOrder refuses milestones that come before what they depend on: milestones.<key> with
// due_before_predecessor when due earlier, done_before_predecessor when done and the other
// is not (arg key: the predecessor).
func CheckOrder(items []Dated) error {
	var c errs.Collector
	for _, m := range items {
		for _, k := range m.DependsOn {
			i := placeOf(items, k)
			if i < 0 {
				continue
			}
			args := map[string]any{"key": k}
			if m.Due.Before(items[i].Due) {
				c.AddArgs("milestones."+m.Key, "due_before_predecessor", args)
			}
			if m.Done && !items[i].Done {
				c.AddArgs("milestones."+m.Key, "done_before_predecessor", args)
			}
		}
	}
	return c.Err()
}

// Inside refuses milestones with a date outside the plan: milestones.<key> with due_missing,
// starts_after_due, before_plan or after_plan (args start, end as YYYY-MM-DD). Both ends of
// the plan count as inside.
func Inside(items []Dated, start, end civil.Date) error {
	var c errs.Collector
	for _, m := range items {
		name, first := "milestones."+m.Key, m.Due
		if !m.Starts.IsZero() {
			first = m.Starts
		}
		args := map[string]any{"start": start.String(), "end": end.String()}
		switch {
		case m.Due.IsZero():
			c.Add(name, "due_missing")
		case first.After(m.Due):
			c.Add(name, "starts_after_due")
		case first.Before(start):
			c.AddArgs(name, "before_plan", args)
		case m.Due.After(end):
			c.AddArgs(name, "after_plan", args)
		}
	}
	return c.Err()
}
