package portal

import (
	"testing"
	"time"

	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/id"
)

var day = civil.MustParse

var monday = day("2026-11-23")

func TestStepsGoFromDoneToLater(t *testing.T) {
	placed := goal.Goal{ID: id.New[goal.Goal](), TargetKind: "occupation", Horizon: goal.Mid, Status: goal.Agreed, Pay: 4_900_000, PayPer: "year", TargetOn: day("2027-07-01")}
	goals := []goal.Goal{
		{TargetKind: "occupation", Horizon: goal.Immediate, Title: "Assembler", Status: goal.Met, MetOn: day("2026-10-05"), Pay: 1800, PayPer: "hour", TargetOn: day("2026-11-01")},
		placed,
		{TargetKind: "occupation", Horizon: goal.Long, Title: "Old wish", Status: goal.Dropped, TargetOn: day("2029-11-01")},
		{TargetKind: "credential", Horizon: goal.Mid, Title: "A certificate", Status: goal.Agreed, TargetOn: day("2027-05-01")},
	}
	milestones := []milestone{
		{Key: "enroll", Kind: "enroll", Status: "not_started", StartsOn: day("2027-01-11"), DueOn: day("2027-09-20"), Weeks: 36},
		{Key: "english", Kind: "term_end", Status: "done", DoneOn: day("2026-11-06"), DueOn: day("2026-11-10")},
		{Key: "math", Kind: "custom", Status: "in_progress", DueOn: day("2026-12-18"), Sessions: 9, Attended: 5},
		{Key: "osha", Kind: "exam", Status: "not_started", DueOn: day("2026-11-20"), Tolerance: 2},
		{Key: "hired", Kind: "placement", Status: "not_started", DueOn: day("2027-07-01"), GoalID: placed.ID},
	}
	steps := stepsOf(milestones, goals, monday)
	want := []struct {
		key, state string
		late       bool
	}{{"goal-immediate", Done, false}, {"english", Done, false}, {"osha", Now, true}, {"math", Now, false}, {"hired", Later, false}, {"enroll", Later, false}}
	if len(steps) != len(want) || doneOf(steps) != 2 {
		t.Fatalf("%+v", steps)
	}
	for i, w := range want {
		if s := steps[i]; s.Key != w.key || s.State != w.state || s.Late != w.late {
			t.Errorf("%d: %s %s late %v, want %+v", i, s.Key, s.State, s.Late, w)
		}
	}
	if steps[3].Share() != 55 || steps[4].Pay != 4_900_000 || steps[0].Pay != 1800 || steps[2].Share() != -1 {
		t.Errorf("%+v", steps)
	}
}

func TestTheFirstPageShowsFiveStepsAroundNow(t *testing.T) {
	all := make([]Step, 9)
	for i := range all {
		all[i] = Step{State: Later, Weeks: i}
		if i < 4 {
			all[i].State = Done
		}
	}
	if five := Around(all, 5); len(five) != 5 || five[0].Weeks != 2 {
		t.Errorf("%+v", five)
	}
	if three := Around(all[:3], 5); len(three) != 3 {
		t.Errorf("%+v", three)
	}
	for i := range all {
		all[i].State = Done
	}
	if last := Around(all, 5); len(last) != 5 || last[4].Weeks != 8 {
		t.Errorf("%+v", last)
	}
}

func TestAWeekBeginsOnMonday(t *testing.T) {
	sunday := time.Date(2026, 11, 29, 23, 0, 0, 0, time.UTC)
	if got := weekOf(sunday); got != monday.Time() {
		t.Error(got)
	}
}
