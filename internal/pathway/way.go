package pathway

// Leg is one stretch of somebody's way up: the steps it joins, and the arrows between them. Several
// arrows are a choice; none means that nothing but work leads on.
type Leg struct {
	From, To int
	Arrows   []Transition
}

// First is the arrow to reckon with: the one that the pathway names first.
func (l Leg) First() (Transition, bool) {
	if len(l.Arrows) == 0 {
		return Transition{}, false
	}
	return l.Arrows[0], true
}

// Way is how an area leads from one step to another. An area's own arrows come before those for every
// area, and one may pass over steps.
func (p Pathway) Way(area string, from, to int) []Leg {
	legs := []Leg{}
	for from < to {
		l := p.leg(area, from, to)
		legs = append(legs, l)
		from = l.To
	}
	return legs
}

func (p Pathway) leg(area string, from, most int) Leg {
	for _, of := range []string{area, ""} {
		l := Leg{From: from, To: most + 1}
		for _, t := range p.Transitions {
			if t.FromStep != from || t.Area != of || t.ToStep <= from || t.ToStep > most || t.ToStep > l.To {
				continue
			}
			if t.ToStep < l.To {
				l.To, l.Arrows = t.ToStep, nil
			}
			l.Arrows = append(l.Arrows, t)
		}
		if len(l.Arrows) > 0 {
			return l
		}
	}
	next := most
	for _, s := range p.Steps {
		if s.Number > from && s.Number < next {
			next = s.Number
		}
	}
	return Leg{From: from, To: next}
}
