package server_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"waymark/internal/pg"
)

func TestASelectionGoesAlongThroughThePagesOfTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var first string
	for i := range 17 {
		e := s.enrol(t, s.Dana, fmt.Sprintf("P%02d", i), "Person", "en")
		if i == 0 {
			first = e.Case.String()
		}
	}
	d := s.browse(t, "dana@rivervalley.test")
	page := d.get("/caseload?sort=name&limit=15&cases=" + first).is(200)
	has(t, page, `value="`+first+`" checked`, `formaction="/caseload"`, `name="limit" value="15"`, "<strong>15</strong>", "limit=50", "All 17", `<option value="">Any</option>`)
	if strings.Contains(string(page.Body), "more chosen") {
		t.Error("somebody of this page is counted as chosen on another")
	}
	_, rest, found := strings.Cut(string(page.Body), `name="cursor" value="`)
	if !found {
		t.Fatal("there is no way to the next page")
	}
	cursor, _, _ := strings.Cut(rest, `"`)
	// What the button of the next page sends: the kept fields, who is chosen, and the cursor.
	second := d.get("/caseload?sort=name&limit=15&cases=" + first + "&cases=nobody&cursor=" + cursor).is(200)
	has(t, second, "P16", "1 more chosen on another page.", `<input type="hidden" name="cases" value="`+first+`"`)
	if strings.Contains(string(second.Body), "Person, P00") || strings.Contains(string(second.Body), `value="nobody"`) {
		t.Error("the second page shows the first one's people, or keeps what is no case")
	}
	if n := strings.Count(string(d.get("/caseload?limit=200").is(200).Body), `name="cases"`); n < 17 {
		t.Errorf("%d people on the page of all", n)
	}
	d.get("/caseload?limit=201").is(422)
	has(t, d.get("/caseload/views?limit=15&cases="+first).is(200), `value="limit=15"`)
}

func TestThePlansOfManyArePrintedAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	mai, theirs := s.enrol(t, s.Dana, "Mai", "Nguyen", "en"), s.enrol(t, s.Walt, "Theo", "Brandt", "en")
	all := "?cases=" + of.Case.String() + "&cases=" + mai.Case.String() + "&cases=" + theirs.Case.String()
	d := s.browse(t, "dana@rivervalley.test")
	has(t, d.get("/caseload/print"+all).is(200), "2 people have no plan in force and are left out:") // a draft is no plan in force
	signedPlan(t, dana, at)
	has(t, d.get("/caseload/bulk/print"+all).is(200), "/caseload/print?cases=", "All plans on one page")
	page := d.get("/caseload/print" + all).is(200)
	has(t, page, `<article class="pp"`, "My career plan", "1 person has no plan in force and is left out:", "Nguyen, Mai")
	if strings.Contains(string(page.Body), "Brandt") {
		t.Error("somebody else's person is named")
	}
	if n := s.count(t, `select count(*) from audit_log where action = 'record.opened' and case_id = :id`, pg.Args{"id": of.Case}); n != 1 {
		t.Errorf("%d openings are noted", n)
	}
	s.browse(t, "admin@rivervalley.test").get("/caseload/print" + all).is(403)
}

func TestFormsSayWhatAServiceDoesToTheExit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.eligible(t, s.Dana, rosa, "adult", "2026-09-08")
	d := s.browse(t, "dana@rivervalley.test")
	const chosen = "moves the exit to Feb 22, 2027"
	if strings.Contains(string(d.get("/cases/"+rosa.Case.String()+"/check-ins/new").is(200).Body), chosen) {
		t.Error("an exit moves that nobody projects")
	}
	s.api(t, "dana@rivervalley.test").do("POST", "/cases/"+rosa.Case.String()+"/services", map[string]any{"code": "B10", "given_on": "2026-11-20"}).is(201)
	has(t, d.get("/cases/"+rosa.Case.String()+"/check-ins/new").is(200), chosen)
	has(t, d.get("/caseload/bulk/service?cases="+rosa.Case.String()).is(200), "moves the projected exit to Feb 22, 2027")
}

// The filters that nobody has narrowed are rendered once for everybody of an agency.
func TestWhatSomebodyFiltersByShowsOnTheirPageAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	marcus, dana := s.browse(t, "marcus@rivervalley.test"), s.browse(t, "dana@rivervalley.test")
	for _, address := range []string{"?flag=&flag=stalled", "?step=&step=3", "?q=&q=typed", "?language=es", "?urgency=stalled", "?pathway=&pathway=MFG"} {
		marcus.get("/caseload" + address).is(200)
		plain := dana.get("/caseload").is(200)
		filters := string(plain.Body)
		filters = filters[strings.Index(filters, `class="filters"`):strings.Index(filters, `name="sort"`)]
		if strings.Contains(filters, "selected") || strings.Contains(filters, "typed") {
			t.Errorf("after %s somebody else's filters are %s", address, filters)
		}
	}
	for _, word := range []string{"selected", "<select"} { // and of one's own the page says them
		if own := string(marcus.get("/caseload?language=es").is(200).Body); !strings.Contains(own, word) {
			t.Errorf("one's own filter lacks %s", word)
		}
	}
}

func TestACursorThatNamesNoRowIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	api := s.api(t, "dana@rivervalley.test")
	for _, text := range []string{`{"key":"a"}`, `{"i":"01890000-0000-7000-8000-00000000000a"}`, `{"key":"a","i":"x"}`, `none`} {
		if r := api.do("GET", "/cases?cursor="+base64.RawURLEncoding.EncodeToString([]byte(text)), nil).is(422); !strings.Contains(string(r.Body), `"cursor"`) {
			t.Errorf("%s: %s", text, r.Body)
		}
	}
}
