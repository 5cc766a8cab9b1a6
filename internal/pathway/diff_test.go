package pathway_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"waymark/internal/pathway"
)

// clone is a deep copy.
func clone(t testing.TB, p pathway.Pathway) pathway.Pathway {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var c pathway.Pathway
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// spot is one level of a person's way, as they would read it out.
type spot struct {
	Number int
	Key    string
	Text   string
}

// read is the plain definition of what a person sees between two levels: every level in order, with
// all that is said there to everybody or to their area, and every way up from it.
func read(p pathway.Pathway, area string, low, high int) []spot {
	spots := []spot{}
	for n := low; n <= high && n > 0; n++ {
		for _, s := range p.Steps {
			if s.Number != n {
				continue
			}
			said := []any{s.Title, s.Description, s.Preparation, s.Wage, s.Supports, s.Entry, s.Exit}
			for _, r := range s.Requirements {
				if r.Area == area || r.Area == "" {
					said = append(said, r)
				}
			}
			for _, j := range s.Jobs {
				if j.Area == area || j.Area == "" {
					said = append(said, j)
				}
			}
			for _, g := range s.Programs {
				if g.Area == area || g.Area == "" {
					said = append(said, g)
				}
			}
			for _, m := range s.TypicalMilestones {
				if m.Area == area || m.Area == "" {
					said = append(said, m)
				}
			}
			for _, t := range p.Transitions {
				if t.FromStep == n && (t.Area == area || t.Area == "") {
					to := ""
					for _, o := range p.Steps {
						if o.Number == t.ToStep {
							to = o.ID()
						}
					}
					said = append(said, to, t.Area, t.Credential, t.Weeks)
				}
			}
			b, _ := json.Marshal(said)
			spots = append(spots, spot{n, s.ID(), string(b)})
		}
	}
	return spots
}

// touched is the plain definition: the person reads out their way on the old map and the same way,
// from the lowest to the highest of what their levels became, on the new one. If the two
// readings differ, or their area is gone, they are affected.
func touched(old, now pathway.Pathway, s pathway.Stake) bool {
	if !slices.ContainsFunc(now.Areas, func(a pathway.Area) bool { return a.Code == s.Area }) {
		return true
	}
	before := read(old, s.Area, s.Entry, s.Target)
	low, high := 0, 0
	for _, was := range before {
		for _, n := range now.Steps {
			if n.ID() == was.Key || slices.Contains(n.From, was.Key) {
				if low == 0 || n.Number < low {
					low = n.Number
				}
				high = max(high, n.Number)
			}
		}
	}
	return !slices.Equal(before, read(now, s.Area, low, high))
}

// shuffled makes up to four random edits: moves, splits, deletions, additions, new content.
func shuffled(t testing.TB, r *rand.Rand, old pathway.Pathway) pathway.Pathway {
	t.Helper()
	p := clone(t, old)
	pick := func() *pathway.Step { return &p.Steps[r.IntN(len(p.Steps))] }
	for range r.IntN(5) {
		if len(p.Steps) == 0 {
			break
		}
		switch r.IntN(10) {
		case 0: // swap two levels
			a, b := pick(), pick()
			a.Number, b.Number = b.Number, a.Number
		case 1: // delete one
			i := r.IntN(len(p.Steps))
			p.Steps = slices.Delete(p.Steps, i, i+1)
		case 2: // split: a part moves to a free number, the key stays or goes
			s := pick()
			part := clone(t, pathway.Pathway{Steps: []pathway.Step{*s}}).Steps[0]
			part.Key, part.From = fmt.Sprintf("part-%d", r.IntN(1000)), []string{s.ID()}
			if free(p) == 0 {
				break
			}
			part.Number = free(p)
			if r.IntN(2) == 0 {
				s.From, s.Key = []string{s.ID()}, fmt.Sprintf("rest-%d", r.IntN(1000))
			}
			p.Steps = append(p.Steps, part)
		case 3: // add one that came from nothing
			if n := free(p); n > 0 {
				p.Steps = append(p.Steps, pathway.Step{Key: fmt.Sprintf("new-%d", r.IntN(1000)), Number: n, Title: text("New")})
			}
		case 4: // content for everybody
			pick().Title = text(fmt.Sprintf("Title %d", r.IntN(100)))
		case 5: // content for one area
			s := pick()
			s.Jobs = append(s.Jobs, pathway.Job{Area: p.Areas[r.IntN(len(p.Areas))].Code, Title: text("A job")})
		case 6: // a requirement of one area
			s := pick()
			s.Requirements = append(s.Requirements, pathway.Requirement{Kind: "age", Operator: "at_least", Value: "21", Area: p.Areas[r.IntN(len(p.Areas))].Code, Text: text("21")})
		case 7: // another way up
			p.Transitions[r.IntN(len(p.Transitions))].Weeks += 1 + r.IntN(3)
		case 8: // an area goes
			if len(p.Areas) > 1 && r.IntN(3) == 0 {
				p.Areas = p.Areas[:len(p.Areas)-1]
			}
		case 9: // nothing that anybody on the map would see
			p.VersionNote = text("Another note")
		}
	}
	return p
}

func free(p pathway.Pathway) int {
	for n := 1; n <= 8; n++ {
		if !slices.ContainsFunc(p.Steps, func(s pathway.Step) bool { return s.Number == n }) {
			return n
		}
	}
	return 0
}

func TestTheAffectedAreExactlyThoseWhoseWayReadsDifferently(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 20261123))
	yes, no := 0, 0
	for range 1200 {
		old := clone(t, crowded(3+r.IntN(5), 1+r.IntN(3), 1).Pathway)
		for i := range old.Steps {
			old.Steps[i].Key = fmt.Sprintf("k%d", i+1)
			if r.IntN(4) == 0 {
				old.Transitions = append(old.Transitions, pathway.Transition{FromStep: 1, ToStep: 2, Area: "A1", Weeks: 3})
			}
		}
		now := shuffled(t, r, old)
		d := pathway.Diff(old, now)
		for _, a := range old.Areas {
			for entry := 1; entry <= len(old.Steps); entry++ {
				for target := entry; target <= len(old.Steps); target++ {
					s := pathway.Stake{Area: a.Code, Entry: entry, Target: target}
					want := touched(old, now, s)
					if got := len(d.Of(s)) > 0; got != want {
						before, _ := json.Marshal(old)
						after, _ := json.Marshal(now)
						t.Fatalf("%+v: listed %v, reads differently %v\n%s\n%s", s, got, want, before, after)
					}
					if want {
						yes++
					} else {
						no++
					}
					if m, ok := d.Move(s); ok && (m.Target < m.Entry || !slices.ContainsFunc(now.Steps, func(x pathway.Step) bool { return x.Number == m.Entry }) ||
						!slices.ContainsFunc(now.Steps, func(x pathway.Step) bool { return x.Number == m.Target })) {
						t.Fatalf("%+v is sent to %+v, which is not on the map", s, m)
					}
				}
			}
		}
	}
	if yes < 4000 || no < 4000 {
		t.Errorf("%d affected and %d not: the edits try too little", yes, no)
	}
	t.Logf("%d ways affected, %d not", yes, no)
}

func TestSplitsMovesAndDeletionsSayWhereTheStepsWent(t *testing.T) {
	old := crowded(5, 1, 1).Pathway
	now := clone(t, old)
	// 3 is split into 3 and 4, the old 4 moves to 5, the old 5 is deleted.
	now.Steps = []pathway.Step{now.Steps[0], now.Steps[1], now.Steps[2], now.Steps[2], now.Steps[3]}
	now.Steps[2].Key, now.Steps[2].From = "first-half", []string{"step-3"}
	now.Steps[3].Key, now.Steps[3].From, now.Steps[3].Number = "second-half", []string{"step-3"}, 4
	now.Steps[4].Key, now.Steps[4].Number = "step-4", 5
	d := pathway.Diff(old, now)
	got := fmt.Sprint(kinds(d.All()))
	if got != "[changed 2 [2] split 3 [3 4] moved 4 [5] deleted 5 []]" {
		t.Errorf("got %s", got)
	}
	for _, c := range []struct{ from, to pathway.Stake }{
		{pathway.Stake{Area: "A1", Entry: 2, Target: 3}, pathway.Stake{Area: "A1", Entry: 2, Target: 4}},
		{pathway.Stake{Area: "A1", Entry: 3, Target: 5}, pathway.Stake{Area: "A1", Entry: 3, Target: 5}},
		{pathway.Stake{Area: "A1", Entry: 5, Target: 5}, pathway.Stake{Area: "A1", Entry: 5, Target: 5}},
	} {
		if m, ok := d.Move(c.from); !ok || m != c.to {
			t.Errorf("%+v moves to %+v, %v", c.from, m, ok)
		}
	}
	if len(d.Of(pathway.Stake{Area: "A1", Entry: 1, Target: 1})) != 0 {
		t.Error("who stays at level 1 is affected")
	}
	if _, ok := d.Move(pathway.Stake{Area: "gone", Entry: 1, Target: 1}); ok {
		t.Error("an area that is not there has a place")
	}
}

func kinds(list []pathway.StepChange) []string {
	out := []string{}
	for _, c := range list {
		out = append(out, fmt.Sprint(c.Kind, " ", c.From, " ", c.To))
	}
	return out
}
