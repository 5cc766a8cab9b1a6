package result

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/participation"
)

// derivations fill the columns of a layout; a layout names them, with arguments.
var derivations = map[string]func(p *period, args []string) string{
	"observation":   func(p *period, _ []string) string { return strconv.Itoa(p.Observation) },
	"unique_id":     func(p *period, _ []string) string { return p.ExportID },
	"state":         func(p *period, _ []string) string { return p.State },
	"county":        func(p *period, _ []string) string { return p.County[max(0, len(p.County)-3):] },
	"zip":           func(p *period, _ []string) string { return p.ZIP },
	"birth_date":    func(p *period, _ []string) string { return compact(p.BirthDate) },
	"started_on":    func(p *period, _ []string) string { return compact(p.StartedOn) },
	"exit_on":       func(p *period, _ []string) string { return compact(p.ExitOn) },
	"education":     func(p *period, _ []string) string { return p.Education },
	"school_status": func(p *period, _ []string) string { return p.School },
	"fact":          func(p *period, a []string) string { return yesNo(p.Facts.V[a[0]]) },
	"low_income":    func(p *period, _ []string) string { return yesNo(p.Result.V["low_income"]) },
	"basic_skills":  func(p *period, _ []string) string { return yesNo(p.Result.V["basic_skills_deficient"]) },
	"program":       func(p *period, a []string) string { return oneZero(slices.Contains(p.Programs, a[0])) },
	"exclusion": func(p *period, _ []string) string {
		if p.ExitOn.IsZero() {
			return ""
		}
		return p.Exclusion
	},
	"first":             func(p *period, a []string) string { return compact(p.service(a[0], false)) },
	"last":              func(p *period, a []string) string { return compact(p.service(a[0], true)) },
	"trained":           func(p *period, _ []string) string { return oneZero(len(p.trainings()) > 0) },
	"training":          func(p *period, a []string) string { return p.training(a) },
	"college":           func(p *period, _ []string) string { return oneZero(p.attended("postsecondary")) },
	"secondary":         func(p *period, _ []string) string { return oneZero(p.attended("secondary")) },
	"school_after_exit": func(p *period, _ []string) string { return compact(p.schoolAfterExit()) },
	"employed":          func(p *period, a []string) string { return p.employed(a[0]) },
	"match":             func(p *period, a []string) string { return p.match(a[0]) },
	"wages":             func(p *period, a []string) string { return p.wages(a[0]) },
	"same_employer":     func(p *period, _ []string) string { return p.sameEmployer() },
	"credential":        func(p *period, a []string) string { return p.credential(a) },
	"gain":              func(p *period, a []string) string { return compact(p.gain(a)) },
	"enrolled_on":       func(p *period, _ []string) string { on, _ := p.enrolled(); return compact(on) },
	"enrolled_until":    func(p *period, _ []string) string { _, until := p.enrolled(); return compact(until) },
	"placement":         func(p *period, a []string) string { return p.placement(a[0]) },
	"blank":             func(*period, []string) string { return "" },
}

// oneZero is the federal yes and no.
func oneZero(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

func yesNo(v any) string {
	switch x := v.(type) {
	case bool:
		return oneZero(x)
	case string:
		switch x {
		case "yes":
			return "1"
		case "no":
			return "0"
		}
		return x
	case float64:
		return strconv.Itoa(int(x))
	}
	return ""
}

// service is the first or last day on which something of a group was given: a code or its beginning,
// or every career service.
func (p *period) service(group string, last bool) (on civil.Date) {
	for _, s := range p.Services.V {
		in := strings.HasPrefix(s.Code, group)
		if group == "career" {
			in = strings.HasPrefix(s.Code, "B1") || strings.HasPrefix(s.Code, "I")
		}
		if in && !s.On.After(p.until) && (last || on.IsZero()) {
			on = s.On
		}
	}
	return on
}

// trainings are those given, and of more than three the first two and the latest.
func (p *period) trainings() (list []pirlService) {
	for _, s := range p.Services.V {
		if s.Code >= "T01" && s.Code <= "T12" && !s.On.After(p.until) {
			list = append(list, s)
		}
	}
	if len(list) > 3 {
		list = append(list[:2:2], list[len(list)-1])
	}
	return list
}

func (p *period) training(a []string) string {
	n, _ := strconv.Atoi(a[0])
	list := p.trainings()
	if n > len(list) {
		return ""
	}
	t := list[n-1]
	ended := !t.Ongoing || !t.Ends.IsZero()
	switch a[1] {
	case "provider":
		return t.Provider
	case "from":
		return compact(t.On)
	case "type":
		return t.Code[1:]
	case "completed":
		return oneZero(ended && !civil.Later(t.On, t.Ends).After(p.until))
	}
	if last := civil.Later(t.On, t.Ends); ended && !last.After(p.until) {
		return compact(last)
	}
	return ""
}

func (p *period) attended(level string) bool {
	return slices.ContainsFunc(p.Outcomes.V, func(o pirlOutcome) bool {
		return o.Kind == "schooling" && o.Detail.Level == level && !o.On.After(p.until) && (p.ExitOn.IsZero() || !o.On.After(p.ExitOn)) && (o.Detail.Until.IsZero() || !o.Detail.Until.Before(p.StartedOn))
	})
}

// schoolAfterExit is only reported beside a diploma (W7).
func (p *period) schoolAfterExit() (on civil.Date) {
	if p.ExitOn.IsZero() || !slices.ContainsFunc(p.credentials(), func(o pirlOutcome) bool { return kindOf(o) == "1" }) {
		return on
	}
	for _, o := range p.Outcomes.V {
		if o.Kind == "schooling" && o.On.After(p.ExitOn) && !o.On.After(p.until) && on.IsZero() {
			on = o.On
		}
	}
	return on
}

func (p *period) quarter(n string) (participation.Quarter, bool) {
	back, _ := strconv.Atoi(n)
	if p.ExitOn.IsZero() {
		return 0, false
	}
	return participation.QuarterOf(p.ExitOn).Add(back), true
}

// wage is what counts of a quarter after the exit; the list is in the order of preference.
func (p *period) wage(n string) (w pirlWage, found bool) {
	q, exited := p.quarter(n)
	i := slices.IndexFunc(p.Wages.V, func(w pirlWage) bool { return exited && w.Quarter == q })
	if i < 0 {
		return w, false
	}
	return p.Wages.V[i], true
}

// employed is 9 while it is not known, and nothing before the exit (W2).
func (p *period) employed(n string) string {
	w, found := p.wage(n)
	switch {
	case p.ExitOn.IsZero():
		return ""
	case found:
		return w.Employment
	}
	return "9"
}

func (p *period) match(n string) string {
	w, found := p.wage(n)
	switch {
	case p.ExitOn.IsZero():
		return ""
	case !found:
		return "5"
	case w.Employment == "0":
		return "0"
	}
	return w.Source
}

func (p *period) wages(n string) string {
	w, found := p.wage(n)
	switch {
	case p.ExitOn.IsZero():
		return ""
	case !found || w.Wages == nil && w.Employment != "0":
		return "999999.99"
	case w.Wages == nil:
		return "0.00"
	}
	return fmt.Sprintf("%d.%02d", *w.Wages/100, *w.Wages%100)
}

func (p *period) sameEmployer() string {
	a, one := p.wage("2")
	b, other := p.wage("4")
	if !one || !other {
		return ""
	}
	return oneZero(slices.ContainsFunc(a.FEINs, func(f string) bool { return slices.Contains(b.FEINs, f) }))
}

// kinds are the codes of elements 1800, 1802 and 1804.
var kinds = map[string]string{"diploma": "1", "associate": "2", "bachelor": "3", "license": "4", "certificate": "5", "certification": "6", "other": "7"}

func kindOf(o pirlOutcome) string {
	switch {
	case o.Kind == "credential":
		return kinds[o.Detail.Credential]
	case o.Kind == "skill_gain" && o.Detail.Gain == "diploma":
		return "1"
	}
	return ""
}

func (p *period) credentials() (list []pirlOutcome) {
	for _, o := range p.Outcomes.V {
		if kindOf(o) != "" && !o.On.Before(p.StartedOn) && !o.On.After(p.until) {
			list = append(list, o)
		}
	}
	return list
}

func (p *period) credential(a []string) string {
	n, _ := strconv.Atoi(a[0])
	list := p.credentials()
	switch {
	case n > len(list):
		return ""
	case a[1] == "type":
		return kindOf(list[n-1])
	}
	return compact(list[n-1].On)
}

// gain is the latest of a kind; of transcripts, of a level.
func (p *period) gain(a []string) (on civil.Date) {
	for _, o := range p.Outcomes.V {
		if o.Kind == "skill_gain" && o.Detail.Gain == a[0] && (len(a) < 2 || o.Detail.Level == a[1]) && !o.On.Before(p.StartedOn) && !o.On.After(p.until) {
			on = civil.Later(on, o.On)
		}
	}
	return on
}

// enrolled are elements 1811 and 1813: the newest education or training, and its end when none goes on.
func (p *period) enrolled() (on, until civil.Date) {
	open := false
	take := func(from, to civil.Date, goesOn bool) {
		if from.After(p.until) || !p.ExitOn.IsZero() && from.After(p.ExitOn) {
			return
		}
		on, until = civil.Later(on, civil.Later(from, p.StartedOn)), civil.Later(until, to)
		open = open || goesOn || to.After(p.until)
	}
	for _, s := range p.Services.V {
		if s.Code >= "T01" && s.Code <= "T12" || s.Code == "Y02" || s.Code == "Y04" || s.Code == "Y05" {
			take(s.On, civil.Later(s.On, s.Ends), s.Ongoing && s.Ends.IsZero())
		}
	}
	for _, o := range p.Outcomes.V {
		if o.Kind == "schooling" {
			take(o.On, o.Detail.Until, o.Detail.Until.IsZero())
		}
	}
	if open {
		until = civil.Date{}
	}
	return on, until
}

// placement is of youth: 1 job skills, 2 postsecondary, 3 secondary, 0 none.
func (p *period) placement(n string) string {
	q, exited := p.quarter(n)
	if !exited || !slices.Contains(p.Programs, "youth") {
		return ""
	}
	best := "0"
	for _, o := range p.Outcomes.V {
		if o.Kind == "schooling" && !o.On.After(q.Last()) && (o.Detail.Until.IsZero() || !o.Detail.Until.Before(q.First())) {
			code := map[string]string{"occupational": "1", "postsecondary": "2", "secondary": "3"}[o.Detail.Level]
			if best == "0" || cmp.Less(code, best) {
				best = code
			}
		}
	}
	return best
}
