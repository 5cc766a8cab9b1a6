package participation

import "testing"

func TestQuartersCountFromTheExit(t *testing.T) {
	for exit, want := range map[string]string{"2026-03-31": "2026-Q3", "2026-04-01": "2026-Q4", "2025-12-16": "2026-Q2", "2026-02-20": "2026-Q3"} {
		if got := QuarterOf(day(exit)).Add(2).String(); got != want {
			t.Errorf("%s: %s", exit, got)
		}
	}
	q := QuarterOf(day("2025-12-16"))
	if q.First() != day("2025-10-01") || q.Last() != day("2025-12-31") || !q.Contains(day("2025-11-30")) || q.Add(-4).String() != "2024-Q4" {
		t.Error(q, q.First(), q.Last())
	}
}

func TestAProgramYearRunsFromJulyToJune(t *testing.T) {
	for on, want := range map[string]int{"2025-06-30": 2024, "2025-07-01": 2025, "2025-07-21": 2025, "2026-06-30": 2025} {
		if got := ProgramYear(day(on)); got != want {
			t.Errorf("%s: %d", on, got)
		}
	}
}

func TestTheAnnualReportOfTheWorkedCases(t *testing.T) {
	a, b := day("2025-12-16"), day("2026-02-20")
	py26, py27 := CohortsOf(AnnualQuarter(2026)), CohortsOf(AnnualQuarter(2027))
	if !py26.SecondQ.Contains(a) || !py26.SecondQ.Contains(b) || !py26.FourthQ.Contains(a) || py26.FourthQ.Contains(b) || !py27.FourthQ.Contains(b) {
		t.Errorf("%+v %+v", py26, py27)
	}
	if py26.Exiters.From.First() != day("2026-04-01") || py26.Exiters.To.Last() != day("2027-03-31") {
		t.Errorf("%+v", py26.Exiters)
	}
	x := QuarterOf(a)
	if CohortsOf(x.Add(4)).SecondQ.To != x || CohortsOf(x.Add(6)).FourthQ.To != x {
		t.Error("an exit first appears four and six quarters later")
	}
}
