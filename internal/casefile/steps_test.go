package casefile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/civil"
)

func day(s string) civil.Date { return civil.MustParse(s) }

// through are the facts of a person who has passed the first n gates, one a month.
func through(n int) facts {
	f := facts{}
	for i, set := range []func(civil.Date){
		func(d civil.Date) {
			f.NoticeOn, f.EligibleOn, f.DecidedOn, f.SchoolOn, f.FoundationalOn, f.ReadinessOn, f.SupportOn, f.EnglishOn = d, d, d, d, d, d, d, d
		},
		func(d civil.Date) { f.InterestOn, f.SnapshotOn, f.ReviewedOn = d, d, d },
		func(d civil.Date) { f.SelectedOn = d },
		func(d civil.Date) { f.ImmediateOn, f.MidOn, f.LongOn = d, d, d },
		func(d civil.Date) {
			f.PlanState, f.InForceOn, f.FirstInForceOn, f.SignedPerson, f.SignedStaff, f.Approved = "in_force", d, d, true, true, true
		},
	}[:n] {
		set(civil.On(2026, time.Month(i+1), 5))
	}
	return f
}

func TestTheStepIsTheFirstWhoseGateIsNotMet(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		steps := stepsOf(through(n))
		if got := here(steps); got != n+1 {
			t.Errorf("after %d gates the step is %d", n, got)
		}
		for i, s := range steps {
			want := "later"
			switch {
			case i < n:
				want = "done"
			case i == n:
				want = "here"
			}
			if s.Number != i+1 || s.Key != StepKeys[i] || s.State != want || (want == "done") != (len(s.Missing) == 0) {
				t.Errorf("after %d gates: %+v, want %s", n, s, want)
			}
			if done := civil.On(2026, time.Month(i+1), 5); want == "done" && s.DoneOn != done || want != "done" && !s.DoneOn.IsZero() {
				t.Errorf("after %d gates step %d was done on %s", n, s.Number, s.DoneOn)
			}
		}
	}
}

func TestWhatAGateStillAsksForIsNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		passed int
		edit   func(*facts)
		step   int
		want   []string
	}{
		"nothing yet": {0, func(*facts) {}, 1, []string{"eligibility", "notice", "school_completion", "foundational", "work_readiness", "support_needs", "english"}},
		"found ineligible, which is a decision but no gate": {1, func(f *facts) { f.EligibleOn = civil.Date{} }, 1, []string{"eligibility"}},
		"no notice":            {1, func(f *facts) { f.NoticeOn = civil.Date{} }, 1, []string{"notice"}},
		"not yet talked over":  {2, func(f *facts) { f.ReviewedOn = civil.Date{} }, 2, []string{"review"}},
		"no long goal":         {4, func(f *facts) { f.LongOn = civil.Date{} }, 4, []string{"goal_long"}},
		"no plan":              {4, func(*facts) {}, 5, []string{"plan_draft"}},
		"a draft":              {4, func(f *facts) { f.PlanState = "draft" }, 5, []string{"plan_draft"}},
		"returned":             {4, func(f *facts) { f.PlanState = "returned" }, 5, []string{"plan_draft"}},
		"sent":                 {4, func(f *facts) { f.PlanState = "submitted" }, 5, []string{"plan_participant_signature"}},
		"signed by the person": {4, func(f *facts) { f.PlanState, f.SignedPerson = "submitted", true }, 5, []string{"plan_staff_signature"}},
		"signed by both":       {4, func(f *facts) { f.PlanState, f.SignedPerson, f.SignedStaff = "submitted", true, true }, 5, []string{"plan_approval"}},
		"in force":             {5, func(*facts) {}, 6, []string{"outcomes"}},
		"a new version waits, the old one stays in force": {5, func(f *facts) { f.PlanState, f.SignedPerson = "submitted", false }, 6, []string{"outcomes"}},
	} {
		f := through(tt.passed)
		tt.edit(&f)
		steps := stepsOf(f)
		if got := here(steps); got != tt.step || !cmp.Equal(steps[got-1].Missing, tt.want) {
			t.Errorf("%s: step %d lacks %v, want step %d and %v", name, got, steps[got-1].Missing, tt.step, tt.want)
		}
	}
}

func TestReopeningAnEarlierStepTakesTheCaseBack(t *testing.T) {
	t.Parallel()
	f := through(5)
	f.SchoolOn = civil.Date{} // the intake record was opened again
	steps := stepsOf(f)
	if here(steps) != 1 || steps[0].State != "here" {
		t.Fatalf("%+v", steps)
	}
	for _, s := range steps[1:5] {
		if s.State != "done" {
			t.Errorf("step %d is %s: what was done later stays done", s.Number, s.State)
		}
	}
	f = through(3)
	f.ImmediateOn, f.MidOn, f.LongOn = day("2026-04-05"), day("2026-04-09"), day("2026-04-07")
	f.SelectedOn = civil.Date{}
	if steps = stepsOf(f); here(steps) != 3 || steps[3].State != "done" || steps[3].DoneOn != day("2026-04-09") {
		t.Errorf("goals were complete on the day of the last of the three: %+v", steps[3])
	}
}

// usual are the rules of an agency that has set none.
var usual = Rules{Stalled: 30, Tries: 2, Lost: 60, Unplanned: 3, Exit: [4]int{30, 60, 75, 85}, ExitFrom: 30, Paper: 30, Permit: 60, Support: 14, Unsigned: 7, Proof: 31}

func TestAttention(t *testing.T) {
	t.Parallel()
	today, sent := day("2026-11-23"), time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	fine := func() Case {
		c := Case{}
		c.State, c.Step, c.PlanState = "active", 6, "in_force"
		c.NextOn, c.LastContactOn, c.LastReachedOn, c.ProgressOn, c.StepSince = today, today.AddDays(-10), today.AddDays(-10), today.AddDays(-10), today.AddDays(-90)
		c.MilestoneDueOn, c.MilestoneLateOn, c.Milestone = today, today.AddDays(1), "Shop math"
		return c
	}
	for name, tt := range map[string]struct {
		edit  func(*Case)
		codes []string
		since civil.Date
	}{
		"all is well, and today is not late": {func(*Case) {}, nil, civil.Date{}},
		"the check-in was due yesterday":     {func(c *Case) { c.NextOn = today.AddDays(-1) }, []string{"check_in_late"}, today},
		"a milestone was due a week ago":     {func(c *Case) { c.MilestoneLateOn = today.AddDays(-6) }, []string{"milestone_late"}, today.AddDays(-6)},
		"within its tolerance":               {func(c *Case) { c.MilestoneDueOn, c.MilestoneLateOn = today.AddDays(-7), today.AddDays(1) }, nil, civil.Date{}},
		"one try without an answer":          {func(c *Case) { c.Unanswered = 1 }, nil, civil.Date{}},
		"two tries without an answer":        {func(c *Case) { c.Unanswered = 2 }, []string{"no_reply"}, today.AddDays(-10)},
		"29 days without progress":           {func(c *Case) { c.ProgressOn, c.LastReachedOn = today.AddDays(-29), today.AddDays(-40) }, nil, civil.Date{}},
		"30 days without progress":           {func(c *Case) { c.ProgressOn, c.LastReachedOn = today.AddDays(-30), today.AddDays(-40) }, []string{"stalled"}, today.AddDays(-30)},
		"a talk counts as progress":          {func(c *Case) { c.ProgressOn, c.LastReachedOn = today.AddDays(-80), today.AddDays(-3) }, nil, civil.Date{}},
		"an earlier step does not stall":     {func(c *Case) { c.ProgressOn, c.LastReachedOn, c.Step = civil.Date{}, civil.Date{}, 3 }, nil, civil.Date{}},
		"the plan came back":                 {func(c *Case) { c.PlanState, c.PlanReturnedOn = "returned", day("2026-11-19") }, []string{"plan_returned"}, day("2026-11-19")},
		"the plan waits":                     {func(c *Case) { c.PlanState, c.PlanWaiting = "submitted", &sent }, []string{"plan_waiting"}, day("2026-11-20")},
		"late twice, worst first": {
			func(c *Case) { c.NextOn, c.MilestoneLateOn, c.Unanswered = today.AddDays(-2), today.AddDays(-2), 3 },
			[]string{"check_in_late", "milestone_late", "no_reply"},
			today.AddDays(-1),
		},
		"paused":                           {func(c *Case) { c.NextOn, c.PausedOn = today.AddDays(-40), today.AddDays(-41) }, nil, civil.Date{}},
		"exited":                           {func(c *Case) { c.NextOn, c.State = today.AddDays(-40), "exited" }, nil, civil.Date{}},
		"left":                             {func(c *Case) { c.PausedOn, c.LeftOn = today.AddDays(-41), today.AddDays(-41) }, nil, civil.Date{}},
		"nothing agreed since the talk":    {func(c *Case) { c.NextOn = civil.Date{} }, []string{"nothing_planned"}, today.AddDays(-10)},
		"nothing agreed, in an early step": {func(c *Case) { c.NextOn, c.Step, c.StepSince = civil.Date{}, 2, today.AddDays(-3) }, []string{"nothing_planned"}, today.AddDays(-3)},
		"nothing agreed yet":               {func(c *Case) { c.NextOn, c.StepSince = civil.Date{}, today.AddDays(-2) }, nil, civil.Date{}},
		"paused too long": {func(c *Case) {
			c.NextOn, c.PausedOn, c.PausedUntil = civil.Date{}, today.AddDays(-41), today.AddDays(-1)
		}, []string{"pause_over"}, today},
		"the last day of a pause":        {func(c *Case) { c.NextOn, c.PausedOn, c.PausedUntil = civil.Date{}, today.AddDays(-41), today }, nil, civil.Date{}},
		"60 days without a talk":         {func(c *Case) { c.LastReachedOn = today.AddDays(-60) }, []string{"lost_contact"}, today.AddDays(-60)},
		"never talked with since intake": {func(c *Case) { c.LastReachedOn, c.OpenedOn = civil.Date{}, today.AddDays(-61) }, []string{"lost_contact"}, today.AddDays(-61)},
		"29 days without a service":      {func(c *Case) { c.StartedOn, c.LastQualifying = today.AddDays(-99), today.AddDays(-29) }, nil, civil.Date{}},
		"30 days without a service":      {func(c *Case) { c.StartedOn, c.LastQualifying = today.AddDays(-99), today.AddDays(-30) }, []string{"exit_near"}, today},
		"77 days without a service":      {func(c *Case) { c.StartedOn, c.LastQualifying = today.AddDays(-99), today.AddDays(-77) }, []string{"exit_near"}, today.AddDays(-2)},
		"a booked service holds the exit": {func(c *Case) {
			c.StartedOn, c.LastQualifying, c.HeldUntil = today.AddDays(-99), today.AddDays(-77), today
		}, nil, civil.Date{}},
		"a booked service was missed": {func(c *Case) {
			c.StartedOn, c.LastQualifying, c.HeldUntil = today.AddDays(-99), today.AddDays(-30), today.AddDays(-1)
		}, []string{"exit_near"}, today},
		"a class goes on": {func(c *Case) {
			c.StartedOn, c.LastQualifying, c.RunningUntil = today.AddDays(-99), today.AddDays(-77), day("2200-12-31")
		}, nil, civil.Date{}},
		"nobody has proved the class":       {func(c *Case) { c.ProofOn = today.AddDays(-31) }, []string{"proof_late"}, today.AddDays(-31)},
		"the permit ends in 60 days":        {func(c *Case) { c.PermitUntil = today.AddDays(60) }, []string{"permit_expiring"}, today},
		"the permit ends in 61 days":        {func(c *Case) { c.PermitUntil = today.AddDays(61) }, nil, civil.Date{}},
		"the permit ended yesterday":        {func(c *Case) { c.PermitUntil = today.AddDays(-1) }, []string{"permit_expired"}, today},
		"a paper ends today":                {func(c *Case) { c.PaperExpiresOn = today }, []string{"document_expiring"}, today.AddDays(-30)},
		"a paper ended":                     {func(c *Case) { c.PaperExpiresOn = today.AddDays(-4) }, []string{"document_expired"}, today.AddDays(-3)},
		"a support ends in two weeks":       {func(c *Case) { c.SupportEndsOn = today.AddDays(14) }, []string{"support_ending"}, today},
		"the signature is missing a week":   {func(c *Case) { c.PlanUnsignedOn = today.AddDays(-7) }, []string{"plan_unsigned"}, today.AddDays(-7)},
		"the signature is missing six days": {func(c *Case) { c.PlanUnsignedOn = today.AddDays(-6) }, nil, civil.Date{}},
	} {
		c := fine()
		tt.edit(&c)
		var codes []string
		flags := Attention(&c, today, usual)
		for _, f := range flags {
			codes = append(codes, f.Code)
		}
		if !cmp.Equal(codes, tt.codes) || len(flags) > 0 && flags[0].Since != tt.since {
			t.Errorf("%s: %v since %v, want %v since %s", name, codes, flags, tt.codes, tt.since)
		}
	}
	c := fine()
	c.NextOn = today.AddDays(-4)
	if f := Attention(&c, today, usual)[0]; f.Args["count"] != 4 {
		t.Errorf("%v days late, want 4", f.Args["count"])
	}
}
