package server_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// bad is one broken sending of a route.
type bad struct {
	what, kind, content string
	key, match          string // headers of their own
	status              int
	field               string // the field that the refusal must name; "" for any, "-" for none
	broken              string // the field of a page's form that is broken
}

// TestEveryChangeNamesWhatItCannotReadAndStoresNothing sends every route of the router every field of
// its valid body broken in every way, and the body and the headers broken as a whole.
func TestEveryChangeNamesWhatItCannotReadAndStoresNothing(t *testing.T) {
	t.Parallel()
	w, sent := newSweep(t), 0
	w.walk(moves(), func(m move, path, match string) {
		if m.file != "" { // uploads have a sweep of their own
			return
		}
		p := &probe{w: w, m: m, path: path, match: match, by: m.by, gone: map[string]bool{}}
		p.open()
		list := p.wholes()
		if m.deaf && !isAPI(m.route) {
			list = append(list, bad{what: "a field", kind: formKind, content: "no_such_field=1&form_token=" + p.token, status: 422})
		} else if !m.deaf && m.route != "PUT /api/v1/pathways/:pathway/drafts/:number" { // a whole document: internal/pathway holds its refusals by path
			list = append(list, p.fields()...)
		}
		sent += len(list)
		before := w.hash()
		took := p.all(list)
		if after := w.hash(); after != before && !m.free {
			t.Errorf("%s: %v changed by what it should have refused (took %v)", m.route, changed(before, after), took)
		}
	})
	t.Logf("%d broken sendings", sent)
}

// probe breaks one move.
type probe struct {
	w               *sweep
	m               move
	path, match, by string
	token           string
	client          *http.Client
	bearer          string
	gone            map[string]bool // fields that the page shows nowhere
}

// open signs in and opens the pages that a refused form shows again, so that their reading is noted before.
func (p *probe) open() {
	p.client = http.DefaultClient
	if isAPI(p.m.route) {
		p.bearer = p.w.api(p.by).token
	} else {
		p.client = p.w.browser(p.by).http
		if p.by != "" {
			p.token = p.w.token(p.by, true)
		}
	}
	if p.by == "" || !strings.Contains(p.m.route, ":") {
		return
	}
	for _, page := range []string{p.path, "/cases/" + p.w.ids["case"]} {
		p.w.send(p.by, "GET "+page, page, nil, "", "")
	}
}

// all sends everything, several at a time: nothing of it may be stored. It tells what was taken.
func (p *probe) all(list []bad) (took []string) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	queue := make(chan bad)
	for range 4 {
		wg.Go(func() {
			for x := range queue {
				r, err := p.send(x)
				mu.Lock()
				if err != nil {
					p.w.t.Errorf("%s, %s: %v", p.m.route, x.what, err)
				} else if p.judge(x, r); r.Status < 400 {
					took = append(took, x.what)
				}
				mu.Unlock()
			}
		})
	}
	for _, x := range list {
		queue <- x
	}
	close(queue)
	wg.Wait()
	return took
}

func (p *probe) send(x bad) (reply, error) {
	method, _, _ := strings.Cut(p.m.route, " ")
	q, err := http.NewRequestWithContext(p.w.t.Context(), method, p.w.s.http.URL+p.path, strings.NewReader(x.content))
	if err != nil {
		return reply{}, err
	}
	q.Header.Set("Content-Type", x.kind)
	if match := p.match; match != "" && x.match != "-" {
		if x.match != "" {
			match = x.match
		}
		q.Header.Set("If-Match", `"`+match+`"`)
	}
	if x.key != "" {
		q.Header.Set("Idempotency-Key", x.key)
	}
	if p.bearer != "" {
		q.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	return send(p.w.t, p.client, q), nil
}

// judge holds an answer against what a refusal must be.
func (p *probe) judge(x bad, r reply) {
	t, about := p.w.t, p.m.route+", "+x.what
	switch {
	case r.Status >= 500:
		t.Errorf("%s: %d %.300s", about, r.Status, worth(r.Body))
	case p.m.free:
	case r.Status < 400:
		t.Errorf("%s is taken: %d %.200s", about, r.Status, worth(r.Body))
	case r.Status != x.status:
		t.Errorf("%s: %d, want %d: %.300s", about, r.Status, x.status, worth(r.Body))
	case bytes.ContainsRune(r.Body, 0) || !bytes.Equal(bytes.ToValidUTF8(r.Body, nil), r.Body):
		t.Errorf("%s: answers bytes that are no text", about)
	case isAPI(p.m.route):
		p.judgeProblem(about, x, r)
	case r.Status == 422:
		p.judgeForm(about, x, r)
	}
}

// problem is a refusal of the API as a script reads it.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Field   string `json:"field"`
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (p *probe) judgeProblem(about string, x bad, r reply) {
	var doc problem
	if err := json.Unmarshal(r.Body, &doc); err != nil || r.Header.Get("Content-Type") != "application/problem+json" ||
		doc.Type == "" || doc.Title == "" || doc.Detail == "" || doc.Status != r.Status || bytes.Contains(r.Body, []byte("⟦")) {
		p.w.t.Errorf("%s: no problem document: %v %s %.300s", about, err, r.Header.Get("Content-Type"), r.Body)
		return
	}
	if r.Status != 422 || x.field == "-" {
		return
	}
	for _, e := range doc.Errors {
		if (x.field == "" || e.Field == x.field || strings.HasPrefix(e.Field, x.field+".")) && e.Code != "" && e.Message != "" {
			return
		}
	}
	p.w.t.Errorf("%s: the refusal does not name %q: %.300s", about, x.field, r.Body)
}

// wholes are bodies and headers that are wrong as a whole.
func (p *probe) wholes() []bad {
	const j, f = "application/json", "application/x-www-form-urlencoded"
	big := strings.Repeat("x", 10<<20)
	if !isAPI(p.m.route) {
		return []bad{
			{what: "half an escape", kind: f, content: "a=%zz&form_token=" + p.token, status: 400},
			{what: "10 MB", kind: f, content: "form_token=" + p.token + "&a=" + big, status: 413},
			{what: "thousands of fields", kind: f, content: "form_token=" + p.token + manyFields(3000), status: 413},
			{what: "JSON", kind: j, content: `{}`, status: 415},
			{what: "a file", kind: "multipart/form-data; boundary=x", content: "--x--", status: 415},
		}
	}
	list := []bad{
		{what: "half an object", kind: j, content: `{"a":`, status: 400},
		{what: "no JSON", kind: j, content: `hello`, status: 400},
		{what: "two objects", kind: j, content: `{} {}`, status: 400},
		{what: "a list", kind: j, content: `[1,2]`, status: 422},
		{what: "a number", kind: j, content: `7`, status: 422},
		{what: "an unknown key", kind: j, content: `{"no_such_field":1}`, status: 422, field: "no_such_field"},
		{what: "nesting", kind: j, content: `{"a":` + strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000) + `}`, status: 422, field: "a"},
		{what: "deep nesting", kind: j, content: strings.Repeat(`{"a":`, 20000) + `1` + strings.Repeat(`}`, 20000), status: 400},
		{what: "10 MB", kind: j, content: `{"a":"` + big + `"}`, status: 413},
		{what: "XML", kind: "application/xml", content: `<a/>`, status: 415},
		{what: "a form", kind: f, content: `a=b`, status: 415},
		{what: "plain text", kind: "text/plain", content: `{}`, status: 415},
	}
	if p.by != "" {
		list = append(list, bad{what: "a short Idempotency-Key", kind: j, content: `{}`, key: "x", status: 422, field: "Idempotency-Key"},
			bad{what: "a long Idempotency-Key", kind: j, content: `{}`, key: strings.Repeat("x", 5000), status: 422, field: "Idempotency-Key"})
	}
	if p.match != "" {
		valid := p.text()
		list = append(list, bad{what: "no If-Match", kind: j, content: valid, match: "-", status: 428},
			bad{what: "an older If-Match", kind: j, content: valid, match: "0", status: 409},
			bad{what: "an If-Match that is no version", kind: j, content: valid, match: "abc", status: 412},
			bad{what: "a huge If-Match", kind: j, content: valid, match: strings.Repeat("9", 400), status: 412})
	}
	return list
}

// text is the valid body.
func (p *probe) text() string {
	if full, ok := p.w.fill(p.m.body).(body); ok && full != nil {
		b, _ := json.Marshal(full)
		return string(b)
	}
	return ""
}

// fields are the valid body with one field broken.
func (p *probe) fields() []bad {
	if !isAPI(p.m.route) {
		return p.formFields()
	}
	var valid any
	dec := json.NewDecoder(strings.NewReader(p.text()))
	dec.UseNumber()
	if dec.Decode(&valid) != nil {
		valid = map[string]any{}
	}
	list := p.missing(valid)
	add := func(what string, at []string, raw, field string) {
		list = append(list, bad{what: what, kind: "application/json", content: put(valid, at, raw), status: 422, field: field})
	}
	walkJSON(valid, nil, func(at []string, v any) {
		name := strings.Join(at, ".")
		if object, ok := v.(map[string]any); ok {
			add(name+" with an unknown key", slices.Concat(at, []string{"no_such_field"}), "1", strings.TrimPrefix(name+".no_such_field", "."))
			if keys := slices.Sorted(maps.Keys(object)); len(keys) > 0 {
				at, twice := slices.Concat(at, keys[:1]), mustJSON(object[keys[0]])
				add(strings.Join(at, ".")+" twice", at, twice+`,"`+keys[0]+`":`+twice, strings.Join(at, "."))
			}
		}
		if name == "" {
			return
		}
		broken := brokenJSON(at[len(at)-1], v)
		for _, what := range slices.Sorted(maps.Keys(broken)) {
			add(name+" is "+what, at, broken[what], name)
		}
	})
	return list
}

// missing leaves out, or gives as null, each field that the route asks for when nothing is given. The unknown
// key keeps a route that asks for nothing from taking it.
func (p *probe) missing(valid any) (list []bad) {
	r, err := p.send(bad{kind: "application/json", content: `{"no_such_field":1}`})
	var doc problem
	if err != nil || json.Unmarshal(r.Body, &doc) != nil {
		return nil
	}
	for _, e := range doc.Errors {
		if e.Code == "required" {
			at := strings.Split(e.Field, ".")
			for what, raw := range map[string]string{"missing": "", "null": "null", "empty": `""`} {
				list = append(list, bad{what: e.Field + " is " + what, kind: "application/json", content: put(valid, at, raw), status: 422, field: e.Field})
			}
		}
	}
	return list
}

var (
	dateLike = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	uuidLike = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-`)
)

// brokenJSON are the wrong values of a field, by what is wrong with them.
func brokenJSON(name string, v any) map[string]string {
	m := map[string]string{
		"an object": `{"no_such_field":1}`, "a list in a list": `[[1]]`, "NUL": `"a\u0000b"`, "bad UTF-8": "\"a\xff\xfeb\"", "half a surrogate pair": `"a\ud800b"`,
		"out of bounds": "1e400", "a huge number": "99999999999999999999", "a list without end": strings.Repeat("[", 3000) + strings.Repeat("]", 3000),
	}
	long := `"` + strings.Repeat("ä", 20000) + `"`
	switch x := v.(type) {
	case string:
		m["a number"], m["too long"], m["the longest text"] = "7", long, `"`+strings.Repeat("x", 900<<10)+`"`
		if x != "yes" && x != "no" {
			m["true"] = "true"
		}
		if dateLike.MatchString(x) {
			maps.Copy(m, map[string]string{"30 February": `"2026-02-30"`, "no date": `"0000-00-00"`, "month 13": `"2026-13-01"`, "five digits of a year": `"20266-01-01"`, "a time": `"2026-01-01T00:00:00Z"`})
		}
		if uuidLike.MatchString(x) {
			m["no id"], m["half an id"] = `"x"`, `"`+x[:20]+`"`
		}
	case json.Number:
		maps.Copy(m, map[string]string{
			"a word": `"seven"`, "true": "true", "beyond 32 bits": "300000000000", "64 bits": "9223372036854775807", "less than 64 bits": "-9223372036854775809",
			"too long": long, "half": "0.5", "a date": `"2026-02-30"`,
		})
	case bool:
		m["a word"], m["a number"] = `"maybe"`, "7"
	case map[string]any:
		m["a text"], m["a number"], m["true"], m["a list"] = `"a"`, "7", "true", `[]`
		delete(m, "an object")
	case []any:
		m["a text"], m["a number"], m["true"] = `"a"`, "7", "true"
		if len(x) > 0 {
			m["ten thousand"] = "[" + strings.Repeat(mustJSON(x[0])+",", 9999) + mustJSON(x[0]) + "]"
		}
	}
	if name == "value" { // a setting's value is text of any kind; what it may be is for its key to say
		delete(m, "a date")
	}
	return m
}

func mustJSON(v any) string { b, _ := json.Marshal(v); return string(b) }

// walkJSON visits a value and all within it; of a list, its first item.
func walkJSON(v any, at []string, visit func(at []string, v any)) {
	visit(at, v)
	switch x := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			walkJSON(x[k], slices.Concat(at, []string{k}), visit)
		}
	case []any:
		if len(x) > 0 {
			walkJSON(x[0], slices.Concat(at, []string{"0"}), visit)
		}
	}
}

// put writes a value with raw in the place at; nothing is left there when raw is empty.
func put(v any, at []string, raw string) string {
	if len(at) == 0 {
		return raw
	}
	var b []string
	if list, ok := v.([]any); ok {
		for i, item := range list {
			if strconv.Itoa(i) == at[0] {
				b = append(b, put(item, at[1:], raw))
			} else {
				b = append(b, mustJSON(item))
			}
		}
		return "[" + strings.Join(b, ",") + "]"
	}
	object, _ := v.(map[string]any)
	keys := slices.Collect(maps.Keys(object))
	if _, there := object[at[0]]; !there {
		keys = append(keys, at[0])
	}
	slices.Sort(keys)
	for _, k := range keys {
		text := mustJSON(object[k])
		if k == at[0] {
			if text = put(object[k], at[1:], raw); text == "" {
				continue
			}
		}
		b = append(b, mustJSON(k)+":"+text)
	}
	return "{" + strings.Join(b, ",") + "}"
}
