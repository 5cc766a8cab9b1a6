package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/internal/pg"
)

// presetOf reads the fields of the first form with class quick, else of the page's last form, as a browser would post them.
func presetOf(t testing.TB, body []byte) url.Values {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var form *html.Node
	for n := range doc.Descendants() {
		if n.Data == "form" && attr(n, "class") == "quick" {
			form = n
			break
		}
		if n.Data == "form" && strings.HasPrefix(attr(n, "class"), "form") {
			form = n
		}
	}
	if form == nil {
		t.Fatalf("no form: %.500s", body)
	}
	values := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "input" && (attr(n, "type") == "radio" || attr(n, "type") == "checkbox"):
			if hasAttr(n, "checked") {
				values.Add(name, attr(n, "value"))
			}
		case n.Data == "input":
			values.Add(name, attr(n, "value"))
		case n.Data == "textarea" && n.FirstChild != nil:
			values.Add(name, n.FirstChild.Data)
		case n.Data == "select":
			for o := range n.Descendants() {
				if o.Data == "option" && hasAttr(o, "selected") {
					values.Add(name, attr(o, "value"))
				}
			}
		}
	}
	return values
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func TestTodayCountsWhatItsListsShow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	for i := range 5 {
		p := s.enrol(t, s.Dana, fmt.Sprintf("Late%d", i), "Person", "en")
		s.agreed(t, dana, p, fmt.Sprintf("2026-11-%02d", 16+i))
	}
	week := s.enrol(t, s.Dana, "Week", "Person", "en")
	s.agreed(t, dana, week, "2026-11-25")
	other := s.enrol(t, s.Walt, "Other", "Person", "en")
	s.agreed(t, dana, other, "2026-11-16")
	b := s.browse(t, "dana@rivervalley.test")
	page := string(b.get("/today").is(200).Body)
	for _, want := range []string{"Overdue (5)", "Show 2 more overdue", "Rest of this week (1)", "<b class=\"late\">5</b>"} {
		if !strings.Contains(page, want) {
			t.Errorf("Today does not say %q", want)
		}
	}
	if strings.Contains(page, "Other Person") || strings.Contains(page, "Late4 Person") || strings.Contains(page, "Week Person") {
		t.Error("the list shows too much")
	}
	if all := string(b.get("/today?all=overdue").is(200).Body); !strings.Contains(all, "Late4 Person") {
		t.Error("not all late ones are shown")
	}
	if all := string(b.get("/today?all=week&sort=person").is(200).Body); !strings.Contains(all, "Week Person") {
		t.Error("the week is not shown")
	}
	got := dana.do("GET", "/today", nil).is(200)
	list := dana.do("GET", "/cases?attention=overdue", nil).is(200)
	if got.text("counts.overdue") != "5" || len(list.at("items").([]any)) != 5 || got.text("overdue.0.days_late") != "7" || got.text("counts.caseload") != "6" {
		t.Errorf("%s", got.Body)
	}
}

func TestTodayAndTheCaseloadTakeAsManyStatementsForManyAsForOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	b := s.browse(t, "dana@rivervalley.test")
	count := func(path string) (n int) {
		q := httptest.NewRequestWithContext(pg.Counting(t.Context(), &n), http.MethodGet, path, nil)
		at, _ := url.Parse(s.http.URL)
		for _, c := range b.http.Jar.Cookies(at) {
			q.AddCookie(c)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, q)
		if w.Code != 200 {
			t.Fatalf("%d: %.300s", w.Code, w.Body)
		}
		return n
	}
	s.agreed(t, dana, s.enrol(t, s.Dana, "First", "Person", "en"), "2026-11-16")
	pages := []string{"/today", "/caseload", "/caseload?view=attention&sort=name", "/caseload?flag=nothing_planned"}
	one := map[string]int{}
	for _, path := range pages {
		one[path] = count(path)
	}
	for i := range 8 {
		s.agreed(t, dana, s.enrol(t, s.Dana, fmt.Sprintf("More%d", i), "Person", "en"), "2026-11-17")
	}
	for _, path := range pages {
		if many := count(path); many != one[path] {
			t.Errorf("%s: %d statements for one person, %d for nine", path, one[path], many)
		}
	}
}

func TestThePagesOfStepSixHaveTheirWordsInSpanish(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.withPlan(t, s.Dana, rosa)
	s.eligible(t, s.Dana, rosa, "adult", "2026-09-08")
	dana, path := s.api(t, "dana@rivervalley.test"), "/cases/"+rosa.Case.String()
	s.agreed(t, dana, rosa, "2026-11-16")
	dana.do("POST", path+"/check-ins", map[string]any{"method": "email", "result": "talked", "note": "x", "service_code": "I05", "progress": []any{map[string]any{"key": "job", "status": "dropped"}}}).is(201)
	dana.do("POST", path+"/outcomes", map[string]any{"kind": "skill_gain", "gain": "transcript", "level": "secondary", "on_date": "2026-11-02"}).is(201)
	dana.do("POST", path+"/appointments", map[string]any{"kind": "interview", "on_date": "2026-11-24", "place": "elsewhere"}).is(201)
	dana.do("POST", path+"/notes", map[string]any{"body": "x", "visibility": "restricted"}).is(201)
	dana.do("POST", path+"/requests", map[string]any{"what": "x", "from_whom": "y"}).is(201)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/today?all=week").is(200)
	b.post("/language", url.Values{"language": {"es"}, "next": {"/today"}}).is(303)
	for _, page := range []string{
		"/today?all=week", path + "/check-ins", path + "/check-ins/new", path + "/services", path + "/leave", path + "/leave?kind=exit", path + "/return",
		path + "/outcomes", path + "/appointments/new",
	} {
		if p := string(b.get(page).is(200).Body); !strings.Contains(p, `lang="es"`) {
			t.Errorf("%s is not in Spanish", page)
		}
	}
	b.post(path+"/check-ins", url.Values{"result": {"talked"}, "method": {"phone"}, "next_on": {"11/26/2026"}, "held_on": {"31/12/2026"}}).is(422)
	b.post(path+"/services", url.Values{"code": {"S01"}, "given_on": {"12/1/2026"}}).is(422)
	b.post(path+"/exit", url.Values{"exclusion": {"05"}}).is(422)
}

func TestARowOpenedOrSavedOnTodayIsNotedAsReading(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tyler, samira := s.enrol(t, s.Dana, "Tyler", "Boudreau", "en"), s.enrol(t, s.Dana, "Samira", "Haddad", "en")
	dana := s.api(t, "dana@rivervalley.test")
	for _, of := range []enrolled{tyler, samira} {
		s.agreed(t, dana, of, "2026-11-16")
	}
	noted := func(of enrolled) int {
		return s.count(t, `select count(*) from audit_log where action = 'record.opened' and case_id = :id`, pg.Args{"id": of.Case})
	}
	dana.do("POST", "/cases/"+samira.Case.String()+"/check-ins", map[string]any{"held_on": "2026-11-23", "method": "phone", "result": "no_answer", "next_on": "2026-11-24"}).is(201)
	b := s.browse(t, "dana@rivervalley.test")
	b.get("/today").is(200)
	if noted(tyler)+noted(samira) != 0 {
		t.Error("the list alone is no record")
	}
	has(t, b.get("/today?open="+tyler.Case.String()).is(200), "Record a check-in with Tyler Boudreau")
	has(t, b.get("/today?saved="+samira.Case.String()).is(200), "Samira Haddad", "/undo")
	if noted(tyler) != 1 || noted(samira) != 1 {
		t.Errorf("noted %d and %d, want one each", noted(tyler), noted(samira))
	}
}
