package intake

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casefile"
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/wire"
	"waymark/web/component"
)

func casePath(c casefile.Case, rest string) string { return "/cases/" + c.ID.String() + rest }

func sectionPath(c casefile.Case, section string) string { return casePath(c, "/intake/"+section) }

func crumbs(c page.Chrome, of casefile.Case, key string) []component.Crumb {
	return []component.Crumb{{Href: "/caseload", Words: c.T("nav.caseload")}, {Href: casePath(of, ""), Words: of.Name()}, {Words: c.T(key)}}
}

func number(name intake.Section) int { return slices.Index(intake.SectionNames, name) + 1 }

func next(name intake.Section) string {
	if n := number(name); n < len(intake.SectionNames) {
		return string(intake.SectionNames[n])
	}
	return "review"
}

// line is one answer in words.
type line struct{ name, label, value string }

// form gives the words of the intake fields outside a form.
func form(c page.Chrome) page.Form { return page.Form{Chrome: c, Name: "intake"} }

func label(c page.Chrome, field string) string { return form(c).Field0Label(field) }

func fieldID(field string) string {
	return "intake-" + strings.NewReplacer(".", "-", "_", "-").Replace(field)
}

// lines are the answers of a section in the order of its questions.
func lines(c page.Chrome, r intake.Record, name intake.Section) []line {
	values := wire.Values(r.Sections.Of(name))
	f := form(c)
	f.Values = values
	var list []line
	for _, g := range groups(f, name, listsFor(c)) {
		for _, q := range g.controls {
			if v := said(c, q, values); v != "" {
				list = append(list, line{q.field.Name, q.field.Label, v})
			}
		}
	}
	return list
}

// Change is one answer as the case has it and as it would be.
type Change struct{ Label, Now, With string }

// Changes are the answers to some questions of a section as they are and as they would be.
func Changes(c page.Chrome, name intake.Section, now, with intake.Sections, asked func(field string) bool) []Change {
	was := map[string]string{}
	for _, l := range lines(c, intake.Record{Sections: now}, name) {
		was[l.name] = l.value
	}
	var list []Change
	for _, l := range lines(c, intake.Record{Sections: with}, name) {
		if asked(l.name) {
			list = append(list, Change{l.label, was[l.name], l.value})
		}
	}
	return list
}

// listsFor names what is stored as a code; areas stay codes, as the review reads no catalogue.
func listsFor(c page.Chrome) Lists {
	languages, _ := intake.Languages()
	states, _ := intake.States()
	return Lists{Languages: coded(c, languages), States: coded(c, states)}
}

func coded(c page.Chrome, list []intake.Coded) []page.Option {
	options := make([]page.Option, 0, len(list))
	for _, x := range list {
		options = append(options, page.Option{Value: x.Code, Label: x.Name.In(c.Lang())})
	}
	return options
}

// said puts one answer in words: the labels of the options chosen, else the text.
func said(c page.Chrome, q control, values url.Values) string {
	given := values[q.field.Name]
	var words []string
	for _, v := range given {
		word := v
		for _, o := range q.field.Options {
			if o.Value == v {
				word = o.Label
			}
		}
		switch q.kind {
		case "check":
			word = map[string]string{"yes": c.T("form.yes")}[v]
		case "pay":
			word = sum(v)
		}
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

// sum writes money as money; what is no amount stays as it was typed.
func sum(typed string) string {
	if cents, err := money.Parse(typed); typed != "" && err == nil {
		return cents.String()
	}
	return typed
}

// secret keeps a number off the screen and out of the browser's memory.
func secret(f page.Field) page.Field { return f.Typed("password", "off").Numeric(14) }

// codes puts a list of codes in words, one key each.
func codes(c page.Chrome, prefix string, list []string) []string {
	words := make([]string, 0, len(list))
	for _, code := range list {
		words = append(words, c.T(prefix+code))
	}
	return words
}

func barriers(c page.Chrome, list []int) string {
	words := make([]string, 0, len(list))
	for _, n := range list {
		words = append(words, c.T("barrier."+strconv.Itoa(n)))
	}
	return strings.Join(words, ", ")
}

func tone(d intake.Outcome) string {
	switch d {
	case intake.Eligible:
		return "green"
	case intake.Ineligible:
		return "red"
	}
	return "gold"
}

// knownLines are the facts that a decision would use today.
func knownLines(c page.Chrome, facts intake.FactsInput) []line {
	values := wire.Values(facts)
	f := form(c)
	var list []line
	for _, name := range factOrder {
		v := values.Get(name)
		if v == "" || name == "benefits" {
			continue
		}
		for _, key := range []string{"intake." + name + "." + v, "form." + v, "intake." + v} {
			if c.Words.Has(key) {
				v = c.T(key)
				break
			}
		}
		if strings.HasSuffix(name, "_income") {
			v = sum(v)
		}
		list = append(list, line{name, f.Field0Label(name), v})
	}
	for _, b := range facts.Benefits {
		list = append(list, line{"benefits", c.T("intake.benefits.kind." + b.Kind), c.T("intake.from_until", msg.Args{"from": orDash(c.Date(b.From)), "until": orDash(c.Date(b.Until))})})
	}
	return list
}

func orDash(s string) string {
	if s == "" {
		return "?"
	}
	return s
}

// factOrder is the order in which the facts are shown.
var factOrder = []string{
	"birth_date", "work_authorized", "work_auth_verified_on", "work_auth_expires", "selective_service", "veteran", "eligible_spouse",
	"household_size", "six_month_income", "own_six_month_income", "unemployed_since", "uc_status", "laid_off", "closure", "unlikely_to_return", "self_employed_lost",
	"education", "school_status", "lowest_efl", "displaced_homemaker", "single_parent", "pregnant_or_parenting", "homeless", "offender", "foster_care",
	"english_learner", "low_literacy", "cultural", "tanf_exhausting", "farmworker",
}

// extraFacts are asked with the decision, because the intake record does not hold them.
var extraFacts = []string{"attached_not_covered", "military_spouse", "basic_skills_deficient", "foster_supported", "high_poverty_area", "needs_assistance", "income_excepted", "disability", "native_american", "governor_defined"}
