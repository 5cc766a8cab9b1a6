// Package recommend has the page of step 2: the options with their reasons, and the talk about them.
package recommend

import (
	"strconv"
	"strings"

	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
	"waymark/internal/recommend"
	pathwaypage "waymark/web/page/pathway"
)

// Meter is one component: words, a bar, and the number that the bar repeats.
type Meter struct{ Label, Value, Width, Words string }

// Fact is one line of what the way takes.
type Fact struct{ Term, Value, Note string }

// Reader says options in the words of a page.
type Reader struct {
	page.Chrome
	Catalogue pathway.Catalogue
}

// Area names the area.
func (v Reader) Area(o recommend.Ranked) string { return o.AreaName.In(v.Lang()) }

// Total is "89.5 of 100".
func (v Reader) Total(o recommend.Ranked) string {
	return v.T("pathway.of_100", msg.Args{"value": decimal(o.Total)})
}

// Meters are the five components; one without data says so.
func (v Reader) Meters(o recommend.Ranked) []Meter {
	list := []Meter{}
	for _, m := range []struct {
		code  string
		value *float64
	}{{"interest", o.Interest}, {"readiness", o.Readiness}, {"wage", o.Wage}, {"demand", o.Demand}, {"preference", o.Preference}} {
		one := Meter{Label: v.T("recommend.component." + m.code), Value: v.T("recommend.no_value"), Words: v.T("recommend.left_out")}
		if m.value != nil {
			one.Value, one.Width, one.Words = decimal(*m.value), decimal(*m.value)+"%", v.T("recommend.level."+m.code+"."+level(*m.value))
		}
		if m.code == "interest" && o.Undifferentiated {
			one.Words = v.T("recommend.undifferentiated")
		}
		list = append(list, one)
	}
	return list
}

// level is the word for a number: high from 80, good from 60, fair from 40, else low.
func level(x float64) string {
	switch {
	case x >= 80:
		return "high"
	case x >= 60:
		return "good"
	case x >= 40:
		return "fair"
	}
	return "low"
}

// Reasons says helps, gaps or unlocks in words.
func (v Reader) Reasons(list []recommend.Why) []string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = v.T(w.Code, v.args(w.Args))
	}
	return words
}

// args turns the figures of a reason into words.
func (v Reader) args(in map[string]any) msg.Args {
	out := msg.Args{}
	for k, x := range in {
		switch k {
		case "wage", "needed":
			out[k] = money.Cents(float(x)*100 + .5).String()
		case "constraint":
			out[k] = pathwaypage.Constraint(v.Chrome, text(x))
		case "soc":
			out["job"] = v.Catalogue.JobTitle(text(x), v.Lang())
		case "entry", "zone":
			out[k] = v.T("recommend.zone." + decimal(float(x)))
		default:
			out[k] = decimal(float(x))
		}
	}
	return out
}

// Without lists in words what the ranking did without.
func (v Reader) Without(o recommend.Ranked) string {
	list := make([]string, len(o.Missing))
	for i, code := range o.Missing {
		list[i] = v.T("recommend.data." + code)
	}
	return strings.Join(list, ", ")
}

// Facts are what the way from the first step to the goal takes and pays.
func (v Reader) Facts(o recommend.Ranked) []Fact {
	return []Fact{
		{v.T("recommend.fact.entry"), pathwaypage.StepName(v.Chrome, o.EntryStep, o.EntryTitle), v.entryWhy(o)},
		{v.T("recommend.fact.target"), pathwaypage.StepName(v.Chrome, o.TargetStep, o.TargetTitle), ""},
		{v.T("recommend.fact.training"), v.training(o.FirstTraining), ""},
		{v.T("recommend.fact.time"), v.weeks(o.Weeks), ""},
		{v.T("recommend.fact.cost"), pathwaypage.Cost(v.Chrome, o.CostCents), ""},
		{v.T("recommend.fact.pay_entry"), v.pay(o.WageAtEntry), ""},
		{v.T("recommend.fact.pay_3"), v.pay(o.WageStep3), ""},
		{v.T("recommend.fact.pay_4"), v.pay(o.WageStep4), ""},
		{v.T("recommend.fact.openings"), v.openings(o), ""},
	}
}

// More is what a longer talk needs besides: demands, credentials, support, ways back, sources.
func (v Reader) More(o recommend.Ranked) []Fact {
	return []Fact{
		{v.T("recommend.fact.needed"), v.needed(o), ""},
		{v.T("recommend.fact.physical"), v.texts(o.Physical), ""},
		{v.T("recommend.fact.credentials"), v.credentials(o), ""},
		{v.T("recommend.fact.supports"), v.orNone(pathwaypage.Joined(v.Chrome, o.Supports, pathwaypage.Support)), ""},
		{v.T("recommend.fact.reentry"), v.reentry(o), ""},
		{v.T("recommend.fact.pay_source"), v.vintage(o, "wage"), ""},
		{v.T("recommend.fact.demand_source"), v.vintage(o, "demand"), ""},
	}
}

func (v Reader) entryWhy(o recommend.Ranked) string {
	if o.EntryWhy == recommend.EntryUsual {
		return ""
	}
	return v.T("recommend.entry."+o.EntryWhy, msg.Args{"usual": o.UsualEntryStep})
}

func (v Reader) training(t *recommend.Training) string {
	if t == nil {
		return v.T("recommend.no_training")
	}
	return t.Name.In(v.Lang()) + ", " + t.Provider
}

func (v Reader) weeks(n *int) string {
	if n == nil {
		return v.T("pathway.no_time")
	}
	return pathwaypage.Weeks(v.Chrome, *n)
}

func (v Reader) pay(p *recommend.Pay) string {
	if p == nil {
		return v.T("pathway.no_pay")
	}
	return v.Pay(money.Cents(p.MinCents), money.Cents(p.MaxCents), p.Per)
}

// vintage says how wide a figure is, whose it is and from when.
func (v Reader) vintage(o recommend.Ranked, key string) string {
	s, ok := o.Data[key]
	if !ok {
		return v.T("pathway.no_figure")
	}
	level := pathwaypage.Level(v.Chrome, s.Level)
	if s.Title == "" || s.Year == 0 {
		return level
	}
	return v.T("recommend.vintage", msg.Args{"level": level, "source": s.Title, "year": s.Year})
}

func (v Reader) openings(o recommend.Ranked) string {
	if o.Openings == nil {
		return v.T("pathway.no_figure")
	}
	return v.T("recommend.openings", msg.Args{"number": pathwaypage.Number(*o.Openings)})
}

func (v Reader) needed(o recommend.Ranked) string {
	return v.orNone(strings.Join(append(constraints(v, o.Constraints), texts(v.Lang(), o.Requirements)...), "; "))
}

func constraints(v Reader, codes []string) []string {
	list := make([]string, len(codes))
	for i, code := range codes {
		list[i] = pathwaypage.Constraint(v.Chrome, code)
	}
	return list
}

func (v Reader) texts(list []pathway.Text) string {
	return v.orNone(strings.Join(texts(v.Lang(), list), "; "))
}

func texts(lang string, list []pathway.Text) []string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = t.In(lang)
	}
	return words
}

func (v Reader) credentials(o recommend.Ranked) string {
	list := make([]string, len(o.Credentials))
	for i, k := range o.Credentials {
		list[i] = k.Name.In(v.Lang())
	}
	return v.orNone(strings.Join(list, ", "))
}

func (v Reader) reentry(o recommend.Ranked) string {
	list := make([]string, len(o.Reentry))
	for i, e := range o.Reentry {
		list[i] = v.T("recommend.reentry", msg.Args{"number": e.Step, "how": e.How.In(v.Lang())})
	}
	return v.orNone(strings.Join(list, " "))
}

func (v Reader) orNone(s string) string {
	if s == "" {
		return v.T("recommend.none_listed")
	}
	return s
}

// decimal writes a number with one decimal where it has one.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func float(x any) float64 {
	switch n := x.(type) {
	case float64:
		return n
	case int:
		return float64(n)
	}
	return 0
}

func text(x any) string {
	s, _ := x.(string)
	return s
}
