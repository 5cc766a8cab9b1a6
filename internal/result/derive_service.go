package result

import (
	"slices"
	"strings"

	"waymark/internal/civil"
)

// service is the first or last day on which something of the groups was given: a code or its
// beginning, or every career service.
func (p *period) service(groups []string, last bool) (on civil.Date) {
	for _, s := range p.Services.V {
		if slices.ContainsFunc(groups, s.in) && (last || on.IsZero()) {
			on = s.On
		}
	}
	return on
}

func (s pirlService) in(group string) bool {
	if group == "career" {
		return strings.HasPrefix(s.Code, "B1") || strings.HasPrefix(s.Code, "I")
	}
	return strings.HasPrefix(s.Code, group)
}

// trainings are those of element 1303, and of more than three the first two and the latest. The youth
// element of occupational skills is type 10.
func (p *period) trainings() (list []pirlService) {
	for _, s := range p.Services.V {
		if s.Code >= "T01" && s.Code <= "T12" || s.Code == "Y04" {
			list = append(list, s)
		}
	}
	if len(list) > 3 {
		list = append(list[:2:2], list[len(list)-1])
	}
	return list
}

func (p *period) training(n int, what string) string {
	list := p.trainings()
	if n < 1 || n > len(list) {
		return ""
	}
	t := list[n-1]
	last, open := t.last()
	over := !open && !last.After(p.until)
	switch what {
	case "provider":
		return t.Provider
	case "from":
		return compact(t.On)
	case "type":
		return strings.Replace(t.Code, "Y04", "T10", 1)[1:]
	case "completed":
		return oneZero(over)
	case "until":
		if over {
			return compact(last)
		}
	}
	return ""
}

// enrolled are elements 1811 and 1813: the newest education or training of the period, and its end
// when none goes on.
func (p *period) enrolled() (on, until civil.Date) {
	open := false
	take := func(from, to civil.Date, goesOn bool) {
		if from.After(p.until) || !goesOn && to.Before(p.StartedOn) {
			return
		}
		on, until = civil.Later(on, civil.Later(from, p.StartedOn)), civil.Later(until, to)
		open = open || goesOn || to.After(p.until)
	}
	for _, s := range p.Services.V {
		if s.Code >= "T01" && s.Code <= "T12" || s.Code == "Y02" || s.Code == "Y04" || s.Code == "Y05" {
			last, goesOn := s.last()
			take(s.On, last, goesOn)
		}
	}
	for _, m := range p.Made.V {
		if m.Kind == "schooling" && (p.ExitOn.IsZero() || !m.On.After(p.ExitOn)) {
			take(m.On, m.Until, m.Until.IsZero())
		}
	}
	if open {
		until = civil.Date{}
	}
	return on, until
}
