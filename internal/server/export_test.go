package server_test

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/export"
	"waymark/internal/pg"
)

// crowd puts so many people more with a case manager straight into the tables.
func (s *site) crowd(t testing.TB, manager access.Actor, people int) {
	t.Helper()
	args := pg.Args{"office": manager.Office, "manager": manager.ID, "people": people}
	s.sql(t, manager, `insert into participants (agency_id, id, number, export_id, first_name, last_name, office_id)
		select :agency, gen_random_uuid(), 'L' || lpad(cast(n as text), 11, '0'), 'L' || lpad(cast(n as text), 11, '0'), 'Many', 'People', :office from generate_series(1, :people) n`, args)
	s.sql(t, manager, `insert into cases (agency_id, id, participant_id, office_id, case_manager_id, opened_on, step_since, exit_on, state, started_on, programs)
		select :agency, gen_random_uuid(), id, :office, :manager, '2025-07-01', '2025-07-01', '2025-12-16', 'exited', '2025-07-21', '{adult}' from participants where number like 'L%' and agency_id = :agency`, args)
}

func TestAListOfMoreThanTwentyThousandComesWholeInBothFormats(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crowd(t, s.Dana, 20_500)
	b := s.browse(t, emails["marcus"])
	for name, take := range map[string]func(format string) reply{
		"the caseload": func(format string) reply {
			b.get("/account").is(200)
			return b.post("/caseload/export", url.Values{"query": {"view=closed&sort=name"}, "format": {format}})
		},
		"the periods of a number": func(format string) reply {
			return b.get("/results/exiters?program=adult&cohort=2026-Q3&format=" + format)
		},
		"follow-up":   func(format string) reply { return b.get("/follow-up?format=" + format) },
		"what to fix": func(format string) reply { return b.get("/results/fixes?cohort=2026-Q3&format=" + format) },
	} {
		for _, format := range []string{export.CSV, export.XLSX} {
			rows := grid(t, format, take(format).is(200).Body)
			head := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 2 })
			if n := len(rows) - head - 1; n != 20_500 {
				t.Errorf("%s as %s has %d rows", name, format, n)
			}
			if !slices.ContainsFunc(rows[:head], func(row []string) bool { return len(row) == 2 && row[0] == "Rows" && row[1] == "20500" }) {
				t.Errorf("%s as %s does not say that it has 20500 rows: %q", name, format, rows[:head])
			}
		}
	}
}

// The federal file of a large agency is made, sent and given out again whole, and its page says how many records it has.
func TestTheFederalFileOfMoreThanTwentyThousandIsSentWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crowd(t, s.Dana, 20_500)
	admin := s.api(t, emails["admin"])
	has(t, s.browse(t, emails["marcus"]).get("/results/export?cohort=2026-Q3").is(200), "20500 periods", ">20500<") // each of them lacks a date of birth
	made := admin.do("GET", "/results/export?cohort=2026-Q3&format=csv", nil).is(200).Body
	if n := bytes.Count(made, []byte("\n")); n != 20_500 {
		t.Errorf("the file has %d lines", n)
	}
	sent := admin.do("POST", "/results/submissions", body{"quarter": "2026-Q3", "despite_fixes": true}).is(201)
	sent.all(map[string]string{"rows": "20500"})
	if frozen := admin.do("GET", "/results/submissions/"+sent.text("id"), nil).is(200).Body; !bytes.Equal(frozen, made) {
		t.Errorf("%d bytes were made and %d sent", len(made), len(frozen))
	}
}

// Every list that staff read comes as a file of both kinds, with whose rows it has, the filter and the number
// of rows said above them, and only for whoever may read the list.
func TestEveryListComesAsAFileThatSaysWhatItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Luis", "Delgado", "es")
	of, dana, at := s.drafted(t)
	s.setting(t, "approval_needed", "always")
	dana.submits(at, nil).is(200)
	marcus := s.api(t, emails["marcus"])
	marcus.do("POST", "/transfers", body{"cases": []string{rosa.Case.String()}, "to": s.Priya.ID.String()}).is(201)
	review := "/reviews/" + marcus.do("POST", "/reviews", body{"size": 50}).is(201).text("id")
	marcus.do("PUT", review+"/cases/"+rosa.Case.String(), body{"findings": []body{{"item": s.firstItem(t), "result": "not_met", "note": "@no date"}}}).is(200)
	s.sql(t, s.Dana, `insert into wage_imports (agency_id, id, name, sha256, source, line_count, person_count, added, changed, same, report, imported_on, imported_by, recorded_at)
		values (:agency, gen_random_uuid(), 'q3.csv', sha256('x'), '1', 1, 1, 1, 0, 0, '{}', '2026-11-02', :by, now())`, pg.Args{"by": s.Admin.ID})
	name := s.idOf(t, `select last_name from participants p join cases c on c.participant_id = p.id where c.id = '`+of.Case.String()+`'`)
	for path, tt := range map[string]struct{ reader, not, title, cell string }{
		"/approvals":               {"marcus", "dana", "Person", name},
		"/transfers":               {"marcus", "auditor", "To whom", s.Priya.Name()},
		"/findings":                {"priya", "auditor", "Person", "Delgado"},
		review:                     {"marcus", "dana", "Person", "Delgado"},
		"/results/wages":           {"admin", "marcus", "Name of the file", "q3.csv"},
		"/team/fairness":           {"marcus", "dana", "Part", "Days in each step"},
		"/audit?action=case.trans": {"auditor", "marcus", "Who", s.Marcus.Name()},
	} {
		more := "?"
		if strings.Contains(path, "?") {
			more = "&"
		}
		for _, format := range []string{export.CSV, export.XLSX} {
			file := s.browse(t, emails[tt.reader]).get(path + more + "format=" + format).is(200)
			rows := grid(t, format, file.Body)
			cells := under(rows, tt.title)
			if !slices.ContainsFunc(cells, func(c string) bool { return strings.Contains(c, tt.cell) }) {
				t.Errorf("%s as %s: under %s stands %q, not %q", path, format, tt.title, cells, tt.cell)
			}
			said := map[string]string{}
			for _, row := range rows {
				if len(row) == 2 {
					said[row[0]] = row[1]
				}
			}
			if said["Whose records"] == "" || said["Filter"] == "" || said["Rows"] != strconv.Itoa(len(cells)) {
				t.Errorf("%s as %s says %v of %d rows", path, format, said, len(cells))
			}
			if text := string(file.Body); format == export.CSV && strings.Contains(text, ",@no date") {
				t.Errorf("%s: a formula goes out: %s", path, text)
			}
		}
		if r := s.browse(t, emails[tt.not]).get(path + more + "format=csv"); r.Status == 200 {
			t.Errorf("%s: %s took the file", path, tt.not)
		}
		s.browse(t, emails[tt.reader]).get(path + more + "format=pdf").is(422)
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'list.exported' and detail ->> 'list' = '/audit' and detail ->> 'format' = 'xlsx' and cast(detail ->> 'rows' as int) = 1`, pg.Args{}); n != 1 {
		t.Errorf("that the trail was taken is noted %d times", n)
	}
}

// Whoever reads a list gets the people of the page in its file, and whoever does not gets neither.
func TestEveryFileHasWhomItsPageShowsForEveryRoleAndOffice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := map[string]enrolled{danas: s.crowded(t, s.Dana, danas), priyas: s.crowded(t, s.Priya, priyas), walts: s.crowded(t, s.Walt, walts)}
	s.api(t, emails["marcus"]).do("POST", "/transfers", body{"cases": []string{all[danas].Case.String()}, "to": s.Priya.ID.String()}).is(201)
	shown := map[string]int{}
	for _, who := range []string{"dana", "priya", "walt", "marcus", "helen", "auditor", "admin", "kim", "noor"} {
		b := s.browse(t, emails[who])
		for _, path := range []string{"/follow-up", "/findings", "/approvals", "/transfers", "/results/fixes?cohort=2026-Q3", "/results/employment_q2?program=adult&cohort=2026-Q4", "/results/exiters?program=adult&cohort=2026-Q3&place=in"} {
			more := "?"
			if strings.Contains(path, "?") {
				more = "&"
			}
			page, file := b.get(path), b.get(path+more+"format=csv")
			if page.Status != file.Status {
				t.Errorf("%s: %s answers %d as a page and %d as a file", who, path, page.Status, file.Status)
			}
			for name := range all {
				on, in := bytes.Contains(page.Body, []byte(name)), bytes.Contains(file.Body, []byte(name))
				if on != in {
					t.Errorf("%s: %s shows %s on the page: %v, in the file: %v", who, path, name, on, in)
				}
				if on {
					shown[path]++
				}
			}
		}
	}
	if len(shown) < 6 { // a transfer is listed by whom it goes between, not by its people
		t.Errorf("only these name anybody: %v", shown)
	}
}

// firstItem is the first item of the checklist of a file review.
func (s *site) firstItem(t testing.TB) string {
	t.Helper()
	return s.idOf(t, `select checklist -> 0 ->> 'key' from file_reviews limit 1`)
}
