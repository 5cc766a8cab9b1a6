package server

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/caseload"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/page"
	caseloadpage "waymark/web/page/caseload"
)

func (s *Server) caseloadRoutes() {
	s.page("GET", "/caseload", (*request).showCaseload)
	s.api("GET", "/cases", (*request).apiCases)
}

// filter reads the list's address; every view and filter is one.
func (r *request) filter() (f caseload.Filter, err error) {
	return r.filterOf(r.c.Request.URL.Query())
}

// filterOf is filter for an address that was sent along.
func (r *request) filterOf(q url.Values) (f caseload.Filter, err error) {
	var c errs.Collector
	number := func(name string) int {
		text := q.Get(name)
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			c.Add(name, "whole_number")
		}
		return n
	}
	f = caseload.Filter{View: q.Get("view"), Q: q.Get("q"), Step: number("step"), Pathway: q.Get("pathway"), Language: q.Get("language"), Urgency: q.Get("urgency"), Flag: q.Get("flag"), Sort: q.Get("sort"), Limit: number("limit"), Cursor: q.Get("cursor"), Columns: q["columns"]}
	if r.isAPI {
		f.View = q.Get("attention")
		if f.Limit > 100 {
			c.AddArgs("limit", "lte", map[string]any{"param": 100})
		}
		for k := range q {
			if !apiFilters[k] {
				c.Add(k, "unknown")
			}
		}
	}
	if v := q.Get("case_manager"); v != "" {
		if f.CaseManager, err = id.Parse[access.User](v); err != nil {
			c.Add("case_manager", "uuid")
		}
	}
	if v := q.Get("office"); v != "" {
		if f.Office, err = id.Parse[access.Office](v); err != nil {
			c.Add("office", "uuid")
		}
	}
	return f, c.Err()
}

var apiFilters = map[string]bool{"step": true, "attention": true, "case_manager": true, "office": true, "sort": true, "q": true, "pathway": true, "language": true, "urgency": true, "flag": true, "limit": true, "cursor": true}

func (r *request) apiCases() error {
	f, err := r.filter()
	if err != nil {
		return err
	}
	var list caseload.List
	if err := r.whole(func() (err error) {
		list, err = r.s.caseload.List(r.ctx(), r.by, f)
		return err
	}); err != nil {
		return err
	}
	return r.json(http.StatusOK, list)
}

func (r *request) showCaseload() error {
	f, err := r.filter()
	if err != nil {
		return err
	}
	var v caseloadpage.Caseload
	var names names
	if err := r.whole(func() (err error) {
		if v, err = r.caseload(f); err != nil {
			return err
		}
		names, err = r.names()
		return err
	}); err != nil {
		return err
	}
	if f.View == "" {
		f.View = "all"
	}
	c := r.chrome("caseload", "caseload.title")
	form := page.NewForm(c, "caseload", "/caseload", nil)
	form.Values = url.Values{"sort": {"due"}} // the order of a list that names none
	maps.Copy(form.Values, c.Query)
	v.Chrome, v.Filter, v.Roomy, v.Form, v.Pathway, v.Area = c, f, r.session.Roomy, form, names.pathway, names.area
	for _, p := range names.catalogue.Pathways() {
		v.Pathways = append(v.Pathways, page.Option{Value: p.Code, Label: p.Name.In(names.lang)})
	}
	return r.show(http.StatusOK, c, v.Body())
}

// caseload reads the list and what stands around it: saved views, whose cases there are, how many match.
func (r *request) caseload(f caseload.Filter) (v caseloadpage.Caseload, err error) {
	if v.List, err = r.s.caseload.Lines(r.ctx(), r.by, f); err != nil {
		return v, err
	}
	if v.Counts, v.Saved, err = r.s.caseload.Around(r.ctx(), r.by); err != nil {
		return v, err
	}
	if r.by.Role != access.CaseManager {
		if v.Managers, err = r.s.caseload.Managers(r.ctx(), r.by); err != nil {
			return v, err
		}
	}
	if n, known := v.Counts.Found(f); known {
		v.Found = n
		return v, nil
	}
	v.Found, err = r.s.caseload.Found(r.ctx(), r.by, f)
	return v, err
}
