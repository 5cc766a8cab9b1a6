// Package intake holds the rules of step 1: what assessments mean, who is eligible for
// which program, and what supports somebody needs. Everything here is pure.
package intake

import (
	"slices"

	"waymark/internal/civil"
)

// The instruments (decisions.md "Codes").
const (
	TABE             = "tabe_11_12"
	CASASGoals       = "casas_goals"
	CASASSteps       = "casas_steps"
	Northstar        = "northstar"
	WaymarkInterests = "waymark_interests"
	OnetIPShort      = "onet_ip_short"
	WorkKeys         = "workkeys"
	WOWI             = "wowi"
	WorkReadiness    = "work_readiness"
)

// InstrumentKind says what an instrument gives and so how its results are read.
type InstrumentKind string

// The kinds of instrument.
const (
	KindLevels      InstrumentKind = "levels"    // a scale score that a table turns into an NRS level
	KindModules     InstrumentKind = "modules"   // percent per module, passed at 85
	KindInterests   InstrumentKind = "interests" // six RIASEC scores, for exploration only
	KindCertificate InstrumentKind = "workkeys"  // three levels that make a certificate
	KindScales      InstrumentKind = "scales"    // figures stored as given, nothing inferred
	KindRubric      InstrumentKind = "rubric"    // items rated 1 to 4
)

// Instrument is one row of the registry (domain.md 1.3). Subjects and Forms are empty when
// the instrument has none, or when any form name is taken. RetestDays is the shortest
// interval between two results and is 0 where the publisher's rule is not on file.
// Whether a test is approved for NRS on a date is to be checked with your state.
type Instrument struct {
	Code       string
	Kind       InstrumentKind
	Subjects   []string
	Forms      []string
	RetestDays int
}

// Name is the key of the instrument's name: "instrument.tabe_11_12".
func (i Instrument) Name() string { return "instrument." + i.Code }

// Instruments is the registry, in the order of decisions.md. The slice is the caller's own.
func Instruments() []Instrument { return slices.Clone(instruments) }

// InstrumentOf finds an instrument by its code.
func InstrumentOf(code string) (Instrument, bool) {
	i := slices.IndexFunc(instruments, func(x Instrument) bool { return x.Code == code })
	if i < 0 {
		return Instrument{}, false
	}
	return instruments[i], true
}

var instruments = []Instrument{
	{Code: TABE, Kind: KindLevels, Subjects: []string{"reading", "mathematics", "language"}, Forms: []string{"L", "E", "M", "D", "A"}},
	{Code: CASASGoals, Kind: KindLevels, Subjects: []string{"reading", "mathematics"}},
	{Code: CASASSteps, Kind: KindLevels, Subjects: []string{"listening", "reading"}, Forms: stepsForms},
	{Code: Northstar, Kind: KindModules, Subjects: NorthstarGroups},
	{Code: WaymarkInterests, Kind: KindInterests},
	{Code: OnetIPShort, Kind: KindInterests},
	{Code: WorkKeys, Kind: KindCertificate, Subjects: []string{"applied_math", "graphic_literacy", "workplace_documents"}},
	{Code: WOWI, Kind: KindScales},
	{Code: WorkReadiness, Kind: KindRubric, Subjects: WorkReadinessItems},
}

var stepsForms = []string{
	"621R", "622R", "623R", "624R", "625R", "626R", "627R", "628R", "629R", "630R",
	"621L", "622L", "623L", "624L", "625L", "626L", "627L", "628L", "629L", "630L",
}

// Scale names which set of levels a result is on.
const (
	ABE = "ABE" // adult basic education, levels 1 to 6
	ESL = "ESL" // English as a second language, levels 1 to 6
)

// levelTable turns scale scores into NRS levels 1 to 6 of one scale, from a date on. Its
// low[i] is the least score of level i+1 and top the highest score that there is.
type levelTable struct {
	instrument, subject, scale string
	from                       civil.Date
	low                        [6]int
	top                        int
}

// levelTables are the cut scores of domain.md 1.3: TABE 11/12 from V15, CASAS Reading GOALS
// and Listening STEPS from the form spans of V16; CASAS Math GOALS and Reading STEPS are not
// verified ("check with your state"). A newer table is a further row with a later date.
// CASAS scores without a printed bound are taken from 0 to 300.
var levelTables = []levelTable{
	{TABE, "reading", ABE, firstYear, [6]int{300, 442, 501, 536, 576, 617}, 800},
	{TABE, "mathematics", ABE, firstYear, [6]int{300, 449, 496, 537, 596, 657}, 800},
	{TABE, "language", ABE, firstYear, [6]int{300, 458, 511, 547, 584, 631}, 800},
	{CASASGoals, "reading", ABE, firstYear, [6]int{0, 204, 217, 228, 239, 249}, 300},
	{CASASGoals, "mathematics", ABE, firstYear, [6]int{0, 194, 204, 215, 226, 236}, 300},
	{CASASSteps, "listening", ESL, firstYear, [6]int{0, 182, 192, 202, 212, 222}, 300},
	{CASASSteps, "reading", ESL, firstYear, [6]int{0, 184, 197, 207, 217, 228}, 238},
}

// firstYear is the start of the first WIOA performance year; older results fix no level.
var firstYear = civil.On(2016, 7, 1)

// tableOn is the latest table that was in force on the date.
func tableOn(instrument, subject string, on civil.Date) (levelTable, bool) {
	var best levelTable
	for _, t := range levelTables {
		if t.instrument == instrument && t.subject == subject && !t.from.After(on) && !t.from.Before(best.from) {
			best = t
		}
	}
	return best, !best.from.IsZero()
}
