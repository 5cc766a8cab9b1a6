package pathway_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"waymark/internal/civil"
	"waymark/internal/pathway"
)

func known(string) (pathway.Occupation, bool) { return pathway.Occupation{}, false }

// finding is one check of the report on a pathway.
func finding(t *testing.T, p pathway.Pathway, check string) pathway.Finding {
	t.Helper()
	r := pathway.ReviewOf(p, known)
	i := slices.IndexFunc(r.Findings, func(f pathway.Finding) bool { return f.Check == check })
	if i < 0 {
		t.Fatalf("the report has no %s", check)
	}
	return r.Findings[i]
}

// good passes every check that must hold, and the others too.
func good() pathway.Pathway {
	p := crowded(3, 2, 1).Pathway
	for i := range p.Steps {
		s := &p.Steps[i]
		s.Entry, s.Exit, s.Supports = text("In"), text("Out"), []string{"transport"}
		s.Requirements = []pathway.Requirement{{Kind: "skill", Operator: "has", Value: "x", Hard: true, Text: text("Skill")}}
	}
	p.Steps[0].Programs = []pathway.Program{
		{Provider: "A", Name: text("Bridge"), Kind: "bridge", Schedule: []string{"evening"}},
		{Provider: "A", Name: text("Credit"), Kind: "prior_learning"},
	}
	p.Credentials = []pathway.Credential{{Code: "a", Kind: "certificate", StackableTo: []string{"b"}}, {Code: "b", Kind: "degree"}}
	p.Transitions[0].Credential, p.Transitions[1].Credential = "a", "b"
	p.Apprenticeships = []pathway.Apprenticeship{
		{Code: "ra", Kind: "registered", Name: text("Trade"), Area: "A1", Step: 1}, {Code: "pre", Kind: "pre", Name: text("Before the trade"), Area: "A2", Step: 1},
	}
	return p
}

func TestAGoodPathwayPassesAndEachFaultIsNamedWithItsPlace(t *testing.T) {
	if r := pathway.ReviewOf(good(), known); !r.Passes() || slices.ContainsFunc(r.Findings, func(f pathway.Finding) bool { return !f.Met }) {
		t.Fatalf("%+v", r)
	}
	for _, c := range []struct {
		why, check string
		spoil      func(*pathway.Pathway)
		want       pathway.Spot
	}{
		{"nothing leads up in one area", pathway.GoodNoDeadEnds, func(p *pathway.Pathway) { p.Transitions[1].Area = "A1" }, pathway.Spot{Code: "dead_end", Step: 2, Area: "A2"}},
		{"the only way leads to no work", pathway.GoodNoDeadEnds, func(p *pathway.Pathway) { p.Steps[1].Jobs = p.Steps[1].Jobs[:1] }, pathway.Spot{Code: "dead_end", Step: 1, Area: "A2"}},
		{"one way in", pathway.GoodRamps, func(p *pathway.Pathway) { p.Steps[1].Entry, p.Steps[2].Entry = pathway.Text{}, pathway.Text{} }, pathway.Spot{Code: "ways_in", Count: 1}},
		{"who leaves has no credential", pathway.GoodRamps, func(p *pathway.Pathway) { p.Transitions[1].Credential = "" }, pathway.Spot{Code: "ways_out", Count: 1}},
		{"one area has no learning at work", pathway.GoodWorkBased, func(p *pathway.Pathway) { p.Apprenticeships = p.Apprenticeships[:1] }, pathway.Spot{Code: "no_work_based", Area: "A2"}},
		{"only areas open, nothing stacks", pathway.GoodStackable, func(p *pathway.Pathway) {
			p.Credentials[0].StackableTo, p.Credentials[0].LatticesTo = nil, []string{"A2"}
		}, pathway.Spot{Code: "lattice", Credential: "a", Count: 1}},
		{"only degrees stack", pathway.GoodStackable, func(p *pathway.Pathway) { p.Credentials[0].Kind = "degree" }, pathway.Spot{Code: "no_stack"}},
		{"nobody learns at work", pathway.GoodWorkBased, func(p *pathway.Pathway) { p.Apprenticeships = nil }, pathway.Spot{Code: "no_work_based", Area: "A1"}},
		{"nobody helps on the way up", pathway.GoodSupports, func(p *pathway.Pathway) { p.Steps[2].Supports = nil }, pathway.Spot{Code: "no_support", Step: 2, To: "3"}},
		{"nobody helps on the way over a level", pathway.GoodSupports, func(p *pathway.Pathway) {
			p.Steps[2].Supports = nil
			p.Transitions = append(p.Transitions, pathway.Transition{FromStep: 1, ToStep: 3})
		}, pathway.Spot{Code: "no_support", Step: 1, To: "3"}},
		{"nobody helps with the fee of a test", pathway.GoodSupports, func(p *pathway.Pathway) { p.Credentials[0].Kind = "certification" }, pathway.Spot{Code: "no_fee_support", Step: 1, To: "2", Credential: "a"}},
		{"no bridge", pathway.GoodBasicSkills, func(p *pathway.Pathway) { p.Steps[0].Programs = nil }, pathway.Spot{Code: "no_bridge"}},
		{"a level says nothing of what one can do", pathway.GoodCompetencies, func(p *pathway.Pathway) { p.Steps[2].Requirements = nil }, pathway.Spot{Code: "no_competency", Step: 3}},
		{"no credit for what one knows", pathway.GoodPriorLearn, func(p *pathway.Pathway) { p.Steps[0].Programs = p.Steps[0].Programs[:1] }, pathway.Spot{Code: "no_prior_learning"}},
		{"only in the day", pathway.GoodSchedule, func(p *pathway.Pathway) { p.Steps[0].Programs[0].Schedule = []string{"day"} }, pathway.Spot{Code: "no_schedule"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := clone(t, good())
			c.spoil(&p)
			f := finding(t, p, c.check)
			if f.Met || !names(f, c.want) {
				t.Errorf("%+v", f)
			}
			if f.Must == pathway.ReviewOf(p, known).Passes() {
				t.Error("the result does not follow")
			}
		})
	}
}

// names reports whether a finding names a place.
func names(f pathway.Finding, want pathway.Spot) bool {
	return slices.ContainsFunc(f.Places, func(s pathway.Spot) bool { return reflect.DeepEqual(s, want) })
}

func TestTheReportNamesTheHelpForEveryMoveUp(t *testing.T) {
	p := good()
	p.Credentials[0].Kind = "license"
	p.Steps[1].Supports = []string{"transport", "testing_fees"}
	f := finding(t, p, pathway.GoodSupports)
	if !f.Met || len(f.Places) != 2 || !names(f, pathway.Spot{Code: "support", Step: 1, To: "2", Supports: []string{"transport", "testing_fees"}}) {
		t.Errorf("%+v", f)
	}
}

func TestTheReportNamesTheEmployersBehindTheVersionOrThatThereAreNone(t *testing.T) {
	r := pathway.ReviewOf(good(), known)
	on := civil.On(2026, time.October, 3)
	for _, c := range []struct {
		employers []string
		met       bool
		places    []pathway.Spot
	}{
		{nil, false, []pathway.Spot{{Code: "not_validated"}}},
		{[]string{"Harbor Health", "Pine Clinic"}, true, []pathway.Spot{{Code: "validated_by", Employer: "Harbor Health", On: on}, {Code: "validated_by", Employer: "Pine Clinic", On: on}}},
	} {
		with := r.With(c.employers, on)
		f := with.Findings[len(with.Findings)-1]
		if f.Check != pathway.GoodValidated || f.Must || f.Met != c.met || !reflect.DeepEqual(f.Places, c.places) || !with.Passes() || len(with.Findings) != len(r.Findings)+1 {
			t.Errorf("%v: %+v", c.employers, f)
		}
	}
}

func TestAMoveIntoAnotherAreaIsAWayOn(t *testing.T) {
	p := good()
	p.Transitions[1].Area = "A1" // level 2 of area 2 leads no further
	p.Edges = []pathway.Edge{{From: "area:A1", To: "area:A2", Kind: pathway.EdgeLateral}}
	if f := finding(t, p, pathway.GoodNoDeadEnds); !f.Met {
		t.Errorf("%+v", f)
	}
	p.Edges[0].Kind = pathway.EdgeRecommended // leads the other way only
	if f := finding(t, p, pathway.GoodNoDeadEnds); f.Met {
		t.Error("a one-way move leads back")
	}
}

func TestTheSeedsPassOrListWhyNot(t *testing.T) {
	pathways, find := seeded(t)
	for _, p := range pathways {
		r := pathway.ReviewOf(p, find)
		for _, f := range r.Findings {
			if f.Must && !f.Met {
				t.Logf("%s does not pass %s: %+v", p.Code, f.Check, f.Places)
				if len(f.Places) == 0 {
					t.Errorf("%s: %s does not say why", p.Code, f.Check)
				}
			}
		}
	}
}
