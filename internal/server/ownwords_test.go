package server_test

import (
	"net/url"
	"strings"
	"testing"
)

func TestOwnWordsFlowIntoTheCaseWithOneClick(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	dana := s.browse(t, "dana@rivervalley.test")
	script := s.api(t, "dana@rivervalley.test")
	at := "/cases/" + rosa.Case.String()
	script.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"supports": map[string]any{"transport": "bus", "note": canary, "helpers": canary}}}).is(200)

	own := s.browse(t, rosa.Email)
	has(t, own.get("/me").is(200), "Cuéntenos de usted", `href="/me/tasks"`)
	has(t, own.get("/me/tasks").is(200), "Cómo llegar a clase o al trabajo", "Sin empezar")
	page := own.get("/me/tasks/supports").is(200)
	if text := string(page.Body); strings.Contains(text, "CANARY") || !strings.Contains(text, `value="bus"`) {
		t.Errorf("what staff wrote shows, or what is known does not: %s", text)
	}
	own.post("/me/tasks/supports", url.Values{"go": {"leave"}}).is(422)
	own.follow(own.post("/me/tasks/supports", url.Values{"go": {"next"}, "transport": {"ride"}, "dependent_care": {"needed"}, "helpers": {"Mi hermana Inés"}}))
	has(t, own.last, "Gracias. Guardamos sus respuestas.", "La ayuda que necesita")
	has(t, own.get("/me/tasks").is(200), "Lo vamos a leer", "Lo mandó el 23 de noviembre")

	has(t, dana.get("/today").is(200), "Rosa Jiménez", "Answered 1 topic in their own words", at+"/own-words")
	has(t, dana.get(at+"/intake/supports").is(200), "Rosa has answered this section in their own words", "Own words wait")
	has(t, dana.get(at+"/own-words").is(200), "Rides with others", "Mi hermana Inés", "Bus", `name="version" value="1"`)
	if got := script.do("GET", at+"/intake", nil).is(200).text("sections.supports.transport"); got != "bus" {
		t.Errorf("nothing was accepted, and the case says %q", got)
	}
	words := script.do("GET", at+"/own-words", nil).is(200).text("waiting.0.id")
	dana.follow(dana.post(at+"/own-words/"+words+"/accept", url.Values{"version": {"1"}}))
	has(t, dana.last, "Accepted. The words are in the case.", "accepted by Dana")
	now := script.do("GET", at+"/intake", nil).is(200)
	for name, want := range map[string]string{"transport": "ride", "dependent_care": "needed", "helpers": "Mi hermana Inés", "note": canary} {
		if got := now.text("sections.supports." + name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	has(t, dana.get(at+"/intake/review").is(200), "own words on November 23, 2026; Dana accepted them.")
	has(t, own.get("/me/tasks").is(200), "Dana lo puso en su expediente")
	dana.post(at+"/own-words/"+words+"/accept", url.Values{"version": {"2"}}).is(409)
}

func TestAcceptingWhatSomebodyChangedMeanwhileKeepsBothTexts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	at := "/cases/" + rosa.Case.String()
	s.api(t, rosa.Email).do("PUT", "/me/tasks", map[string]any{"computer": map[string]any{"device": "both", "can": []string{"email"}}}).is(200)
	script, dana := s.api(t, "dana@rivervalley.test"), s.browse(t, "dana@rivervalley.test")
	words := script.do("GET", at+"/own-words", nil).is(200).text("waiting.0.id")
	dana.get(at + "/own-words").is(200)
	script.do("PUT", at+"/intake", map[string]any{"sections": map[string]any{"computer": map[string]any{"device": "phone", "skill": "little"}}}).is(200)
	page := dana.post(at+"/own-words/"+words+"/accept", url.Values{"version": {"0"}}).is(409)
	has(t, page, "Both texts stand below", "A phone only", "Both", "E-mail", `name="version" value="1"`)
	script.do("POST", at+"/own-words/"+words+"/accept", map[string]any{}, "If-Match", `"0"`).is(409)
	dana.follow(dana.post(at+"/own-words/"+words+"/accept", url.Values{"version": {"1"}}))
	now := script.do("GET", at+"/intake", nil).is(200)
	if now.text("sections.computer.device") != "both" || now.text("sections.computer.skill") != "little" {
		t.Errorf("%v", now.at("sections.computer"))
	}
}

func TestWordsAreDeclinedWithAReasonThatTheirOwnerReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "en")
	at := "/cases/" + rosa.Case.String()
	own, script := s.api(t, rosa.Email), s.api(t, "dana@rivervalley.test")
	own.do("PUT", "/me/tasks", map[string]any{"needs": []any{map[string]any{"area": "food", "severity": 2}}}).is(200)
	own.do("PUT", "/me/tasks", map[string]any{"needs": []any{map[string]any{"area": "food", "severity": 3}, map[string]any{"area": "books", "severity": 0}}}).is(200)
	own.do("PUT", "/me/tasks", map[string]any{"needs": []any{}, "about": map[string]any{}}).is(422)
	if refused := own.do("PUT", "/me/tasks", map[string]any{"contact": map[string]any{"phone": "12"}}).is(422); !strings.Contains(string(refused.Body), `contact.phone`) {
		t.Errorf("%s", refused.Body)
	}
	list := script.do("GET", at+"/own-words", nil).is(200)
	if list.text("waiting.1.id") != "" {
		t.Error("the newer answers take the place of the older")
	}
	words := list.text("waiting.0.id")
	script.do("POST", at+"/own-words/"+words+"/decline", map[string]any{"reason": ""}).is(422)
	script.do("POST", at+"/own-words/"+words+"/decline", map[string]any{"reason": "Let us talk about it on Tuesday."}).is(200)
	has(t, s.browse(t, rosa.Email).get("/me/tasks").is(200), "Let us talk about it on Tuesday.")

	own.do("PUT", "/me/tasks", map[string]any{"needs": []any{map[string]any{"area": "food", "severity": 3}}}).is(200)
	script.do("PUT", at+"/support-needs", map[string]any{"needs": []any{map[string]any{"area": "food", "severity": 1, "referral": "Pantry"}}}).is(200)
	words = script.do("GET", at+"/own-words", nil).is(200).text("waiting.0.id")
	script.do("POST", at+"/own-words/"+words+"/accept", map[string]any{}).is(428)
	script.do("POST", at+"/own-words/"+words+"/accept", map[string]any{}, "If-Match", `"1"`).is(200)
	if screen := script.do("GET", at+"/support-needs", nil).is(200); screen.text("needs.0.severity") != "3" || screen.text("needs.0.referral") != "Pantry" {
		t.Errorf("%s", screen.Body)
	}
}

func TestAProposedGoalIsTheirsUntilItIsAccepted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es")
	at := "/cases/" + rosa.Case.String()
	own, dana := s.browse(t, rosa.Email), s.browse(t, "dana@rivervalley.test")
	own.get("/me/goals/new").is(200)
	has(t, own.post("/me/goals", url.Values{"title": {"Manejar camión"}, "target_on": {"1/1/2020"}}).is(422), "Manejar camión", "Escoja un día después de hoy")
	own.follow(own.post("/me/goals", url.Values{"title": {"Manejar camión"}, "target_on": {"6/30/2027"}, "pay_cents": {"24"}, "rationale": {"Me gusta la carretera"}}))
	has(t, own.last, "Gracias. Vamos a hablar de su meta.", "Manejar camión")
	has(t, dana.get("/today").is(200), "Proposes a goal: “Manejar camión”")
	has(t, dana.get(at+"/goals").is(200), "Rosa proposes a goal: “Manejar camión”. It is theirs until you accept it.")
	copied := s.api(t, rosa.Email).do("GET", "/me/data", nil).is(200)
	if copied.text("own_words.0.topic") != "goal" || copied.text("own_words.0.answers.title") != "Manejar camión" || copied.text("own_words.0.answers.pay_cents") != "24" {
		t.Errorf("their copy of their data lacks their words: %v", copied.at("own_words"))
	}
	words := s.api(t, "dana@rivervalley.test").do("GET", at+"/own-words", nil).is(200).text("waiting.0.id")
	dana.get(at + "/own-words").is(200)
	dana.follow(dana.post(at+"/own-words/"+words+"/accept", url.Values{"target_on": {"7/15/2027"}}))
	goals := s.api(t, "dana@rivervalley.test").do("GET", at+"/goals", nil).is(200)
	for path, want := range map[string]string{"title": "Manejar camión", "target_on": "2027-07-15", "status": "proposed", "owner": "participant", "rationale": "Me gusta la carretera", "pay_cents": "2400"} {
		if got := goals.text("items.0." + path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestOnlyWhoMayWriteTheCaseSettlesWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Jiménez", "es"), s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	s.api(t, rosa.Email).do("POST", "/me/goals", map[string]any{"title": "Soldar", "target_on": "2027-06-30"}).is(201)
	at := "/cases/" + rosa.Case.String() + "/own-words"
	words := s.api(t, "dana@rivervalley.test").do("GET", at, nil).is(200).text("waiting.0.id")
	s.api(t, luis.Email).do("POST", at+"/"+words+"/accept", map[string]any{}).is(403)
	s.api(t, luis.Email).do("POST", "/me/goals/"+words+"/take-back", nil).is(404)
	s.api(t, rosa.Email).do("POST", at+"/"+words+"/accept", map[string]any{}).is(403)
	s.api(t, "dana@rivervalley.test").do("POST", "/cases/"+luis.Case.String()+"/own-words/"+words+"/accept", map[string]any{}).is(404)
}
