package participation

import (
	"waymark/internal/casefile"
	"waymark/internal/civil"
)

// Seen is the exit clock as a case's own facts have it, without reading its services: what a record and
// a list show. It says the same as Run.
func Seen(c casefile.Case, today civil.Date) Clock {
	if c.StartedOn.IsZero() {
		return Clock{}
	}
	k := Clock{StartedOn: c.StartedOn, LastQualifyingOn: c.LastCounted(today), RunningUntil: c.RunningUntil, Held: c.Held(today)}
	if k.Held {
		k.HeldUntil = c.HeldUntil
	}
	return k.dated(today)
}

// Would is what a service would do to the exit clock if it were recorded now.
type Would struct {
	Effect string
	Clock  Clock
}

// Would works out what recording a service would do; in is not held against the rules that may refuse it.
func (s Set) Would(in Input, today civil.Date) Would {
	g := s.ledger.one(Record{
		Code: in.Code, GivenOn: in.GivenOn, EndsOn: in.EndsOn, Planned: in.Planned, Ongoing: in.Ongoing, Supersedes: in.Supersedes, RecordedOn: today,
	})
	before := s.ledger.given(in.Supersedes)
	return Would{Effect(s.ledger.gate, before, g), Run(s.ledger.gate, append(before, g), today)}
}
