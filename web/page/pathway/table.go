package pathway

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
)

// areaJobs are the jobs of a level in one area, for the table, with the marks that the map shows.
type areaJobs struct {
	Area string
	Jobs []pathway.MapJob
}

func jobsByArea(c page.Chrome, e pathway.Edition, s pathway.Step, marks pathway.Catalogue) []areaJobs {
	list := []areaJobs{}
	add := func(code, name string) {
		var jobs []pathway.MapJob
		for _, j := range jobsIn(s, code) {
			jobs = append(jobs, marks.Marked(j))
		}
		if len(jobs) > 0 {
			list = append(list, areaJobs{name, jobs})
		}
	}
	for _, a := range e.Ordered() {
		add(a.Code, a.Name.In(c.Lang()))
	}
	add("", c.T("pathway.every_area"))
	return list
}

// upward is the way up from a step in the words of the table: credentials, and the time they take.
func upward(c page.Chrome, e pathway.Edition, s pathway.Step) []string {
	list := []string{}
	for _, t := range e.Transitions {
		if t.FromStep != s.Number {
			continue
		}
		what := c.T("map.up_by_work_short")
		if k, ok := e.CredentialCoded(t.Credential); ok {
			what = k.Name.In(c.Lang())
		}
		if t.Weeks > 0 {
			what += ", " + Weeks(c, t.Weeks)
		}
		if a, ok := e.AreaCoded(t.Area); ok {
			what = c.T("map.in_area", msg.Args{"area": a.Name.In(c.Lang()), "what": what})
		}
		list = append(list, what)
	}
	return list
}

// sideways are the moves from one area into another, as the map's lines between columns.
func sideways(c page.Chrome, e pathway.Edition) []string {
	list := []string{}
	for _, x := range e.Edges {
		from, ok := strings.CutPrefix(x.From, "area:")
		to, ok2 := strings.CutPrefix(x.To, "area:")
		a, known := e.AreaCoded(from)
		b, known2 := e.AreaCoded(to)
		if ok && ok2 && known && known2 && x.Kind != pathway.EdgePrerequisite {
			list = append(list, c.T("map.sideways."+x.Kind, msg.Args{"from": a.Name.In(c.Lang()), "to": b.Name.In(c.Lang())}))
		}
	}
	return list
}

// markList are the marks of a job in words, behind its name.
func markList(c page.Chrome, j pathway.MapJob) string {
	words := []string{}
	for _, m := range marks(j) {
		words = append(words, c.T("map.mark."+m))
	}
	if j.WeakMap {
		words = append(words, c.T("map.mark.weak"))
	}
	return strings.Join(words, ", ")
}

// payFrom says where the pay of the levels comes from, each source once, with its year.
func payFrom(c page.Chrome, e pathway.Edition) string {
	names := []string{}
	for _, s := range upwards(e) {
		if s.Wage == nil {
			continue
		}
		name := s.Wage.Source
		for _, k := range e.Cited {
			if k.Code == s.Wage.Source {
				name = k.Title
			}
		}
		if s.Wage.Year > 0 {
			name += ", " + strconv.Itoa(s.Wage.Year)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return c.T("map.pay_from", msg.Args{"sources": strings.Join(names, "; ")})
}

// upwards are the steps from the lowest up.
func upwards(e pathway.Edition) []pathway.Step {
	return slices.SortedFunc(slices.Values(e.Steps), func(a, b pathway.Step) int { return a.Number - b.Number })
}

// allNeeds is everything that employers insist on at a step, in one line.
func allNeeds(c page.Chrome, s pathway.Step) string {
	return strings.Join(lowered(c, hardNeeds(s)), ", ")
}
