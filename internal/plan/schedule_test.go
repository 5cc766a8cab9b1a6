package plan

import (
	"slices"
	"testing"

	"waymark/internal/civil"
)

var day = civil.MustParse

// rosas are the milestones of domain.md 6.2.
func rosas() []Dated {
	return []Dated{
		{Key: "enroll", Due: day("2025-08-18")},
		{Key: "midterm", Due: day("2025-10-10"), DependsOn: []string{"enroll"}},
		{Key: "post_test", Due: day("2025-11-14"), DependsOn: []string{"enroll"}, ToleranceDays: 5},
		{Key: "certification", Starts: day("2025-12-01"), Due: day("2025-12-05"), DependsOn: []string{"midterm", "post_test"}},
		{Key: "placement", Due: day("2026-01-09"), DependsOn: []string{"certification"}},
	}
}

func TestAPlanHoldsItsMilestonesAndEndsWithTheLast(t *testing.T) {
	services := []civil.Date{day("2025-12-05"), {}}
	if End(rosas(), services) != day("2026-01-09") || End(rosas(), []civil.Date{day("2026-02-01")}) != day("2026-02-01") || !End(nil, nil).IsZero() {
		t.Error("end of the plan")
	}
	for _, err := range []error{CheckCycles(rosas()), CheckOrder(rosas()), Inside(rosas(), day("2025-08-04"), day("2026-01-09"))} {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestASlipTakesItsDependantsAlong(t *testing.T) {
	before := rosas()
	after, moved, err := Move(before, "midterm", day("2025-10-17"))
	want := []Moved{
		{"midterm", day("2025-10-10"), day("2025-10-17"), 7},
		{"certification", day("2025-12-05"), day("2025-12-12"), 7},
		{"placement", day("2026-01-09"), day("2026-01-16"), 7},
	}
	if err != nil || !slices.Equal(moved, want) {
		t.Errorf("%+v %v", moved, err)
	}
	if after[3].Starts != day("2025-12-08") || after[2].Due != day("2025-11-14") || before[1].Due != day("2025-10-10") {
		t.Errorf("%+v", after)
	}
	if Inside(after, day("2025-08-04"), day("2026-01-09")) == nil {
		t.Error("the slip ran past the end of the plan")
	}
}

func TestAnEarlierDateMovesDependantsBackAndWhatIsDoneStays(t *testing.T) {
	items := rosas()
	items[0].Done, items[1].Done = true, true
	_, moved, err := Move(items, "post_test", day("2025-11-10"))
	if err != nil || len(moved) != 3 || moved[2].Key != "placement" || moved[2].Days != -4 {
		t.Errorf("%+v %v", moved, err)
	}
	if _, moved, err := Move(items, "placement", items[4].Due); err != nil || len(moved) != 0 || moved == nil {
		t.Errorf("nothing was to move: %+v %v", moved, err)
	}
}

func TestAMilestoneTwoWaysDownMovesOnce(t *testing.T) {
	_, moved, err := Move(rosas(), "enroll", day("2025-08-19"))
	if err != nil || len(moved) != 5 {
		t.Errorf("%+v %v", moved, err)
	}
}

func TestMovesThatCannotBeAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		key  string
		due  civil.Date
		edit func([]Dated)
		want string
	}{
		"a key that is none": {"exam", day("2025-10-17"), func([]Dated) {}, "key=unknown"},
		"one that is done":   {"enroll", day("2025-10-17"), func(m []Dated) { m[0].Done = true }, "due_on=milestone_done"},
		"no date":            {"enroll", civil.Date{}, func([]Dated) {}, "due_on=required"},
		"a cycle": {
			"enroll", day("2025-10-17"), func(m []Dated) { m[0].DependsOn = []string{"midterm"} },
			"milestones.enroll=depends_on_cycle milestones.midterm=depends_on_cycle",
		},
		"one that waits for itself": {"enroll", day("2025-10-17"), func(m []Dated) { m[4].DependsOn = []string{"placement"} }, "milestones.placement=depends_on_cycle"},
		"one that waits for nobody": {"enroll", day("2025-10-17"), func(m []Dated) { m[4].DependsOn = []string{"exam"} }, "milestones.placement=depends_on_unknown"},
		"two of one key":            {"enroll", day("2025-10-17"), func(m []Dated) { m[4].Key, m[4].DependsOn = "midterm", nil }, "milestones.midterm=key_repeated"},
	} {
		items := rosas()
		tt.edit(items)
		if _, _, err := Move(items, tt.key, tt.due); err == nil || err.Error() != "invalid form.invalid "+tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPredecessorsComeFirst(t *testing.T) {
	items := rosas()
	items[3].Due = day("2025-11-01")
	items[4].Done = true
	if err := CheckOrder(items); err == nil || err.Error() != "invalid form.invalid milestones.certification=due_before_predecessor milestones.placement=done_before_predecessor" {
		t.Error(err)
	}
}

func TestDatesOutsideThePlanAreNamed(t *testing.T) {
	items := []Dated{{Key: "a"}, {Key: "b", Due: day("2025-08-03")}, {Key: "c", Due: day("2026-01-10")}, {Key: "d", Starts: day("2025-09-02"), Due: day("2025-09-01")}}
	err := Inside(items, day("2025-08-04"), day("2026-01-09"))
	if err == nil || err.Error() != "invalid form.invalid milestones.a=due_missing milestones.b=before_plan milestones.c=after_plan milestones.d=starts_after_due" {
		t.Error(err)
	}
}

func TestAMilestoneIsOverdueAfterItsTolerance(t *testing.T) {
	m := rosas()[2]
	if m.Overdue(day("2025-11-19")) || !m.Overdue(day("2025-11-20")) {
		t.Error("five days of tolerance")
	}
	if m.Done = true; m.Overdue(day("2026-11-20")) {
		t.Error("done is never overdue")
	}
}
