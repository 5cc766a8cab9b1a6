package goal

import (
	"strings"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/selection"
)

// ground is what goals stand on: the chosen pathway and how far up it leads. Without a choice it is empty.
type ground struct {
	chosen  selection.Selection
	pathway pathway.Edition
}

// groundOf reads the newest choice and its pathway, in the version that was chosen from.
func groundOf(tx *pg.Tx, caseID access.CaseID) (ground, error) {
	c, found, err := selection.Current(tx, caseID)
	if err != nil || !found {
		return ground{}, err
	}
	e, err := pathway.At(tx, c.Pathway, c.PathwayVersion)
	if errs.Is(err, errs.NotFound) {
		return ground{chosen: c}, nil
	}
	return ground{c, e}, err
}

// holds reports that a target belongs to the chosen pathway.
func (on ground) holds(kind, code string) bool { return on.lowest(kind, code) > 0 }

// reaches reports that the plan can lead to the target: work at or below the target step, a
// credential or schooling that the way asks for, work that pays for the way. What is more than two
// years off may lie above the target step, as long as the same pathway leads there.
func (on ground) reaches(g Goal) bool {
	if g.IncomeBridge {
		return true
	}
	step := on.lowest(g.TargetKind, g.TargetCode)
	return step > 0 && (g.Horizon == Long || g.TargetKind != "occupation" || step <= on.chosen.TargetStep)
}

// lowest is the first step at which the pathway has the target; 0 for none.
func (on ground) lowest(kind, code string) int {
	for _, s := range on.pathway.Steps {
		for _, j := range s.Jobs {
			if kind == "occupation" && code != "" && j.SOC == code {
				return s.Number
			}
		}
		for _, r := range s.Requirements {
			if kind == "education" && r.Kind == "education" && r.Value == code {
				return s.Number
			}
		}
	}
	for _, c := range on.pathway.Credentials {
		if kind != "occupation" && c.Code == code {
			return 1
		}
	}
	return 0
}

// spanish is what the pathway calls a goal's target in Spanish: that of its own English words, else that of its code.
func (on ground) spanish(g Goal) string {
	byCode := ""
	for _, t := range on.named() {
		if t.words.ES != "" && strings.EqualFold(t.words.EN, g.Title) {
			return t.words.ES
		}
		if g.TargetCode != "" && t.code == g.TargetCode && byCode == "" {
			byCode = t.words.ES
		}
	}
	return byCode
}

// named is a job or a credential of the pathway.
type named struct {
	code  string
	words pathway.Text
}

// named lists what the pathway has names for.
func (on ground) named() (list []named) {
	for _, s := range on.pathway.Steps {
		for _, j := range s.Jobs {
			list = append(list, named{j.SOC, j.Title})
		}
	}
	for _, c := range on.pathway.Credentials {
		list = append(list, named{c.Code, c.Name})
	}
	return list
}

// Suggestion is a target that the chosen pathway offers for a horizon.
type Suggestion struct {
	Kind  string
	Code  string
	Title pathway.Text
	Step  int
	Pay   money.Cents
	Max   money.Cents
	Per   string
}

// suggestions are the jobs of the steps that suit the horizon, with what the step pays, then the
// credentials that lead up to the target step.
func (on ground) suggestions(h Horizon) []Suggestion {
	list := []Suggestion{}
	for _, s := range on.pathway.Steps {
		if !on.suits(h, s.Number) {
			continue
		}
		for _, j := range s.Jobs {
			if j.SOC == "" || j.Area != "" && j.Area != on.chosen.Area {
				continue
			}
			list = append(list, jobOf(s, j))
		}
	}
	return append(list, on.credentials(h)...)
}

func jobOf(s pathway.Step, j pathway.Job) Suggestion {
	o := Suggestion{Kind: "occupation", Code: j.SOC, Title: j.Title, Step: s.Number}
	if s.Wage != nil {
		o.Pay, o.Max, o.Per = money.Cents(s.Wage.MinCents), money.Cents(s.Wage.MaxCents), s.Wage.Per
	}
	return o
}

// suits says which steps belong to a horizon: where one starts, what one aims at, what lies above.
func (on ground) suits(h Horizon, step int) bool {
	top := len(on.pathway.Steps)
	switch h {
	case Immediate:
		return step == on.chosen.EntryStep || step == 1 && on.chosen.EntryStep <= 2
	case Mid:
		return step > on.chosen.EntryStep && step <= on.chosen.TargetStep || step == on.chosen.TargetStep
	default:
		return step > on.chosen.TargetStep || on.chosen.TargetStep == top && step == top
	}
}

// credentials lists what stands on the way up to the target step; they are goals of the first two years.
func (on ground) credentials(h Horizon) []Suggestion {
	var list []Suggestion
	seen := map[string]bool{}
	for _, t := range on.pathway.Transitions {
		mine := (t.Area == "" || t.Area == on.chosen.Area) && t.FromStep >= on.chosen.EntryStep && t.FromStep <= on.chosen.TargetStep
		if h == Long || !mine || t.Credential == "" || seen[t.Credential] {
			continue
		}
		seen[t.Credential] = true
		for _, c := range on.pathway.Credentials {
			if c.Code == t.Credential {
				list = append(list, Suggestion{Kind: "credential", Code: c.Code, Title: c.Name, Step: t.ToStep})
			}
		}
	}
	return list
}
