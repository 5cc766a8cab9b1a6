package server_test

import (
	"encoding/json"
	"os"

	"waymark/internal/access"
)

// dirigoPathway is MFG of the acceptance catalogue as somebody's script would send it, with other
// words at step 3.
func dirigoPathway(words string) body {
	raw, err := os.ReadFile("../../seeds/testdata/dirigo.json")
	if err != nil {
		panic(err)
	}
	var file struct {
		Pathways []body `json:"pathways"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		panic(err)
	}
	for _, p := range file.Pathways {
		if p["code"] == "MFG" {
			p["steps"].([]any)[2].(body)["title"] = body{"en": words, "es": words}
			return p
		}
	}
	panic("no MFG")
}

// editionMoves are the life of two versions, and what Luis's case manager answers to each.
func editionMoves() []move {
	edit, marcus := access.EditPathway, "marcus"
	two, three := map[string]string{"number": "2"}, map[string]string{"number": "3"}
	at := func(more ...string) map[string]string {
		m := map[string]string{"number": "2"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	validated := body{"employers": []any{"Tibbetts Metalworks"}, "validated_on": "2026-11-20"}
	return []move{
		{route: "POST /pathways", by: marcus, may: edit, body: body{"code": "WELD", "name.en": "Welding", "name.es": "Soldadura", "sector": "manufacturing"}},
		{route: "POST /api/v1/pathways", by: marcus, may: edit, body: body{"code": "WELD-2", "name": body{"en": "Welding", "es": "Soldadura"}, "sector": "manufacturing"}},
		{route: "POST /pathways/:pathway/drafts", by: marcus, may: edit, deaf: true},
		{route: "POST /pathways/:pathway/drafts/:number/:list/:row", by: marcus, may: edit, at: at("list", "requirements", "row", "new"), body: body{
			"version": "1", "step": "3", "kind": "skill", "operator": "has", "value": "calipers", "hard": "yes", "text.en": "Reads calipers", "text.es": "Lee un calibrador",
		}},
		{route: "POST /pathways/:pathway/drafts/:number/:list/:row/removal", by: marcus, may: edit, at: at("list", "requirements", "row", "0.0"), deaf: true, body: body{"version": "2"}},
		{route: "POST /pathways/:pathway/drafts/:number/validation", by: marcus, may: edit, at: two, body: body{"employers": "Tibbetts Metalworks", "validated_on": "11/20/2026"}},
		{route: "POST /pathways/:pathway/drafts/:number/reopening", by: marcus, may: edit, at: two, deaf: true},
		{route: "POST /api/v1/pathways/:pathway/drafts/:number/validation", by: marcus, may: edit, at: two, body: validated},
		{route: "POST /pathways/:pathway/drafts/:number/publication", by: marcus, may: edit, at: two, deaf: true},
		{route: "POST /cases/:case/move", may: access.ChooseSelection, body: body{"answer": "accepted", "to_version": "2", "reason": "It fits"}},
		{route: "POST /api/v1/pathways/:pathway/drafts", by: marcus, may: edit, deaf: true},
		{route: "PUT /api/v1/pathways/:pathway/drafts/:number", by: marcus, may: edit, at: three, match: "1", body: dirigoPathway("Skilled work")},
		{route: "POST /api/v1/pathways/:pathway/drafts/:number/publication", by: marcus, may: edit, at: three, deaf: true, first: func(w *sweep) {
			w.api(marcus).do("POST", "/pathways/MFG/drafts/3/validation", validated).is(200)
		}},
		{route: "POST /api/v1/cases/:case/move", may: access.ChooseSelection, body: body{"answer": "declined", "to_version": 3, "reason": "Finishes the course first"}},
		{route: "POST /pathways/:pathway/drafts/:number/withdrawal", by: marcus, may: edit, at: map[string]string{"number": "4"}, deaf: true, first: func(w *sweep) {
			w.api(marcus).do("POST", "/pathways/MFG/drafts", nil).is(201)
		}},
		{route: "POST /api/v1/pathways/:pathway/drafts/:number/withdrawal", by: marcus, may: edit, at: map[string]string{"number": "5"}, deaf: true, first: func(w *sweep) {
			w.api(marcus).do("POST", "/pathways/MFG/drafts", nil).is(201)
		}},
	}
}
