package server

import (
	"net/http"
	"net/url"

	"waymark/internal/access"
	"waymark/internal/caseload"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/page"
	"waymark/internal/today"
	engagementpage "waymark/web/page/engagement"
	todaypage "waymark/web/page/today"
)

func (s *Server) todayRoutes() {
	s.page("GET", "/today", (*request).showToday)
	s.api("GET", "/today", (*request).apiToday)
}

func (r *request) showToday() error {
	var v todaypage.Today
	var names names
	gather := r.whole
	if q := r.c.Request.URL.Query(); q.Has("open") || q.Has("saved") || q.Has("row") { // which read a case besides
		gather = r.together
	}
	if err := gather(func() (err error) {
		if v, err = r.day(); err != nil {
			return err
		}
		names, err = r.names()
		return err
	}); err != nil {
		return err
	}
	v.Chrome, v.Pathway = r.chrome("today", "today.title"), names.pathway
	v.List = v.List.Sorted(v.Query.Get("sort"))
	if key := v.Query.Get("row"); r.partial() && key != "" {
		return r.showClosedRow(v.Chrome, v.List, key, names)
	}
	if err := r.openRow(&v); err != nil {
		return err
	}
	if err := r.savedLine(&v); err != nil {
		return err
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

// day reads the list, its numbers and what waits beside it.
func (r *request) day() (v todaypage.Today, err error) {
	if v.List, err = r.s.today.List(r.ctx(), r.by); err != nil {
		return v, err
	}
	if v.Counts, err = r.s.caseload.Count(r.ctx(), r.by); err != nil {
		return v, err
	}
	if v.Questions, err = r.s.followup.Open(r.ctx(), r.by); err != nil {
		return v, err
	}
	if v.Left, err = r.s.result.FollowUpDue(r.ctx(), r.by); err != nil {
		return v, err
	}
	v.Moves, err = r.s.revision.Open(r.ctx(), r.by)
	return v, err
}

// openRow shows the form of the row that the address names.
func (r *request) openRow(v *todaypage.Today) error {
	key := v.Query.Get("open")
	item, ok := v.List.Find(key)
	if !ok || !item.Talks() {
		return nil
	}
	start, err := r.s.engagement.Begin(r.ctx(), r.by, item.CaseID)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := r.noteRecords(item.CaseID.String()); err != nil { // the form tells what was last said
		return err
	}
	v.Opened = key
	v.Form, err = r.quick(v.Chrome, start, v.With("open", "", "saved", ""), key, nil)
	return err
}

// savedLine says what was just saved, with the way back.
func (r *request) savedLine(v *todaypage.Today) error {
	caseID, err := id.Parse[access.Case](v.Query.Get("saved"))
	if err != nil {
		return nil //nolint:nilerr // an address that names nothing says nothing
	}
	start, err := r.s.engagement.Begin(r.ctx(), r.by, caseID)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return nil
	}
	if err != nil || !start.HasLast || !start.Last.Undoable(r.by, r.now) {
		return err
	}
	v.Saved, v.SavedWith = start.Last, start.Case
	return r.noteRecords(caseID.String())
}

// showClosedRow is one row without its form, after cancelling.
func (r *request) showClosedRow(c page.Chrome, list today.List, key string, n names) error {
	item, ok := list.Find(key)
	if !ok {
		return r.go303("/today")
	}
	return r.html(http.StatusOK, todaypage.Row{Chrome: c, Item: item, Pathway: n.pathway, Here: "/today"}.Line())
}

// showRow is one row with the form of its check-in.
func (r *request) showRow(status int, key string, form engagementpage.Quick, next string) error {
	row, err := r.rowOf(form.Chrome, key, next)
	if err != nil {
		return err
	}
	return r.html(status, row.Open(form))
}

// showDone is one row after its check-in was saved.
func (r *request) showDone(key, next string, made engagement.CheckIn) error {
	c := r.chrome("today", "today.title")
	row, err := r.rowOf(c, key, next)
	if err != nil {
		return err
	}
	start, err := r.s.engagement.Begin(r.ctx(), r.by, made.CaseID)
	if err != nil {
		return err
	}
	row.Item.Name, row.Item.Step, row.Item.Pathway, row.Item.Language = start.Case.Name(), start.Case.Step, start.Case.PathwayCode, start.Case.Language
	r.answer = answer{status: http.StatusSeeOther, location: withQuery(next, "saved", made.CaseID.String())}
	return r.html(http.StatusOK, row.Done(start.Case, made))
}

// rowOf finds a row of the list; one that is done already is only known by its case.
func (r *request) rowOf(c page.Chrome, key, next string) (todaypage.Row, error) {
	list, err := r.s.today.List(r.ctx(), r.by)
	if err != nil {
		return todaypage.Row{}, err
	}
	n, err := r.names()
	if err != nil {
		return todaypage.Row{}, err
	}
	item, found := list.Find(key)
	if !found {
		caseID, ok := caseOfRow(key)
		if !ok {
			return todaypage.Row{}, errs.New(errs.NotFound, "not_found")
		}
		item = today.Item{CaseID: caseID, Kind: kindOf(key), DueOn: r.today()}
	}
	return todaypage.Row{Chrome: c, Item: item, Pathway: n.pathway, Here: next}, nil
}

func kindOf(key string) string {
	if len(key) > 2 && key[len(key)-2:] == "-m" {
		return today.Milestone
	}
	return today.CheckIn
}

// todayView is the day with the five numbers.
type todayView struct {
	today.List
	Counts todayCounts `json:"counts"`
}

type todayCounts struct {
	Overdue   int `json:"overdue"`
	Week      int `json:"week"`
	Attention int `json:"attention"`
	Drafts    int `json:"drafts"`
	Caseload  int `json:"caseload"`
}

func (r *request) apiToday() error {
	list, err := r.s.today.List(r.ctx(), r.by)
	if err != nil {
		return err
	}
	var counts caseload.Counts
	if counts, err = r.s.caseload.Count(r.ctx(), r.by); err != nil {
		return err
	}
	sorted := list.Sorted(url.Values(r.c.Request.URL.Query()).Get("sort"))
	return r.json(http.StatusOK, todayView{sorted, todayCounts{counts.Overdue, counts.Week, counts.Attention, list.Unfinished(), counts.All}})
}
