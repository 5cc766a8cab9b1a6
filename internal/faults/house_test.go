package faults

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/pgembed"
	"waymark/internal/seed"
	"waymark/internal/server"
	"waymark/policies"
)

// house is the whole program in this process over a database server of its own, which can be taken away.
type house struct {
	t    *testing.T
	dir  string
	base *pgembed.Server
	http *httptest.Server

	Case, Email string // an open case and its case manager
}

func newHouse(t *testing.T) *house {
	t.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	h := &house{t: t, dir: openDir(t)}
	h.databaseStarts()
	if err := pg.CreateDatabase(t.Context(), h.base.DSN("postgres", "postgres"), "waymark"); err != nil {
		t.Fatal(err)
	}
	if err := pg.Migrate(t.Context(), h.base.DSN("postgres", "waymark")); err != nil {
		t.Fatal(err)
	}
	owner, err := pg.OpenOwner(h.base.DSN("postgres", "waymark"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	policy, err := access.Load(policies.Model, policies.Policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := seed.Many(t.Context(), seed.Seeder{Owner: owner, DB: owner, Policy: policy, Key: bytes.Repeat([]byte{7}, 32), Say: func(string) {}}, 10, 1); err != nil {
		t.Fatal(err)
	}
	first := rowsOf[openCase](t, h.dsn(), openCases+` limit 1`)
	h.Case, h.Email = first[0].Case, first[0].Email
	h.programStarts()
	return h
}

// databaseStarts brings the database server up, the same one when it ran before.
func (h *house) databaseStarts() {
	h.t.Helper()
	base, err := pgembed.Start(h.t.Context(), pgembed.Config{Dir: h.dir, Fetch: true, Fast: true, Params: []string{"shared_buffers=16MB", "max_connections=30"}})
	if err != nil {
		h.t.Fatal(err)
	}
	h.base = base
	h.t.Cleanup(func() { _ = base.Stop(10 * time.Second) })
}

// databaseStops takes it away.
func (h *house) databaseStops() {
	h.t.Helper()
	if err := h.base.Stop(10 * time.Second); err != nil {
		h.t.Fatal(err)
	}
}

// programStarts begins the program anew: nothing in its memory outlives this.
func (h *house) programStarts() {
	h.t.Helper()
	db, err := pg.Open(h.base.DSN("waymark_app", "waymark"), time.Now)
	if err != nil {
		h.t.Fatal(err)
	}
	policy, err := access.Load(policies.Model, policies.Policy)
	if err != nil {
		h.t.Fatal(err)
	}
	site, err := server.New(server.Config{DB: db, Policy: policy, BaseURL: "http://localhost", Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		h.t.Fatal(err)
	}
	if h.http != nil {
		h.http.Close()
	}
	h.http = httptest.NewServer(site)
	h.t.Cleanup(h.http.Close)
	h.t.Cleanup(func() { _ = db.Close() })
}

func (h *house) dsn() string { return h.base.DSN("postgres", "waymark") }

// checkIns counts the check-ins whose note is like a pattern.
func (h *house) checkIns(note string) int {
	h.t.Helper()
	return len(rowsOf[string](h.t, h.dsn(), `select note from check_ins where note like '`+note+`'`))
}

// browser is somebody at the pages, without JavaScript.
type browser struct {
	h    *house
	http http.Client
}

// answer is what came back, and after how long.
type answer struct {
	Status int
	Header http.Header
	Body   string
	Took   time.Duration
}

func (h *house) browse() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{h, http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (h *house) signedIn() *browser {
	h.t.Helper()
	b := h.browse()
	b.get("/sign-in")
	if a := b.post("/sign-in", b.form("/sign-in", "/sign-in", url.Values{"email": {h.Email}, "password": {seed.DemoPassword}})); a.Status != 303 {
		h.t.Fatalf("signing in: %d %.500s", a.Status, a.Body)
	}
	return b
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	q, err := http.NewRequestWithContext(b.h.t.Context(), "GET", b.h.http.URL+path, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return b.do(q)
}

// api is a script's request.
func (b *browser) api(path, token string) answer {
	b.h.t.Helper()
	q, err := http.NewRequestWithContext(b.h.t.Context(), "GET", b.h.http.URL+"/api/v1"+path, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	return b.do(q)
}

func (b *browser) post(path string, values url.Values) answer {
	b.h.t.Helper()
	return b.do(b.posting(path, values))
}

// part is post by htmx, for a part of a page.
func (b *browser) part(path string, values url.Values) answer {
	b.h.t.Helper()
	q := b.posting(path, values)
	q.Header.Set("HX-Request", "true")
	return b.do(q)
}

func (b *browser) posting(path string, values url.Values) *http.Request {
	b.h.t.Helper()
	q, err := http.NewRequestWithContext(b.h.t.Context(), "POST", b.h.http.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return q
}

func (b *browser) do(q *http.Request) answer {
	b.h.t.Helper()
	begun := time.Now()
	r, err := b.http.Do(q)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{r.StatusCode, r.Header, string(body), time.Since(begun)}
}

// form opens a page and fills in the form that goes to action.
func (b *browser) form(page, action string, typed url.Values) url.Values {
	b.h.t.Helper()
	a := b.get(page)
	if a.Status != 200 {
		b.h.t.Fatalf("%s: %d %.500s", page, a.Status, a.Body)
	}
	values, found := formIn(b.h.t, a.Body, action)
	if !found {
		b.h.t.Fatalf("%s has no form to %s", page, action)
	}
	for k, v := range typed {
		values[k] = v
	}
	return values
}

// formIn reads what a form of a page would send as it stands.
func formIn(t *testing.T, page, action string) (values url.Values, found bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	values = url.Values{}
	for f := range doc.Descendants() {
		if f.Data != "form" || attr(f, "action") != action {
			continue
		}
		found = true
		for n := range f.Descendants() {
			kind := attr(n, "type")
			if n.Data == "input" && attr(n, "name") != "" && (kind != "radio" && kind != "checkbox" || has(n, "checked")) {
				values.Add(attr(n, "name"), attr(n, "value"))
			}
		}
	}
	return values, found
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// busy fails the test unless an answer says at once that the server is busy and when to come again.
func (h *house) busy(what string, a answer, within time.Duration) {
	h.t.Helper()
	if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || a.Took > within {
		h.t.Errorf("%s: %d with Retry-After %q after %s: %.300s", what, a.Status, a.Header.Get("Retry-After"), a.Took, a.Body)
	}
}

// comesBack waits until a page is served again.
func (h *house) comesBack(b *browser, path string) {
	h.t.Helper()
	eventually(h.t, 5*time.Second, path+" is served again", func() error {
		if a := b.get(path); a.Status != 200 {
			return fmt.Errorf("%d %.200s", a.Status, a.Body)
		}
		return nil
	})
}
