package pathway

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Edition is one stored version of a pathway with the sources it cites.
type Edition struct {
	Pathway
	Version     int       `json:"version"`
	State       string    `json:"state"`
	PublishedAt time.Time `json:"published_at"`
	// Cited are the sources named anywhere in the pathway.
	Cited []Source `json:"cited"`
	// Revision counts the changes to a draft.
	Revision int `json:"revision"`
}

// StepNumbered finds one of its steps.
func (e Edition) StepNumbered(n int) (Step, bool) {
	i := slices.IndexFunc(e.Steps, func(s Step) bool { return s.Number == n })
	if i < 0 {
		return Step{}, false
	}
	return e.Steps[i], true
}

// AreaCoded finds one of its areas.
func (e Edition) AreaCoded(code string) (Area, bool) {
	i := slices.IndexFunc(e.Areas, func(a Area) bool { return a.Code == code })
	if i < 0 {
		return Area{}, false
	}
	return e.Areas[i], true
}

// CredentialCoded finds one of its credentials.
func (e Edition) CredentialCoded(code string) (Credential, bool) {
	i := slices.IndexFunc(e.Pathway.Credentials, func(k Credential) bool { return k.Code == code })
	if i < 0 {
		return Credential{}, false
	}
	return e.Pathway.Credentials[i], true
}

// ApprenticeshipsAt are those that are entered at a step; what prepares for one comes first. Never nil.
func (e Edition) ApprenticeshipsAt(step int) []Apprenticeship {
	before, list := []Apprenticeship{}, []Apprenticeship{}
	for _, a := range e.Apprenticeships {
		switch {
		case a.Step != step:
		case a.Kind == ApprenticeshipPre:
			before = append(before, a)
		default:
			list = append(list, a)
		}
	}
	return append(before, list...)
}

// Before are the pre-apprenticeships that feed a registered one in the occupation.
func (e Edition) Before(soc string) []Apprenticeship {
	list := []Apprenticeship{}
	for _, a := range e.Apprenticeships {
		if a.Kind == ApprenticeshipPre && slices.ContainsFunc(e.Apprenticeships, func(b Apprenticeship) bool { return b.SOC == soc && slices.Contains(a.LeadsTo, b.Code) }) {
			list = append(list, a)
		}
	}
	return list
}

// Lattices are the credentials that open areas beside their own. Never nil.
func (e Edition) Lattices() []Credential {
	list := []Credential{}
	for _, k := range e.Pathway.Credentials {
		if len(k.LatticesTo) > 0 {
			list = append(list, k)
		}
	}
	return list
}

// FirstNeeds are the credentials that one asks for, and those that help on the way to it.
func (e Edition) FirstNeeds(code string) (needed, helpful []string) {
	for _, x := range e.Edges {
		from, ok := strings.CutPrefix(x.From, "credential:")
		if !ok || x.To != "credential:"+code {
			continue
		}
		switch x.Kind {
		case EdgePrerequisite:
			needed = append(needed, from)
		case EdgeRecommended:
			helpful = append(helpful, from)
		}
	}
	return needed, helpful
}

// Ordered are the areas in the order of the map.
func (e Edition) Ordered() []Area {
	return slices.SortedStableFunc(slices.Values(e.Areas), func(a, b Area) int { return cmp.Compare(a.Order, b.Order) })
}

// Catalogue is everything an agency has published, with the figures of its region. It is
// shared between requests: read it, never change it.
type Catalogue struct {
	// Version names the editions in it: "HLT/1 MFG/2".
	Version string
	// DataVersion names region and occupations by their content.
	DataVersion string
	// Region is the agency's own, or the nearest wider one that has been imported.
	Region      Region
	pathways    []Edition
	byPathway   map[string]int
	areas       []AreaOf
	byArea      map[string]int
	occupations map[string]Occupation
	chain       []Region
	sources     map[string]Source
	real        real
}

// AreaOf is an area with the pathway it belongs to.
type AreaOf struct {
	Area
	PathwayCode    string
	PathwayName    Text
	PathwayVersion int
}

// assemble indexes what was read. chain is the region and its parents, nearest first.
func assemble(editions []Edition, occupations []Occupation, chain []Region, sources []Source) Catalogue {
	c := Catalogue{
		pathways: editions, chain: chain, byPathway: map[string]int{}, byArea: map[string]int{},
		occupations: map[string]Occupation{}, sources: map[string]Source{},
	}
	slices.SortFunc(c.pathways, func(a, b Edition) int { return cmp.Compare(a.Code, b.Code) })
	for i, e := range c.pathways {
		c.byPathway[e.Code] = i
		for _, a := range e.Ordered() {
			c.byArea[a.Code] = len(c.areas)
			c.areas = append(c.areas, AreaOf{a, e.Code, e.Name, e.Version})
		}
		for _, s := range e.Cited {
			c.sources[s.Code] = s
		}
	}
	for _, o := range occupations {
		c.occupations[o.SOC] = o
	}
	for _, s := range sources {
		c.sources[s.Code] = s
	}
	if len(chain) > 0 {
		c.Region = chain[0]
	}
	return c
}

// Pathways lists the published editions by code.
func (c Catalogue) Pathways() []Edition { return c.pathways }

// Pathway finds a published edition.
func (c Catalogue) Pathway(code string) (Edition, bool) {
	i, ok := c.byPathway[code]
	if !ok {
		return Edition{}, false
	}
	return c.pathways[i], true
}

// Areas lists every area of every published pathway, by pathway and order.
func (c Catalogue) Areas() []AreaOf { return c.areas }

// Area finds an area by its code, which is unique over the catalogue.
func (c Catalogue) Area(code string) (AreaOf, bool) {
	i, ok := c.byArea[code]
	if !ok {
		return AreaOf{}, false
	}
	return c.areas[i], true
}

// Step finds a step of a published pathway.
func (c Catalogue) Step(pathway string, n int) (Step, bool) {
	e, _ := c.Pathway(pathway)
	return e.StepNumbered(n)
}

// Occupation finds one by its O*NET-SOC code.
func (c Catalogue) Occupation(soc string) (Occupation, bool) {
	o, ok := c.occupations[soc]
	return o, ok
}

// JobTitle is an occupation's title in the language, the code itself when it is not known.
func (c Catalogue) JobTitle(soc, lang string) string {
	if o, ok := c.occupations[soc]; ok {
		return o.Title.In(lang)
	}
	return soc
}

// AreaName is the area's name in the language, the code itself when it is not known.
func (c Catalogue) AreaName(code, lang string) string {
	if a, ok := c.Area(code); ok {
		return a.Name.In(lang)
	}
	return code
}

// PathwayName is the pathway's name in the language, the code itself when it is not known.
func (c Catalogue) PathwayName(code, lang string) string {
	if e, ok := c.Pathway(code); ok {
		return e.Name.In(lang)
	}
	return code
}

// Source finds what a source code stands for.
func (c Catalogue) Source(code string) (Source, bool) {
	s, ok := c.sources[code]
	return s, ok
}

// CitedBy are the sources that an occupation, or its median here, rests on.
func (c Catalogue) CitedBy(o Occupation) []Source {
	list := cited(o, c.sources)
	if m, ok := c.Median(o.SOC); ok {
		if s, known := c.sources[m.Source]; known && !slices.ContainsFunc(list, func(x Source) bool { return x.Code == s.Code }) {
			list = append(list, s)
		}
	}
	return list
}

// Sources lists all that the catalogue rests on, by code.
func (c Catalogue) Sources() []Source {
	return slices.SortedFunc(maps.Values(c.sources), func(a, b Source) int { return cmp.Compare(a.Code, b.Code) })
}
