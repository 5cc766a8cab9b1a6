package bench

import (
	"fmt"
	"testing"
	"time"

	"waymark/internal/recommend"
)

// rankGoal is how long ranking 200 areas for one person may take.
const rankGoal = 5 * time.Millisecond

// BenchmarkRank has the row "rank 200 areas": three anchors each, every component known.
func BenchmarkRank(b *testing.B) {
	areas := make([]recommend.Area, 200)
	for i := range areas {
		x := float64(i%60) / 10
		areas[i] = recommend.Area{
			Code: fmt.Sprintf("A%d", i), Name: fmt.Sprintf("Area %d", i), MinEFL: i%6 + 1, WageHourly: new(15 + float64(i%30)), Demand: new(float64(i % 101)),
			EntryConstraints: []string{"licence_cdl"}[:i%2],
			Anchors: []recommend.Occupation{
				{SOC: "51-0001.00", Zone: i%5 + 1, OI: recommend.RIASEC{1 + x, 2, 3, 4, 5, 6}},
				{SOC: "51-0002.00", Zone: 2, OI: recommend.RIASEC{6, 5, 4, 3, 2, 1 + x}},
				{SOC: "51-0003.00", Zone: 3, OI: recommend.RIASEC{3, 1 + x, 4, 1, 5, 2}},
			},
		}
	}
	p := recommend.Person{Zone: 2, EFL: 3, Scores: &recommend.RIASEC{30, 16, 8, 14, 10, 27}, NeededHourly: 19, Preference: map[string]int{"A7": 100}}
	b.Run("rank-200-areas", func(b *testing.B) {
		begun := time.Now()
		n := 0
		for b.Loop() {
			recommend.Rank(p, areas)
			n++
		}
		each := time.Since(begun) / time.Duration(n)
		b.ReportMetric(float64(each.Microseconds()), "us-each")
		b.ReportMetric(float64(each)/float64(rankGoal), "x-goal")
		b.ReportMetric(0, "ns/op")
		if each > rankGoal {
			b.Errorf("ranking 200 areas takes %v, more than %v", each, rankGoal)
		}
	})
}
