package server_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"
)

// wrong is one broken sending of a route.
type wrong struct {
	what, kind string
	content    string
	status     int // 0: any 4xx
}

// wrongJSON breaks a valid body in every way that somebody's script may.
func wrongJSON(valid body) []wrong {
	with := func(k string, v any) string {
		b := body{}
		maps.Copy(b, valid)
		b[k] = v
		text, _ := json.Marshal(b)
		return string(text)
	}
	j := "application/json"
	list := []wrong{
		{what: "a list", kind: j, content: `[1,2]`},
		{what: "a number", kind: j, content: `7`},
		{what: "half an object", kind: j, content: `{"a":`, status: 400},
		{what: "two objects", kind: j, content: `{} {}`, status: 400},
		{what: "bad UTF-8", kind: j, content: "{\"a\":\"\xff\xfe\"}", status: 400},
		{what: "an unknown key", kind: j, content: with("no_such_field", 1), status: 422},
		{what: "ids that are not ours to give", kind: j, content: with("agency_id", "x"), status: 422},
		{what: "deep nesting", kind: j, content: `{"a":` + strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000) + `}`},
		{what: "deeper nesting", kind: j, content: strings.Repeat(`{"a":`, 20000) + `1` + strings.Repeat(`}`, 20000)},
		{what: "2 MB", kind: j, content: `{"a":"` + strings.Repeat("x", 2<<20) + `"}`, status: 413},
		{what: "XML", kind: "application/xml", content: `<a/>`, status: 415},
		{what: "a form", kind: "application/x-www-form-urlencoded", content: `a=b`, status: 415},
	}
	for k, v := range valid {
		for what, bad := range map[string]any{
			"an object": body{"x": 1}, "a list in a list": []any{[]any{1}}, "NUL": "a\x00b", "a number out of bounds": json.Number("1e400"),
			"a huge number": json.Number(strings.Repeat("9", 400)), "30 February": "2026-02-30", "a very long text": strings.Repeat("ä", 20000), "true": true,
		} {
			if strings.HasSuffix(k, "password") || acceptable(v, bad, what, k) {
				continue
			}
			list = append(list, wrong{what: k + " is " + what, kind: j, content: with(k, bad)})
		}
	}
	return list
}

// acceptable are breakings that may be a good answer to that field.
func acceptable(was, bad any, what, field string) bool {
	if said, ok := was.(string); ok && what == "true" && (said == "yes" || said == "no") {
		return true
	}
	switch was.(type) {
	case bool:
		return what == "true"
	case string: // free text takes any text but NUL
		return what == "30 February" && !strings.HasSuffix(field, "_on") && !strings.HasSuffix(field, "_date")
	case []any:
		return false
	}
	return false
}

// wrongForm breaks a valid form in every way that a browser may not, but somebody's script may.
func wrongForm(valid body, token string) []wrong {
	with := func(k, v string) string {
		b := url.Values{"form_token": {token}}
		for name, is := range valid {
			if list, ok := is.([]string); ok {
				b[name] = list
			} else {
				b.Set(name, is.(string))
			}
		}
		b.Set(k, v)
		return b.Encode()
	}
	f := "application/x-www-form-urlencoded"
	list := []wrong{
		{what: "an unknown key", kind: f, content: with("no_such_field", "1")},
		{what: "ids that are not ours to give", kind: f, content: with("agency_id", "x")},
		{what: "half an escape", kind: f, content: "a=%zz&form_token=" + token, status: 400},
		{what: "2 MB", kind: f, content: with("a", strings.Repeat("x", 2<<20)), status: 413},
		{what: "JSON", kind: "application/json", content: `{}`, status: 415},
		{what: "a file", kind: "multipart/form-data; boundary=x", content: "--x--", status: 415},
		{what: "no form of ours", kind: f, content: with("form_token", "x")},
		{what: "thousands of fields", kind: f, content: "form_token=" + token + manyFields(3000)},
	}
	for k, v := range valid {
		text, ok := v.(string)
		if !ok || k == "version" || k == "next" || strings.Contains(k, "password") || k == "again" {
			continue
		}
		for what, bad := range map[string]string{"NUL": "a\x00b", "bad UTF-8": "\xff\xfe", "a very long text": strings.Repeat("ä", 20000)} {
			list = append(list, wrong{what: k + " is " + what, kind: f, content: with(k, bad)})
		}
		if strings.HasSuffix(k, "_on") || strings.HasSuffix(k, "_date") {
			list = append(list, wrong{what: k + " is 30 February", kind: f, content: with(k, "2026-02-30")})
		}
		if strings.Trim(text, "0123456789") == "" {
			list = append(list, wrong{what: k + " is huge", kind: f, content: with(k, strings.Repeat("9", 400))}, wrong{what: k + " is no number", kind: f, content: with(k, "NaN")})
		}
	}
	return list
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&f" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/182) + "=1")
	}
	return b.String()
}

func TestEveryChangeRefusesWhatItCannotReadAndStoresNothing(t *testing.T) {
	t.Parallel()
	w := newSweep(t)
	w.walk(moves(), func(m move, path, match string) {
		if m.by == "keisha" {
			return // her session ends with each of them; TestEveryChange covers who may
		}
		token, valid := "", body{}
		if full, ok := w.fill(m.body).(body); ok {
			valid = full
		}
		var list []wrong
		if m.file != "" {
			if !isAPI(m.route) {
				token = w.token(m.by, true)
			}
			list = wrongFile(w.t, valid, token, m.file)
		} else if isAPI(m.route) {
			list = wrongJSON(valid)
		} else {
			if m.by != "" {
				token = w.token(m.by, true)
			}
			list = wrongForm(valid, token)
		}
		if m.by != "" && namesRecord(m.route) { // a form that comes back shows the record: its reader has it open
			for _, page := range []string{path, "/cases/" + w.ids["case"]} {
				w.send(m.by, "GET "+page, page, nil, "", "")
			}
		}
		before := w.hash()
		var took []string
		for _, x := range list {
			general := x.status == 413 || x.status == 415 || x.status == 400 && x.what == "half an escape"
			if m.deaf && !general {
				continue
			}
			if x.what == "no form of ours" && m.by == "" {
				continue // a form token is asked of those who are signed in
			}
			r := w.send(m.by, m.route, path, []byte(x.content), x.kind, match)
			switch {
			case r.Status >= 500:
				t.Errorf("%s, %s: %d %.300s", m.route, x.what, r.Status, worth(r.Body))
			case r.Status < 400:
				t.Errorf("%s takes %s: %d %.200s", m.route, x.what, r.Status, worth(r.Body))
				took = append(took, x.what)
			case x.status != 0 && r.Status != x.status:
				t.Errorf("%s, %s: %d, want %d: %.300s", m.route, x.what, r.Status, x.status, worth(r.Body))
			case r.Status == 422 && isAPI(m.route) && !named(r):
				t.Errorf("%s, %s: 422 names no field: %.300s", m.route, x.what, r.Body)
			case isAPI(m.route) && r.Header.Get("Content-Type") != "application/problem+json":
				t.Errorf("%s, %s: answers %s", m.route, x.what, r.Header.Get("Content-Type"))
			}
		}
		if after := w.hash(); after != before {
			t.Errorf("%s: %v changed by what it should have refused (took %v)", m.route, changed(before, after), took)
		}
	})
}

// named reports whether a refusal says which field and why.
func named(r reply) bool {
	return r.at("errors.0.field") != nil && r.text("errors.0.code") != "" && r.text("errors.0.message") != "" && !strings.Contains(string(r.Body), "⟦")
}
