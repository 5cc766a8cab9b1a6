package team_test

import (
	"testing"

	"waymark/internal/result"
	"waymark/internal/team"
)

func TestTheFindingIsTheMeasureFurthestUnderItsTarget(t *testing.T) {
	line := func(i result.Indicator, in, met int, target int64) result.Line {
		return result.Line{Number: result.Number{Indicator: i, Program: "adult", Denominator: in, Numerator: met}, Target: &target}
	}
	m := team.Measures{Lines: []result.Line{
		line(result.EmploymentQ4, 50, 33, 680),  // 66 %, 2 points under
		line(result.Credential, 50, 26, 600),    // 52 %, 8 points under
		line(result.SkillGains, 50, 40, 580),    // over
		line(result.EmploymentQ2, 9, 0, 700),    // too few to say
		line(result.MedianEarnings, 50, 0, 760), // not a share
		{Number: result.Number{Indicator: result.SameEmployer, Denominator: 50}},
	}}
	if worst, points, ok := m.Furthest(); !ok || worst.Indicator != result.Credential || points != 8 {
		t.Errorf("%v %d %v", worst.Indicator, points, ok)
	}
	if _, _, ok := (team.Measures{Lines: m.Lines[2:]}).Furthest(); ok {
		t.Error("something is under its target that is not, or is too small to say")
	}
	if points, ok := team.Under(line(result.EmploymentQ2, 30, 20, 670)); !ok || points != 1 { // 66.7 %: a part of a point counts
		t.Errorf("%d points", points)
	}
}
