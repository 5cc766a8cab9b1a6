package explore

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"waymark/internal/intake"
	"waymark/internal/pathway"
	"waymark/internal/reference"
)

// Item is one thing to look at: an area of a pathway or an occupation. Nil and 0 are not known.
type Item struct {
	Kind    string       `json:"kind"`
	Code    string       `json:"code"`
	Title   pathway.Text `json:"title"`
	Summary pathway.Text `json:"summary"`
	// Pathway and PathwayName say where an area belongs.
	Pathway     string       `json:"pathway,omitempty"`
	PathwayName pathway.Text `json:"pathway_name"`
	// Hourly is the median pay in cents; Level says how wide it is.
	Hourly    *int64   `json:"hourly_cents"`
	Level     string   `json:"level"`
	Year      int      `json:"year"`
	Zone      int      `json:"zone"`
	Education string   `json:"education"`
	Needs     []string `json:"needs"`
	// Letters are the three strongest interests, strongest first.
	Letters string `json:"letters"`
	// Match is 0 to 100: how the work's interests go with the person's.
	Match *int `json:"match"`
	// Licence says whether the work asks for a licence at entry, nil where no pathway says.
	Licence *bool `json:"licence"`
	// Apprentice says that there is a registered apprenticeship for it.
	Apprentice bool `json:"apprenticeship"`
	Rapid      bool `json:"rapid_growth"`
	Many       bool `json:"many_openings"`
	Liked      bool `json:"liked"`
	// Ours stands on a pathway of the agency, or in its catalogue.
	Ours   bool `json:"ours"`
	riasec [][]float64
}

// Filter is what somebody looks for. The zero value finds everything.
type Filter struct {
	Words    string `json:"q" validate:"max=80"`
	Kind     string `json:"kind" validate:"omitempty,oneof=area occupation"`
	Interest string `json:"interest" validate:"omitempty,oneof=R I A S E C"`
	// Pay is the least an hour, in dollars.
	Pay  int    `json:"pay" validate:"gte=0,lte=200"`
	Time string `json:"time" validate:"omitempty,oneof=short some long"`
	Need string `json:"need" validate:"omitempty,oneof=no_diploma no_degree no_licence"`
	Mine bool   `json:"liked"`
}

// Letters are the three strongest of six interests.
func lettersOf(x []float64) string {
	if len(x) != 6 {
		return ""
	}
	order := []int{0, 1, 2, 3, 4, 5}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	return string([]byte{intake.Types[order[0]], intake.Types[order[1]], intake.Types[order[2]]})
}

// match is 100 times the mean correlation of the scores with the work's interests, at least 0; nil
// when either is not known or the scores point nowhere.
func match(scores *[6]float64, riasec [][]float64) *int {
	if scores == nil || len(riasec) == 0 || slices.Min(scores[:]) == slices.Max(scores[:]) {
		return nil
	}
	sum := 0.0
	for _, y := range riasec {
		sum += pearson(scores[:], y)
	}
	return new(int(math.Round(100 * max(0, sum/float64(len(riasec))))))
}

func pearson(x, y []float64) float64 {
	var mx, my, sxy, sxx, syy float64
	for i := range x {
		mx, my = mx+x[i]/6, my+y[i]/6
	}
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		sxy, sxx, syy = sxy+dx*dy, sxx+dx*dx, syy+dy*dy
	}
	if sxx == 0 || syy == 0 {
		return 0
	}
	return sxy / math.Sqrt(sxx*syy)
}

// zones are the greatest job zone that a length of training allows: months, up to two years, four.
var zones = map[string]int{"short": 2, "some": 3, "long": 4}

// takes reports whether the item is one of those looked for. What is not known does not pass a
// filter that asks for it.
func (f Filter) takes(i Item, lang string) bool {
	switch {
	case f.Kind != "" && f.Kind != i.Kind,
		f.Mine && !i.Liked,
		f.Interest != "" && !strings.Contains(i.Letters, f.Interest),
		f.Pay > 0 && (i.Hourly == nil || *i.Hourly < int64(f.Pay)*100),
		f.Time != "" && (i.Zone == 0 || i.Zone > zones[f.Time]),
		f.Words != "" && !strings.Contains(fold(i.Title.In(lang)+" "+i.PathwayName.In(lang)), fold(f.Words)):
		return false
	}
	return f.needs(i)
}

func (f Filter) needs(i Item) bool {
	rank := slices.Index(pathway.Educations, i.Education)
	switch f.Need {
	case "no_diploma":
		return rank == 0
	case "no_degree":
		return rank >= 0 && rank < slices.Index(pathway.Educations, "associate")
	case "no_licence":
		return i.Licence != nil && !*i.Licence
	}
	return true
}

var accents = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n")

func fold(s string) string { return accents.Replace(strings.ToLower(strings.TrimSpace(s))) }

// Fits says in four steps how work goes with the person's interests: 3 very well, 0 little or not known.
func (i Item) Fits() int {
	switch n := orNone(i.Match); {
	case n >= 80:
		return 3
	case n >= 50:
		return 2
	case n >= 20:
		return 1
	}
	return 0
}

// sorted puts what fits best first; of what fits as well areas come first, then our own occupations,
// then the others; then the closer match and the better pay.
func sorted(list []Item, lang string) []Item {
	slices.SortStableFunc(list, func(a, b Item) int {
		return cmp.Or(cmp.Compare(b.Fits(), a.Fits()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(foreign(a), foreign(b)), cmp.Compare(orNone(b.Match), orNone(a.Match)),
			cmp.Compare(pay(b), pay(a)), strings.Compare(a.Title.In(lang), b.Title.In(lang)), strings.Compare(a.Code, b.Code))
	})
	return list
}

func foreign(i Item) int {
	if i.Ours {
		return 0
	}
	return 1
}

func orNone(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

func pay(i Item) int64 {
	if i.Hourly == nil {
		return -1
	}
	return *i.Hourly
}

// areaItem is an area of a pathway. It asks for the least that one of its anchors does.
func areaItem(c pathway.Catalogue, a pathway.AreaOf) Item {
	i := Item{Kind: Area, Ours: true, Code: a.Code, Title: a.Name, Pathway: a.PathwayCode, PathwayName: a.PathwayName, Needs: append([]string{}, a.EntryConstraints...)}
	if a.Summary != nil {
		i.Summary = *a.Summary
	}
	if w, ok := c.AreaWage(a.Code); ok {
		i.Hourly, i.Level, i.Year = &w.HourlyCents, w.Level, w.Year
	}
	for _, soc := range a.Anchors {
		o, ok := c.Occupation(soc)
		if !ok {
			continue
		}
		if o.Zone > 0 && (i.Zone == 0 || o.Zone < i.Zone) {
			i.Zone = o.Zone
		}
		if e := slices.Index(pathway.Educations, o.EntryEducation); e >= 0 && (i.Education == "" || e < slices.Index(pathway.Educations, i.Education)) {
			i.Education = o.EntryEducation
		}
		if len(o.RIASEC) == 6 {
			i.riasec = append(i.riasec, o.RIASEC)
		}
		i.Rapid, i.Many = i.Rapid || o.RapidGrowth, i.Many || o.NumerousOpenings
	}
	i.Letters = lettersOf(mean(i.riasec))
	i.Licence = new(len(i.Needs) > 0)
	return i
}

// licence reports whether an occupation asks for a licence, by the steps on which it stands: no where
// some step asks for none, nil where it stands on no map.
func licence(c pathway.Catalogue, soc string) *bool {
	var asks *bool
	for _, at := range c.Places(soc) {
		step, _ := c.Step(at.Pathway, at.Step)
		area, _ := c.Area(at.Area)
		needs := len(area.EntryConstraints) > 0 || slices.ContainsFunc(step.Requirements, func(r pathway.Requirement) bool {
			return r.Kind == "licence" && r.Hard && (r.Area == "" || r.Area == at.Area)
		})
		if asks == nil || !needs {
			asks = &needs
		}
	}
	return asks
}

func mean(list [][]float64) []float64 {
	if len(list) == 0 {
		return nil
	}
	sum := make([]float64, 6)
	for _, x := range list {
		for i := range sum {
			sum[i] += x[i] / float64(len(list))
		}
	}
	return sum
}

// jobItem is an occupation of the catalogue.
func jobItem(c pathway.Catalogue, o pathway.Occupation) Item {
	i := Item{Kind: Occupation, Ours: true, Code: o.SOC, Title: o.Title, Zone: o.Zone, Education: o.EntryEducation, Letters: lettersOf(o.RIASEC), Needs: []string{}, Rapid: o.RapidGrowth, Many: o.NumerousOpenings, Apprentice: len(o.RAPIDS) > 0, Licence: licence(c, o.SOC)}
	if o.Description != nil {
		i.Summary = *o.Description
	}
	if len(o.RIASEC) == 6 {
		i.riasec = [][]float64{o.RIASEC}
	}
	if m, ok := c.Median(o.SOC); ok {
		low, _ := pathway.Wage{MinCents: m.MedianCents, MaxCents: m.MedianCents, Per: m.Per}.Hourly()
		i.Hourly, i.Level, i.Year = &low, m.Level, m.Year
	}
	return i
}

// wider is an occupation that only reference data knows. Its words are English.
func wider(o reference.Occupation, wages []reference.Wage, p reference.Projection) Item {
	i := Item{
		Kind: Occupation, Code: o.SOC, Title: pathway.Text{EN: o.Title, ES: o.Title}, Summary: pathway.Text{EN: o.Description, ES: o.Description}, Zone: o.Zone,
		Education: p.Education, Letters: lettersOf(o.RIASEC()), Needs: []string{}, Rapid: p.Rapid(), Many: p.Many(), riasec: [][]float64{o.RIASEC()},
	}
	for _, w := range wages {
		if cents, ok := w.Hourly(); ok {
			i.Hourly, i.Level, i.Year = &cents, w.Level, w.Year
			break
		}
	}
	return i
}
