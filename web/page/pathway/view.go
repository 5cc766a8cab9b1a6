package pathway

import (
	"strconv"
	"strings"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
)

// List shows every published pathway.
type List struct {
	page.Chrome
	Catalogue pathway.Catalogue
	// Edits offers what editors have: pathways in the making, and the form of a new one.
	Edits       bool
	Unpublished []string
	Form        page.Form
}

// Show is one pathway as tables.
type Show struct {
	page.Chrome
	Edition   pathway.Edition
	Catalogue pathway.Catalogue
}

func (v List) about(e pathway.Edition) string {
	return v.T("pathway.counts", msg.Args{"areas": len(e.Areas), "steps": len(e.Steps)})
}

func (v Show) lang() string { return v.Lang() }

// jobsIn are the jobs of a step in an area; those that name no area stand in the column for all.
func jobsIn(s pathway.Step, area string) []pathway.Job {
	list := []pathway.Job{}
	for _, j := range s.Jobs {
		if j.Area == area {
			list = append(list, j)
		}
	}
	return list
}

// needs are the requirements of a step, those that employers insist on or the others.
func needs(s pathway.Step, hard bool) []pathway.Requirement {
	list := []pathway.Requirement{}
	for _, r := range s.Requirements {
		if r.Hard == hard {
			list = append(list, r)
		}
	}
	return list
}

func (v Show) need(r pathway.Requirement) string {
	if r.Area == "" {
		return r.Text.In(v.lang())
	}
	return v.T("pathway.only_in", msg.Args{"what": r.Text.In(v.lang()), "area": v.areaName(r.Area)})
}

func (v Show) areaName(code string) string {
	if code == "" {
		return v.T("pathway.every_area")
	}
	if a, ok := v.Edition.AreaCoded(code); ok {
		return a.Name.In(v.lang())
	}
	return code
}

func (v Show) wage(area string) (words, level string) {
	w, ok := v.Catalogue.AreaWage(area)
	if !ok {
		return v.T("pathway.no_pay"), ""
	}
	return PerHour(v.Chrome, w.HourlyCents), v.figure(w.Level, w.Source, w.Year)
}

func (v Show) demand(area string) (words, level string) {
	d, ok := v.Catalogue.AreaDemand(area)
	if !ok {
		return v.T("pathway.no_demand"), ""
	}
	score, _ := d.Score()
	return v.T("pathway.of_100", msg.Args{"value": strconv.FormatFloat(score, 'f', 0, 64)}), partly(v.Chrome, d) + v.figure(d.Level, d.Source, d.Year)
}

// figure says how wide a figure is, of which year, and whose.
func (v Show) figure(level, source string, year int) string {
	words := Level(v.Chrome, level)
	if year > 0 {
		words += ", " + strconv.Itoa(year)
	}
	if s, ok := v.Catalogue.Source(source); ok {
		words += ", " + s.Title
	}
	return words
}

// partly says that a demand figure rests on some of its parts.
func partly(c page.Chrome, d pathway.Demand) string {
	if d.Partial() {
		return c.T("pathway.demand_partly") + " "
	}
	return ""
}

func (v Show) steps(a pathway.Area) string {
	list := ""
	for i, n := range a.TargetSteps {
		if i > 0 {
			list += ", "
		}
		list += strconv.Itoa(n)
	}
	return list
}

func (v Show) credential(code string) string {
	if k, ok := v.Edition.CredentialCoded(code); ok {
		return k.Name.In(v.lang())
	}
	return ""
}

// stack says which credentials take this one as a part.
func (v Show) stack(k pathway.Credential) string {
	names := make([]string, len(k.StackableTo))
	for i, code := range k.StackableTo {
		names[i] = v.credential(code)
	}
	for _, area := range k.LatticesTo {
		names = append(names, v.T("map.opens", msg.Args{"area": v.areaName(area)}))
	}
	if len(names) == 0 {
		return v.T("map.stacks_nothing")
	}
	return strings.Join(names, "; ")
}

func (v Show) weeks(n int) string {
	if n == 0 {
		return v.T("pathway.no_time")
	}
	return Weeks(v.Chrome, n)
}

// up are the arrows that leave a step.
func (v Show) up(from int) []string {
	list := []string{}
	for _, t := range v.Edition.Transitions {
		if t.FromStep != from {
			continue
		}
		what := v.weeks(t.Weeks)
		if t.Credential != "" {
			what = v.credential(t.Credential) + ", " + what
		}
		key := "pathway.up_in"
		if t.Area == "" {
			key = "pathway.up"
		}
		list = append(list, v.T(key, msg.Args{"to": t.ToStep, "area": v.areaName(t.Area), "what": what}))
	}
	return list
}

func (v Show) source(code string) string {
	if s, ok := v.Catalogue.Source(code); ok {
		return s.Title
	}
	return code
}
