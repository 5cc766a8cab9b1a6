package pathway

import (
	"maps"
	"slices"
	"strings"

	"waymark/internal/pg"
	"waymark/internal/reference"
)

// real is what imported reference data says of the catalogue's areas and occupations in the
// agency's region. It is empty as long as nothing was imported, and then nothing changes.
type real struct {
	wage   map[string]AreaWage
	demand map[string]Demand
	median map[string]RegionWage
}

// nearer reports whether a written figure stays before a real one: an agency's own figure of its
// region does, and one that is nearer than the real one.
func nearer(written, real string) bool {
	return written == "region" || written != "" && slices.Index(Levels, written) < slices.Index(Levels, real)
}

// withReference adds what was imported: pay and demand of areas, medians and outlook of
// occupations, and occupations that pathways name and the catalogue does not describe.
func (c *Catalogue) withReference(tx *pg.Tx, at reference.Place) error {
	stamps, err := reference.Stamps(tx)
	if err != nil || len(stamps) == 0 {
		return err
	}
	sources := map[string]Source{}
	for _, s := range stamps {
		k := s.Of()
		sources[s.Name] = Source{Code: s.Name, Title: k.Title, URL: k.URL, Licence: k.Licence, Year: yearIn(s.Vintage), Notice: &Text{k.Notice.EN, k.Notice.ES}}
	}
	maps.Copy(c.sources, sources)
	socs := c.named()
	if err := c.describe(tx, socs); err != nil {
		return err
	}
	wages, err := reference.Wages(tx, socs, at)
	if err != nil {
		return err
	}
	outlook, err := reference.Projections(tx, socs)
	if err != nil {
		return err
	}
	c.real = real{map[string]AreaWage{}, map[string]Demand{}, map[string]RegionWage{}}
	for soc, list := range wages {
		for _, w := range list {
			if cents, per, ok := w.Median(); ok {
				c.real.median[soc] = RegionWage{soc, cents, per, w.Level, w.Set, w.Year}
				break
			}
		}
	}
	for _, a := range c.areas {
		if w, ok := areaWage(c.socsAt(a, 3), wages); ok {
			c.real.wage[a.Code] = w
		}
	}
	c.demands(outlook)
	c.refresh(outlook)
	return c.trades(tx, socs)
}

// trades gives occupations the federal codes of their apprenticeships that were imported.
func (c *Catalogue) trades(tx *pg.Tx, socs []string) error {
	codes, err := reference.Trades(tx, socs)
	for soc, list := range codes {
		o, ok := c.occupations[soc]
		if !ok {
			continue
		}
		o.RAPIDS = list
		o.Sources = append(slices.DeleteFunc(slices.Clone(o.Sources), func(code string) bool { return strings.HasPrefix(code, "rapids") }), "rapids")
		c.occupations[soc] = o
	}
	return err
}

func yearIn(vintage string) int {
	n := 0
	for i := range len(vintage) {
		if d := vintage[i]; d >= '0' && d <= '9' {
			n = n*10 + int(d-'0')
		} else if n > 1900 {
			return n
		} else {
			n = 0
		}
	}
	if n < 1900 {
		return 0
	}
	return n
}

// named lists the occupations that published pathways or the catalogue know.
func (c *Catalogue) named() []string {
	all := map[string]bool{}
	for soc := range c.occupations {
		all[soc] = true
	}
	for _, e := range c.pathways {
		for _, a := range e.Areas {
			for _, soc := range a.Anchors {
				all[soc] = true
			}
		}
		for _, s := range e.Steps {
			for _, j := range s.Jobs {
				all[j.SOC] = true
			}
		}
	}
	delete(all, "")
	return slices.Sorted(maps.Keys(all))
}

// socsAt are the occupations of an area at a step, 0 for all steps and the anchors with them.
func (c *Catalogue) socsAt(a AreaOf, step int) []string {
	e, _ := c.Pathway(a.PathwayCode)
	list := []string{}
	if step == 0 {
		list = append(list, a.Anchors...)
	}
	for _, s := range e.Steps {
		for _, j := range s.Jobs {
			if (step == 0 || s.Number == step) && j.Area == a.Code && j.SOC != "" {
				list = append(list, j.SOC)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// areaWage is the median over the occupations at the nearest level that knows at least half of them.
func areaWage(socs []string, wages map[string][]reference.Wage) (AreaWage, bool) {
	for _, level := range Levels {
		var cents []int64
		a := AreaWage{Level: level}
		for _, soc := range socs {
			i := slices.IndexFunc(wages[soc], func(w reference.Wage) bool { _, ok := w.Hourly(); return ok && w.Level == level })
			if i < 0 {
				continue
			}
			w := wages[soc][i]
			one, _ := w.Hourly()
			cents, a.Source, a.Year = append(cents, one), w.Set, w.Year
		}
		if len(cents) > 0 && len(cents)*2 >= len(socs) {
			slices.Sort(cents)
			a.HourlyCents = (cents[(len(cents)-1)/2] + cents[len(cents)/2]) / 2
			return a, true
		}
	}
	return AreaWage{}, false
}

// outlooks adds up an area: openings a year, and growth weighted by jobs.
type outlooks struct {
	openings     int
	growth, jobs float64
	known, grown bool
	year         int
}

func (c *Catalogue) outlookOf(a AreaOf, all map[string]reference.Projection) outlooks {
	var o outlooks
	seen := map[string]bool{}
	for _, soc := range c.socsAt(a, 0) {
		p, ok := all[soc]
		if !ok || seen[p.Code] {
			continue
		}
		seen[p.Code] = true
		o.year = p.Base()
		if p.Openings != nil {
			o.openings, o.known = o.openings+*p.Openings, true
		}
		if p.Growth != nil && p.Employment != nil {
			o.growth, o.jobs, o.grown = o.growth+*p.Growth*float64(*p.Employment), o.jobs+float64(*p.Employment), true
		}
	}
	return o
}

// demands computes the parts of every area's demand: its place among the areas by openings, and
// whether it grows at least as all work does. An area without openings has no demand figure.
func (c *Catalogue) demands(all map[string]reference.Projection) {
	of := map[string]outlooks{}
	for _, a := range c.areas {
		if o := c.outlookOf(a, all); o.known {
			of[a.Code] = o
		}
	}
	work := all[reference.AllWork]
	for code, o := range of {
		less := 0
		for _, other := range of {
			if other.openings <= o.openings {
				less++
			}
		}
		d := Demand{OpeningsPercentile: new(float64(less) / float64(len(of))), Level: "nation", Source: "projections", Year: o.year}
		if o.grown && o.jobs > 0 && work.Growth != nil {
			d.GrowthAtMean = new(o.growth/o.jobs >= *work.Growth)
		}
		if written, ok := c.writtenDemand(code); ok {
			d.InDemand = written.InDemand // the local list is the agency's own
		}
		c.real.demand[code] = d
	}
}

// refresh gives the catalogue's occupations the outlook that was imported.
func (c *Catalogue) refresh(all map[string]reference.Projection) {
	for soc, o := range c.occupations {
		p, ok := all[soc]
		if !ok {
			continue
		}
		o.Openings, o.Growth, o.Outlook, o.OutlookSource = p.Openings, p.Growth, p.Years, "projections"
		o.RapidGrowth, o.NumerousOpenings = p.Rapid(), p.Many()
		if p.Education != "" {
			o.EntryEducation = p.Education
		}
		c.occupations[soc] = o
	}
}

// describe adds occupations that only reference data knows. Its titles are English.
func (c *Catalogue) describe(tx *pg.Tx, socs []string) error {
	missing := slices.DeleteFunc(slices.Clone(socs), func(soc string) bool { _, ok := c.occupations[soc]; return ok })
	if len(missing) == 0 {
		return nil
	}
	found, err := reference.Occupations(tx, missing)
	for _, o := range found {
		c.occupations[o.SOC] = Occupation{SOC: o.SOC, Title: Text{o.Title, o.Title}, Zone: o.Zone, RIASEC: o.RIASEC(), Sources: []string{"onet_occupations"}}
	}
	return err
}

// Occupations lists every occupation that the catalogue knows, by code.
func (c Catalogue) Occupations() []Occupation {
	list := make([]Occupation, 0, len(c.occupations))
	for _, soc := range slices.Sorted(maps.Keys(c.occupations)) {
		list = append(list, c.occupations[soc])
	}
	return list
}
