// Package selection has the page of step 3: options side by side, and the person's choice.
package selection

import (
	"slices"
	"strconv"

	"waymark/internal/casefile"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
	"waymark/internal/recommend"
	"waymark/internal/selection"
	pathwaypage "waymark/web/page/pathway"
	recommendpage "waymark/web/page/recommend"
)

// Choice is the page of step 3.
type Choice struct {
	recommendpage.Reader
	Case     casefile.Case
	Snapshot recommend.Snapshot
	Reviewed bool
	Items    []selection.Selection
	Editions map[selection.Edition]pathway.Edition
	// Form is the choice to make; nil when the reader may not, or nothing was talked about yet.
	Form *page.Form
}

// row is one line of the comparison: the same question to every option.
type row struct {
	Term  string
	Cells []cell
}

type cell struct{ Value, Note string }

func (v Choice) record() string { return "/cases/" + v.Case.ID.String() }

// rows compares the options that were talked about.
func (v Choice) rows() []row {
	options := v.Snapshot.Listed()
	rows := []row{{Term: v.T("selection.row.work")}, {Term: v.T("selection.row.fit")}}
	for _, o := range options {
		rows[0].Cells = append(rows[0].Cells, cell{o.AreaSummary.In(v.Lang()), ""})
		rows[1].Cells = append(rows[1].Cells, cell{v.Total(o), ""})
	}
	for i, o := range options {
		for n, f := range append(v.Facts(o), v.More(o)...) {
			if i == 0 {
				rows = append(rows, row{Term: f.Term})
			}
			rows[n+2].Cells = append(rows[n+2].Cells, cell{f.Value, f.Note})
		}
	}
	for _, m := range []string{"helps", "gaps"} {
		r := row{Term: v.T("recommend." + m)}
		for _, o := range options {
			list := o.Helps
			if m == "gaps" {
				list = o.Gaps
			}
			r.Cells = append(r.Cells, v.sentences(list))
		}
		rows = append(rows, r)
	}
	return rows
}

func (v Choice) sentences(list []recommend.Why) cell {
	words := ""
	for i, s := range v.Reasons(list) {
		if i > 0 {
			words += ". "
		}
		words += s
	}
	if words == "" {
		words = v.T("recommend.none_listed")
	}
	return cell{words, ""}
}

// areas are the radio buttons: those of the list first, then every other area of the catalogue.
func (v Choice) areas() (listed, others []page.Option) {
	chosen := v.Form.Values.Get("area")
	inList := []string{}
	for _, o := range v.Snapshot.Listed() {
		inList = append(inList, o.Area)
		listed = append(listed, page.Option{Value: o.Area, Label: v.Area(o), Hint: o.PathwayName.In(v.Lang()), Chosen: o.Area == chosen})
	}
	for _, a := range v.Catalogue.Areas() {
		if !slices.Contains(inList, a.Code) {
			others = append(others, page.Option{Value: a.Code, Label: a.PathwayName.In(v.Lang()) + ": " + a.Name.In(v.Lang()), Chosen: a.Code == chosen})
		}
	}
	return listed, others
}

// another reports whether an area outside the list is chosen, so that its part stands open.
func (v Choice) another(others []page.Option) bool {
	return slices.ContainsFunc(others, func(o page.Option) bool { return o.Chosen }) || v.Form.Field("override_reason").Error != ""
}

// steps are those that any pathway has.
func (v Choice) steps() []page.Option {
	numbers := []int{}
	for _, e := range v.Catalogue.Pathways() {
		for _, s := range e.Steps {
			if !slices.Contains(numbers, s.Number) {
				numbers = append(numbers, s.Number)
			}
		}
	}
	slices.Sort(numbers)
	list := []page.Option{}
	for _, n := range numbers {
		list = append(list, page.Option{Value: strconv.Itoa(n), Label: v.stepLabel(n)})
	}
	return list
}

func (v Choice) stepLabel(n int) string {
	if key := "selection.step." + strconv.Itoa(n); v.Words.Has(key) {
		return v.T(key)
	}
	return v.T("pathway.step", msg.Args{"number": n})
}

func (v Choice) alternates() []page.Option {
	list := []page.Option{}
	for _, a := range v.Catalogue.Areas() {
		list = append(list, page.Option{Value: a.Code, Label: a.PathwayName.In(v.Lang()) + ": " + a.Name.In(v.Lang())})
	}
	return list
}

func (v Choice) stepOf(s selection.Selection, n int) string {
	step, _ := v.Editions[selection.Edition{Code: s.Pathway, Version: s.PathwayVersion}].StepNumbered(n)
	return pathwaypage.StepName(v.Chrome, n, step.Title)
}

// areaIn names the chosen area as the version of the choice has it.
func (v Choice) areaIn(s selection.Selection) string {
	if a, ok := v.Editions[selection.Edition{Code: s.Pathway, Version: s.PathwayVersion}].AreaCoded(s.Area); ok {
		return a.Name.In(v.Lang())
	}
	return v.areaOf(s.Area)
}

func (v Choice) areaOf(code string) string { return v.Catalogue.AreaName(code, v.Lang()) }

func (v Choice) pathwayOf(s selection.Selection) string {
	return v.Catalogue.PathwayName(s.Pathway, v.Lang())
}

func optionID(base string, i int) string {
	if i == 0 {
		return base
	}
	return base + "-" + strconv.Itoa(i)
}
