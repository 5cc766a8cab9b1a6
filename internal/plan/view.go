package plan

import (
	"slices"
	"strconv"

	"waymark/internal/civil"
)

// Months of the timeline's window.
const axisMonths = 16

// Axis is the window of the timeline: whole months, positions in percent of its width.
type Axis struct {
	From, Until civil.Date // the first day, and the day after the last
	Months      []Tick     // every month but the first
	Today       string     // percent; empty when today is outside
	TodayOn     civil.Date
	LabelToday  bool
	Earlier     string // YYYY-MM of the window before and after
	Later       string
}

// Tick is one month line. Label says that its name is written.
type Tick struct {
	At    string
	Month civil.Date
	Label bool
	Year  bool // January: a stronger line, and the year is written
}

// AxisFor makes the window that shows a plan on a day: from the month in which it starts, or two
// months back when that is longer ago.
func AxisFor(start, today civil.Date) Axis {
	from := civil.On(start.Year(), start.Month(), 1)
	back := civil.On(today.Year(), today.Month(), 1).AddMonths(-2)
	return AxisFrom(civil.Later(from, back), today)
}

// AxisFrom makes the window that begins with the month of a day.
func AxisFrom(day, today civil.Date) Axis {
	from := civil.On(day.Year(), day.Month(), 1)
	a := Axis{From: from, Until: from.AddMonths(axisMonths), TodayOn: today}
	now, shown := a.share(today)
	if shown {
		a.Today = percent(now)
	}
	for i := range axisMonths {
		m := from.AddMonths(i)
		at, _ := a.share(m)
		clear := !shown || now-5.5 > at+10 || now+5.5 < at
		a.Months = append(a.Months, Tick{At: percent(at), Month: m, Label: i%4 == 0 && clear, Year: i == 0 || m.Month() == 1})
	}
	a.Earlier, a.Later = month(from.AddMonths(-axisMonths)), month(a.Until)
	return a
}

func month(d civil.Date) string { return d.Time().Format("2006-01") }

// share is where a day lies, in percent of the window, and whether it is inside.
func (a Axis) share(d civil.Date) (float64, bool) {
	at := 100 * float64(d.DaysSince(a.From)) / float64(a.Until.DaysSince(a.From))
	return at, at >= 0 && at < 100
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

// Bar is the drawn part of a row; empty Width: nothing of it lies in the window.
type Bar struct{ X, Width, Fill, Stroke, Dash string }

// Row is one milestone in the timeline.
type Row struct {
	Milestone
	Bar Bar
	// Late is by how many days; Week is which week of Weeks it is.
	Late, Week int
	// By says that only the date due is shown; Exact that it is shown to the day.
	By, Exact bool
	Href      string
}

// Rows lists the milestones of a plan for a timeline: those to do by date, then those done.
func Rows(p Plan, a Axis) []Row {
	var open, done []Row
	for _, m := range p.AsOf(a.TodayOn).Milestones {
		r := rowOf(m, a)
		if m.closed() {
			done = append(done, r)
		} else {
			open = append(open, r)
		}
	}
	byDate := func(x, y Row) int { return x.first().Compare(y.first()) }
	slices.SortStableFunc(open, byDate)
	slices.SortStableFunc(done, byDate)
	return append(done, open...)
}

// first is the day that places a milestone among the others: its start, else its due date.
func (m Milestone) first() civil.Date {
	if m.StartsOn.IsZero() {
		return m.DueOn
	}
	return m.StartsOn
}

func rowOf(m Milestone, a Axis) Row {
	r := Row{Milestone: m, Bar: a.bar(m)}
	if m.Overdue {
		r.Late = a.TodayOn.DaysSince(m.DueOn)
	}
	if m.Weeks > 1 && !m.StartsOn.IsZero() && !a.TodayOn.Before(m.StartsOn) {
		r.Week = min(a.TodayOn.DaysSince(m.StartsOn)/7+1, m.Weeks)
	}
	r.By = m.StartsOn.IsZero() || m.DueOn.DaysSince(m.StartsOn) < 35
	r.Exact = m.Overdue || m.Status == "done" || abs(int64(m.DueOn.DaysSince(a.TodayOn))) < 90
	return r
}

// looks are fill, stroke and dashes by state.
var looks = map[string][3]string{
	"done":        {"#216e1f", "#216e1f", ""},
	"in_progress": {"#ffbe2e", "#5c410a", ""},
	"late":        {"#fff3f2", "#b50909", ""},
	"later":       {"#fff", "#71767a", "4 3"},
}

// look names how a milestone is drawn: done, in_progress, late or later.
func look(m Milestone) string {
	switch {
	case m.Status == "done":
		return "done"
	case m.Overdue || m.Status == "behind":
		return "late"
	case m.Status == "in_progress":
		return "in_progress"
	}
	return "later"
}

// shortest is the least width in percent that is still seen.
const shortest = 0.9

func (a Axis) bar(m Milestone) Bar {
	if m.Status == "dropped" || m.DueOn.IsZero() {
		return Bar{}
	}
	from := m.StartsOn
	if from.IsZero() {
		from = m.DueOn
	}
	x, _ := a.share(from)
	end, _ := a.share(m.DueOn)
	if end < 0 || x >= 100 {
		return Bar{}
	}
	x, end = max(x, 0), min(end, 100)
	if end-x < shortest {
		x = max(0, end-shortest)
		end = x + shortest
	}
	l := looks[look(m)]
	return Bar{X: percent(x), Width: percent(end - x), Fill: l[0], Stroke: l[1], Dash: l[2]}
}
