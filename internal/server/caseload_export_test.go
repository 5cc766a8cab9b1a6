package server_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/export"
	"waymark/internal/pg"
)

// The file holds what the list holds, for every role at every office, and follows a transfer and a cover at once.
func TestTheFileIsTheVisibleListForEveryRoleAndOffice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.crew(t)
	evil := s.enrol(t, s.Dana, "Eve", "=HYPERLINK(1)", "en")
	query := "sort=name&view=all"
	take := func(who, query, format string) (numbers []string, text string) {
		b := s.browse(t, who)
		b.get("/account").is(200)
		r := b.post("/caseload/export", url.Values{"query": {query}, "format": {format}})
		if r.Status == 403 {
			return []string{"refused"}, ""
		}
		rows := grid(t, format, r.is(200).Body)
		numbers = under(rows, "Number")
		if n := slices.IndexFunc(rows, func(row []string) bool {
			return len(row) == 2 && row[0] == "Rows" && row[1] == strconv.Itoa(len(numbers))
		}); n < 0 {
			t.Errorf("%s, %s: the file does not say that it has %d rows", who, format, len(numbers))
		}
		return numbers, string(r.Body)
	}
	file := func(who, query string) ([]string, string) { return take(who, query, export.CSV) }
	list := func(who, query string) (numbers []string) {
		r := s.api(t, who).do("GET", "/cases?limit=100&"+strings.ReplaceAll(query, "view=", "attention="), nil)
		if r.Status == 403 {
			return []string{"refused"}
		}
		for i := range r.is(200).at("items").([]any) {
			numbers = append(numbers, r.text("items."+strconv.Itoa(i)+".number"))
		}
		return numbers
	}
	same := func(what string) {
		t.Helper()
		for _, who := range []string{"dana", "priya", "walt", "marcus", "helen", "auditor", "admin"} {
			for _, q := range []string{query, "sort=name&view=all&urgency=overdue", "sort=due&view=overdue"} {
				want := list(emails[who], q)
				for _, format := range []string{export.CSV, export.XLSX} {
					if got, _ := take(emails[who], q, format); strings.Join(got, " ") != strings.Join(want, " ") {
						t.Errorf("%s, %s, %s: the %s file has %v, the list %v", what, who, q, format, got, want)
					}
				}
			}
		}
	}
	same("at first")
	if got := list(emails["admin"], query); len(got) != 1 || got[0] != "refused" {
		t.Errorf("an administrator, who has no caseload, lists %v", got)
	}
	if got, text := file("dana@rivervalley.test", query); len(got) != 7 || strings.Contains(text, "\n=HYPERLINK") || !strings.Contains(text, "'=HYPERLINK(1)") {
		t.Errorf("%d rows: %s", len(got), text)
	}
	marcus := s.api(t, "marcus@rivervalley.test")
	marcus.do("POST", "/transfers", map[string]any{"cases": []string{evil.Case.String()}, "to": s.Priya.ID.String()}).is(201)
	marcus.do("POST", "/coverages", map[string]any{"case_manager": s.Priya.ID.String(), "delegate": s.Walt.ID.String(), "until_on": "2026-11-30"}).is(201)
	same("after a transfer and a cover")
	if got, _ := file("dana@rivervalley.test", query); len(got) != 6 {
		t.Errorf("Dana's file still has %d", len(got))
	}
	if got, _ := file("walt@rivervalley.test", query); len(got) != 4 {
		t.Errorf("Walt's file has %d: one of his own, three that he covers", len(got))
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'caseload.exported' and detail ->> 'format' = 'csv'`, pg.Args{}); n == 0 {
		t.Error("taking a file is not noted")
	}
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/caseload").is(200)
	if r := b.post("/caseload/export", url.Values{"query": {""}, "format": {"xlsx"}}).is(200); !strings.HasPrefix(string(r.Body), "PK") {
		t.Error("the workbook is none")
	}
	b.get("/caseload").is(200)
	b.post("/caseload/export", url.Values{"query": {""}, "format": {"pdf"}}).is(422)
}
