package pathway

import "strings"

// Format is the value of "format" in every catalogue file. Another value is refused.
const Format = "waymark-catalogue/1"

// File is one catalogue file, as `waymark import catalogue FILE...` reads it.
// Every list may be absent: a file may hold pathways, occupations or regions
// alone. References may cross files: Merge them before Check.
//
// Conventions: money is a whole number of US cents; SOC codes are O*NET-SOC
// 2019 with eight digits, "51-9061.00"; a code once published keeps its meaning.
type File struct {
	Format      string       `json:"format"`
	Sources     []Source     `json:"sources,omitempty"`
	Pathways    []Pathway    `json:"pathways,omitempty"`
	Occupations []Occupation `json:"occupations,omitempty"`
	Regions     []Region     `json:"regions,omitempty"`

	places places
}

// PlaceOf is where in the files the value of a path was read; false for what was read from no file.
func (f File) PlaceOf(path string) (Position, bool) { return f.places.of(path) }

// Text is one sentence or name in both languages. Where a Text is given,
// neither language may be empty; a proper name is repeated.
type Text struct {
	EN string `json:"en"`
	ES string `json:"es"`
}

// IsZero says that neither language is given.
func (t Text) IsZero() bool { return t == Text{} }

// In gives the text in the language: "es" is Spanish, everything else English.
func (t Text) In(lang string) string {
	if lang == "es" || strings.HasPrefix(lang, "es-") {
		return t.ES
	}
	return t.EN
}

// Source is where figures or facts come from. Every "source" elsewhere in the
// catalogue is the Code of one of these. The same source may stand in several
// files if it is the same in all.
type Source struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	Licence string `json:"licence"`
	// Year is 0 or absent if the source states none.
	Year int `json:"year,omitempty"`
	// Notice is what the licence asks us to show; pages print it as it is.
	Notice *Text `json:"notice,omitempty"`
}

// Pathway is one sector's map: areas across, five steps up.
type Pathway struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	// Sector is a code of ours: manufacturing, health_care, information_technology,
	// construction, transportation; an agency may use others.
	Sector string `json:"sector"`
	// NAICS codes have 2 to 6 digits, or are a range of two-digit sectors, "31-33".
	NAICS   []string `json:"naics,omitempty"`
	Summary Text     `json:"summary"`
	// VersionNote says what this edition is and that its lists are starting points.
	VersionNote Text         `json:"version_note"`
	Sources     []string     `json:"sources,omitempty"`
	Areas       []Area       `json:"areas"`
	Steps       []Step       `json:"steps"`
	Credentials []Credential `json:"credentials,omitempty"`
	Transitions []Transition `json:"transitions,omitempty"`
	Edges       []Edge       `json:"edges,omitempty"`
	// Apprenticeships are registered apprenticeships, and pre-apprenticeships that lead to them.
	Apprenticeships []Apprenticeship `json:"apprenticeships,omitempty"`
}

// Area is a branch of a pathway and the unit that recommendations rank.
// Codes are unique over the whole catalogue.
type Area struct {
	Code  string `json:"code"`
	Name  Text   `json:"name"`
	Order int    `json:"order"`
	// Summary is one sentence for a card; it may be absent.
	Summary *Text `json:"summary,omitempty"`
	// EntryStep is the usual first step; TargetSteps are those worth aiming at.
	EntryStep   int   `json:"entry_step"`
	TargetSteps []int `json:"target_steps"`
	// MinEFL is the lowest educational functioning level (1 to 6) that suits entry.
	MinEFL int `json:"min_efl"`
	// Anchors are the SOC codes that interests and entry zone are taken from.
	Anchors []string `json:"anchors"`
	// EntryConstraints are codes of what must be held at entry, e.g. licence_cdl.
	EntryConstraints []string `json:"entry_constraints,omitempty"`
	// WageHourlyCents (step-3 median) and Demand (0 to 100) serve when no region has figures.
	WageHourlyCents *int64 `json:"wage_hourly_cents,omitempty"`
	Demand          *int   `json:"demand,omitempty"`
}

// Step is one of at most eight levels; the seeds have five: 1 intake and bridge jobs, 2 semi-skilled,
// 3 entry-level skilled, 4 mid-level skilled, 5 upper-level skilled.
type Step struct {
	// Key stays the same from version to version, whatever number the step has. Without one the
	// number is the key.
	Key string `json:"key,omitempty"`
	// From are the keys of steps of an earlier version that this one was made from by a split or a joining.
	From         []string      `json:"from,omitempty"`
	Number       int           `json:"number"`
	Title        Text          `json:"title"`
	Description  Text          `json:"description"`
	Preparation  []Text        `json:"preparation,omitempty"`
	Requirements []Requirement `json:"requirements,omitempty"`
	// Wage is absent where the step promises none (step 1). Ranges of
	// neighbouring steps may overlap, and may start below the step before.
	Wage     *Wage     `json:"wage,omitempty"`
	Jobs     []Job     `json:"jobs,omitempty"`
	Programs []Program `json:"programs,omitempty"`
	// Supports are codes of seeds/reference/support_needs.json.
	Supports []string `json:"supports,omitempty"`
	Entry    Text     `json:"entry"`
	Exit     Text     `json:"exit"`
	// TypicalMilestones are read through MilestonesFor.
	TypicalMilestones []Milestone `json:"typical_milestones,omitempty"`
}

// MilestonesFor gives the typical milestones for someone in the area: those of
// the area if it has any, else those that name no area. Never nil.
func (s Step) MilestonesFor(area string) []Milestone {
	own, shared := []Milestone{}, []Milestone{}
	for _, m := range s.TypicalMilestones {
		switch m.Area {
		case "":
			shared = append(shared, m)
		case area:
			own = append(own, m)
		}
	}
	if len(own) > 0 {
		return own
	}
	return shared
}

// ProgramBridge is the kind of a program that teaches basic skills in the work's own context.
const ProgramBridge = "bridge"

// Bridges are the programs of the step that teach basic skills on the way to it. Never nil.
func (s Step) Bridges() []Program {
	list := []Program{}
	for _, p := range s.Programs {
		if p.Kind == ProgramBridge {
			list = append(list, p)
		}
	}
	return list
}

// Requirement is one thing a job or program of the step asks for. Value is
// text whatever the kind: "18", "high_school", "decimals".
type Requirement struct {
	Kind     string `json:"kind"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
	// Unit is for numbers: years, lb, level.
	Unit string `json:"unit,omitempty"`
	// Hard is true if employers insist, false if they prefer or it is usual.
	Hard bool `json:"hard"`
	// Area limits the requirement to one area of the pathway.
	Area string `json:"area,omitempty"`
	Text Text   `json:"text"`
}

// Kinds of a Requirement.
var RequirementKinds = []string{
	"education", "credential", "experience", "skill", "math",
	"age", "physical", "licence", "language", "digital", "background",
}

// Operators of a Requirement: a threshold, an exact value, or something held.
var RequirementOperators = []string{"at_least", "at_most", "equals", "has"}

// Wage is a published range, kept in the unit it was published in.
type Wage struct {
	MinCents int64  `json:"min_cents"`
	MaxCents int64  `json:"max_cents"`
	Per      string `json:"per"`
	Source   string `json:"source"`
	// Year is 0 or absent if the source states none.
	Year int `json:"year,omitempty"`
}

// HoursPerYear turns hourly into yearly pay and back: 52 weeks of 40 hours.
const HoursPerYear = 2080

// Yearly is the range in cents a year.
func (w Wage) Yearly() (low, high int64) {
	if w.Per == PerHour {
		return w.MinCents * HoursPerYear, w.MaxCents * HoursPerYear
	}
	return w.MinCents, w.MaxCents
}

// Hourly is the range in cents an hour, rounded half up.
func (w Wage) Hourly() (low, high int64) {
	if w.Per == PerHour {
		return w.MinCents, w.MaxCents
	}
	return (w.MinCents + HoursPerYear/2) / HoursPerYear, (w.MaxCents + HoursPerYear/2) / HoursPerYear
}

// Units of pay.
const (
	PerHour = "hour"
	PerYear = "year"
)

// Job is a kind of work that the step leads to.
type Job struct {
	// Area is absent where the source names the job for the whole pathway.
	Area  string `json:"area,omitempty"`
	Title Text   `json:"title"`
	// SOC is absent where there is no occupation, e.g. self-employment.
	SOC string `json:"soc,omitempty"`
	// Zone is the job zone 1 to 5; 0 or absent is unknown.
	Zone int `json:"zone,omitempty"`
	// WeakMap marks a SOC code that is the nearest, not the same.
	WeakMap bool `json:"weak_map,omitempty"`
	// Source says whose proposal it is that the job stands at this step.
	Source string `json:"source,omitempty"`
}

// Apprenticeship is paid work with classes. What its sponsor has not published is absent.
type Apprenticeship struct {
	Code string `json:"code"`
	Kind string `json:"kind"`
	Name Text   `json:"name"`
	Area string `json:"area,omitempty"`
	// Step is the level at which it is entered.
	Step int `json:"step"`
	// SOC is the occupation it leads to, RAPIDS the federal code of the trade.
	SOC    string `json:"soc,omitempty"`
	RAPIDS string `json:"rapids,omitempty"`
	// Approach is time, competency or hybrid; TermHours are on the job, ClassHours beside it.
	Approach   string `json:"approach,omitempty"`
	TermHours  int    `json:"term_hours,omitempty"`
	ClassHours int    `json:"class_hours,omitempty"`
	Sponsor    string `json:"sponsor,omitempty"`
	// LeadsTo are codes of the apprenticeships that a pre-apprenticeship feeds.
	LeadsTo []string `json:"leads_to,omitempty"`
	Source  string   `json:"source,omitempty"`
}

// ApprenticeshipPre is what prepares for a registered apprenticeship.
const ApprenticeshipPre = "pre"

// Kinds and approaches of an Apprenticeship.
var (
	ApprenticeshipKinds      = []string{"registered", ApprenticeshipPre}
	ApprenticeshipApproaches = []string{"time", "competency", "hybrid"}
)

// Kinds of a Program; an absent one is a course.
var ProgramKinds = []string{"course", ProgramBridge, "work_based", "prior_learning"}

// ProgramSchedules are when and how working adults can attend.
var ProgramSchedules = []string{"day", "evening", "weekend", "online", "self_paced", "worksite", "modules"}

// Program is training that prepares for the step.
type Program struct {
	Provider string `json:"provider"`
	Name     Text   `json:"name"`
	// Kind is bridge for basic skills taught in the work's own context, work_based for learning at
	// work, prior_learning for credit for what somebody can do already.
	Kind string `json:"kind,omitempty"`
	// Schedule is absent where the provider has not said.
	Schedule []string `json:"schedule,omitempty"`
	// CIP is the instructional program, "48.0501".
	CIP  string `json:"cip,omitempty"`
	Area string `json:"area,omitempty"`
	// Credential is a code of the pathway's credentials.
	Credential string `json:"credential,omitempty"`
	Weeks      int    `json:"weeks,omitempty"`
	CostCents  *int64 `json:"cost_cents,omitempty"`
	Source     string `json:"source,omitempty"`
}

// Milestone is what drafting a plan from a pathway puts on the calendar.
type Milestone struct {
	Kind  string `json:"kind"`
	Title Text   `json:"title"`
	// OffsetWeeks counts from the day the step begins; the milestone is due
	// DurationWeeks later. A duration of 0 is a single day.
	OffsetWeeks   int    `json:"offset_weeks"`
	DurationWeeks int    `json:"duration_weeks"`
	Area          string `json:"area,omitempty"`
	Provider      string `json:"provider,omitempty"`
	Credential    string `json:"credential,omitempty"`
	CostCents     *int64 `json:"cost_cents,omitempty"`
}

// Kinds of a Milestone, as in the plan; assessment is added by the plan itself.
var MilestoneKinds = []string{"enroll", "midterm", "term_end", "exam", "credential", "placement", "review", "custom"}

// Credential is what can be earned. A code means the same credential in every
// pathway that lists it.
type Credential struct {
	Code   string `json:"code"`
	Name   Text   `json:"name"`
	Issuer string `json:"issuer"`
	Kind   string `json:"kind"`
	// StackableTo are codes of credentials of the same pathway that accept this one as a part.
	StackableTo []string `json:"stackable_to,omitempty"`
	// LatticesTo are codes of areas of the pathway that this one opens beside its own.
	LatticesTo []string `json:"lattices_to,omitempty"`
}

// Kinds of a Credential.
var CredentialKinds = []string{
	"diploma_equivalent", "certificate", "certification", "course_completion",
	"employer_authorization", "registration", "license", "license_step", "apprenticeship", "degree",
}

// Transition is an arrow of the pathway grid: from a step to a higher one.
type Transition struct {
	FromStep int `json:"from_step"`
	ToStep   int `json:"to_step"`
	// Area is absent for an arrow that holds for every area.
	Area       string `json:"area,omitempty"`
	Credential string `json:"credential,omitempty"`
	// Weeks is the usual time; 0 is unknown.
	Weeks int `json:"weeks,omitempty"`
}

// Edge joins two nodes of a pathway: "area:M1", "step:3" or "credential:cpt".
// Prerequisite edges form no circle; the others may.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
	Kind string `json:"kind"`
}

// Kinds of an Edge.
const (
	EdgePrerequisite = "prerequisite"
	EdgeRecommended  = "recommended"
	EdgeLateral      = "lateral"
)

// Occupation is a kind of work with the national figures about it.
type Occupation struct {
	SOC   string `json:"soc"`
	Title Text   `json:"title"`
	// Zone is the job zone 1 to 5; 0 or absent is unknown.
	Zone int `json:"zone,omitempty"`
	// RIASEC are the six interest scores, 1 to 7, in that order; absent is unknown.
	RIASEC []float64 `json:"riasec,omitempty"`
	// Wage is absent where the publisher shows none.
	Wage *Percentiles `json:"wage,omitempty"`
	// Openings are jobs a year and Growth is percent over Outlook, e.g. "2024-2034".
	Openings         *int     `json:"openings,omitempty"`
	Growth           *float64 `json:"growth,omitempty"`
	Outlook          string   `json:"outlook,omitempty"`
	OutlookSource    string   `json:"outlook_source,omitempty"`
	RapidGrowth      bool     `json:"rapid_growth,omitempty"`
	NumerousOpenings bool     `json:"numerous_openings,omitempty"`
	// EntryEducation is the usual one: see Educations.
	EntryEducation string `json:"entry_education,omitempty"`
	// RAPIDS are codes of registered apprenticeships for the occupation.
	RAPIDS      []string `json:"rapids,omitempty"`
	Description *Text    `json:"description,omitempty"`
	Sources     []string `json:"sources,omitempty"`
}

// Educations are the codes of Occupation.EntryEducation, lowest first.
var Educations = []string{"none", "high_school", "some_college", "certificate", "associate", "bachelor", "master", "doctoral"}

// Percentiles of pay in cents; what is absent was not published.
type Percentiles struct {
	Per    string `json:"per"`
	P10    *int64 `json:"p10,omitempty"`
	P25    *int64 `json:"p25,omitempty"`
	Median *int64 `json:"median,omitempty"`
	P75    *int64 `json:"p75,omitempty"`
	P90    *int64 `json:"p90,omitempty"`
	// Group marks figures of a wider group that the occupation belongs to.
	Group  bool   `json:"group,omitempty"`
	Year   int    `json:"year"`
	Source string `json:"source"`
}

// Region is a labour market. Figures missing here are taken from Parent.
type Region struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	// Kind is region, state or nation.
	Kind string `json:"kind"`
	// State is the two-letter code; empty for a nation.
	State  string `json:"state,omitempty"`
	Parent string `json:"parent,omitempty"`
	// Note is shown with the figures, e.g. that they are statewide.
	Note        *Text        `json:"note,omitempty"`
	Areas       []RegionArea `json:"areas,omitempty"`
	Occupations []RegionWage `json:"occupations,omitempty"`
}

// Levels of a figure and kinds of a Region, nearest first.
var Levels = []string{"region", "state", "nation"}

// RegionArea holds one area's pay and demand in a region.
type RegionArea struct {
	Area   string    `json:"area"`
	Wage   *AreaWage `json:"wage,omitempty"`
	Demand *Demand   `json:"demand,omitempty"`
}

// AreaWage is the step-3 median in cents an hour. Level says what the figure
// covers, which may be wider than the region.
type AreaWage struct {
	HourlyCents int64  `json:"hourly_cents"`
	Level       string `json:"level"`
	Source      string `json:"source"`
	Year        int    `json:"year"`
}

// Demand is either a ready Index or the parts it is computed from.
type Demand struct {
	// Index is 0 to 100.
	Index *int `json:"index,omitempty"`
	// OpeningsPercentile is 0 to 1: the share of areas with no more openings.
	OpeningsPercentile *float64 `json:"openings_percentile,omitempty"`
	// GrowthAtMean is true if growth is at least the mean of all occupations.
	GrowthAtMean *bool `json:"growth_at_mean,omitempty"`
	// InDemand says if the area is on the local list; absent if there is no list.
	InDemand *bool  `json:"in_demand,omitempty"`
	Level    string `json:"level"`
	Source   string `json:"source"`
	Year     int    `json:"year"`
}

// Score is the demand component of rank/1: the ready index, or
// 50 × openings percentile + 30 if growth is at the mean + 20 if in demand.
// A flag that nobody knows drops out and the parts that are known are scaled to 100: unknown is
// never zero. It is false if neither an index nor openings are given.
func (d Demand) Score() (float64, bool) {
	if d.Index != nil {
		return float64(*d.Index), true
	}
	if d.OpeningsPercentile == nil {
		return 0, false
	}
	points, known := 50**d.OpeningsPercentile, 50.0
	for _, part := range []struct {
		flag   *bool
		weight float64
	}{{d.GrowthAtMean, 30}, {d.InDemand, 20}} {
		if part.flag == nil {
			continue
		}
		known += part.weight
		if *part.flag {
			points += part.weight
		}
	}
	return 100 * points / known, true
}

// Partial reports whether the score rests on some of its parts only.
func (d Demand) Partial() bool {
	return d.Index == nil && d.OpeningsPercentile != nil && (d.GrowthAtMean == nil || d.InDemand == nil)
}

// RegionWage is one occupation's median in a region, in cents.
type RegionWage struct {
	SOC         string `json:"soc"`
	MedianCents int64  `json:"median_cents"`
	Per         string `json:"per"`
	Level       string `json:"level"`
	Source      string `json:"source"`
	Year        int    `json:"year"`
}
