package server_test

import "waymark/internal/access"

// wordMoves are what a participant says of the plan in force and of themselves, and what staff make of it.
func wordMoves() []move {
	answer := access.AnswerPortal
	return []move{
		{route: "POST /me/milestones/:milestone", by: "luis", may: answer, at: map[string]string{"milestone": "$key"}, body: body{"say": "change", "note": "Start in March"}, first: func(w *sweep) {
			w.ids["key"] = w.text(`select m.key from milestones m join plan_versions v on v.id = m.plan_id where v.state = 'in_force'
				and not exists (select from milestone_states s where s.case_id = m.case_id and s.key = m.key and s.status in ('done', 'dropped')) order by m.key limit 1`)
		}},
		{route: "POST /me/messages/read", by: "luis", may: answer, deaf: true},
	}
}
