package result_test

import (
	"fmt"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/result"
	"waymark/internal/world"
)

var day = civil.MustParse

// caseA and caseB are the worked cases of domain.md 6.2 and 6.3 as they stand on 2026-11-22.
func caseA() history {
	return history{
		id: id.New[access.Case](), person: 1, programs: []string{"adult"}, started: day("2025-07-21"), exit: day("2025-12-16"),
		services: []service{{code: "T04", from: day("2025-08-18"), until: day("2025-12-05")}, {code: "T06", from: day("2025-08-18"), until: day("2025-12-05")}, {code: "B10", from: day("2025-12-16")}},
		made:     []made{{kind: "skill_gain", gain: "functioning_level", on: day("2025-11-14")}, {kind: "credential", credential: "certification", on: day("2025-12-05")}},
		wages:    []wage{{year: 2026, quarter: 1, source: "1", employment: "1", cents: 900000}, {year: 2026, quarter: 2, source: "1", employment: "1", cents: 987000}, {year: 2026, quarter: 2, source: "4", employment: "1", cents: 1014000}},
	}
}

func caseB() history {
	return history{
		id: id.New[access.Case](), person: 2, programs: []string{"dislocated_worker"}, started: day("2025-09-10"), exit: day("2026-02-20"),
		services: []service{{code: "T01", from: day("2025-10-06"), until: day("2026-02-20")}},
		made:     []made{{kind: "skill_gain", gain: "milestone", on: day("2026-02-20")}},
		wages:    []wage{{year: 2026, quarter: 3, source: "1", employment: "1", cents: 1424800, feins: []string{"010000009"}}},
	}
}

// annual is the report of a program year: the quarter that ends on June 30 of the year after.
func annual(n int) participation.Quarter { return participation.AnnualQuarter(n) }

// ask stores histories in a world of their own and reads their rows in reports: "B skill_gains 2025" to "in met gain".
func ask(t *testing.T, asOf string, all map[string]history, reports ...participation.Quarter) (map[string]string, []result.Number) {
	t.Helper()
	w := world.New(t)
	names := map[access.CaseID]string{}
	var list []history
	for name, h := range all {
		names[h.id] = name
		list = append(list, h)
	}
	store(t, w, list)
	marcus := w.Marcus // the supervisor of the office that all of them belong to
	scope, err := w.Policy.Scope(marcus, access.ReadResult)
	if err != nil {
		t.Fatal(err)
	}
	got, numbers := map[string]string{}, []result.Number{}
	if err := w.DB.Read(t.Context(), marcus, func(tx *pg.Tx) error {
		rows, err := result.RowsOf(tx, scope, day(asOf), 45, reports...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			said := r.Place
			if r.Met {
				said += " met"
			}
			if r.Value > 0 {
				said += " " + r.Value.String()
			}
			got[fmt.Sprintf("%s %s %d", names[r.CaseID], r.Indicator, r.Report.ProgramYear())] = said + " " + r.Reason
		}
		numbers, err = result.NumbersOf(tx, scope, day(asOf), 45, reports...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return got, numbers
}

func TestTheMatrixOfTheWorkedCasesIsExact(t *testing.T) {
	t.Parallel()
	got, numbers := ask(t, "2026-11-22", map[string]history{"A": caseA(), "B": caseB()}, annual(2025), annual(2026), annual(2027))
	want := map[string]string{
		// 6.4, row by row; what is not here is "-" or counts in no other year.
		"A skill_gains 2025": "in met gain", "B skill_gains 2025": "in met gain",
		"A employment_q2 2026": "in met employed", "B employment_q2 2026": "in met employed",
		"A median_earnings 2026": "in met $9,870 wages", "B median_earnings 2026": "in met $14,248 wages",
		"A employment_q4 2026": "pending not_yet", "B employment_q4 2027": "pending not_yet",
		"A credential 2026": "in met credential", "B credential 2027": "out training_without_credential",
		"A same_employer 2026": "pending not_yet", "B same_employer 2027": "pending not_yet",
		// Who was served and who left.
		"A participants 2025": "in met served", "B participants 2025": "in met served", "A exiters 2025": "in met exited", "B exiters 2025": "in met exited",
	}
	for k, w := range want {
		if got[k] != w {
			t.Errorf("%s: %q, want %q", k, got[k], w)
		}
		delete(got, k)
	}
	if len(got) > 0 {
		t.Errorf("and besides: %v", got)
	}
	for _, n := range numbers {
		switch key := fmt.Sprintf("%s %s %d", n.Indicator, n.Program, n.Report.ProgramYear()); key {
		case "participants adult 2025", "participants dislocated_worker 2025":
			if n.Denominator != 1 { // two periods in all
				t.Errorf("%s: %+v", key, n)
			}
		case "median_earnings adult 2026":
			if n.Median != 987000 {
				t.Errorf("%s: %+v", key, n)
			}
		case "employment_q4 adult 2026":
			if n.Denominator != 0 || n.Pending != 1 {
				t.Errorf("%s: %+v", key, n)
			}
		}
	}
}

func TestTheQuartersOfTheWorkedCases(t *testing.T) {
	for _, tt := range []struct {
		exit          string
		n             int
		first, last   string
		q2, q4, early string // reports in which Q2 and Q4 measures first appear
	}{
		{"2025-12-16", 2, "2026-04-01", "2026-06-30", "2026-Q4", "2027-Q2", "2027-02-14"},
		{"2026-02-20", 4, "2027-01-01", "2027-03-31", "2027-Q1", "2027-Q3", "2027-05-15"},
		{"2026-03-31", 2, "2026-07-01", "2026-09-30", "2027-Q1", "2027-Q3", "2027-05-15"},
		{"2026-04-01", 2, "2026-10-01", "2026-12-31", "2027-Q2", "2027-Q4", "2027-08-14"},
	} {
		exit := participation.QuarterOf(day(tt.exit))
		if q := exit.Add(tt.n); q.First() != day(tt.first) || q.Last() != day(tt.last) {
			t.Errorf("%s + %d: %s to %s", tt.exit, tt.n, q.First(), q.Last())
		}
		first := map[result.Indicator]string{}
		for r := exit; r < exit.Add(12); r++ {
			for _, i := range result.Indicators() {
				if i.Window(r).Contains(day(tt.exit)) && first[i] == "" {
					first[i] = r.String()
				}
			}
		}
		if first[result.EmploymentQ2] != tt.q2 || first[result.MedianEarnings] != tt.q2 || first[result.EmploymentQ4] != tt.q4 || first[result.Credential] != tt.q4 || first[result.SameEmployer] != tt.q4 {
			t.Errorf("%s: %v", tt.exit, first)
		}
		if due := result.DueOn(exit.Add(4)); due != day(tt.early) {
			t.Errorf("%s is due %s", exit.Add(4), due)
		}
	}
}

func TestTheVariantsOfCaseB(t *testing.T) {
	t.Parallel()
	b2 := caseB() // 923=02, documented: out of everything, skill gains as well
	b2.id, b2.person, b2.leaving = id.New[access.Case](), 3, []leaving{{"exit", "02"}}
	b7 := caseB() // 923=07: out of what is counted from the exit, not of skill gains
	b7.id, b7.person, b7.leaving = id.New[access.Case](), 4, []leaving{{"exit", "07"}}
	kept := caseB() // all known, the same employer in the second and the fourth quarter
	kept.id, kept.person = id.New[access.Case](), 5
	kept.wages = append(kept.wages, wage{year: 2027, quarter: 1, source: "1", employment: "1", cents: 1500000, feins: []string{"010000009"}})
	b3 := caseB() // rescinded, and fixed again on 2026-08-19: the exit is in the second quarter of the year
	b3.id, b3.person, b3.exit = id.New[access.Case](), 6, day("2026-05-20")
	got, _ := ask(t, "2027-07-01", map[string]history{"B2": b2, "B7": b7, "kept": kept, "B3": b3}, annual(2025), annual(2026), annual(2027))
	for k, w := range map[string]string{
		"B2 employment_q2 2026": "out excluded_02", "B2 employment_q4 2027": "out excluded_02", "B2 median_earnings 2026": "out excluded_02",
		"B2 same_employer 2027": "out excluded_02", "B2 skill_gains 2025": "out excluded_02", "B2 credential 2027": "out excluded_02",
		"B7 employment_q2 2026": "out excluded_07", "B7 skill_gains 2025": "in met gain",
		"kept same_employer 2027": "in met same_employer", "kept employment_q4 2027": "in met employed",
		"B3 employment_q2 2026": "pending not_yet", "B3 median_earnings 2026": "pending not_yet", "B3 employment_q4 2027": "pending not_yet",
	} {
		if got[k] != w {
			t.Errorf("%s: %q, want %q", k, got[k], w)
		}
	}
}

func TestTheMedianOfFourIsTheMeanOfTheMiddleTwo(t *testing.T) {
	t.Parallel()
	all := map[string]history{}
	for n, cents := range []money.Cents{578000, 987000, 1014000, 1424800} {
		h := caseA()
		h.id, h.person, h.wages = id.New[access.Case](), n+10, []wage{{year: 2026, quarter: 2, source: "1", employment: "1", cents: cents}}
		all[fmt.Sprint(n)] = h
	}
	_, numbers := ask(t, "2026-11-22", all, annual(2026))
	for _, n := range numbers {
		if n.Indicator == result.MedianEarnings && (n.Median != 1000500 || n.Denominator != 4) {
			t.Errorf("%+v", n)
		}
	}
}

func TestAPartTimeStudentGainsInTheLaterYearOnly(t *testing.T) {
	t.Parallel()
	h := caseA()
	h.exit, h.wages = civil.Date{}, nil
	h.services = []service{{code: "T06", from: day("2026-01-10"), ongoing: true}}
	h.made = []made{{kind: "skill_gain", gain: "transcript", level: "postsecondary", hours: 6, on: day("2026-05-15")}, {kind: "skill_gain", gain: "transcript", level: "postsecondary", hours: 6, on: day("2026-12-18")}}
	got, _ := ask(t, "2027-07-01", map[string]history{"S": h}, annual(2025), annual(2026))
	if got["S skill_gains 2025"] != "in no_gain" || got["S skill_gains 2026"] != "in met gain" {
		t.Error(got)
	}
}

func TestNoMatchAfterTheLagCountsAsNotEmployed(t *testing.T) {
	t.Parallel()
	h := caseA()
	h.wages = nil
	for asOf, want := range map[string]string{"2027-02-14": "pending not_yet", "2027-02-15": "in no_match"} {
		got, _ := ask(t, asOf, map[string]history{"A": h}, annual(2026))
		if got["A employment_q2 2026"] != want || !strings.HasPrefix(got["A median_earnings 2026"], map[bool]string{true: "pending", false: "out"}[want != "in no_match"]) {
			t.Errorf("%s: %q, %q", asOf, got["A employment_q2 2026"], got["A median_earnings 2026"])
		}
	}
}

func TestTwoPeriodsOfOnePersonCountTwice(t *testing.T) {
	t.Parallel()
	first, second := caseA(), caseA()
	second.id, second.started, second.exit, second.wages = id.New[access.Case](), day("2026-03-20"), day("2026-04-10"), nil
	_, numbers := ask(t, "2026-11-22", map[string]history{"1": first, "2": second}, annual(2026))
	for _, n := range numbers {
		if n.Indicator == result.EmploymentQ2 && n.Denominator+n.Pending != 2 {
			t.Errorf("%+v", n)
		}
	}
}
