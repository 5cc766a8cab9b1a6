package plan

import (
	"slices"

	"waymark/internal/civil"
)

// FreeEndDays is by how many days the end may move on the signed version.
const FreeEndDays = 30

// Terms are what a signature covers. Goals are keys or texts of the goals, in any order;
// Training the training program; CostCents the whole cost in cents.
type Terms struct {
	Goals     []string
	Training  string
	Pathway   string
	Ends      civil.Date
	CostCents int64
}

// NeedsNewVersion lists why a change opens version N+1 (decisions.md "Signatures"): goal,
// training, pathway, end (moved by more than 30 days either way), cost (changed by more than
// 10 % either way, or from nothing). Empty: an adjustment record beside the signed version
// is enough.
func NeedsNewVersion(before, after Terms) []string {
	reasons := []string{}
	for _, r := range []struct {
		changed bool
		code    string
	}{
		{!sameGoals(before.Goals, after.Goals), "goal"},
		{before.Training != after.Training, "training"},
		{before.Pathway != after.Pathway, "pathway"},
		{endMoved(before.Ends, after.Ends), "end"},
		{10*abs(after.CostCents-before.CostCents) > abs(before.CostCents), "cost"},
	} {
		if r.changed {
			reasons = append(reasons, r.code)
		}
	}
	return reasons
}

func sameGoals(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// endMoved counts an end that comes or goes as moved.
func endMoved(before, after civil.Date) bool {
	if before.IsZero() || after.IsZero() {
		return before != after
	}
	return abs(int64(after.DaysSince(before))) > FreeEndDays
}

func abs(n int64) int64 { return max(n, -n) }
