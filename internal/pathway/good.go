package pathway

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
)

// What the report looks at: the first five must hold, the others make a pathway better.
const (
	GoodNoDeadEnds   = "no_dead_ends"
	GoodRamps        = "ramps"
	GoodStackable    = "stackable"
	GoodWorkBased    = "work_based"
	GoodSupports     = "supports"
	GoodBasicSkills  = "basic_skills"
	GoodCompetencies = "competencies"
	GoodPriorLearn   = "prior_learning"
	GoodSchedule     = "schedule"
	GoodValidated    = "validated"
)

var goodMust = []string{GoodNoDeadEnds, GoodRamps, GoodStackable, GoodWorkBased, GoodSupports}

// Finding is the result of one check, with the places it rests on or breaks at.
type Finding struct {
	Check string `json:"check"`
	// Must says that a pathway passes only with this.
	Must bool `json:"must"`
	Met  bool `json:"met"`
	// Places are what was found when it is met, and what is missing when it is not.
	Places []Spot `json:"places"`
}

// Spot is one place in a pathway that a finding names: which kind of thing is so, and where.
type Spot struct {
	Code       string `json:"code"`
	Step       int    `json:"step,omitempty"`
	Area       string `json:"area,omitempty"`
	Credential string `json:"credential,omitempty"`
	To         string `json:"to,omitempty"`
	Name       Text   `json:"name,omitzero"`
	Count      int    `json:"count,omitempty"`
	// Supports are codes of help that is named for a move.
	Supports []string `json:"supports,omitempty"`
	// Employer stands behind the version since On.
	Employer string     `json:"employer,omitempty"`
	On       civil.Date `json:"on,omitzero"`
}

// Review is the good-pathway report.
type Review struct {
	Findings []Finding `json:"findings"`
}

// Passes reports whether everything that must hold does.
func (r Review) Passes() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Must && !f.Met })
}

// With adds who stands behind the version: that is no part of the document, so it is said beside it.
func (r Review) With(employers []string, on civil.Date) Review {
	found := []Spot{}
	for _, name := range employers {
		found = append(found, Spot{Code: "validated_by", Employer: name, On: on})
	}
	f := Finding{Check: GoodValidated, Met: len(found) > 0, Places: orMissing(found, Spot{Code: "not_validated"})}
	return Review{append(slices.Clone(r.Findings), f)}
}

// ReviewOf holds a pathway against the marks of a good one. known finds an occupation, for its
// registered apprenticeships.
func ReviewOf(p Pathway, known func(soc string) (Occupation, bool)) Review {
	r := Review{}
	add := func(check string, met bool, places []Spot) {
		if places == nil {
			places = []Spot{}
		}
		r.Findings = append(r.Findings, Finding{check, slices.Contains(goodMust, check), met, places})
	}
	ends := deadEnds(p)
	add(GoodNoDeadEnds, len(ends) == 0, ends)
	met, places := ramps(p)
	add(GoodRamps, met, places)
	stacks := stacked(p)
	linked := slices.ContainsFunc(stacks, func(s Spot) bool { return s.Code == "stack" })
	add(GoodStackable, linked, orMissing(stacks, Spot{Code: "no_stack"}))
	met, places = workBased(p, known)
	add(GoodWorkBased, met, places)
	met, places = supported(p)
	add(GoodSupports, met, places)
	bridges := programs(p, "bridge", func(g Program) bool { return g.Kind == ProgramBridge })
	add(GoodBasicSkills, len(bridges) > 0, orMissing(bridges, Spot{Code: "no_bridge"}))
	missing := withoutCompetencies(p)
	add(GoodCompetencies, len(missing) == 0, missing)
	credit := programs(p, "prior_learning", func(g Program) bool { return g.Kind == "prior_learning" })
	add(GoodPriorLearn, len(credit) > 0, orMissing(credit, Spot{Code: "no_prior_learning"}))
	times := programs(p, "schedule", func(g Program) bool {
		return slices.ContainsFunc(g.Schedule, func(s string) bool { return s != "day" })
	})
	add(GoodSchedule, len(times) > 0, orMissing(times, Spot{Code: "no_schedule"}))
	return r
}

func orMissing(found []Spot, missing Spot) []Spot {
	if len(found) == 0 {
		return []Spot{missing}
	}
	return found
}

// deadEnds are levels with work in an area, below the highest that the area is worth aiming at, from
// which nothing leads on: no way up within the area, and no move into another that has work higher up.
func deadEnds(p Pathway) []Spot {
	list := []Spot{}
	steps := byNumber(p.Steps)
	for _, a := range p.Areas {
		for _, s := range steps {
			if len(a.TargetSteps) == 0 || s.Number >= slices.Max(a.TargetSteps) || !s.open(a.Code) {
				continue
			}
			if !leadsOn(p, steps, s, a.Code) && !leadsAside(p, steps, s, a.Code) {
				list = append(list, Spot{Code: "dead_end", Step: s.Number, Area: a.Code})
			}
		}
	}
	return list
}

// leadsAside reports a move into another area that has work above the level. A sideways move goes both ways.
func leadsAside(p Pathway, steps []Step, from Step, area string) bool {
	return slices.ContainsFunc(p.Edges, func(e Edge) bool {
		to := ""
		switch node := "area:" + area; {
		case e.Kind == EdgePrerequisite:
			return false
		case e.From == node:
			to = e.To
		case e.To == node && e.Kind == EdgeLateral:
			to = e.From
		}
		other, ok := strings.CutPrefix(to, "area:")
		return ok && slices.ContainsFunc(steps, func(s Step) bool { return s.Number > from.Number && s.leadsTo(other) })
	})
}

// leadsOn reports a way up to a level with work in the area.
func leadsOn(p Pathway, steps []Step, from Step, area string) bool {
	return slices.ContainsFunc(p.Transitions, func(t Transition) bool {
		if t.FromStep != from.Number || t.Area != "" && t.Area != area {
			return false
		}
		i := slices.IndexFunc(steps, func(s Step) bool { return s.Number == t.ToStep })
		return i >= 0 && steps[i].open(area)
	})
}

// ramps asks for entry at two levels at least, and for two ways out that lead to work with a credential
// in hand: one that a program of the level gives, or that a way to it asks for.
func ramps(p Pathway) (bool, []Spot) {
	in, out := 0, 0
	for _, s := range p.Steps {
		if s.Entry.EN != "" && slices.ContainsFunc(p.Areas, func(a Area) bool { return a.EntryStep == s.Number || slices.Contains(a.TargetSteps, s.Number) }) {
			in++
		}
		if s.Exit.EN != "" && len(s.Jobs) > 0 && credentialed(p, s) {
			out++
		}
	}
	return in >= 2 && out >= 2, []Spot{{Code: "ways_in", Count: in}, {Code: "ways_out", Count: out}}
}

// credentialed reports whether somebody who leaves at the level has a credential of the pathway.
func credentialed(p Pathway, s Step) bool {
	return slices.ContainsFunc(s.Programs, func(g Program) bool { return g.Credential != "" }) ||
		slices.ContainsFunc(p.Transitions, func(t Transition) bool { return t.ToStep == s.Number && t.Credential != "" })
}

// stacked lists the credentials below a degree that another one takes as a part, or that open other areas.
func stacked(p Pathway) []Spot {
	list := []Spot{}
	for _, k := range p.Credentials {
		if k.Kind == "degree" || k.Kind == "diploma_equivalent" {
			continue
		}
		for _, to := range k.StackableTo {
			list = append(list, Spot{Code: "stack", Credential: k.Code, To: to})
		}
		if len(k.LatticesTo) > 0 {
			list = append(list, Spot{Code: "lattice", Credential: k.Code, Count: len(k.LatticesTo)})
		}
	}
	return list
}

// workBased asks for learning at work in every area, and names the areas that have none.
func workBased(p Pathway, known func(string) (Occupation, bool)) (bool, []Spot) {
	found := programs(p, "work_based", func(g Program) bool { return g.Kind == "work_based" })
	for _, a := range p.Apprenticeships {
		if a.Kind == ApprenticeshipPre {
			found = append(found, Spot{Code: "apprenticeship_pre", Step: a.Step, Area: a.Area, Name: a.Name})
			continue
		}
		i := slices.IndexFunc(found, func(s Spot) bool { return s.Code == "apprenticeship_registered" && s.Area == a.Area })
		if i < 0 {
			found = append(found, Spot{Code: "apprenticeship_registered", Area: a.Area})
			i = len(found) - 1
		}
		found[i].Count++
	}
	none := []Spot{}
	for _, a := range p.Areas {
		n := 0
		for _, s := range p.Steps {
			for _, j := range s.Jobs {
				if o, ok := known(j.SOC); ok && j.Area == a.Code && len(o.RAPIDS) > 0 {
					n++
				}
			}
		}
		if n > 0 && !slices.ContainsFunc(found, func(s Spot) bool { return s.Area == a.Code && s.Code == "apprenticeship_registered" }) {
			found = append(found, Spot{Code: "apprenticeable", Area: a.Code, Count: n})
		} else if n == 0 && !slices.ContainsFunc(found, func(s Spot) bool { return s.Area == a.Code || s.Area == "" && s.Code == "work_based" }) {
			none = append(none, Spot{Code: "no_work_based", Area: a.Code})
		}
	}
	return len(none) == 0 && len(found) > 0, append(found, none...)
}

// move leads from one level to a higher one, by an arrow or from neighbour to neighbour.
type move struct{ from, to int }

// moves are all the moves up of a pathway, from the lowest.
func moves(p Pathway) []move {
	list := []move{}
	steps := byNumber(p.Steps)
	for i := 0; i+1 < len(steps); i++ {
		list = append(list, move{steps[i].Number, steps[i+1].Number})
	}
	for _, t := range p.Transitions {
		if m := (move{t.FromStep, t.ToStep}); !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b move) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	return list
}

// supported looks at every move up: the level it leads to must name the help that people often need
// on the way to it, and help with the fee where an arrow asks for what is tested or licensed.
func supported(p Pathway) (bool, []Spot) {
	met, list := true, []Spot{}
	for _, m := range moves(p) {
		i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Number == m.to })
		if i < 0 {
			continue
		}
		spot := Spot{Code: "support", Step: m.from, To: strconv.Itoa(m.to), Supports: p.Steps[i].Supports}
		paid, asks := charged(p, m)
		switch {
		case len(spot.Supports) == 0:
			spot.Code = "no_support"
		case asks && !slices.Contains(spot.Supports, supportFees):
			spot.Code, spot.Credential, spot.Supports = "no_fee_support", paid, nil
		}
		met = met && spot.Code == "support"
		list = append(list, spot)
	}
	return met, list
}

// supportFees is the code of help with the fees of tests and licences.
const supportFees = "testing_fees"

// chargedKinds are the credentials that are had for a test's or a licence's fee.
var chargedKinds = []string{"certification", "registration", "license", "license_step"}

// charged finds a credential that an arrow of the move asks for and that costs a fee.
func charged(p Pathway, m move) (code string, found bool) {
	for _, t := range p.Transitions {
		if t.FromStep != m.from || t.ToStep != m.to {
			continue
		}
		if slices.ContainsFunc(p.Credentials, func(k Credential) bool { return k.Code == t.Credential && slices.Contains(chargedKinds, k.Kind) }) {
			return t.Credential, true
		}
	}
	return "", false
}

// competencies are the kinds of requirement that say what somebody can do.
var competencies = []string{"skill", "math", "digital", "language", "credential", "licence", "experience"}

func withoutCompetencies(p Pathway) []Spot {
	list := []Spot{}
	for _, s := range byNumber(p.Steps) {
		if !slices.ContainsFunc(s.Requirements, func(r Requirement) bool { return slices.Contains(competencies, r.Kind) }) {
			list = append(list, Spot{Code: "no_competency", Step: s.Number})
		}
	}
	return list
}

func programs(p Pathway, code string, is func(Program) bool) []Spot {
	list := []Spot{}
	for _, s := range byNumber(p.Steps) {
		for _, g := range s.Programs {
			if is(g) {
				list = append(list, Spot{Code: code, Step: s.Number, Area: g.Area, Name: g.Name})
			}
		}
	}
	return list
}
