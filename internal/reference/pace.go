package reference

import "time"

// pace keeps an import from crowding out those who read pages meanwhile: after each stretch of work it rests for
// as long as it has worked. While the parser rests the database takes in what it was sent, so that the two
// together keep one core busy and leave the others.
type pace struct {
	clock func() time.Time
	rest  func(time.Duration)
	since time.Time
	rows  int
}

const (
	// stretch is the shortest work that is worth a rest, longest the longest rest.
	stretch = 4 * time.Millisecond
	longest = time.Second
	// strides is how many rows go by between two looks at the clock.
	strides = 64
)

func (o Options) pace() *pace { return &pace{clock: o.Clock, rest: o.Rest, since: o.Clock()} }

// row counts one row of work.
func (p *pace) row() {
	if p.rows++; p.rows%strides == 0 {
		p.breathe()
	}
}

// breathe rests, if the work since the last rest was long enough.
func (p *pace) breathe() {
	if p.rest == nil {
		return
	}
	worked := p.clock().Sub(p.since)
	if worked < stretch {
		return
	}
	p.rest(min(worked, longest))
	p.since = p.clock()
}
