// Package edition has the pages on which an agency keeps its pathways: versions, the report, who is
// affected by a new version, and the table editor.
package edition

import (
	"strconv"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
	"waymark/internal/revision"
	pathwaypage "waymark/web/page/pathway"
)

// Versions lists the versions of a pathway with what happened to each.
type Versions struct {
	page.Chrome
	Life    pathway.Life
	Name    string
	Edits   bool
	Hanging *revision.Hanging
	Problem string
	Details []string
}

func at(code string) string { return "/pathways/" + code }

func draftAt(code string, version int) string {
	return at(code) + "/drafts/" + strconv.Itoa(version)
}

// when says what happened, when and by whom.
func (v Versions) when(e pathway.Event) string {
	key := "edition.event." + e.Kind
	if e.Note == "import" {
		key = "edition.event.imported"
	}
	words := v.T(key, msg.Args{"on": v.Date(e.On), "employers": strings.Join(e.Employers, ", ")})
	if e.By != "" {
		words += " " + v.T("edition.by", msg.Args{"name": e.By})
	}
	return words
}

func (v Versions) mapOf(x pathway.VersionSummary) string {
	if x.State == pathway.Published {
		return at(v.Life.Code)
	}
	return at(v.Life.Code) + "?version=" + strconv.Itoa(x.Version)
}

var stateTones = map[string]string{pathway.Published: "green", pathway.Validated: "blue", pathway.Drafted: "gold"}

func (v Versions) hangs() string {
	h := v.Hanging
	return v.T("edition.hanging", msg.Args{"choices": h.Choices, "plans": h.Plans, "recommendations": h.Recommendations, "answers": h.Answers})
}

// Report is the good-pathway report of a version.
type Report struct {
	page.Chrome
	Edition pathway.Edition
	Review  pathway.Review
}

func (v Report) result(f pathway.Finding) (tone, words string) {
	switch {
	case f.Met:
		return "green", v.T("edition.good.met")
	case f.Must:
		return "red", v.T("edition.good.not_met")
	}
	return "gold", v.T("edition.good.not_stated")
}

func (v Report) spot(s pathway.Spot) string {
	area := v.T("pathway.every_area")
	if a, ok := v.Edition.AreaCoded(s.Area); ok {
		area = a.Name.In(v.Lang())
	}
	name := func(code string) string {
		if k, ok := v.Edition.CredentialCoded(code); ok {
			return k.Name.In(v.Lang())
		}
		return code
	}
	return v.T("edition.spot."+s.Code, msg.Args{
		"step": s.Step, "area": area, "credential": name(s.Credential), "to": name(s.To), "count": s.Count, "name": s.Name.In(v.Lang()),
		"supports": pathwaypage.Joined(v.Chrome, s.Supports, pathwaypage.Support), "employer": s.Employer, "on": v.Date(s.On),
	})
}

// Moves lists those whose steps a version changes.
type Moves struct {
	page.Chrome
	Name    string
	List    revision.List
	Draft   bool
	Areas   map[string]string
	Changes []string
}

func (v Moves) place(a revision.Affected) string {
	return v.T("edition.place", msg.Args{"area": v.areaName(a.Area), "entry": a.Entry, "target": a.Target, "version": a.Version})
}

func (v Moves) areaName(code string) string {
	if n, ok := v.Areas[code]; ok {
		return n
	}
	return code
}

func (v Moves) proposal(a revision.Affected) string {
	if !a.Proposed {
		return v.T("edition.no_proposal")
	}
	return v.T("edition.proposal", msg.Args{"entry": a.ToEntry, "target": a.ToTarget})
}

// ChangeWords says what became of a step.
func ChangeWords(c page.Chrome, s pathway.StepChange) string {
	to := make([]string, len(s.To))
	for i, n := range s.To {
		to[i] = strconv.Itoa(n)
	}
	return c.T("edition.change."+s.Kind, msg.Args{"from": s.From, "to": strings.Join(to, ", "), "title": s.Title.In(c.Lang())})
}

// Move is the question about one person.
type Move struct {
	page.Chrome
	Q    revision.Question
	Form page.Form
}

func (v Move) record() string { return "/cases/" + v.Q.Case.ID.String() }

// side is one row of the two versions next to each other.
type side struct {
	Number int
	Title  string
	Mine   bool
}

func sides(c page.Chrome, e pathway.Edition, low, high int) []side {
	list := []side{}
	for i := len(e.Steps) - 1; i >= 0; i-- {
		s := e.Steps[i]
		list = append(list, side{s.Number, s.Title.In(c.Lang()), s.Number >= low && s.Number <= high})
	}
	return list
}

func (v Move) answer() string {
	a := v.Q.Answer
	return v.T("edition.answered."+a.Answer, msg.Args{"name": a.By, "on": v.Moment(a.RecordedAt), "reason": a.Reason})
}

// Draft is the table editor of a version being worked on.
type Draft struct {
	page.Chrome
	Draft      pathway.Draft
	Catalogue  pathway.Catalogue
	List       string
	Affected   revision.List
	Validation page.Form
	Employers  []string
	Failed     string
	// Outdated is set when a newer version was published meanwhile.
	Outdated int
}

func (v Draft) base() string { return draftAt(v.Draft.Code, v.Draft.Version) }

func (v Draft) open() bool { return v.Draft.State == pathway.Drafted }

func (v Draft) count(list string) int { return len(pathway.Rows(v.Draft.Pathway, list)) }

func (v Draft) rows() []pathway.Row { return pathway.Rows(v.Draft.Pathway, v.List) }

func (v Draft) areaName(code string) string {
	if a, ok := v.Draft.AreaCoded(code); ok {
		return a.Name.In(v.Lang())
	}
	return code
}

func (v Draft) rowName(r pathway.Row) string {
	if n := strings.TrimSpace(r.Name.In(v.Lang())); n != "" {
		return n
	}
	if r.Codes != "" {
		return r.Codes
	}
	return v.T("edition.row_unnamed", msg.Args{"id": r.ID})
}

func (v Draft) rowAt(list, id string) string { return v.base() + "/" + list + "/" + id }

// problem is one thing to correct, with the row to correct it in.
type problem struct{ Words, Href string }

func (v Draft) problems() []problem {
	list := []problem{}
	for _, p := range v.Draft.Problems {
		table, id := pathway.RowOf(p)
		list = append(list, problem{v.problemWords(p, table, id), v.rowAt(table, id)})
	}
	return list
}

func (v Draft) problemWords(p pathway.Problem, table, id string) string {
	label := v.T("edition.list." + table)
	for _, r := range pathway.Rows(v.Draft.Pathway, table) {
		if r.ID == id {
			label += ", " + v.rowName(r)
		}
	}
	field := p.Path[strings.LastIndexAny(p.Path, ".]")+1:]
	if field != "" && v.Words.Has("edition.f."+field) {
		label += ", " + lowerFirst(v.T("edition.f."+field))
	}
	return ProblemText(v.Chrome, label, p.Code, p.Args)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToLower(string(r[0])) + string(r[1:])
}

// ProblemText is the sentence for a problem.
func ProblemText(c page.Chrome, label, code string, more map[string]any) string {
	args := msg.Args{"label": label, "entered": ""}
	for k, v := range more {
		args[k] = v
	}
	if c.Words.Has("error." + code) {
		return c.T("error."+code, args)
	}
	return c.T("error.value", args)
}

// met counts the marks of a good pathway that the draft has.
func (v Draft) met() string {
	n := 0
	for _, f := range v.Draft.Review.Findings {
		if f.Met {
			n++
		}
	}
	return v.T("edition.good.count", msg.Args{"met": n, "all": len(v.Draft.Review.Findings)})
}

// RowForm is one row of a table, to change or to add.
type RowForm struct {
	page.Chrome
	Edition   pathway.Edition
	Catalogue pathway.Catalogue
	List      string
	ID        string
	Form      page.Form
}

func (v RowForm) base() string { return draftAt(v.Edition.Code, v.Edition.Version) }

func (v RowForm) fields() []spec { return specs(v.List) }

// field finds a control with its words: those of the editor, in the language of the text where
// there are two.
func (v RowForm) field(s spec) page.Field {
	f := v.Form.Field(s.Name)
	name, lang, two := strings.Cut(s.Name, ".")
	f.Label = v.T("edition.f." + name)
	if two {
		f.Label = v.T("edition.in."+lang, msg.Args{"what": f.Label})
	}
	if key := "edition.f." + name + ".hint"; v.Words.Has(key) {
		f.Hint = v.T(key)
	}
	f.Error = v.fault(s.Name, f.Label)
	if s.Optional {
		f = f.Opt()
	}
	for _, o := range v.options(s) {
		for _, x := range f.Values {
			o.Chosen = o.Chosen || x == o.Value
		}
		f.Options = append(f.Options, o)
	}
	return f
}

// fault is what is wrong with a field; what is wrong with a whole text stands at its English.
func (v RowForm) fault(name, label string) string {
	for _, e := range v.Form.Errors {
		if e.Name == name || e.Name+".en" == name {
			return ProblemText(v.Chrome, label, e.Code, e.Args)
		}
	}
	return ""
}

// problems are the errors by the editor's own words, for the summary.
func (v RowForm) problems() []page.Link {
	list := []page.Link{}
	for _, e := range v.Form.Errors {
		list = append(list, page.Link{Href: "#" + v.anchor(e), Text: v.faultText(e)})
	}
	return list
}

func (v RowForm) anchor(e errs.Field) string {
	for _, s := range v.fields() {
		if s.Name == e.Name || s.Name == e.Name+".en" {
			f := v.Form.Field(s.Name)
			if s.Kind == "checks" {
				return f.ID + "-0"
			}
			return f.ID
		}
	}
	return "row-form"
}

func (v RowForm) faultText(e errs.Field) string {
	name, _, _ := strings.Cut(e.Name, ".")
	label := e.Name
	if v.Words.Has("edition.f." + name) {
		label = v.T("edition.f." + name)
	}
	return ProblemText(v.Chrome, label, e.Code, e.Args)
}

// spec is one field of a row's form.
type spec struct {
	Name     string
	Kind     string // text, area, number, money, select, checks, check
	Optional bool
	Of       string // where the options come from
}

func text(name string) spec { return spec{Name: name, Kind: "text"} }

func both(name string) []spec { return []spec{text(name + ".en"), text(name + ".es")} }

func bothTall(name string) []spec {
	return []spec{{Name: name + ".en", Kind: "area"}, {Name: name + ".es", Kind: "area"}}
}

func pick(name, of string, optional bool) spec {
	return spec{Name: name, Kind: "select", Of: of, Optional: optional}
}

func maybe(name, kind string) spec { return spec{Name: name, Kind: kind, Optional: true} }

// specs are the fields of each table, in the order of the form.
func specs(list string) []spec {
	join := func(parts ...any) []spec {
		all := []spec{}
		for _, p := range parts {
			switch x := p.(type) {
			case spec:
				all = append(all, x)
			case []spec:
				all = append(all, x...)
			}
		}
		return all
	}
	switch list {
	case "about":
		return join(both("name"), text("sector"), maybe("naics", "text"), bothTall("summary"), bothTall("version_note"))
	case "areas":
		return join(text("code"), spec{Name: "order", Kind: "number"}, both("name"), optional(both("summary")), pick("entry_step", "steps", false), spec{Name: "target_steps", Kind: "checks", Of: "steps"},
			spec{Name: "min_efl", Kind: "number"}, text("anchors"), maybe("entry_constraints", "text"), maybe("wage", "money"), maybe("demand", "number"))
	case "steps":
		return join(spec{Name: "number", Kind: "number"}, maybe("key", "text"), maybe("from", "text"), both("title"), bothTall("description"), optional(bothTall("preparation")),
			maybe("wage_low", "money"), maybe("wage_high", "money"), pick("wage_per", "per", true), pick("wage_source", "sources", true), maybe("wage_year", "number"),
			spec{Name: "supports", Kind: "checks", Of: "supports", Optional: true}, bothTall("entry"), bothTall("exit"))
	case "jobs":
		return join(pick("step", "steps", false), pick("area", "areas", true), both("title"), maybe("soc", "text"), maybe("zone", "number"), maybe("weak_map", "check"), pick("source", "sources", true))
	case "requirements":
		return join(pick("step", "steps", false), pick("area", "areas", true), pick("kind", "requirement_kinds", false), pick("operator", "operators", false), text("value"), maybe("unit", "text"),
			maybe("hard", "check"), both("text"))
	case "programs":
		return join(pick("step", "steps", false), pick("area", "areas", true), text("provider"), both("name"), pick("kind", "program_kinds", true),
			spec{Name: "schedule", Kind: "checks", Of: "schedules", Optional: true}, maybe("cip", "text"), pick("credential", "credentials", true), maybe("weeks", "number"), maybe("cost", "money"),
			pick("source", "sources", true))
	case "milestones":
		return join(pick("step", "steps", false), pick("area", "areas", true), pick("kind", "milestone_kinds", false), both("title"), spec{Name: "offset_weeks", Kind: "number"},
			spec{Name: "duration_weeks", Kind: "number"}, maybe("provider", "text"), pick("credential", "credentials", true), maybe("cost", "money"))
	case "credentials":
		return join(text("code"), pick("kind", "credential_kinds", false), both("name"), text("issuer"), spec{Name: "stackable_to", Kind: "checks", Of: "credentials", Optional: true},
			spec{Name: "lattices_to", Kind: "checks", Of: "areas", Optional: true})
	case "transitions":
		return join(pick("from_step", "steps", false), pick("to_step", "steps", false), pick("area", "areas", true), pick("credential", "credentials", true), maybe("weeks", "number"))
	case "edges":
		return join(pick("from", "nodes", false), pick("to", "nodes", false), pick("kind", "edge_kinds", false))
	case "apprenticeships":
		return join(text("code"), pick("kind", "apprenticeship_kinds", false), both("name"), pick("step", "steps", false), pick("area", "areas", true), maybe("soc", "text"), maybe("rapids", "text"),
			pick("approach", "approaches", true), maybe("term_hours", "number"), maybe("class_hours", "number"), maybe("sponsor", "text"),
			spec{Name: "leads_to", Kind: "checks", Of: "apprenticeships", Optional: true}, pick("source", "sources", true))
	}
	return nil
}

func optional(list []spec) []spec {
	for i := range list {
		list[i].Optional = true
	}
	return list
}

// options are the choices of a field, from the draft itself or a list of codes.
func (v RowForm) options(s spec) []page.Option {
	e := v.Edition
	list := []page.Option{}
	add := func(value, label string) { list = append(list, page.Option{Value: value, Label: label}) }
	codes := func(prefix string, values ...string) {
		for _, c := range values {
			add(c, v.T(prefix+c))
		}
	}
	switch s.Of {
	case "steps":
		for _, x := range e.Steps {
			add(strconv.Itoa(x.Number), pathwaypage.LevelName(v.Chrome, x))
		}
	case "areas":
		for _, a := range e.Ordered() {
			add(a.Code, a.Name.In(v.Lang()))
		}
	case "credentials":
		for _, k := range e.Pathway.Credentials {
			add(k.Code, k.Name.In(v.Lang()))
		}
	case "apprenticeships":
		for _, a := range e.Apprenticeships {
			add(a.Code, a.Name.In(v.Lang()))
		}
	case "sources":
		for _, x := range v.Catalogue.Sources() {
			add(x.Code, x.Title)
		}
	case "nodes":
		for _, a := range e.Ordered() {
			add("area:"+a.Code, v.T("edition.node.area", msg.Args{"name": a.Name.In(v.Lang())}))
		}
		for _, x := range e.Steps {
			add("step:"+strconv.Itoa(x.Number), pathwaypage.LevelName(v.Chrome, x))
		}
		for _, k := range e.Pathway.Credentials {
			add("credential:"+k.Code, v.T("edition.node.credential", msg.Args{"name": k.Name.In(v.Lang())}))
		}
	case "per":
		codes("edition.per.", pathway.PerHour, pathway.PerYear)
	case "requirement_kinds":
		codes("edition.requirement.", pathway.RequirementKinds...)
	case "operators":
		codes("edition.operator.", pathway.RequirementOperators...)
	case "program_kinds":
		codes("edition.program.", pathway.ProgramKinds...)
	case "schedules":
		codes("edition.schedule.", pathway.ProgramSchedules...)
	case "milestone_kinds":
		codes("edition.milestone.", pathway.MilestoneKinds...)
	case "credential_kinds":
		codes("map.credential.", pathway.CredentialKinds...)
	case "edge_kinds":
		codes("edition.edge.", pathway.EdgePrerequisite, pathway.EdgeRecommended, pathway.EdgeLateral)
	case "apprenticeship_kinds":
		codes("edition.apprenticeship.", pathway.ApprenticeshipKinds...)
	case "approaches":
		codes("edition.approach.", pathway.ApprenticeshipApproaches...)
	case "supports":
		codes("pathway.support.", supports...)
	}
	return list
}

// supports are the codes of seeds/reference/support_needs.json.
var supports = []string{
	"transport", "child_care", "housing", "food", "utilities", "health", "legal", "tools_uniform", "books", "testing_fees", "technology", "mental_health", "documentation",
}

func (v RowForm) title() string {
	if v.ID == pathway.NewRow {
		return v.T("edition.add."+v.List, msg.Args{})
	}
	return v.T("edition.change_row", msg.Args{"list": v.T("edition.list." + v.List)})
}
