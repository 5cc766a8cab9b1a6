package server_test

import (
	"net/url"
	"regexp"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// ownPage is the one page of somebody who stands beside Luis.
var ownPage = map[string]string{"ana": "/guardian", "hugo": "/helper"}

// besideMoves are who stands beside Luis: for a while he is under 18 and Ana signs, and Hugo looks on.
func besideMoves() []move {
	update, answer := access.UpdateParticipant, access.AnswerPortal
	named := func(w *sweep) {
		w.api("dana").do("POST", "/cases/"+w.ids["case"]+"/guardian", body{"name": "Ana Ortega", "relation": "parent", "email": "ana@beside.test"}).is(201)
	}
	link := func(w *sweep) { w.ids["link"] = w.with("ana@beside.test") }
	at := map[string]string{"token": "$link"}
	return []move{
		{route: "POST /api/v1/cases/:case/guardian", may: update, body: body{"name": "Eva Ortega", "relation": "relative"}, first: func(w *sweep) { w.born("2010-01-01") }},
		{route: "POST /cases/:case/guardian", may: update, body: body{"name": "Ana Ortega", "relation": "parent", "email": "ana@beside.test", "language": "es"}},
		{route: "POST /api/v1/cases/:case/guardian/link", may: update, deaf: true},
		{route: "POST /api/v1/cases/:case/guardian/end", may: update, deaf: true},
		{route: "POST /cases/:case/guardian/end", may: update, deaf: true, first: named},
		{route: "POST /cases/:case/guardian/link", may: update, deaf: true, first: named},
		{route: "POST /with/:token/code", at: at, deaf: true, first: link},
		{route: "POST /with/:token", at: at, body: body{"code": "123456"}, first: func(w *sweep) {
			w.code("companion\x00"+w.ids["link"], "of-nobody", "123456")
		}},
		{route: "POST /api/v1/me/helpers", by: "luis", may: answer, body: body{"name": "Hugo Prado", "relation": "friend", "phone": "207-555-0191"}, keep: map[string]string{"companion": "id"}},
		{route: "POST /api/v1/me/helpers/:companion/end", by: "luis", may: answer, deaf: true},
		{route: "POST /me/helpers", by: "luis", may: answer, body: body{"name": "Hugo Prado", "relation": "friend", "email": "hugo@beside.test", "language": "en"}},
		{route: "POST /me/helpers/:companion/end", by: "luis", may: answer, deaf: true, first: func(w *sweep) {
			w.ids["companion"] = w.api("luis").do("POST", "/me/helpers", body{"name": "Ines", "relation": "worker", "email": "ines@beside.test"}).is(201).text("id")
			w.comesIn("hugo")
		}},
	}
}

// born gives Luis another birth date.
func (w *sweep) born(on string) {
	w.t.Helper()
	w.sql(`update participants set birth_date = cast(:on as date) where agency_id = :agency and id = cast(:id as uuid)`, pg.Args{"on": on, "id": w.ids["participant"]})
}

var withLink = regexp.MustCompile(`http://localhost/with/([A-Za-z0-9_-]{43})`)

// with is the newest link that was sent to an address.
func (w *sweep) with(to string) string {
	w.t.Helper()
	return w.s.linkTo(w.t, to)
}

// comesIn opens the newest link that was sent to somebody beside Luis, and enters the code.
func (w *sweep) comesIn(who string) {
	w.t.Helper()
	w.browsers[who] = w.s.comesIn(w.t, who+"@beside.test")
}

// scan is the photo of the signed page of Luis's plan.
func (w *sweep) scan() string {
	w.t.Helper()
	return w.api("dana").upload("/cases/"+w.ids["case"]+"/documents", url.Values{"kind": {"signed"}, "visibility": {"shared"}}, "scan.pdf", pdfPaper).is(201).text("id")
}
