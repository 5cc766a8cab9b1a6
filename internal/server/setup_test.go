package server_test

import (
	"net/url"
	"strings"
	"testing"
)

func TestTheAdministratorLooksAfterPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.api(t, "admin@rivervalley.test")
	s.api(t, "dana@rivervalley.test").do("GET", "/users", nil).is(403)
	ana := map[string]any{"email": "Ana@rivervalley.test", "first_name": "Ana", "last_name": "Ruiz", "role": "case_manager", "office_id": s.Harbor}
	made := admin.do("POST", "/users", ana).is(201)
	if made.text("email") != "ana@rivervalley.test" || made.text("invited") != "true" || !strings.HasPrefix(made.text("link"), "http://localhost/invitation/") {
		t.Errorf("%s", made.Body)
	}
	if r := admin.do("POST", "/users", ana).is(422); r.text("errors.0.code") != "email_taken" {
		t.Errorf("%s", r.Body)
	}
	at := "/users/" + made.text("id")
	s.api(t, "kim@northcoast.test").do("GET", at, nil).is(403)
	s.api(t, "admin@northcoast.test").do("GET", at, nil).is(404)
	admin.do("PATCH", at, map[string]any{"phone": "x"}).is(428)
	changed := admin.do("PATCH", at, map[string]any{"role": "supervisor"}, "If-Match", `"1"`).is(200)
	if changed.text("role") != "supervisor" || changed.text("first_name") != "Ana" || changed.Header.Get("ETag") != `"2"` {
		t.Errorf("%s", changed.Body)
	}
	admin.do("PATCH", at, map[string]any{"role": "supervisor"}, "If-Match", `"1"`).is(409)
	if n := admin.do("GET", "/users?q=ruiz", nil).is(200); n.text("items.0.last_name") != "Ruiz" || n.text("items.1.id") != "" {
		t.Errorf("%s", n.Body)
	}
	first := admin.do("GET", "/users?limit=4", nil).is(200)
	second := admin.do("GET", "/users?limit=4&cursor="+first.text("next"), nil).is(200)
	if first.text("items.0.last_name") != "Adeyemi" || second.text("items.0.last_name") != "Raman" {
		t.Errorf("%s\n%s", first.Body, second.Body)
	}
}

func TestRolesAreStrict(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.api(t, "admin@rivervalley.test")
	for _, role := range []string{"Administrator", " administrator", "administrator\u00a0", "system", "", "participant"} {
		admin.do("POST", "/users", map[string]any{"email": "e@x.test", "first_name": "E", "last_name": "X", "role": role}).is(422)
	}
	admin.do("POST", "/users", map[string]any{"email": "e@x.test", "first_name": "E", "last_name": "X", "role": []string{"auditor"}}).is(422)
	admin.do("POST", "/users", map[string]any{"email": "e@x.test", "first_name": "E", "last_name": "X", "role": "auditor", "agency_id": s.Other.ID}).is(422)
	admin.do("POST", "/users", map[string]any{"email": "e@x.test", "first_name": "E", "last_name": "X", "role": "case_manager"}).is(422)
	admin.do("POST", "/users", map[string]any{"email": "e@x.test", "first_name": "E", "last_name": "X", "role": "case_manager", "office_id": s.Other.Offices[0]}).is(422)
	own := "/users/" + s.Admin.ID.String()
	if r := admin.do("PATCH", own, map[string]any{"role": "auditor"}, "If-Match", `"1"`).is(403); r.text("errors.0.field") != "role" {
		t.Errorf("%s", r.Body)
	}
	admin.do("POST", own+"/deactivate", nil, "If-Match", `"1"`).is(403)
}

func TestSomebodyWithCasesIsNotDeactivated(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, admin := s.api(t, "dana@rivervalley.test"), s.api(t, "admin@rivervalley.test")
	person := dana.do("POST", "/participants", map[string]any{"first_name": "Luis", "last_name": "Ortega"}).is(201).text("id")
	dana.do("POST", "/participants/"+person+"/cases", map[string]any{}).is(201)
	at := "/users/" + s.Dana.ID.String()
	if r := admin.do("POST", at+"/deactivate", nil, "If-Match", `"1"`).is(409); r.text("current.open_cases") != "1" || !strings.Contains(r.text("errors.0.message"), "1 open case is") {
		t.Errorf("%s", r.Body)
	}
	admin.do("PATCH", at, map[string]any{"role": "auditor"}, "If-Match", `"1"`).is(422)
	if r := admin.do("POST", "/users/"+s.Marcus.ID.String()+"/deactivate", nil, "If-Match", `"1"`).is(409); !strings.Contains(r.text("errors.0.message"), "only supervisor") {
		t.Errorf("%s", r.Body)
	}
	priya := s.api(t, "priya@rivervalley.test")
	admin.do("POST", "/users/"+s.Priya.ID.String()+"/deactivate", nil, "If-Match", `"1"`).is(200)
	priya.do("GET", "/me", nil).is(401)
	admin.do("POST", "/users/"+s.Priya.ID.String()+"/reset-link", nil).is(409)
	admin.do("POST", "/users/"+s.Priya.ID.String()+"/reactivate", nil, "If-Match", `"2"`).is(200)
	priya.do("GET", "/me", nil).is(401)
	s.api(t, "priya@rivervalley.test")

	b := s.browse(t, "admin@rivervalley.test")
	b.get("/setup" + at[len("/users"):]).is(404)
	b.get("/setup/people/" + s.Dana.ID.String()).is(200)
	if r := b.post("/setup/people/"+s.Dana.ID.String()+"/deactivate", url.Values{"version": {"1"}}).is(409); !strings.Contains(string(r.Body), "1 open case is") {
		t.Errorf("%s", r.Body)
	}
}

func TestTheSetupPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "admin@rivervalley.test")
	for _, path := range []string{
		"/setup", "/setup?q=dana&role=case_manager&active=yes&office=" + s.MainStreet.String(), "/setup/people/new", "/setup/people/" + s.Admin.ID.String(),
		"/setup/offices", "/setup/offices/" + s.Harbor.String(), "/setup/holidays", "/setup/settings", "/setup/settings/approval_needed", "/setup/settings/stalled_days",
		"/setup/settings/poverty_base", "/setup/settings/priority_note", "/setup/agency",
	} {
		b.get(path).is(200)
	}
	b.get("/setup/people/new")
	b.post("/setup/people", url.Values{"first_name": {"Ana"}, "last_name": {""}, "email": {"ana"}, "role": {"auditor"}}).is(422)
	if !strings.Contains(string(b.last.Body), `value="Ana"`) {
		t.Error("what was typed stays")
	}
	b.get("/setup/people/new")
	form := url.Values{"first_name": {"Ana"}, "last_name": {"Ruiz"}, "email": {"ana@x.test"}, "role": {"auditor"}, "language": {"en"}, "form_token": {b.token()}}
	if r := b.post("/setup/people", form).is(200); !strings.Contains(string(r.Body), "http://localhost/invitation/") {
		t.Error("the link is shown once")
	}
	b.post("/setup/people", form).is(303)
	b.get("/setup/offices")
	b.post("/setup/offices", url.Values{"name": {"harbor"}}).is(422)
	b.get("/setup/offices")
	b.post("/setup/offices", url.Values{"name": {"Mill"}}).is(303)
	b.get("/setup/offices/" + s.Harbor.String())
	b.post("/setup/offices/"+s.Harbor.String()+"/archive", url.Values{"version": {"1"}}).is(409)
	b.get("/setup/agency")
	b.post("/setup/agency", url.Values{"name": {"River Valley Board"}, "version": {"1"}}).is(303)
	b.get("/setup/settings/poverty_base")
	b.post("/setup/settings/poverty_base", url.Values{"value": {"lots"}, "effective_on": {"1/15/2027"}}).is(422)
	b.get("/setup/settings/poverty_base")
	b.follow(b.post("/setup/settings/poverty_base", url.Values{"value": {"16,300"}, "effective_on": {"1/15/2027"}}))
	if page := string(b.get("/setup/settings/poverty_base").is(200).Body); !strings.Contains(page, "Today: $15,960") || !strings.Contains(page, "$16,300") {
		t.Errorf("a rule of the future must not hold today: %s", page)
	}
	s.browse(t, "dana@rivervalley.test").get("/setup").is(403)
}

func TestOfficesHolidaysAndRulesByJSON(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.api(t, "admin@rivervalley.test")
	mill := a.do("POST", "/offices", map[string]any{"name": "Mill", "phone": "207"}).is(201)
	a.do("PATCH", "/offices/"+mill.text("id"), map[string]any{"name": "Harbor"}, "If-Match", `"1"`).is(422)
	a.do("PATCH", "/offices/"+mill.text("id"), map[string]any{"address": "1 Mill Rd"}, "If-Match", `"1"`).is(200)
	a.do("POST", "/offices/"+mill.text("id")+"/archive", nil, "If-Match", `"2"`).is(200)
	if r := a.do("POST", "/offices/"+s.Harbor.String()+"/archive", nil, "If-Match", `"1"`).is(409); r.text("current.people") != "2" {
		t.Errorf("%s", r.Body)
	}
	day := map[string]any{"on_date": "2026-12-24", "name": "Christmas Eve", "office_id": s.Harbor}
	made := a.do("POST", "/holidays", day).is(201)
	a.do("POST", "/holidays", day).is(422)
	archive := func(version string) reply {
		return a.do("POST", "/holidays/"+made.text("id")+"/archive", nil, "If-Match", version)
	}
	if stale := archive(`"2"`).is(409); stale.text("current.version") != "1" || stale.text("current.name") != "Christmas Eve" {
		t.Errorf("%s", stale.Body)
	}
	archive(`"1"`).is(200)
	archive(`"1"`).is(404)
	a.do("POST", "/holidays", day).is(201)

	for _, wrong := range []map[string]any{{"key": "unknown", "value": 1}, {"key": "idle_minutes_staff", "value": 31}, {"key": "approval_needed", "value": "sometimes"}, {"key": "stalled_days", "value": "soon"}, {"key": "stalled_days", "value": 30.5}} {
		a.do("POST", "/settings", wrong).is(422)
	}
	if r := a.do("POST", "/settings", map[string]any{"key": "stalled_days", "value": 21, "effective_on": "2026-11-23"}).is(201); r.text("value") != "21" || r.text("default") != "30" {
		t.Errorf("%s", r.Body)
	}
	// Both hold from one day on: the one recorded last counts.
	a.do("POST", "/settings", map[string]any{"key": "stalled_days", "value": 25, "effective_on": "2026-11-23"}).is(201)
	if r := a.do("POST", "/settings", map[string]any{"key": "stalled_days", "value": 60, "effective_on": "2026-11-24"}).is(201); r.text("value") != "25" || r.text("history.0.value") != "60" {
		t.Errorf("%s", r.Body)
	}
	s.api(t, "auditor@rivervalley.test").do("GET", "/settings", nil).is(403)
}

func TestTheAgencyMayShortenSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.api(t, "admin@rivervalley.test").do("POST", "/settings", map[string]any{"key": "idle_minutes_staff", "value": 10, "effective_on": "2020-01-01"}).is(201)
	b := s.browse(t, "dana@rivervalley.test")
	if page := string(b.get("/account").is(200).Body); !strings.Contains(page, `data-idle-seconds="600"`) {
		t.Error("the page must warn by the agency's limit")
	}
}
