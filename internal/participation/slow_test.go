package participation

import (
	"math/rand/v2"
	"testing"
	"time"

	"waymark/internal/civil"
)

// This file runs the exit clock a second time from the text of domain.md 1.9, one day after the other,
// with nothing but what is known on that day. Run is held against it on random histories.

// slowly walks from day to day: the period begins on the first day with a service that may begin it; each
// day with a service that extends it, or inside one that lasts, is the last qualifying day so far; and
// a day that comes more than 90 days later without anything on record ahead in time ends the walk.
func slowly(gate Gate, services []Given, today civil.Date) (c Clock) {
	from := today
	for _, g := range services {
		if g.On.Before(from) {
			from = g.On
		}
	}
	given := func(g Given, on civil.Date) bool { // was it being given on the day, as far as today knows
		end := g.On
		if !g.Ends.IsZero() && g.Ends.After(end) {
			end = g.Ends
		}
		if g.Ongoing && g.Ends.IsZero() {
			end = today
		}
		return !g.Planned && !g.Cancelled && !on.Before(g.On) && !on.After(end)
	}
	extends := func(g Given) bool { t, known := Lookup(g.Code); return known && t.Extends }
	kept := func(l, on civil.Date) bool { // something for the day or later was on record by day 90
		for _, g := range services {
			if extends(g) && !g.Cancelled && !g.On.Before(on) && !g.RecordedOn.IsZero() && g.RecordedOn.DaysSince(l) <= 90 {
				return true
			}
		}
		return false
	}
	for on := from; !on.After(today); on = on.AddDays(1) {
		for _, g := range services {
			t, known := Lookup(g.Code)
			gateOn := gate.CareerFrom
			if known && t.Class == ClassYouthElement {
				gateOn = gate.YouthFrom
			}
			if c.StartedOn.IsZero() && known && t.Starts && g.On == on && given(g, on) && !gateOn.IsZero() && !on.Before(gateOn) {
				c.StartedOn, c.LastQualifyingOn = on, on
			}
		}
		if c.StartedOn.IsZero() {
			continue
		}
		for _, g := range services {
			if !extends(g) || !given(g, on) || g.On.Before(c.StartedOn) {
				continue
			}
			if g.On == on && on.DaysSince(c.LastQualifyingOn) > 90 && !kept(c.LastQualifyingOn, on) {
				c.NextFrom = on
			}
			if c.NextFrom.IsZero() {
				c.LastQualifyingOn = on
			}
		}
		if !c.NextFrom.IsZero() {
			break
		}
	}
	if c.StartedOn.IsZero() {
		return Clock{}
	}
	c.Day90 = c.LastQualifyingOn.AddDays(90)
	for d := today; d.Before(c.Day90); d = d.AddDays(1) {
		c.DaysLeft++
	}
	for _, days := range []int{85, 75, 60, 30} {
		if c.Warning == 0 && today.DaysSince(c.LastQualifyingOn) >= days {
			c.Warning = days
		}
	}
	for _, g := range services {
		if c.NextFrom.IsZero() && g.Planned && !g.Cancelled && extends(g) && !g.On.Before(today) && !g.RecordedOn.IsZero() && !g.RecordedOn.After(c.Day90) {
			c.Held = true
			if g.On.After(c.HeldUntil) {
				c.HeldUntil = g.On
			}
		}
	}
	if !c.Held {
		c.ExitOn = c.Day90.AddDays(1)
	}
	return c
}

// ledgerOfDice are up to eight services of all kinds within two years, some booked, some open, some taken
// back, some written down late.
func ledgerOfDice(d *rand.Rand, from, today civil.Date) (list []Given) {
	codes := []string{"B01", "B05", "B10", "B10", "B11", "I02", "I03", "T01", "T06", "T13", "Y01", "Y07", "Y09", "S01", "F01", "Z99"}
	for range 1 + d.IntN(9) {
		g := Given{Code: codes[d.IntN(len(codes))], On: from.AddDays(d.IntN(700))}
		g.RecordedOn = g.On.AddDays(d.IntN(60) - 20)
		switch d.IntN(6) {
		case 0:
			g.Ends = g.On.AddDays(d.IntN(150))
		case 1:
			g.Ongoing = true
			if d.IntN(2) == 0 {
				g.Ends = g.On.AddDays(d.IntN(150))
			}
		case 2:
			g.Planned, g.RecordedOn = true, g.On.AddDays(-d.IntN(200))
			if d.IntN(2) == 0 {
				g.On = civil.Later(g.On, today.AddDays(d.IntN(60)))
			}
		case 3:
			g.Cancelled = d.IntN(2) == 0
		}
		if g.Planned && g.On.Before(today) && d.IntN(2) == 0 { // given as booked
			g.Planned = false
		}
		list = append(list, g)
	}
	return list
}

func TestTheClockAgreesWithADayByDayWalkOnRandomHistories(t *testing.T) {
	t.Parallel()
	d := rand.New(rand.NewPCG(90, 2026))
	reached := map[string]int{}
	for n := range 10_000 {
		from := civil.On(2024, time.January, 1)
		today := from.AddDays(d.IntN(760))
		gate := Gate{CareerFrom: from.AddDays(d.IntN(60))}
		if d.IntN(3) > 0 {
			gate.YouthFrom = from.AddDays(d.IntN(300))
		}
		if d.IntN(8) == 0 {
			gate.CareerFrom = civil.Date{}
		}
		services := ledgerOfDice(d, from, today)
		got, want := Run(gate, services, today), slowly(gate, services, today)
		got.RunningUntil = civil.Date{} // the walk ends today; TestTheListsProjectTheExitOfTheClock holds what goes on
		if got != want {
			t.Fatalf("history %d on %s, gate %+v\n%+v\nRun    %+v\nslowly %+v", n, today, gate, services, got, want)
		}
		for name, is := range map[string]bool{"never": got.StartedOn.IsZero(), "held": got.Held, "next": !got.NextFrom.IsZero(), "due": got.Due(today), "open": got.DaysLeft > 0} {
			if is {
				reached[name]++
			}
		}
	}
	for _, name := range []string{"never", "held", "next", "due", "open"} {
		if reached[name] < 250 {
			t.Errorf("only %d histories were %s: %v", reached[name], name, reached)
		}
	}
}
