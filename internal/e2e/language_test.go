// Package e2e has tests of the whole program that change what all of it shares, and so stand by themselves.
package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"waymark/internal/access"
	"waymark/internal/document"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/server"
	"waymark/internal/world"
)

// english are the program's own words, by key.
func english(t *testing.T) map[string]any {
	t.Helper()
	files, err := filepath.Glob("../msg/en/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string]any{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &all); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

var place = regexp.MustCompile(`\{[^}]*\}+`)

// made is a text in a language that nobody speaks: the vowels have dots.
func made(text string) string {
	dots := strings.NewReplacer("a", "ä", "e", "ë", "i", "ï", "o", "ö", "u", "ü", "A", "Ä", "E", "Ë", "I", "Ï", "O", "Ö", "U", "Ü")
	var b strings.Builder
	for at := 0; at < len(text); {
		next := place.FindStringIndex(text[at:])
		if next == nil {
			return b.String() + dots.Replace(text[at:])
		}
		b.WriteString(dots.Replace(text[at:at+next[0]]) + text[at+next[0]:at+next[1]])
		at += next[1]
	}
	return b.String()
}

// third is one file with all of the words in that language; edit changes it.
func third(t *testing.T, edit func(map[string]any)) fstest.MapFS {
	t.Helper()
	all := english(t)
	for key, w := range all {
		switch x := w.(type) {
		case string:
			all[key] = made(x)
		case map[string]any:
			for form, text := range x {
				x[form] = made(text.(string))
			}
		}
	}
	edit(all)
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"so.json": {Data: b}}
}

func TestALanguageIsOneFile(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(map[string]any)
		says string
	}{
		"a key is missing":        {func(w map[string]any) { delete(w, "portal.title") }, "portal.title is missing"},
		"a text is empty":         {func(w map[string]any) { w["portal.title"] = " " }, "portal.title is missing"},
		"a key too many":          {func(w map[string]any) { w["portal.titel"] = "x" }, "portal.titel is unknown"},
		"a name is left out":      {func(w map[string]any) { w["portal.call"] = "Wac" }, "portal.call must name [name]"},
		"a month is missing":      {func(w map[string]any) { w["date.months"] = "Janaayo, Febraayo" }, "twelve names"},
		"neither text nor plural": {func(w map[string]any) { w["portal.title"] = 3 }, "neither text nor plural"},
	} {
		if err := msg.Add(third(t, tt.edit)); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
	if msg.Has("so") {
		t.Fatal("a file that was refused is used")
	}
	if err := msg.Add(fstest.MapFS{"es.json": {Data: []byte("{}")}}); err == nil {
		t.Error("the Spanish of the program is written over")
	}
	if err := msg.Add(third(t, func(map[string]any) {})); err != nil {
		t.Fatal(err)
	}

	h, email := house(t)
	in := english(t)
	b := reader{t: t, base: h, client: client(t)}
	outside := b.get("/sign-in")
	b.speaks("/sign-in", outside, "so")
	for _, other := range []string{`lang="en"`, `lang="es"`} {
		if !strings.Contains(outside, "<button type=\"submit\" class=\"btn--link\" "+other) {
			t.Errorf("the page does not offer %s", other)
		}
	}
	b.post("/sign-in", "/sign-in", url.Values{"email": {email}, "password": {world.Password}})
	b.post("/account", "/account", url.Values{"first_name": {"Asha"}, "last_name": {"Warsame"}, "email": {email}, "language": {"so"}, "version": {"1"}})
	for _, path := range []string{"/me", "/me/plan", "/me/path", "/me/messages", "/me/documents", "/me/rights", "/me/consents", "/me/helpers", "/me/data", "/me/calendar", "/me/record", "/me/tasks", "/account", "/help", "/privacy"} {
		page := b.get(path)
		b.speaks(path, page, "so")
		for _, text := range texts(page) {
			for key, w := range in {
				if said, plain := w.(string); plain && strings.Count(said, " ") > 1 && text == said {
					t.Errorf("%s says %s in English: %q", path, key, text)
				}
			}
		}
	}
	if home := b.get("/me"); !strings.Contains(home, "Tüësdäy, Dëcëmbër 1") || !strings.Contains(home, "10:00 ÄM") {
		t.Errorf("the day and the hour are in another language: %.600s", home[strings.Index(home, "<main"):])
	}
}

// house serves an agency with one participant, who has an appointment.
func house(t *testing.T) (base, email string) {
	t.Helper()
	w := world.New(t)
	files, err := document.NewFiles(t.TempDir(), w.Key, nil)
	if err != nil {
		t.Fatal(err)
	}
	app, err := server.New(server.Config{DB: w.DB, Policy: w.Policy, BaseURL: "http://localhost", Key: w.Key, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(app)
	t.Cleanup(h.Close)
	by, args := w.Dana, pg.Args{"agency": w.Dana.Agency, "person": id.New[access.Participant](), "case_id": id.New[access.Case](), "id": id.New[access.User](), "by": w.Dana.ID, "office": w.Dana.Office}
	by.Role = access.System
	if err := w.Owner.Write(t.Context(), by, func(tx *pg.Tx) error {
		for _, row := range []string{
			`insert into participants (agency_id, id, number, export_id, first_name, last_name, language, phone, office_id) values (:agency, :person, 'CP-10001', 'CP0000010001', 'Asha', 'Warsame', 'en', '(207) 555-0142', :office)`,
			`insert into cases (agency_id, id, participant_id, office_id, case_manager_id, opened_on, step_since) values (:agency, :case_id, :person, :office, :by, '2026-09-01', '2026-09-01')`,
			`insert into users (agency_id, id, email, first_name, last_name, role, participant_id, language, password_hash)
				select :agency, :id, 'asha@people.test', 'Asha', 'Warsame', 'participant', :person, 'en', password_hash from users where id = :by`,
			`insert into appointments (agency_id, id, case_id, kind, on_date, at_time, place) values (:agency, :id, :case_id, 'check_in', '2026-12-01', make_time(10, 0, 0), 'office')`,
		} {
			if err := pg.Insert(tx, row, args); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return h.URL, "asha@people.test"
}

// reader is somebody with a browser that asks for Somali.
type reader struct {
	t      *testing.T
	base   string
	client *http.Client
}

func client(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func (r reader) get(path string) string {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), "GET", r.base+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Accept-Language", "so-SO,so;q=0.9,en;q=0.5")
	return r.done(q, path)
}

// post sends a form with the token of the page that it stands on.
func (r reader) post(from, to string, in url.Values) {
	r.t.Helper()
	in.Set("form_token", token(r.get(from)))
	q, err := http.NewRequestWithContext(r.t.Context(), "POST", r.base+to, strings.NewReader(in.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.done(q, to)
}

func (r reader) done(q *http.Request, what string) string {
	r.t.Helper()
	a, err := r.client.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		r.t.Errorf("%s: %d %v %.800s", what, a.StatusCode, err, texts(string(b)))
	}
	return string(b)
}

// speaks fails unless the page is in the language and no key is left without words.
func (r reader) speaks(path, page, lang string) {
	r.t.Helper()
	if !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Contains(page, "⟦") {
		r.t.Errorf("%s is not in %s: %.200s", path, lang, page)
	}
}

// texts are the texts of a page, as they stand between its tags.
func texts(page string) (list []string) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		if text := strings.TrimSpace(n.Data); n.Type == html.TextNode && text != "" && n.Parent.Data != "script" {
			list = append(list, text)
		}
	}
	return list
}

func token(page string) string {
	_, after, _ := strings.Cut(page, `name="form_token" value="`)
	value, _, _ := strings.Cut(after, `"`)
	return value
}
