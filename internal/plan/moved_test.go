package plan

import (
	"testing"

	"waymark/internal/civil"
)

func TestDatesAreDerivedFromTheAdjustmentsThatHold(t *testing.T) {
	t.Parallel()
	on := civil.MustParse
	signed := []Dated{{Key: "class", Starts: on("2026-12-01"), Due: on("2026-12-10")}, {Key: "exam", Due: on("2026-12-20")}, {Key: "job", Due: on("2027-01-10")}}
	both := moves{[]MovedDate{{"class", on("2026-12-10"), on("2026-12-17")}, {"exam", on("2026-12-20"), on("2026-12-27")}}}
	exam := moves{[]MovedDate{{"exam", on("2026-12-27"), on("2026-12-24")}}}
	for name, tt := range map[string]struct {
		live               []moves
		starts, class, due string
	}{
		"none holds":              {nil, "2026-12-01", "2026-12-10", "2026-12-20"},
		"one moves what waits":    {[]moves{both}, "2026-12-08", "2026-12-17", "2026-12-27"},
		"two, one after another":  {[]moves{both, exam}, "2026-12-08", "2026-12-17", "2026-12-24"},
		"the first no longer":     {[]moves{exam}, "2026-12-01", "2026-12-10", "2026-12-24"},
		"of a milestone now gone": {[]moves{{[]MovedDate{{"visit", on("2026-12-01"), on("2026-12-05")}}}}, "2026-12-01", "2026-12-10", "2026-12-20"},
	} {
		after := replay(signed, tt.live)
		if after[0].Starts != on(tt.starts) || after[0].Due != on(tt.class) || after[1].Due != on(tt.due) || after[2].Due != signed[2].Due {
			t.Errorf("%s: %v", name, after)
		}
	}
	if signed[0].Due != on("2026-12-10") {
		t.Error("the signed dates were changed")
	}
}
