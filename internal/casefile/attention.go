package casefile

import (
	"strings"
	"time"

	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Flag says that somebody needs attention: what, since when, and by which rule. Flags are
// derived each time they are shown and never stored.
type Flag struct {
	Code  string         `json:"code"`
	Since civil.Date     `json:"since"`
	Args  map[string]any `json:"reason"`
	why   why
}

// Reason is Args, made when it is asked for.
func (f Flag) Reason() map[string]any {
	if f.Args == nil {
		return f.why.args()
	}
	return f.Args
}

// Rules are the agency's thresholds, in days and tries.
type Rules struct {
	Stalled   int
	Tries     int
	Lost      int
	Unplanned int
	Exit      [4]int
	// ExitFrom is the one of Exit from which the reader is told: supervisors later than case managers.
	ExitFrom int
	Paper    int
	Permit   int
	Support  int
	Unsigned int
	Proof    int
}

// Flags lists the codes of what can be flagged, worst first.
func Flags() []string {
	codes := make([]string, len(watched))
	for i, w := range watched {
		codes[i] = w.code
	}
	return codes
}

// Flagged is the condition on open cases c that a flag is set; it takes the arguments of Rules.Args. An
// unknown code gives "".
func Flagged(code string) string {
	for _, w := range watched {
		if w.code == code {
			return w.where()
		}
	}
	return ""
}

// NeedsAttention is the condition on open cases c that somebody has to look: every flag but a late check-in,
// which stands in lists of its own, and a plan that waits for somebody else.
var NeedsAttention = func() string {
	var any []string
	for _, w := range watched {
		if !w.elsewhere {
			any = append(any, w.where())
		}
	}
	return "(" + strings.Join(any, " or ") + ")"
}()

// Args are what the conditions compare with.
func (r Rules) Args(today civil.Date) pg.Args {
	return pg.Args{
		"today": today, "stalled": r.Stalled, "tries": r.Tries, "lost": r.Lost, "unplanned": r.Unplanned, "exit_from": r.ExitFrom,
		"paper": r.Paper, "permit": r.Permit, "support": r.Support, "unsigned": r.Unsigned, "proof": r.Proof,
	}
}

// Attention lists the flags of a case, worst first.
func Attention(c *Case, today civil.Date, rules Rules) []Flag {
	flags := Raised(c, today, rules)
	for i := range flags {
		flags[i].Args = flags[i].why.args()
	}
	return flags
}

// Raised is Attention without Args: a list says one flag of a line, and counts the others.
func Raised(c *Case, today civil.Date, rules Rules) []Flag {
	flags := make([]Flag, 0, 4)
	away := !c.PausedOn.IsZero()
	if !c.Open() || away && !c.LeftOn.IsZero() {
		return flags
	}
	for _, w := range watched {
		if w.paused != away {
			continue
		}
		if f, set := w.flag(c, today, &rules); set {
			f.Code = w.code
			flags = append(flags, f)
		}
	}
	return flags
}

// Moved is the last day on which something went on: a talk, progress, a step.
func (c Case) Moved() civil.Date {
	return civil.Later(c.ProgressOn, civil.Later(c.LastReachedOn, c.StepSince))
}

// ExitClock is the length of the exit clock in days (domain.md 1.9 E2).
const ExitClock = 90

// LastCounted is the last qualifying day as of a day: a service that goes on counts every day.
func (c Case) LastCounted(today civil.Date) civil.Date {
	running := c.RunningUntil
	if running.After(today) {
		running = today
	}
	return civil.Later(c.LastQualifying, running)
}

// Held reports that a booked service stops the exit.
func (c Case) Held(today civil.Date) bool { return !c.HeldUntil.IsZero() && !c.HeldUntil.Before(today) }

// ProjectedExit is the day whose sweep would fix the exit if nothing more is given: the one that the
// exit clock gives. None before participation, after the exit, and while a booked service holds it.
func (c Case) ProjectedExit(today civil.Date) civil.Date {
	if c.StartedOn.IsZero() || !c.ExitOn.IsZero() || c.Held(today) {
		return civil.Date{}
	}
	return c.LastCounted(today).AddDays(ExitClock + 1)
}

func dayOf(t *time.Time) civil.Date {
	if t == nil {
		return civil.Date{}
	}
	return civil.Of(*t)
}
