package pathway

// AreaWage is the area's step-3 median from the nearest level that has one: region, state,
// nation, and last what the pathway itself gives, whose Level is then empty. Imported figures
// come before written ones of the same level, but for the agency's own region.
func (c Catalogue) AreaWage(code string) (AreaWage, bool) {
	written, ok := c.writtenWage(code)
	if r, found := c.real.wage[code]; found && !(ok && nearer(written.Level, r.Level)) {
		return r, true
	}
	return written, ok
}

func (c Catalogue) writtenWage(code string) (AreaWage, bool) {
	for _, r := range c.chain {
		for _, a := range r.Areas {
			if a.Area == code && a.Wage != nil {
				return *a.Wage, true
			}
		}
	}
	if a, ok := c.Area(code); ok && a.WageHourlyCents != nil {
		return AreaWage{HourlyCents: *a.WageHourlyCents}, true
	}
	return AreaWage{}, false
}

// AreaDemand is the area's demand from the nearest level that has it, as AreaWage.
func (c Catalogue) AreaDemand(code string) (Demand, bool) {
	written, ok := c.writtenDemand(code)
	if r, found := c.real.demand[code]; found && !(ok && nearer(written.Level, r.Level)) {
		return r, true
	}
	return written, ok
}

func (c Catalogue) writtenDemand(code string) (Demand, bool) {
	for _, r := range c.chain {
		for _, a := range r.Areas {
			if a.Area == code && a.Demand != nil {
				return *a.Demand, true
			}
		}
	}
	if a, ok := c.Area(code); ok && a.Demand != nil {
		return Demand{Index: a.Demand}, true
	}
	return Demand{}, false
}

// Median is an occupation's median pay from the nearest level that has it.
func (c Catalogue) Median(soc string) (RegionWage, bool) {
	written, ok := c.writtenMedian(soc)
	if r, found := c.real.median[soc]; found && !(ok && nearer(written.Level, r.Level)) {
		return r, true
	}
	return written, ok
}

func (c Catalogue) writtenMedian(soc string) (RegionWage, bool) {
	for _, r := range c.chain {
		for _, w := range r.Occupations {
			if w.SOC == soc {
				return w, true
			}
		}
	}
	if o, ok := c.occupations[soc]; ok && o.Wage != nil && o.Wage.Median != nil {
		return RegionWage{SOC: soc, MedianCents: *o.Wage.Median, Per: o.Wage.Per, Level: "nation", Source: o.Wage.Source, Year: o.Wage.Year}, true
	}
	return RegionWage{}, false
}

// chainOf is the region with its parents, nearest first. An agency whose region was never
// imported gets its state, else the nation.
func chainOf(regions []Region, code, state string) []Region {
	by := map[string]Region{}
	start := ""
	for _, r := range regions {
		by[r.Code] = r
		if r.Kind == "nation" && start == "" || r.Kind == "state" && r.State == state {
			start = r.Code
		}
	}
	if _, ok := by[code]; ok {
		start = code
	}
	var chain []Region
	for start != "" && len(chain) < len(regions) {
		r, ok := by[start]
		if !ok {
			break
		}
		chain = append(chain, r)
		start = r.Parent
	}
	return chain
}

// Place is where an occupation stands in a pathway.
type Place struct {
	Pathway string `json:"pathway"`
	Name    Text   `json:"pathway_name"`
	Area    string `json:"area,omitempty"`
	Step    int    `json:"step"`
	Title   Text   `json:"title"`
}

// Places lists the steps of published pathways that lead to an occupation.
func (c Catalogue) Places(soc string) []Place {
	list := []Place{}
	for _, e := range c.pathways {
		for _, s := range e.Steps {
			for _, j := range s.Jobs {
				if j.SOC == soc {
					list = append(list, Place{e.Code, e.Name, j.Area, s.Number, j.Title})
				}
			}
		}
	}
	return list
}
