package server_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/export"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/result"
)

// wageFile is a file of one quarter: lines of a number, an employment code and wages.
func wageFile(lines ...string) string {
	return "participant,quarter,employment,wages,fein,naics\n" + strings.Join(lines, "\n") + "\n"
}

func (s *site) numberOf(t testing.TB, e enrolled) string {
	t.Helper()
	return s.strings(t, `select number from participants where id = :id`, pg.Args{"id": e.Person})[0]
}

func TestAWageFileIsTakenInWholeOrNotAtAllAndOnlyOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 0)
	n := s.numberOf(t, rosa)
	admin := s.api(t, emails["admin"])
	post := func(name, file string) reply {
		return admin.do("POST", "/results/wages", body{"name": name, "source": "1", "file": file})
	}
	wages := func() int {
		return s.count(t, `select count(*) from wage_records where participant_id = :id`, pg.Args{"id": rosa.Person})
	}
	post("bad.csv", wageFile(n+",2026-Q2,1,9870.00,01-2345678,332710", "CP-0,2026-Q2,1,1.00,,", n+",2026-Q9,1,1.00,,", n+",2026-Q1,7,x,12,")).is(422).all(map[string]string{
		"errors.0.field": "file", "errors.0.code": "lines", "current.faults.0.line": "3", "current.faults.0.code": "nobody", "current.faults.1.line": "4", "current.faults.1.code": "quarter",
		"current.faults.2.code": "employment", "current.faults.3.code": "wages", "current.faults.4.code": "fein",
	})
	if wages() != 0 {
		t.Fatal("a part of a bad file was taken in")
	}
	// Two employers in one quarter are one record; 9 says nothing.
	good := wageFile(n+",2026-Q2,1,9000.00,01-2345678,332710", n+",2026-Q2,1,870.00,01-9999999,", n+",2026-Q3,9,,,")
	post("q2.csv", good).is(201).all(map[string]string{"added": "1", "changed": "0", "same": "0", "skipped": "1", "lines": "3", "again": "false"})
	post("q2.csv", good).is(201).all(map[string]string{"again": "true"})
	s.api(t, emails["marcus"]).do("GET", "/results/median_earnings?program=adult&cohort=2026-Q4", nil).is(200).all(map[string]string{"median_cents": "987000", "items.0.value_cents": "987000"})
	// The corrected file supersedes; the same lines stay; nothing is lost.
	post("q2b.csv", wageFile(n+",2026-Q2,1,10000.00,01-2345678,332710")).is(201).all(map[string]string{"added": "0", "changed": "1"})
	post("q2c.csv", wageFile(n+",2026-Q2,1,10000.00,012345678,332710")).is(201).all(map[string]string{"changed": "0", "same": "1"})
	if wages() != 2 {
		t.Errorf("%d rows", wages())
	}
	s.api(t, emails["marcus"]).do("GET", "/results/median_earnings?program=adult&cohort=2026-Q4", nil).is(200).all(map[string]string{"median_cents": "1000000"})
	s.api(t, emails["marcus"]).do("POST", "/results/wages", body{"name": "x", "source": "1", "file": good}).is(403)
	// The page lists the lines.
	b := s.browse(t, emails["admin"])
	b.get("/results/wages").is(200)
	if page := string(b.post("/results/wages", url.Values{"name": {"x.csv"}, "source": {"1"}, "file": {wageFile("CP-0,2026-Q2,1,1,,")}}).is(422).Body); !strings.Contains(page, "Nobody of this agency") {
		t.Error("the page does not say what is wrong")
	}
}

// The report of a wage file has a row for each line: by what it matched, what it said in which unit, what the
// quarter's wages are, and whether it is new, replaced something or changed nothing.
func TestAWageFileIsReportedLineByLine(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 0), s.exitedWith(t, s.Dana, "Luis", "2025-07-21", "2025-12-16", 0)
	admin, n, m := s.api(t, emails["admin"]), s.numberOf(t, rosa), s.strings(t, `select export_id from participants where id = :id`, pg.Args{"id": luis.Person})[0]
	s.sql(t, s.Dana, `update participants set export_id = 'ZZ' || right(export_id, 10) where agency_id = :agency and id = :id`, pg.Args{"id": luis.Person})
	m = "ZZ" + m[2:]
	head := "participant,quarter,employment,wages,fein,unit,hours\n"
	post := func(name, lines string) reply {
		return admin.do("POST", "/results/wages", body{"name": name, "source": "1", "file": head + lines})
	}
	post("a.csv", n+",2026-Q2,1,18.50,,hour,\n"+n+",2026-Q2,1,500,,week,40\n"+n+",2026-Q2,1,500,,day,\n").is(422).all(map[string]string{
		"current.faults.0.line": "2", "current.faults.0.column": "hours", "current.faults.1.line": "3", "current.faults.1.column": "hours", "current.faults.2.line": "4", "current.faults.2.column": "unit", "current.faults.2.code": "unit",
	})
	made := post("a.csv", n+",2026-Q2,1,7.25,01-2345678,hour,32\n"+n+",2026-Q3,1,31200,,year,\n"+m+",2026-Q2,1,9870,,,\n"+m+",2026-Q3,9,,,,\n"+m+",2026-Q1,1,500,,week,\n"+m+",2026-Q1,1,1000,,month,\n").is(201)
	report := admin.do("GET", "/results/wages/"+made.text("id"), nil).is(200)
	report.all(map[string]string{
		"import.added": "4", "import.skipped": "1",
		"items.0.line": "2", "items.0.matched_by": "number", "items.0.entered_cents": "725", "items.0.unit": "hour", "items.0.hours": "32", "items.0.wages_cents": "301600", "items.0.result": "added",
		"items.1.wages_cents": "780000", "items.2.matched_by": "export_id", "items.2.number": s.numberOf(t, luis), "items.2.unit": "quarter", "items.2.wages_cents": "987000",
		"items.3.result": "skipped", "items.4.wages_cents": "650000", "items.5.wages_cents": "300000", "items.6": "",
	})
	if sum := s.count(t, `select wages_cents from wage_records where participant_id = :id and quarter = :quarter`, pg.Args{"id": luis.Person, "quarter": 2026*4 + 0}); sum != 950000 {
		t.Errorf("two employers of a quarter make %d", sum)
	}
	// The corrected file: one line replaced, one as it was, one new.
	again := post("b.csv", n+",2026-Q2,1,8.25,01-2345678,hour,32\n"+n+",2026-Q3,1,7800,,quarter,\n"+m+",2026-Q3,0,,,,\n").is(201)
	at := "/results/wages/" + again.text("id")
	admin.do("GET", at, nil).is(200).all(map[string]string{
		"items.0.result": "changed", "items.0.was_cents": "301600", "items.0.wages_cents": "343200", "items.1.result": "same", "items.2.result": "added", "items.2.employment": "0",
	})
	admin.do("GET", at+"?result=changed", nil).is(200).all(map[string]string{"items.0.line": "2", "items.1": ""})
	admin.do("GET", at+"?result=lost", nil).is(422)
	b := s.browse(t, emails["admin"])
	has(t, b.get("/results/wages").is(200), "b.csv")
	has(t, b.get(at).is(200), "Replaced $3,016", "Unchanged", "$8.25 an hour, 32 hours a week", "$3,432", "by the number that staff use")
	for _, format := range []string{export.CSV, export.XLSX} {
		rows := grid(t, format, b.get(at+"?format="+format).is(200).Body)
		if got := under(rows, "Person in the file"); len(got) != 3 {
			t.Errorf("%s: %q", format, rows)
		}
		if got := under(rows, "Quarter"); len(got) != 3 || got[0] != "2026-Q2" {
			t.Errorf("%s: the quarters are %q", format, got)
		}
	}
	s.browse(t, emails["marcus"]).get(at).is(403)
	if r := s.api(t, emails["dana"]).do("GET", at, nil); r.Status != 403 {
		t.Errorf("Dana: %d", r.Status)
	}
}

// A file that is refused says of every line what is wrong with it, or what would have become of it, page by page;
// going through them never takes anything in.
func TestARefusedWageFileSaysWhatWouldBecomeOfEachLine(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 0)
	admin, b, n := s.api(t, emails["admin"]), s.browse(t, emails["admin"]), s.numberOf(t, rosa)
	admin.do("POST", "/results/wages", body{"name": "a.csv", "source": "1", "file": wageFile(n+",2026-Q1,1,100.00,,", n+",2026-Q2,1,200.00,,")}).is(201)
	lines := []string{n + ",2026-Q1,1,100.00,,", n + ",2026-Q2,1,250.00,01-2345678,", n + ",2026-Q3,1,300.00,,", n + ",2026-Q4,9,,,", "CP-0,2026-Q3,7,1.00,12,"}
	file := body{"name": "b.csv", "source": "1", "file": wageFile(lines...)}
	refused := admin.do("POST", "/results/wages", file).is(422)
	refused.all(map[string]string{
		"current.lines": "5", "current.added": "1", "current.changed": "1", "current.same": "1", "current.skipped": "1",
		"current.checked.0.result": "same", "current.checked.1.result": "changed", "current.checked.1.was_cents": "20000", "current.checked.1.wages_cents": "25000", "current.checked.1.fein": "012345678",
		"current.checked.2.result": "added", "current.checked.3.result": "skipped", "current.checked.4.result": "wrong", "current.checked.4.line": "6",
		"current.checked.4.faults.0.code": "nobody", "current.checked.4.faults.1.code": "employment", "current.checked.4.faults.2.code": "fein",
	})
	page := func(from string, lines []string) reply {
		b.get("/results/wages").is(200)
		return b.post("/results/wages", url.Values{"name": {"b.csv"}, "source": {"1"}, "file": {wageFile(lines...)}, "from": {from}}).is(422)
	}
	has(t, page("", lines), "To correct: 1. Would be new: 1. Would be corrected: 1. Unchanged: 1. Not known yet: 1.", "Replaced $200", "employment: Use 0, 1, 2, 3 or 9", "CP-0")
	many := slices.Repeat([]string{n + ",2026-Q3,9,,,"}, 600)
	many = append(many, "CP-0,2026-Q3,1,1.00,,")
	first := page("", many)
	has(t, first, "To correct: 1.", "Not known yet: 600.", "Show lines 501 to 601", `name="from" value="501"`)
	if strings.Contains(string(first.Body), ">602</th><td>CP-0") {
		t.Error("the first page has the last line as well")
	}
	has(t, page("501", many), ">602</th><td>CP-0", "Show lines 1 to 500")
	// What is right by now is not taken in by going through it.
	has(t, page("1", lines[:4]), "nothing is wrong with it now")
	if kept := s.count(t, `select count(*) from wage_records where participant_id = :id`, pg.Args{"id": rosa.Person}); kept != 2 {
		t.Errorf("%d records are kept", kept)
	}
}

func TestWagesThatStaffFindOutAreMadeIntoAQuarters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 0)
	dana, at := s.api(t, emails["dana"]), "/cases/"+rosa.Case.String()
	in := body{"quarter": "2026-Q2", "employment": "1", "wages_cents": 725, "unit": "hour", "evidence": "Employer called"}
	dana.do("POST", at+"/wages", in).is(422).all(map[string]string{"errors.0.field": "hours", "errors.0.code": "weekly_hours"})
	in["hours"] = "32"
	made := dana.do("POST", at+"/wages", in).is(201)
	made.all(map[string]string{"wages_cents": "301600", "entered_cents": "725", "unit": "hour", "hours": "32"})
	b := s.browse(t, emails["dana"])
	has(t, b.get(at+"/follow-up").is(200), "$3,016 ($7.25 an hour, 32 hours a week)")
	has(t, b.get(at+"/follow-up?correct="+made.text("id")).is(200), `value="7.25"`, `value="32"`)
	s.api(t, emails["marcus"]).do("GET", "/results/median_earnings?program=adult&cohort=2026-Q4", nil).is(200).all(map[string]string{"median_cents": "301600"})
}

func TestFollowUpIsDerivedFromTheExitAndGoesAwayOnceKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 987000) // Q2 is known
	s.exitedWith(t, s.Priya, priyas, "2025-07-21", "2025-12-16", 0)
	dana := s.api(t, emails["dana"])
	dana.do("GET", "/follow-up", nil).is(200).all(map[string]string{"items.0.name": "Rosa Person", "items.0.quarter": "2026-Q3", "items.0.due_on": "2026-10-30", "items.0.state": "late", "items.0.open": "2", "items.1.name": ""})
	at := "/cases/" + rosa.Case.String()
	dana.do("GET", at+"/follow-up", nil).is(200).all(map[string]string{"quarters.0.state": "past", "quarters.1.state": "known", "quarters.2.state": "late", "quarters.3.state": "open", "quarters.3.quarter": "2026-Q4"})
	dana.do("POST", at+"/wages", body{"quarter": "2026-Q3", "employment": "1", "wages_cents": 1000000, "fein": "01-2345678"}).is(422).all(map[string]string{"errors.0.field": "evidence"})
	dana.do("POST", at+"/wages", body{"quarter": "2027-Q3", "employment": "1", "evidence": "Stub"}).is(422).all(map[string]string{"errors.0.field": "quarter", "errors.0.code": "not_after_exit"})
	made := dana.do("POST", at+"/wages", body{"quarter": "2026-Q3", "employment": "1", "wages_cents": 1000000, "fein": "01-2345678", "evidence": "Stubs of July to September"}).is(201).text("id")
	dana.do("POST", at+"/wages", body{"quarter": "2026-Q3", "employment": "0", "evidence": "Call"}).is(409)
	dana.do("POST", at+"/wages", body{"quarter": "2026-Q3", "employment": "1", "wages_cents": 900000, "evidence": "Stubs", "supersedes": made, "reason": "Read wrongly"}).is(201)
	dana.do("GET", "/follow-up", nil).is(200).all(map[string]string{"items.0.quarter": "2026-Q4", "items.0.open": "1"})
	b := s.browse(t, emails["dana"])
	b.get("/follow-up").is(200)
	b.get(at + "/follow-up").is(200)
	if page := string(b.post(at+"/wages", url.Values{"quarter": {"2026-Q4"}, "employment": {"1"}, "wages_cents": {"lots"}, "evidence": {"Stub"}}).is(422).Body); !strings.Contains(page, "lots") {
		t.Error("what was typed is gone")
	}
	b.get(at + "/follow-up")
	b.follow(b.post(at+"/follow-up", url.Values{"why": {"declined"}, "on_date": {"2026-11-20"}}).is(303))
	dana.do("GET", "/follow-up", nil).is(200).all(map[string]string{"items.0.name": ""})
	dana.do("GET", at, nil).is(200).all(map[string]string{"state": "closed"})
	s.api(t, emails["priya"]).do("POST", at+"/wages", body{"quarter": "2026-Q4", "employment": "1", "evidence": "Stub"}).is(404)
}

func TestASentQuarterIsFrozenAndCanBeReproduced(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 987000)
	s.sql(t, s.Dana, `update participants set birth_date = '1991-03-09' where agency_id = :agency and id = :id`, pg.Args{"id": rosa.Person})
	admin := s.api(t, emails["admin"])
	file := string(admin.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body)
	fields := strings.Split(strings.TrimSpace(file), ",")
	if fields[0] != "1" || !strings.Contains(file, ",19910309,") || !strings.Contains(file, ",20250721,20251216,1,0,0,") || !strings.Contains(file, ",9870.00,") || !strings.Contains(file, ",999999.99,") {
		t.Errorf("%s", file)
	}
	admin.do("POST", "/results/submissions", body{"quarter": "2026-Q4"}).is(422).all(map[string]string{"errors.0.code": "quarter_not_over"})
	first := admin.do("POST", "/results/submissions", body{"quarter": "2026-Q3"}).is(201)
	sum := sha256.Sum256([]byte(file))
	first.all(map[string]string{"revision": "1", "rows": "1", "sha256": hex.EncodeToString(sum[:])})
	// A corrected wage file changes what is counted now, not what was sent; sent again it is a revision with a reason.
	admin.do("POST", "/results/wages", body{"name": "c.csv", "source": "1", "file": wageFile(s.numberOf(t, rosa) + ",2026-Q2,1,9999.00,,")}).is(201)
	if now := string(admin.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body); now == file || !strings.Contains(now, ",9999.00,") {
		t.Errorf("the corrected wages are not in the file: %s", now)
	}
	if again := string(admin.do("GET", "/results/submissions/"+first.text("id"), nil).is(200).Body); again != file {
		t.Error("what was sent has changed")
	}
	admin.do("POST", "/results/submissions", body{"quarter": "2026-Q3"}).is(422).all(map[string]string{"errors.0.field": "note"})
	admin.do("POST", "/results/submissions", body{"quarter": "2026-Q3", "note": "Corrected wages"}).is(201).all(map[string]string{"revision": "2"})
	b := s.browse(t, emails["admin"])
	if page := string(b.get("/results/export?cohort=2026-Q3").is(200).Body); !strings.Contains(page, "not the official schema") || !strings.Contains(page, "Corrected wages") {
		t.Error("the page does not say what the layout is not, or what was sent")
	}
	b.get("/results/export?cohort=2026-Q3&format=xlsx").is(200)
	// Columns are data: another layout makes another file, and what was sent stays.
	admin.do("POST", "/results/layouts", body{"version": "state-1", "official": true, "file": "element,name,type,length,derive\n900,Entry,DT,8,started_on\nOBS,No,IN,9,observation\n"}).is(201)
	if now := string(admin.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body); now != "20250721,1\n" {
		t.Errorf("%q", now)
	}
	admin.do("POST", "/results/layouts", body{"version": "state-2", "file": "element,name,type,length,derive\n900,Entry,XX,8,magic\n"}).is(422).all(map[string]string{"current.faults.0.code": "layout_type", "current.faults.1.code": "derivation"})
	if again := string(admin.do("GET", "/results/submissions/"+first.text("id"), nil).is(200).Body); again != file {
		t.Error("what was sent has changed")
	}
	s.api(t, emails["marcus"]).do("GET", "/results/submissions/"+first.text("id"), nil).is(403)
}

func TestWhatWasSentStandsBesideWhatIsCountedNow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-03-10", "2025-09-16", 999900)
	admin, b := s.api(t, emails["admin"]), s.browse(t, emails["admin"])
	admin.do("GET", "/results?cohort=2026-Q3&program=adult", nil).is(200).all(map[string]string{"submitted": "false", "programs.0.indicators.2.sent": "", "programs.0.indicators.2.median_cents": "999900"})
	admin.do("POST", "/results/submissions", body{"quarter": "2026-Q3", "despite_fixes": true}).is(201)
	same := admin.do("GET", "/results?cohort=2026-Q3&program=adult", nil).is(200)
	same.all(map[string]string{"programs.0.indicators.2.indicator": "median_earnings", "programs.0.indicators.2.sent.median_cents": "999900", "programs.0.indicators.2.differs": "false"})
	has(t, b.get("/results?cohort=2026-Q3").is(200), "As sent", "0 numbers are not what was sent")
	admin.do("POST", "/results/wages", body{"name": "d.csv", "source": "1", "file": wageFile(s.numberOf(t, rosa) + ",2026-Q1,1,8888.00,,")}).is(201)
	admin.do("GET", "/results?cohort=2026-Q3&program=adult", nil).is(200).all(map[string]string{
		"programs.0.indicators.2.median_cents": "888800", "programs.0.indicators.2.sent.median_cents": "999900", "programs.0.indicators.2.differs": "true", "programs.0.indicators.0.differs": "false",
	})
	page := b.get("/results?cohort=2026-Q3").is(200)
	has(t, page, "1 number is not what was sent", "$8,888", "$9,999", "Differs now")
	file := grid(t, export.XLSX, b.get("/results?cohort=2026-Q3&format=xlsx").is(200).Body)
	if sent := under(file, "As sent"); !slices.ContainsFunc(sent, func(cell string) bool { return strings.HasPrefix(cell, "$9,999") }) || !slices.Contains(under(file, "Differs now"), "Differs now") {
		t.Errorf("the file has %v as sent", sent)
	}
	// What was sent counts the whole agency, so an office's own numbers do not stand beside it.
	marcus := s.api(t, emails["marcus"])
	marcus.do("GET", "/results?cohort=2026-Q3&program=adult", nil).is(200).all(map[string]string{"submitted": "true", "programs.0.indicators.2.sent": ""})
}

func TestADisputedExitIsKeptByTheSupervisorWhoSaysWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, emails["dana"])
	of, at := s.participantSince(t, dana, "Again", "2026-02-20")
	s.sweepOf(t, "2026-05-22")
	s.Set("2026-06-02")
	dana.do("POST", "/participants/"+of.Person.String()+"/cases", body{}).is(201)
	dana.do("POST", at+"/services", body{"code": "B10", "given_on": "2026-05-20"}).is(201)
	marcus, b := s.api(t, emails["marcus"]), s.browse(t, emails["marcus"])
	marcus.do("GET", "/results/fixes", nil).is(200).all(map[string]string{"items.0.code": "exit_disputed", "items.0.on_date": "2026-02-20", "items.0.other_date": "2026-05-20", "items.1.code": "no_birth_date"})
	if page := string(b.get("/results/fixes").is(200).Body); !strings.Contains(page, "would move the exit of Feb 20, 2026 to May 20, 2026") || !strings.Contains(page, `href="/cases/`+of.Case.String()) {
		t.Error("both periods are not shown")
	}
	b.post(at+"/exit/keep", url.Values{"reason": {""}}).is(422)
	b.get("/results/fixes")
	b.follow(b.post(at+"/exit/keep", url.Values{"reason": {"The newer period is the right one"}}).is(303))
	marcus.do("GET", "/results/fixes", nil).is(200).all(map[string]string{"items.0.code": "no_birth_date"})
	marcus.do("POST", at+"/exit/keep", body{"reason": "Again"}).is(409)
	dana.do("POST", at+"/exit/keep", body{"reason": "Mine"}).is(403)
	if kinds := fmt.Sprint(s.strings(t, `select kind from exits where case_id = :id order by recorded_at, id`, pg.Args{"id": of.Case})); kinds != "[fixed disputed kept]" {
		t.Error(kinds)
	}
}

// cellsOf is the one line of a federal file, by element.
func (s *site) cellsOf(t testing.TB, file string) map[string]string {
	t.Helper()
	columns, _ := result.ParseColumns(readFile(t, "../result/pirl_columns.csv"))
	line, err := csv.NewReader(strings.NewReader(file)).Read()
	if err != nil || len(line) != len(columns) {
		t.Fatalf("%v: %d cells for %d columns", err, len(line), len(columns))
	}
	cells := map[string]string{}
	for i, c := range columns {
		cells[c.Element] = line[i]
	}
	return cells
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheFileHoldsWhatTheRecordHoldsAndNobodyElseSeesTheEqualOpportunityAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 987000)
	s.sql(t, s.Dana, `insert into equity.answers (agency_id, id, participant_id, sex, ethnicity, race, disability, recorded_by, recorded_on)
		values (:agency, :id, :person, 'female', 'hispanic', '{white,asian}', 'not_disclosed', :by, '2025-07-16')`, pg.Args{"id": id.New[access.Case](), "person": rosa.Person, "by": s.Dana.ID})
	for section, answers := range map[string]string{
		"about":     `{"veteran":"no","eligible_spouse":"yes"}`,
		"work":      `{"employment":0,"uc_status":4,"jobs":[{"soc":"51-2092.00","naics":"332710","started_on":"2023-01-02","ended_on":"2025-03-14"}]}`,
		"money":     `{"household_size":3,"benefits":[{"kind":"snap","from_on":"2025-01-01"},{"kind":"tanf","from_on":"2023-01-01","until_on":"2024-12-31"}],"farmworker":2,"tanf_exhausting":"no"}`,
		"education": `{"school_grade":12,"education":1,"school_status":5}`,
	} {
		s.sql(t, s.Dana, `insert into intake_sections (agency_id, id, case_id, section, version, answers, complete, recorded_by, recorded_on) values (:agency, :id, :case_id, :section, 1, :answers, true, :by, '2025-07-16')`,
			pg.Args{"id": id.New[access.Case](), "case_id": rosa.Case, "section": section, "answers": answers, "by": s.Dana.ID})
	}
	admin, marcus := s.api(t, emails["admin"]), s.api(t, emails["marcus"])
	whole := s.cellsOf(t, string(admin.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body))
	for element, want := range map[string]string{
		"201": "2", "202": "9", "210": "1", "211": "0", "212": "1", "215": "1", "300": "0", "301": "3", "400": "0", "401": "4", "403": "51209200", "404": "", "405": "332710", "407": "12", "408": "1", "409": "5",
		"600": "0", "601": "0", "602": "0", "603": "1", "604": "0", "704": "", "808": "2", "1600": "0", "1601": "0", "1602": "1", "1703": "0.00", "1704": "9870.00", "1706": "999999.99", "1606": "9",
	} {
		if whole[element] != want {
			t.Errorf("%s: %q, want %q", element, whole[element], want)
		}
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'pirl.made'`, pg.Args{}); n != 1 {
		t.Errorf("the file was made %d times in the trail", n)
	}
	// Whoever reads results reads the rest of the file, in every form, without the answers.
	read := s.cellsOf(t, string(marcus.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body))
	for _, element := range []string{"201", "202", "210", "211", "212", "213", "214", "215"} {
		if read[element] != "" {
			t.Errorf("a supervisor reads %s: %q", element, read[element])
		}
		delete(read, element)
		delete(whole, element)
	}
	if !maps.Equal(read, whole) {
		t.Error("the rest of the file differs")
	}
	for _, who := range []access.Actor{s.Dana, s.Marcus, {ID: s.Dana.ID, Agency: s.Agency.ID, Role: access.Auditor}} { // the door in the database itself is shut
		if err := s.DB.Read(t.Context(), who, func(tx *pg.Tx) error {
			n, err := pg.Get[int](tx, `select count(*) from app.report_equity()`, pg.Args{})
			if n != 0 {
				t.Errorf("a %s comes through the door", who.Role)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}

func TestAValueThatTheLayoutRefusesIsAFixAndIsNeverCut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.exitedWith(t, s.Dana, "Rosa", "2025-07-21", "2025-12-16", 987000)
	long := strings.Repeat("College ", 12)
	s.sql(t, s.Dana, `update participants set birth_date = '1991-03-09', state = 'ZZZ', zip = '04A01' where agency_id = :agency and id = :id`, pg.Args{"id": rosa.Person})
	s.sql(t, s.Dana, `insert into services (agency_id, id, case_id, code, given_on, ends_on, provider, recorded_on, recorded_by) values (:agency, :id, :case_id, 'T06', '2025-08-18', '2025-12-05', :provider, '2025-08-18', :by)`,
		pg.Args{"id": id.New[access.Case](), "case_id": rosa.Case, "provider": long, "by": s.Dana.ID})
	admin := s.api(t, emails["admin"])
	fixes := admin.do("GET", "/results/fixes?cohort=2026-Q3", nil).is(200)
	fixes.all(map[string]string{"report": "2026-Q3", "count": "3", "items.0.code": "cell_long", "items.0.what": "101", "items.1.code": "cell_type", "items.1.what": "103", "items.1.entered": "04A01", "items.2.code": "cell_long", "items.2.what": "1301", "items.2.name": ""})
	if file := string(admin.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body); !strings.Contains(file, long) {
		t.Error("the provider was cut")
	}
	admin.do("POST", "/results/submissions", body{"quarter": "2026-Q3"}).is(422).all(map[string]string{"errors.0.field": "despite_fixes"})
	b := s.browse(t, emails["marcus"])
	if page := string(b.get("/results/fixes?cohort=2026-Q3").is(200).Body); !strings.Contains(page, `href="/cases/`+rosa.Case.String()+`/services"`) || !strings.Contains(page, "3 fixes") {
		t.Errorf("the page does not say how many, or where to fix it: %s", page)
	}
	if file := string(b.get("/results/fixes?cohort=2026-Q3&format=csv").is(200).Body); rowsOf(t, file) != 3 {
		t.Error("the file of the fixes has not all of them")
	}
	// A quarter in which the record has no part asks for nothing of it.
	admin.do("GET", "/results/fixes?cohort=2025-Q2", nil).is(200).all(map[string]string{"count": "0"})
}

func TestYouthWhoNeverHadAYouthServiceOrAreTooOldAreFixes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.exitedWith(t, s.Dana, "Teen", "2025-07-21", "2025-12-16", 0)
	s.sql(t, s.Dana, `update cases set programs = '{youth}' where agency_id = :agency and id = :id`, pg.Args{"id": e.Case})
	s.sql(t, s.Dana, `update participants set birth_date = '2000-09-01' where agency_id = :agency and id = :id`, pg.Args{"id": e.Person})
	marcus := s.api(t, emails["marcus"])
	marcus.do("GET", "/results/fixes?cohort=2026-Q3", nil).is(200).all(map[string]string{"count": "1", "items.0.code": "youth_no_service"})
	// 24 at the start, 25 at the first youth service (W8 asks for the age then).
	s.sql(t, s.Dana, `insert into services (agency_id, id, case_id, code, given_on, recorded_on, recorded_by) values (:agency, :id, :case_id, 'Y08', '2025-09-02', '2025-09-02', :by)`,
		pg.Args{"id": id.New[access.Case](), "case_id": e.Case, "by": s.Dana.ID})
	marcus.do("GET", "/results/fixes?cohort=2026-Q3", nil).is(200).all(map[string]string{"count": "1", "items.0.code": "youth_age", "items.0.on_date": "2025-09-02"})
}
