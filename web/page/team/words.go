// Package team has the supervisor's pages. The table is the chart: one cell holds a bar, the others hold
// the numbers, and every number is a link to exactly those people.
package team

import (
	"fmt"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/caseload"
	"waymark/internal/civil"
	"waymark/internal/msg"
	"waymark/internal/plan"
	"waymark/internal/result"
	"waymark/internal/team"
)

// listOf is the address of a number's people.
func listOf(manager access.UserID, urgency string) string {
	q := "/caseload?"
	if !manager.IsZero() {
		q += "case_manager=" + manager.String() + "&"
	}
	if urgency != "" {
		q += "urgency=" + urgency
	}
	return q
}

func (v Team) summary() string {
	return v.T("team.managers", msg.Args{"count": len(v.Overview.Managers)}) + " " + v.T("team.people", msg.Args{"count": v.Overview.Team.All})
}

// loadTitle is the finding about caseloads.
func (v Team) loadTitle() string {
	if m, ok := v.Overview.Busiest(); ok {
		return v.T("team.load.acts", msg.Args{"name": m.FirstName, "people": m.All, "count": m.Acts()})
	}
	return v.T("team.load.fine")
}

// stepTitle is the finding about the six steps.
func (v Team) stepTitle() string {
	if d, ok := v.Overview.Slowest(); ok {
		return v.T("team.steps.slow", msg.Args{"step": v.T("step." + strconv.Itoa(d.Step)), "count": d.Days, "target": d.Target})
	}
	return v.T("team.steps.fine")
}

// trendTitle is the finding about check-ins held in time.
func (v Team) trendTitle() string {
	now, before, ok := v.Trend.Last()
	if !ok {
		return v.T("team.trend.none")
	}
	is, _ := now.Percent()
	was, compared := before.Percent()
	switch {
	case compared && is < was:
		return v.T("team.trend.fell", msg.Args{"percent": is})
	case compared && is > was:
		return v.T("team.trend.rose", msg.Args{"percent": is})
	}
	return v.T("team.trend.is", msg.Args{"percent": is})
}

func (v Team) urgencies() []string {
	if v.Overview.Team.Paused == 0 {
		return caseload.Urgencies[:5]
	}
	return caseload.Urgencies
}

// kinds are the parts of a bar, in order, with their fill. Any two differ in gray as well, or by a pattern.
var kinds = []struct{ urgency, fill, pattern string }{
	{"on_track", "#2378c3", ""}, {"due", "#c2850c", ""}, {"overdue", "#b50909", ""}, {"stalled", "#54278f", "url(#hatch)"}, {"unplanned", "#d54309", "url(#dots)"}, {"paused", "#a9aeb1", ""},
}

// piece is one part of a bar, in percent of the longest.
type piece struct {
	X, Width, Fill, Pattern string
}

func percent(n, of int) string {
	return strconv.FormatFloat(float64(n)*100/float64(of), 'f', 2, 64) + "%"
}

func (v Team) pieces(m team.Load) (list []piece) {
	at, most := 0, v.Overview.Most()
	for _, k := range kinds {
		if n := m.Of(k.urgency); n > 0 {
			list = append(list, piece{percent(at, most), percent(n, most), k.fill, k.pattern})
			at += n
		}
	}
	return list
}

func (v Team) limit() string { return percent(v.Overview.Limit, v.Overview.Most()) }

// measuresTitle is the finding: the measure furthest under its target.
func (v Team) measuresTitle() string {
	worst, points, under := v.Measures.Furthest()
	if under {
		return v.T("team.measures.under", msg.Args{"measure": v.T("result.indicator." + string(worst.Indicator)), "count": points})
	}
	for _, l := range v.Measures.Lines {
		if _, says := team.Under(l); says {
			return v.T("team.measures.fine")
		}
	}
	return v.T("team.measures.title")
}

// isUnder reports a measure under its target, in points or in money.
func isUnder(l result.Line) bool {
	return l.Target != nil && team.Enough(l) && l.Level() < *l.Target
}

// targetOf is where the target of a rate stands; none is nowhere.
func targetOf(l result.Line) string {
	if l.Target == nil {
		return ""
	}
	return percent(int(*l.Target), 1000)
}

// why says in words what stands behind a stalled person.
func (v Team) why(s team.Stuck) string {
	switch {
	case s.Unanswered >= 2:
		return v.T("team.why.no_reply", msg.Args{"count": s.Unanswered})
	case !s.Milestone.IsZero() && s.Milestone.Before(v.Today):
		return v.T("team.why.milestone")
	}
	return v.T("team.why.nothing")
}

func (v Team) what(w plan.Waiting) string {
	if w.Kind == "new" {
		return v.T("plan.queue.new", msg.Args{"pathway": v.Pathway(w.PathwayCode)})
	}
	return v.T("plan.queue.change", msg.Args{"reason": w.ChangeReason})
}

// The line chart's frame: 60 to 100 percent unless a week lies lower.
const left, right, top, bottom = 44.0, 502.0, 14.0, 164.0

func (v Team) floor() int {
	low := 70
	for _, w := range v.Trend.Weeks {
		if p, ok := w.Percent(); ok {
			low = min(low, p/10*10)
		}
	}
	return low
}

func (v Team) y(p int) string {
	return fmt.Sprintf("%.1f", bottom-(bottom-top)*float64(p-v.floor())/float64(100-v.floor()))
}

func (v Team) ticks() (list []int) {
	step := (100 - v.floor() + 29) / 30 * 10
	for p := v.floor(); p <= 100; p += step {
		list = append(list, p)
	}
	return list
}

// dot is one week of the line.
type dot struct {
	X, Y, R string
	Percent int
	Week    civil.Date
}

func (v Team) dots() (list []dot) {
	for i, w := range v.Trend.Weeks {
		if p, ok := w.Percent(); ok {
			list = append(list, dot{fmt.Sprintf("%.1f", left+(right-left)*float64(i)/float64(team.Weeks-1)), v.y(p), "3", p, w.From})
		}
	}
	if len(list) > 0 {
		list[len(list)-1].R = "5"
	}
	return list
}

func (v Team) line() (points string) {
	for _, d := range v.dots() {
		points += d.X + "," + d.Y + " "
	}
	return points
}

func (v Team) described() string {
	list := v.dots()
	if len(list) == 0 {
		return ""
	}
	first, last := list[0], list[len(list)-1]
	return v.T("team.trend.desc", msg.Args{"from": first.Percent, "first": v.Day(first.Week), "to": last.Percent, "last": v.Day(last.Week), "target": v.Overview.OnTimeTarget})
}

func share(w team.Week) string {
	if p, ok := w.Percent(); ok {
		return strconv.Itoa(p) + "%"
	}
	return ""
}
