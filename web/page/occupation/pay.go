package occupation

import (
	"fmt"
	"slices"
	"strconv"

	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/pathway"
	"waymark/internal/reference"
)

// row is the pay of one area: as published, and about in the other unit. Low, Mid and Wide place
// its bar on the table's one scale; they are empty when no range is published.
type row struct {
	Where, When, Typical, About, Range string
	Low, Mid, Wide                     string
	p10, p90, median                   int64 // cents an hour
}

// rows are the areas from the nearest on: the agency's own figure of its region, then what was
// imported, else what the catalogue has.
func (v Show) rows() []row {
	list := []row{}
	m, known := v.Catalogue.Median(v.Occupation.SOC)
	if known && !slices.ContainsFunc(v.Job.Wages, func(w reference.Wage) bool { return w.Level == m.Level }) {
		list = append(list, v.written(m))
	}
	for _, w := range v.Job.Wages {
		list = append(list, v.imported(w))
	}
	if w := v.Occupation.Wage; w != nil && w.Median != nil && len(v.Job.Wages) == 0 && !(known && m.Level == "nation") {
		list = append(list, v.written(pathway.RegionWage{SOC: v.Occupation.SOC, MedianCents: *w.Median, Per: w.Per, Level: "nation", Year: w.Year}))
	}
	return scaled(list)
}

func (v Show) place(level, name string) string {
	switch level {
	case "nation":
		return v.T("occupation.nation")
	case "state":
		return v.Job.State.In(v.Lang())
	}
	if name == "" {
		name = v.Catalogue.Region.Name.In(v.Lang())
	}
	return name
}

func (v Show) written(m pathway.RegionWage) row {
	r := row{Where: v.place(m.Level, ""), When: strconv.Itoa(m.Year), Typical: v.amount(m.MedianCents, m.Per), About: v.about(m.MedianCents, m.Per), Range: v.T("occupation.no_range")}
	r.median = hourly(m.MedianCents, m.Per)
	if w := v.Occupation.Wage; w != nil && m.Level == "nation" && w.P10 != nil && w.P90 != nil {
		r.Range = v.Pay(money.Cents(*w.P10), money.Cents(*w.P90), w.Per)
		r.p10, r.p90 = hourly(*w.P10, w.Per), hourly(*w.P90, w.Per)
	}
	return r
}

func (v Show) imported(w reference.Wage) row {
	name := ""
	if w.Level == "region" {
		name = w.AreaName
	}
	r := row{Where: v.place(w.Level, name), When: v.Job.Vintage(w.Set), Range: v.T("occupation.no_range")}
	cents, per, ok := w.Median()
	switch {
	case ok:
		r.Typical, r.About, r.median = v.amount(cents, per), v.about(cents, per), hourly(cents, per)
	case w.HMean != nil:
		r.Typical, r.About, r.When = v.amount(*w.HMean, "hour"), v.about(*w.HMean, "hour"), v.T("occupation.mean", msg.Args{"vintage": r.When})
	case w.AMean != nil:
		r.Typical, r.About, r.When = v.amount(*w.AMean, "year"), v.about(*w.AMean, "year"), v.T("occupation.mean", msg.Args{"vintage": r.When})
	case w.Topped:
		r.Typical = v.T("occupation.topped")
	default:
		r.Typical = v.T("occupation.no_figure")
	}
	low, high := w.HP10, w.HP90
	if per == "year" || low == nil {
		low, high, per = w.AP10, w.AP90, "year"
	}
	switch {
	case low != nil && high != nil:
		r.Range = v.Pay(money.Cents(*low), money.Cents(*high), per)
		r.p10, r.p90 = hourly(*low, per), hourly(*high, per)
	case low != nil:
		r.Range = v.T("occupation.from", msg.Args{"pay": v.amount(*low, per)})
	}
	return r
}

func hourly(cents int64, per string) int64 {
	low, _ := pathway.Wage{MinCents: cents, MaxCents: cents, Per: per}.Hourly()
	return low
}

// about is the amount in the other unit, in whole dollars.
func (v Show) about(cents int64, per string) string {
	other := "year"
	w := pathway.Wage{MinCents: cents, MaxCents: cents, Per: per}
	n, _ := w.Yearly()
	if per == "year" {
		other = "hour"
		n, _ = w.Hourly()
	}
	return v.T("occupation.about", msg.Args{"pay": v.amount((n+50)/100*100, other)})
}

// top is the end of the table's scale, a round number of dollars an hour.
func top(list []row) int64 {
	most := int64(0)
	for _, r := range list {
		most = max(most, r.p90, r.median)
	}
	return (most/1000 + 1) * 1000
}

func scaled(list []row) []row {
	end := float64(top(list))
	at := func(cents int64) string { return fmt.Sprintf("%.1f%%", 100*float64(cents)/end) }
	for i, r := range list {
		if r.p10 > 0 && r.median > 0 {
			list[i].Low, list[i].Mid, list[i].Wide = at(r.p10), at(r.median), at(r.p90-r.p10)
		}
	}
	return list
}

func (v Show) scaleWords() string {
	return v.T("occupation.scale", msg.Args{"top": v.amount(top(v.rows()), "hour")})
}

// payNotes say what the figures are, and what they are not.
func (v Show) payNotes() []string {
	list := []string{v.T("occupation.pay.note")}
	if slices.ContainsFunc(v.Job.Wages, func(w reference.Wage) bool { return w.Shared }) || v.Occupation.Wage != nil && v.Occupation.Wage.Group {
		list = append(list, v.T("occupation.pay.group"))
	}
	old := 0
	for _, w := range v.Job.Wages {
		if w.Year < v.Today.Year()-1 {
			old = w.Year
		}
	}
	if old > 0 {
		list = append(list, v.T("occupation.pay.old", msg.Args{"year": old}))
	}
	return list
}
