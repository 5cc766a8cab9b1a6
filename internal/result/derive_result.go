package result

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/internal/civil"
	"waymark/internal/participation"
)

// attended is schooling of a level during the period.
func (p *period) attended(level string) bool {
	return slices.ContainsFunc(p.Made.V, func(m pirlMade) bool {
		return m.Kind == "schooling" && m.Level == level && !m.On.After(p.until) && (p.ExitOn.IsZero() || !m.On.After(p.ExitOn)) && (m.Until.IsZero() || !m.Until.Before(p.StartedOn))
	})
}

// schoolAfterExit is only reported beside a diploma (W7).
func (p *period) schoolAfterExit() (on civil.Date) {
	if p.ExitOn.IsZero() || !slices.ContainsFunc(p.credentials(), func(m pirlMade) bool { return m.Credential == "diploma" }) {
		return on
	}
	for _, m := range p.Made.V {
		if m.Kind == "schooling" && m.On.After(p.ExitOn) && !m.On.After(p.until) && on.IsZero() {
			on = m.On
		}
	}
	return on
}

// placement is of youth in a quarter after the exit: 1 job skills, 2 postsecondary, 3 secondary, 0
// none. Of a quarter that the report cannot know there is nothing.
func (p *period) placement(n int) string {
	if p.ExitOn.IsZero() || !slices.Contains(p.Programs, "youth") {
		return ""
	}
	q := participation.QuarterOf(p.ExitOn).Add(n)
	if q.First().After(p.until) {
		return ""
	}
	best := "0"
	for _, m := range p.Made.V {
		if m.Kind == "schooling" && !m.On.After(q.Last()) && (m.Until.IsZero() || !m.Until.Before(q.First())) {
			code := map[string]string{"occupational": "1", "postsecondary": "2", "secondary": "3"}[m.Level]
			if best == "0" || cmp.Less(code, best) {
				best = code
			}
		}
	}
	return best
}

// quarter is what is known of the n-th quarter after the exit, and whether there was one.
func (p *period) quarter(n int) (pirlQuarter, bool) {
	i := slices.IndexFunc(p.Quarters.V, func(q pirlQuarter) bool { return q.N == n })
	if i < 0 || p.ExitOn.IsZero() {
		return pirlQuarter{}, false
	}
	return p.Quarters.V[i], true
}

// employed is nothing before the exit (W2), 9 while it may still become known, and 0 once no match
// within the lag counts as none.
func (p *period) employed(n int) string {
	q, exited := p.quarter(n)
	switch {
	case !exited:
		return ""
	case q.State == "not_yet":
		return "9"
	case q.State == "employed":
		return q.Employment
	}
	return "0"
}

func (p *period) match(n int) string {
	q, exited := p.quarter(n)
	switch {
	case !exited:
		return ""
	case q.State == "not_yet":
		return "5"
	case q.State == "employed":
		return q.Source
	}
	return "0"
}

func (p *period) wages(n int) string {
	q, exited := p.quarter(n)
	switch {
	case !exited:
		return ""
	case q.State == "not_yet", q.State == "employed" && q.Wages == nil:
		return "999999.99"
	case q.Wages == nil:
		return "0.00"
	}
	return fmt.Sprintf("%d.%02d", *q.Wages/100, *q.Wages%100)
}

func (p *period) industry(n int) string {
	if q, exited := p.quarter(n); exited && q.State == "employed" {
		return q.NAICS
	}
	return ""
}

// jobOccupation is that of the last job on record since the period began.
func (p *period) jobOccupation() (soc string) {
	for _, m := range p.Made.V {
		if m.Kind == "job" && m.SOC != "" && !m.On.Before(p.StartedOn) && !m.On.After(p.until) {
			soc = m.SOC
		}
	}
	return occupation(soc)
}

func (p *period) sameEmployer() string {
	if p.ExitOn.IsZero() {
		return ""
	}
	return found(p.SameEmployer)
}

// kinds are the codes of elements 1800, 1802 and 1804.
var kinds = map[string]string{"diploma": "1", "associate": "2", "bachelor": "3", "license": "4", "certificate": "5", "certification": "6", "other": "7"}

// credentials are those of the period and after it, in order of time.
func (p *period) credentials() (list []pirlMade) {
	for _, m := range p.Made.V {
		if kinds[m.Credential] != "" && !m.On.Before(p.StartedOn) && !m.On.After(p.until) {
			list = append(list, m)
		}
	}
	return list
}

// three are the credentials for which the file has room: of more, the first other than a diploma,
// which is what the measure asks for, then the newest.
func (p *period) three() []pirlMade {
	list := p.credentials()
	if len(list) <= 3 {
		return list
	}
	first := max(0, slices.IndexFunc(list, func(m pirlMade) bool { return m.Credential != "diploma" }))
	keep := []pirlMade{list[first]}
	return append(keep, slices.Delete(list, first, first+1)[len(list)-3:]...)
}

func (p *period) credential(n int, what string) string {
	list := p.three()
	switch {
	case n < 1 || n > len(list):
		return ""
	case what == "type":
		return kinds[list[n-1].Credential]
	}
	return compact(list[n-1].On)
}

// gain is the latest of a kind; of transcripts, of a level. Only what counts is in the list.
func (p *period) gain(a []string) (on civil.Date) {
	for _, g := range p.Gains.V {
		if g.Gain == a[0] && (len(a) < 2 || g.Level == a[1]) && !g.On.Before(p.StartedOn) && !g.On.After(p.until) {
			on = civil.Later(on, g.On)
		}
	}
	return on
}
