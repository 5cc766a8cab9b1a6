package bench

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clients is how many ask at once in the rows with sixteen clients.
const clients = 16

// crowdTime is how long a round of the crowd lasts; ours and the floor take turns.
const crowdTime = 700 * time.Millisecond

// turns are so many that one slow second of the machine is not the middle.
const turns = 11

// crowd has sixteen clients ask at once, ours and the floor in turn, and reports what each got in a second. The share is
// the middle of those of the turns: the machine's speed changes more between turns than within one.
func (p *place) crowd(b *testing.B, op string, ours, floor func(i int)) {
	b.Run(op+"-16", func(b *testing.B) {
		var mine, least, parts []float64
		for turn := range turns {
			var m, f float64
			if turn%2 == 0 { // neither pays always for what the other left to collect
				m, f = persistently(ours), persistently(floor)
			} else {
				f, m = persistently(floor), persistently(ours)
			}
			mine, least, parts = append(mine, m), append(least, f), append(parts, m/f)
		}
		for b.Loop() { // the turns are one measurement
		}
		got := measured{op: op, people: p.people, perSecond: middle(mine), floorPerSecond: middle(least), share: middle(parts)}
		note(got)
		b.ReportMetric(got.perSecond, "req/s")
		b.ReportMetric(got.floorPerSecond, "floor/s")
		b.ReportMetric(got.share, "of-floor")
		b.ReportMetric(0, "ns/op")
	})
}

// persistently counts how often fn is done in a second when all clients go on asking.
func persistently(fn func(i int)) float64 {
	var done atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range clients {
		all.Go(func() {
			for time.Since(begun) < crowdTime {
				fn(int(done.Add(1)))
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(begun).Seconds()
}

func middle(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
