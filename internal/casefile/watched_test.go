package casefile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/participant"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// What a list is filtered by and what a record shows are written twice: in SQL and in Go. On a thousand
// cases with facts at random around every threshold they say the same.
func TestTheConditionOfAFlagAndItsRuleAreOne(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	today := w.Today()
	svc := casefile.New(w.DB, w.Policy)
	c, err := svc.TakeIn(t.Context(), w.Dana, participant.Create{Input: participant.Input{FirstName: "Any", LastName: "Body", BirthDate: civil.MustParse("1990-05-01"), Phone: "2075550100"}}, casefile.OpenInput{})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(4, 2026))
	near := func(column string, at ...int) string {
		if random.IntN(4) == 0 {
			return column + " = null"
		}
		on := today.AddDays(at[random.IntN(len(at))] + random.IntN(3) - 1)
		return fmt.Sprintf("%s = date '%s'", column, on)
	}
	must := func(column string, at ...int) string {
		return fmt.Sprintf("%s = date '%s'", column, today.AddDays(at[random.IntN(len(at))]+random.IntN(3)-1))
	}
	pick := func(column string, from ...string) string { return column + " = " + from[random.IntN(len(from))] }
	rare := func(set string) string {
		column, _, _ := strings.Cut(set, " ")
		if random.IntN(5) > 0 {
			return column + " = null"
		}
		return set
	}
	seen := map[string]int{}
	for range 1000 {
		set := strings.Join([]string{
			near("next_on", 0, 5), near("milestone_due_on", 0), near("last_reached_on", -60, -30, -3), near("last_contact_on", -3), near("progress_on", -30, -3),
			must("step_since", -30, -3, -90), must("opened_on", -60, -90), pick("unanswered", "0", "1", "2", "3"), pick("step", "2", "6"),
			near("started_on", -200), must("last_qualifying_on", -30, -75, -10), near("held_until", 0), rare("running_until = date '2200-12-31'"), near("proof_on", -31),
			near("paper_expires_on", 0, 30), near("permit_until", 0, 60), near("support_ends_on", 0, 14), near("plan_unsigned_on", -7),
			pick("plan_state", "'in_force'", "'returned'", "'submitted'", "''"), rare(must("paused_on", -40)), near("paused_until", 0), rare("left_on = current_date"),
			pick("state", "'active'", "'active'", "'hold'", "'closed'"),
		}, ", ")
		if err := w.Owner.Write(t.Context(), w.Dana, func(tx *pg.Tx) error {
			return pg.ExecOne(tx, "update cases set "+set+" where id = :id", pg.Args{"id": c.ID})
		}); err != nil {
			t.Fatal(err)
		}
		for _, by := range []access.Actor{w.Dana, w.Marcus} {
			said, listed := flagsOf(t, w, by, c.ID)
			if !cmp.Equal(said, listed) {
				t.Fatalf("%s\nthe record says %v, the lists say %v", set, said, listed)
			}
			for _, code := range said {
				seen[code]++
			}
		}
	}
	for _, code := range casefile.Flags() {
		if seen[code] == 0 {
			t.Errorf("%s was never set: the test proves nothing about it", code)
		}
	}
}

// flagsOf reads the flags of a case as its record has them, and as the condition of each finds it.
func flagsOf(t *testing.T, w *world.World, by access.Actor, of access.CaseID) (said, listed []string) {
	t.Helper()
	err := w.Owner.Read(t.Context(), by, func(tx *pg.Tx) error {
		rules, err := casefile.RulesFor(tx, by)
		if err != nil {
			return err
		}
		scope, err := w.Policy.Scope(by, access.ReadCase)
		if err != nil {
			return err
		}
		c, err := casefile.Load(tx, scope, of)
		if err != nil {
			return err
		}
		needs := false
		for _, f := range casefile.Attention(&c, w.Today(), rules) {
			said = append(said, f.Code)
			needs = needs || f.Code != "check_in_late" && f.Code != "plan_waiting"
			if f.Since.IsZero() && f.Code != "no_reply" && f.Code != "plan_returned" && f.Code != "plan_waiting" {
				t.Errorf("%s does not say since when", f.Code)
			}
		}
		args := rules.Args(w.Today())
		args["id"] = of
		for _, code := range casefile.Flags() {
			if found, err := pg.Get[bool](tx, `select exists (select from cases c where c.id = :id and `+casefile.OpenStates+` and `+casefile.Flagged(code)+`)`, args); err != nil {
				return err
			} else if found {
				listed = append(listed, code)
			}
		}
		view, err := pg.Get[bool](tx, `select exists (select from cases c where c.id = :id and `+casefile.OpenStates+` and `+casefile.NeedsAttention+`)`, args)
		if view != needs {
			t.Errorf("%v: in the list of those who need attention %v", said, view)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return said, listed
}

func TestSupervisorsHearOfANearExitAtTheThirdWarning(t *testing.T) {
	t.Parallel()
	today := civil.MustParse("2026-11-23")
	settings := agency.Settings{ExitDays: [4]int{30, 60, 75, 85}, UnplannedDays: 3, StalledDays: 30, NoReplyTries: 2, LostContactDays: 60}
	for since, wants := range map[int]struct{ dana, marcus bool }{29: {}, 30: {true, false}, 74: {true, false}, 75: {true, true}} {
		c := casefile.Case{State: casefile.Active, Step: 5, NextOn: today, StepSince: today, LastReachedOn: today, StartedOn: today.AddDays(-200), LastQualifying: today.AddDays(-since)}
		told := func(role access.Role) bool {
			return slices.ContainsFunc(casefile.Attention(&c, today, casefile.RulesOf(settings, role)), func(f casefile.Flag) bool { return f.Code == "exit_near" })
		}
		if told(access.CaseManager) != wants.dana || told(access.Supervisor) != wants.marcus {
			t.Errorf("%d days: case manager told %v, supervisor %v", since, told(access.CaseManager), told(access.Supervisor))
		}
	}
}
