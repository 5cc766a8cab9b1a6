// Package goal holds the rules of employment goals (domain.md 1.5): the three horizons and
// the SMART check. It is pure.
package goal

import (
	"slices"

	"waymark/internal/civil"
	"waymark/internal/errs"
)

// Horizon is how far off a goal lies from the start of the plan.
type Horizon string

// The horizons: up to 6 months, above 6 to 24, above 24.
const (
	Immediate Horizon = "immediate"
	Mid       Horizon = "mid"
	Long      Horizon = "long"
)

// Horizons in order.
var Horizons = []Horizon{Immediate, Mid, Long}

// Ends of the horizons in calendar months from the start [D].
const (
	immediateMonths = 6
	midMonths       = 24
)

// HorizonOf says in which horizon a date lies; "" for a date that is not after the start.
// The last day of a horizon is the same day of the month, or the month's last.
func HorizonOf(start, target civil.Date) Horizon {
	switch {
	case !target.After(start):
		return ""
	case !target.After(start.AddMonths(immediateMonths)):
		return Immediate
	case !target.After(start.AddMonths(midMonths)):
		return Mid
	}
	return Long
}

// Target is what the SMART check looks at. Code is an O*NET-SOC, a credential or an
// education target, Kind says which (occupation, credential, education). Reachable is the
// answer of the plan: the step's requirements can be met from the baseline by planned
// milestones. InPathway: it belongs to the chosen pathway; IncomeBridge: it pays for the way.
type Target struct {
	Horizon      Horizon
	Kind, Code   string
	Measure      string
	Value        *float64
	On           civil.Date
	Reachable    bool
	InPathway    bool
	IncomeBridge bool
}

// Letter is the result for one letter of SMART; Code is the key of what is missing, empty
// when it is well: specific_target_missing, measure_missing, value_missing,
// not_reachable_by_milestones, outside_pathway, date_missing, date_before_start,
// outside_horizon.
type Letter struct {
	Letter string `json:"letter"`
	OK     bool   `json:"ok"`
	Code   string `json:"code"`
}

// Kinds of target.
var Kinds = []string{"occupation", "credential", "education"}

// Smart checks a goal letter by letter against the start of the plan; the answer always has
// the five letters S, M, A, R, T.
func Smart(t Target, start civil.Date) []Letter {
	letters := make([]Letter, 0, 5)
	for _, x := range []struct{ letter, code string }{
		{"S", specific(t)},
		{"M", measurable(t)},
		{"A", unless(t.Reachable, "not_reachable_by_milestones")},
		{"R", unless(t.InPathway || t.IncomeBridge, "outside_pathway")},
		{"T", timeBound(t, start)},
	} {
		letters = append(letters, Letter{x.letter, x.code == "", x.code})
	}
	return letters
}

// Complete reports that every letter is well.
func Complete(letters []Letter) bool {
	return !slices.ContainsFunc(letters, func(l Letter) bool { return !l.OK })
}

// CheckSet refuses goals that do not make a ladder: goals.<horizon> with horizon_empty when
// there is none (gate of step 4), and not_after_<horizon before> when its earliest date is
// not after the latest of the horizon before.
func CheckSet(targets []Target) error {
	var c errs.Collector
	var latest civil.Date
	var before Horizon
	for _, h := range Horizons {
		first, last := bounds(targets, h)
		switch {
		case first.IsZero():
			c.Add("goals."+string(h), "horizon_empty")
			continue
		case !latest.IsZero() && !first.After(latest):
			c.Add("goals."+string(h), "not_after_"+string(before))
		}
		latest, before = last, h
	}
	return c.Err()
}

func specific(t Target) string {
	return unless(t.Code != "" && slices.Contains(Kinds, t.Kind), "specific_target_missing")
}

func measurable(t Target) string {
	if t.Measure == "" {
		return "measure_missing"
	}
	return unless(t.Value != nil, "value_missing")
}

func timeBound(t Target, start civil.Date) string {
	switch h := HorizonOf(start, t.On); {
	case t.On.IsZero():
		return "date_missing"
	case h == "":
		return "date_before_start"
	default:
		return unless(h == t.Horizon, "outside_horizon")
	}
}

func unless(ok bool, code string) string {
	if ok {
		return ""
	}
	return code
}

// bounds are the earliest and the latest date of a horizon's goals; zero when it has none.
func bounds(targets []Target, h Horizon) (first, last civil.Date) {
	for _, t := range targets {
		if t.Horizon != h || t.On.IsZero() {
			continue
		}
		if first.IsZero() || t.On.Before(first) {
			first = t.On
		}
		last = civil.Later(last, t.On)
	}
	return first, last
}
