package server_test

import (
	"net/url"
	"testing"

	"waymark/internal/pg"
)

func TestACaseManagerAsksToTransferAndTheSupervisorDecides(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa, luis := s.enrol(t, s.Dana, "Rosa", "Delgado", "es"), s.enrol(t, s.Dana, "Luis", "Ortega", "en")
	theirs := s.enrol(t, s.Priya, "Mai", "Nguyen", "en")
	dana, priya, marcus := s.api(t, emails["dana"]), s.api(t, emails["priya"]), s.api(t, emails["marcus"])
	wish := body{"cases": []string{rosa.Case.String(), luis.Case.String()}, "to": s.Priya.ID.String(), "why": "They work mornings", "note": "Call after noon"}
	with := func(field string, value any) body {
		in := body{}
		for k, v := range wish {
			in[k] = v
		}
		in[field] = value
		return in
	}
	if r := dana.do("POST", "/transfers/requests", with("why", "")).is(422); r.text("errors.0.field") != "why" {
		t.Errorf("without a reason: %s", r.Body)
	}
	if r := dana.do("POST", "/transfers/requests", with("to", s.Dana.ID.String())).is(422); r.text("errors.0.code") != "has_already" {
		t.Errorf("to oneself: %s", r.Body)
	}
	dana.do("POST", "/transfers/requests", with("to", s.Admin.ID.String())).is(422)
	dana.do("POST", "/transfers/requests", with("cases", []string{theirs.Case.String()})).is(409)
	marcus.do("POST", "/transfers/requests", wish).is(403) // he moves people himself

	made := dana.do("POST", "/transfers/requests", wish).is(201)
	at := "/transfers/requests/" + made.text("id")
	if r := dana.do("POST", "/transfers/requests", with("cases", []string{luis.Case.String()})).is(409); r.text("type") != "urn:waymark:problem:transfer.asked_already" {
		t.Errorf("asked for twice: %s", r.Body)
	}
	// Until it is decided nobody has moved, and nobody else reads it.
	dana.do("GET", "/cases/"+rosa.Case.String(), nil).is(200)
	priya.do("GET", at, nil).is(404)
	s.api(t, emails["helen"]).do("GET", at, nil).is(404)
	s.api(t, emails["helen"]).do("POST", at+"/grant", body{"to": s.Priya.ID.String()}).is(404)
	dana.do("POST", at+"/grant", body{"to": s.Priya.ID.String()}).is(403)
	priya.do("POST", at+"/withdraw", nil).is(404)

	b := s.browse(t, emails["marcus"])
	has(t, b.get("/team").is(200), "1 request to transfer waits")
	has(t, b.get("/transfers").is(200), "Request to transfer 2 people", "Dana Whitfield", "Waits for the supervisor")
	page := b.get(at).is(200)
	has(t, page, "They work mornings", "Delgado, Rosa", "Ortega, Luis", "Call after noon", "Priya Raman, Main Street: 1 people now")
	if n := s.count(t, `select count(*) from audit_log where action = 'record.opened' and actor_id = :marcus and case_id in (:rosa, :luis)`, pg.Args{"marcus": s.Marcus.ID, "rosa": rosa.Case, "luis": luis.Case}); n != 2 {
		t.Errorf("it tells of two records, %d openings are noted", n)
	}
	has(t, b.post(at+"/grant", url.Values{"to": {s.Priya.ID.String()}, "effective_on": {"11/1/2026"}, "note": {"Call after noon"}}).is(422), "This day has passed", "Call after noon")
	b.get(at).is(200)
	has(t, b.follow(b.post(at+"/grant", url.Values{"to": {s.Priya.ID.String()}, "effective_on": {"today"}, "note": {"Call after noon"}})).is(200), "Granted", "Open the transfer")
	priya.do("GET", "/cases/"+rosa.Case.String(), nil).is(200)
	dana.do("GET", "/cases/"+rosa.Case.String(), nil).is(404)
	if r := dana.do("GET", at, nil).is(200); r.text("state") != "granted" || r.text("decided_by_name") != s.Marcus.Name() || r.text("people.0") != "" {
		t.Errorf("Dana reads %s", r.Body)
	}
	if n := s.count(t, `select count(*) from outbox where recipient = :to and body like '%' || :at || '%' and body not like '%Rosa%'`, pg.Args{"to": emails["dana"], "at": at}); n != 1 {
		t.Errorf("%d letters tell Dana", n)
	}
	marcus.do("POST", at+"/decline", body{"answer": "Too late"}).is(409)
}

func TestARequestIsDeclinedWithAReasonOrTakenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	marcus, b := s.api(t, emails["marcus"]), s.browse(t, emails["dana"])
	form := url.Values{"cases": {rosa.Case.String()}, "why": {""}, "to": {""}}
	has(t, b.get("/cases/"+rosa.Case.String()).is(200), "Ask to transfer")
	has(t, b.get("/transfers/requests/new?cases="+rosa.Case.String()).is(200), "Delgado, Rosa", "The supervisor reads it")
	has(t, b.post("/transfers/requests", form).is(422), "Why: this is needed", "Delgado, Rosa")
	form.Set("why", "She asked for a woman")
	form.Del("form_token")
	has(t, b.follow(b.post("/transfers/requests", form)).is(200), "Your supervisor now decides about 1 person.", "The supervisor chooses", "Take the request back")
	at := "/transfers/requests/" + s.idOf(t, `select cast(id as text) from transfer_requests`)
	if r := marcus.do("POST", at+"/decline", body{}).is(422); r.text("errors.0.field") != "answer" {
		t.Errorf("no reason: %s", r.Body)
	}
	marcus.do("POST", at+"/decline", body{"answer": "Keisha comes back on Monday"}).is(200)
	has(t, b.get(at).is(200), "Declined", "Keisha comes back on Monday", s.Marcus.Name())
	has(t, b.get("/transfers").is(200), "Declined")
	b.post(at+"/withdraw", nil).is(409)

	again := "/transfers/requests/" + s.api(t, emails["dana"]).do("POST", "/transfers/requests", body{"cases": []string{rosa.Case.String()}, "why": "Again"}).is(201).text("id")
	b.get(again).is(200)
	has(t, b.follow(b.post(again+"/withdraw", nil)).is(200), "Taken back")
	marcus.do("POST", again+"/grant", body{"to": s.Priya.ID.String()}).is(409)
}

// Whoever asks never decides, even after they became the supervisor.
func TestNobodyGrantsTheirOwnRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	dana := s.api(t, emails["dana"])
	at := "/transfers/requests/" + dana.do("POST", "/transfers/requests", body{"cases": []string{rosa.Case.String()}, "why": "Too many"}).is(201).text("id")
	s.sql(t, s.Dana, `update users set role = 'supervisor' where agency_id = :agency and id = :id`, pg.Args{"id": s.Dana.ID})
	if r := dana.do("POST", at+"/grant", body{"to": s.Priya.ID.String()}).is(409); r.text("type") != "urn:waymark:problem:transfer.ask_own" {
		t.Errorf("%s", r.Body)
	}
	if r := dana.do("POST", at+"/decline", body{"answer": "No"}).is(409); r.text("type") != "urn:waymark:problem:transfer.ask_own" {
		t.Errorf("%s", r.Body)
	}
}
