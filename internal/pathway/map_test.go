package pathway_test

import (
	"fmt"
	"testing"

	"waymark/internal/pathway"
)

// crowded has so many levels, areas, and jobs in each cell.
func crowded(levels, areas, jobs int) pathway.Edition {
	e := pathway.Edition{Pathway: pathway.Pathway{Code: "BIG", Name: text("Big")}, Version: 1, State: "published"}
	for a := range areas {
		e.Areas = append(e.Areas, pathway.Area{Code: fmt.Sprintf("A%d", a+1), Name: text(fmt.Sprintf("Area number %d", a+1)), Order: a, EntryStep: 1, TargetSteps: []int{levels}, MinEFL: 1})
	}
	for n := 1; n <= levels; n++ {
		s := pathway.Step{Number: n, Title: text(fmt.Sprintf("Level %d", n)), Wage: &pathway.Wage{MinCents: int64(n) * 1000, MaxCents: int64(n) * 2000, Per: pathway.PerHour}}
		for a := range areas {
			for j := range jobs {
				s.Jobs = append(s.Jobs, pathway.Job{Area: fmt.Sprintf("A%d", a+1), Title: text(fmt.Sprintf("Job %d of area %d", j+1, a+1))})
			}
		}
		e.Steps = append(e.Steps, s)
		if n > 1 {
			e.Transitions = append(e.Transitions, pathway.Transition{FromStep: n - 1, ToStep: n, Weeks: 10 * n})
		}
	}
	return e
}

func TestTheMapHoldsEightLevelsEightAreasAndTwelveJobs(t *testing.T) {
	m := pathway.MapOf(crowded(8, 9, 13), pathway.Catalogue{})
	if len(m.Levels) != 8 || m.Levels[0].Step.Number != 8 || len(m.Areas) != 8 || len(m.Left) != 1 || m.Left[0].Code != "A9" {
		t.Fatalf("%d levels, %d areas, left %v", len(m.Levels), len(m.Areas), m.Left)
	}
	if c := m.Levels[3].Cells[7]; len(c.Jobs) != 12 || c.More != 1 || c.Code != "A8" {
		t.Errorf("%d jobs, %d more in %s", len(c.Jobs), c.More, c.Code)
	}
	if m.Levels[7].Up != nil || m.Levels[0].Up == nil || m.Levels[0].Up.From != 7 || !m.Levels[0].Up.Ways[0].Drawn {
		t.Errorf("the ways up are %+v", m.Levels[0].Up)
	}
}

func TestTheMapNamesBridgesApprenticeshipsAndWhatOpensAreas(t *testing.T) {
	e := crowded(3, 2, 1)
	e.Steps[1].Programs = []pathway.Program{{Provider: "A", Name: text("Class")}, {Provider: "A", Name: text("Bridge"), Kind: "bridge", Schedule: []string{"evening"}}}
	e.Apprenticeships = []pathway.Apprenticeship{
		{Code: "ra", Kind: "registered", Name: text("Trade"), Step: 2, SOC: "47-2111.00"},
		{Code: "pre", Kind: "pre", Name: text("Before the trade"), Step: 2, LeadsTo: []string{"ra"}},
		{Code: "other", Kind: "pre", Name: text("Before nothing"), Step: 3},
	}
	e.Pathway.Credentials = []pathway.Credential{{Code: "a", LatticesTo: []string{"A1", "A2"}}, {Code: "b"}, {Code: "c"}}
	e.Edges = []pathway.Edge{{From: "credential:a", To: "credential:b", Kind: pathway.EdgePrerequisite}, {From: "credential:c", To: "credential:b", Kind: pathway.EdgeRecommended}}
	m := pathway.MapOf(e, pathway.Catalogue{})
	level := m.Levels[1]
	if len(level.Bridges) != 1 || level.Bridges[0].Name.EN != "Bridge" {
		t.Errorf("bridges: %+v", level.Bridges)
	}
	if len(level.Apprenticeships) != 2 || level.Apprenticeships[0].Code != "pre" || level.Apprenticeships[1].Code != "ra" || len(m.Levels[2].Apprenticeships) != 0 {
		t.Errorf("apprenticeships: %+v", level.Apprenticeships)
	}
	if len(m.Lattices) != 1 || m.Lattices[0].Code != "a" {
		t.Errorf("what opens areas: %+v", m.Lattices)
	}
	if needed, helpful := e.FirstNeeds("b"); fmt.Sprint(needed, helpful) != "[a] [c]" {
		t.Errorf("before b: %v %v", needed, helpful)
	}
	if before := e.Before("47-2111.00"); len(before) != 1 || before[0].Code != "pre" || len(e.Before("51-9161.00")) != 0 {
		t.Errorf("before the trade: %+v", before)
	}
}

func TestThePayScaleIsOneForAllLevelsWithRoomOnBothSides(t *testing.T) {
	e := crowded(2, 1, 1)
	e.Steps[0].Wage = &pathway.Wage{MinCents: 1500, MaxCents: 2400, Per: pathway.PerHour}
	e.Steps[1].Wage = &pathway.Wage{MinCents: 62_000_00, MaxCents: 130_000_00, Per: pathway.PerYear}
	s := pathway.MapOf(e, pathway.Catalogue{}).Scale
	if s.Low != 25_000_00 || s.High != 135_000_00 {
		t.Errorf("the scale is %d to %d cents", s.Low, s.High)
	}
	// The mock-up's bars: level 2 begins at 5.6 percent, level 5 at 33.6.
	if a, b := s.At(31_200_00), s.At(62_000_00); fmt.Sprintf("%.1f %.1f", a, b) != "5.6 33.6" {
		t.Errorf("the bars begin at %.1f and %.1f", a, b)
	}
}

func TestAMoveBetweenAreasIsDrawnOnceWhereItLeadsFromWorkToWork(t *testing.T) {
	e := crowded(4, 2, 1)
	e.Areas[1].EntryStep = 3
	e.Edges = []pathway.Edge{{From: "area:A1", To: "area:A2", Kind: pathway.EdgeLateral}, {From: "step:1", To: "step:2", Kind: pathway.EdgeRecommended}}
	drawn := map[int]int{}
	for _, l := range pathway.MapOf(e, pathway.Catalogue{}).Levels {
		if l.Up != nil {
			drawn[l.Up.From] += len(l.Up.Turns)
		}
	}
	if len(drawn) != 3 || drawn[2] != 1 || drawn[1]+drawn[3] != 0 {
		t.Errorf("drawn %v", drawn)
	}
}

func TestAnArrowNeedsWorkAtBothEnds(t *testing.T) {
	e := crowded(3, 2, 1)
	e.Steps[1].Jobs = e.Steps[1].Jobs[:1] // only A1 at level 2
	m := pathway.MapOf(e, pathway.Catalogue{})
	if up := m.Levels[1].Up; !up.Ways[0].Drawn || up.Ways[1].Drawn {
		t.Errorf("%+v", up.Ways)
	}
}

func TestTheMapShowsEveryArrow(t *testing.T) {
	e := crowded(5, 2, 1)
	e.Pathway.Credentials = []pathway.Credential{{Code: "a", Name: text("A")}, {Code: "b", Name: text("B")}, {Code: "c", Name: text("C")}}
	e.Transitions = append(
		e.Transitions,
		pathway.Transition{FromStep: 3, ToStep: 4, Area: "A1", Credential: "a"}, pathway.Transition{FromStep: 3, ToStep: 4, Area: "A1", Credential: "b"},
		pathway.Transition{FromStep: 3, ToStep: 5, Area: "A2", Credential: "c", Weeks: 208},
	)
	m := pathway.MapOf(e, pathway.Catalogue{})
	shown := map[pathway.Transition]bool{}
	for _, l := range m.Levels {
		if l.Up == nil {
			continue
		}
		for _, t := range l.Up.Shared {
			shown[t] = true
		}
		for _, w := range l.Up.Ways {
			for _, t := range l.Up.Leaving(w) {
				shown[t] = true
			}
		}
	}
	for _, tr := range e.Transitions {
		if !shown[tr] {
			t.Errorf("%+v is not on the map", tr)
		}
	}
	low, high := m.Levels[1].Up, m.Levels[0].Up // 3 to 4, 4 to 5
	if n := len(low.Leaving(low.Ways[0])); n != 2 {
		t.Errorf("%d arrows leave level 3 in area 1", n)
	}
	if len(low.Ways[1].Over) != 1 || len(high.Ways[1].Over) != 1 || len(high.Leaving(high.Ways[1])) != 0 || len(low.Ways[1].Own) != 0 {
		t.Errorf("the arrow over level 4: %+v %+v", low.Ways[1], high.Ways[1])
	}
}

func TestAWayTakesTheAreasOwnArrowsAndPassesOverLevels(t *testing.T) {
	p := crowded(5, 2, 1).Pathway
	p.Transitions = []pathway.Transition{
		{FromStep: 2, ToStep: 3, Weeks: 10},
		{FromStep: 3, ToStep: 4, Weeks: 20},
		{FromStep: 4, ToStep: 5, Weeks: 30},
		{FromStep: 3, ToStep: 5, Area: "A2", Weeks: 208},
		{FromStep: 3, ToStep: 4, Area: "A1", Credential: "a"},
		{FromStep: 3, ToStep: 4, Area: "A1", Credential: "b"},
	}
	for _, c := range []struct {
		area     string
		from, to int
		want     string
	}{
		{"A1", 2, 5, "2-3 1, 3-4 2, 4-5 1"},
		{"A2", 2, 5, "2-3 1, 3-5 1"},
		{"A2", 2, 4, "2-3 1, 3-4 1"}, // the long arrow leads past the goal
		{"A1", 1, 3, "1-2 0, 2-3 1"},
		{"A1", 3, 3, ""},
	} {
		got := ""
		for i, l := range p.Way(c.area, c.from, c.to) {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%d-%d %d", l.From, l.To, len(l.Arrows))
		}
		if got != c.want {
			t.Errorf("%s from %d to %d: %s, want %s", c.area, c.from, c.to, got, c.want)
		}
	}
}
