package plan

import (
	"slices"
	"testing"

	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
)

func TestAPlanIsSentOnlyWithAgreedAndCompleteGoals(t *testing.T) {
	t.Parallel()
	agreed := func(h goal.Horizon) goal.Goal {
		return goal.Goal{ID: id.New[goal.Goal](), Horizon: h, Title: string(h), Status: goal.Agreed, Complete: true}
	}
	for name, tt := range map[string]struct {
		edit func(*goal.Goal)
		want []string
	}{
		"all three agreed and complete": {func(*goal.Goal) {}, nil},
		"one is in progress":            {func(g *goal.Goal) { g.Status = goal.InProgress }, nil},
		"one is reached":                {func(g *goal.Goal) { g.Status = goal.Met }, nil},
		"one is only proposed":          {func(g *goal.Goal) { g.Status = goal.Proposed }, []string{"goal_proposed"}},
		"one was given up":              {func(g *goal.Goal) { g.Status = goal.Dropped }, []string{"no_goal_mid"}},
		"one lacks a measure": {func(g *goal.Goal) {
			g.Complete, g.Smart = false, []goal.Letter{{Letter: "M", Code: "measure_missing"}}
		}, []string{"goal_not_smart", "smart_measure_missing"}},
	} {
		goals := []goal.Goal{agreed(goal.Immediate), agreed(goal.Mid), agreed(goal.Long)}
		tt.edit(&goals[1])
		p := Plan{}
		for _, g := range goals {
			p.Milestones = append(p.Milestones, Milestone{GoalID: g.ID})
		}
		var c errs.Collector
		p.readyGoals(&c, goals)
		got := []string{}
		for _, f := range fieldsOf(c.Err()) {
			got = append(got, f.Code)
		}
		if !slices.Equal(got, append([]string{}, tt.want...)) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
