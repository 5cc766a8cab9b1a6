package plan

import (
	"testing"

	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pathway"
)

// luis is the plan of the mock-up.
func luis() Plan {
	return Plan{StartOn: day("2026-09-08"), EndOn: day("2027-12-15"), Milestones: []Milestone{
		{Key: "english", Status: "done", StartsOn: day("2026-09-08"), DueOn: day("2026-11-12"), DoneOn: day("2026-11-12")},
		{Key: "cnc", Status: "in_progress", StartsOn: day("2026-09-21"), DueOn: day("2027-06-11"), Weeks: 36},
		{Key: "osha", Status: "not_started", StartsOn: day("2026-11-02"), DueOn: day("2026-11-20")},
		{Key: "degree", Status: "not_started", StartsOn: day("2027-08-02"), DueOn: day("2027-12-15")},
	}}
}

func TestTheTimelineIsDrawnAsInTheMockUp(t *testing.T) {
	a := AxisFor(luis().StartOn, day("2026-11-23"))
	if a.From != day("2026-09-01") || a.Until != day("2028-01-01") || a.Today != "17.04%" || a.Months[1].At != "6.16%" || !a.Months[4].Label || !a.Months[4].Year {
		t.Errorf("%+v", a)
	}
	rows := Rows(luis(), a)
	for i, want := range []struct {
		bar  Bar
		late int
	}{
		{Bar{"1.44%", "13.35%", "#216e1f", "#216e1f", ""}, 0},
		{Bar{"4.11%", "54.00%", "#ffbe2e", "#5c410a", ""}, 0},
		{Bar{"12.73%", "3.70%", "#fff3f2", "#b50909", ""}, 3},
		{Bar{"68.79%", "27.72%", "#fff", "#71767a", "4 3"}, 0},
	} {
		if rows[i].Bar != want.bar || rows[i].Late != want.late {
			t.Errorf("%s: %+v, %d days late", rows[i].Key, rows[i].Bar, rows[i].Late)
		}
	}
	if rows[1].Week != 10 || !rows[2].By || rows[0].By {
		t.Errorf("week %d of 36", rows[1].Week)
	}
	if old := AxisFor(luis().StartOn, day("2027-06-10")); old.From != day("2027-04-01") || Rows(luis(), old)[0].Bar != (Bar{}) {
		t.Error("a plan begun long ago is shown from two months back")
	}
}

func TestADraftHoldsTogether(t *testing.T) {
	step := func(n int) pathway.Step {
		return pathway.Step{Number: n, TypicalMilestones: []pathway.Milestone{
			{Kind: "enroll", Title: pathway.Text{EN: "Enroll", ES: "Inscribirse"}, DurationWeeks: 2},
			{Kind: "term_end", Title: pathway.Text{EN: "Finish", ES: "Terminar"}, OffsetWeeks: 16},
			{Kind: "placement", Title: pathway.Text{EN: "Job", ES: "Empleo"}, OffsetWeeks: 16, DurationWeeks: 8},
			{Kind: "review", Title: pathway.Text{EN: "Review", ES: "Revisar"}, OffsetWeeks: 24},
		}}
	}
	b := Basis{Pathway: pathway.Edition{Pathway: pathway.Pathway{Steps: []pathway.Step{step(2), step(3)}}}, Entry: 2, Target: 3, Start: day("2026-11-30"), Goals: []goal.Goal{
		{ID: id.New[goal.Goal](), Horizon: goal.Immediate, TargetKind: "occupation", Title: "Inspector", TargetOn: day("2027-01-09"), Status: goal.Agreed, Complete: true},
		{ID: id.New[goal.Goal](), Horizon: goal.Mid, TargetKind: "credential", Title: "Certificate", TargetOn: day("2027-12-01"), Status: goal.Agreed, Complete: true},
		{ID: id.New[goal.Goal](), Horizon: goal.Long, TargetKind: "occupation", Title: "Manager", TargetOn: day("2031-06-30"), Status: goal.Agreed, Complete: true},
	}}
	for _, end := range []string{"2027-12-01", "2027-03-31"} {
		if end == "2027-03-31" {
			b.End = day(end)
		}
		p := Plan{StartOn: b.Start}
		p.Milestones, p.Lines, p.EndOn = Drafted(b)
		if err := p.Ready(b.Goals); err != nil || p.EndOn != day(end) {
			t.Errorf("until %s: %v", p.EndOn, err)
		}
		for _, m := range p.Milestones {
			if m.Kind == "placement" && m.GoalID.IsZero() {
				t.Error("goals bring their own placements")
			}
		}
	}
	p := Plan{StartOn: b.Start, EndOn: b.Start, Lines: []Line{{Cost: 1, Funding: Undecided}}}
	if err := p.Ready(b.Goals[:1]); err == nil || err.Error() != "invalid form.invalid goals.mid=no_goal_mid goals.long=no_goal_long goals."+b.Goals[0].ID.String()+"=no_milestone milestones=none_yet lines.0.funding=funding_needed" {
		t.Error(err)
	}
}

func TestDifferencesAreNamed(t *testing.T) {
	from, to := luis(), luis()
	from.Number, to.Number = 1, 2
	to.EndOn = day("2027-12-31")
	to.Milestones = append(to.Milestones[1:], Milestone{Key: "math", Title: "Shop math", DueOn: day("2026-12-18")})
	to.Milestones[0].DueOn = day("2027-06-18")
	want := []Change{
		{Kind: "changed", Subject: "plan", Field: "end_on", From: "2027-12-15", To: "2027-12-31"},
		{Kind: "removed", Subject: "milestone"},
		{Kind: "changed", Subject: "milestone", Field: "due_on", From: "2027-06-11", To: "2027-06-18"},
		{Kind: "added", Subject: "milestone", Name: "Shop math", To: "2026-12-18"},
	}
	got := Diff(from, to)
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
