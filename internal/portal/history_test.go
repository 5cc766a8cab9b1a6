package portal

import (
	"testing"

	"waymark/internal/plan"
)

func TestOnlyWhatMattersToTheParticipantIsNews(t *testing.T) {
	from := plan.Plan{Number: 1, RhythmDays: 14, EndOn: day("2027-07-01"), Milestones: []plan.Milestone{
		{Key: "math", Title: "Shop math", TitleES: "Matemáticas", DueOn: day("2026-12-18"), Evidence: "a slip", ToleranceDays: 2}, {Key: "old", Title: "Old class", TitleES: "Clase vieja"},
	}, Lines: []plan.Line{{Kind: "support", What: "Bus pass", WhatES: "Pase de autobús", Funding: "wioa_adult"}}}
	to := plan.Plan{Number: 2, RhythmDays: 7, EndOn: day("2027-07-01"), Milestones: []plan.Milestone{
		{Key: "math", Title: "Shop math", TitleES: "Matemáticas", DueOn: day("2027-01-15"), Evidence: "a card", ToleranceDays: 5},
	}, Lines: []plan.Line{{Kind: "support", What: "Bus pass", WhatES: "Pase de autobús", Funding: "partner"}}}
	list := news(from, to)
	want := []struct{ kind, field, spanish string }{{"changed", "rhythm_days", ""}, {"changed", "due_on", "Matemáticas"}, {"removed", "", "Clase vieja"}}
	if len(list) != len(want) {
		t.Fatalf("%+v", list)
	}
	for i, w := range want {
		if n := list[i]; n.Kind != w.kind || n.Field != w.field || n.Spanish != w.spanish {
			t.Errorf("%+v, want %+v", n, w)
		}
	}
}
