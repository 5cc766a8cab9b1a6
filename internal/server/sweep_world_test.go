package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// body is what a move sends: JSON to the API, fields to a page. In its texts "$case" stands for an
// id that was kept, "@goals:goal" for the version of the row of table goals with the id kept as goal.
type body = map[string]any

// move is one change of the sweep's journey: a valid sending of one route by somebody who may.
type move struct {
	route string            // "POST /api/v1/cases/:case/goals"
	by    string            // who does it; dana unless said
	may   access.Permission // what it needs; the zero one needs only a sign-in, or nothing where the route is public
	body  body
	match string            // the version it is sent with, as in body
	at    map[string]string // parameters of the path that are no ids kept
	keep  map[string]string // what to keep of the answer: name to path, or to "Location"
	deaf  bool              // reads no body, so that none can be wrong
	free  bool              // any text will do for it: drafts keep what is typed unchecked
	file  string            // content of the file that goes with the fields, where the route takes one
	first func(*sweep)      // makes what the API cannot
}

// sweep walks a journey through every route that changes something.
type sweep struct {
	t        testing.TB
	s        *site
	ids      map[string]string
	scripts  map[string]*script
	browsers map[string]*browser
	hashSQL  string
	heard    func(m move, r reply) // is told what a move was answered
}

var emails = map[string]string{
	"dana": "dana@rivervalley.test", "priya": "priya@rivervalley.test", "walt": "walt@rivervalley.test", "marcus": "marcus@rivervalley.test",
	"helen": "helen@rivervalley.test", "admin": "admin@rivervalley.test", "auditor": "auditor@rivervalley.test", "keisha": "keisha@rivervalley.test",
	"kim": "kim@northcoast.test", "noor": "noor@northcoast.test", "paul": "admin@northcoast.test", "rosa": "rosa@people.test", "luis": "luis@people.test",
	"ana": "Ana Ortega", "hugo": "Hugo Prado", // they have a link instead
}

func newSweep(t testing.TB) *sweep {
	t.Helper()
	slog.SetLogLoggerLevel(slog.LevelWarn) // thousands of requests: their lines say nothing new
	s := newSite(t)
	s.dirigo(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	w := &sweep{t: t, s: s, ids: map[string]string{
		"office": s.MainStreet.String(), "harbor": s.Harbor.String(), "dana": s.Dana.ID.String(), "priya": s.Priya.ID.String(),
		"rosa": rosa.Person.String(), "pathway": "MFG", "soc": "51-9061.00", "number": "3", "list": "jobs", "row": "1.0",
	}, scripts: map[string]*script{}, browsers: map[string]*browser{}}
	tables := strings.Split(w.text(`select string_agg(table_schema || '.' || table_name, ' ' order by table_schema, table_name) from information_schema.tables
		where table_schema in ('public', 'equity') and table_type = 'BASE TABLE' and table_name not in ('sessions', 'throttle', 'sign_in_failures', 'sign_in_codes', 'goose_db_version', 'heartbeat')`), " ")
	for i, name := range tables {
		tables[i] = fmt.Sprintf(`select '%s ' || md5(coalesce(string_agg(cast(x as text), '' order by cast(x as text)), '')) as h from %s x`, name, name)
	}
	w.hashSQL = "select string_agg(h, ' ' order by h) from (" + strings.Join(tables, " union all ") + ") all_tables"
	for who := range everybody {
		if who != "luis" { // he is not there yet
			w.api(who)
			w.token(who, true)
		}
	}
	return w
}

// text asks the tables as their owner.
func (w *sweep) text(query string) (answer string) {
	w.t.Helper()
	err := w.s.Owner.Read(w.t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		answer, err = pg.Get[string](tx, query, pg.Args{})
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// hash is every table's content, but for sessions, codes to sign in with and the counting of failed sign-ins.
func (w *sweep) hash() string { w.t.Helper(); return w.text(w.hashSQL) }

// changed names the tables that differ.
func changed(before, after string) []string {
	was, is := strings.Fields(before), strings.Fields(after)
	var names []string
	for i := 0; i+1 < len(is) && i+1 < len(was); i += 2 {
		if was[i+1] != is[i+1] {
			names = append(names, is[i])
		}
	}
	return names
}

func (w *sweep) sql(query string, args pg.Args) { w.t.Helper(); w.s.sql(w.t, w.s.Dana, query, args) }

func (w *sweep) api(who string) *script {
	w.t.Helper()
	if who == "" {
		return &script{t: w.t, s: w.s}
	}
	if w.scripts[who] == nil {
		w.scripts[who] = w.s.api(w.t, emails[who])
	}
	return w.scripts[who]
}

func (w *sweep) browser(who string) *browser {
	w.t.Helper()
	if w.browsers[who] == nil {
		w.browsers[who] = w.s.browse(w.t, emails[who])
	}
	return w.browsers[who]
}

// token is a form token of a page that everybody has; refusals do not use it up.
func (w *sweep) token(who string, fresh bool) string {
	w.t.Helper()
	b := w.browser(who)
	if t := b.token(); t != "" && !fresh {
		return t
	}
	own := "/account"
	if page := ownPage[who]; page != "" {
		own = page
	}
	b.get(own).is(200)
	return b.token()
}

var params = regexp.MustCompile(`:(\w+)`)

// path fills the parameters of a route.
func (w *sweep) path(route string, at map[string]string) string {
	w.t.Helper()
	_, path, _ := strings.Cut(route, " ")
	return params.ReplaceAllStringFunc(path, func(p string) string {
		if v, ok := at[p[1:]]; ok {
			return url.PathEscape(w.fill(v).(string))
		}
		v, ok := w.ids[p[1:]]
		if !ok {
			w.t.Fatalf("%s: nobody has given the sweep a value for %s", route, p)
		}
		return v
	})
}

// fill replaces what stands for ids and versions.
func (w *sweep) fill(v any) any {
	switch x := v.(type) {
	case string:
		if table, name, ok := strings.Cut(strings.TrimPrefix(x, "@"), ":"); ok && strings.HasPrefix(x, "@") {
			if column, of, two := strings.Cut(table, "."); two { // the newest of a case: @support_screens.case_id:case
				return w.text("select cast(coalesce(max(version), 0) as text) from " + column + " where cast(" + of + " as text) = '" + w.ids[name] + "'")
			}
			return w.text("select cast(version as text) from " + table + " where cast(id as text) = '" + w.ids[name] + "'")
		}
		return os.Expand(x, func(name string) string {
			if w.ids[name] == "" {
				w.t.Fatalf("the sweep keeps no %q", name)
			}
			return w.ids[name]
		})
	case map[string]any:
		full := body{}
		for k, v := range x {
			full[k] = w.fill(v)
		}
		return full
	case []any:
		full := make([]any, len(x))
		for i := range x {
			full[i] = w.fill(x[i])
		}
		return full
	}
	return v
}

func isAPI(route string) bool { return strings.Contains(route, " /api/") }

// content writes a body as the route takes it.
func (w *sweep) content(m move, token string) ([]byte, string) {
	w.t.Helper()
	full, _ := w.fill(m.body).(body)
	if m.file != "" {
		fields := url.Values{}
		for k, v := range full {
			fields.Set(k, fmt.Sprint(v))
		}
		return fileForm(w.t, token, fields, m.file)
	}
	if isAPI(m.route) {
		if full == nil {
			return nil, ""
		}
		b, err := json.Marshal(full)
		if err != nil {
			w.t.Fatal(err)
		}
		return b, "application/json"
	}
	form := url.Values{"form_token": {token}}
	for k, v := range full {
		if list, ok := v.([]string); ok {
			form[k] = list
		} else {
			form.Set(k, fmt.Sprint(v))
		}
	}
	return []byte(form.Encode()), "application/x-www-form-urlencoded"
}

// send sends one request as somebody, by bearer token or by cookie as the route takes it.
func (w *sweep) send(who, route, path string, content []byte, kind, match string) reply {
	w.t.Helper()
	method, _, _ := strings.Cut(route, " ")
	q, err := http.NewRequestWithContext(w.t.Context(), method, w.s.http.URL+path, bytes.NewReader(content))
	if err != nil {
		w.t.Fatal(err)
	}
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	if match != "" {
		q.Header.Set("If-Match", `"`+match+`"`)
	}
	if !isAPI(route) {
		return send(w.t, w.browser(who).http, q)
	}
	if a := w.api(who); a.token != "" {
		q.Header.Set("Authorization", "Bearer "+a.token)
	}
	return send(w.t, http.DefaultClient, q)
}

// walk makes every move, after the probe has had its turn, and holds the table against the manifest.
func (w *sweep) walk(moves []move, probe func(m move, path, match string)) {
	w.t.Helper()
	known := map[string]bool{}
	for _, rt := range w.s.Routes() {
		known[rt.Method+" "+rt.Path] = true
	}
	done := map[string]bool{}
	for _, m := range moves {
		if !known[m.route] {
			w.t.Errorf("%s: the sweep knows a route that is gone", m.route)
			continue
		}
		if m.by == "" && !w.public(m.route) {
			m.by = "dana"
		}
		if m.first != nil {
			m.first(w)
		}
		if m.by == "keisha" || m.by == "" { // she signs out again and again; nobody is signed in
			delete(w.scripts, m.by)
			delete(w.browsers, m.by)
		}
		path, match := w.path(m.route, m.at), ""
		if m.match != "" {
			match = w.fill(m.match).(string)
		}
		probe(m, path, match)
		token := ""
		if !isAPI(m.route) && m.by != "" {
			token = w.token(m.by, true)
		}
		content, kind := w.content(m, token)
		r := w.send(m.by, m.route, path, content, kind, match)
		if r.Status >= 400 || r.Status == 303 && strings.HasPrefix(r.Header.Get("Location"), "/sign-in?") {
			w.t.Errorf("%s by %s: %d: %.1200s", m.route, m.by, r.Status, worth(r.Body))
			continue
		}
		if w.heard != nil {
			w.heard(m, r)
		}
		if !isAPI(m.route) {
			w.browser(m.by).last = reply{t: w.t} // its token is used up
		}
		for name, at := range m.keep {
			v := ""
			if at == "Location" {
				v = r.Header.Get("Location")
				v = v[strings.LastIndex(v, "/")+1:]
			} else {
				v = r.text(at)
			}
			if v == "" {
				w.t.Fatalf("%s answers no %s: %.600s", m.route, at, r.Body)
			}
			w.ids[name] = v
		}
		done[m.route] = true
	}
	for _, rt := range w.s.Routes() {
		if name := rt.Method + " " + rt.Path; rt.Method != "GET" && !done[name] && !slices.ContainsFunc(moves, func(m move) bool { return m.route == name }) {
			w.t.Errorf("%s: add a valid sending of it to the sweep's moves", name)
		}
	}
}

func (w *sweep) public(route string) bool {
	for _, rt := range w.s.Routes() {
		if rt.Method+" "+rt.Path == route {
			return rt.Public
		}
	}
	return false
}

// worth is what a refusal says, without the page around it.
func worth(b []byte) []byte {
	if i := bytes.Index(b, []byte("<main")); i >= 0 {
		b = regexp.MustCompile(`(?s)<option.*?</option>|\s+`).ReplaceAll(b[i:], []byte(" "))
		if e := bytes.Index(b, []byte(`class="alert`)); e >= 0 {
			b = b[e:]
		}
	}
	return b
}
