package casefile

import "waymark/internal/civil"

// watch is one thing that is looked out for, said twice: as a condition on cases c for lists and counts,
// and as a rule on one case, which knows since when. A test holds the two against each other.
type watch struct {
	code string
	when string
	flag func(*Case, civil.Date, *Rules) (Flag, bool)
	// paused marks what is looked out for during a pause; everything else rests then.
	paused bool
	// elsewhere marks what has a list of its own or waits for somebody else.
	elsewhere bool
}

func (w watch) where() string {
	if w.paused {
		return "(c.paused_on is not null and c.left_on is null and " + w.when + ")"
	}
	return "(c.paused_on is null and " + w.when + ")"
}

const (
	// moved is Case.Moved, counted Case.LastCounted.
	moved   = "greatest(c.progress_on, c.last_reached_on, c.step_since)"
	counted = "greatest(c.last_qualifying_on, case when c.running_until is not null then least(c.running_until, cast(:today as date)) end)"
)

// Unplanned is the condition that nothing is agreed for a person and nothing has gone on for a while;
// PauseOver, that a pause has lasted longer than meant.
const (
	Unplanned = "c.next_on is null and " + moved + " <= cast(:today as date) - cast(:unplanned as int)"
	PauseOver = "c.paused_until < cast(:today as date)"
	Stalled   = "c.step = 6 and " + moved + " <= cast(:today as date) - cast(:stalled as int)"
)

// watched is everything looked out for, worst first.
var watched = []watch{
	{code: "check_in_late", elsewhere: true, when: "c.next_on < :today", flag: func(c *Case, today civil.Date, _ *Rules) (Flag, bool) {
		return late(c.NextOn, today, "kind", c.NextKind)
	}},
	{code: "pause_over", paused: true, when: PauseOver, flag: func(c *Case, today civil.Date, _ *Rules) (Flag, bool) {
		return late(c.PausedUntil, today, "", "")
	}},
	{code: "milestone_late", when: "c.milestone_late_on <= :today", flag: func(c *Case, today civil.Date, _ *Rules) (Flag, bool) {
		if c.MilestoneLateOn.IsZero() || c.MilestoneLateOn.After(today) {
			return Flag{}, false
		}
		return Flag{Since: c.MilestoneLateOn, why: lasting(today.DaysSince(c.MilestoneDueOn), 0, "milestone", c.Milestone)}, true
	}},
	{code: "lost_contact", when: "coalesce(c.last_reached_on, c.opened_on) <= cast(:today as date) - cast(:lost as int)", flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		last := c.LastReachedOn
		if last.IsZero() {
			last = c.OpenedOn
		}
		return sinceLast(last, today, r.Lost)
	}},
	{code: "no_reply", when: "c.unanswered >= :tries", flag: func(c *Case, _ civil.Date, r *Rules) (Flag, bool) {
		if c.Unanswered < r.Tries {
			return Flag{}, false
		}
		return Flag{Since: c.LastContactOn, why: why{says: counts, count: c.Unanswered, rule: r.Tries}}, true
	}},
	{code: "stalled", when: Stalled, flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		if c.Step != 6 {
			return Flag{}, false
		}
		return sinceLast(c.Moved(), today, r.Stalled)
	}},
	{code: "nothing_planned", when: Unplanned, flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		if !c.NextOn.IsZero() {
			return Flag{}, false
		}
		return sinceLast(c.Moved(), today, r.Unplanned)
	}},
	{
		code: "exit_near", when: "c.started_on is not null and (c.held_until is null or c.held_until < :today) and " + counted + " <= cast(:today as date) - cast(:exit_from as int)",
		flag: exitNear,
	},
	{code: "permit_expired", when: "c.permit_until < :today", flag: func(c *Case, today civil.Date, _ *Rules) (Flag, bool) {
		return late(c.PermitUntil, today, "", "")
	}},
	{code: "permit_expiring", when: "c.permit_until between :today and cast(:today as date) + cast(:permit as int)", flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		return ending(c.PermitUntil, today, r.Permit, "", "")
	}},
	{code: "document_expired", when: "c.paper_expires_on < :today", flag: func(c *Case, today civil.Date, _ *Rules) (Flag, bool) {
		return late(c.PaperExpiresOn, today, "kind", c.PaperKind)
	}},
	{code: "document_expiring", when: "c.paper_expires_on between :today and cast(:today as date) + cast(:paper as int)", flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		return ending(c.PaperExpiresOn, today, r.Paper, "kind", c.PaperKind)
	}},
	{code: "support_ending", when: "c.support_ends_on between :today and cast(:today as date) + cast(:support as int)", flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		return ending(c.SupportEndsOn, today, r.Support, "what", c.SupportWhat)
	}},
	{code: "proof_late", when: "c.proof_on <= cast(:today as date) - cast(:proof as int)", flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		return sinceLast(c.ProofOn, today, r.Proof)
	}},
	{code: "plan_unsigned", when: "c.plan_unsigned_on <= cast(:today as date) - cast(:unsigned as int)", flag: func(c *Case, today civil.Date, r *Rules) (Flag, bool) {
		return sinceLast(c.PlanUnsignedOn, today, r.Unsigned)
	}},
	{code: "plan_returned", when: "c.plan_state = 'returned'", flag: func(c *Case, today civil.Date, _ *Rules) (Flag, bool) {
		return planned(c, "returned", c.PlanReturnedOn)
	}},
	{code: "plan_waiting", elsewhere: true, when: "c.plan_state = 'submitted'", flag: func(c *Case, _ civil.Date, _ *Rules) (Flag, bool) {
		return planned(c, "submitted", dayOf(c.PlanWaiting))
	}},
}

// planned is set while the plan is in a state.
func planned(c *Case, state string, since civil.Date) (Flag, bool) {
	if c.PlanState != state {
		return Flag{}, false
	}
	return Flag{Since: since}, true
}

// late is set from the day after one that has passed.
func late(due, today civil.Date, key, value string) (Flag, bool) {
	if due.IsZero() || !due.Before(today) {
		return Flag{}, false
	}
	days := today.DaysSince(due)
	return Flag{Since: due.AddDays(1), why: lasting(days, 0, key, value)}, true
}

// sinceLast is set when the last day that something went on is at least rule days ago.
func sinceLast(last, today civil.Date, rule int) (Flag, bool) {
	if last.IsZero() || today.DaysSince(last) < rule {
		return Flag{}, false
	}
	return Flag{Since: last, why: lasting(today.DaysSince(last), rule, "", "")}, true
}

// ending is set from rule days before an end until that day.
func ending(on, today civil.Date, rule int, key, value string) (Flag, bool) {
	if on.IsZero() || on.Before(today) || on.DaysSince(today) > rule {
		return Flag{}, false
	}
	return Flag{Since: on.AddDays(-rule), why: lasting(on.DaysSince(today), rule, key, value)}, true
}

// exitNear is set at the first of the warnings and says how far the clock has run.
func exitNear(c *Case, today civil.Date, r *Rules) (Flag, bool) {
	last := c.LastCounted(today)
	if c.StartedOn.IsZero() || c.Held(today) || today.DaysSince(last) < r.ExitFrom {
		return Flag{}, false
	}
	stage := r.ExitFrom
	for _, days := range r.Exit {
		if days > stage && today.DaysSince(last) >= days {
			stage = days
		}
	}
	return Flag{Since: last.AddDays(stage), why: lasting(max(0, ExitClock-today.DaysSince(last)), stage, "", "")}, true
}

// why is what a flag's words are filled with: how many, by which rule, and one thing by its name.
type why struct {
	says        saying
	count, rule int
	key, value  string
}

// saying is what the number is of.
type saying int

const (
	nothing saying = iota
	counts         // of things
	lasts          // of days
)

func lasting(days, rule int, key, value string) why {
	return why{lasts, days, rule, key, value}
}

func (w why) args() map[string]any {
	a := map[string]any{}
	if w.says != nothing {
		a["count"] = w.count
	}
	if w.says == lasts {
		a["days"] = w.count
	}
	if w.rule > 0 {
		a["rule"] = w.rule
	}
	if w.key != "" {
		a[w.key] = w.value
	}
	return a
}
