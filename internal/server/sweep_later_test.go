package server_test

import "waymark/internal/access"

// laterMoves are step 6 and everything that goes on from the first talk to the last.
func laterMoves() []move {
	checkIn, note, ask, appointment, leave := access.RecordCheckin, access.WriteNote, access.WriteRequest, access.WriteAppointment, access.RecordDeparture
	talk := body{"held_on": "2026-11-23", "method": "phone", "result": "talked", "note": "Going well.", "next_on": "2026-12-07"}
	again := func(w *sweep) {
		w.ids["checkin"] = w.api("dana").do("POST", "/cases/"+w.ids["case"]+"/check-ins", body{"method": "phone", "result": "left_message"}).is(201).text("id")
	}
	return []move{
		{route: "POST /api/v1/cases/:case/services", may: access.RecordService, body: body{"code": "B10", "given_on": "2026-11-20"}, keep: map[string]string{"service": "id"}},
		{route: "POST /api/v1/cases/:case/services", may: access.RecordService, body: body{"code": "T06", "given_on": "2026-11-20", "ongoing": true}, keep: map[string]string{"service": "id"}},
		{route: "POST /api/v1/cases/:case/services/:service/proofs", may: access.RecordService, body: body{"attended_on": "2026-11-20", "evidence": "Attendance sheet"}},
		{route: "POST /cases/:case/services/:service/proofs", may: access.RecordService, body: body{"attended_on": "11/21/2026", "evidence": "Attendance sheet"}},
		{route: "POST /cases/:case/services", may: access.RecordService, body: body{"code": "B11", "given_on": "11/20/2026"}},
		{route: "POST /api/v1/cases/:case/appointments", may: appointment, body: body{"kind": "class", "on_date": "2026-12-02", "at_time": "10:00", "place": "office"}, keep: map[string]string{"class": "id"}},
		{route: "PATCH /api/v1/cases/:case/appointments/:appointment", may: appointment, at: map[string]string{"appointment": "$class"}, match: "@appointments:class", body: body{"place": "phone"}},
		{route: "POST /cases/:case/appointments", may: appointment, body: body{"kind": "interview", "on_date": "12/3/2026", "at_time": "1:15 pm", "place": "phone"}},
		{
			route: "POST /cases/:case/appointments/:appointment", may: appointment, at: map[string]string{"appointment": "$class"},
			body: body{"version": "@appointments:class", "kind": "class", "on_date": "12/4/2026", "at_time": "10:00 am", "place": "office"},
		},
		{route: "POST /api/v1/cases/:case/check-ins", may: checkIn, body: talk, keep: map[string]string{"checkin": "id"}},
		{route: "POST /api/v1/cases/:case/check-ins/:checkin/undo", may: checkIn, deaf: true},
		{route: "POST /cases/:case/check-ins/:checkin/undo", may: checkIn, deaf: true, first: again},
		{route: "POST /cases/:case/check-ins", may: checkIn, body: body{"held_on": "11/23/2026", "method": "phone", "result": "talked", "note": "Going well.", "next_on": "12/8/2026"}},
		{route: "POST /api/v1/cases/:case/notes", may: note, body: body{"subject": "A word", "body": "Called back.", "visibility": "staff"}, keep: map[string]string{"note": "id"}},
		{route: "POST /cases/:case/notes", may: note, body: body{"subject": "A word", "body": "Called again.", "visibility": "shared"}},
		{route: "POST /api/v1/cases/:case/requests", may: ask, body: body{"what": "Transcript", "from_whom": "Central CC", "asked_on": "2026-11-09"}, keep: map[string]string{"request": "id"}},
		{route: "POST /api/v1/cases/:case/requests/:request/received", may: ask, body: body{"received_on": "2026-11-20"}},
		{route: "POST /cases/:case/requests", may: ask, body: body{"what": "Diploma", "from_whom": "Central CC", "asked_on": "11/9/2026"}},
		{route: "POST /cases/:case/requests/:request/received", may: ask, body: body{"received_on": "11/20/2026"}, first: func(w *sweep) {
			w.ids["request"] = w.text(`select cast(id as text) from requests where what = 'Diploma'`)
		}},
		{route: "POST /api/v1/cases/:case/outcomes", may: access.RecordOutcome, body: body{"kind": "credential", "on_date": "2026-11-05", "credential": "OSHA 10", "credential_kind": "certification"}},
		{route: "POST /cases/:case/outcomes", may: access.RecordOutcome, body: body{"kind": "job", "on_date": "11/5/2026", "employer": "Tibbetts Metalworks"}},
		{route: "POST /api/v1/cases/:case/pause", may: leave, body: body{"reason": "health", "until_on": "2026-12-14", "resume_step": 6}},
		{route: "POST /api/v1/cases/:case/return", may: leave, body: body{"note": "Well again"}},
		{route: "POST /cases/:case/pause", may: leave, body: body{"reason": "family", "on_date": "11/23/2026", "until_on": "12/14/2026", "resume_step": "6"}},
		{route: "POST /cases/:case/return", may: leave, body: body{"on_date": "11/23/2026", "resume_step": "6"}},
		{route: "POST /api/v1/cases/:case/exit", may: leave, body: body{"reason": "moved", "resume_step": 6}},
		{route: "POST /cases/:case/exit", may: leave, body: body{"reason": "refused", "resume_step": "6"}, first: func(w *sweep) {
			w.api("dana").do("POST", "/cases/"+w.ids["case"]+"/return", body{}).is(201)
		}},
	}
}
