package casefile

import (
	"time"

	"waymark/internal/civil"
)

// Flag says that somebody needs attention: what, since when, and by which rule. Flags are
// derived each time they are shown and never stored.
type Flag struct {
	Code  string         `json:"code"`
	Since civil.Date     `json:"since"`
	Args  map[string]any `json:"reason"`
}

// Rules are the agency's thresholds, in days and tries.
type Rules struct {
	StalledDays int
	Tries       int
}

// DefaultRules hold where an agency has set none: stalled after 30 days, no reply after 2 tries.
var DefaultRules = Rules{StalledDays: 30, Tries: 2}

// Attention lists the flags of a case, worst first.
func Attention(c Case, today civil.Date, rules Rules) []Flag {
	flags := []Flag{}
	if !c.Open() || !c.PausedOn.IsZero() {
		return flags
	}
	if !c.NextOn.IsZero() && c.NextOn.Before(today) {
		flags = append(flags, Flag{"check_in_late", c.NextOn.AddDays(1), map[string]any{"days": today.DaysSince(c.NextOn), "count": today.DaysSince(c.NextOn), "kind": c.NextKind}})
	}
	if !c.MilestoneLateOn.IsZero() && !c.MilestoneLateOn.After(today) {
		flags = append(flags, Flag{
			"milestone_late", c.MilestoneLateOn,
			map[string]any{"days": today.DaysSince(c.MilestoneDueOn), "count": today.DaysSince(c.MilestoneDueOn), "milestone": c.Milestone},
		})
	}
	if c.Unanswered >= rules.Tries {
		flags = append(flags, Flag{"no_reply", c.LastContactOn, map[string]any{"count": c.Unanswered}})
	}
	if last := civil.Later(c.ProgressOn, civil.Later(c.LastReachedOn, c.StepSince)); c.Step == 6 && today.DaysSince(last) >= rules.StalledDays {
		flags = append(flags, Flag{"stalled", last, map[string]any{"days": today.DaysSince(last), "count": today.DaysSince(last)}})
	}
	switch c.PlanState {
	case "returned":
		flags = append(flags, Flag{"plan_returned", civil.Date{}, map[string]any{}})
	case "submitted":
		flags = append(flags, Flag{"plan_waiting", dayOf(c.PlanWaiting), map[string]any{}})
	}
	return flags
}

func dayOf(t *time.Time) civil.Date {
	if t == nil {
		return civil.Date{}
	}
	return civil.Of(*t)
}
