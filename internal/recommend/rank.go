// Package recommend ranks pathway areas for a person (domain.md 1.4, algorithm rank/1)
// and gives the reasons as message keys. It is pure. It may not know the
// equal-opportunity block, age, barriers, disability or veteran status: Person has no
// field for them, and whoever fills it must not smuggle them in as constraints.
package recommend

import (
	"cmp"
	"math"
	"slices"
)

// Algorithm names this version of the ranking in snapshots.
const Algorithm = "rank/1"

// Weights of the components; they add up to 1.
const (
	weightInterest   = 0.35
	weightReadiness  = 0.20
	weightWage       = 0.20
	weightDemand     = 0.15
	weightPreference = 0.10
)

// RIASEC holds six figures in the order R, I, A, S, E, C.
type RIASEC = [6]float64

// Person is what the ranking may know of a person. Zero or nil means not known; the
// component that needs it then drops out.
type Person struct {
	Zone         int      // O*NET job zone 1-5 by education, see PersonZone
	EFL          int      // lowest relevant NRS level 1-6
	Scores       *RIASEC  // interest profile, raw
	NeededHourly float64  // wage the person needs, dollars an hour
	Holds        []string // entry constraints met: codes as in Area.EntryConstraints ("cdl")
	// Preference by area code, 0, 60 or 100 (see PreferenceIndex); an area not in it is 0.
	// A nil map means that nobody has asked.
	Preference map[string]int
}

// Occupation is an anchor of an area: SOC code, job zone 1-5, O*NET occupational
// interests 1.00-7.00.
type Occupation struct {
	SOC  string
	Zone int
	OI   RIASEC
}

// Area is what is ranked: one area of a pathway. Nil figures mean no data.
type Area struct {
	Code, Name, Pathway string
	Anchors             []Occupation
	MinEFL              int      // lowest NRS level to enter; 0 when none is asked
	EntryZone           int      // 0: the lowest zone of the anchors
	WageHourly          *float64 // median at step 3, dollars an hour
	Demand              *float64 // 0-100, see DemandIndex
	EntryConstraints    []string // codes of licences, certificates, lawful ages
}

// Option is one area with its place in the ranking. Components and total are 0 to 100,
// rounded to 0.1, and nil where data is missing; the weights of the others are then
// scaled to 1, Partial is true and MissingData has the keys of what is missing.
type Option struct {
	Rank             int
	Area             string
	Total            float64
	Interest         *float64
	Readiness        *float64
	Wage             *float64
	Demand           *float64
	Preference       *float64
	Partial          bool
	MissingData      []string
	Undifferentiated bool // the six scores are all equal, so interest counts as 50
	Helps, Gaps      []Reason
	Unlocks          []Reason
	name             string
}

// Rank orders all the areas for a person, best first: by total, interest, demand, then
// name, all as printed. It never drops an area, and the same input gives the same answer.
func Rank(p Person, areas []Area) []Option {
	options := make([]Option, 0, len(areas))
	for _, a := range areas {
		options = append(options, score(p, a))
	}
	slices.SortStableFunc(options, func(a, b Option) int {
		return cmp.Or(
			cmp.Compare(b.Total, a.Total),
			cmp.Compare(orNone(b.Interest), orNone(a.Interest)),
			cmp.Compare(orNone(b.Demand), orNone(a.Demand)),
			cmp.Compare(a.name, b.name),
			cmp.Compare(a.Area, b.Area),
		)
	})
	for i := range options {
		options[i].Rank = i + 1
	}
	return options
}

// component is one of the five parts of a total; value is nil when data is missing.
type component struct {
	code   string
	weight float64
	value  *float64
}

func score(p Person, a Area) Option {
	o := Option{Area: a.Code, name: a.Name, MissingData: missing(p, a)}
	interest, flat := interestIn(p, a)
	parts := []component{
		{"interest", weightInterest, interest},
		{"readiness", weightReadiness, readiness(p, a)},
		{"wage", weightWage, wage(p, a)},
		{"demand", weightDemand, a.Demand},
		{"preference", weightPreference, preference(p, a)},
	}
	o.Undifferentiated = flat
	o.Partial = len(o.MissingData) > 0
	o.Total = round(total(parts))
	for i, to := range []**float64{&o.Interest, &o.Readiness, &o.Wage, &o.Demand, &o.Preference} {
		*to = rounded(parts[i].value)
	}
	o.explain(p, a, parts)
	return o
}

// total is the weighted mean over the components that have a value.
func total(parts []component) float64 {
	sum, weights := 0.0, 0.0
	for _, c := range parts {
		if c.value != nil {
			sum += c.weight * *c.value
			weights += c.weight
		}
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}

// missing lists what is not known, as keys in the order of the components.
func missing(p Person, a Area) []string {
	list := []string{}
	for _, m := range []struct {
		absent bool
		key    string
	}{
		{p.Scores == nil, "interest_scores"},
		{len(a.Anchors) == 0, "area_anchors"},
		{p.Zone == 0, "education"},
		{a.MinEFL > 0 && p.EFL == 0, "efl"},
		{a.entryZone() == 0 && len(a.Anchors) > 0, "area_zone"},
		{p.NeededHourly <= 0, "needed_wage"},
		{a.WageHourly == nil, "area_wage"},
		{a.Demand == nil, "area_demand"},
		{p.Preference == nil, "preference"},
	} {
		if m.absent {
			list = append(list, m.key)
		}
	}
	return list
}

func round(x float64) float64 { return math.Round(x*10) / 10 }

func rounded(x *float64) *float64 {
	if x == nil {
		return nil
	}
	return new(round(*x))
}

// orNone sorts what is missing behind every value.
func orNone(x *float64) float64 {
	if x == nil {
		return -1
	}
	return *x
}
