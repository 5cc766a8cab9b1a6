package caseload

import (
	"maps"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/web/component"
)

func (v *Caseload) summary() string {
	if v.filtered() {
		return v.T("caseload.summary.found", msg.Args{"count": v.Found})
	}
	return v.T("caseload.summary."+v.Filter.View, msg.Args{"count": v.Counts.Of(v.Filter.View), "days": v.Counts.StalledDays})
}

func (v *Caseload) viewHref(view string) string {
	if view == "all" {
		return v.With("view", "", "cursor", "", "cases", "")
	}
	return v.With("view", view, "cursor", "", "cases", "")
}

func (v *Caseload) filtered() bool {
	return v.Filter.Q != "" || v.Filter.Step > 0 || v.Filter.Pathway != "" || v.Filter.Language != "" || v.Filter.Urgency != "" || v.Filter.Flag != "" || !v.Filter.CaseManager.IsZero() || !v.Filter.Office.IsZero()
}

// query is the list's own address as a saved view keeps it.
func (v *Caseload) query() string {
	q, _ := caseload.Normal(v.Query.Encode())
	return q
}

func (v *Caseload) saveHref() string { return "/caseload/views?" + v.query() }

func (v *Caseload) shows(column string) bool { return v.Filter.Shows(v.By, column) }

// bulk reports whether the viewer can do anything for several people at once.
func (v *Caseload) bulk() bool { return v.May(access.SendMessage) }

// filters are alike for everybody of an agency whose address says nothing of them, and a third of what is around the
// rows.
func (v *Caseload) filters() templ.Component {
	form := v.Form
	for _, name := range []string{"q", "pathway", "step", "urgency", "flag", "language"} {
		if v.By.Mark == "" || form.Values.Has(name) {
			return v.choices(form)
		}
	}
	form.Values = nil // nothing that anybody typed is kept
	return component.Once("caseload "+v.Lang()+" "+v.By.Agency.String(), v.By.Mark, v.choices(form))
}

// lines is what the lines of a table have in common.
type lines struct {
	columns            []string
	bulk               bool
	record, with, none string // record is empty for who records no check-ins
	late               templ.Component
	steps              [7]templ.Component
	places             map[[2]string]templ.Component
	where              func(pathway, area string) templ.Component
}

// place is the pathway and the area of a case, made once for each.
func (l *lines) place(r *caseload.Row) templ.Component {
	key := [2]string{r.PathwayCode, r.AreaCode}
	if l.places[key] == nil {
		l.places[key] = component.Copied(l.where(r.PathwayCode, r.AreaCode))
	}
	return l.places[key]
}

func (v *Caseload) lines() *lines {
	l := &lines{bulk: v.bulk(), none: v.T("caseload.none"), late: component.Copied(v.late()), places: map[[2]string]templ.Component{}, where: v.where}
	for _, column := range caseload.Columns {
		if v.shows(column) {
			l.columns = append(l.columns, column)
		}
	}
	if v.May(access.RecordCheckin) {
		l.record, l.with = v.T("caseload.record"), " "+v.T("caseload.for")+" "
	}
	for n := 1; n <= 6; n++ {
		l.steps[n] = component.Copied(component.MiniSteps(n, v.T("step."+strconv.Itoa(n))))
	}
	return l
}

// carried are the people who were chosen on other pages of the list; they go along with those chosen here.
func (v *Caseload) carried() (list []string) {
	for _, text := range v.Query["cases"] {
		one, err := id.Parse[access.Case](text)
		here := slices.ContainsFunc(v.List.Items, func(r caseload.Row) bool { return r.ID == one })
		if err == nil && !here && !slices.Contains(list, one.String()) && len(list) < mostCarried {
			list = append(list, one.String())
		}
	}
	return list
}

// mostCarried is how many people one action is done for.
const mostCarried = 100

// kept are the fields of the list's own address, and who was chosen on other pages.
func (v *Caseload) kept() (list [][2]string) {
	for _, name := range slices.Sorted(maps.Keys(v.Query)) {
		for _, value := range v.Query[name] {
			if caseload.Kept(name) && value != "" {
				list = append(list, [2]string{name, value})
			}
		}
	}
	for _, one := range v.carried() {
		list = append(list, [2]string{"cases", one})
	}
	return list
}

// size is how many rows a page has.
func (v *Caseload) size() int {
	if v.Filter.Limit == 0 {
		return caseload.PageSize
	}
	return v.Filter.Limit
}

// sizeWords names a size; the last one is all of them, where they are not more.
func (v *Caseload) sizeWords(n int) string {
	if n == caseload.Sizes[len(caseload.Sizes)-1] && v.Found <= n {
		return v.T("caseload.rows_all", msg.Args{"count": v.Found})
	}
	return strconv.Itoa(n)
}

func (v *Caseload) managers() (list []page.Option) {
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

func (v *Caseload) steps() []page.Option {
	var list []page.Option
	for n := 1; n <= 6; n++ {
		list = append(list, page.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n) + " " + v.T("step."+strconv.Itoa(n))})
	}
	return list
}

// flags are the first that the row's other cells do not say, and how many more there are: a late check-in shows
// in its own.
func (v *Caseload) flags(r *caseload.Row) (first *casefile.Flag, more int) {
	elsewhere := v.shows("next")
	for i := range r.Attention {
		switch {
		case elsewhere && r.Attention[i].Code == "check_in_late":
		case first == nil:
			first = &r.Attention[i]
		default:
			more++
		}
	}
	return first, more
}

// exit is the day of the exit: as it was fixed, as it would be, or until when a booked service holds it.
func (v *Caseload) exit(r *caseload.Row) string {
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
func (v *Caseload) flag(f casefile.Flag) string {
	return v.T("flag."+f.Code+".short", msg.Args(f.Reason()))
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
