package intake

import (
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Rules are the thresholds of eligibility on a date. They are settings, shown to
// administrators as "check with your state" (decisions.md "Unverified law").
type Rules struct {
	Poverty Poverty
	LLSIL70 map[int]int64 // 70 % of the lower living standard by family size, cents a year; nil: not loaded
	// LLSIL70More is what each person beyond that table adds.
	LLSIL70More int64
	AdultAge    int    // least age for Adult and Dislocated Worker
	OSYAge      [2]int // out-of-school youth, least and greatest age
	ISYAge      [2]int // in-school youth, least and greatest age
	OlderAge    int    // barrier 5
	// LongTermDays without work make barrier 13: 27 weeks.
	LongTermDays int
	// BSDLevel and below on any subject is basic-skills deficient (domain.md 1.2, [D]).
	BSDLevel int
	// AidMonths is how far back income-based aid counts.
	AidMonths int
	// DecisionDays is how long a decision holds if participation does not begin (domain.md 1.2).
	DecisionDays     int
	PriorityNote     string
	SelectiveService SelectiveServiceRule
}

// Poverty is the HHS guideline of the 48 states for a year, in cents a year.
type Poverty struct {
	Year            int
	Base, PerPerson int64
}

// For is the guideline for a household of the size, which counts as at least 1.
func (p Poverty) For(size int) int64 { return p.Base + int64(max(size, 1)-1)*p.PerPerson }

// SelectiveServiceRule says who must have registered: male at birth, born on or after
// BornFrom, aged From or more; past To a missing registration needs a finding.
// AutomaticFrom is the day since when nobody under To needs proof; zero: not in force.
// P.L. 119-60 s.535 sets 18 Dec 2026, but it is not verified that it is live.
type SelectiveServiceRule struct {
	BornFrom      civil.Date
	From, To      int
	AutomaticFrom civil.Date
}

// DefaultRules are the rules on a date: HHS guideline 2025 (15,650 + 5,500 a person) and,
// from 15 January 2026 (91 FR 1797), 2026 (15,960 + 5,680). Both figures, the in-school
// ages and the selective-service limits are from memory in domain.md 1.1 and 1.2: check
// with your state. Dates before 2025 get the figures of 2025; LLSIL is entered in the settings.
func DefaultRules(on civil.Date) Rules {
	r := Rules{
		Poverty:          Poverty{2025, 15_650_00, 5_500_00},
		AdultAge:         18,
		OSYAge:           [2]int{16, 24},
		ISYAge:           [2]int{14, 21},
		OlderAge:         55,
		LongTermDays:     27 * 7,
		BSDLevel:         4,
		AidMonths:        6,
		DecisionDays:     60,
		SelectiveService: SelectiveServiceRule{BornFrom: civil.On(1960, 1, 1), From: 18, To: 25},
	}
	if !on.Before(civil.On(2026, 1, 15)) {
		r.Poverty = Poverty{2026, 15_960_00, 5_680_00}
	}
	return r
}

// rulesOn are the rules of a date with what the agency has set for it.
func rulesOn(tx *pg.Tx, on civil.Date) (Rules, error) {
	held, err := agency.SettingsOn(tx, on)
	r := DefaultRules(on)
	r.Poverty.Base, r.Poverty.PerPerson, r.DecisionDays = int64(held.PovertyBase), int64(held.PovertyPerPerson), held.EligibilityExpiryDays
	r.PriorityNote = held.PriorityNote
	return r.by(held.Law, on), err
}

// by puts the agency's own edition of the law in the place of the first.
func (r Rules) by(law agency.Law, on civil.Date) Rules {
	r.AdultAge, r.OSYAge, r.ISYAge, r.BSDLevel, r.SelectiveService.To = law.AdultAge, law.OSYAge, law.ISYAge, law.BSDLevel, law.SelectiveAge
	if law.SelectiveAutomatic {
		r.SelectiveService.AutomaticFrom = on
	}
	r.LLSIL70 = map[int]int64{}
	for i, limit := range law.LLSIL70 {
		r.LLSIL70[i+1] = int64(limit)
	}
	r.LLSIL70More = int64(law.LLSIL70More)
	return r
}

// IncomeLimit is the larger of the poverty guideline and 70 % LLSIL, cents a year.
func (r Rules) IncomeLimit(size int) int64 { return max(r.Poverty.For(size), r.llsil(size)) }

// llsil goes on from the largest family of the table by as much for each further person.
func (r Rules) llsil(size int) int64 {
	largest := 0
	for n := range r.LLSIL70 {
		largest = max(largest, n)
	}
	if size > largest && r.LLSIL70[largest] > 0 {
		return r.LLSIL70[largest] + int64(size-largest)*r.LLSIL70More
	}
	return r.LLSIL70[size]
}
