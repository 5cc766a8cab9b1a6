// Package intake holds the rules of step 1: what assessments mean, who is eligible for
// which program, and what supports somebody needs. Everything here is pure.
package intake

import (
	"slices"

	"waymark/internal/agency"
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
// the instrument has none, or when any form name is taken. How long to wait between two
// results, and whether a test is approved for the NRS on a date, are the agency's dated settings (agency.Law).
type Instrument struct {
	Code     string
	Kind     InstrumentKind
	Subjects []string
	Forms    []string
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

// levelTable turns scale scores into NRS levels 1 to 6 of one scale. Its
// low[i] is the least score of level i+1 and top the highest score that there is.
type levelTable struct {
	instrument, subject, scale string
	low                        [6]int
	top                        int
}

// scales are the tests that fix a level, each on its scale. The cut scores are the agency's, dated
// (agency.Law): those of TABE come from V15, CASAS Reading GOALS and Listening STEPS from the form spans of
// V16; CASAS Math GOALS and Reading STEPS are not verified ("check with your state"). CASAS scores without a
// printed bound are taken from 0 to 300.
var scales = []levelTable{
	{instrument: TABE, subject: "reading", scale: ABE},
	{instrument: TABE, subject: "mathematics", scale: ABE},
	{instrument: TABE, subject: "language", scale: ABE},
	{instrument: CASASGoals, subject: "reading", scale: ABE},
	{instrument: CASASGoals, subject: "mathematics", scale: ABE},
	{instrument: CASASSteps, subject: "listening", scale: ESL},
	{instrument: CASASSteps, subject: "reading", scale: ESL},
}

// firstYear is the start of the first WIOA performance year; older results fix no level.
var firstYear = civil.On(2016, 7, 1)

// tableOn is the test's table with the cut scores that hold; there is none before the first year.
func tableOn(cuts agency.Cuts, instrument, subject string, on civil.Date) (levelTable, bool) {
	i := slices.IndexFunc(scales, func(t levelTable) bool { return t.instrument == instrument && t.subject == subject })
	scores, set := cuts[instrument+"_"+subject]
	if i < 0 || !set || on.Before(firstYear) {
		return levelTable{}, false
	}
	t := scales[i]
	t.low, t.top = [6]int(scores[:6]), scores[6]
	return t, true
}
