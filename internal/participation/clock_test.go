package participation

import (
	"slices"
	"testing"

	"waymark/internal/civil"
)

var day = civil.MustParse

func one(code, on string) Given { return Given{Code: code, On: day(on), RecordedOn: day(on)} }

func span(code, on, ends string) Given {
	return Given{Code: code, On: day(on), Ends: day(ends), RecordedOn: day(on)}
}

func booked(code, on, recorded string) Given {
	return Given{Code: code, On: day(on), Planned: true, RecordedOn: day(recorded)}
}

func caseA() (Gate, []Given) {
	return Gate{CareerFrom: day("2025-07-16")}, []Given{
		one("B05", "2025-07-14"), one("B01", "2025-07-16"), one("B11", "2025-07-21"), one("I02", "2025-08-04"),
		one("S01", "2025-08-18"), span("I11", "2025-08-18", "2025-12-05"), one("B10", "2025-12-16"),
		one("F01", "2026-01-20"), one("S01", "2026-02-02"),
	}
}

func caseB(more ...Given) (Gate, []Given) {
	return Gate{CareerFrom: day("2025-09-08")}, append([]Given{
		one("B10", "2025-09-10"), one("I02", "2025-10-01"), span("T01", "2025-10-06", "2026-02-20"),
	}, more...)
}

func TestCaseAEndsNinetyDaysAfterTheLastStaffService(t *testing.T) {
	gate, services := caseA()
	c := Run(gate, services, day("2026-03-16"))
	want := Clock{StartedOn: day("2025-07-21"), LastQualifyingOn: day("2025-12-16"), Day90: day("2026-03-16"), ExitOn: day("2026-03-17"), Warning: 85}
	if c != want || c.Due(day("2026-03-16")) {
		t.Errorf("%+v", c)
	}
	if !Run(gate, services, day("2026-03-17")).Due(day("2026-03-17")) {
		t.Error("not due on day 91")
	}
	if c := Run(gate, services, day("2025-07-20")); c != (Clock{}) {
		t.Errorf("still reportable, but %+v", c)
	}
}

func TestCaseBIsHeldByTheCourseBookedInTime(t *testing.T) {
	gate, services := caseB(booked("T06", "2026-06-01", "2026-02-18"))
	c := Run(gate, services, day("2026-05-22"))
	if c.LastQualifyingOn != day("2026-02-20") || c.Day90 != day("2026-05-21") || !c.Held || c.HeldUntil != day("2026-06-01") || !c.ExitOn.IsZero() || c.Due(day("2026-05-22")) {
		t.Errorf("%+v", c)
	}
	if c := Run(gate, services, day("2026-06-02")); c.Held || !c.Due(day("2026-06-02")) {
		t.Errorf("missed, and still held: %+v", c)
	}
}

func TestCaseBIsReleasedWhenTheCourseIsCancelled(t *testing.T) {
	gate, services := caseB(booked("T06", "2026-06-01", "2026-02-18"))
	services[3].Cancelled = true
	c := Run(gate, services, day("2026-05-30"))
	if c.Held || !c.Due(day("2026-05-30")) || c.LastQualifyingOn != day("2026-02-20") || c.ExitOn != day("2026-05-22") {
		t.Errorf("%+v", c)
	}
}

func TestCaseB3ALateEntryWithinNinetyDaysRescindsTheExit(t *testing.T) {
	gate, services := caseB(Given{Code: "B10", On: day("2026-05-20"), RecordedOn: day("2026-06-02")})
	c := Run(gate, services, day("2026-06-02"))
	if c.LastQualifyingOn != day("2026-05-20") || c.Day90 != day("2026-08-18") || c.ExitOn != day("2026-08-19") || c.Due(day("2026-06-02")) {
		t.Errorf("%+v", c)
	}
}

func TestAServiceAfterDayNinetyOpensAnotherPeriod(t *testing.T) {
	gate, services := caseB(one("B10", "2026-05-22"))
	c := Run(gate, services, day("2026-06-02"))
	if c.LastQualifyingOn != day("2026-02-20") || c.NextFrom != day("2026-05-22") || !c.Due(day("2026-06-02")) {
		t.Errorf("%+v", c)
	}
	_, before := caseB()
	if e := Effect(gate, before, one("B10", "2026-05-22")); e != "starts_participation" {
		t.Error(e)
	}
}

func TestACourseGivenAsBookedKeepsThePeriod(t *testing.T) {
	gate, services := caseB(Given{Code: "T06", On: day("2026-06-01"), Ends: day("2026-06-12"), RecordedOn: day("2026-02-18")})
	if c := Run(gate, services, day("2026-07-01")); c.LastQualifyingOn != day("2026-06-12") || !c.NextFrom.IsZero() {
		t.Errorf("%+v", c)
	}
}

func TestABookingRecordedAfterDayNinetyHoldsNothing(t *testing.T) {
	gate, services := caseB(booked("T06", "2026-06-01", "2026-05-22"))
	if c := Run(gate, services, day("2026-05-23")); c.Held {
		t.Errorf("%+v", c)
	}
	gate, services = caseB(booked("S01", "2026-06-01", "2026-02-18"))
	if c := Run(gate, services, day("2026-05-23")); c.Held {
		t.Errorf("a supportive service held: %+v", c)
	}
}

func TestDayNinetyKnowsLeapYears(t *testing.T) {
	c := Run(Gate{CareerFrom: day("2027-12-01")}, []Given{one("B10", "2027-12-01")}, day("2027-12-31"))
	if c.Day90 != day("2028-02-29") || c.DaysLeft != 60 || c.Warning != 30 {
		t.Errorf("%+v", c)
	}
}

func TestAnOngoingServiceCountsThroughToday(t *testing.T) {
	gate := Gate{CareerFrom: day("2026-01-01")}
	open := Given{Code: "T06", On: day("2026-01-05"), Ongoing: true}
	if c := Run(gate, []Given{open}, day("2026-09-01")); c.LastQualifyingOn != day("2026-09-01") || c.DaysLeft != 90 {
		t.Errorf("%+v", c)
	}
	open.Ends = day("2026-03-01")
	if c := Run(gate, []Given{open}, day("2026-09-01")); c.LastQualifyingOn != day("2026-03-01") {
		t.Errorf("%+v", c)
	}
}

func TestWarningsComeAtThirtySixtySeventyFiveAndEightyFive(t *testing.T) {
	for after, want := range map[int]int{0: 0, 29: 0, 30: 30, 59: 30, 60: 60, 75: 75, 84: 75, 85: 85, 200: 85} {
		c := Run(Gate{CareerFrom: day("2026-01-01")}, []Given{one("B10", "2026-01-01")}, day("2026-01-01").AddDays(after))
		if c.Warning != want {
			t.Errorf("day %d: %d", after, c.Warning)
		}
	}
}

func TestEffectOfOneMoreService(t *testing.T) {
	gate := Gate{CareerFrom: day("2026-01-05"), YouthFrom: day("2026-02-01")}
	joined := []Given{one("B10", "2026-01-10"), one("B10", "2026-03-01")}
	for name, tt := range map[string]struct {
		before []Given
		add    Given
		want   string
	}{
		"information starts nothing":             {nil, one("B01", "2026-01-10"), "none"},
		"staff help starts":                      {nil, one("B10", "2026-01-10"), "starts_participation"},
		"before eligibility nothing starts":      {nil, one("B10", "2026-01-04"), "none"},
		"an element before the ISS is nothing":   {nil, one("Y01", "2026-01-31"), "none"},
		"an element with the ISS starts":         {nil, one("Y01", "2026-02-01"), "starts_participation"},
		"youth supports start":                   {nil, one("Y07", "2026-02-01"), "starts_participation"},
		"youth supports do not extend":           {joined, one("Y07", "2026-03-05"), "none"},
		"youth follow-up does nothing":           {nil, one("Y09", "2026-02-01"), "none"},
		"supports do not extend":                 {joined, one("S01", "2026-03-05"), "none"},
		"follow-up does not extend":              {joined, one("F01", "2026-03-05"), "none"},
		"training extends":                       {joined, one("T06", "2026-03-05"), "extends"},
		"a day before the last changes nothing":  {joined, one("B10", "2026-02-05"), "none"},
		"an earlier first day moves the start":   {joined, one("B10", "2026-01-06"), "starts_participation"},
		"what is only planned changes nothing":   {joined, booked("T06", "2026-03-05", "2026-03-01"), "none"},
		"what is cancelled changes nothing":      {joined, Given{Code: "T06", On: day("2026-03-05"), Cancelled: true}, "none"},
		"an unknown code changes nothing":        {joined, one("Z99", "2026-03-05"), "none"},
		"incumbent worker training does nothing": {nil, one("T13", "2026-02-05"), "none"},
	} {
		if got := Effect(gate, tt.before, tt.add); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestTheOrderOfEntryDoesNotMatter(t *testing.T) {
	gate, services := caseA()
	want := Run(gate, services, day("2026-03-01"))
	slices.Reverse(services)
	if got := Run(gate, services, day("2026-03-01")); got != want {
		t.Errorf("%+v", got)
	}
}
