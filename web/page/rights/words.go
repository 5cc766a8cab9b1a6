package rights

import (
	"slices"
	"strings"
	"time"

	"waymark/internal/civil"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/rights"
)

func (v Mine) noticeLine() string {
	if v.Of.Receipt == nil {
		return v.T("rights.notice.hint")
	}
	return receipt(v.Chrome, *v.Of.Receipt)
}

func (v Mine) consentLine() string {
	if v.open() == 0 {
		return v.T("my_consent.none")
	}
	return v.T("rights.consents.count", msg.Args{"count": v.open()})
}

// open counts the consents that hold or will.
func (v Mine) open() (n int) {
	for _, k := range v.Of.Consents {
		if k.Open(v.Today) {
			n++
		}
	}
	return n
}

func receipt(c page.Chrome, r rights.Receipt) string {
	return c.T("receipt.line."+r.Method, msg.Args{"name": r.Name, "on": c.LongDate(r.ReceivedOn), "language": c.LanguageName(r.Lang)})
}

func consentLine(c page.Chrome, k rights.Consent) string {
	args := msg.Args{"from": c.LongDate(k.From), "until": c.LongDate(k.Until), "on": c.LongDate(k.WithdrawnOn)}
	switch state(c, k) {
	case "withdrawn":
		return c.T("consent.line.withdrawn", args)
	case "replaced":
		return c.T("consent.line.replaced", args)
	case "ended":
		return c.T("consent.line.ended", args)
	}
	return c.T("consent.line", args)
}

// state is where a consent stands today.
func state(c page.Chrome, k rights.Consent) string {
	switch {
	case !k.WithdrawnOn.IsZero():
		return "withdrawn"
	case k.Superseded:
		return "replaced"
	case k.Until.Before(c.Today):
		return "ended"
	case k.From.After(c.Today):
		return "later"
	}
	return "holds"
}

func bases(c page.Chrome, k rights.Complaint) string {
	var words []string
	for _, b := range k.Bases {
		words = append(words, c.T("complaint.bases."+b))
	}
	return strings.Join(words, ", ")
}

func stands(c page.Chrome, k rights.Complaint) string {
	if k.Last == "" {
		return c.T("complaint.new")
	}
	return c.T("complaint.event." + k.Last)
}

func overdue(c page.Chrome, k rights.Complaint) bool { return !k.Closed() && k.DueOn().Before(c.Today) }

type fact struct{ Label, Value string }

// codes say where the words of a field's codes stand.
var codes = map[string]string{
	"case.state": "state.", "case.programs": "program.", "person.language": "", "intake.section": "intake.section.", "own_words.topic": "own.topic.", "own_words.outcome": "own.outcome.", "eligibility.program": "program.",
	"eligibility.decision": "eligibility.decision.", "assessments.instrument": "instrument.", "goals.horizon": "goal.horizon.", "goals.status": "goal.status.",
	"plans.state": "plan.state.", "milestones.status": "plan.status.", "appointments.kind": "appointment.kind.", "appointments.place": "appointment.place.",
	"talks.method": "checkin.method.", "talks.result": "checkin.result.", "messages.feeling": "portal.feeling.", "messages.kind": "my_data.said.", "documents.kind": "my_document.kind.",
	"complaints.bases": "complaint.bases.", "complaint_answers.kind": "complaint.event.", "helpers.relation": "relation.", "readers.role": "role.", "notice.method": "receipt.method.", "consents.method": "receipt.method.",
}

// facts writes a row in words, without what is empty.
func (v Index) facts(s rights.Section, row map[string]any) (list []fact) {
	for _, f := range s.Fields {
		if f == "answers" {
			list = append(list, v.answers(s.Name, row[f])...)
			continue
		}
		if text := v.value(codes[s.Name+"."+f], row[f]); text != "" {
			list = append(list, fact{v.T("my_data.field." + f), text})
		}
	}
	return list
}

// answers writes what was asked and answered at intake, each by the words of the question as it was asked.
func (v Index) answers(section string, of any) (list []fact) {
	all, _ := of.(map[string]any)
	forms := []string{"intake."}
	if section == "own_words" {
		forms = []string{"own.", "own_goal.", "intake."}
	}
	for k, a := range all {
		if k == "needs" {
			list = append(list, v.needs(a)...)
			continue
		}
		label, form := strings.ReplaceAll(k, "_", " "), forms[0]
		if i := slices.IndexFunc(forms, func(f string) bool { return v.Words.Has(f + k) }); i >= 0 {
			label, form = v.T(forms[i]+k), forms[i]
		}
		if text := v.value(form+k+".", a); text != "" {
			list = append(list, fact{label, text})
		}
	}
	slices.SortFunc(list, func(a, b fact) int { return strings.Compare(a.Label, b.Label) })
	return list
}

// needs writes how much help somebody said that they need, one area a line.
func (v Index) needs(of any) (list []fact) {
	all, _ := of.([]any)
	for _, one := range all {
		if need, ok := one.(map[string]any); ok {
			list = append(list, fact{v.T("own.need." + rights.Text(need["area"])), v.value("own.needs.severity.", need["severity"])})
		}
	}
	return list
}

// value writes one value: a code by its words, days and times as people read them.
func (v Index) value(words string, of any) string {
	if list, ok := of.([]any); ok {
		var parts []string
		for _, one := range list {
			parts = append(parts, v.value(words, one))
		}
		return strings.Join(parts, ", ")
	}
	if yes, ok := of.(bool); ok {
		if yes {
			return v.T("form.yes")
		}
		return v.T("form.no")
	}
	text := rights.Text(of)
	if words != "" && v.Words.Has(words+text) {
		return v.T(words + text)
	}
	if d, err := civil.Parse(text); err == nil {
		return v.Date(d)
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return v.Moment(at)
	}
	return text
}
