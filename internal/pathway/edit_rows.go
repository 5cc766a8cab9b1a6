package pathway

import (
	"strconv"
	"strings"

	"waymark/internal/money"
)

func aboutTable() table {
	return table{
		rows:  func(p *Pathway) []Row { return []Row{{ID: "0", Name: p.Name, Codes: p.Sector, Detail: p.Summary}} },
		blank: func() any { return new(AboutInput) },
		read: func(p *Pathway, _ string) (any, bool) {
			return AboutInput{p.Name, p.Sector, strings.Join(p.NAICS, " "), p.Summary, p.VersionNote}, true
		},
		write: func(p *Pathway, id string, in any) (string, error) {
			a := in.(*AboutInput)
			p.Name, p.Sector, p.NAICS, p.Summary, p.VersionNote = a.Name, a.Sector, words(a.NAICS), a.Summary, a.VersionNote
			return id, nil
		},
		remove: func(*Pathway, string) bool { return false },
		path:   func(string) string { return "" },
	}
}

// words splits what stands between blanks, commas and line ends.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\r' || r == '\t' || r == ';' })
}

func cents(c *money.Cents) *int64 {
	if c == nil {
		return nil
	}
	return new(int64(*c))
}

func asCents(c *int64) *money.Cents {
	if c == nil {
		return nil
	}
	return new(money.Cents(*c))
}

func areaTable() table {
	return flat("areas", func(p *Pathway) *[]Area { return &p.Areas },
		func(_ *Pathway, a Area) Row {
			r := Row{Codes: a.Code, Name: a.Name, Area: a.Code, Step: a.EntryStep}
			if a.Summary != nil {
				r.Detail = *a.Summary
			}
			return r
		},
		func(a Area) AreaInput {
			in := AreaInput{
				Code: a.Code, Name: a.Name, Order: a.Order, EntryStep: a.EntryStep, TargetSteps: a.TargetSteps, MinEFL: a.MinEFL,
				Anchors: strings.Join(a.Anchors, " "), Constraints: strings.Join(a.EntryConstraints, " "), Wage: asCents(a.WageHourlyCents), Demand: a.Demand,
			}
			if a.Summary != nil {
				in.Summary = *a.Summary
			}
			return in
		},
		func(in AreaInput, _ Area) Area {
			a := Area{
				Code: in.Code, Name: in.Name, Order: in.Order, EntryStep: in.EntryStep, TargetSteps: in.TargetSteps, MinEFL: in.MinEFL,
				Anchors: words(in.Anchors), EntryConstraints: words(in.Constraints), WageHourlyCents: cents(in.Wage), Demand: in.Demand,
			}
			if !in.Summary.IsZero() {
				a.Summary = &in.Summary
			}
			return a
		})
}

func stepTable() table {
	return flat("steps", func(p *Pathway) *[]Step { return &p.Steps },
		func(_ *Pathway, s Step) Row {
			return Row{Step: s.Number, Codes: s.ID(), Name: s.Title, Detail: s.Description}
		},
		func(s Step) StepInput {
			in := StepInput{
				Number: s.Number, Key: s.Key, From: strings.Join(s.From, " "), Title: s.Title, Description: s.Description, Supports: s.Supports, Entry: s.Entry, Exit: s.Exit,
				Preparation: lines(s.Preparation),
			}
			if w := s.Wage; w != nil {
				in.WageLow, in.WageHigh, in.WagePer, in.WageSource, in.WageYear = asCents(&w.MinCents), asCents(&w.MaxCents), w.Per, w.Source, w.Year
			}
			return in
		},
		func(in StepInput, s Step) Step {
			s.Number, s.Key, s.From, s.Title, s.Description, s.Supports, s.Entry, s.Exit = in.Number, in.Key, words(in.From), in.Title, in.Description, in.Supports, in.Entry, in.Exit
			s.Preparation, s.Wage = texts(in.Preparation), nil
			if in.WageLow != nil || in.WageHigh != nil {
				s.Wage = &Wage{Per: in.WagePer, Source: in.WageSource, Year: in.WageYear}
				if in.WageLow != nil {
					s.Wage.MinCents = int64(*in.WageLow)
				}
				if in.WageHigh != nil {
					s.Wage.MaxCents = int64(*in.WageHigh)
				}
			}
			return s
		})
}

// lines writes several texts as one, a line each; texts reads them back.
func lines(list []Text) Text {
	var en, es []string
	for _, t := range list {
		en, es = append(en, t.EN), append(es, t.ES)
	}
	return Text{strings.Join(en, "\n"), strings.Join(es, "\n")}
}

func texts(t Text) []Text {
	if strings.TrimSpace(t.EN) == "" && strings.TrimSpace(t.ES) == "" {
		return nil
	}
	en, es := strings.Split(strings.TrimSpace(t.EN), "\n"), strings.Split(strings.TrimSpace(t.ES), "\n")
	list := make([]Text, max(len(en), len(es)))
	for i := range list {
		if i < len(en) {
			list[i].EN = strings.TrimSpace(en[i])
		}
		if i < len(es) {
			list[i].ES = strings.TrimSpace(es[i])
		}
	}
	return list
}

func jobTable() table {
	return nested("jobs", func(s *Step) *[]Job { return &s.Jobs },
		func(j Job) Row { return Row{Area: j.Area, Name: j.Title, Codes: j.SOC} },
		func(n int, j Job) JobInput { return JobInput{n, j.Area, j.Title, j.SOC, j.Zone, j.WeakMap, j.Source} },
		func(in JobInput) (int, Job) {
			return in.Step, Job{in.Area, in.Title, in.SOC, in.Zone, in.WeakMap, in.Source}
		})
}

func requirementTable() table {
	return nested("requirements", func(s *Step) *[]Requirement { return &s.Requirements },
		func(r Requirement) Row {
			return Row{Area: r.Area, Name: r.Text, Codes: r.Kind + " " + r.Operator + " " + r.Value}
		},
		func(n int, r Requirement) RequirementInput {
			return RequirementInput{n, r.Kind, r.Operator, r.Value, r.Unit, r.Hard, r.Area, r.Text}
		},
		func(in RequirementInput) (int, Requirement) {
			return in.Step, Requirement{in.Kind, in.Operator, in.Value, in.Unit, in.Hard, in.Area, in.Text}
		})
}

func programTable() table {
	return nested("programs", func(s *Step) *[]Program { return &s.Programs },
		func(g Program) Row { return Row{Area: g.Area, Name: g.Name, Codes: g.Provider} },
		func(n int, g Program) ProgramInput {
			return ProgramInput{n, g.Provider, g.Name, g.Kind, g.Schedule, g.CIP, g.Area, g.Credential, g.Weeks, asCents(g.CostCents), g.Source}
		},
		func(in ProgramInput) (int, Program) {
			return in.Step, Program{
				Provider: in.Provider, Name: in.Name, Kind: in.Kind, Schedule: in.Schedule, CIP: in.CIP, Area: in.Area, Credential: in.Credential,
				Weeks: in.Weeks, CostCents: cents(in.Cost), Source: in.Source,
			}
		})
}

func milestoneTable() table {
	return nested("typical_milestones", func(s *Step) *[]Milestone { return &s.TypicalMilestones },
		func(m Milestone) Row { return Row{Area: m.Area, Name: m.Title, Codes: m.Kind} },
		func(n int, m Milestone) MilestoneInput {
			return MilestoneInput{n, m.Kind, m.Title, m.OffsetWeeks, m.DurationWeeks, m.Area, m.Provider, m.Credential, asCents(m.CostCents)}
		},
		func(in MilestoneInput) (int, Milestone) {
			return in.Step, Milestone{in.Kind, in.Title, in.OffsetWeeks, in.DurationWeeks, in.Area, in.Provider, in.Credential, cents(in.Cost)}
		})
}

// same is for rows whose input is the thing itself.
func same[T any](in T, _ T) T { return in }

func itself[T any](v T) T { return v }

func credentialTable() table {
	return flat("credentials", func(p *Pathway) *[]Credential { return &p.Credentials },
		func(_ *Pathway, k Credential) Row {
			return Row{Name: k.Name, Codes: k.Code, Detail: Text{k.Issuer, k.Issuer}}
		},
		itself[Credential], same[Credential])
}

func transitionTable() table {
	return flat("transitions", func(p *Pathway) *[]Transition { return &p.Transitions },
		func(p *Pathway, t Transition) Row {
			r := Row{Step: t.FromStep, Area: t.Area, Codes: strconv.Itoa(t.FromStep) + " → " + strconv.Itoa(t.ToStep)}
			for _, k := range p.Credentials {
				if k.Code == t.Credential {
					r.Name = k.Name
				}
			}
			return r
		},
		itself[Transition], same[Transition])
}

func edgeTable() table {
	return flat("edges", func(p *Pathway) *[]Edge { return &p.Edges },
		func(_ *Pathway, e Edge) Row { return Row{Codes: e.From + " → " + e.To + " (" + e.Kind + ")"} },
		itself[Edge], same[Edge])
}

func apprenticeshipTable() table {
	return flat("apprenticeships", func(p *Pathway) *[]Apprenticeship { return &p.Apprenticeships },
		func(_ *Pathway, a Apprenticeship) Row {
			return Row{Step: a.Step, Area: a.Area, Name: a.Name, Codes: strings.TrimSpace(a.Kind + " " + a.RAPIDS)}
		},
		itself[Apprenticeship], same[Apprenticeship])
}
