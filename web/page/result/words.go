package result

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	"waymark/internal/result"
)

// Quarter is a report in words: "Oct 1 to Dec 31, 2026".
func Quarter(c page.Chrome, q participation.Quarter) string {
	return c.T("result.quarter", msg.Args{"from": c.Day(q.First()), "to": c.Date(q.Last())})
}

// Report names a report in the list of those offered: four quarters that end with one.
func Report(c page.Chrome, q participation.Quarter) string {
	key := "result.rolling"
	if q.Number() == 2 {
		key = "result.annual"
	}
	return c.T(key, msg.Args{"quarter": q.String(), "to": c.Date(q.Last()), "year": strconv.Itoa(q.ProgramYear())})
}

// Window is the exits, or the days of participation, that an indicator of a report counts.
func Window(c page.Chrome, i result.Indicator, report participation.Quarter) string {
	w := i.Window(report)
	key := "result.window.exits"
	if i == result.SkillGains || i == result.Participants {
		key = "result.window.days"
	}
	return c.T(key, msg.Args{"from": c.Date(w.From.First()), "to": c.Date(w.To.Last())})
}

// Value is the number as people read it: "72.4 %", "$9,870", a dash where nobody is counted yet.
func Value(c page.Chrome, n result.Number) string {
	switch {
	case n.Indicator == result.Participants || n.Indicator == result.Exiters:
		return strconv.Itoa(n.Denominator)
	case n.Denominator == 0:
		return c.T("result.nobody")
	}
	return Level(c, n.Indicator, n.Level())
}

// Level is a level or a target: per mille as a percentage, cents as an amount.
func Level(c page.Chrome, i result.Indicator, level int64) string {
	if i.Money() {
		return money.Cents(level).String()
	}
	return c.T("result.percent", msg.Args{"n": tenths(level)})
}

func tenths(level int64) string {
	if level%10 == 0 {
		return strconv.FormatInt(level/10, 10)
	}
	return fmt.Sprintf("%d.%d", level/10, level%10)
}

// counted says of how many: "34 of 47".
func counted(c page.Chrome, n result.Number) string {
	if n.Indicator.Money() {
		return c.T("result.with_wages", msg.Args{"count": n.Denominator})
	}
	return c.T("result.of", msg.Args{"n": n.Numerator, "of": n.Denominator})
}

// program is its name; all programs together are the pool.
func program(c page.Chrome, code string) string {
	if code == result.All {
		return c.T("result.all_programs")
	}
	return c.T("program." + code)
}

// finding is a table's title: what it shows.
func (v Overview) finding(t result.Table) string {
	met, with := 0, 0
	for _, l := range t.Lines {
		if p, ok := l.Percent(); ok {
			with++
			if p >= 100 {
				met++
			}
		}
	}
	name := program(v.Chrome, t.Program)
	switch {
	case with == 0:
		return name
	case met == with:
		return v.T("result.finding.all", msg.Args{"program": name, "count": with})
	}
	return v.T("result.finding.some", msg.Args{"program": name, "met": met, "of": with})
}

// tone of a share of the target: the pass lines of a single indicator (50 %) and of an overall score (90 %).
func tone(percent int) string {
	switch {
	case percent >= 90:
		return "green"
	case percent >= 50:
		return "gold"
	}
	return "red"
}

func verdict(percent int) string {
	switch {
	case percent >= 100:
		return "result.met"
	case percent >= 90:
		return "result.near"
	case percent >= 50:
		return "result.under"
	}
	return "result.failed"
}

// change says in words how the number moved since the report before.
func change(c page.Chrome, l result.Line) string {
	last, before := l.Trend[len(l.Trend)-1], l.Trend[len(l.Trend)-2]
	if last.Denominator == 0 || before.Denominator == 0 {
		return c.T("result.change.none")
	}
	by := last.Level() - before.Level()
	key := "result.change.same"
	switch {
	case by > 0:
		key = "result.change.up"
	case by < 0:
		key, by = "result.change.down", -by
	}
	if l.Indicator.Money() {
		return c.T(key, msg.Args{"by": money.Cents(by).String()})
	}
	return c.T(key, msg.Args{"by": c.T("result.points", msg.Args{"n": tenths(by)})})
}

// bar is one bar of a small chart, in units of a 100 by 28 box.
type bar struct{ X, Y, Height, Class string }

// bars are the last reports side by side, the newest filled; a report that counts nobody is a line.
func bars(l result.Line) (list []bar) {
	top := int64(1000)
	if l.Indicator.Money() {
		top = 1
		for _, n := range l.Trend {
			top = max(top, n.Level())
		}
	}
	for i, n := range l.Trend {
		h := max(1, n.Level()*26/top)
		class := "was"
		if i == len(l.Trend)-1 {
			class = "is"
		}
		list = append(list, bar{strconv.Itoa(i*20 + 2), strconv.FormatInt(27-h, 10), strconv.FormatInt(h, 10), class})
	}
	return list
}

// spoken is the chart in words.
func spoken(c page.Chrome, l result.Line) string {
	var parts []string
	for _, n := range l.Trend {
		parts = append(parts, n.Report.String()+" "+Value(c, n))
	}
	return strings.Join(parts, ", ")
}

// Href opens a number, for other pages.
func Href(n result.Number) string { return href(n, "") }

// href opens a number.
func href(n result.Number, place string) string {
	to := "/results/" + string(n.Indicator) + "?program=" + n.Program + "&cohort=" + n.Report.String()
	if place != "" {
		to += "&place=" + place
	}
	return to
}

// reason is why a period stands where it does.
func reason(c page.Chrome, code string) string {
	if x, ok := strings.CutPrefix(code, "excluded_"); ok {
		return c.T("result.reason.excluded", msg.Args{"why": c.T("exit.exclusion." + x)})
	}
	return c.T("result.reason." + code)
}

// stateTone of a quarter after exit.
func stateTone(state string) string {
	return map[string]string{"known": "green", "late": "red", "due": "gold", "open": "blue"}[state]
}

// said is a wage record in words.
func said(c page.Chrome, w result.Wage) string {
	words := c.T("wage.employment." + w.Employment)
	if w.Wages != nil && *w.Wages > 0 {
		words += ", " + w.Wages.String()
		if w.Unit != result.PerQuarter && w.Entered != nil {
			words += " (" + c.T("wage.per."+w.Unit, msg.Args{"amount": w.Entered.String(), "hours": w.Hours}) + ")"
		}
	}
	return words + ", " + c.T("wage.source."+w.Source)
}
