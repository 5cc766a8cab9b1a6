package server_test

import "waymark/internal/access"

// planMoves are step 5: a plan is drafted, arranged, sent, returned, sent again, signed, approved and opened anew.
func planMoves() []move {
	draft, plan := access.DraftPlan, "@plan_versions:plan"
	review := body{"title": "Look at the plan together", "kind": "review", "due_on": "2027-02-01"}
	pass := body{"kind": "support", "need": "transport", "what": "Bus pass", "cost_cents": 3000, "funding": "wioa_adult"}
	at := func(w *sweep, more string) string { return "/cases/" + w.ids["case"] + "/plan" + more }
	add := func(name, more, of string, b body) func(*sweep) {
		return func(w *sweep) { w.ids[name] = w.api("dana").do("POST", at(w, more), b).is(201).text(of) }
	}
	send := func(w *sweep) { w.ids["sha"] = w.api("dana").submits(at(w, ""), nil).is(200).text("sha256") }
	return []move{
		{route: "POST /api/v1/cases/:case/plan", may: draft, body: body{"start_on": "2026-11-30", "document_lang": "en"}, keep: map[string]string{"plan": "id"}, first: func(w *sweep) {
			goals := "/cases/" + w.ids["case"] + "/goals"
			w.api("dana").do("POST", goals, body{"horizon": "long", "title": "Quality manager", "target_kind": "occupation", "target_code": "11-3051.01", "pay_cents": 3300, "target_on": "2031-06-30", "status": "agreed"}).is(201)
		}},
		{route: "PATCH /api/v1/cases/:case/plan", may: draft, match: plan, body: body{"rhythm_days": 14, "if_i_stop": "Call Dana."}},
		{route: "POST /api/v1/cases/:case/plan/milestones", may: draft, body: review, keep: map[string]string{"milestone": "id"}},
		{route: "PATCH /api/v1/cases/:case/plan/milestones/:milestone", may: draft, match: plan, body: body{"due_on": "2027-02-02"}},
		{route: "POST /cases/:case/plan/milestones", may: draft, body: body{"title": "A card", "kind": "custom", "due_on": "3/1/2027", "agreed_by": "both"}},
		{route: "POST /cases/:case/plan/milestones/:milestone", may: draft, body: body{"version": plan, "title": "Look at the plan", "kind": "review", "due_on": "2/3/2027", "agreed_by": "both"}},
		{route: "DELETE /api/v1/cases/:case/plan/milestones/:milestone", may: draft, match: plan, deaf: true, at: map[string]string{"milestone": "$spare"}, first: add("spare", "/milestones", "id", review)},
		{route: "POST /cases/:case/plan/milestones/:milestone/remove", may: draft, body: body{"version": plan}, deaf: true, at: map[string]string{"milestone": "$spare"}, first: add("spare", "/milestones", "id", review)},
		{route: "POST /api/v1/cases/:case/plan/lines", may: draft, body: pass, keep: map[string]string{"line": "id"}},
		{route: "PATCH /api/v1/cases/:case/plan/lines/:line", may: draft, match: plan, body: body{"provider": "City buses"}},
		{route: "POST /cases/:case/plan/lines", may: draft, body: body{"kind": "service", "what": "Interview practice"}},
		{route: "POST /cases/:case/plan/lines/:line", may: draft, body: body{"version": plan, "kind": "support", "need": "transport", "what": "Bus pass", "cost_cents": "40", "funding": "wioa_adult"}},
		{route: "DELETE /api/v1/cases/:case/plan/lines/:line", may: draft, match: plan, deaf: true, at: map[string]string{"line": "$spare"}, first: add("spare", "/lines", "id", pass)},
		{route: "POST /cases/:case/plan/lines/:line/remove", may: draft, body: body{"version": plan}, deaf: true, at: map[string]string{"line": "$spare"}, first: add("spare", "/lines", "id", pass)},
		{
			route: "POST /cases/:case/plan/edit", may: draft, body: body{"version": plan, "start_on": "11/30/2026", "end_on": "12/31/2031", "rhythm_days": "14", "document_lang": "en", "if_i_stop": "Call Dana."},
			first: func(w *sweep) { // every line says who pays, or it cannot be sent
				w.sql(`update plan_lines set funding = 'wioa_adult' where agency_id = :agency and funding = ''`+" and cost_cents >= 0 and id in (select id from plan_lines limit 100) or id = :none", map[string]any{"none": w.s.Dana.ID})
			},
		},
		{route: "POST /api/v1/cases/:case/plan/submit", may: draft, match: plan, body: body{"document_lang": "en"}},
		{route: "POST /api/v1/cases/:case/plan/reopen", may: draft, match: plan, deaf: true},
		{route: "POST /cases/:case/plan/reopen", may: draft, deaf: true, body: body{"version": plan}, first: send},
		{route: "POST /api/v1/cases/:case/plan/approval", by: "marcus", may: access.ApprovePlan, body: body{"decision": "returned", "comment": "Say who pays"}, first: send},
		{route: "POST /api/v1/cases/:case/plan/signatures", may: access.SignPlan, body: body{"role": "guardian", "method": "paper", "name": "Ana Ortega", "signed_on": "2026-11-20", "scan": "$scan"}, first: func(w *sweep) {
			w.api("dana").do("POST", at(w, "/milestones"), review).is(201)
			send(w)
			w.ids["scan"] = w.scan()
		}},
		{route: "POST /guardian", by: "ana", may: access.SignPlan, body: body{"consent": "yes", "name": "Ana Ortega", "sha256": "$sha"}, first: func(w *sweep) {
			w.api("dana").do("POST", at(w, "/reopen"), nil, "If-Match", match(w.api("dana").do("GET", at(w, ""), nil))).is(200)
			w.api("dana").do("POST", at(w, "/milestones"), review).is(201) // or it is the same document, which she signed
			send(w)
			w.comesIn("ana")
		}},
		{route: "POST /me/plan/sign", by: "luis", may: access.ReadPortal, body: body{"consent": "yes", "name": "Luis Ortega", "password": "waymark-demo-2026", "sha256": "$sha"}, first: func(w *sweep) { w.born("1991-03-09") }},
		{route: "POST /cases/:case/plan/approval", by: "marcus", may: access.ApprovePlan, body: body{"decision": "approved"}},
		{route: "POST /cases/:case/plan/signatures", may: access.SignPlan, body: body{"role": "case_manager", "method": "online", "name": "Dana Whitfield"}},
		{route: "POST /verify", body: body{"plan": "CP-20001-v1", "fingerprint": "ABCD 1234 ABCD 1234"}},
		{route: "POST /cases/:case/plan", may: draft, body: body{"start_on": "11/30/2026", "change_reason": "Adds an English class"}},
	}
}
