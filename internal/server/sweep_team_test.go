package server_test

import "waymark/internal/access"

// teamMoves are what supervisors do, and what is done for many at once. In the end Luis is with Dana again.
func teamMoves() []move {
	marcus := "marcus"
	both := func(to string) body { return body{"cases": []any{"$case"}, "to": to} }
	review := func(w *sweep) {
		w.ids["review"] = w.api("marcus").do("POST", "/reviews", body{"size": 50}).is(201).text("id")
	}
	sheet := body{"findings": []any{body{"item": "notice", "result": "not_met", "note": "No date"}}}
	return []move{
		{route: "POST /api/v1/cases/:case/messages", may: access.SendMessage, body: body{"body": "See you on Friday."}},
		{route: "POST /cases/:case/messages", may: access.SendMessage, body: body{"body": "See you on Monday."}},
		{route: "POST /api/v1/caseload/bulk", may: access.SendMessage, body: body{"action": "message", "cases": []any{"$case"}, "body": "The office is closed."}},
		{route: "POST /caseload/bulk/:action", may: access.SendMessage, at: map[string]string{"action": "message"}, body: body{"cases": "$case", "body": "The office is open again."}},
		{route: "POST /caseload/export", may: access.ReadCaseload, body: body{"query": "", "format": "csv"}},
		{route: "POST /api/v1/caseload/views", may: access.ReadCaseload, body: body{"name": "Mine", "query": "step=6"}, keep: map[string]string{"saved": "id"}},
		{route: "DELETE /api/v1/caseload/views/:saved", deaf: true},
		{route: "POST /caseload/views", may: access.ReadCaseload, body: body{"name": "Late", "query": "urgency=overdue"}},
		{route: "POST /caseload/views/:saved/remove", deaf: true, first: func(w *sweep) {
			w.ids["saved"] = w.text(`select cast(id as text) from saved_views where name = 'Late'`)
		}},
		{route: "POST /api/v1/cases/:case/follow-ups", by: marcus, may: access.AskFollowUp, body: body{"question": "How is it going?"}, keep: map[string]string{"follow_up": "id"}},
		{route: "POST /api/v1/cases/:case/follow-ups/:follow_up/answer", may: access.AnswerFollowUp, body: body{"answer": "Well."}},
		{route: "POST /cases/:case/follow-ups", by: marcus, may: access.AskFollowUp, body: body{"question": "And the class?"}},
		{route: "POST /cases/:case/follow-ups/:follow_up/answer", may: access.AnswerFollowUp, body: body{"answer": "Begun."}, first: func(w *sweep) {
			w.ids["follow_up"] = w.text(`select cast(id as text) from follow_ups where answer = ''`)
		}},
		{route: "POST /api/v1/reviews", by: marcus, may: access.ReviewFile, body: body{"size": 50, "seed": "spring"}, keep: map[string]string{"review": "id"}},
		{route: "PUT /api/v1/reviews/:review/cases/:case", by: marcus, may: access.ReviewFile, body: sheet},
		{route: "POST /api/v1/reviews/:review/cases/:case/correct", may: access.CorrectFile, body: body{"item": "notice", "correction": "Handed over"}},
		{route: "POST /reviews", by: marcus, may: access.ReviewFile, body: body{"size": "50"}},
		{
			route: "POST /reviews/:review/cases/:case", by: marcus, may: access.ReviewFile, first: review,
			body: body{"findings.0.item": "eligibility", "findings.0.result": "met", "findings.0.note": "", "findings.1.item": "notice", "findings.1.result": "not_met", "findings.1.note": "No date"},
		},
		{route: "POST /reviews/:review/cases/:case/correct", may: access.CorrectFile, body: body{"item": "notice", "correction": "Handed over"}},
		{route: "POST /api/v1/reviews/:review/close", by: marcus, may: access.ReviewFile, deaf: true, first: closable(review)},
		{route: "POST /reviews/:review/close", by: marcus, may: access.ReviewFile, deaf: true, first: closable(review)},
		{
			route: "POST /api/v1/coverages", by: marcus, may: access.ArrangeCover, body: body{"case_manager": "$dana", "delegate": "$priya", "from_on": "2026-12-10", "until_on": "2026-12-20"},
			keep: map[string]string{"cover": "id"},
		},
		{route: "POST /api/v1/coverages/:cover/end", by: marcus, may: access.ArrangeCover, deaf: true},
		{route: "POST /team/cover", by: marcus, may: access.ArrangeCover, body: body{"case_manager": "$dana", "delegate": "$priya", "from_on": "12/10/2026", "until_on": "12/20/2026"}},
		{route: "POST /team/cover/:cover/end", by: marcus, may: access.ArrangeCover, deaf: true, first: func(w *sweep) {
			w.ids["cover"] = w.text(`select cast(id as text) from coverages where ended_at is null`)
		}},
		{route: "POST /api/v1/transfers", by: marcus, may: access.TransferCase, body: both("$priya"), keep: map[string]string{"transfer": "id"}},
		{route: "POST /team/transfer", by: marcus, may: access.TransferCase, body: body{"cases": "$case", "to": "$dana", "effective_on": "11/23/2026"}},
		{route: "POST /api/v1/transfers/:transfer/cancel", by: marcus, may: access.TransferCase, match: "@transfers:transfer", deaf: true, first: planned},
		{route: "POST /transfers/:transfer/cancel", by: marcus, may: access.TransferCase, body: body{"version": "@transfers:transfer"}, deaf: true, first: planned},
		{route: "POST /api/v1/transfers/requests", may: access.AskTransfer, body: body{"cases": []any{"$case"}, "to": "$priya", "why": "Works mornings only"}, keep: map[string]string{"ask": "id"}},
		{route: "POST /api/v1/transfers/requests/:ask/decline", by: marcus, may: access.TransferCase, body: body{"answer": "Stay with her until the plan is signed"}},
		{route: "POST /transfers/requests", may: access.AskTransfer, body: body{"cases": "$case", "to": "$priya", "why": "Works mornings only"}},
		{route: "POST /transfers/requests/:ask/decline", by: marcus, may: access.TransferCase, body: body{"answer": "Not yet"}, first: lastAsked},
		{route: "POST /transfers/requests/:ask/withdraw", may: access.AskTransfer, deaf: true, first: asked},
		{route: "POST /api/v1/transfers/requests/:ask/withdraw", may: access.AskTransfer, deaf: true, first: asked},
		{route: "POST /api/v1/transfers/requests/:ask/grant", by: marcus, may: access.TransferCase, body: body{"to": "$priya"}, first: asked},
		{route: "POST /transfers/requests/:ask/grant", by: marcus, may: access.TransferCase, body: body{"to": "$priya", "effective_on": "11/23/2026"}, first: func(w *sweep) {
			w.api(marcus).do("POST", "/transfers", body{"cases": []string{w.ids["case"]}, "to": w.ids["dana"]}).is(201) // back to who asks
			asked(w)
		}},
		{route: "POST /api/v1/users/:user/place", by: "admin", may: access.PlaceCaseload, at: map[string]string{"user": "$dana"}, body: body{"to": "$priya"}},
		{
			route: "POST /setup/people/:user/place", by: "admin", may: access.PlaceCaseload, at: map[string]string{"user": "$priya"}, body: body{"to": "$dana"},
		},
	}
}

// asked has Dana ask for a transfer.
func asked(w *sweep) {
	w.ids["ask"] = w.api("dana").do("POST", "/transfers/requests", body{"cases": []string{w.ids["case"]}, "why": "Works mornings only"}).is(201).text("id")
}

// lastAsked finds what still waits.
func lastAsked(w *sweep) {
	w.ids["ask"] = w.text(`select cast(id as text) from transfer_requests where state = 'waiting'`)
}

// planned dates a transfer ahead.
func planned(w *sweep) {
	w.ids["transfer"] = w.api("marcus").do("POST", "/transfers", body{"cases": []string{w.ids["case"]}, "to": w.ids["priya"], "effective_on": "2026-12-10"}).is(201).text("id")
}

// closable draws a review and answers all of it.
func closable(draw func(*sweep)) func(*sweep) {
	return func(w *sweep) {
		draw(w)
		r := w.api("marcus").do("GET", "/reviews/"+w.ids["review"], nil).is(200)
		var list []any
		for _, item := range r.at("checklist").([]any) {
			list = append(list, body{"item": item.(map[string]any)["key"], "result": "met"})
		}
		for _, c := range r.at("cases").([]any) {
			w.api("marcus").do("PUT", "/reviews/"+w.ids["review"]+"/cases/"+c.(map[string]any)["case_id"].(string), body{"findings": list}).is(200)
		}
	}
}
