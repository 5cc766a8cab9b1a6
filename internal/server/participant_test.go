package server_test

import (
	"net/url"
	"strings"
	"testing"
)

func TestAPersonIsComparedBeforeBeingAdded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, walt := s.api(t, "dana@rivervalley.test"), s.api(t, "walt@rivervalley.test")
	rosa := map[string]any{"first_name": " Rosa ", "last_name": "Jiménez  Díaz", "birth_date": "1991-03-09", "phone": "207-555-0142", "language": "es"}
	made := dana.do("POST", "/participants", rosa).is(201)
	if made.text("first_name") != "Rosa" || made.text("last_name") != "Jiménez Díaz" || made.text("number") != "CP-20001" {
		t.Errorf("%s", made.Body)
	}
	// The same person misspelt, at another office: the match is out of reach and says only whom to call.
	again := map[string]any{"first_name": "Rosa", "last_name": "Jimenes Diaz", "birth_date": "1991-03-09"}
	refused := walt.do("POST", "/participants", again).is(409)
	if refused.text("possible_duplicates.0.office") != "Main Street" || refused.text("possible_duplicates.0.name") != "" || refused.text("possible_duplicates.0.in_reach") != "false" {
		t.Errorf("%s", refused.Body)
	}
	again["distinct_from"] = []string{refused.text("possible_duplicates.0.id")}
	walt.do("POST", "/participants", again).is(201)
}

func TestSearchFindsPeopleWithinReachOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	id := dana.do("POST", "/participants", map[string]any{"first_name": "Luis", "last_name": "Andrade Peña de la Cruz", "phone": "(207) 555-0142"}).is(201).text("id")
	dana.do("POST", "/participants/"+id+"/cases", nil).is(201)
	for _, q := range []string{"andrade pe", "Andrade Peña de la Cruz, Lu", "luis an", "pena", "555-0142", "CP-20001", "20001", "Andrede Pena"} {
		if got := dana.do("GET", "/participants?q="+url.QueryEscape(q), nil).is(200); got.text("items.0.id") != id {
			t.Errorf("%q: %s", q, got.Body)
		}
	}
	for _, who := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		if got := s.api(t, who).do("GET", "/participants?q=andrade", nil).is(200); strings.Contains(string(got.Body), "Andrade") {
			t.Errorf("%s sees %s", who, got.Body)
		}
		s.api(t, who).do("GET", "/participants/"+id, nil).is(404)
	}
}

func TestAnotherAgencysRecordReadsLikeNone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.api(t, "dana@rivervalley.test").do("POST", "/participants", map[string]any{"first_name": "Mai", "last_name": "Nguyen"}).is(201).text("id")
	kim := s.api(t, "kim@northcoast.test")
	there, absent := kim.do("GET", "/participants/"+id, nil).is(404), kim.do("GET", "/participants/01890000-0000-7000-8000-000000000000", nil).is(404)
	if string(there.Body) != string(absent.Body) {
		t.Errorf("%s\n%s", there.Body, absent.Body)
	}
}

func TestAChangeNeedsTheVersionThatWasSeen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	id := dana.do("POST", "/participants", map[string]any{"first_name": "Mai", "last_name": "Nguyen"}).is(201).text("id")
	dana.do("POST", "/participants/"+id+"/cases", nil).is(201)
	dana.do("PATCH", "/participants/"+id, map[string]any{"phone": "2075550119"}).is(428)
	dana.do("PATCH", "/participants/"+id, map[string]any{"phone": "2075550119"}, "If-Match", `"1"`).is(200)
	dana.do("PATCH", "/participants/"+id, map[string]any{"phone": "2075550120"}, "If-Match", `"1"`).is(409)
	bad := dana.do("PATCH", "/participants/"+id, map[string]any{"phone": "12", "birth_date": "2026-02-30", "role": "admin"}, "If-Match", `"2"`).is(422)
	if !strings.Contains(string(bad.Body), `"birth_date"`) || !strings.Contains(string(bad.Body), `"role"`) {
		t.Errorf("%s", bad.Body)
	}
}

func TestOnePersonHasOneOpenCase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	id := dana.do("POST", "/participants", map[string]any{"first_name": "Mai", "last_name": "Nguyen"}).is(201).text("id")
	first := dana.do("POST", "/participants/"+id+"/cases", nil, "Idempotency-Key", "case-for-mai").is(201)
	again := dana.do("POST", "/participants/"+id+"/cases", nil, "Idempotency-Key", "case-for-mai").is(201)
	if string(first.Body) != string(again.Body) {
		t.Errorf("a repetition answered otherwise:\n%s\n%s", first.Body, again.Body)
	}
	second := dana.do("POST", "/participants/"+id+"/cases", nil).is(409)
	if second.text("current.case_id") != first.text("id") {
		t.Errorf("%s", second.Body)
	}
}

func TestAddingAPersonInTheBrowserKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/participants/new").is(200)
	bad := b.post("/participants", url.Values{"first_name": {"Mai"}, "last_name": {""}, "birth_date": {"31/10"}}).is(422)
	for _, want := range []string{`value="Mai"`, `value="31/10"`, `href="#participant-last-name"`, "You entered &#34;31/10&#34;"} {
		if !strings.Contains(string(bad.Body), want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	token := b.token()
	good := url.Values{"first_name": {"Mai"}, "last_name": {"Nguyen"}, "birth_date": {"11/5/1999"}, "phone": {""}, "form_token": {token}}
	first := b.post("/participants", good).is(303)
	again := b.post("/participants", good).is(303)
	if first.Header.Get("Location") != again.Header.Get("Location") {
		t.Errorf("a double click led to %s and %s", first.Header.Get("Location"), again.Header.Get("Location"))
	}
	if list := b.get("/caseload").is(200); strings.Count(string(list.Body), "Nguyen, Mai") != 1 {
		t.Error("the person does not stand once in the caseload")
	}
}
