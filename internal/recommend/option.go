package recommend

import (
	"slices"

	"waymark/internal/pathway"
)

// Ranked is one option of a snapshot as it was on the day, with all that a talk about it needs.
// Names are kept in both languages.
type Ranked struct {
	Rank           int          `json:"rank"`
	Area           string       `json:"area"`
	AreaName       pathway.Text `json:"area_name"`
	AreaSummary    pathway.Text `json:"area_summary"`
	Pathway        string       `json:"pathway"`
	PathwayName    pathway.Text `json:"pathway_name"`
	PathwayVersion int          `json:"pathway_version"`

	Total            float64  `json:"total"`
	Interest         *float64 `json:"interest"`
	Readiness        *float64 `json:"readiness"`
	Wage             *float64 `json:"wage"`
	Demand           *float64 `json:"demand"`
	Preference       *float64 `json:"preference"`
	Partial          bool     `json:"partial"`
	Missing          []string `json:"missing"`
	Undifferentiated bool     `json:"undifferentiated"`
	Helps            []Why    `json:"helps"`
	Gaps             []Why    `json:"gaps"`
	Unlocks          []Why    `json:"unlocks"`

	EntryStep      int          `json:"entry_step"`
	EntryTitle     pathway.Text `json:"entry_title"`
	UsualEntryStep int          `json:"usual_entry_step"`
	EntryWhy       string       `json:"entry_why"`
	TargetStep     int          `json:"target_step"`
	TargetTitle    pathway.Text `json:"target_title"`
	TargetSteps    []int        `json:"target_steps"`

	FirstTraining *Training         `json:"first_training"`
	WageAtEntry   *Pay              `json:"wage_at_entry"`
	WageStep3     *Pay              `json:"wage_step3"`
	WageStep4     *Pay              `json:"wage_step4"`
	Openings      *int              `json:"openings"`
	Credentials   []Credential      `json:"credentials"`
	Weeks         *int              `json:"time_weeks"`
	CostCents     *int64            `json:"cost_cents"`
	Supports      []string          `json:"supports"`
	Physical      []pathway.Text    `json:"physical"`
	Requirements  []pathway.Text    `json:"requirements"`
	Constraints   []string          `json:"constraints"`
	Reentry       []Reentry         `json:"reentry"`
	Data          map[string]Source `json:"data"`
	// Added is why a case manager put the area beside the best five; empty for none.
	Added string `json:"added,omitempty"`
}

// Listed reports whether the option is one of those to talk about: the best five and what was added.
func (r Ranked) Listed() bool { return r.Rank <= Best || r.Added != "" }

// Best is how many options pages show.
const Best = 5

// Why is a reason: a message key with its figures, and the points it gives or takes.
type Why struct {
	Code   string         `json:"code"`
	Args   map[string]any `json:"args,omitempty"`
	Points float64        `json:"points"`
}

// Training is the first program on the way.
type Training struct {
	Name      pathway.Text `json:"name"`
	Provider  string       `json:"provider"`
	Weeks     int          `json:"weeks,omitempty"`
	CostCents *int64       `json:"cost_cents"`
}

// Pay is what a step pays, in the unit it was published in. Level says how wide the figure is.
type Pay struct {
	MinCents int64  `json:"min_cents"`
	MaxCents int64  `json:"max_cents"`
	Per      string `json:"per"`
	Level    string `json:"level,omitempty"`
	Source   string `json:"source,omitempty"`
	Year     int    `json:"year,omitempty"`
}

// Credential is one that is earned on the way.
type Credential struct {
	Code string       `json:"code"`
	Name pathway.Text `json:"name"`
}

// Reentry is a step at which somebody who left can come back in.
type Reentry struct {
	Step int          `json:"step"`
	How  pathway.Text `json:"how"`
}

// Source is where a figure comes from.
type Source struct {
	Level string `json:"level,omitempty"`
	Code  string `json:"code,omitempty"`
	Title string `json:"title,omitempty"`
	Year  int    `json:"year,omitempty"`
}

// options ranks every area of the catalogue and adds what the catalogue knows of each.
func options(c pathway.Catalogue, in Inputs) []Ranked {
	ranking := Rank(in.person(), rankable(c))
	list := make([]Ranked, 0, len(ranking))
	for _, o := range ranking {
		list = append(list, detail(c, in, o))
	}
	return list
}

func detail(c pathway.Catalogue, in Inputs, o Option) Ranked {
	a, _ := c.Area(o.Area)
	e, _ := c.Pathway(a.PathwayCode)
	r := Ranked{
		Rank: o.Rank, Area: o.Area, AreaName: a.Name, Pathway: e.Code, PathwayName: e.Name, PathwayVersion: e.Version,
		Total: o.Total, Interest: o.Interest, Readiness: o.Readiness, Wage: o.Wage, Demand: o.Demand, Preference: o.Preference,
		Partial: o.Partial, Missing: o.MissingData, Undifferentiated: o.Undifferentiated,
		Helps: whys(o.Helps), Gaps: whys(o.Gaps), Unlocks: whys(o.Unlocks),
		UsualEntryStep: a.EntryStep, TargetSteps: a.TargetSteps, Constraints: append([]string{}, a.EntryConstraints...),
	}
	if a.Summary != nil {
		r.AreaSummary = *a.Summary
	}
	r.EntryStep, r.EntryWhy = entryStep(e, a.Area, in)
	r.TargetStep = target(r.EntryStep, a.TargetSteps)
	r.route(e, a.Area)
	r.figures(c, e, a.Area)
	return r
}

// target is the nearest step worth aiming at from where the person begins.
func target(entry int, targets []int) int {
	best := slices.Max(targets)
	for _, n := range targets {
		if n > entry && n < best {
			best = n
		}
	}
	return max(entry, best)
}

// route fills what the way from entry to target takes.
func (r *Ranked) route(e pathway.Edition, a pathway.Area) {
	r.Credentials, r.Supports, r.Reentry = []Credential{}, []string{}, []Reentry{}
	r.Physical, r.Requirements = []pathway.Text{}, []pathway.Text{}
	for n := r.EntryStep; n <= r.TargetStep; n++ {
		s, ok := e.StepNumbered(n)
		if !ok {
			continue
		}
		for _, code := range s.Supports {
			if !slices.Contains(r.Supports, code) {
				r.Supports = append(r.Supports, code)
			}
		}
		if n > r.EntryStep {
			r.Reentry = append(r.Reentry, Reentry{n, s.Entry})
		}
	}
	entry, _ := e.StepNumbered(r.EntryStep)
	goal, _ := e.StepNumbered(r.TargetStep)
	r.EntryTitle, r.TargetTitle = entry.Title, goal.Title
	for _, q := range entry.Requirements {
		if q.Area != "" && q.Area != a.Code {
			continue
		}
		if q.Kind == "physical" {
			r.Physical = append(r.Physical, q.Text)
		} else {
			r.Requirements = append(r.Requirements, q.Text)
		}
	}
	r.transitions(e, a)
	r.FirstTraining = firstTraining(e, a, r.EntryStep, r.TargetStep)
	if r.FirstTraining != nil {
		r.CostCents = r.FirstTraining.CostCents
	}
}

// transitions adds up the usual time and the credentials from entry to target.
func (r *Ranked) transitions(e pathway.Edition, a pathway.Area) {
	weeks, known := 0, true
	for _, leg := range e.Way(a.Code, r.EntryStep, r.TargetStep) {
		t, ok := leg.First()
		known = known && ok && t.Weeks > 0
		weeks += t.Weeks
		if k, ok := e.CredentialCoded(t.Credential); ok {
			r.Credentials = append(r.Credentials, Credential{k.Code, k.Name})
		}
	}
	if known {
		r.Weeks = &weeks
	}
}

// firstTraining is the first program that prepares for the entry step or one after it: the
// area's own before those for everybody.
func firstTraining(e pathway.Edition, a pathway.Area, entry, target int) *Training {
	for n := entry; n <= target; n++ {
		s, _ := e.StepNumbered(n)
		for _, area := range []string{a.Code, ""} {
			for _, p := range s.Programs {
				if p.Area == area {
					return &Training{p.Name, p.Provider, p.Weeks, p.CostCents}
				}
			}
		}
	}
	return nil
}

// figures fills pay, openings and where they come from.
func (r *Ranked) figures(c pathway.Catalogue, e pathway.Edition, a pathway.Area) {
	r.Data = map[string]Source{}
	r.WageAtEntry, r.WageStep4 = stepPay(c, e, a.Code, r.EntryStep), stepPay(c, e, a.Code, 4)
	if w, ok := c.AreaWage(a.Code); ok {
		r.WageStep3 = &Pay{w.HourlyCents, w.HourlyCents, pathway.PerHour, w.Level, w.Source, w.Year}
		r.Data["wage"] = source(c, w.Level, w.Source, w.Year)
	}
	if d, ok := c.AreaDemand(a.Code); ok {
		r.Data["demand"] = source(c, d.Level, d.Source, d.Year)
	}
	for _, soc := range a.Anchors {
		if o, ok := c.Occupation(soc); ok && o.Openings != nil {
			if r.Openings == nil {
				r.Openings = new(0)
			}
			*r.Openings += *o.Openings
			r.Data["openings"] = source(c, "nation", o.OutlookSource, 0)
		}
	}
}

// stepPay is the step's published range, or that of the medians of the area's jobs at the step.
func stepPay(c pathway.Catalogue, e pathway.Edition, area string, n int) *Pay {
	s, ok := e.StepNumbered(n)
	if !ok {
		return nil
	}
	if w := s.Wage; w != nil {
		return &Pay{w.MinCents, w.MaxCents, w.Per, "", w.Source, w.Year}
	}
	var pay *Pay
	for _, j := range s.Jobs {
		m, ok := c.Median(j.SOC)
		if j.Area != area || !ok {
			continue
		}
		cents, _ := pathway.Wage{MinCents: m.MedianCents, MaxCents: m.MedianCents, Per: m.Per}.Hourly()
		if pay == nil {
			pay = &Pay{cents, cents, pathway.PerHour, m.Level, m.Source, m.Year}
		}
		pay.MinCents, pay.MaxCents = min(pay.MinCents, cents), max(pay.MaxCents, cents)
	}
	return pay
}

func source(c pathway.Catalogue, level, code string, year int) Source {
	s, _ := c.Source(code)
	if year == 0 {
		year = s.Year
	}
	return Source{level, code, s.Title, year}
}

func whys(reasons []Reason) []Why {
	list := make([]Why, 0, len(reasons))
	for _, r := range reasons {
		list = append(list, Why(r))
	}
	return list
}
