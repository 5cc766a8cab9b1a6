package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/pg"
)

func TestANoteBeginsFromATemplateAndAgreesTheNextCheckIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	at := "/cases/" + rosa.Case.String()
	admin := s.api(t, "admin@rivervalley.test")
	made := admin.do("POST", "/note-templates", map[string]any{"title": "Home visit", "title_es": "Visita", "body": "Who was there:", "body_es": "Quién estaba:"}).is(201)
	d := s.browse(t, "dana@rivervalley.test")
	has(t, d.get(at+"/check-ins").is(200), "Begin from a template", "Home visit")
	has(t, d.get(at+"/check-ins?template="+made.text("id")).is(200), `value="Home visit"`, "Who was there:</textarea>", "<details class=\"mt\" open>")
	d.get(at + "/check-ins?template=" + rosa.Case.String()).is(404)

	written := func() [3]int {
		return [3]int{
			s.count(t, `select count(*) from notes where subject = 'Home visit'`, pg.Args{}), s.count(t, `select count(*) from appointments where kind = 'check_in' and state = 'planned' and on_date = '2026-12-08' and place = 'office'`, pg.Args{}),
			s.count(t, `select count(*) from audit_log where action = 'appointment.agreed' and case_id = :case_id`, pg.Args{"case_id": rosa.Case}),
		}
	}
	note := func(more url.Values) url.Values {
		form := url.Values{"subject": {"Home visit"}, "body": {"Who was there: Rosa"}, "visibility": {"staff"}}
		for k, v := range more {
			form[k] = v
		}
		return form
	}
	// What the rules of appointments refuse keeps the note from being written too.
	for what, bad := range map[string]url.Values{
		"Thanksgiving": {"next_on": {"11/26/2026"}, "next_place": {"office"}}, "needed": {"next_on": {"12/8/2026"}}, "Day": {"next_at": {"10:00 am"}, "next_place": {"office"}},
	} {
		has(t, d.post(at+"/notes", note(bad)).is(422), "note-new-next", what)
	}
	if got := written(); got != [3]int{} {
		t.Fatalf("refused, and still written: %v", got)
	}
	d.post(at+"/notes", note(url.Values{"next_on": {"12/8/2026"}, "next_at": {"10:00 am"}, "next_place": {"office"}})).is(303)
	if got := written(); got != [3]int{1, 1, 1} {
		t.Errorf("notes, check-ins and audit lines: %v", got)
	}
	// Another note moves the check-in: one stays planned.
	s.api(t, "dana@rivervalley.test").do("POST", at+"/notes", map[string]any{"body": "Moved.", "visibility": "staff", "next_on": "2026-12-09", "next_place": "phone"}).is(201)
	if n := s.count(t, `select count(*) from appointments where kind = 'check_in' and state = 'planned' and case_id = :case_id`, pg.Args{"case_id": rosa.Case}); n != 1 {
		t.Errorf("%d check-ins are planned", n)
	}
}

func TestTemplatesOfNotesAreKeptByAdministratorsAndArchived(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.browse(t, "admin@rivervalley.test")
	has(t, a.get("/setup/note-templates").is(200), "Job search", "Training progress", "Could not be reached")
	has(t, a.post("/setup/note-templates", url.Values{"title": {"JOB search"}, "body": {"x"}}).is(422), "Another template has this title")
	a.post("/setup/note-templates", url.Values{"title": {"Home visit"}, "body": {"Who was there:"}}).is(303)
	admin, dana := s.api(t, "admin@rivervalley.test"), s.api(t, "dana@rivervalley.test")
	one := "/note-templates/" + admin.do("GET", "/note-templates", nil).is(200).text("items.1.id")
	before := admin.do("GET", one, nil).is(200)
	if before.text("title") != "Home visit" {
		t.Fatalf("%s", before.Body)
	}
	admin.do("PATCH", one, map[string]any{"body": "Who opened:"}).is(428)
	admin.do("PATCH", one, map[string]any{"body": "Who opened:"}, "If-Match", `"1"`).is(200)
	admin.do("PATCH", one, map[string]any{"body": "Old:"}, "If-Match", `"1"`).is(409)
	has(t, a.get("/setup"+one).is(200), "Who opened:", "Archive template")
	dana.do("GET", one, nil).is(403)
	dana.do("POST", "/note-templates", map[string]any{"title": "Mine", "body": "x"}).is(403)
	s.browse(t, "dana@rivervalley.test").get("/setup/note-templates").is(403)
	s.api(t, "admin@northcoast.test").do("GET", one, nil).is(404)

	a.post("/setup"+one+"/archive", url.Values{"version": {"2"}}).is(303)
	if list := string(dana.do("GET", "/note-templates", nil).is(200).Body); strings.Contains(list, "Home visit") || !strings.Contains(list, "Job search") {
		t.Errorf("offered: %s", list)
	}
	if list := string(admin.do("GET", "/note-templates", nil).is(200).Body); !strings.Contains(list, "Home visit") {
		t.Errorf("kept: %s", list)
	}
	admin.do("PATCH", one, map[string]any{"body": "Again:"}, "If-Match", `"3"`).is(409)
	if n := s.count(t, `select count(*) from audit_log where action like 'note_template.%'`, pg.Args{}); n != 3 {
		t.Errorf("%d lines in the audit", n)
	}
}
