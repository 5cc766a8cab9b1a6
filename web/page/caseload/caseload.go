package caseload

import (
	"strconv"

	"waymark/internal/casefile"
	"waymark/internal/msg"
	"waymark/internal/page"
)

func (v Caseload) summary() string {
	return v.T("caseload.summary."+v.Filter.View, msg.Args{"count": v.Counts.Of(v.Filter.View)})
}

func (v Caseload) viewHref(view string) string {
	if view == "all" {
		return v.With("view", "", "cursor", "")
	}
	return v.With("view", view, "cursor", "")
}

func (v Caseload) filtered() bool {
	return v.Filter.Q != "" || v.Filter.Step > 0 || v.Filter.Pathway != "" || v.Filter.Language != ""
}

func (v Caseload) steps() []page.Option {
	var list []page.Option
	for n := 1; n <= 6; n++ {
		list = append(list, page.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n) + " " + v.T("step."+strconv.Itoa(n))})
	}
	return list
}

// flag is what needs attention, in a few words.
func (v Caseload) flag(f casefile.Flag) string {
	return v.T("flag."+f.Code+".short", msg.Args(f.Args))
}

// tone is a flag's colour; its words say the same.
func tone(code string) string {
	switch code {
	case "no_reply", "stalled":
		return "red"
	case "plan_waiting":
		return "blue"
	case "plan_returned":
		return "gold"
	default:
		return "orange"
	}
}
