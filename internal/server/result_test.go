package server_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// exitedWith is somebody of a case manager who exited, with wages in the second quarter after.
func (s *site) exitedWith(t testing.TB, manager access.Actor, first, started, exit string, cents int) enrolled {
	t.Helper()
	e := s.enrol(t, manager, first, "Person", "en")
	s.eligible(t, manager, e, "adult", started)
	s.sql(t, manager, `update cases set programs = '{adult}', state = 'exited', started_on = :started, last_qualifying_on = :exit, exit_on = :exit where agency_id = :agency and id = :id`,
		pg.Args{"id": e.Case, "started": started, "exit": exit})
	if cents > 0 {
		s.sql(t, manager, `insert into wage_records (agency_id, id, participant_id, quarter, source, employment, wages_cents, evidence, recorded_on, recorded_by, recorded_at)
			values (:agency, :id, :person, :quarter, '4', '1', :cents, 'Pay stubs', '2026-11-01', :by, now())`,
			pg.Args{"id": id.New[access.Case](), "person": e.Person, "quarter": int(participation.QuarterOf(civil.MustParse(exit)) + 2), "cents": cents, "by": manager.ID})
	}
	s.sql(t, manager, `update cases set known_quarters = app.known_quarters(agency_id, participant_id, exit_on) where agency_id = :agency and id = :id`, pg.Args{"id": e.Case})
	return e
}

func TestEveryNumberOpensToThePeriodsThatItCountsForEachRole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exitedWith(t, s.Dana, danas, "2025-07-21", "2025-12-16", 987000)
	s.exitedWith(t, s.Priya, priyas, "2025-07-21", "2025-12-10", 578000)
	s.exitedWith(t, s.Walt, walts, "2025-07-21", "2025-11-10", 0)
	for _, tt := range []struct {
		who                        string
		denominator, numerator     string
		pending, median, names, no string
	}{
		{"marcus", "2", "2", "0", "782500", danas + " " + priyas, walts},
		{"helen", "0", "0", "1", "0", walts, danas},
		{"auditor", "2", "2", "1", "782500", danas + " " + priyas + " " + walts, "Nobody else"},
		{"admin", "2", "2", "1", "782500", "", danas}, // counts everybody and reads nobody's name
	} {
		a, b := s.api(t, emails[tt.who]), s.browse(t, emails[tt.who])
		a.do("GET", "/results?cohort=2026-Q4&program=adult", nil).is(200).all(map[string]string{
			"report": "2026-Q4", "programs.0.program": "adult", "programs.0.indicators.0.indicator": "employment_q2",
			"programs.0.indicators.0.denominator": tt.denominator, "programs.0.indicators.0.numerator": tt.numerator, "programs.0.indicators.0.pending": tt.pending,
			"programs.0.indicators.2.median_cents": tt.median,
		})
		// api.md asks for the same number by program year and its quarter.
		a.do("GET", "/reports/performance?program_year=2026&quarter=2&program=adult", nil).is(200).all(map[string]string{"report": "2026-Q4", "programs.0.indicators.2.median_cents": tt.median})
		b.get("/results?cohort=2026-Q4").is(200)
		list := string(b.get("/results/employment_q2?program=adult&cohort=2026-Q4").is(200).Body)
		file := string(b.get("/results/employment_q2?program=adult&cohort=2026-Q4&format=csv").is(200).Body)
		for _, name := range strings.Fields(tt.names) {
			if !strings.Contains(list, name) || !strings.Contains(file, name) {
				t.Errorf("%s misses %s", tt.who, name)
			}
		}
		if strings.Contains(list, tt.no) || strings.Contains(file, tt.no) {
			t.Errorf("%s sees %s", tt.who, tt.no)
		}
		if n := a.do("GET", "/results/employment_q2?program=adult&cohort=2026-Q4", nil).is(200); len(n.at("items").([]any)) != rowsOf(t, file) {
			t.Errorf("%s: the file has %d rows, the list %d", tt.who, rowsOf(t, file), len(n.at("items").([]any)))
		}
	}
	s.api(t, emails["dana"]).do("GET", "/results", nil).is(403)
	s.api(t, emails["kim"]).do("GET", "/results", nil).is(403)
	noor := s.api(t, emails["noor"]).do("GET", "/results?cohort=2026-Q4&program=adult", nil).is(200)
	noor.all(map[string]string{"programs.0.indicators.0.denominator": "0", "programs.0.indicators.0.pending": "0"})
	s.browse(t, emails["marcus"]).get("/results/employment_q2?program=adult&cohort=2026-Q4&format=xlsx").is(200)
	s.browse(t, emails["marcus"]).get("/results?cohort=never").is(422)
	s.browse(t, emails["marcus"]).get("/results/happiness?program=adult").is(404)
}

// rowsOf counts the rows of a file below its titles, and holds them against the count that it states.
func rowsOf(t testing.TB, file string) int {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head, stated := 0, ""
	for i, l := range lines {
		if len(l) > 2 && head == 0 {
			head = i + 1
		}
		if l[0] == "Rows" {
			stated = l[1]
		}
	}
	if n := len(lines) - head; stated != itoa(n) {
		t.Errorf("the file states %s rows and has %d", stated, n)
	}
	return len(lines) - head
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestATargetIsSetByTheAdministratorAndShownBesideTheNumber(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 987000)
	b := s.browse(t, emails["admin"])
	b.get("/results?cohort=2026-Q4").is(200)
	bad := b.post("/results/targets?cohort=2026-Q4", url.Values{"program": {"adult"}, "indicator": {"employment_q2"}, "program_year": {"2026"}, "level": {"173.5"}}).is(422)
	if !strings.Contains(string(bad.Body), "173.5") {
		t.Error("what was entered is gone")
	}
	b.get("/results?cohort=2026-Q4")
	page := b.follow(b.post("/results/targets?cohort=2026-Q4", url.Values{"program": {"adult"}, "indicator": {"employment_q2"}, "program_year": {"2026"}, "level": {"73.5 %"}}).is(303))
	if body := string(page.Body); !strings.Contains(body, "73.5 %") || !strings.Contains(body, "Met, 136 % of target") {
		t.Error("the target is not shown")
	}
	s.api(t, emails["admin"]).do("POST", "/results/targets", body{"program": "adult", "indicator": "median_earnings", "program_year": 2026, "level": "10,000"}).is(201).all(map[string]string{"level": "1000000"})
	s.api(t, emails["marcus"]).do("POST", "/results/targets", body{"program": "adult", "indicator": "median_earnings", "program_year": 2026, "level": "1"}).is(403)
}

func TestTheTeamPageShowsTheMeasuresAgainstTheirTargetsAndEachOpens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for n := range 10 {
		s.exitedWith(t, s.Dana, "Rosa"+itoa(n), "2025-07-21", "2025-12-16", 100000*(n+1))
	}
	admin, b := s.api(t, emails["admin"]), s.browse(t, emails["marcus"])
	admin.do("POST", "/results/targets", body{"program": "adult", "indicator": "employment_q2", "program_year": 2026, "level": "70"}).is(201)
	has(t, b.get("/team").is(200), "Every measure is at its target", `href="/results/employment_q2?program=adult&amp;cohort=2027-Q2"`, "fewer than 10 people")
	b.get("/results/employment_q2?program=adult&cohort=2027-Q2").is(200)
	s.SetTime(s.Now().Add(time.Hour)) // numbers are shown again for a while
	admin.do("POST", "/results/targets", body{"program": "adult", "indicator": "median_earnings", "program_year": 2026, "level": "7,600"}).is(201)
	admin.do("GET", "/team/overview", nil).is(403)
	if page := string(b.get("/team").is(200).Body); !strings.Contains(page, "7,600") {
		t.Error("the new target is not on the page")
	}
}
