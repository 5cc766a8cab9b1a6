package server_test

import (
	"net/url"
	"strings"
	"testing"
)

// The worked cases of domain.md 6.2 and 6.3 from the first service to the measures, through the API and the
// nightly sweep alone.

// worked is a person of one of the cases, entered day by day.
type worked struct {
	s  *site
	t  *testing.T
	of enrolled
	at string
}

func (s *site) worked(t *testing.T, first, opened, program string, facts body) worked {
	t.Helper()
	s.Set(opened)
	of := s.enrol(t, s.Dana, first, "Case", "en")
	w := worked{s, t, of, "/cases/" + of.Case.String()}
	s.sql(t, s.Dana, `update cases set opened_on = cast(:on as date), step_since = cast(:on as date) where agency_id = :agency and id = cast(:id as uuid)`, map[string]any{"on": opened, "id": of.Case.String()})
	facts["program"], facts["decided_on"], facts["work_authorized"], facts["work_auth_verified_on"] = program, opened, true, opened
	w.on(opened, "/eligibility", facts).all(map[string]string{"decision": "eligible"})
	return w
}

// on does one thing on a day.
func (w worked) on(day, what string, in body) reply {
	w.t.Helper()
	w.s.Set(day)
	return w.s.api(w.t, emails["dana"]).do("POST", w.at+what, in).is(201)
}

func (w worked) give(day, code string, more ...any) reply {
	w.t.Helper()
	in := body{"code": code, "given_on": day}
	for i := 0; i+1 < len(more); i += 2 {
		in[more[i].(string)] = more[i+1]
	}
	return w.on(day, "/services", in)
}

// exits says where the case stands now.
func (w worked) exits(want string) {
	w.t.Helper()
	w.s.api(w.t, emails["dana"]).do("GET", w.at, nil).is(200).all(map[string]string{"exit_on": want})
}

func workedCaseA(t *testing.T, s *site) worked {
	t.Helper()
	w := s.worked(t, "Rosa", "2025-07-16", "adult", body{"birth_date": "1991-03-09", "male_at_birth": "no", "education": 1, "school_status": 5, "benefits": []body{{"kind": "snap", "from_on": "2025-01-01"}}, "household_size": 3, "six_month_income": 1190000})
	w.give("2025-07-21", "B11")
	w.give("2025-08-04", "I02")
	iet := w.give("2025-08-18", "T04", "ongoing", true, "provider", "Adult Ed").text("id")
	skills := w.give("2025-08-18", "T06", "ongoing", true, "provider", "Adult Ed").text("id")
	w.on("2025-11-14", "/outcomes", body{"kind": "skill_gain", "on_date": "2025-11-14", "gain": "functioning_level", "evidence": "Listening 205 to 214"})
	for id, code := range map[string]string{iet: "T04", skills: "T06"} {
		w.on("2025-12-05", "/services", body{"code": code, "given_on": "2025-08-18", "ends_on": "2025-12-05", "provider": "Adult Ed", "supersedes": id, "reason": "The class ended"})
	}
	w.on("2025-12-05", "/outcomes", body{"kind": "credential", "on_date": "2025-12-05", "credential": "Calibration", "credential_kind": "certification", "evidence": "Copy"})
	w.give("2025-12-16", "B10")
	w.give("2026-01-20", "F01")
	w.give("2026-02-02", "S01")
	return w
}

func workedCaseB(t *testing.T, s *site) worked {
	t.Helper()
	w := s.worked(t, "Thomas", "2025-09-08", "dislocated_worker", body{"birth_date": "1973-05-02", "male_at_birth": "yes", "selective_service": "registered", "veteran": "yes", "closure": "yes", "laid_off": "yes", "uc_status": 1, "education": 1, "unemployed_since": "2025-03-14"})
	w.give("2025-09-10", "B10")
	w.give("2025-10-01", "I02")
	ojt := w.give("2025-10-06", "T01", "ongoing", true, "provider", "Penobscot Mill").text("id")
	w.s.Set("2026-02-18")
	return w.ends(ojt)
}

// ends books the controls course, ends the on-the-job training and reports its milestone.
func (w worked) ends(ojt string) worked {
	w.t.Helper()
	w.on("2026-02-18", "/services", body{"code": "T06", "given_on": "2026-06-01", "planned": true, "provider": "KVCC", "note": "Controls"})
	w.on("2026-02-20", "/services", body{"code": "T01", "given_on": "2025-10-06", "ends_on": "2026-02-20", "provider": "Penobscot Mill", "supersedes": ojt, "reason": "Completed"})
	w.on("2026-02-20", "/outcomes", body{"kind": "skill_gain", "on_date": "2026-02-20", "gain": "milestone", "evidence": "Report of the employer"})
	return w
}

// cancels takes back the course on the day on which it fell through.
func (w worked) cancels() {
	w.t.Helper()
	for _, item := range w.s.api(w.t, emails["dana"]).do("GET", w.at+"/services", nil).is(200).at("items").([]any) {
		if of := item.(map[string]any); of["planned"] == true && of["live"] == true {
			w.on("2026-05-29", "/services", body{"cancels": of["id"], "reason": "The course was cancelled"})
		}
	}
}

// measure reads an indicator of a program year as the page of results does.
func (s *site) measure(t *testing.T, indicator, program, year string) reply {
	t.Helper()
	return s.api(t, emails["marcus"]).do("GET", "/results/"+indicator+"?program="+program+"&program_year="+year, nil).is(200)
}

func TestTheWorkedCasesGoFromServicesOverTheSweepToTheMeasures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := workedCaseA(t, s), workedCaseB(t, s)
	// The sweeps come in the order of time; A is swept after B's first half was entered.
	if n := s.sweepOf(t, "2026-03-16"); n != 0 {
		t.Errorf("%d exits on day 90 of A", n)
	}
	if n := s.sweepOf(t, "2026-03-17"); n != 1 {
		t.Errorf("%d exits on day 91 of A", n)
	}
	a.exits("2025-12-16")
	if n := s.sweepOf(t, "2026-05-22"); n != 0 {
		t.Errorf("%d exits: the booked course holds B", n)
	}
	s.Set("2026-05-29")
	b.cancels()
	if n := s.sweepOf(t, "2026-05-30"); n != 1 {
		t.Errorf("%d exits the night after the course was cancelled", n)
	}
	b.exits("2026-02-20")
	s.Set("2026-11-22")
	wages := wageFile(s.numberOf(t, a.of)+",2026-Q2,1,9870.00,01-1111111,", s.numberOf(t, b.of)+",2026-Q3,1,14248.00,01-2222222,")
	s.api(t, emails["admin"]).do("POST", "/results/wages", body{"name": "match.csv", "source": "1", "file": wages}).is(201)
	adult, worker := "adult", "dislocated_worker"
	for _, tt := range []struct{ indicator, program, year, denominator, numerator, pending, out string }{
		{"participants", adult, "2025", "1", "1", "0", "0"},
		{"participants", worker, "2025", "1", "1", "0", "0"},
		{"skill_gains", adult, "2025", "1", "1", "0", "0"},
		{"skill_gains", worker, "2025", "1", "1", "0", "0"},
		{"skill_gains", adult, "2026", "0", "0", "0", "0"},
		{"skill_gains", worker, "2026", "0", "0", "0", "0"},
		{"employment_q2", adult, "2026", "1", "1", "0", "0"},
		{"employment_q2", worker, "2026", "1", "1", "0", "0"},
		{"employment_q4", adult, "2026", "0", "0", "1", "0"},
		{"employment_q4", worker, "2027", "0", "0", "1", "0"},
		{"credential", adult, "2026", "1", "1", "0", "0"},
		{"credential", worker, "2027", "0", "0", "0", "1"},
		{"same_employer", "all", "2026", "0", "0", "1", "0"},
		{"same_employer", "all", "2027", "0", "0", "1", "0"},
	} {
		s.measure(t, tt.indicator, tt.program, tt.year).all(map[string]string{"denominator": tt.denominator, "numerator": tt.numerator, "pending": tt.pending, "out": tt.out})
	}
	s.measure(t, "median_earnings", adult, "2026").all(map[string]string{"median_cents": "987000"})
	s.measure(t, "median_earnings", worker, "2026").all(map[string]string{"median_cents": "1424800"})
}

func TestVariantB2AnExclusionLearnedAfterTheExitLeavesThePeriodOutOfEveryMeasure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := workedCaseB(t, s)
	s.Set("2026-05-29")
	b.cancels()
	dana := s.api(t, emails["dana"])
	dana.do("POST", b.at+"/exclusion", body{"exclusion": "02", "evidence": "Letter", "on_date": "2026-05-20"}).is(409) // no exit yet
	s.sweepOf(t, "2026-05-30")
	s.Set("2026-11-22")
	s.measure(t, "skill_gains", "dislocated_worker", "2025").all(map[string]string{"denominator": "1", "numerator": "1"})
	dana = s.api(t, emails["dana"])
	dana.do("POST", b.at+"/exclusion", body{"exclusion": "02", "on_date": "2026-11-30"}).is(422).all(map[string]string{"errors.0.field": "evidence", "errors.1.field": "on_date", "errors.1.code": "in_future"})
	dana.do("POST", b.at+"/exclusion", body{"exclusion": "05", "evidence": "x", "on_date": "2026-05-20"}).is(422).all(map[string]string{"errors.0.code": "youth_only"})
	dana.do("POST", b.at+"/exclusion", body{"exclusion": "00", "on_date": "2026-05-20"}).is(422).all(map[string]string{"errors.0.code": "none_stands"})
	// Learned in November by the page: out of Q2, Q4, the median, retention and skill gains.
	page := s.browse(t, emails["dana"])
	has(t, page.get(b.at+"/follow-up").is(200), "A reason learned after the exit")
	page.post(b.at+"/exclusion", url.Values{"exclusion": {"02"}, "evidence": {""}, "on_date": {"5/20/2026"}}).is(422)
	page.get(b.at + "/follow-up")
	has(t, page.follow(page.post(b.at+"/exclusion", url.Values{"exclusion": {"02"}, "evidence": {"Clinic letter of May 18"}, "on_date": {"5/20/2026"}}).is(303)), "Left out of the measures: 02")
	for indicator, year := range map[string]string{"employment_q2": "2026", "employment_q4": "2027", "median_earnings": "2026", "skill_gains": "2025", "credential": "2027"} {
		s.measure(t, indicator, "dislocated_worker", year).all(map[string]string{"denominator": "0", "pending": "0", "out": "1", "items.0.reason": "excluded_02"})
	}
	s.measure(t, "same_employer", "all", "2027").all(map[string]string{"denominator": "0", "pending": "0", "out": "1"})
	dana.do("GET", "/follow-up", nil).is(200).all(map[string]string{"items.0.name": ""}) // nothing is to be found out any more
	if file := string(s.api(t, emails["admin"]).do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body); !strings.Contains(file, ",02,") {
		t.Error("element 923 is not 02")
	}
	// It can be corrected, with a reason, and what was said before stays.
	dana.do("POST", b.at+"/exclusion", body{"exclusion": "00", "on_date": "2026-11-20"}).is(422).all(map[string]string{"errors.0.field": "note"})
	dana.do("POST", b.at+"/exclusion", body{"exclusion": "00", "on_date": "2026-11-20", "note": "The letter was of another person"}).is(201)
	s.measure(t, "skill_gains", "dislocated_worker", "2025").all(map[string]string{"denominator": "1"})
	if n := s.count(t, `select count(*) from departures where kind = 'exclusion'`, nil); n != 2 {
		t.Errorf("%d rows", n)
	}
	s.api(t, emails["walt"]).do("POST", b.at+"/exclusion", body{"exclusion": "03", "evidence": "x", "on_date": "2026-11-20"}).is(404)
	s.api(t, emails["admin"]).do("POST", b.at+"/exclusion", body{"exclusion": "03", "evidence": "x", "on_date": "2026-11-20"}).is(403)
	// The story of the case says so in words.
	has(t, page.get(b.at+"/narrative").is(200), "Left out of the measures: 02")
}

func TestVariantB3ALateEntryRescindsAndTheExitIsFixedAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := workedCaseB(t, s)
	s.Set("2026-05-29")
	b.cancels()
	s.sweepOf(t, "2026-05-30")
	b.exits("2026-02-20")
	b.on("2026-06-02", "/services", body{"code": "B10", "given_on": "2026-05-20"})
	b.exits("")
	if n := s.sweepOf(t, "2026-08-18"); n != 0 {
		t.Errorf("%d exits on the new day 90", n)
	}
	if n := s.sweepOf(t, "2026-08-19"); n != 1 {
		t.Errorf("%d exits on the new day 91", n)
	}
	b.exits("2026-05-20")
	s.Set("2026-11-22")
	s.measure(t, "employment_q2", "dislocated_worker", "2026").all(map[string]string{"pending": "1"}) // Q2 after exit is the fourth quarter of 2026
}
