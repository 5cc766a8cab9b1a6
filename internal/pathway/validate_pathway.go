package pathway

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

func (c *checker) pathway(at string, p Pathway) {
	c.code(at+".code", p.Code)
	c.text(at+".name", p.Name)
	c.code(at+".sector", p.Sector)
	for i, n := range p.NAICS {
		if !naicsPattern.MatchString(n) {
			c.add(fmt.Sprintf("%s.naics[%d]", at, i), BadCode, "value", n)
		}
	}
	c.text(at+".summary", p.Summary)
	c.text(at+".version_note", p.VersionNote)
	c.refs(at+".sources", "source", p.Sources, c.sources)

	in := inside{areas: map[string]bool{}, steps: map[int]bool{}, credentials: map[string]bool{}}
	for _, a := range p.Areas {
		in.areas[a.Code] = true
	}
	for i, k := range p.Credentials {
		if in.credentials[k.Code] {
			c.add(fmt.Sprintf("%s.credentials[%d].code", at, i), Duplicate, "value", k.Code)
		}
		in.credentials[k.Code] = true
	}
	keys := map[string]bool{}
	for i, s := range p.Steps {
		if in.steps[s.Number] {
			c.add(fmt.Sprintf("%s.steps[%d].number", at, i), Duplicate, "value", s.Number)
		}
		in.steps[s.Number] = true
		if keys[s.ID()] {
			c.add(fmt.Sprintf("%s.steps[%d].key", at, i), Duplicate, "value", s.ID())
		}
		keys[s.ID()] = true
	}
	if len(p.Areas) == 0 {
		c.add(at+".areas", Required)
	}
	if len(p.Steps) == 0 {
		c.add(at+".steps", Required)
	}
	for i, a := range p.Areas {
		c.area(fmt.Sprintf("%s.areas[%d]", at, i), a, in)
	}
	for i, s := range p.Steps {
		c.step(fmt.Sprintf("%s.steps[%d]", at, i), s, in)
	}
	for i, k := range p.Credentials {
		c.credential(fmt.Sprintf("%s.credentials[%d]", at, i), k, in)
	}
	for i, t := range p.Transitions {
		to := fmt.Sprintf("%s.transitions[%d]", at, i)
		c.stepRef(to+".from_step", t.FromStep, in)
		c.stepRef(to+".to_step", t.ToStep, in)
		if t.ToStep <= t.FromStep {
			c.add(to, NotUpward, "from", t.FromStep, "to", t.ToStep)
		}
		c.ref(to+".area", "area", t.Area, in.areas)
		c.ref(to+".credential", "credential", t.Credential, in.credentials)
		c.count(to+".weeks", t.Weeks)
	}
	c.edges(at+".edges", p.Edges, in)
	c.apprenticeships(at+".apprenticeships", p.Apprenticeships, in)
}

// inside is what the parts of one pathway may refer to.
type inside struct {
	areas, credentials map[string]bool
	steps              map[int]bool
}

func (c *checker) stepRef(path string, n int, in inside) {
	if !in.steps[n] {
		c.add(path, UnknownReference, "kind", "step", "value", n)
	}
}

func (c *checker) area(at string, a Area, in inside) {
	c.code(at+".code", a.Code)
	c.text(at+".name", a.Name)
	c.optional(at+".summary", a.Summary)
	c.count(at+".order", a.Order)
	c.stepRef(at+".entry_step", a.EntryStep, in)
	if len(a.TargetSteps) == 0 {
		c.add(at+".target_steps", Required)
	}
	for i, n := range a.TargetSteps {
		to := fmt.Sprintf("%s.target_steps[%d]", at, i)
		c.stepRef(to, n, in)
		if n < a.EntryStep {
			c.add(to, NotUpward, "from", a.EntryStep, "to", n)
		}
	}
	c.between(at+".min_efl", a.MinEFL, 1, 6)
	if len(a.Anchors) == 0 {
		c.add(at+".anchors", Required)
	}
	c.refs(at+".anchors", "occupation", a.Anchors, c.occupations)
	for i, k := range a.EntryConstraints {
		c.code(fmt.Sprintf("%s.entry_constraints[%d]", at, i), k)
	}
	c.cost(at+".wage_hourly_cents", a.WageHourlyCents)
	if a.Demand != nil {
		c.between(at+".demand", *a.Demand, 0, 100)
	}
}

func (c *checker) step(at string, s Step, in inside) {
	c.between(at+".number", s.Number, 1, 8)
	if s.Key != "" {
		c.code(at+".key", s.Key)
	}
	for i, key := range s.From {
		c.code(fmt.Sprintf("%s.from[%d]", at, i), key)
	}
	c.text(at+".title", s.Title)
	c.text(at+".description", s.Description)
	for i, t := range s.Preparation {
		c.text(fmt.Sprintf("%s.preparation[%d]", at, i), t)
	}
	for i, r := range s.Requirements {
		to := fmt.Sprintf("%s.requirements[%d]", at, i)
		c.oneOf(to+".kind", r.Kind, RequirementKinds)
		c.oneOf(to+".operator", r.Operator, RequirementOperators)
		c.need(to+".value", r.Value)
		c.ref(to+".area", "area", r.Area, in.areas)
		c.text(to+".text", r.Text)
	}
	if w := s.Wage; w != nil {
		c.money(at+".wage.min_cents", w.MinCents)
		c.money(at+".wage.max_cents", w.MaxCents)
		if w.MinCents > w.MaxCents {
			c.add(at+".wage", RangeInverted, "min", w.MinCents, "max", w.MaxCents)
		}
		c.oneOf(at+".wage.per", w.Per, []string{PerHour, PerYear})
		c.source(at+".wage.source", w.Source)
		c.knownYear(at+".wage.year", w.Year)
	}
	for i, j := range s.Jobs {
		to := fmt.Sprintf("%s.jobs[%d]", at, i)
		c.text(to+".title", j.Title)
		c.ref(to+".area", "area", j.Area, in.areas)
		c.ref(to+".soc", "occupation", j.SOC, c.occupations)
		c.between(to+".zone", j.Zone, 0, 5)
		c.ref(to+".source", "source", j.Source, c.sources)
	}
	for i, p := range s.Programs {
		to := fmt.Sprintf("%s.programs[%d]", at, i)
		c.need(to+".provider", p.Provider)
		c.among(to+".kind", p.Kind, ProgramKinds)
		for k, when := range p.Schedule {
			c.among(fmt.Sprintf("%s.schedule[%d]", to, k), when, ProgramSchedules)
		}
		if p.CIP != "" && !cipPattern.MatchString(p.CIP) {
			c.add(to+".cip", BadCode, "value", p.CIP)
		}
		c.text(to+".name", p.Name)
		c.ref(to+".area", "area", p.Area, in.areas)
		c.ref(to+".credential", "credential", p.Credential, in.credentials)
		c.count(to+".weeks", p.Weeks)
		c.cost(to+".cost_cents", p.CostCents)
		c.ref(to+".source", "source", p.Source, c.sources)
	}
	for i, k := range s.Supports {
		c.code(fmt.Sprintf("%s.supports[%d]", at, i), k)
	}
	c.text(at+".entry", s.Entry)
	c.text(at+".exit", s.Exit)
	for i, m := range s.TypicalMilestones {
		to := fmt.Sprintf("%s.typical_milestones[%d]", at, i)
		c.oneOf(to+".kind", m.Kind, MilestoneKinds)
		c.text(to+".title", m.Title)
		c.count(to+".offset_weeks", m.OffsetWeeks)
		c.count(to+".duration_weeks", m.DurationWeeks)
		c.ref(to+".area", "area", m.Area, in.areas)
		c.ref(to+".credential", "credential", m.Credential, in.credentials)
		c.cost(to+".cost_cents", m.CostCents)
	}
}

func (c *checker) credential(at string, k Credential, in inside) {
	c.code(at+".code", k.Code)
	c.text(at+".name", k.Name)
	c.need(at+".issuer", k.Issuer)
	c.oneOf(at+".kind", k.Kind, CredentialKinds)
	c.refs(at+".stackable_to", "credential", k.StackableTo, in.credentials)
	c.refs(at+".lattices_to", "area", k.LatticesTo, in.areas)
	other, seen := c.credentials[k.Code]
	k.StackableTo, k.LatticesTo = nil, nil // may differ between pathways
	if seen && !reflect.DeepEqual(other, k) {
		c.add(at+".code", Conflicting, "value", k.Code)
	}
	c.credentials[k.Code] = k
}

// edges checks that both ends exist and that prerequisites form no circle.
func (c *checker) edges(at string, edges []Edge, in inside) {
	next := map[string][]string{}
	for i, e := range edges {
		to := fmt.Sprintf("%s[%d]", at, i)
		c.oneOf(to+".kind", e.Kind, []string{EdgePrerequisite, EdgeRecommended, EdgeLateral})
		ok := c.node(to+".from", e.From, in)
		ok = c.node(to+".to", e.To, in) && ok
		if ok && e.Kind == EdgePrerequisite {
			next[e.From] = append(next[e.From], e.To)
		}
	}
	if circle := findCycle(next); circle != nil {
		c.add(at, Cyclic, "nodes", strings.Join(circle, " > "))
	}
}

func (c *checker) node(path, ref string, in inside) bool {
	kind, code, ok := strings.Cut(ref, ":")
	switch {
	case !ok:
	case kind == "area":
		ok = in.areas[code]
	case kind == "credential":
		ok = in.credentials[code]
	case kind == "step":
		ok = len(code) == 1 && in.steps[int(code[0]-'0')]
	default:
		ok = false
	}
	if !ok {
		c.add(path, UnknownReference, "kind", "node", "value", ref)
	}
	return ok
}

// findCycle gives the nodes of one circle, the first repeated at the end, or nil.
func findCycle(next map[string][]string) []string {
	const open, done = 1, 2
	state := map[string]int{}
	var trail []string
	var visit func(string) []string
	visit = func(n string) []string {
		switch state[n] {
		case open:
			return append(slices.Clone(trail[slices.Index(trail, n):]), n)
		case done:
			return nil
		}
		state[n] = open
		trail = append(trail, n)
		for _, m := range next[n] {
			if circle := visit(m); circle != nil {
				return circle
			}
		}
		trail = trail[:len(trail)-1]
		state[n] = done
		return nil
	}
	var nodes []string
	for n := range next {
		nodes = append(nodes, n)
	}
	slices.Sort(nodes)
	for _, n := range nodes {
		if circle := visit(n); circle != nil {
			return circle
		}
	}
	return nil
}

func (c *checker) apprenticeships(at string, list []Apprenticeship, in inside) {
	codes := map[string]bool{}
	for i, a := range list {
		if codes[a.Code] {
			c.add(fmt.Sprintf("%s[%d].code", at, i), Duplicate, "value", a.Code)
		}
		codes[a.Code] = true
	}
	for i, a := range list {
		to := fmt.Sprintf("%s[%d]", at, i)
		c.code(to+".code", a.Code)
		c.oneOf(to+".kind", a.Kind, ApprenticeshipKinds)
		c.text(to+".name", a.Name)
		c.ref(to+".area", "area", a.Area, in.areas)
		c.stepRef(to+".step", a.Step, in)
		c.ref(to+".soc", "occupation", a.SOC, c.occupations)
		c.among(to+".approach", a.Approach, ApprenticeshipApproaches)
		c.count(to+".term_hours", a.TermHours)
		c.count(to+".class_hours", a.ClassHours)
		c.refs(to+".leads_to", "apprenticeship", a.LeadsTo, codes)
		c.ref(to+".source", "source", a.Source, c.sources)
	}
}
