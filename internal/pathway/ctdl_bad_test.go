package pathway_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"waymark/internal/pathway"
)

// oneOfEach is a pathway with one of everything, so that each value of its document can be spoilt in turn.
func oneOfEach(t testing.TB, all []pathway.Pathway) pathway.Pathway {
	t.Helper()
	p := all[slices.IndexFunc(all, func(p pathway.Pathway) bool { return p.Code == "MFG" })]
	p.Areas, p.Steps = p.Areas[:1], slices.Clone(p.Steps[1:3])
	for i := range p.Steps {
		s := &p.Steps[i]
		s.Jobs, s.Requirements, s.Programs = s.Jobs[:1], s.Requirements[:2], s.Programs[:1]
		s.Programs[0].CostCents, s.Programs[0].Weeks, s.Programs[0].CIP = new(int64(120_050)), 12, "48.0501"
	}
	p.Credentials, p.Apprenticeships = p.Credentials[:2], p.Apprenticeships[:1]
	p.Apprenticeships[0].TermHours = 8000
	p.Transitions = []pathway.Transition{{FromStep: 2, ToStep: 3, Area: p.Areas[0].Code, Credential: p.Credentials[0].Code, Weeks: 40}}
	return p
}

// spoilt calls try with the document once for every value in it and every bad value in its place.
func spoilt(v any, whole any, path string, try func(path, doc string)) {
	bad := []any{nil, -1e300, "x", []any{}, []any{[]any{"x"}}, map[string]any{"en": 1.0}}
	put := func(set func(any), was any, path string) {
		for _, b := range bad {
			set(b)
			doc, _ := json.Marshal(whole)
			try(fmt.Sprintf("%s=%v", path, b), string(doc))
		}
		set(was)
	}
	switch x := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			spoilt(x[k], whole, path+"."+k, try)
			put(func(b any) { x[k] = b }, x[k], path+"."+k)
		}
	case []any:
		for i := range min(len(x), 2) {
			spoilt(x[i], whole, path, try)
		}
	}
}

func TestASpoiltCTDLDocumentIsReadOrRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	pathways, find := seeded(t)
	var doc any
	if err := json.Unmarshal(export(t, oneOfEach(t, pathways), find), &doc); err != nil {
		t.Fatal(err)
	}
	graph := doc.(map[string]any)["@graph"].([]any)
	tried, refused := 0, 0
	for i := range graph {
		spoilt(graph[i], doc, "", func(at, text string) {
			tried++
			_, err := pathway.FromCTDL("x.json", []byte(text), pathway.Pathway{})
			if err == nil {
				return
			}
			refused++
			fault, ok := errors.AsType[*pathway.ParseError](err)
			if !ok || fault.Line < 1 || !strings.HasPrefix(fault.Path, "@graph") || !strings.HasPrefix(err.Error(), "x.json:") {
				t.Fatalf("%s: %v", at, err)
			}
		})
	}
	if tried < 1000 || refused < tried/4 {
		t.Errorf("%d tried, %d refused", tried, refused)
	}
}

func TestACTDLFaultNamesWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{"{\n\"@graph\": [", "x.json:2: catalogue.syntax"},
		{"{\"@graph\": 1}", "x.json:1: @graph: catalogue.wrong_type want=list of objects"},
		{"[1]", "x.json:1: catalogue.wrong_type want=object"},
		{"{\"@graph\": [\n1]}", "x.json:2: @graph[0]: catalogue.wrong_type want=object"},
		{"{\"@graph\": [{\"@id\": \"a#step/2\",\n\"ceterms:hasCondition\": [{\"ceterms:hasConstraint\": [{\n\"ceterms:rightSource\": \"18\"}]}]}]}", "x.json:3: @graph[0].ceterms:hasCondition[0].ceterms:hasConstraint[0].ceterms:rightSource: catalogue.wrong_type want=list of texts"},
		{"{\"@graph\": [{\"@id\": \"a#pathway\"},\n{\"@id\": \"b#pathway\"}]}", "x.json:2: @graph[1].@id: catalogue.wrong_type want=address that no other thing has"},
		{"{\"@graph\": [{\"@id\": \"a#level/2\",\n\"skos:notation\": \"two\"}]}", "x.json:2: @graph[0].skos:notation: catalogue.wrong_type want=whole number as text"},
		{"{\"@graph\": [{\"@id\": \"a#pathway\"}]}", "x.json:1: @graph[0].ceterms:identifier: catalogue.wrong_type want=code of the pathway"},
		{"{\"@graph\": [{\"@id\": \"\xff\"}]}", "x.json: catalogue.unreadable: not UTF-8"},
	} {
		if _, err := pathway.FromCTDL("x.json", []byte(c.doc), pathway.Pathway{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.doc, err, c.want)
		}
	}
}

func FuzzFromCTDL(f *testing.F) {
	f.Add("{\"@graph\": [{\"@id\": \"a#pathway\", \"ceterms:identifier\": [{\"ceterms:identifierTypeName\": {\"en\": \"Waymark code\"}, \"ceterms:identifierValueCode\": \"X\"}]}]}")
	f.Add("{\"@graph\": [{\"@id\": \"a#step/2\", \"ceterms:hasCondition\": [{\"ceterms:hasConstraint\": [{}]}]}]}")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := pathway.FromCTDL("x", []byte(s), pathway.Pathway{}); err != nil {
			if _, ok := errors.AsType[*pathway.ParseError](err); !ok {
				t.Errorf("another error: %v", err)
			}
		}
	})
}

func TestAProblemStandsInItsFileAndLine(t *testing.T) {
	parse := func(name, text string) pathway.File {
		f, err := pathway.Parse(name, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	head := "{\"format\": \"waymark-catalogue/1\",\n"
	whole := pathway.Merge(
		parse("a.json", head+"\"sources\": [{\"code\": \"s\", \"title\": \"S\", \"licence\": \"x\"}],\n\"pathways\": [{\"code\": \"A\"}]}"),
		parse("b.json", head+"\"sources\": [{\"code\": \"s\", \"title\": \"S\", \"licence\": \"x\"},\n {\"code\": \"t\"}],\n\"pathways\": [\n{\"code\": \"B\", \"steps\": [\n{\"number\": 1, \"wage\": {\"per\": \"day\",\n\"source\": \"none\"}}]}]}"),
	)
	for path, want := range map[string]pathway.Position{
		"pathways[0].code":                  {File: "a.json", Line: 3},
		"pathways[0].name.es":               {File: "a.json", Line: 3}, // is missing: where the pathway stands
		"sources[1].title":                  {File: "b.json", Line: 3},
		"pathways[1].steps[0].wage.source":  {File: "b.json", Line: 7},
		"pathways[1].steps[0].wage.per":     {File: "b.json", Line: 6},
		"pathways[1].steps[0].title":        {File: "b.json", Line: 6},
		"pathways[1].steps[0].jobs[4].area": {File: "b.json", Line: 6},
	} {
		if got, ok := whole.PlaceOf(path); !ok || got != want {
			t.Errorf("%s stands at %v, want %v", path, got, want)
		}
	}
	if _, ok := (pathway.File{}).PlaceOf("pathways[0]"); ok {
		t.Error("what was read from no file has a place")
	}
}
