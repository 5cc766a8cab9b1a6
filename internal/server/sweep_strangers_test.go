package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/msg"
)

// somebody is who asks, as far as the policy cares, and whose agency it is.
type somebody struct {
	role       access.Role
	ours       bool // River Valley, where Luis is
	here       bool // Main Street, his office
	dana, luis bool
}

var everybody = map[string]somebody{
	"dana": {role: access.CaseManager, ours: true, here: true, dana: true}, "priya": {role: access.CaseManager, ours: true, here: true},
	"walt": {role: access.CaseManager, ours: true}, "marcus": {role: access.Supervisor, ours: true, here: true}, "helen": {role: access.Supervisor, ours: true},
	"admin": {role: access.Administrator, ours: true}, "auditor": {role: access.Auditor, ours: true},
	"luis": {role: access.ParticipantRole, ours: true, luis: true}, "rosa": {role: access.ParticipantRole, ours: true},
	"kim": {role: access.CaseManager}, "noor": {role: access.Supervisor}, "paul": {role: access.Administrator},
}

// reaches reports whether the policy lets somebody do it to Luis's case, or at all where it is about no case.
func (w *sweep) reaches(who string, m move) bool {
	p := everybody[who]
	r := w.s.Policy.Reaches(p.role, m.may)
	if !strings.Contains(m.route, ":") || strings.HasSuffix(m.route, "/:key") || strings.HasSuffix(m.route, "/:topic") { // a key or a topic names no row: everybody sets their own
		return len(r) > 0
	}
	return p.ours && (slices.Contains(r, access.AgencyWide) || p.here && slices.Contains(r, access.OfficeWide) ||
		p.dana && slices.Contains(r, access.Own) || p.luis && slices.Contains(r, access.Self))
}

func TestEveryChangeRefusesStrangersAndLeavesTheDatabaseUnchanged(t *testing.T) {
	t.Parallel()
	w := newSweep(t)
	asked := map[string]int{}
	w.walk(moves(), func(m move, path, match string) {
		if m.may == (access.Permission{}) {
			return // anybody who is signed in may: it is about themselves
		}
		before := w.hash()
		var reached []string
		for who := range everybody {
			if who == "luis" && w.ids["luis"] == "" || w.reaches(who, m) {
				continue
			}
			token := ""
			if !isAPI(m.route) {
				token = w.token(who, false)
			}
			content, kind := w.content(m, token)
			r := w.send(who, m.route, path, content, kind, match)
			if r.Status != 403 && r.Status != 404 {
				t.Errorf("%s lets %s in: %d %.700s", m.route, who, r.Status, worth(r.Body))
				reached = append(reached, who)
			}
			if r.Status == 403 && strings.Contains(string(r.Body), "This form was open too long") {
				t.Errorf("%s turns %s away for the form's token only", m.route, who)
			}
			asked[m.route]++
		}
		if after := w.hash(); after != before {
			t.Errorf("%s: %v changed when strangers sent it (let in: %v)", m.route, changed(before, after), reached)
		}
	})
	for route, n := range asked {
		if n < 3 {
			t.Errorf("%s was tried by %d strangers only", route, n)
		}
	}
	w.settle()
	w.nobodyReadsAcross()
	w.readingIsNoted()
	w.everyDeedHasWords(t)
}

// everyDeedHasWords: what was noted in the audit is told in both languages, there and in a record's history.
func (w *sweep) everyDeedHasWords(t *testing.T) {
	t.Helper()
	for _, action := range w.s.strings(t, `select distinct action from audit_log order by 1`, nil) {
		for _, lang := range []string{"en", "es"} {
			if !msg.For(lang).Has("audit.action." + action) {
				t.Errorf("%s has no words in %s", action, lang)
			}
		}
	}
}

// settle opens the case again and finds what a reading can be about.
func (w *sweep) settle() {
	w.t.Helper()
	at := "/cases/" + w.ids["case"]
	w.api("dana").do("POST", at+"/return", body{}).is(201)
	w.born("2010-01-01") // so that Ana has something to read
	w.ids["checkin"] = w.api("dana").do("POST", at+"/check-ins", body{"method": "phone", "result": "talked"}).is(201).text("id")
	w.ids["appointment"] = w.api("dana").do("POST", at+"/appointments", body{"kind": "class", "on_date": "2026-12-09", "at_time": "10:00", "place": "office"}).is(201).text("id")
	w.ids["line"] = w.text(`select cast(id as text) from plan_lines where plan_id = (select id from plan_versions where state = 'draft') limit 1`)
	w.ids["milestone"] = w.text(`select cast(id as text) from milestones where plan_id = (select id from plan_versions where state = 'draft') limit 1`)
}

// query is what an address does not open without.
var query = map[string]string{
	"/results/:indicator": "?program=adult", "/api/v1/results/:indicator": "?program=adult", "/api/v1/settings/preview": "?key=stalled_days&value=20",
	"/api/v1/cases/:case/plan/diff": "?from=1&to=2", "/cases/:case/assessment/new": "?instrument=tabe_11_12",
}

// aboutCase reports whether an address names something of one agency.
func (w *sweep) aboutCase(path string) bool {
	return strings.Contains(path, ":case") || strings.Contains(path, ":participant") || strings.Contains(path, ":user") || strings.Contains(path, ":office") ||
		strings.Contains(path, ":appointment") || strings.Contains(path, ":document") || strings.Contains(path, ":complaint")
}

func namesRecord(path string) bool {
	return strings.Contains(path, ":case") || strings.Contains(path, ":participant") || strings.Contains(path, ":transfer") || strings.Contains(path, ":ask")
}

// nobodyReadsAcross opens every address under Dana's ids as people who may not know that it exists.
func (w *sweep) nobodyReadsAcross() {
	w.t.Helper()
	before := w.hash()
	for _, rt := range w.s.Routes() {
		if rt.Method != "GET" || rt.Public || !w.aboutCase(rt.Path) {
			continue
		}
		route := "GET " + rt.Path
		path := w.path(route, w.at(rt.Path)) + query[rt.Path]
		for _, who := range []string{"kim", "noor", "paul", "walt", "rosa"} {
			r := w.send(who, route, path, nil, "", "")
			if r.Status != 404 && r.Status != 403 {
				w.t.Errorf("%s answers %s with %d: %.500s", route, who, r.Status, worth(r.Body))
			}
			// A role that has the permission must not tell absent from out of reach.
			staff := who == "kim" && (strings.Contains(rt.Path, ":case") || strings.Contains(rt.Path, ":participant"))
			if staff && r.Status == 403 && w.send("dana", route, path, nil, "", "").Status != 403 {
				w.t.Errorf("%s: kim gets 403, want 404", route)
			}
		}
	}
	if after := w.hash(); after != before {
		w.t.Errorf("strangers' readings changed %v", changed(before, after))
	}
}

// takesAnswers are the addresses that hand over what was sent, equal-opportunity answers included: each
// taking is noted by itself, as it is about everybody and no one record.
var takesAnswers = map[string]bool{"/results/submissions/:submission": true, "/api/v1/results/submissions/:submission": true}

// readingIsNoted opens every address as somebody who may, each in an hour of its own (decisions.md,
// "Reading is audited"): what shows something of a person's record appends one access row for the
// reader, whichever page it is; no other reading changes anything.
func (w *sweep) readingIsNoted() {
	w.t.Helper()
	hour := time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)
	for _, rt := range w.s.Routes() {
		if rt.Method != "GET" || strings.Contains(rt.Path, ":token") { // a used link opens nothing
			continue
		}
		hour = hour.Add(time.Hour)
		w.s.SetTime(hour)
		route := "GET " + rt.Path
		path, before, opened := w.path(route, w.at(rt.Path))+query[rt.Path], w.hash(), 0
		var readers []string
		var statuses []int
		for _, who := range []string{"dana", "marcus", "admin", "auditor", "luis", "ana", "hugo"} {
			if ownPage[who] != "" && (rt.API || !strings.HasPrefix(rt.Path, ownPage[who])) {
				continue // TestAHelperComesUponNothingElse goes everywhere
			}
			r := w.send(who, route, path, nil, "", "")
			statuses = append(statuses, r.Status)
			if r.Status == 200 || r.Status == 303 {
				opened++
			}
			if r.Status == 200 && (namesRecord(rt.Path) || ownPage[who] != "") {
				readers = append(readers, emails[who])
			}
			if r.Status >= 500 {
				w.t.Errorf("%s as %s: %d %.500s", route, who, r.Status, r.Body)
			}
			if r.Status == 200 && !rt.API && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && who != "luis" {
				pageRules(w.t, path, r.Body)
			}
		}
		if opened == 0 {
			w.t.Errorf("%s opens for nobody: %v", route, statuses)
		}
		for _, table := range changed(before, w.hash()) {
			if table != "public.audit_log" || readers == nil && !takesAnswers[rt.Path] {
				w.t.Errorf("%s changed %s", route, table)
			}
		}
		noted := w.text(fmt.Sprintf(`select coalesce(string_agg(coalesce(nullif(u.email, ''), u.first_name), ' ' order by coalesce(nullif(u.email, ''), u.first_name) collate "C"), '')
			from audit_log l join users u on u.id = l.actor_id
			where l.action = 'record.opened' and l.participant_id is not null and extract(epoch from l.reading_hour) = %d`, hour.Unix()))
		slices.Sort(readers)
		if noted != strings.Join(readers, " ") {
			w.t.Errorf("%s was opened by %v, noted for %v", route, readers, noted)
		}
	}
}

func TestTheManifestIsWhatTheEngineServes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var listed []string
	for _, rt := range s.Routes() {
		listed = append(listed, rt.Method+" "+rt.Path)
		if rt.API != strings.HasPrefix(rt.Path, "/api/v1/") {
			t.Errorf("%s %s: API %v", rt.Method, rt.Path, rt.API)
		}
	}
	var served []string
	for _, rt := range s.Served() {
		if !strings.HasPrefix(rt, "GET /static/") && !strings.HasPrefix(rt, "HEAD ") && rt != "GET /healthz" && rt != "GET /readyz" {
			served = append(served, rt)
		}
	}
	slices.Sort(listed)
	slices.Sort(served)
	if !slices.Equal(listed, served) {
		t.Errorf("manifest %v\nengine %v", listed, served)
	}
	if len(slices.Compact(listed)) != len(served) {
		t.Error("a route stands twice")
	}
}
