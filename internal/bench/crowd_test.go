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

// crowd has sixteen clients ask at once, ours and the floor in turn, and reports what each got in a second.
func (p *place) crowd(b *testing.B, op string, ours, floor func(i int)) {
	b.Run(op+"-16", func(b *testing.B) {
		var mine, least []float64
		for range 5 {
			mine = append(mine, persistently(ours))
			least = append(least, persistently(floor))
		}
		for b.Loop() { // five rounds are one measurement
		}
		m, f := middle(mine), middle(least)
		note(measured{op: op, people: p.people, perSecond: m, floorPerSecond: f})
		b.ReportMetric(m, "req/s")
		b.ReportMetric(f, "floor/s")
		b.ReportMetric(m/f, "of-floor")
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
