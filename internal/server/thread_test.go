package server_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/pg"
)

func TestWhatIsSaidOfAMilestoneWaitsOnTodayAndIsAnsweredThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	s.planned(t, rosa)
	b := s.browse(t, rosa.Email)
	has(t, b.get("/me"), "Ya lo hice", "/me/milestones/math?say=stuck", "Quiero cambiar esto")
	has(t, b.get("/me/milestones/math?say=stuck").is(200), "Matemáticas para el taller", `value="stuck" id="tell-say-1" checked`)
	has(t, b.post("/me/milestones/math", url.Values{"say": {"change"}}).is(422), "Diga qué quiere cambiar")
	b.get("/me/milestones/math")
	b.post("/me/milestones/math", url.Values{"say": {"later"}}).is(422)
	b.get("/me/milestones/gone").is(404) // dropped
	b.get("/me/milestones/english").is(404)
	b.get("/me")
	has(t, b.follow(b.post("/me/milestones/osha", url.Values{"say": {"done"}})), "Usted le dijo a Dana el 23 de noviembre: ya lo hice.")
	b.get("/me/milestones/math")
	has(t, b.follow(b.post("/me/milestones/math", url.Values{"say": {"stuck"}, "note": {"No tengo quien cuide a mi hija"}})), "no puedo seguir")
	s.api(t, rosa.Email).do("POST", "/me/answers", map[string]any{"milestone": "gone", "say": "done"}).is(404)
	s.api(t, rosa.Email).do("POST", "/me/answers", map[string]any{"milestone": "cnc", "say": "change", "note": "Empezar después"}).is(201)

	dana := s.browse(t, "dana@rivervalley.test")
	has(t, dana.get("/today").is(200), "Is stuck: Shop math.", "No tengo quien cuide a mi hija", "Says this is done: OSHA 10 card.", "Wants to change: CNC operator certificate.")
	signal := s.idOf(t, `select cast(id as text) from signals where kind = 'stuck'`)
	thread := "/cases/" + rosa.Case.String() + "/messages"
	has(t, dana.post(thread, url.Values{"body": {" "}, "answers": {signal}, "next": {"/today"}}).is(422), "You answer Rosa:", "No tengo quien cuide", `value="`+signal+`"`)
	dana.get("/today")
	back := dana.post(thread, url.Values{"body": {"Let us talk about child care."}, "translation": {"Hablemos del cuidado de su hija."}, "answers": {signal}, "next": {"/today"}}).is(303)
	if back.Header.Get("Location") != "/today" {
		t.Error(back.Header.Get("Location"))
	}
	if page := string(dana.follow(back).Body); strings.Contains(page, "Is stuck") {
		t.Error("what was answered still waits")
	}
	walt := s.api(t, "walt@rivervalley.test")
	walt.do("POST", "/cases/"+rosa.Case.String()+"/messages", map[string]any{"body": "x", "answers": signal}).is(404)

	has(t, b.get("/me"), "Tiene 1 mensaje nuevo")
	page := string(b.get("/me/messages").is(200).Body)
	if own, other := strings.Index(page, "Hablemos del cuidado"), strings.Index(page, "Let us talk"); own < 0 || other < own {
		t.Error("the reader's own language comes first")
	}
	has(t, b.last, "Dana ya lo vio", "Usted dijo que no puede seguir con esto: Matemáticas para el taller")
	has(t, dana.get(thread).is(200), "Not read yet.")
	b.get("/me/messages")
	b.follow(b.post("/me/messages/read", nil))
	if strings.Contains(string(b.get("/me").Body), "mensaje nuevo") {
		t.Error("what was read is still new")
	}
	has(t, dana.get(thread), "Read Nov 23, 2026", "Spanish")
}

// idOf reads one text from the database.
func (s *site) idOf(t testing.TB, query string) (one string) {
	t.Helper()
	if err := s.DB.Read(t.Context(), s.Dana, func(tx *pg.Tx) (err error) {
		one, err = pg.Get[string](tx, query, pg.Args{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return one
}
