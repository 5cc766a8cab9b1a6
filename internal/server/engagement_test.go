package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// withPlan gives a case a plan in force with two milestones: welding, due 18 December, and a job.
func (s *site) withPlan(t testing.TB, by access.Actor, of enrolled) {
	t.Helper()
	plan := id.New[access.Case]()
	s.sql(t, by, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, rhythm_days, author_id, in_force_on)
		values (:agency, :id, :case_id, 1, 'iep', 'in_force', '2026-10-01', '2027-06-30', 'MFG', 1, 'M6', 2, 3, 21, :by, '2026-10-01')`,
		pg.Args{"id": plan, "case_id": of.Case, "by": by.ID})
	for i, m := range [][3]string{{"welding", "Welding Level 1", "2026-12-18"}, {"job", "First job", "2027-02-26"}} {
		s.sql(t, by, `insert into milestones (agency_id, id, case_id, plan_id, key, position, kind, title, due_on)
			values (:agency, :id, :case_id, :plan, :key, :position, 'training', :title, :due)`,
			pg.Args{"id": id.New[access.Case](), "case_id": of.Case, "plan": plan, "key": m[0], "position": i + 1, "title": m[1], "due": m[2]})
	}
}

// agreed plans a check-in on a day and brings the case up to date.
func (s *site) agreed(t testing.TB, a *script, of enrolled, day string) {
	t.Helper()
	s.sql(t, s.Dana, `insert into appointments (agency_id, id, case_id, kind, on_date, place) values (:agency, :id, :case_id, 'check_in', :on, 'phone')`,
		pg.Args{"id": id.New[access.Case](), "case_id": of.Case, "on": day})
	s.sql(t, s.Dana, `update cases set next_on = :on, next_kind = 'check_in', next_place = 'phone' where agency_id = :agency and id = :case_id`, pg.Args{"case_id": of.Case, "on": day})
}

func TestACheckInIsOneTransaction(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en")
	s.withPlan(t, s.Dana, tyler)
	s.eligible(t, s.Dana, tyler, "adult", "2026-09-08")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+tyler.Case.String()
	s.agreed(t, dana, tyler, "2026-11-16")
	made := dana.do("POST", path+"/check-ins", map[string]any{
		"held_on": "2026-11-23", "method": "phone", "result": "talked", "note": "Missed two labs.",
		"visibility": "shared", "service_code": "I05", "progress": []any{map[string]any{"key": "welding", "status": "behind", "percent": 40}},
		"adjustment": map[string]any{"key": "welding", "due_on": "2026-12-22", "reason": "Two labs to make up"},
	}).is(201)
	for at, want := range map[string]string{
		"next_on": "2026-12-14", "progress.0.status": "behind", "progress.0.title": "Welding Level 1", "effect": "starts_participation",
		"exit_clock.day_90": "2027-02-21", "service_code": "I05", "live": "true",
	} {
		if made.text(at) != want {
			t.Errorf("%s is %q, want %q: %s", at, made.text(at), want, made.Body)
		}
	}
	c := dana.do("GET", path, nil).is(200)
	for at, want := range map[string]string{"next_on": "2026-12-14", "last_reached_on": "2026-11-23", "milestone_due_on": "2026-12-22", "state": "active", "last_qualifying_on": "2026-11-23"} {
		if c.text(at) != want {
			t.Errorf("the case's %s is %q, want %q", at, c.text(at), want)
		}
	}
	if n := s.count(t, `select count(*) from appointments where state = 'kept' and on_date = '2026-11-16'`, pg.Args{}); n != 1 {
		t.Error("the appointment of 16 November was not kept")
	}
	// A bad part stores nothing of the whole.
	for name, tt := range map[string]struct {
		in          map[string]any
		field, code string
	}{
		"tomorrow":         {map[string]any{"held_on": "2026-11-24"}, "held_on", "in_future"},
		"holiday":          {map[string]any{"next_on": "2026-11-26"}, "next_on", "holiday"},
		"Saturday":         {map[string]any{"next_on": "2026-12-05"}, "next_on", "weekend"},
		"before the talk":  {map[string]any{"next_on": "2026-11-23"}, "next_on", "not_after_talk"},
		"nobody reached":   {map[string]any{"result": "no_answer", "service_code": "I05"}, "service_code", "not_reached"},
		"no such code":     {map[string]any{"service_code": "Z1"}, "service_code", "oneof"},
		"no such step":     {map[string]any{"progress": []any{map[string]any{"key": "none", "status": "done"}}}, "progress.0.key", "unknown_milestone"},
		"half adjusted":    {map[string]any{"adjustment": map[string]any{"key": "welding"}}, "adjustment.due_on", "required"},
		"corrects nothing": {map[string]any{"supersedes": tyler.Case.String(), "reason": "x"}, "supersedes", "no_such_check_in"},
		"no reason":        {map[string]any{"supersedes": made.text("id")}, "reason", "required"},
	} {
		in := map[string]any{"method": "phone", "result": "talked"}
		for k, v := range tt.in {
			in[k] = v
		}
		r := dana.do("POST", path+"/check-ins", in).is(422)
		if r.text("errors.0.field") != tt.field || r.text("errors.0.code") != tt.code {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	if r := dana.do("POST", path+"/check-ins", map[string]any{"method": "phone", "result": "talked", "next_on": "2026-11-26"}).is(422); !strings.Contains(r.text("errors.0.message"), "Thanksgiving Day") || !strings.Contains(r.text("errors.0.message"), "11/30/2026") {
		t.Errorf("the refusal names neither the holiday nor the next open day: %s", r.Body)
	}
	if n := s.count(t, `select count(*) from check_ins`, pg.Args{}); n != 1 {
		t.Errorf("%d check-ins are stored", n)
	}
	for _, stranger := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		s.api(t, stranger).do("GET", path+"/check-ins", nil).is(404)
		s.api(t, stranger).do("POST", path+"/check-ins", map[string]any{"method": "phone", "result": "talked"}).is(404)
		s.api(t, stranger).do("POST", path+"/check-ins/"+made.text("id")+"/undo", nil).is(404)
	}
}

func TestAWrongCheckInIsCorrectedAndWhatHungOnItWorkedOutAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en")
	s.withPlan(t, s.Dana, tyler)
	s.eligible(t, s.Dana, tyler, "adult", "2026-09-08")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+tyler.Case.String()
	wrong := dana.do("POST", path+"/check-ins", map[string]any{
		"method": "phone", "result": "talked", "service_code": "I05",
		"progress": []any{map[string]any{"key": "welding", "status": "done"}},
	}).is(201)
	if c := dana.do("GET", path, nil); c.text("milestones_done") != "1" || c.text("started_on") != "2026-11-23" || c.text("milestone_key") != "job" {
		t.Errorf("%s", c.Body)
	}
	right := dana.do("POST", path+"/check-ins", map[string]any{"method": "phone", "result": "left_message", "supersedes": wrong.text("id"), "reason": "It was another Tyler"}).is(201)
	c := dana.do("GET", path, nil)
	for at, want := range map[string]string{"milestones_done": "0", "started_on": "", "milestone_key": "welding", "last_reached_on": "", "unanswered": "1", "next_on": "2026-12-14"} {
		if c.text(at) != want {
			t.Errorf("after the correction %s is %q, want %q", at, c.text(at), want)
		}
	}
	dana.do("POST", path+"/check-ins", map[string]any{"method": "phone", "result": "talked", "supersedes": wrong.text("id"), "reason": "x"}).is(409)
	list := dana.do("GET", path+"/check-ins", nil)
	if list.text("items.0.id") != right.text("id") || list.text("items.1.live") != "false" {
		t.Errorf("%s", list.Body)
	}
	dana.do("POST", path+"/check-ins/"+right.text("id")+"/undo", nil).is(409)
}

func TestUndoTakesACheckInBackAndHistoryKeepsBoth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en")
	s.withPlan(t, s.Dana, tyler)
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+tyler.Case.String()
	s.agreed(t, dana, tyler, "2026-11-16")
	made := dana.do("POST", path+"/check-ins", map[string]any{"method": "phone", "result": "talked", "progress": []any{map[string]any{"key": "welding", "status": "done"}}}).is(201)
	dana.do("POST", path+"/check-ins/"+made.text("id")+"/undo", nil).is(200)
	c := dana.do("GET", path, nil)
	for at, want := range map[string]string{"next_on": "2026-11-16", "last_contact_on": "", "unanswered": "0", "milestones_done": "0", "progress_on": ""} {
		if c.text(at) != want {
			t.Errorf("after undoing %s is %q, want %q", at, c.text(at), want)
		}
	}
	if list := dana.do("GET", path+"/check-ins", nil); list.text("items.0.withdrawn") != "true" || list.text("items.1.live") != "false" || list.at("items.2") != nil {
		t.Errorf("%s", list.Body)
	}
	dana.do("POST", path+"/check-ins/"+made.text("id")+"/undo", nil).is(409)
}

func TestADuplicateSubmissionCountsOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+tyler.Case.String()+"/check-ins"
	var all sync.WaitGroup
	ids := make([]string, 20)
	for i := range ids {
		all.Go(func() {
			r := dana.do("POST", path, map[string]any{"method": "phone", "result": "talked"}, "Idempotency-Key", "the-same-key-1")
			if r.Status == 201 {
				ids[i] = r.text("id")
			}
		})
	}
	all.Wait()
	if n := s.count(t, `select count(*) from check_ins`, pg.Args{}); n != 1 {
		t.Errorf("20 submissions of one key stored %d check-ins", n)
	}
	b := s.browse(t, "dana@rivervalley.test")
	b.get(path + "/new").is(200)
	form := url.Values{"result": {"talked"}, "method": {"phone"}, "next_on": {"12/14/2026"}, "form_token": {b.token()}}
	first := b.post(path, form).is(303)
	if again := b.post(path, form).is(303); again.Header.Get("Location") != first.Header.Get("Location") {
		t.Error("the repeated form leads elsewhere")
	}
	if n := s.count(t, `select count(*) from check_ins`, pg.Args{}); n != 2 {
		t.Errorf("one form sent twice stored %d check-ins", n-1)
	}
}

// preset reads the preset of a page's form as a browser would post it.
func (b *browser) preset() url.Values {
	b.t.Helper()
	return presetOf(b.t, b.last.Body)
}

func TestACheckInIsThreeClicksFromToday(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler, samira := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en"), s.enrol(t, s.Dana, "Samira", "Haddad", "en")
	s.sql(t, s.Dana, `update participants set language = 'ar' where agency_id = :agency and id = :id`, pg.Args{"id": samira.Person})
	s.withPlan(t, s.Dana, tyler)
	dana := s.api(t, "dana@rivervalley.test")
	s.agreed(t, dana, tyler, "2026-11-16")
	s.agreed(t, dana, samira, "2026-11-18")
	b := s.browse(t, "dana@rivervalley.test")
	page := string(b.get("/today").is(200).Body)
	for _, want := range []string{"Monday, November 23", "Good morning, Dana.", "The office is closed Thursday and Friday.", "7 days late", "Tyler Boudreau", "Arabic", "Record check-in", "Overdue (2)"} {
		if !strings.Contains(page, want) {
			t.Errorf("Today does not say %q", want)
		}
	}
	// Click 1: the row's link. Click 2: the answer (preset already). Click 3: save.
	open := "/cases/" + tyler.Case.String() + "/check-ins/new?next=/today"
	if !strings.Contains(page, `href="`+open+`"`) {
		t.Fatalf("no link to the form: %.3000s", page)
	}
	b.get(open).is(200)
	form := b.preset()
	if form.Get("result") != "talked" || form.Get("method") != "phone" || form.Get("next_on") != "12/14/2026" || form.Has("progress.0.status") {
		t.Errorf("presets: %v", form)
	}
	saved := string(b.follow(b.post("/cases/"+tyler.Case.String()+"/check-ins", form)).is(200).Body)
	if !strings.Contains(saved, "Next check-in with Tyler Boudreau: Dec 14.") || !strings.Contains(saved, "/undo") || strings.Contains(saved, "Overdue (2)") {
		t.Errorf("%.3000s", saved)
	}
	// Undo from the same page.
	undo := saved[strings.Index(saved, `action="/cases/`+tyler.Case.String()+"/check-ins/")+len(`action="`):]
	undo = undo[:strings.Index(undo, `"`)]
	if p := string(b.follow(b.post(undo, url.Values{"next": {"/today"}})).is(200).Body); !strings.Contains(p, "Overdue (2)") || !strings.Contains(p, "taken back") {
		t.Errorf("%.3000s", p)
	}
	// Save and open next goes down the list, with the form open in the row.
	b.get(open).is(200)
	form = b.preset()
	form.Set("go", "next")
	next := b.post("/cases/"+tyler.Case.String()+"/check-ins", form).is(303)
	if l := next.Header.Get("Location"); !strings.HasPrefix(l, "/today?open="+samira.Case.String()) {
		t.Errorf("next is %s", l)
	}
	if p := string(b.follow(next).is(200).Body); !strings.Contains(p, "Record a check-in with Samira Haddad") {
		t.Errorf("%.3000s", p)
	}
}

func TestHtmxOpensTheFormInTheRow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en")
	dana := s.api(t, "dana@rivervalley.test")
	s.agreed(t, dana, tyler, "2026-11-16")
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/today").is(200)
	path, row := "/cases/"+tyler.Case.String()+"/check-ins", tyler.Case.String()
	part := b.part("GET", path+"/new?next=/today&row="+row, nil).is(200)
	if body := string(part.Body); strings.Contains(body, "<html") || !strings.HasPrefix(body, `<li class="w open" id="w-`+row) || !strings.Contains(body, `hx-post="`+path+`"`) {
		t.Fatalf("%.800s", body)
	}
	form := presetOf(t, part.Body)
	form.Set("next_on", "11/26/2026")
	form.Set("note", "typed text")
	bad := b.part("POST", path, form).is(422)
	if body := string(bad.Body); !strings.Contains(body, "Thanksgiving Day") || !strings.Contains(body, "typed text") || !strings.HasPrefix(body, `<li class="w open"`) {
		t.Errorf("%.1500s", body)
	}
	form = presetOf(t, bad.Body)
	form.Set("next_on", "11/30/2026")
	done := b.part("POST", path, form).is(200)
	if body := string(done.Body); !strings.HasPrefix(body, `<li class="w done" id="w-`+row) || !strings.Contains(body, "Next check-in with Tyler Boudreau: Nov 30.") {
		t.Errorf("%.1500s", body)
	}
	if closed := string(b.part("GET", "/today?row="+row, nil).Body); strings.Contains(closed, "<html") {
		t.Errorf("%.300s", closed)
	}
}

// part asks as htmx does.
func (b *browser) part(method, path string, form url.Values) reply {
	b.t.Helper()
	q, err := http.NewRequestWithContext(b.t.Context(), method, b.s.http.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	q.Header.Set("HX-Request", "true")
	if method == "POST" {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return send(b.t, b.http, q)
}

func TestNotesAreReadByThoseTheyAreFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()+"/notes"
	shared := dana.do("POST", path, map[string]any{"body": "Brought the diploma.", "visibility": "shared"}).is(201)
	dana.do("POST", path, map[string]any{"body": "Asked about child care.", "visibility": "staff"}).is(201)
	dana.do("POST", path, map[string]any{"body": "Told in confidence.", "visibility": "restricted"}).is(201)
	dana.do("POST", path, map[string]any{"body": "", "visibility": "staff"}).is(422)
	for who, want := range map[string][3]bool{"dana@rivervalley.test": {true, true, true}, "marcus@rivervalley.test": {true, true, false}, "auditor@rivervalley.test": {true, false, false}} {
		list := string(s.api(t, who).do("GET", path, nil).is(200).Body)
		for i, text := range []string{"diploma", "child care", "confidence"} {
			if strings.Contains(list, text) != want[i] {
				t.Errorf("%s reads %q: %t", who, text, !want[i])
			}
		}
	}
	dana.do("POST", path, map[string]any{"body": "Brought a copy.", "visibility": "shared", "supersedes": shared.text("id")}).is(422)
	dana.do("POST", path, map[string]any{"body": "Brought a copy.", "visibility": "shared", "supersedes": shared.text("id"), "reason": "It was a copy"}).is(201)
	dana.do("POST", path, map[string]any{"body": "x", "visibility": "shared", "supersedes": shared.text("id"), "reason": "again"}).is(409)
	s.api(t, "walt@rivervalley.test").do("GET", path, nil).is(404)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/cases/" + rosa.Case.String() + "/check-ins").is(200)
	if p := string(b.post(path, url.Values{"subject": {"Kept"}, "visibility": {"staff"}}).is(422).Body); !strings.Contains(p, `value="Kept"`) {
		t.Error("the note forgot its subject")
	}
	if p := string(b.follow(b.post(path, url.Values{"body": {"Called back."}, "visibility": {"staff"}})).is(200).Body); !strings.Contains(p, "Called back.") {
		t.Error("the note is not listed")
	}
	ask := "/cases/" + rosa.Case.String() + "/requests"
	b.follow(b.post(ask, url.Values{"what": {"Transcript"}, "from_whom": {"Central CC"}, "asked_on": {"11/9/2026"}})).is(200)
	if p := string(b.get("/today").is(200).Body); !strings.Contains(p, "Transcript for Rosa Delgado") || !strings.Contains(p, "14 days") {
		t.Errorf("%.3000s", p)
	}
	open := dana.do("GET", ask, nil)
	if r := dana.do("POST", ask+"/"+open.text("items.0.id")+"/received", nil).is(200); r.text("received_on") != "2026-11-23" {
		t.Errorf("%s", r.Body)
	}
}

func TestAppointmentsChangeByVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mai := s.enrol(t, s.Dana, "Mai", "Nguyen", "en")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+mai.Case.String()+"/appointments"
	a := dana.do("POST", path, map[string]any{"kind": "intake", "on_date": "2026-11-23", "at_time": "09:30", "place": "office"}).is(201)
	if r := dana.do("POST", path, map[string]any{"kind": "check_in", "on_date": "2026-11-26", "place": "phone"}).is(422); r.text("errors.0.code") != "holiday" {
		t.Errorf("%s", r.Body)
	}
	b := s.browse(t, "dana@rivervalley.test")
	if p := string(b.get("/today").is(200).Body); !strings.Contains(p, "One person is coming in today.") || !strings.Contains(p, "9:30 AM") || !strings.Contains(p, "Continue intake") {
		t.Errorf("%.3000s", p)
	}
	one := path + "/" + a.text("id")
	dana.do("PATCH", one, map[string]any{"at_time": "10:00"}).is(428)
	if moved := dana.do("PATCH", one, map[string]any{"at_time": "10:00"}, "If-Match", `"1"`).is(200); moved.text("at_time") != "10:00" || moved.text("on_date") != "2026-11-23" || moved.Header.Get("ETag") != `"2"` {
		t.Errorf("%s", moved.Body)
	}
	if r := dana.do("PATCH", one, map[string]any{"at_time": "11:00"}, "If-Match", `"1"`); r.Status != 409 && r.Status != 412 {
		t.Errorf("a stale version answers %d", r.Status)
	}
	b.get(path + "/new").is(200)
	b.post(path, url.Values{"kind": {"check_in"}, "on_date": {"12/5/2026"}, "place": {"phone"}}).is(422)
	b.follow(b.post(path, url.Values{"kind": {"check_in"}, "on_date": {"12/7/2026"}, "at_time": {"1:15 pm"}, "place": {"phone"}})).is(200)
	b.get(one + "/edit").is(200)
	b.follow(b.post(one, url.Values{"kind": {"intake"}, "on_date": {"11/23/2026"}, "place": {"office"}, "state": {"kept"}, "version": {"2"}})).is(200)
	s.api(t, "walt@rivervalley.test").do("GET", path, nil).is(404)
}
