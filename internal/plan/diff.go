package plan

import (
	"slices"
	"strings"
)

// Change is one difference between two versions: added, removed or changed; of the plan itself, a
// milestone or a line; Name says which one, Field what of it.
type Change struct {
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Name    string `json:"name"`
	Field   string `json:"field,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	// Words says it in the reader's language; the edge fills it.
	Words string `json:"words"`
}

// value is one comparable thing of a part, as plain text: dates as YYYY-MM-DD, money as $4,200.
type value struct{ field, text string }

// Diff lists what is different from one version to another, the plan first, then milestones and lines.
func Diff(from, to Plan) []Change {
	list := []Change{}
	if from.Number != 0 {
		list = append(list, changed("plan", "", from.values(), to.values())...)
	}
	list = append(list, parts("milestone", from.Milestones, to.Milestones, func(m Milestone) string { return m.Key }, func(m Milestone) string { return m.Title }, Milestone.values)...)
	return append(list, parts("line", from.Lines, to.Lines, lineKey, func(l Line) string { return l.What }, Line.values)...)
}

// lineKey tells lines of two versions apart: ids are new in each.
func lineKey(l Line) string { return l.Kind + "\x00" + l.Need + "\x00" + l.What }

func parts[T any](subject string, from, to []T, key, name func(T) string, values func(T) []value) []Change {
	var list []Change
	find := func(in []T, k string) int { return slices.IndexFunc(in, func(x T) bool { return key(x) == k }) }
	for _, x := range from {
		if at := find(to, key(x)); at < 0 {
			list = append(list, Change{Kind: "removed", Subject: subject, Name: name(x)})
		} else {
			list = append(list, changed(subject, name(to[at]), values(x), values(to[at]))...)
		}
	}
	for _, x := range to {
		if find(from, key(x)) < 0 {
			list = append(list, Change{Kind: "added", Subject: subject, Name: name(x), To: detail(values(x))})
		}
	}
	return list
}

// detail is what a new part brings: its date or cost.
func detail(values []value) string {
	for _, v := range values {
		if (v.field == "due_on" || v.field == "cost_cents") && v.text != "" && v.text != "$0" {
			return v.text
		}
	}
	return ""
}

func changed(subject, name string, from, to []value) []Change {
	var list []Change
	for i, f := range from {
		if f.text != to[i].text {
			list = append(list, Change{Kind: "changed", Subject: subject, Name: name, Field: f.field, From: f.text, To: to[i].text})
		}
	}
	return list
}

func (p Plan) values() []value {
	return []value{
		{"start_on", p.StartOn.String()},
		{"end_on", p.EndOn.String()},
		{"pathway_code", p.PathwayCode},
		{"area_code", p.AreaCode},
		{"entry_step", itoa(p.EntryStep)},
		{"target_step", itoa(p.TargetStep)},
		{"rhythm_days", itoa(p.RhythmDays)},
		{"participant_does", strings.Join(p.ParticipantDoes, " · ")},
		{"agency_does", strings.Join(p.AgencyDoes, " · ")},
		{"if_i_stop", p.IfIStop},
		{"total", p.Totals.Cost.String()},
	}
}

func (m Milestone) values() []value {
	return []value{
		{"title", m.Title},
		{"place", m.Place},
		{"starts_on", m.StartsOn.String()},
		{"due_on", m.DueOn.String()},
		{"tolerance_days", itoa(m.ToleranceDays)},
		{"evidence", m.Evidence},
	}
}

func (l Line) values() []value {
	return []value{
		{"provider", l.Provider},
		{"starts_on", l.StartsOn.String()},
		{"ends_on", l.EndsOn.String()},
		{"cost_cents", l.Cost.String()},
		{"funding", l.Funding},
		{"line_state", l.State},
	}
}

// IsDate reports that the texts of a change are dates.
func (c Change) IsDate() bool {
	return strings.HasSuffix(c.Field, "_on") || c.Kind == "added" && c.Subject == "milestone"
}
