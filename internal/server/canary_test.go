package server_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/portal"
)

// The texts that a participant must never come upon: what staff write for themselves, and anybody else.
const (
	staffCanary = "CANARY-STAFF-51c"
	otherCanary = "CANARY-OTHER-88d"
)

// crawl opens every address that somebody can reach, and keeps what came back.
type crawl struct {
	t    *testing.T
	s    *site
	me   *browser
	api  *script
	seen map[string]bool
	got  map[string]string // address to everything in its answer
}

func (c *crawl) open(path string) {
	if c.seen[path] {
		return
	}
	c.seen[path] = true
	var r reply
	if strings.HasPrefix(path, "/api/v1") {
		r = c.api.do("GET", strings.TrimPrefix(path, "/api/v1"), nil)
	} else {
		q, err := http.NewRequestWithContext(c.t.Context(), "GET", c.s.http.URL+path, nil)
		if err != nil {
			c.t.Fatal(err)
		}
		r = send(c.t, c.me.http, q)
	}
	if r.Status >= 500 {
		c.t.Errorf("%s: %d", path, r.Status)
	}
	c.got[path] = fmt.Sprint(r.Status, r.Header) + unpacked(c.t, r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		for _, next := range links(r.Body) {
			c.open(next)
		}
	}
}

// unpacked is an answer's text, and that of the files in it if it is an archive.
func unpacked(t *testing.T, b []byte) string {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return string(b)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		inside, _ := io.ReadAll(r)
		text += f.Name + "\n" + string(inside) + "\n"
	}
	return text
}

// links are the addresses of our own that a page leads to.
func links(page []byte) (list []string) {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		if to := attr(n, "href"); n.Data == "a" && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") {
			to, _, _ = strings.Cut(to, "#")
			list = append(list, to)
		}
	}
	return list
}

// secrets fills a case with what only staff may read, and gives the ids of those rows.
func (s *site) secrets(t *testing.T, of enrolled, text string) (ids []string) {
	t.Helper()
	dana, at := s.api(t, "dana@rivervalley.test"), "/cases/"+of.Case.String()
	keep := func(r reply) { ids = append(ids, r.is(201).text("id")) }
	for _, class := range []string{"staff", "restricted"} {
		keep(dana.do("POST", at+"/notes", map[string]any{"subject": text, "body": text, "visibility": class}))
		keep(dana.upload(at+"/documents", url.Values{"kind": {"health"}, "title": {text}, "visibility": {class}}, "a.pdf", strings.Replace(pdfPaper, "%%EOF", "%"+text+class+"\n%%EOF", 1)))
		keep(dana.do("POST", at+"/check-ins", map[string]any{"method": "phone", "result": "no_answer", "note": text, "visibility": class}))
	}
	keep(dana.do("POST", at+"/requests", map[string]any{"what": text, "from_whom": text}))
	s.sql(t, s.Dana, `insert into services (agency_id, id, case_id, code, given_on, note, recorded_on, recorded_by) values (:agency, :id, :case_id, 'career_counselling', '2026-11-20', :text, '2026-11-20', :by)`,
		pg.Args{"id": id.New[portal.Step](), "case_id": of.Case, "text": text, "by": s.Dana.ID})
	s.sql(t, s.Dana, `insert into eligibility_decisions (agency_id, id, case_id, program, decision, facts, result, decided_on, decided_by)
		values (:agency, :id, :case_id, 'adult', 'eligible', jsonb_build_object('note', cast(:text as text)), jsonb_build_object('note', cast(:text as text)), '2026-09-03', :by)`,
		pg.Args{"id": id.New[portal.Step](), "case_id": of.Case, "text": text, "by": s.Dana.ID})
	s.sql(t, s.Dana, `insert into assessments (agency_id, id, case_id, instrument, taken_on, waived, reason, recorded_by) values (:agency, :id, :case_id, 'work_readiness', '2026-09-03', true, :text, :by)`,
		pg.Args{"id": id.New[portal.Step](), "case_id": of.Case, "text": text, "by": s.Dana.ID})
	draft := id.New[portal.Step]()
	s.sql(t, s.Dana, `insert into plan_versions (agency_id, id, case_id, number, kind, state, start_on, end_on, pathway_code, pathway_version, area_code, entry_step, target_step, author_id, change_reason, if_i_stop, participant_does)
		values (:agency, :id, :case_id, 9, 'iep', 'draft', '2026-09-18', '2027-12-01', 'MFG', 1, 'M6', 2, 3, :by, :text, :text, array[cast(:text as text)])`,
		pg.Args{"id": draft, "case_id": of.Case, "text": text, "by": s.Dana.ID})
	s.sql(t, s.Dana, `insert into milestones (agency_id, id, case_id, plan_id, key, position, kind, title, due_on) values (:agency, :id, :case_id, :plan, 'draft', 1, 'custom', :text, '2027-02-01')`,
		pg.Args{"id": id.New[portal.Step](), "case_id": of.Case, "plan": draft, "text": text})
	s.sql(t, s.Dana, `insert into drafts (agency_id, user_id, form, case_id, title, values) values (:agency, :by, :form, :case_id, :text, jsonb_build_object('body', cast(:text as text)))`,
		pg.Args{"by": s.Dana.ID, "form": "note:" + of.Case.String(), "case_id": of.Case, "text": text})
	return append(ids, draft.String(), s.Dana.ID.String(), s.Marcus.ID.String())
}

func TestAParticipantNeverComesUponWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", otherCanary, "en")
	s.manufacturing(t, s.Dana, rosa)
	appointment := s.planned(t, rosa)
	s.sql(t, s.Dana, `update plan_versions set document = cast(:doc as text), sha256 = sha256(convert_to(cast(:doc as text), 'UTF8')), frozen_at = '2026-09-18', document_lang = 'es' where case_id = :case_id and agency_id = :agency`,
		pg.Args{"doc": "<h1>PLAN-ON-PAPER</h1>", "case_id": rosa.Case})
	hidden := s.secrets(t, rosa, staffCanary)
	hidden = append(hidden, s.secrets(t, luis, otherCanary)...)
	t.Logf("the staff's text stands in %d more tables, somebody else's in %d", s.plantRows(t, rosa, staffCanary), s.plantRows(t, luis, otherCanary))
	s.plantWords(t, rosa, staffCanary)
	dana := s.api(t, "dana@rivervalley.test")
	shared := dana.upload("/cases/"+rosa.Case.String()+"/documents", url.Values{"kind": {"school"}, "visibility": {"shared"}}, "a.pdf", pdfPaper).is(201).text("id")
	theirs := dana.upload("/cases/"+luis.Case.String()+"/documents", url.Values{"kind": {"school"}, "title": {otherCanary}, "visibility": {"shared"}}, "a.pdf", strings.Replace(pdfPaper, "%%EOF", "%"+otherCanary+"\n%%EOF", 1)).is(201).text("id")
	dana.do("POST", "/cases/"+rosa.Case.String()+"/notes", map[string]any{"subject": "For Rosa", "body": "SHARED-WITH-ROSA", "visibility": "shared"}).is(201)
	own := s.api(t, rosa.Email)
	own.do("POST", "/me/answers", map[string]any{"message": "MESSAGE-OF-ROSA"}).is(201)
	s.api(t, luis.Email).do("POST", "/me/answers", map[string]any{"message": otherCanary}).is(201)
	own.do("POST", "/me/complaints", map[string]any{"bases": []string{"age"}, "what": "It was unfair.", "happened_on": "2026-11-02"}).is(201)
	admin := s.api(t, "admin@rivervalley.test")
	complaint := admin.do("GET", "/complaints", nil).is(200).text("items.0.id")
	admin.do("POST", "/complaints/"+complaint+"/events", map[string]any{"kind": "note", "words": staffCanary, "shared": false}).is(201)
	s.api(t, luis.Email).do("POST", "/me/complaints", map[string]any{"bases": []string{"age"}, "what": otherCanary, "happened_on": "2026-11-02"}).is(201)
	feed := own.do("POST", "/me/calendar/feed", nil).is(201).text("address")
	hidden = append(hidden, theirs, luis.Case.String(), luis.Person.String())

	c := &crawl{t: t, s: s, me: s.browse(t, rosa.Email), api: own, seen: map[string]bool{"/sign-out": true}, got: map[string]string{}}
	values := map[string][]string{
		"case": {rosa.Case.String(), luis.Case.String()}, "participant": {rosa.Person.String(), luis.Person.String()}, "document": append([]string{shared, theirs}, hidden...),
		"appointment": {appointment}, "token": {last(feed)}, "complaint": {complaint}, "key": {"message", "note:" + rosa.Case.String()}, "section": {"about"}, "note": hidden[:1],
	}
	routes := 0
	for _, rt := range s.Routes() {
		if rt.Method != "GET" {
			continue
		}
		routes++
		for _, path := range filled(rt.Path, values, s.Dana.ID.String()) {
			for _, q := range []string{"", "?version=9", "?version=1", "?q=CANARY", "?draft=no"} {
				c.open(path + q)
			}
		}
	}
	whole, rows := strings.Builder{}, s.rows(t)
	for path, text := range c.got {
		whole.WriteString(text)
		for _, one := range uuidText.FindAllString(text, -1) {
			if table := rows[one]; table != "" && !named[table] && !strings.Contains(path, one) { // the address itself may come back
				t.Errorf("%s names a row of %s by its id", path, table)
			}
		}
		for _, never := range slices.Concat([]string{staffCanary, otherCanary, canary}, hidden) {
			asked := strings.ReplaceAll(text, path, "") // the address itself may come back, as the way to return to after a change of language
			asked = strings.ReplaceAll(asked, html.EscapeString(path), "")
			if strings.Contains(asked, never) {
				i := strings.Index(asked, never)
				t.Errorf("%s tells a participant %q: %.200q", path, never, asked[max(0, i-80):])
			}
		}
	}
	t.Logf("%d addresses of %d routes", len(c.got), routes)
	if pdf := c.got["/me/plan/print.pdf"]; !strings.Contains(pdf, "%PDF-1.7") || !strings.Contains(pdf, "PLAN-ON-PAPER") {
		t.Errorf("the plan as a PDF: %.300s", pdf)
	}
	for _, fact := range []string{"SHARED-WITH-ROSA", "MESSAGE-OF-ROSA", "It was unfair.", "Inglés para el trabajo", "BEGIN:VEVENT", "data.json", "%PDF-1.7"} { // the crawl does read what is hers
		if !strings.Contains(whole.String(), fact) {
			t.Errorf("the crawl never came upon %q", fact)
		}
	}
}

// filled are the addresses of a route with every value that its parameters may have; other is for what nobody foresaw.
func filled(path string, values map[string][]string, other string) []string {
	list := []string{path}
	for _, p := range params.FindAllStringSubmatch(path, -1) {
		with := values[p[1]]
		if with == nil {
			with = []string{other}
		}
		var next []string
		for _, one := range list {
			for _, v := range with {
				next = append(next, strings.Replace(one, p[0], url.PathEscape(v), 1))
			}
		}
		list = next
	}
	return list
}
