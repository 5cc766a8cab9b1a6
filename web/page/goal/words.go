package goal

import (
	"slices"
	"strconv"

	"waymark/internal/casefile"
	"waymark/internal/goal"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/web/component"
)

func base(c casefile.Case) string { return "/cases/" + c.ID.String() + "/goals" }

func path(g goal.Goal) string { return "/cases/" + g.CaseID.String() + "/goals/" + g.ID.String() }

// crumbs lead from the record to the goals and on to the page with the key.
func crumbs(c page.Chrome, of casefile.Case, key string) []component.Crumb {
	list := []component.Crumb{{Href: "/caseload", Words: c.T("nav.caseload")}, {Href: "/cases/" + of.ID.String(), Words: of.Name()}}
	if key != "goal.crumb" {
		list = append(list, component.Crumb{Href: base(of), Words: c.T("goal.crumb")})
	}
	return append(list, component.Crumb{Words: c.T(key)})
}

func (v Edit) known() bool { return !v.Goal.ID.IsZero() }

func (v Edit) key() string {
	if v.known() {
		return "goal.edit_go"
	}
	return "goal.new_go"
}

func tone(s goal.Status) string {
	switch s {
	case goal.Met:
		return "green"
	case goal.Agreed, goal.InProgress:
		return "blue"
	case goal.Proposed:
		return "gold"
	default:
		return ""
	}
}

func missing(g goal.Goal) (n int) {
	for _, l := range g.Smart {
		if !l.OK {
			n++
		}
	}
	return n
}

// measured reports a measure other than pay, which has its own line.
func measured(g goal.Goal) bool {
	return g.Measure != "" && g.Measure != goal.WageHour && g.Measure != goal.WageYear
}

func measure(c page.Chrome, code string) string {
	if slices.Contains(goal.Measures, code) {
		return c.T("goal.measure." + code)
	}
	return code
}

// measures are the choices of the form, and what a script entered if it is none of them.
func measures(c page.Chrome, entered string) []page.Option {
	list := c.Options("goal.measure", goal.Measures...)
	if entered != "" && !slices.Contains(goal.Measures, entered) {
		list = append(list, page.Option{Value: entered, Label: entered})
	}
	return list
}

// offer says at which step a suggestion stands and what it pays.
func offer(c page.Chrome, s goal.Suggestion) string {
	words := c.T("goal.offer.step", msg.Args{"step": strconv.Itoa(s.Step)})
	if s.Pay > 0 {
		words += ", " + c.Pay(s.Pay, s.Max, s.Per)
	}
	return words
}
