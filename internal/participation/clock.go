package participation

import (
	"cmp"
	"slices"

	"waymark/internal/casefile"
	"waymark/internal/civil"
)

// ClockDays is the length of the exit clock in days (domain.md 1.9 E2).
const ClockDays = casefile.ExitClock

// Given is one service as recorded. On is its first day; Ends the actual last day or
// the last day attended, zero for a service of one day. Ongoing means open ended: it
// counts through today until Ends is set (E4). Planned means booked and not yet given;
// RecordedOn is when the booking was written down, and stays so after the service is
// given. A cancelled row counts for nothing.
type Given struct {
	Code       string
	On, Ends   civil.Date
	Planned    bool
	Ongoing    bool
	RecordedOn civil.Date
	Cancelled  bool
}

// Gate says from which day services may start participation (domain.md 2.1). CareerFrom:
// eligible for Adult, Dislocated Worker or Wagner-Peyser. YouthFrom: youth eligibility,
// objective assessment and ISS all exist. Zero means not yet.
type Gate struct{ CareerFrom, YouthFrom civil.Date }

// Clock is the state of one period of participation on a day.
type Clock struct {
	StartedOn        civil.Date `json:"started_on"`         // participation date, PIRL 900; none: a reportable individual, and all else is none
	LastQualifyingOn civil.Date `json:"last_qualifying_on"` // L; the exit date, PIRL 901, once exit is fixed
	Day90            civil.Date `json:"day_90"`             // L+90, the last day on which a service keeps the period open
	// ExitOn is projected: L+91, the day whose sweep would fix the exit, when nothing
	// holds it. It is none while a planned service holds. It is not the exit date (that
	// is LastQualifyingOn), and nothing here fixes an exit: only the sweep does.
	ExitOn civil.Date `json:"exit_on"`
	// Held says that a planned qualifying service, recorded by Day90 and not yet missed,
	// stops the exit (E3). HeldUntil is the latest day so planned.
	Held      bool       `json:"held"`
	HeldUntil civil.Date `json:"held_until"`
	DaysLeft  int        `json:"days_left"` // days from today to Day90, never negative
	// Warning is the highest of 30, 60, 75 and 85 days since L that today has reached
	// (E7), else 0. A hold does not silence it: it may be cancelled.
	Warning int `json:"warning"`
	// NextFrom is the first qualifying day after the period ran out unheld: that service
	// belongs to a new period (E6). None when there is none.
	NextFrom civil.Date `json:"next_from"`
	// RunningUntil is until when a service of the period goes on, endless while it has no end.
	RunningUntil civil.Date `json:"-"`
}

// endless is the end of what has none.
var endless = civil.On(2200, 12, 31)

// Endless reports that a service of the period goes on and has no end.
func (c Clock) Endless() bool { return c.RunningUntil == endless }

// Due reports whether the sweep of today should fix the exit: day 90 has passed and nothing holds.
func (c Clock) Due(today civil.Date) bool {
	return !c.StartedOn.IsZero() && !c.Held && today.After(c.Day90)
}

// Run works out the first period of participation that the services make, as of today
// (domain.md 1.9 E1-E7). Services may come in any order and from every program under the
// common exit. Only a service of column P on or after its gate starts a period; supportive,
// follow-up, information and self-service never move L. A service more than 90 days after
// L belongs to the period only if it, or one planned for its day or later, was on record
// by day 90; else the period stays as it was and NextFrom says where another begins.
func Run(gate Gate, services []Given, today civil.Date) Clock {
	rows := usable(services)
	first := slices.IndexFunc(rows, func(g Given) bool { return gate.starts(g) && !g.On.After(today) && !g.Planned })
	if first < 0 {
		return Clock{}
	}
	c := Clock{StartedOn: rows[first].On}
	c.LastQualifyingOn = rows[first].On
	for _, g := range rows {
		if !g.moves(c.StartedOn, today) {
			continue
		}
		if !bridged(rows, c.LastQualifyingOn, g.On) {
			c.NextFrom = g.On
			break
		}
		c.LastQualifyingOn = civil.Later(c.LastQualifyingOn, g.last(today))
		c.RunningUntil = civil.Later(c.RunningUntil, g.running())
	}
	return c.finish(rows, today)
}

// Effect says what recording a service would do: "starts_participation" when it makes or
// moves the first day (or begins a new period after one that ran out), "extends" when it
// moves L, else "none". A planned service has no effect until it is given; it may hold.
func Effect(gate Gate, before []Given, add Given) string {
	today := add.On
	for _, g := range append(slices.Clone(before), add) {
		if !g.Planned && !g.Cancelled {
			today = civil.Later(today, civil.Later(g.On, g.Ends))
		}
	}
	was := Run(gate, before, today)
	is := Run(gate, append(slices.Clone(before), add), today)
	switch {
	case is.StartedOn != was.StartedOn, is.NextFrom == add.On && is.NextFrom != was.NextFrom && gate.starts(add):
		return "starts_participation"
	case is.LastQualifyingOn.After(was.LastQualifyingOn):
		return "extends"
	}
	return "none"
}

// usable are the rows that stand, earliest first.
func usable(services []Given) []Given {
	rows := slices.DeleteFunc(slices.Clone(services), func(g Given) bool { return g.Cancelled || g.On.IsZero() })
	slices.SortStableFunc(rows, func(a, b Given) int {
		return cmp.Or(a.On.Compare(b.On), a.last(a.Ends).Compare(b.last(b.Ends)))
	})
	return rows
}

// starts reports whether a service given on its day may begin participation.
func (g Gate) starts(s Given) bool {
	t, ok := Lookup(s.Code)
	from := g.CareerFrom
	if t.Class == ClassYouthElement {
		from = g.YouthFrom
	}
	return ok && t.Starts && !from.IsZero() && !s.On.Before(from)
}

func (g Given) extends() bool {
	t, ok := Lookup(g.Code)
	return ok && t.Extends
}

// moves reports whether the service was given by today in a period that began on started.
func (g Given) moves(started, today civil.Date) bool {
	return g.extends() && !g.Planned && !g.On.Before(started) && !g.On.After(today)
}

// last is the last day of the service that today can know of.
func (g Given) last(today civil.Date) civil.Date {
	end := civil.Later(g.On, g.Ends)
	if g.Ongoing && g.Ends.IsZero() || end.After(today) {
		return civil.Later(g.On, today)
	}
	return end
}

// running is until when the service goes on after its first day; none when it does not.
func (g Given) running() civil.Date {
	switch {
	case g.Ongoing && g.Ends.IsZero():
		return endless
	case g.Ends.After(g.On):
		return g.Ends
	}
	return civil.Date{}
}

// bridged reports whether a period with last day l was still open on day.
func bridged(rows []Given, l, day civil.Date) bool {
	day90 := l.AddDays(ClockDays)
	return !day.After(day90) || slices.ContainsFunc(rows, func(g Given) bool { return g.holds(day90, day) })
}

// holds reports whether the service was on record by day90 for the day or later.
func (g Given) holds(day90, day civil.Date) bool {
	return g.extends() && !g.On.Before(day) && !g.RecordedOn.IsZero() && !g.RecordedOn.After(day90)
}

// finish derives from L what depends on today.
func (c Clock) finish(rows []Given, today civil.Date) Clock {
	if !c.RunningUntil.After(c.LastQualifyingOn) {
		c.RunningUntil = civil.Date{}
	}
	c = c.dated(today)
	for _, g := range rows {
		if g.Planned && c.NextFrom.IsZero() && g.holds(c.Day90, today) {
			c.Held, c.HeldUntil = true, civil.Later(c.HeldUntil, g.On)
		}
	}
	return c.dated(today)
}

// dated derives the days that follow from the last one and from what holds the exit.
func (c Clock) dated(today civil.Date) Clock {
	c.Day90 = c.LastQualifyingOn.AddDays(ClockDays)
	c.DaysLeft = max(0, c.Day90.DaysSince(today))
	for _, days := range []int{30, 60, 75, 85} {
		if today.DaysSince(c.LastQualifyingOn) >= days {
			c.Warning = days
		}
	}
	c.ExitOn = c.Day90.AddDays(1)
	if c.Held {
		c.ExitOn = civil.Date{}
	}
	return c
}
