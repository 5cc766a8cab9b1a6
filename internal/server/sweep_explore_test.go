package server_test

import (
	"strconv"

	"waymark/internal/access"
)

// exploreMoves are what a participant says while looking around.
func exploreMoves() []move {
	page := body{"part": "1"}
	answers := body{}
	for i := 1; i <= 12; i++ {
		answers[strconv.Itoa(i)] = i % 5
		page["answers."+strconv.Itoa(i)] = strconv.Itoa(i % 5)
	}
	return []move{
		{route: "POST /api/v1/me/interests", by: "luis", may: access.AnswerPortal, body: body{"part": 1, "answers": answers}},
		{route: "POST /me/explore/interests", by: "luis", may: access.AnswerPortal, body: page},
		{route: "POST /api/v1/me/likes", by: "luis", may: access.AnswerPortal, body: body{"kind": "area", "code": "M6", "liked": true}},
		{route: "POST /me/explore/likes", by: "luis", may: access.AnswerPortal, body: body{"kind": "occupation", "code": "51-9061.00", "liked": "true"}},
	}
}
