package participation

import (
	"math/rand/v2"
	"testing"

	"waymark/internal/casefile"
	"waymark/internal/civil"
)

// A list knows of a case what was written down at its last change; the exit clock works from every
// service. On ten thousand histories, days after the last change, they project the same exit.
func TestTheListsProjectTheExitOfTheClock(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 2026))
	start := civil.MustParse("2026-01-05")
	gate := Gate{CareerFrom: start}
	projected, held, running := 0, 0, 0
	for range 10_000 {
		written := start.AddDays(30 + random.IntN(200))
		rows := history(random, start, written)
		was := Run(gate, rows, written)
		c := casefile.Case{StartedOn: was.StartedOn, LastQualifying: was.LastQualifyingOn, HeldUntil: was.HeldUntil, RunningUntil: was.RunningUntil}
		for _, later := range []int{0, 1, random.IntN(40), random.IntN(120)} {
			today := written.AddDays(later)
			is := Run(gate, rows, today)
			if got := c.ProjectedExit(today); got != is.ExitOn {
				t.Fatalf("written %s, seen %s: the list says %s, the clock %s\n%+v\n%+v", written, today, got, is.ExitOn, rows, is)
			}
			if !is.StartedOn.IsZero() && c.LastCounted(today) != is.LastQualifyingOn {
				t.Fatalf("written %s, seen %s: last %s, the clock %s\n%+v", written, today, c.LastCounted(today), is.LastQualifyingOn, rows)
			}
			seen := Seen(c, today)
			seen.RunningUntil, seen.NextFrom = is.RunningUntil, is.NextFrom
			if seen != is {
				t.Fatalf("written %s, seen %s:\n%+v\n%+v", written, today, seen, is)
			}
			switch {
			case is.Held:
				held++
			case !was.RunningUntil.IsZero():
				running++
			case !is.ExitOn.IsZero():
				projected++
			}
		}
	}
	if projected < 1000 || held < 1000 || running < 1000 {
		t.Errorf("%d projected, %d held, %d running: too few of a kind to say anything", projected, held, running)
	}
}

// history is services of every kind, written down by a day.
func history(random *rand.Rand, start, written civil.Date) (rows []Given) {
	codes := []string{"B11", "B05", "S01", "T06", "I04", "F01"}
	for range 1 + random.IntN(5) {
		g := Given{Code: codes[random.IntN(len(codes))], On: start.AddDays(random.IntN(written.DaysSince(start) + 1))}
		g.RecordedOn = g.On
		switch random.IntN(5) {
		case 0:
			g.Ends = g.On.AddDays(random.IntN(120))
		case 1:
			g.Ongoing = true
		case 2:
			g.Planned, g.RecordedOn = true, written.AddDays(-random.IntN(20))
			g.On = written.AddDays(random.IntN(100) - 20)
		}
		rows = append(rows, g)
	}
	return rows
}
