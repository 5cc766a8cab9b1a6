package result

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
)

// derivation fills a column. Least is how many arguments it takes at least.
type derivation struct {
	of    func(p *period, args []string) string
	least int
}

// derivations fill the columns of a layout; a layout names them, with arguments.
var derivations = map[string]derivation{
	"blank":             {func(*period, []string) string { return "" }, 0},
	"observation":       plain(func(p *period) string { return strconv.Itoa(p.Observation) }),
	"unique_id":         plain(func(p *period) string { return p.ExportID }),
	"state":             plain(func(p *period) string { return p.State }),
	"county":            plain(func(p *period) string { return p.County[max(0, len(p.County)-3):] }),
	"zip":               plain(func(p *period) string { return p.ZIP }),
	"birth_date":        plain(func(p *period) string { return compact(p.BirthDate) }),
	"started_on":        plain(func(p *period) string { return compact(p.StartedOn) }),
	"exit_on":           plain(func(p *period) string { return compact(p.ExitOn) }),
	"exclusion":         plain((*period).exclusion),
	"program":           {func(p *period, a []string) string { return oneZero(slices.Contains(p.Programs, a[0])) }, 1},
	"equity":            {func(p *period, a []string) string { return p.equityCode(a[0]) }, 1},
	"fact":              {func(p *period, a []string) string { return p.fact(a[0]) }, 1},
	"youth_fact":        {func(p *period, a []string) string { return p.ofYouth(p.fact(a[0])) }, 1},
	"benefit":           {func(p *period, a []string) string { return p.benefit(a) }, 1},
	"education":         plain(func(p *period) string { return p.fact("education") }),
	"school_status":     plain(func(p *period) string { return p.fact("school_status") }),
	"low_income":        plain(func(p *period) string { return p.fact("low_income") }),
	"basic_skills":      plain((*period).basicSkills),
	"last_occupation":   plain((*period).lastOccupation),
	"industry_before":   {func(p *period, a []string) string { return p.industryBefore(number(a[0])) }, 1},
	"dislocated_on":     plain(func(p *period) string { return compact(p.dislocatedOn()) }),
	"first":             {func(p *period, a []string) string { return compact(p.service(a, false)) }, 1},
	"last":              {func(p *period, a []string) string { return compact(p.service(a, true)) }, 1},
	"given":             {func(p *period, a []string) string { return oneZero(!p.service(a, true).IsZero()) }, 1},
	"trained":           plain(func(p *period) string { return oneZero(len(p.trainings()) > 0) }),
	"training":          {func(p *period, a []string) string { return p.training(number(a[0]), a[1]) }, 2},
	"enrolled_on":       plain(func(p *period) string { on, _ := p.enrolled(); return compact(on) }),
	"enrolled_until":    plain(func(p *period) string { _, until := p.enrolled(); return compact(until) }),
	"college":           plain(func(p *period) string { return oneZero(p.attended("postsecondary")) }),
	"secondary":         plain(func(p *period) string { return oneZero(p.attended("secondary")) }),
	"school_after_exit": plain(func(p *period) string { return compact(p.schoolAfterExit()) }),
	"placement":         {func(p *period, a []string) string { return p.placement(number(a[0])) }, 1},
	"employed":          {func(p *period, a []string) string { return p.employed(number(a[0])) }, 1},
	"match":             {func(p *period, a []string) string { return p.match(number(a[0])) }, 1},
	"wages":             {func(p *period, a []string) string { return p.wages(number(a[0])) }, 1},
	"industry":          {func(p *period, a []string) string { return p.industry(number(a[0])) }, 1},
	"job_occupation":    plain((*period).jobOccupation),
	"same_employer":     plain((*period).sameEmployer),
	"credential":        {func(p *period, a []string) string { return p.credential(number(a[0]), a[1]) }, 2},
	"gain":              {func(p *period, a []string) string { return compact(p.gain(a)) }, 1},
}

// plain is a derivation without arguments.
func plain(of func(*period) string) derivation {
	return derivation{func(p *period, _ []string) string { return of(p) }, 0}
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// oneZero is the federal yes and no.
func oneZero(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

// compact is a day as the file writes it.
func compact(d civil.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// exclusion is element 923, which there is only with an exit (W1).
func (p *period) exclusion() string {
	if p.ExitOn.IsZero() {
		return ""
	}
	return p.Exclusion
}

// ofYouth leaves out what is asked of youth only.
func (p *period) ofYouth(v string) string {
	if slices.Contains(p.Programs, "youth") {
		return v
	}
	return ""
}
