package caseload

import (
	"slices"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/msg"
	"waymark/internal/page"
)

func (v Caseload) summary() string {
	if v.filtered() {
		return v.T("caseload.summary.found", msg.Args{"count": v.Found})
	}
	return v.T("caseload.summary."+v.Filter.View, msg.Args{"count": v.Counts.Of(v.Filter.View), "days": v.Counts.StalledDays})
}

func (v Caseload) viewHref(view string) string {
	if view == "all" {
		return v.With("view", "", "cursor", "")
	}
	return v.With("view", view, "cursor", "")
}

func (v Caseload) filtered() bool {
	return v.Filter.Q != "" || v.Filter.Step > 0 || v.Filter.Pathway != "" || v.Filter.Language != "" || v.Filter.Urgency != "" || v.Filter.Flag != "" || !v.Filter.CaseManager.IsZero() || !v.Filter.Office.IsZero()
}

// query is the list's own address as a saved view keeps it.
func (v Caseload) query() string {
	q, _ := caseload.Normal(v.Query.Encode())
	return q
}

func (v Caseload) saveHref() string { return "/caseload/views?" + v.query() }

func (v Caseload) shows(column string) bool { return v.Filter.Shows(v.By, column) }

// bulk reports whether the viewer can do anything for several people at once.
func (v Caseload) bulk() bool { return v.May(access.SendMessage) }

func (v Caseload) managers() (list []page.Option) {
	for _, m := range v.Managers {
		list = append(list, page.Option{Value: m.ID.String(), Label: m.Name})
	}
	return list
}

// columnWord is the catalogue's key of a column's head.
func columnWord(column string) string {
	if column == "exit" {
		return "exit_on"
	}
	return column
}

func (v Caseload) steps() []page.Option {
	var list []page.Option
	for n := 1; n <= 6; n++ {
		list = append(list, page.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n) + " " + v.T("step."+strconv.Itoa(n))})
	}
	return list
}

// flags are those that the row's other cells do not say: a late check-in shows in its own.
func (v Caseload) flags(r caseload.Row) []casefile.Flag {
	if !v.shows("next") {
		return r.Attention
	}
	return slices.DeleteFunc(slices.Clone(r.Attention), func(f casefile.Flag) bool { return f.Code == "check_in_late" })
}

// exit is the day of the exit: as it was fixed, as it would be, or until when a booked service holds it.
func (v Caseload) exit(r caseload.Row) string {
	projected := r.ProjectedExit(v.Today)
	switch {
	case !r.ExitOn.IsZero():
		return v.T("caseload.exited", msg.Args{"on": v.Date(r.ExitOn)})
	case !projected.IsZero():
		return v.Date(projected)
	case !r.StartedOn.IsZero():
		return v.T("caseload.held", msg.Args{"on": v.Day(r.HeldUntil)})
	}
	return ""
}

// flag is what needs attention, in a few words.
func (v Caseload) flag(f casefile.Flag) string {
	return v.T("flag."+f.Code+".short", msg.Args(f.Args))
}

// tone is a flag's colour; its words say the same.
func tone(code string) string {
	switch code {
	case "no_reply", "stalled", "lost_contact", "permit_expired":
		return "red"
	case "plan_waiting":
		return "blue"
	case "plan_returned", "plan_unsigned", "support_ending", "document_expiring", "permit_expiring", "proof_late":
		return "gold"
	default:
		return "orange"
	}
}
