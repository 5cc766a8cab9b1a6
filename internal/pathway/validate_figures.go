package pathway

import (
	"fmt"
	"math"
)

func (c *checker) occupation(at string, o Occupation) {
	if !socPattern.MatchString(o.SOC) {
		c.add(at+".soc", BadCode, "value", o.SOC)
	}
	c.text(at+".title", o.Title)
	c.between(at+".zone", o.Zone, 0, 5)
	if n := len(o.RIASEC); n != 0 {
		c.between(at+".riasec", n, 6, 6)
	}
	for i, v := range o.RIASEC {
		if !(v >= 1 && v <= 7) {
			c.add(fmt.Sprintf("%s.riasec[%d]", at, i), OutOfRange, "value", v, "min", 1, "max", 7)
		}
	}
	if w := o.Wage; w != nil {
		c.oneOf(at+".wage.per", w.Per, []string{PerHour, PerYear})
		c.source(at+".wage.source", w.Source)
		c.year(at+".wage.year", w.Year)
		last := int64(0)
		for _, p := range []struct {
			key   string
			cents *int64
		}{{"p10", w.P10}, {"p25", w.P25}, {"median", w.Median}, {"p75", w.P75}, {"p90", w.P90}} {
			if p.cents == nil {
				continue
			}
			c.money(at+".wage."+p.key, *p.cents)
			if *p.cents < last {
				c.add(at+".wage."+p.key, RangeInverted, "min", last, "max", *p.cents)
			}
			last = *p.cents
		}
	}
	if o.Openings != nil {
		c.count(at+".openings", *o.Openings)
	}
	if o.Openings != nil || o.Growth != nil {
		c.need(at+".outlook", o.Outlook)
		c.source(at+".outlook_source", o.OutlookSource)
	}
	if o.EntryEducation != "" {
		c.oneOf(at+".entry_education", o.EntryEducation, Educations)
	}
	c.optional(at+".description", o.Description)
	c.refs(at+".sources", "source", o.Sources, c.sources)
}

func (c *checker) region(at string, r Region) {
	c.code(at+".code", r.Code)
	c.text(at+".name", r.Name)
	c.oneOf(at+".kind", r.Kind, Levels)
	if r.Kind != "nation" || r.State != "" {
		if !statePattern.MatchString(r.State) {
			c.add(at+".state", BadCode, "value", r.State)
		}
	}
	c.ref(at+".parent", "region", r.Parent, c.regions)
	c.optional(at+".note", r.Note)
	seen := map[string]bool{}
	for i, a := range r.Areas {
		to := fmt.Sprintf("%s.areas[%d]", at, i)
		c.need(to+".area", a.Area)
		c.ref(to+".area", "area", a.Area, c.areas)
		if seen[a.Area] {
			c.add(to+".area", Duplicate, "value", a.Area)
		}
		seen[a.Area] = true
		if w := a.Wage; w != nil {
			c.money(to+".wage.hourly_cents", w.HourlyCents)
			c.figure(to+".wage", w.Level, w.Source, w.Year)
		}
		if d := a.Demand; d != nil {
			c.demand(to+".demand", *d)
		}
	}
	seen = map[string]bool{}
	for i, w := range r.Occupations {
		to := fmt.Sprintf("%s.occupations[%d]", at, i)
		c.need(to+".soc", w.SOC)
		c.ref(to+".soc", "occupation", w.SOC, c.occupations)
		if seen[w.SOC] {
			c.add(to+".soc", Duplicate, "value", w.SOC)
		}
		seen[w.SOC] = true
		c.money(to+".median_cents", w.MedianCents)
		c.oneOf(to+".per", w.Per, []string{PerHour, PerYear})
		c.figure(to, w.Level, w.Source, w.Year)
	}
}

func (c *checker) figure(at, level, source string, year int) {
	c.oneOf(at+".level", level, Levels)
	c.source(at+".source", source)
	c.year(at+".year", year)
}

func (c *checker) demand(at string, d Demand) {
	c.figure(at, d.Level, d.Source, d.Year)
	if p := d.OpeningsPercentile; p != nil && !(*p >= 0 && *p <= 1) {
		c.add(at+".openings_percentile", OutOfRange, "value", *p, "min", 0, "max", 1)
	}
	if d.Index == nil {
		if d.OpeningsPercentile == nil {
			c.add(at, Required)
		}
		return
	}
	c.between(at+".index", *d.Index, 0, 100)
	if d.OpeningsPercentile != nil {
		parts := d
		parts.Index = nil
		if s, _ := parts.Score(); math.Abs(s-float64(*d.Index)) > 1 {
			c.add(at+".index", Conflicting, "value", *d.Index)
		}
	}
}
