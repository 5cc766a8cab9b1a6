package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/access"
)

// paperMoves are papers: staff add one, Luis sends one, they are looked at and put away.
func paperMoves() []move {
	write := access.WriteDocument
	consent, complaint, own := access.RecordConsent, access.ManageComplaint, map[string]string{"consent": "id"}
	version := "@documents:document"
	paper := body{"kind": "school", "title": "Diploma", "visibility": "shared", "expires_on": "2027-05-01"}
	sent := func(w *sweep) {
		w.ids["document"] = w.text(`select cast(id as text) from documents where source = 'participant' and archived_at is null order by uploaded_at desc limit 1`)
	}
	return []move{
		{route: "POST /api/v1/cases/:case/documents", may: write, body: paper, file: pdfPaper, keep: map[string]string{"document": "id"}},
		{route: "POST /cases/:case/documents", may: write, body: body{"kind": "id", "visibility": "staff", "expires_on": "5/1/2027"}, file: pdfPaper},
		{route: "POST /api/v1/cases/:case/documents/:document/archive", may: write, match: version, body: body{"reason": "A newer one"}},
		{route: "POST /me/documents", by: "luis", may: access.AnswerPortal, body: body{"kind": "id"}, file: pdfPaper},
		{route: "POST /api/v1/cases/:case/documents/:document/seen", may: write, deaf: true, first: sent},
		{route: "POST /cases/:case/documents/:document/seen", may: write, deaf: true},
		{route: "POST /cases/:case/documents/:document/archive", may: write, body: body{"version": version, "reason": "Sent twice"}},
		{route: "POST /api/v1/me/documents", by: "luis", may: access.AnswerPortal, body: body{"kind": "pay"}, file: pdfPaper, keep: map[string]string{"document": "id"}},
		{route: "POST /api/v1/me/calendar/feed", by: "luis", may: access.AnswerPortal, deaf: true},
		{route: "DELETE /api/v1/me/calendar/feed", by: "luis", may: access.AnswerPortal, deaf: true},
		{route: "POST /me/calendar/feed", by: "luis", may: access.AnswerPortal, deaf: true},
		{route: "POST /me/calendar/feed/end", by: "luis", may: access.AnswerPortal, deaf: true},
		{route: "POST /api/v1/me/notice", by: "luis", may: access.AnswerPortal, body: body{"name": "Luis Ortega"}},
		{route: "POST /me/notice", by: "luis", may: access.AnswerPortal, body: body{"name": "Luis Ortega"}},
		{route: "POST /api/v1/cases/:case/notice", may: consent, body: body{"name": "Luis Ortega", "lang": "en", "method": "paper", "received_on": "2026-11-20"}},
		{route: "POST /cases/:case/notice", may: consent, body: body{"name": "Luis Ortega", "lang": "es", "method": "in_person", "received_on": "11/20/2026"}},
		{route: "POST /api/v1/me/consents", by: "luis", may: access.AnswerPortal, body: body{"partner": "Central CC", "purpose": "My place", "until_on": "2027-05-01"}, keep: own},
		{route: "POST /api/v1/me/consents/:consent/withdraw", by: "luis", may: access.AnswerPortal, deaf: true},
		{route: "POST /me/consents", by: "luis", may: access.AnswerPortal, body: body{"partner": "Harbor School", "purpose": "My place", "until_on": "5/1/2027"}},
		{route: "POST /me/consents/:consent/withdraw", by: "luis", may: access.AnswerPortal, deaf: true, first: func(w *sweep) {
			w.ids["consent"] = w.text(`select cast(id as text) from consents where partner = 'Harbor School'`)
		}},
		{route: "POST /api/v1/cases/:case/consents", may: consent, body: body{"partner": "Food Bank", "purpose": "A box a week", "from_on": "2026-11-01", "until_on": "2027-05-01", "method": "paper"}, keep: own},
		{route: "POST /api/v1/cases/:case/consents/:consent/withdraw", may: consent, deaf: true},
		{route: "POST /cases/:case/consents", may: consent, body: body{"partner": "Bus line", "purpose": "A pass", "from_on": "11/1/2026", "until_on": "5/1/2027", "method": "in_person"}},
		{route: "POST /cases/:case/consents/:consent/withdraw", may: consent, deaf: true},
		{route: "POST /api/v1/me/complaints", by: "luis", may: access.AnswerPortal, body: body{"bases": []any{"age"}, "what": "They said I am too old.", "about": "Reception", "happened_on": "2026-11-02"}},
		{route: "POST /me/complaints", by: "luis", may: access.AnswerPortal, body: body{"bases": []string{"age", "sex"}, "what": "They said so again.", "happened_on": "11/3/2026"}},
		{route: "POST /api/v1/complaints", by: "admin", may: complaint, body: body{"name": "Ana Ruiz", "bases": []any{"religion"}, "what": "They laughed.", "happened_on": "2026-11-02", "filed_on": "2026-11-20"}, keep: map[string]string{"complaint": "id"}},
		{route: "POST /setup/complaints", by: "admin", may: complaint, body: body{"name": "Ben Ruiz", "bases": []string{"race"}, "what": "They laughed.", "happened_on": "11/2/2026", "filed_on": "11/20/2026"}},
		{route: "POST /api/v1/complaints/:complaint/events", by: "admin", may: complaint, body: body{"kind": "acknowledged", "on_date": "2026-11-21", "words": "Sent a letter.", "shared": true}},
		{route: "POST /setup/complaints/:complaint/events", by: "admin", may: complaint, body: body{"kind": "asked", "on_date": "11/22/2026", "words": "Called.", "shared": "yes"}},
	}
}

// fileForm is a form with a file; a page's token comes before the file.
func fileForm(t testing.TB, token string, fields url.Values, file string) ([]byte, string) {
	t.Helper()
	if token != "" {
		fields.Set("form_token", token)
	}
	return form(t, fields, "paper.pdf", file)
}

// wrong is a sending that must be refused, with the status where only one is right.
type wrong struct {
	what, kind, content string
	status              int
}

// wrongFile breaks a valid sending of a file in every way that somebody may.
func wrongFile(t testing.TB, valid body, token, file string) []wrong {
	t.Helper()
	var list []wrong
	add := func(what, file string, status int, edit func(url.Values)) {
		fields := url.Values{}
		for k, v := range valid {
			fields.Set(k, fmt.Sprint(v))
		}
		if edit != nil {
			edit(fields)
		}
		content, kind := fileForm(t, token, fields, file)
		list = append(list, wrong{what: what, kind: kind, content: string(content), status: status})
	}
	set := func(k, v string) func(url.Values) { return func(u url.Values) { u.Set(k, v) } }
	add("no file", "", 422, nil)
	add("a page", "<html><script>alert(1)</script>", 422, nil)
	add("a picture of an iPhone", "\x00\x00\x00\x18ftypheic"+strings.Repeat("x", 99), 422, nil)
	add("half a PDF", file[:20], 422, nil)
	add("eleven megabytes", strings.Repeat("x", 11<<20), 413, nil)
	add("an unknown key", file, 422, set("no_such_field", "1"))
	add("ids that are not ours to give", file, 422, set("agency_id", "x"))
	for k := range valid {
		add(k+" is NUL", file, 422, set(k, "a\x00b"))
		add(k+" is very long", file, 0, set(k, strings.Repeat("ä", 20000)))
		if strings.HasSuffix(k, "_on") {
			add(k+" is 30 February", file, 422, set(k, "2026-02-30"))
		}
	}
	if token != "" {
		content, kind := fileForm(t, "x", url.Values{"kind": {"id"}}, file)
		list = append(list, wrong{what: "no form of ours", kind: kind, content: string(content), status: 403})
	}
	whole, kind := fileForm(t, token, url.Values{"kind": {"id"}}, file)
	return append(list, wrong{what: "half a form", kind: kind, content: string(whole[:len(whole)-30]), status: 400},
		wrong{what: "no boundary", kind: "multipart/form-data", content: string(whole), status: 415},
		wrong{what: "another boundary", kind: "multipart/form-data; boundary=zzz", content: string(whole)},
		wrong{what: "JSON", kind: "application/json", content: `{}`, status: 415},
		wrong{what: "a plain form", kind: "application/x-www-form-urlencoded", content: "kind=id&form_token=" + token, status: 415})
}

func TestEveryUploadRefusesWhatItCannotReadAndStoresNothing(t *testing.T) {
	t.Parallel()
	w := newSweep(t)
	w.walk(moves(), func(m move, path, match string) {
		if m.file == "" {
			return
		}
		valid, _ := w.fill(m.body).(body)
		token := ""
		if !isAPI(m.route) {
			token = w.token(m.by, true)
		}
		before := w.hash()
		for _, x := range wrongFile(t, valid, token, m.file) {
			r := w.send(m.by, m.route, path, []byte(x.content), x.kind, match)
			if r.Status < 400 || r.Status >= 500 || x.status != 0 && r.Status != x.status {
				t.Errorf("%s, %s: %d, want %d: %.300s", m.route, x.what, r.Status, x.status, worth(r.Body))
			}
		}
		for _, table := range changed(before, w.hash()) {
			if table != "public.audit_log" { // a form that comes back shows the record: its opening is noted
				t.Errorf("%s changed %s by what it should have refused", m.route, table)
			}
		}
	})
}
