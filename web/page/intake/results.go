package intake

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/page"
)

// interestTypes are the six interest types as field names, in the order of every score.
var interestTypes = []string{"r", "i", "a", "s", "e", "c"}

// kind is a part of the results page.
type kind struct {
	key     string
	results []intake.Scored
}

// kinds sorts results under the headings of the page; a heading without results is left out.
func kinds(results []intake.Scored) []kind {
	list := []kind{{key: "english"}, {key: "foundational"}, {key: "readiness"}, {key: "digital"}, {key: "interests"}, {key: "other"}, {key: "waived"}}
	for _, r := range results {
		i := slices.IndexFunc(list, func(k kind) bool { return k.key == kindOf(r) })
		list[i].results = append(list[i].results, r)
	}
	return slices.DeleteFunc(list, func(k kind) bool { return len(k.results) == 0 })
}

func kindOf(r intake.Scored) string {
	i, _ := intake.InstrumentOf(r.Instrument)
	switch {
	case r.Waived:
		return "waived"
	case r.Scale == intake.ESL:
		return "english"
	case i.Kind == intake.KindLevels:
		return "foundational"
	case i.Kind == intake.KindRubric:
		return "readiness"
	case i.Kind == intake.KindModules:
		return "digital"
	case i.Kind == intake.KindInterests:
		return "interests"
	}
	return "other"
}

func corrected(results []intake.Scored) []intake.Scored {
	return slices.DeleteFunc(slices.Clone(results), func(r intake.Scored) bool { return r.SupersededBy.IsZero() })
}

// resultName says what was taken: "TABE 11/12, mathematics, form M11".
func resultName(c page.Chrome, r intake.Scored) string {
	if r.Waived {
		return c.T("domain." + r.Subject)
	}
	parts := []string{c.T("instrument." + r.Instrument)}
	if r.Subject != "" {
		parts = append(parts, c.T("subject."+r.Subject))
	}
	if r.Reading.V.Module != "" {
		parts = append(parts, r.Reading.V.Module)
	}
	if r.Form != "" {
		parts = append(parts, c.T("assessment.form_of", msg.Args{"form": r.Form}))
	}
	return strings.Join(parts, ", ")
}

// meaning says a result in words.
func meaning(c page.Chrome, items []intake.Item, r intake.Scored) string {
	x := r.Reading.V
	switch kindOf(r) {
	case "waived":
		return c.T("assessment.waived_because", msg.Args{"reason": r.Reason})
	case "english", "foundational":
		return c.T("assessment.level", msg.Args{"score": figure(r.Score), "level": c.T(x.Level)})
	case "digital":
		key := "assessment.not_passed"
		if x.Passed != nil && *x.Passed {
			key = "assessment.passed"
		}
		return c.T(key, msg.Args{"score": figure(r.Score)})
	case "interests":
		return interests(c, x)
	case "readiness":
		return readiness(c, items, x)
	}
	if r.Instrument == intake.WorkKeys {
		if x.Certificate == "" {
			return c.T("certificate.none")
		}
		return c.T("certificate." + x.Certificate)
	}
	return scales(x)
}

func interests(c page.Chrome, x intake.Reading) string {
	if x.Undifferentiated {
		return c.T("interests.flat")
	}
	var parts []string
	for _, t := range interestTypes {
		parts = append(parts, c.T("interest."+t)+" "+strconv.FormatFloat(x.Scores[t], 'f', -1, 64))
	}
	return c.T("interests.code", msg.Args{"code": x.Code}) + " " + strings.Join(parts, ", ")
}

func readiness(c page.Chrome, items []intake.Item, x intake.Reading) string {
	if len(x.NeedsActivity) == 0 {
		return c.T("assessment.readiness_fine")
	}
	var weak []string
	for _, i := range items {
		if slices.Contains(x.NeedsActivity, i.Code) {
			weak = append(weak, i.Text.In(c.Lang()))
		}
	}
	return c.T("assessment.readiness_plan", msg.Args{"items": strings.Join(weak, ", ")})
}

func scales(x intake.Reading) string {
	var parts []string
	for name, v := range x.Scores {
		parts = append(parts, name+" "+strconv.FormatFloat(v, 'f', -1, 64))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func figure(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func waives(r intake.Scored) string {
	if r.Waived {
		return "&waives=" + r.Subject
	}
	return ""
}

// forms says which forms an instrument has.
func forms(c page.Chrome, i intake.Instrument) string {
	if len(i.Forms) == 0 {
		return c.T("assessment.any_form")
	}
	return c.T("assessment.forms", msg.Args{"forms": strings.Join(i.Forms, ", ")})
}

func saveKey(waiver bool) string {
	if waiver {
		return "assessment.save_waiver"
	}
	return "assessment.save"
}

func itemLegend(c page.Chrome, i intake.Item) string {
	if i.Core {
		return i.Text.In(c.Lang())
	}
	return i.Text.In(c.Lang()) + " " + c.T("form.optional")
}

func rowID(id string, i int) string {
	if i == 0 {
		return id
	}
	return id + "-" + strconv.Itoa(i)
}

func ways(short bool) []string {
	if short {
		return []string{"own", "onet", "scores"}
	}
	return []string{"own", "scores"}
}

func need(i int, part string) string { return "needs." + strconv.Itoa(i) + "." + part }

// named puts the area before the label, so that each control says what it is about.
func named(c page.Chrome, f page.Field, area string) page.Field {
	return f.Labelled(c.T("supports.of", msg.Args{"area": c.T("support." + area), "label": f.Label}))
}
