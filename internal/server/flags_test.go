package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/civil"
	"waymark/internal/participation"
	"waymark/internal/pg"
	sweeper "waymark/internal/sweep"
)

// flagged are the codes that a person's record shows.
func flagged(dana *script, of enrolled) (codes []string) {
	list, _ := dana.do("GET", "/cases/"+of.Case.String(), nil).is(200).at("attention").([]any)
	for _, f := range list {
		codes = append(codes, f.(map[string]any)["code"].(string))
	}
	return codes
}

func TestAPausePassesItsDayAndIsFlagged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"
	at += of.Case.String()
	for _, until := range []any{nil, "2026-11-23", "2028-01-01"} {
		if r := dana.do("POST", at+"/pause", map[string]any{"reason": "health", "until_on": until}).is(422); r.text("errors.0.field") != "until_on" {
			t.Errorf("until %v: %s", until, r.Body)
		}
	}
	dana.do("POST", at+"/pause", map[string]any{"reason": "health", "until_on": "2026-12-07"}).is(201)
	s.Set("2026-12-07")
	if got := s.api(t, "dana@rivervalley.test"); slices.Contains(flagged(got, of), "pause_over") {
		t.Error("flagged on its last day")
	}
	s.Set("2026-12-08")
	dana = s.api(t, "dana@rivervalley.test")
	if got := flagged(dana, of); !slices.Equal(got, []string{"pause_over"}) {
		t.Errorf("%v", got)
	}
	for _, list := range []string{"attention=attention", "flag=pause_over", "urgency=overdue"} {
		if dana.do("GET", "/cases?"+list, nil).is(200).text("items.0.id") != of.Case.String() {
			t.Errorf("not in %s", list)
		}
	}
	if n := dana.do("GET", "/today", nil).is(200).text("counts.attention"); n != "1" {
		t.Errorf("today counts %s", n)
	}
	has(t, s.browse(t, "dana@rivervalley.test").get("/cases/"+of.Case.String()).is(200), "the pause was to end 1 day ago", "Dec 8", "Come back from the pause")
	dana.do("POST", at+"/return", map[string]any{}).is(201)
	if got := flagged(dana, of); slices.Contains(got, "pause_over") {
		t.Errorf("back again: %v", got)
	}
}

func TestNobodyWithoutANextDateIsOnTrack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.Set("2026-11-26")
	dana, marcus := s.api(t, "dana@rivervalley.test"), s.api(t, "marcus@rivervalley.test")
	if got := flagged(dana, of); !slices.Contains(got, "nothing_planned") {
		t.Errorf("%v", got)
	}
	if marcus.do("GET", "/team/overview", nil).is(200).text("team.unplanned") != "1" || dana.do("GET", "/cases?urgency=unplanned&flag=nothing_planned", nil).is(200).text("items.0.id") == "" {
		t.Error("the team page or the list does not know")
	}
	s.agreed(t, dana, of, "2026-12-01")
	if got := flagged(dana, of); slices.Contains(got, "nothing_planned") {
		t.Errorf("%v with a date", got)
	}
	dana.do("GET", "/cases?flag=no_such_flag", nil).is(422)
}

func TestAServiceThatGoesOnAsksForProofEveryMonth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+of.Case.String()
	s.sql(t, s.Dana, `insert into eligibility_decisions (agency_id, id, case_id, program, decision, facts, result, decided_on, decided_by)
		values (:agency, :id, :case_id, 'adult', 'eligible', '{}', '{}', '2026-09-01', :by)`, pg.Args{"id": of.Person, "case_id": of.Case, "by": s.Dana.ID})
	class := dana.do("POST", at+"/services", map[string]any{"code": "T06", "given_on": "2026-10-20", "ongoing": true, "provider": "SMCC"}).is(201).text("id")
	once := dana.do("POST", at+"/services", map[string]any{"code": "B11", "given_on": "2026-10-20"}).is(201).text("id")
	if got := flagged(dana, of); !slices.Contains(got, "proof_late") || slices.Contains(got, "exit_near") {
		t.Errorf("34 days without proof of a class that goes on: %v", got)
	}
	path := at + "/services/" + class + "/proofs"
	for _, in := range []map[string]any{{"evidence": "Sheet"}, {"attended_on": "2026-11-24", "evidence": "Sheet"}, {"attended_on": "2026-10-19", "evidence": "Sheet"}, {"attended_on": "2026-11-20"}} {
		dana.do("POST", path, in).is(422)
	}
	dana.do("POST", at+"/services/"+once+"/proofs", map[string]any{"attended_on": "2026-11-20", "evidence": "Sheet"}).is(409)
	if r := dana.do("POST", path, map[string]any{"attended_on": "2026-11-20", "evidence": "Attendance sheet"}).is(201); r.text("attended_on") != "2026-11-20" {
		t.Errorf("%s", r.Body)
	}
	if got := flagged(dana, of); slices.Contains(got, "proof_late") {
		t.Errorf("proved three days ago: %v", got)
	}
	b := s.browse(t, "dana@rivervalley.test")
	has(t, b.get(at+"/services").is(200), "Last known to take part Nov 20", "Still going on?")
	b.get(at + "/services/" + class + "/proofs/new").is(200)
	b.post(at+"/services/"+class+"/proofs", url.Values{"attended_on": {"today"}, "evidence": {""}}).is(422)
	b.post(at+"/services/"+class+"/proofs", url.Values{"attended_on": {"today"}, "evidence": {"Teacher called"}}).is(303)
	if r := b.get(at + "/services").is(200); !strings.Contains(string(r.Body), "Nov 23") {
		t.Error("the newer proof is not shown")
	}
}

func TestTheSweepLooksForTheNextSupportWhenOneHasEnded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	for what, until := range map[string]string{"Bus pass": "2026-12-04", "Gas card": "2026-12-11"} {
		dana.do("POST", at+"/lines", map[string]any{"kind": "support", "what": what, "starts_on": "2026-11-30", "ends_on": until}).is(201)
	}
	signedPlan(t, dana, at)
	if got := flagged(dana, of); !slices.Contains(got, "support_ending") {
		t.Fatalf("%v", got)
	}
	s.Set("2026-12-05")
	dana = s.api(t, "dana@rivervalley.test")
	if got := flagged(dana, of); slices.Contains(got, "support_ending") {
		t.Errorf("the bus pass has ended: %v", got)
	}
	if _, err := (sweeper.Sweeper{DB: s.DB}).Once(t.Context(), civil.Date{}); err != nil {
		t.Fatal(err)
	}
	has(t, s.browse(t, "dana@rivervalley.test").get("/cases/"+of.Case.String()).is(200), "Gas card ends in 6 days")
}

func TestAServiceSaysWhatItWouldDoBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+of.Case.String()
	s.sql(t, s.Dana, `insert into eligibility_decisions (agency_id, id, case_id, program, decision, facts, result, decided_on, decided_by)
		values (:agency, :id, :case_id, 'adult', 'eligible', '{}', '{}', '2026-09-01', :by)`, pg.Args{"id": of.Person, "case_id": of.Case, "by": s.Dana.ID})
	b := s.browse(t, "dana@rivervalley.test")
	b.get(at + "/services").is(200)
	ask := func(code, on string, more ...string) reply {
		v := url.Values{"code": {code}, "given_on": {on}, "go": {"preview"}}
		for _, m := range more {
			v.Set(m, "true")
		}
		v.Set("provider", "SMCC")
		return b.post(at+"/services", v)
	}
	has(t, ask("B11", "11/2/2026").is(200), "starts participation. The exit would be Feb 1, 2027", `value="11/2/2026"`)
	has(t, ask("B11", "12/2/2026").is(422), "There is a problem")
	if n := s.count(t, `select count(*) from services`, nil); n != 0 {
		t.Fatal("asking recorded a service")
	}
	dana.do("POST", at+"/services", map[string]any{"code": "B11", "given_on": "2026-11-02"}).is(201)
	has(t, ask("I04", "11/20/2026").is(200), "moves the exit to Feb 19, 2027")
	has(t, ask("S01", "11/20/2026").is(200), "does not move the exit")
	has(t, ask("T06", "4/1/2027", "planned").is(200), "a booked service holds the exit until Apr 1, 2027")
	// The record, the row and the file say the same day.
	has(t, b.get(at).is(200), "Exit clock", "Projected exit", "Feb 1, 2027", "moves the projected exit to Feb 22, 2027")
	has(t, b.get("/caseload?columns=exit").is(200), "Feb 1, 2027")
	dana.do("POST", at+"/services", map[string]any{"code": "T06", "given_on": "2027-04-01", "planned": true, "provider": "SMCC"}).is(201)
	has(t, b.get("/caseload?columns=exit").is(200), "Held to Apr 1")
	has(t, b.get(at).is(200), "Held until", "Apr 1, 2027")
	if k := dana.do("GET", at, nil).is(200); k.text("exit_clock.held") != "true" || k.text("exit_clock.exit_on") != "" {
		t.Errorf("%s", k.Body)
	}
}

// The form of a check-in says what each service would do to the exit; asked, also for another day, with or
// without scripts, and it records nothing.
func TestACheckInSaysWhatItsServiceWouldDoToTheExit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	at := "/cases/" + of.Case.String()
	s.eligible(t, s.Dana, of, "adult", "2026-09-01")
	s.api(t, emails["dana"]).do("POST", at+"/services", body{"code": "B11", "given_on": "2026-11-02"}).is(201)
	b := s.browse(t, emails["dana"])
	page := b.get(at + "/check-ins/new").is(200)
	has(t, page, "(moves the exit to Feb 22, 2027)", `hx-post="`+at+`/check-ins?preview=1"`)
	if text := string(page.Body); strings.Count(text, "moves the exit to") >= len(participation.All()) || !strings.Contains(text, ">F01 ") {
		t.Error("follow-up services are said to move the exit")
	}
	form := func(code, held string) url.Values {
		return url.Values{"service_code": {code}, "held_on": {held}, "method": {"phone"}, "result": {"talked"}, "note": {"About the class"}, "go": {"preview"}, "form_token": {b.token()}}
	}
	part := func(code, held string) string {
		q, err := http.NewRequestWithContext(t.Context(), "POST", s.http.URL+at+"/check-ins?preview=1", strings.NewReader(form(code, held).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return strings.TrimSpace(string(send(t, b.http, q).is(200).Body))
	}
	if got := part("I04", "11/20/2026"); got != `<p id="effect" class="full" role="status"><strong>Recording this moves the exit to Feb 19, 2027.</strong></p>` {
		t.Error(got)
	}
	if got := part("F01", "11/20/2026"); !strings.Contains(got, "does not move the exit") {
		t.Error(got)
	}
	for _, none := range [][2]string{{"", "11/20/2026"}, {"I04", "soon"}, {"I04", "12/24/2026"}, {"XX", "11/20/2026"}} {
		if got := part(none[0], none[1]); strings.Contains(got, "strong") {
			t.Errorf("%v: %s", none, got)
		}
	}
	has(t, b.post(at+"/check-ins", form("I04", "11/20/2026")).is(200), "Recording this moves the exit to Feb 19, 2027.", "About the class", `value="11/20/2026"`)
	if n := s.count(t, `select count(*) from check_ins`, nil); n != 0 {
		t.Error("asking recorded a check-in")
	}
	walt := s.browse(t, emails["walt"])
	walt.get("/account").is(200)
	walt.post(at+"/check-ins?preview=1", url.Values{"service_code": {"I04"}}).is(404)
}
