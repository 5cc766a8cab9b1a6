package engagement

import (
	"fmt"
	"slices"

	"waymark/internal/civil"
	"waymark/internal/errs"
)

// filled puts in what goes without saying.
func (in CheckInInput) filled(today civil.Date) CheckInInput {
	if in.HeldOn.IsZero() {
		in.HeldOn = today
	}
	if in.Visibility == "" {
		in.Visibility = "staff"
	}
	for i, p := range in.Progress {
		if p.Status == "done" && p.DoneOn.IsZero() {
			in.Progress[i].DoneOn = in.HeldOn
		}
	}
	return in
}

// check applies the rules that need more than the fields themselves.
func (in CheckInInput) check(today civil.Date) error {
	var c errs.Collector
	if in.HeldOn.After(today) {
		c.Add("held_on", "in_future")
	}
	for i, p := range in.Progress {
		if p.DoneOn.After(today) {
			c.Add(fmt.Sprintf("progress.%d.done_on", i), "in_future")
		}
	}
	if !in.NextOn.IsZero() && !in.NextOn.After(in.HeldOn) {
		c.Add("next_on", "not_after_talk")
	}
	if in.ServiceCode != "" && in.Result != Talked {
		c.Add("service_code", "not_reached")
	}
	if a := in.Adjustment; a.Key != "" || !a.DueOn.IsZero() || a.Reason != "" {
		for _, f := range []struct {
			name  string
			empty bool
		}{{"key", a.Key == ""}, {"due_on", a.DueOn.IsZero()}, {"reason", a.Reason == ""}} {
			if f.empty {
				c.Add("adjustment."+f.name, "required")
			}
		}
	}
	if !in.Supersedes.IsZero() && in.Reason == "" {
		c.Add("reason", "required")
	}
	return c.Err()
}

// says keeps the progress that says something: after a try that reached nobody, a milestone left
// as it stands was not talked about.
func (in CheckInInput) says(now []Milestone) []ProgressInput {
	kept := []ProgressInput{}
	for _, p := range in.Progress {
		same := false
		for _, m := range now {
			same = same || m.Key == p.Key && m.Status == p.Status
		}
		if in.Result == Talked && p.Status != "not_started" || !same || p.Percent != nil || p.Attended != nil || p.Note != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// endOf is what becomes of an appointment of a day when somebody tried to talk on another.
func endOf(result string, planned, held civil.Date) string {
	switch {
	case result == Talked:
		return "kept"
	case planned.After(held):
		return "moved"
	}
	return "missed"
}

// placeOf is where the next talk is, when nobody says: as this one was.
func placeOf(method string) string {
	switch method {
	case "in_person":
		return "office"
	case "email":
		return "phone"
	}
	return method
}

// Correcting turns the presets into what a check-in had said.
func (s Start) Correcting(was CheckIn) Start {
	milestones := []Milestone{}
	in := CheckInInput{
		HeldOn: was.HeldOn, Method: was.Method, Result: was.Result, Note: was.Note, Visibility: was.Visibility, NextOn: was.NextOn, NextAt: was.NextAt,
		NextPlace: s.In.NextPlace, ServiceCode: was.ServiceCode, Supersedes: was.ID, Adjustment: was.Adjustment,
	}
	for _, p := range was.Progress {
		milestones = append(milestones, Milestone{Key: p.Key, Title: p.Title, TitleES: p.TitleES, Status: p.Status})
		in.Progress = append(in.Progress, ProgressInput{Key: p.Key, Status: p.Status, DoneOn: p.DoneOn, Percent: p.Percent, Attended: p.Attended, Note: p.Note})
	}
	for i, m := range s.Milestones {
		at := slices.IndexFunc(milestones, func(o Milestone) bool { return o.Key == m.Key })
		if at >= 0 {
			milestones[at].DueOn = m.DueOn
			continue
		}
		milestones, in.Progress = append(milestones, m), append(in.Progress, s.In.Progress[i])
	}
	s.In, s.Milestones = in, milestones
	return s
}
