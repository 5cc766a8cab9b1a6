package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// described is the description of the API as a script gets it.
type described struct {
	OpenAPI    string
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]map[string]any }
}

type operation struct {
	Summary     string
	Parameters  []struct{ Name, In string }
	RequestBody *struct{ Content map[string]media }
	Responses   map[string]struct{ Content map[string]media }
}

type media struct{ Schema map[string]any }

func description(t testing.TB, s *site) (d described) {
	t.Helper()
	r := (&script{t: t, s: s}).do("GET", "/openapi.json", nil).is(200)
	if err := json.Unmarshal(r.Body, &d); err != nil || d.OpenAPI != "3.1.0" {
		t.Fatalf("%v %s", err, d.OpenAPI)
	}
	for _, ref := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(string(r.Body), -1) {
		if d.Components.Schemas[ref[1]] == nil {
			t.Errorf("the description speaks of %s and does not say what it is", ref[1])
		}
	}
	return d
}

// of finds the description of a route: "POST /api/v1/cases/:case/goals".
func (d described) of(route string) (operation, bool) {
	method, path, _ := strings.Cut(route, " ")
	o, ok := d.Paths[params.ReplaceAllString(strings.TrimPrefix(path, "/api/v1"), "{$1}")][strings.ToLower(method)]
	return o, ok
}

// strays lists where a value is not as the schema says: keys not described, keys missing, other types.
func (d described) strays(schema map[string]any, v any, at string) (list []string) {
	if ref, ok := schema["$ref"].(string); ok {
		return d.strays(d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")], v, at)
	}
	for _, or := range []string{"oneOf", "anyOf"} {
		options, _ := schema[or].([]any)
		for _, o := range options {
			if list = d.strays(o.(map[string]any), v, at); len(list) == 0 {
				return nil
			}
		}
		if len(options) > 0 {
			return list
		}
	}
	if kinds, ok := schema["type"]; ok && !slices.Contains(strings.Fields(strings.Trim(fmt.Sprint(kinds), "[]")), kindOf(v)) && !(kindOf(v) == "integer" && strings.Contains(fmt.Sprint(kinds), "number")) {
		return []string{fmt.Sprintf("%s is %s, described as %v", at, kindOf(v), kinds)}
	}
	switch x := v.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		more, open := schema["additionalProperties"].(map[string]any)
		for _, k := range slices.Sorted(maps.Keys(x)) {
			if of, ok := properties[k].(map[string]any); ok {
				list = append(list, d.strays(of, x[k], at+"."+k)...)
			} else if open {
				list = append(list, d.strays(more, x[k], at+"."+k)...)
			} else if schema["properties"] != nil {
				list = append(list, at+"."+k+" is not described")
			}
		}
		must, _ := schema["required"].([]any)
		for _, k := range must {
			if _, ok := x[k.(string)]; !ok {
				list = append(list, at+"."+k.(string)+" is missing")
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, item := range x {
			list = append(list, d.strays(items, item, at+"."+strconv.Itoa(i))...)
		}
	}
	return list
}

func kindOf(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		if x == float64(int64(x)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func TestAnswersAndBodiesAreAsTheDescriptionSays(t *testing.T) {
	t.Parallel()
	w := newSweep(t)
	d, heard := description(t, w.s), map[string]bool{}
	answered := func(route string, r reply) {
		o, ok := d.of(route)
		said, known := o.Responses[strconv.Itoa(r.Status)]
		if !ok || !known {
			t.Errorf("%s: answers %d, which is not described", route, r.Status)
			return
		}
		heard[route] = true
		for kind := range said.Content {
			if kind == "application/json" {
				continue
			}
			if got := r.Header.Get("Content-Type"); kind != "application/octet-stream" && !strings.HasPrefix(got, kind) || got == "" {
				t.Errorf("%s answers %s, described as %s", route, got, kind)
			}
			return
		}
		var v any
		if len(r.Body) > 0 {
			if err := json.Unmarshal(r.Body, &v); err != nil {
				t.Errorf("%s: %v", route, err)
			}
		}
		for _, s := range d.strays(said.Content["application/json"].Schema, v, "") {
			t.Errorf("%s answers: %s", route, s)
		}
	}
	w.heard = func(m move, r reply) {
		if isAPI(m.route) {
			answered(m.route, r)
		}
	}
	w.walk(moves(), func(m move, path, match string) {
		if isAPI(m.route) {
			w.bodyIsDescribed(d, m, path, match)
		}
	})
	w.settle()
	for _, rt := range w.s.Routes() {
		route := rt.Method + " " + rt.Path
		if !rt.API || rt.Method != "GET" {
			continue
		}
		for _, who := range []string{"dana", "marcus", "admin", "luis"} {
			if r := w.send(who, route, w.path(route, w.at(rt.Path))+query[rt.Path], nil, "", ""); r.Status == 200 {
				answered(route, r)
			}
		}
	}
	for _, rt := range w.s.Routes() {
		if route := rt.Method + " " + rt.Path; rt.API && !heard[route] {
			t.Errorf("%s was never heard", route)
		}
	}
}

// bodyIsDescribed holds a valid body against the description, and the description against the decoder: it knows
// every key that is described, and asks for those that are required.
func (w *sweep) bodyIsDescribed(d described, m move, path, match string) {
	w.t.Helper()
	o, _ := d.of(m.route)
	if o.RequestBody == nil {
		return
	}
	schema := o.RequestBody.Content["application/json"].Schema
	if m.file != "" { // a form with a file; what it takes is held by the tests of uploads
		if _, is := o.RequestBody.Content["multipart/form-data"]; !is {
			w.t.Errorf("%s takes a file, which is not described", m.route)
		}
		return
	}
	content, _ := w.content(m, "")
	var valid any
	_ = json.Unmarshal(content, &valid)
	for _, s := range d.strays(schema, valid, "") {
		if len(content) > 0 {
			w.t.Errorf("%s takes: %s", m.route, s)
		}
	}
	if ref, ok := schema["$ref"].(string); ok {
		schema = d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
	refusals := func(b string) (codes map[string]string) {
		r, codes := w.send(m.by, m.route, path, []byte(b), "application/json", match), map[string]string{}
		var doc problem
		if err := json.Unmarshal(r.Body, &doc); err != nil || r.Status != 422 {
			w.t.Errorf("%s: %d %.200s", m.route, r.Status, r.Body)
		}
		for _, e := range doc.Errors {
			codes[e.Field] = e.Code
		}
		return codes
	}
	properties, _ := schema["properties"].(map[string]any)
	all := body{"no_such_field": 1}
	for k := range properties {
		all[k] = []any{[]any{}}
	}
	for k, code := range refusals(mustJSON(all)) {
		if code == "unknown" && k != "no_such_field" {
			w.t.Errorf("%s does not know %s, which is described", m.route, k)
		}
	}
	if m.route == "PUT /api/v1/cases/:case/intake" || strings.HasPrefix(m.route, "PATCH") {
		return // what is left out stays
	}
	var asked []string
	for k, code := range refusals(`{"no_such_field":1}`) {
		if code == "required" && !strings.Contains(k, ".") {
			asked = append(asked, k)
		}
	}
	slices.Sort(asked)
	must := strings.Fields(strings.Trim(fmt.Sprint(schema["required"]), "[]"))
	must = slices.DeleteFunc(must, func(k string) bool { return k == "<nil>" })
	slices.Sort(must)
	if !slices.Equal(asked, must) {
		w.t.Errorf("%s asks for %v; described as required %v", m.route, asked, must)
	}
}
