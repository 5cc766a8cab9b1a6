package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/internal/access"
	"waymark/internal/document"
	"waymark/internal/pdf"
	"waymark/internal/pg"
	"waymark/internal/server"
	"waymark/internal/world"
)

// site is the whole program in a test: real engine, real database.
type site struct {
	*world.World
	*server.Server
	http *httptest.Server
}

func newSite(t testing.TB) *site { return newSiteWith(t, func(*server.Config) {}) }

// newSiteWith is newSite with other settings.
func newSiteWith(t testing.TB, edit func(*server.Config)) *site {
	t.Helper()
	w := world.New(t)
	files, err := document.NewFiles(t.TempDir(), w.Key, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg := server.Config{DB: w.DB, Policy: w.Policy, BaseURL: "http://localhost", Key: w.Key, ResetDemo: func(context.Context) error { return nil }, Files: files, Printer: printer{}}
	edit(&cfg)
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return &site{w, s, h}
}

// printer stands for Chromium where only the way to it is tested; package browser has the real one.
type printer struct{}

func (printer) Print(_ context.Context, p pdf.Page, style string) ([]byte, error) {
	return []byte("%PDF-1.7\n" + p.Lang + "\n" + p.Title + "\n" + p.Body + "\n%%EOF\n"), nil
}

// reply is an answer, read whole.
type reply struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// is fails the test unless the status is the one expected.
func (r reply) is(status int) reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("status %d, want %d: %.1500s", r.Status, status, r.Body)
	}
	return r
}

// at reads a value of the JSON answer by its path: "steps.0.key".
func (r reply) at(path string) any {
	r.t.Helper()
	var v any
	if err := json.Unmarshal(r.Body, &v); err != nil {
		r.t.Fatalf("not JSON: %v: %.300s", err, r.Body)
	}
	for _, p := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// text is at as text; numbers are written as in the JSON.
func (r reply) text(path string) string {
	r.t.Helper()
	switch v := r.at(path).(type) {
	case nil:
		return ""
	case float64:
		b, _ := json.Marshal(v)
		return string(b)
	default:
		return fmt.Sprint(v)
	}
}

// script is somebody who uses the JSON API.
type script struct {
	t     testing.TB
	s     *site
	token string
}

// api signs in to the JSON API.
func (s *site) api(t testing.TB, email string) *script {
	t.Helper()
	a := &script{t: t, s: s}
	a.token = a.do("POST", "/session", map[string]any{"email": email, "password": world.Password}).is(201).text("token")
	return a
}

// do sends one request; header pairs follow the body.
func (a *script) do(method, path string, body any, header ...string) reply {
	a.t.Helper()
	var b []byte
	switch v := body.(type) {
	case nil:
	case string:
		b = []byte(v)
	default:
		var err error
		if b, err = json.Marshal(v); err != nil {
			a.t.Fatal(err)
		}
	}
	q, err := http.NewRequestWithContext(a.t.Context(), method, a.s.http.URL+"/api/v1"+path, bytes.NewReader(b))
	if err != nil {
		a.t.Fatal(err)
	}
	if len(b) > 0 {
		q.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		q.Header.Set("Authorization", "Bearer "+a.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	return send(a.t, http.DefaultClient, q)
}

func send(t testing.TB, c *http.Client, q *http.Request) reply {
	t.Helper()
	p, err := c.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Body.Close() }()
	b, err := io.ReadAll(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{t, p.StatusCode, p.Header, b}
}

// browser is somebody who uses the pages, without JavaScript.
type browser struct {
	t    testing.TB
	s    *site
	http *http.Client
	last reply
}

// browse signs in to the pages; "" stays outside.
func (s *site) browse(t testing.TB, email string) *browser {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	b := &browser{t: t, s: s, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if email != "" {
		b.get("/sign-in").is(200)
		b.post("/sign-in", url.Values{"email": {email}, "password": {world.Password}, "next": {"/"}}).is(303)
	}
	return b
}

// emailOf is whom somebody signs in as.
func (s *site) emailOf(t testing.TB, of access.Actor) (email string) {
	t.Helper()
	if err := s.Owner.Read(t.Context(), access.Actor{Agency: of.Agency, Role: access.System}, func(tx *pg.Tx) (err error) {
		email, err = pg.Get[string](tx, `select email from users where id = :id`, pg.Args{"id": of.ID})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return email
}

// get opens a page and holds it against the rules that every page keeps.
func (b *browser) get(path string) reply {
	b.t.Helper()
	q, err := http.NewRequestWithContext(b.t.Context(), "GET", b.s.http.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.last = send(b.t, b.http, q)
	if b.last.Status != 303 && strings.HasPrefix(b.last.Header.Get("Content-Type"), "text/html") {
		pageRules(b.t, path, b.last.Body)
	}
	return b.last
}

// post sends a form with the token of the page seen last, unless the values bring one.
func (b *browser) post(path string, values url.Values) reply {
	b.t.Helper()
	if values == nil {
		values = url.Values{}
	}
	if !values.Has("form_token") {
		values.Set("form_token", b.token())
	}
	q, err := http.NewRequestWithContext(b.t.Context(), "POST", b.s.http.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r := send(b.t, b.http, q)
	if r.Status != 303 && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		pageRules(b.t, path, r.Body)
		b.last = r
	}
	return r
}

// follow opens the page a 303 leads to.
func (b *browser) follow(r reply) reply {
	b.t.Helper()
	return b.get(strings.TrimPrefix(r.is(303).Header.Get("Location"), b.s.http.URL))
}

func (b *browser) token() string {
	doc, err := html.Parse(bytes.NewReader(b.last.Body))
	if err != nil {
		b.t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data == "input" && attr(n, "name") == "form_token" {
			return attr(n, "value")
		}
	}
	return ""
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// pageRules are what every page keeps: language, one h1 or one a paper, unique ids, labelled controls, known words.
func pageRules(t testing.TB, path string, body []byte) {
	t.Helper()
	if i := bytes.Index(body, []byte("⟦")); i >= 0 {
		t.Errorf("%s: words are missing: %.60s", path, body[i:])
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids, labels, h1, papers, lang := map[string]int{}, map[string]bool{}, 0, 0, ""
	var controls []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		switch n.Data {
		case "html":
			lang = attr(n, "lang")
		case "article": // a frozen paper with a head of its own
			if attr(n, "class") == "pp" {
				papers++
			}
		case "h1":
			h1++
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select", "textarea":
			controls = append(controls, n)
		case "th":
			if attr(n, "scope") == "" {
				t.Errorf("%s: a th without scope", path)
			}
		}
	}
	if h1 != max(papers, 1) || lang == "" {
		t.Errorf("%s: %d h1, lang %q", path, h1, lang)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %q stands %d times", path, id, n)
		}
	}
	for _, c := range controls {
		for _, id := range strings.Fields(attr(c, "aria-describedby")) {
			if ids[id] == 0 {
				t.Errorf("%s: %s is described by %q, which is not there", path, attr(c, "name"), id)
			}
		}
		if kind := attr(c, "type"); kind == "hidden" || attr(c, "aria-label") != "" || attr(c, "aria-labelledby") != "" || labels[attr(c, "id")] && attr(c, "id") != "" {
			continue
		}
		inside := false
		for p := c.Parent; p != nil; p = p.Parent {
			inside = inside || p.Data == "label"
		}
		if !inside {
			t.Errorf("%s: control %q has no label", path, attr(c, "name"))
		}
	}
}
