package server_test

import (
	"strings"
	"testing"

	"waymark/internal/pathway"
	"waymark/internal/seed"
	"waymark/seeds"
)

// catalogue publishes the catalogue that a new agency starts with.
func (s *site) catalogue(t *testing.T) {
	t.Helper()
	files, err := seed.Catalogue(seeds.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pathway.New(s.DB, s.Policy).ImportFiles(t.Context(), s.Admin, files); err != nil {
		t.Fatal(err)
	}
}

func TestThePathwayIsAMapWithATableAtItsOwnAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	b := s.browse(t, "dana@rivervalley.test")
	p := string(b.get("/pathways/MFG").is(200).Body)
	for _, words := range []string{
		"Level 5: Upper-level skilled work", "$15 to $24 an hour", "about $31,200 to $49,920 a year", `x="5.6%"`, "Associate degree, precision machining",
		"Blue bar: pay range a year, $25,000 to $135,000", "Employment Projections 2024-34", "USDOL Office of Apprenticeship", `id="step-3"`, "Anyone who wants to find out",
	} {
		if !strings.Contains(p, words) {
			t.Errorf("the map does not show %q", words)
		}
	}
	if strings.Contains(p, "style=") || strings.Contains(p, "Show a person on the map") {
		t.Error("the map has an inline style, or offers nobody")
	}
	table := string(b.get("/pathways/MFG/table").is(200).Body)
	for _, words := range []string{"1: Start: needs, interests and first work", `id="credential-cnc-cert"`, "Counts toward", "Southern Maine Community College"} {
		if !strings.Contains(table, words) {
			t.Errorf("the table does not show %q", words)
		}
	}
	for _, code := range []string{"CON", "HLT", "ITS", "TRN"} {
		if r := b.get("/pathways/" + code); r.Status != 404 {
			b.get("/pathways/" + code + "/table").is(200)
		}
	}
	b.get("/pathways/NONE/table").is(404)
	b.get("/pathways/MFG/table?version=9").is(404)
	a := s.api(t, "dana@rivervalley.test")
	if r := a.do("GET", "/pathways/MFG/map", nil).is(200); r.text("levels.0.step.number") != "5" || r.text("scale.low_cents") != "2500000" || r.text("levels.0.cells.0.area") != "M1" {
		t.Errorf("%.400s", r.Body)
	}
}

func TestTheRouteIsOneClickFromTheRecordAndForThoseInReachOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana, at, _ := s.ready(t, rosa())
	choose := map[string]any{"area": "M6", "entry_step": 2, "target_step": 3, "informed_choice": allTopics()}
	b := s.browse(t, "dana@rivervalley.test")
	if to := b.get(at + "/path").is(303).Header.Get("Location"); to != at+"/selection" {
		t.Errorf("without a choice the map leads to %s", to)
	}
	dana.do("POST", at+"/selection", choose).is(201)
	if r := string(b.get(at).is(200).Body); !strings.Contains(r, `href="`+at+`/path"`) {
		t.Error("the record does not lead to the map")
	}
	p := string(b.get(at + "/path").is(200).Body)
	for _, words := range []string{"Rosa’s route:", "Rosa is here", "Rosa’s goal", "mine planned", "Show a person on the map"} {
		if !strings.Contains(p, words) {
			t.Errorf("the map does not show %q", words)
		}
	}
	if r := b.get("/pathways/MFG?case=" + strings.TrimPrefix(at, "/cases/")).is(303); r.Header.Get("Location") != at+"/path" {
		t.Errorf("showing a person leads to %s", r.Header.Get("Location"))
	}
	for _, stranger := range []string{"walt@rivervalley.test", "kim@northcoast.test"} {
		s.browse(t, stranger).get(at + "/path").is(404)
	}
	if r := dana.do("GET", at+"/path", nil).is(200); r.text("pathway") != "MFG" || r.text("stops.0.kind") != "here" || r.text("stops.1.step") != "3" {
		t.Errorf("%s", r.Body)
	}
}

func TestTheTableSaysWhatTheMapShows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	b := s.browse(t, "dana@rivervalley.test")
	has(t, b.get("/pathways/MFG/table").is(200), `href="/occupations/51-9061.00"`, "Moves between areas", "Registered apprenticeship", "nearest job title in the national list", "Pay of the levels:",
		"Occupational Employment and Wage Statistics", "2025", "in the state", "Some parts are not known;")
	health := b.get("/pathways/HLT").is(200)
	// The way of pharmacy from level 3 to level 5 passes over level 4: a line in each of the two gaps.
	if n := strings.Count(string(health.Body), `class="way over"`); n != 2 {
		t.Errorf("the arrow over level 4 is drawn %d times", n)
	}
}

func TestMapAndTableNameWhereOneLearnsAtWorkAndWhatOpensAreas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	b := s.browse(t, "dana@rivervalley.test")
	has(t, b.get("/pathways/CON").is(200), "Before an apprenticeship: Pre-apprenticeship class", "registered apprenticeships start here", `href="/pathways/CON/table#apprenticeships-2"`)
	has(t, b.get("/pathways/MFG").is(200), "Bridge class: Manufacturing contextualized course", "14 registered apprenticeships start here")
	has(t, b.get("/pathways/CON/table").is(200), `id="apprenticeships-2"`, "Apprenticeships that start at step 3", "By time, 8,000 hours at work", "RAPIDS 0159", "Carpenters; Drywall and Ceiling Tile Installers", "Bridge program", "Needed first")
	has(t, b.get("/occupations/47-2111.00").is(200), "Before it, on the Construction pathway: Pre-apprenticeship class.")
	health := b.get("/pathways/HLT").is(200)
	has(t, health, "Credentials that open several areas", `href="/pathways/HLT/table#credential-bhc"`, "Patient care; Clinic and records; Emergency services; Laboratory, imaging and surgery; Therapy and wellness; Dental care; Behavioral and community health")
	has(t, b.get("/pathways/HLT/table").is(200), "Rogue Community College, Oregon", "opens Dental care")
	if p := string(b.get("/pathways/MFG").is(200).Body); strings.Contains(p, "open several areas") {
		t.Error("manufacturing has nothing that opens several areas")
	}
	if p := string(b.get("/pathways/HLT/table").is(200).Body); strings.Contains(p, "When it meets") {
		t.Error("no provider has said when it meets")
	}
}

func TestTheReportNamesHelpAndWhoStandsBehindTheVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.catalogue(t)
	b := s.browse(t, "dana@rivervalley.test")
	has(t, b.get("/pathways/HLT/report").is(200), "Version 1 passes.", "From level 2 to 3: Transportation, Child or dependent care", "From level 3 to 5:", "Validated by employers", "No employer has validated this version by name")
	script := s.api(t, "admin@rivervalley.test")
	v := script.do("POST", "/pathways/HLT/drafts", nil).is(201).text("version")
	draft := "/pathways/HLT/drafts/" + v
	script.do("POST", draft+"/validation", map[string]any{"validated_on": "2026-11-20", "employers": []string{"Harbor Health", "Pine Clinic"}}).is(200)
	script.do("POST", draft+"/publication", nil).is(201)
	has(t, b.get("/pathways/HLT/report").is(200), "Harbor Health, since Nov 20, 2026", "Pine Clinic, since Nov 20, 2026")
	if r := script.do("GET", "/pathways/HLT/report", nil).is(200); !strings.Contains(string(r.Body), `"employer":"Harbor Health","on":"2026-11-20"`) {
		t.Errorf("%.2000s", r.Body)
	}
}

func TestAJobOnTheMapBecomesAGoal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "en")
	s.manufacturing(t, s.Dana, rosa)
	at := "/cases/" + rosa.Case.String()
	b := s.browse(t, "dana@rivervalley.test")
	job := "/occupations/51-9061.00?case=" + rosa.Case.String()
	has(t, b.get(at+"/path").is(200), `href="`+job+`"`)
	has(t, b.get(job).is(200), at+"/goals/new?horizon=mid&amp;code=51-9061.00")
	if p := string(b.get("/pathways/MFG").is(200).Body); strings.Contains(p, "?case=") {
		t.Error("a map without anybody names a case")
	}
	own := s.browse(t, rosa.Email)
	has(t, own.get("/occupations/51-9061.00").is(200), `href="/me/goals/new?job=51-9061.00"`)
	has(t, own.get("/me/goals/new?job=51-9061.00").is(200), `value="Inspectors, Testers, Sorters, Samplers, and Weighers"`)
	own.get("/me/goals/new?job=nothing").is(200)
}
