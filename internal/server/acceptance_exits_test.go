package server_test

import (
	"log/slog"
	"testing"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
	nightly "waymark/internal/sweep"
)

// sweepOf moves the world to a day and sweeps it, and says how many exits were fixed.
func (s *site) sweepOf(t testing.TB, day string) (fixed int) {
	t.Helper()
	s.Set(day)
	done, err := nightly.Sweeper{DB: s.DB, Log: slog.Default()}.Once(t.Context(), civil.MustParse(day))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range done {
		fixed += r.Exits
	}
	return fixed
}

// participantSince is a participant whose only qualifying service was given on a day.
func (s *site) participantSince(t testing.TB, dana *script, first, day string) (of enrolled, at string) {
	t.Helper()
	s.Set(day)
	of = s.enrol(t, s.Dana, first, "Person", "en")
	s.eligible(t, s.Dana, of, "adult", day)
	at = "/cases/" + of.Case.String()
	dana.do("POST", at+"/services", body{"code": "B10", "given_on": day}).is(201)
	return of, at
}

func TestTheSweepFixesAnExitOnTheNinetyFirstDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, emails["dana"])
	of, at := s.participantSince(t, dana, "Leap", "2027-12-01")
	s.agreed(t, dana, of, "2028-04-01")
	if n := s.sweepOf(t, "2028-02-29"); n != 0 { // the leap check of 6.4: day 90 is February 29
		t.Errorf("%d exits on day 90", n)
	}
	if n := s.sweepOf(t, "2028-03-01"); n != 1 {
		t.Errorf("%d exits on day 91", n)
	}
	dana.do("GET", at, nil).is(200).all(map[string]string{"state": "exited", "exit_on": "2027-12-01", "next_on": ""})
	if n := s.sweepOf(t, "2028-03-02"); n != 0 {
		t.Errorf("%d exits when swept again", n)
	}
	if n := s.count(t, `select count(*) from audit_log where case_id = :id and action = 'exit.fixed' and actor_role = 'system'`, pg.Args{"id": of.Case}); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	// After the exit: follow-up yes; what belongs to a later period is refused with the way to record it.
	dana.do("POST", at+"/services", body{"code": "F01", "given_on": "2028-03-02"}).is(201).all(map[string]string{"effect": "none"})
	dana.do("POST", at+"/services", body{"code": "B10", "given_on": "2028-03-02"}).is(422).all(map[string]string{"errors.0.field": "given_on", "errors.0.code": "after_exit"})
	dana.do("POST", at+"/services", body{"code": "S01", "given_on": "2028-03-02"}).is(409)
	dana.do("GET", at, nil).is(200).all(map[string]string{"exit_on": "2027-12-01"})
}

func TestALateEntryRescindsAnExit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, emails["dana"])
	of, at := s.participantSince(t, dana, "Thomas", "2026-02-20")
	if n := s.sweepOf(t, "2026-05-22"); n != 1 {
		t.Fatalf("%d exits", n)
	}
	// Variant B3: a staff service of May 20 is entered on June 2.
	s.Set("2026-06-02")
	made := dana.do("POST", at+"/services", body{"code": "B10", "given_on": "2026-05-20"}).is(201).
		all(map[string]string{"exit_clock.last_qualifying_on": "2026-05-20", "exit_clock.day_90": "2026-08-18"})
	dana.do("GET", at, nil).is(200).all(map[string]string{"state": "participant", "exit_on": ""})
	if n := s.sweepOf(t, "2026-08-18"); n != 0 {
		t.Errorf("%d exits on the new day 90", n)
	}
	if n := s.sweepOf(t, "2026-08-19"); n != 1 {
		t.Errorf("%d exits on the day after", n)
	}
	dana.do("GET", at, nil).is(200).all(map[string]string{"state": "exited", "exit_on": "2026-05-20"})
	// The late entry was wrong: the exit goes back to where it was.
	dana.do("POST", at+"/services", body{"cancels": made.text("id"), "reason": "Another person"}).is(201)
	dana.do("GET", at, nil).is(200).all(map[string]string{"state": "exited", "exit_on": "2026-02-20"})
	kinds := s.strings(t, `select kind || ' ' || coalesce(cast(exit_on as text), '') from exits where case_id = :id order by recorded_at, id`, pg.Args{"id": of.Case})
	for i, want := range []string{"fixed 2026-02-20", "rescinded ", "fixed 2026-05-20", "moved 2026-02-20"} {
		if i >= len(kinds) || kinds[i] != want {
			t.Fatalf("%q", kinds)
		}
	}
}

func TestALateEntryBesideANewerCaseWaitsForTheSupervisor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, emails["dana"])
	of, at := s.participantSince(t, dana, "Again", "2026-02-20")
	if n := s.sweepOf(t, "2026-05-22"); n != 1 {
		t.Fatalf("%d exits", n)
	}
	s.Set("2026-06-02")
	newer := dana.do("POST", "/participants/"+of.Person.String()+"/cases", body{}).is(201).text("id")
	dana.do("POST", at+"/services", body{"code": "B10", "given_on": "2026-05-20"}).is(201)
	dana.do("GET", at, nil).is(200).all(map[string]string{"state": "exited", "exit_on": "2026-02-20"})
	if n := s.count(t, `select count(*) from exits where case_id = :id and kind = 'disputed' and newer_case_id = :newer`, pg.Args{"id": of.Case, "newer": newer}); n != 1 {
		t.Errorf("%d disputes", n)
	}
}

func TestTheSweepWaitsForABookedServiceUntilItIsCancelled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, emails["dana"])
	_, at := s.participantSince(t, dana, "Thomas", "2026-02-20")
	booking := dana.do("POST", at+"/services", body{"code": "T06", "given_on": "2026-06-01", "planned": true, "provider": "Southern Maine CC"}).is(201).text("id")
	if n := s.sweepOf(t, "2026-05-22"); n != 0 {
		t.Errorf("%d exits while a course is booked", n)
	}
	s.Set("2026-05-29")
	dana.do("POST", at+"/services", body{"cancels": booking, "reason": "The course was cancelled"}).is(201)
	if n := s.sweepOf(t, "2026-05-30"); n != 1 {
		t.Errorf("%d exits after the booking was cancelled", n)
	}
	dana.do("GET", at, nil).is(200).all(map[string]string{"exit_on": "2026-02-20"})
}

func (s *site) strings(t testing.TB, query string, args pg.Args) (list []string) {
	t.Helper()
	err := s.Owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		list, err = pg.List[string](tx, query, args)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
