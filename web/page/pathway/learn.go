package pathway

import (
	"slices"
	"strings"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
)

// meets reports whether any program of a level says when it meets.
func meets(s pathway.Step) bool {
	return slices.ContainsFunc(s.Programs, func(p pathway.Program) bool { return len(p.Schedule) > 0 })
}

// meeting says when a program meets, or that nobody has told us.
func (v Show) meeting(p pathway.Program) string {
	if len(p.Schedule) == 0 {
		return v.T("pathway.no_schedule")
	}
	return Joined(v.Chrome, p.Schedule, func(c page.Chrome, code string) string { return c.T("edition.schedule." + code) })
}

// term is how an apprenticeship is measured: its approach, and the hours at work and in class.
func (v Show) term(a pathway.Apprenticeship) string {
	words := []string{}
	if a.Approach != "" {
		words = append(words, v.T("edition.approach."+a.Approach))
	}
	if a.TermHours > 0 {
		words = append(words, v.T("map.hours_at_work", msg.Args{"number": Number(a.TermHours)}))
	}
	if a.ClassHours > 0 {
		words = append(words, v.T("map.hours_in_class", msg.Args{"number": Number(a.ClassHours)}))
	}
	if len(words) == 0 {
		return v.T("pathway.no_time")
	}
	return strings.Join(words, ", ")
}

// feeds are the apprenticeships that one prepares for.
func (v Show) feeds(a pathway.Apprenticeship) string {
	names := []string{}
	for _, to := range v.Edition.Apprenticeships {
		if slices.Contains(a.LeadsTo, to.Code) {
			names = append(names, to.Name.In(v.lang()))
		}
	}
	return strings.Join(names, "; ")
}

// first is what a credential asks for before it, and what helps on the way.
func (v Show) first(code string) string {
	needed, helpful := v.Edition.FirstNeeds(code)
	list := []string{}
	for _, k := range needed {
		list = append(list, v.credential(k))
	}
	for _, k := range helpful {
		list = append(list, v.T("map.helps", msg.Args{"what": v.credential(k)}))
	}
	return strings.Join(list, "; ")
}
