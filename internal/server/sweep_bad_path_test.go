package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/openapi"
)

// nameless are values of a path that name nothing.
var nameless = []string{"x", "%00", "%ff%fe", "%ed%a0%80", "00000000-0000-0000-0000-00000000000g", "..%2f..%2fetc", "%27%20or%201=1", "1e400", strings.Repeat("9", 3000)}

// refusedQueries are a parameter's wrong values by its kind.
func refusedQueries(q openapi.Query) []string {
	list := []string{"%00", "%ff%fe"}
	switch {
	case len(q.One) > 0:
		list = append(list, "no_such_word")
	case q.Type == "integer":
		list = append(list, "abc", "1.5", "1e400", "99999999999999999999", "NaN")
	case q.Type == "date":
		list = append(list, "2026-02-30", "0000-00-00", "soon")
	case q.Type == "uuid":
		list = append(list, "x", "0")
	case q.Name == "cursor":
		list = append(list, "garbage", strings.Repeat("A", 3000))
	}
	return list
}

// oddQueries are sent to every page: none may break it, whether it knows them or not.
var oddQueries = []string{
	"q=%00", "q=%ff", "q=" + strings.Repeat("a", 20000), "limit=abc", "limit=-1", "limit=99999999999999999999", "cursor=garbage", "cursor=%00", "sort=no_such_word", "view=no_such_word",
	"version=abc", "version=-1", "version=99999999999999999999", "from=2026-02-30", "to=0000-00-00", "from=-1&to=99999999999999999999", "step=9e9", "office=x", "case=x", "person=x",
	"program=x", "instrument=x", "way=x", "row=x", "next=//evil.test", "code=%27", "kind=x", "horizon=x", "supersedes=x", "correct=x", "snapshot=x", "draft=x", "saved=x", "a=%zz", "=", "%",
}

// TestEveryAddressNamesNothingOrItsParameterWhenItCannotBeRead breaks the path and the query of every route of the router.
func TestEveryAddressNamesNothingOrItsParameterWhenItCannotBeRead(t *testing.T) {
	t.Parallel()
	w, sent := newSweep(t), 0
	takes := map[string]openapi.Operation{}
	for _, o := range w.s.Operations() {
		takes[o.Method+" /api/v1"+o.Path] = o
	}
	try := func(m move, path, match string, content []byte, kind string) reply {
		sent++
		r := w.send(m.by, m.route, path, content, kind, match)
		if r.Status >= 500 {
			t.Errorf("%s %.200s: %d %.300s", m.route, path, r.Status, worth(r.Body))
		}
		return r
	}
	broken := func(m move, path, match string) {
		token := ""
		if !isAPI(m.route) && m.by != "" && !strings.HasPrefix(m.route, "GET") {
			token = w.token(m.by, true)
		}
		content, kind := w.content(m, token)
		if strings.HasPrefix(m.route, "GET") {
			content, kind = nil, ""
		}
		_, template, _ := strings.Cut(m.route, " ")
		for i, part := range strings.Split(template, "/") {
			if !strings.HasPrefix(part, ":") {
				continue
			}
			for _, is := range nameless {
				parts := strings.Split(path, "/")
				parts[i] = is
				r := try(m, strings.Join(parts, "/"), match, content, kind)
				if r.Status < 400 && !anyText(m.route) {
					t.Errorf("%s takes %.60s for %s: %d", m.route, is, part, r.Status)
				}
			}
		}
	}
	w.walk(moves(), func(m move, path, match string) {
		if isAPI(m.route) { // signing in is noted
			w.api(m.by)
		} else {
			w.browser(m.by)
		}
		if ownPage[m.by] != "" {
			w.token(m.by, true) // comes from their one page, and opening it is noted once an hour
		}
		before := w.hash()
		broken(m, path, match)
		if isAPI(m.route) {
			content, kind := w.content(m, "")
			if r := try(m, path+"?no_such=1", match, content, kind); r.Status != 422 || r.text("errors.0.field") != "no_such" {
				t.Errorf("%s?no_such=1: %d %.200s", m.route, r.Status, r.Body)
			}
		}
		if after := w.hash(); after != before && !anyText(m.route) {
			t.Errorf("%s: %v changed by an address that names nothing", m.route, changed(before, after))
		}
	})
	w.settle()
	for _, rt := range w.s.Routes() {
		if rt.Method != http.MethodGet || strings.Contains(rt.Path, ":token") {
			continue
		}
		m := move{route: "GET " + rt.Path, by: w.reader(rt.Path)}
		path, before := w.path(m.route, w.at(rt.Path)), w.hash()
		broken(m, path, "")
		if !rt.API {
			for _, q := range oddQueries {
				if r := try(m, path+"?"+q, "", nil, ""); r.Status != 303 && strings.Contains(string(r.Body), "⟦") {
					t.Errorf("%s?%s: words are missing", m.route, q)
				}
			}
		}
		for _, q := range append(slices.Clone(takes[m.route].Query), openapi.Query{Name: "no_such", One: []string{""}}) {
			values := refusedQueries(q)
			for _, is := range values {
				r := try(m, path+"?"+others(takes[m.route].Query, q.Name)+url.QueryEscape(q.Name)+"="+is, "", nil, "")
				if rt.API && (r.Status != 422 || r.text("errors.0.field") != q.Name || r.text("errors.0.message") == "") {
					t.Errorf("%s?%s=%.30s: %d %.200s", m.route, q.Name, is, r.Status, r.Body)
				}
			}
		}
		for _, table := range changed(before, w.hash()) {
			if table != "public.audit_log" { // opening a record is noted
				t.Errorf("%s changed %s", m.route, table)
			}
		}
	}
	t.Logf("%d broken addresses", sent)
}

// anyText are routes whose parameter may be any text: what is begun under a key of one's own.
func anyText(route string) bool { return strings.Contains(route, "/drafts/:key") }

// others gives the parameters that a route does not open without, but the one that is broken.
func others(takes []openapi.Query, but string) (text string) {
	for _, q := range takes {
		if q.Must && q.Name != but {
			text += q.Name + "=" + append(q.One, "1")[0] + "&"
		}
	}
	return text
}

// reader is somebody who may open an address.
func (w *sweep) reader(path string) string {
	w.t.Helper()
	route := "GET " + path
	for _, who := range []string{"dana", "marcus", "admin", "luis", "ana", "hugo"} {
		if ownPage[who] != "" && !strings.HasPrefix(path, ownPage[who]) {
			continue
		}
		if r := w.send(who, route, w.path(route, w.at(path))+query[path], nil, "", ""); r.Status == 200 || r.Status == 303 {
			return who
		}
	}
	w.t.Errorf("%s opens for nobody", route)
	return "dana"
}
