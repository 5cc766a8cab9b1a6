package pathway_test

import (
	"slices"
	"testing"

	"waymark/internal/pathway"
)

func text(s string) pathway.Text { return pathway.Text{EN: s, ES: s} }

// small is a file with nothing wrong; tests spoil one thing in it.
func small() pathway.File {
	step := func(n int) pathway.Step {
		return pathway.Step{Number: n, Title: text("t"), Description: text("d"), Entry: text("in"), Exit: text("out")}
	}
	f := pathway.File{
		Format:      pathway.Format,
		Sources:     []pathway.Source{{Code: "src", Title: "Source", Licence: "ours"}},
		Occupations: []pathway.Occupation{{SOC: "51-9061.00", Title: text("Inspectors"), Zone: 2}},
		Pathways: []pathway.Pathway{{
			Code: "MFG", Name: text("M"), Sector: "manufacturing", NAICS: []string{"31-33"}, Summary: text("s"), VersionNote: text("v"),
			Areas: []pathway.Area{
				{Code: "M6", Name: text("Q"), EntryStep: 2, TargetSteps: []int{3}, MinEFL: 3, Anchors: []string{"51-9061.00"}},
				{Code: "M1", Name: text("P"), EntryStep: 2, TargetSteps: []int{2, 3}, MinEFL: 3, Anchors: []string{"51-9061.00"}},
			},
			Steps: []pathway.Step{step(1), step(2), step(3)},
			Credentials: []pathway.Credential{
				{Code: "a", Name: text("A"), Issuer: "x", Kind: "certificate"},
				{Code: "b", Name: text("B"), Issuer: "x", Kind: "degree"},
			},
			Transitions: []pathway.Transition{{FromStep: 2, ToStep: 3, Area: "M6", Credential: "a", Weeks: 16}},
			Edges:       []pathway.Edge{{From: "credential:a", To: "credential:b", Kind: pathway.EdgePrerequisite}},
		}},
		Regions: []pathway.Region{{Code: "R", Name: text("R"), Kind: "region", State: "ME", Areas: []pathway.RegionArea{{
			Area:   "M6",
			Wage:   &pathway.AreaWage{HourlyCents: 2200, Level: "region", Source: "src", Year: 2025},
			Demand: &pathway.Demand{Index: new(65), Level: "region", Source: "src", Year: 2025},
		}}}},
	}
	f.Pathways[0].Steps[1].Wage = &pathway.Wage{MinCents: 1500, MaxCents: 2400, Per: "hour", Source: "src", Year: 2025}
	f.Pathways[0].Steps[2].Wage = &pathway.Wage{MinCents: 4900000, MaxCents: 5500000, Per: "year", Source: "src"}
	return f
}

func TestASoundFileHasNoProblem(t *testing.T) {
	if p := small().Check(); len(p) != 0 {
		t.Error(p)
	}
}

func TestCheckNamesWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct {
		why   string
		spoil func(f *pathway.File, p *pathway.Pathway)
		path  string
		code  string
	}{
		{"Spanish is missing", func(f *pathway.File, p *pathway.Pathway) { p.Name.ES = " " }, "pathways[0].name.es", pathway.MissingLanguage},
		{"English is missing", func(f *pathway.File, p *pathway.Pathway) { p.Steps[0].Title.EN = "" }, "pathways[0].steps[0].title.en", pathway.MissingLanguage},
		{"both languages are missing", func(f *pathway.File, p *pathway.Pathway) { p.Steps[1].Exit = pathway.Text{} }, "pathways[0].steps[1].exit", pathway.Required},
		{"a pathway has no area", func(f *pathway.File, p *pathway.Pathway) {
			p.Areas, p.Transitions, f.Regions = nil, nil, nil
		}, "pathways[0].areas", pathway.Required},
		{"the minimum is above the maximum", func(f *pathway.File, p *pathway.Pathway) { p.Steps[1].Wage.MinCents = 2401 }, "pathways[0].steps[1].wage", pathway.RangeInverted},
		{"pay is negative", func(f *pathway.File, p *pathway.Pathway) { p.Steps[1].Wage.MinCents = -1 }, "pathways[0].steps[1].wage.min_cents", pathway.Negative},
		{"a cost is negative", func(f *pathway.File, p *pathway.Pathway) {
			p.Steps[1].Programs = []pathway.Program{{Provider: "x", Name: text("x"), CostCents: new(int64(-5))}}
		}, "pathways[0].steps[1].programs[0].cost_cents", pathway.Negative},
		{"a unit of pay is unknown", func(f *pathway.File, p *pathway.Pathway) { p.Steps[1].Wage.Per = "week" }, "pathways[0].steps[1].wage.per", pathway.NotOneOf},
		{"a source is unknown", func(f *pathway.File, p *pathway.Pathway) { p.Steps[1].Wage.Source = "hearsay" }, "pathways[0].steps[1].wage.source", pathway.UnknownReference},
		{"a job's occupation is unknown", func(f *pathway.File, p *pathway.Pathway) {
			p.Steps[1].Jobs = []pathway.Job{{Title: text("x"), SOC: "11-1111.00"}}
		}, "pathways[0].steps[1].jobs[0].soc", pathway.UnknownReference},
		{"a job's area is unknown", func(f *pathway.File, p *pathway.Pathway) {
			p.Steps[1].Jobs = []pathway.Job{{Title: text("x"), Area: "M9"}}
		}, "pathways[0].steps[1].jobs[0].area", pathway.UnknownReference},
		{"a kind of requirement is unknown", func(f *pathway.File, p *pathway.Pathway) {
			p.Steps[1].Requirements = []pathway.Requirement{{Kind: "luck", Operator: "has", Value: "x", Text: text("x")}}
		}, "pathways[0].steps[1].requirements[0].kind", pathway.NotOneOf},
		{"a kind of milestone is unknown", func(f *pathway.File, p *pathway.Pathway) {
			p.Steps[1].TypicalMilestones = []pathway.Milestone{{Kind: "party", Title: text("x")}}
		}, "pathways[0].steps[1].typical_milestones[0].kind", pathway.NotOneOf},
		{"a milestone lies before the start", func(f *pathway.File, p *pathway.Pathway) {
			p.Steps[1].TypicalMilestones = []pathway.Milestone{{Kind: "exam", Title: text("x"), OffsetWeeks: -1}}
		}, "pathways[0].steps[1].typical_milestones[0].offset_weeks", pathway.Negative},
		{"an entry step does not exist", func(f *pathway.File, p *pathway.Pathway) { p.Areas[0].EntryStep = 4 }, "pathways[0].areas[0].entry_step", pathway.UnknownReference},
		{"a target lies below the entry", func(f *pathway.File, p *pathway.Pathway) { p.Areas[0].TargetSteps = []int{1} }, "pathways[0].areas[0].target_steps[0]", pathway.NotUpward},
		{"an area has no anchor", func(f *pathway.File, p *pathway.Pathway) { p.Areas[0].Anchors = nil }, "pathways[0].areas[0].anchors", pathway.Required},
		{"a level is out of range", func(f *pathway.File, p *pathway.Pathway) { p.Areas[0].MinEFL = 7 }, "pathways[0].areas[0].min_efl", pathway.OutOfRange},
		{"two areas share a code", func(f *pathway.File, p *pathway.Pathway) { p.Areas[1].Code = "M6" }, "pathways[0].areas[1].code", pathway.Duplicate},
		{"two steps share a number", func(f *pathway.File, p *pathway.Pathway) { p.Steps[2].Number = 2 }, "pathways[0].steps[2].number", pathway.Duplicate},
		{"an arrow points down", func(f *pathway.File, p *pathway.Pathway) { p.Transitions[0].ToStep = 1 }, "pathways[0].transitions[0]", pathway.NotUpward},
		{"an arrow carries an unknown credential", func(f *pathway.File, p *pathway.Pathway) { p.Transitions[0].Credential = "z" }, "pathways[0].transitions[0].credential", pathway.UnknownReference},
		{"prerequisites form a circle", func(f *pathway.File, p *pathway.Pathway) {
			p.Edges = append(p.Edges, pathway.Edge{From: "credential:b", To: "step:3", Kind: "prerequisite"}, pathway.Edge{From: "step:3", To: "credential:a", Kind: "prerequisite"})
		}, "pathways[0].edges", pathway.Cyclic},
		{"a thing is its own prerequisite", func(f *pathway.File, p *pathway.Pathway) { p.Edges[0].To = "credential:a" }, "pathways[0].edges", pathway.Cyclic},
		{"an edge ends nowhere", func(f *pathway.File, p *pathway.Pathway) { p.Edges[0].To = "moon:1" }, "pathways[0].edges[0].to", pathway.UnknownReference},
		{"one credential has two meanings", func(f *pathway.File, p *pathway.Pathway) {
			q := small().Pathways[0]
			q.Code, q.Areas, q.Transitions = "Q", []pathway.Area{p.Areas[0]}, nil
			q.Areas[0].Code = "Q1"
			q.Credentials[0].Issuer = "another"
			f.Pathways = append(f.Pathways, q)
		}, "pathways[1].credentials[0].code", pathway.Conflicting},
		{"a SOC code is malformed", func(f *pathway.File, p *pathway.Pathway) {
			f.Occupations = append(f.Occupations, pathway.Occupation{SOC: "51-9061", Title: text("x")})
		}, "occupations[1].soc", pathway.BadCode},
		{"five interest scores", func(f *pathway.File, p *pathway.Pathway) { f.Occupations[0].RIASEC = []float64{1, 2, 3, 4, 5} }, "occupations[0].riasec", pathway.OutOfRange},
		{"an interest score above seven", func(f *pathway.File, p *pathway.Pathway) {
			f.Occupations[0].RIASEC = []float64{1, 2, 3, 4, 5, 7.1}
		}, "occupations[0].riasec[5]", pathway.OutOfRange},
		{"percentiles fall", func(f *pathway.File, p *pathway.Pathway) {
			f.Occupations[0].Wage = &pathway.Percentiles{Per: "hour", P10: new(int64(2000)), Median: new(int64(1900)), Year: 2025, Source: "src"}
		}, "occupations[0].wage.median", pathway.RangeInverted},
		{"openings have no period", func(f *pathway.File, p *pathway.Pathway) {
			f.Occupations[0].Openings, f.Occupations[0].OutlookSource = new(10), "src"
		}, "occupations[0].outlook", pathway.Required},
		{"a region names an unknown area", func(f *pathway.File, p *pathway.Pathway) { f.Regions[0].Areas[0].Area = "Z" }, "regions[0].areas[0].area", pathway.UnknownReference},
		{"a region is its own parent", func(f *pathway.File, p *pathway.Pathway) { f.Regions[0].Parent = "R" }, "regions", pathway.Cyclic},
		{"a region has no state", func(f *pathway.File, p *pathway.Pathway) { f.Regions[0].State = "" }, "regions[0].state", pathway.BadCode},
		{"demand is above a hundred", func(f *pathway.File, p *pathway.Pathway) { f.Regions[0].Areas[0].Demand.Index = new(101) }, "regions[0].areas[0].demand.index", pathway.OutOfRange},
		{"index and parts disagree", func(f *pathway.File, p *pathway.Pathway) {
			f.Regions[0].Areas[0].Demand.OpeningsPercentile = new(0.2)
		}, "regions[0].areas[0].demand.index", pathway.Conflicting},
		{"demand says nothing", func(f *pathway.File, p *pathway.Pathway) { f.Regions[0].Areas[0].Demand.Index = nil }, "regions[0].areas[0].demand", pathway.Required},
		{"a figure is of no level", func(f *pathway.File, p *pathway.Pathway) { f.Regions[0].Areas[0].Wage.Level = "county" }, "regions[0].areas[0].wage.level", pathway.NotOneOf},
	} {
		t.Run(c.why, func(t *testing.T) {
			f := small()
			c.spoil(&f, &f.Pathways[0])
			got := f.Check()
			if !slices.ContainsFunc(got, func(p pathway.Problem) bool { return p.Path == c.path && p.Code == c.code }) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestStepRangesMayOverlapAndStartBelowTheStepBefore(t *testing.T) {
	f := small()
	f.Pathways[0].Steps[2].Wage.MinCents = 3_000_000
	if p := f.Check(); len(p) != 0 {
		t.Error(p)
	}
}

func TestLateralMovesMayGoRoundInACircle(t *testing.T) {
	f := small()
	f.Pathways[0].Edges = []pathway.Edge{{From: "area:M1", To: "area:M6", Kind: "lateral"}, {From: "area:M6", To: "area:M1", Kind: "lateral"}}
	if p := f.Check(); len(p) != 0 {
		t.Error(p)
	}
}

func TestAFileMayReferToWhatIsStoredAlready(t *testing.T) {
	f := small()
	f.Occupations, f.Sources = nil, nil
	if len(f.Check()) == 0 {
		t.Error("nothing is known, yet nothing is wrong")
	}
	if p := f.CheckWith(pathway.Known{Occupations: []string{"51-9061.00"}, Sources: []string{"src"}}); len(p) != 0 {
		t.Error(p)
	}
}
