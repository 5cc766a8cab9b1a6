package server_test

import "waymark/internal/access"

// tellingMoves are what a participant says of themselves, and what staff make of it.
func tellingMoves() []move {
	answer := access.AnswerPortal
	waiting := func(topic string) func(*sweep) {
		return func(w *sweep) {
			w.ids["words"] = w.text(`select cast(id as text) from own_words where topic = '` + topic + `' and settled_at is null order by said_at desc limit 1`)
		}
	}
	return []move{
		{route: "PUT /api/v1/me/tasks", by: "luis", may: answer, body: body{"computer": body{"device": "both", "can": []string{"email"}}}},
		{route: "POST /cases/:case/own-words/:words/accept", may: access.UpdateIntake, first: waiting("computer"), body: body{"version": "@intake_sections.case_id:case"}},
		{route: "POST /me/tasks/:topic", by: "luis", may: answer, at: map[string]string{"topic": "computer"}, body: body{"device": "phone", "internet": "phone", "can": []string{"email", "search"}}},
		{route: "POST /cases/:case/own-words/:words/decline", may: access.UpdateIntake, first: waiting("computer"), body: body{"reason": "You showed me your computer."}},
		{route: "POST /api/v1/me/goals", by: "luis", may: answer, body: body{"title": "Drive a truck", "target_on": "2027-06-30", "pay_cents": 2400, "rationale": "I like the road."}},
		{route: "POST /api/v1/cases/:case/own-words/:words/accept", may: access.WriteGoal, first: waiting("goal"), body: body{"target_on": "2028-07-31"}},
		{route: "POST /me/goals", by: "luis", may: answer, body: body{"title": "Weld", "target_on": "6/30/2028", "pay_cents": "25", "rationale": "My uncle does it."}},
		{route: "POST /api/v1/cases/:case/own-words/:words/decline", may: access.WriteGoal, first: waiting("goal"), body: body{"reason": "Let us talk first."}},
		{route: "POST /me/goals/:words/take-back", by: "luis", may: answer, deaf: true, first: func(w *sweep) {
			w.api("luis").do("POST", "/me/goals", body{"title": "Paint", "target_on": "2027-06-30"}).is(201)
			waiting("goal")(w)
		}},
		{route: "POST /api/v1/me/goals/:words/take-back", by: "luis", may: answer, deaf: true, first: func(w *sweep) {
			w.api("luis").do("POST", "/me/goals", body{"title": "Cook", "target_on": "2027-06-30"}).is(201)
			waiting("goal")(w)
		}},
	}
}
