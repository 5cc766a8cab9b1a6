package pathway

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
)

// ID is the step's stable key. Documents from before keys are keyed by the step's number.
func (s Step) ID() string {
	if s.Key != "" {
		return s.Key
	}
	return "step-" + strconv.Itoa(s.Number)
}

// Kinds of a StepChange.
const (
	StepMoved   = "moved"   // same step, another number
	StepChanged = "changed" // same place, other content
	StepSplit   = "split"   // became several, or part of another
	StepDeleted = "deleted"
	StepAdded   = "added"
	AreaDeleted = "area_deleted"
)

// StepChange is what became of one step between two versions.
type StepChange struct {
	Kind string `json:"kind"`
	Key  string `json:"key"`
	// From is its number before, 0 for an added one; To are the numbers of what it became.
	From int   `json:"from"`
	To   []int `json:"to"`
	// Title is the step's title before, or the added step's.
	Title Text `json:"title"`
	// areas are those whose view of a changed step differs.
	areas []string
}

// Stake is what somebody has in a version: an area, and the steps from entry to target.
type Stake struct {
	Area   string
	Entry  int
	Target int
}

// Changes compare two versions of one pathway.
type Changes struct {
	steps []Step // of the old version, by number
	fate  map[string]StepChange
	after map[string][]int // numbers of the successors of an old step
	added []StepChange
	gone  map[string]bool // areas
}

// Diff compares an old version with a new one. It reads documents only.
func Diff(old, now Pathway) Changes {
	d := Changes{steps: byNumber(old.Steps), fate: map[string]StepChange{}, after: map[string][]int{}, gone: map[string]bool{}}
	for _, a := range old.Areas {
		d.gone[a.Code] = !slices.ContainsFunc(now.Areas, func(b Area) bool { return b.Code == a.Code })
	}
	known := map[string]bool{}
	for _, s := range d.steps {
		known[s.ID()] = true
		d.compare(old, now, s)
	}
	for _, s := range byNumber(now.Steps) {
		if !known[s.ID()] && !slices.ContainsFunc(s.From, func(key string) bool { return known[key] }) {
			d.added = append(d.added, StepChange{Kind: StepAdded, Key: s.ID(), To: []int{s.Number}, Title: s.Title})
		}
	}
	return d
}

func byNumber(steps []Step) []Step {
	return slices.SortedFunc(slices.Values(steps), func(a, b Step) int { return a.Number - b.Number })
}

// compare finds out what became of one step.
func (d *Changes) compare(old, now Pathway, s Step) {
	var same *Step
	numbers := []int{}
	for _, n := range byNumber(now.Steps) {
		if n.ID() == s.ID() {
			same = &n
		} else if !slices.Contains(n.From, s.ID()) {
			continue
		}
		numbers = append(numbers, n.Number)
	}
	d.after[s.ID()] = numbers
	c := StepChange{Key: s.ID(), From: s.Number, To: numbers, Title: s.Title}
	switch {
	case len(numbers) == 0:
		c.Kind = StepDeleted
	case same == nil || len(numbers) > 1:
		c.Kind = StepSplit
	case same.Number != s.Number:
		c.Kind = StepMoved
	default:
		for _, a := range old.Areas {
			if view(old, s, a.Code) != view(now, *same, a.Code) {
				c.areas = append(c.areas, a.Code)
			}
		}
		if len(c.areas) == 0 {
			return
		}
		c.Kind = StepChanged
	}
	d.fate[s.ID()] = c
}

// view is all that a step means to somebody of the area, as text that can be compared: the step
// with what is for their area or for all, and the ways up from it. Its number is left out.
func view(p Pathway, s Step, area string) string {
	mine := func(of string) bool { return of == "" || of == area }
	s.Requirements = slices.DeleteFunc(slices.Clone(s.Requirements), func(r Requirement) bool { return !mine(r.Area) })
	s.Jobs = slices.DeleteFunc(slices.Clone(s.Jobs), func(j Job) bool { return !mine(j.Area) })
	s.Programs = slices.DeleteFunc(slices.Clone(s.Programs), func(g Program) bool { return !mine(g.Area) })
	s.TypicalMilestones = slices.DeleteFunc(slices.Clone(s.TypicalMilestones), func(m Milestone) bool { return !mine(m.Area) })
	type way struct {
		To, Area, Credential string
		Weeks                int
	}
	ways := []way{}
	for _, t := range p.Transitions {
		if t.FromStep == s.Number && mine(t.Area) {
			i := slices.IndexFunc(p.Steps, func(o Step) bool { return o.Number == t.ToStep })
			to := ""
			if i >= 0 {
				to = p.Steps[i].ID()
			}
			ways = append(ways, way{to, t.Area, t.Credential, t.Weeks})
		}
	}
	s.Number, s.Key, s.From = 0, "", nil
	b, _ := json.Marshal(struct {
		Step Step
		Ways []way
	}{s, ways})
	return string(b)
}

// Of lists the changes that touch a stake, in the order of its steps. None means that everything
// the person has chosen is as it was.
func (d Changes) Of(s Stake) []StepChange {
	if gone, known := d.gone[s.Area]; gone || !known {
		return []StepChange{{Kind: AreaDeleted, Key: s.Area, To: []int{}}}
	}
	list := []StepChange{}
	low, high := 0, 0
	for _, step := range d.steps {
		if step.Number < s.Entry || step.Number > s.Target {
			continue
		}
		for _, n := range d.after[step.ID()] {
			if low == 0 || n < low {
				low = n
			}
			high = max(high, n)
		}
		if c, ok := d.fate[step.ID()]; ok && (c.Kind != StepChanged || slices.Contains(c.areas, s.Area)) {
			list = append(list, c)
		}
	}
	for _, c := range d.added {
		if c.To[0] > low && c.To[0] < high {
			list = append(list, c)
		}
	}
	return list
}

// All lists every change, for a page about the two versions.
func (d Changes) All() []StepChange {
	list := []StepChange{}
	for area, gone := range d.gone {
		if gone {
			list = append(list, StepChange{Kind: AreaDeleted, Key: area, To: []int{}})
		}
	}
	slices.SortFunc(list, func(a, b StepChange) int { return cmp.Compare(a.Key, b.Key) })
	for _, s := range d.steps {
		if c, ok := d.fate[s.ID()]; ok {
			list = append(list, c)
		}
	}
	return append(list, d.added...)
}

// Move proposes where a stake lies in the new version: at the lowest successor of its entry and the
// highest of its target. A deleted step gives way to its neighbour, first within the stake. It
// reports false when the area is gone, or nothing near is left.
func (d Changes) Move(s Stake) (Stake, bool) {
	if gone, known := d.gone[s.Area]; gone || !known {
		return s, false
	}
	entry, okEntry := d.nearest(s.Entry, +1, slices.Min[[]int])
	target, okTarget := d.nearest(s.Target, -1, slices.Max[[]int])
	if !okEntry || !okTarget {
		return s, false
	}
	return Stake{s.Area, entry, max(entry, target)}, true
}

// nearest looks for a surviving step from one end of the stake toward the other and beyond, then
// behind.
func (d Changes) nearest(from, direction int, pick func([]int) int) (int, bool) {
	try := func(n int) (int, bool) {
		i := slices.IndexFunc(d.steps, func(s Step) bool { return s.Number == n })
		if i < 0 || len(d.after[d.steps[i].ID()]) == 0 {
			return 0, false
		}
		return pick(d.after[d.steps[i].ID()]), true
	}
	const most = 8
	for n := from; n >= 1 && n <= most; n += direction {
		if found, ok := try(n); ok {
			return found, true
		}
	}
	for n := from - direction; n >= 1 && n <= most; n -= direction {
		if found, ok := try(n); ok {
			return found, true
		}
	}
	return 0, false
}
