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
