package server

import (
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
	q := r.c.Request.URL.Query()
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
	f = caseload.Filter{View: q.Get("view"), Q: q.Get("q"), Step: number("step"), Pathway: q.Get("pathway"), Language: q.Get("language"), Urgency: q.Get("urgency"), Sort: q.Get("sort"), Limit: number("limit"), Cursor: q.Get("cursor")}
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

var apiFilters = map[string]bool{"step": true, "attention": true, "case_manager": true, "office": true, "sort": true, "q": true, "pathway": true, "language": true, "urgency": true, "limit": true, "cursor": true}

func (r *request) apiCases() error {
	f, err := r.filter()
	if err != nil {
		return err
	}
	list, err := r.s.caseload.List(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, list)
}

func (r *request) showCaseload() error {
	f, err := r.filter()
	if err != nil {
		return err
	}
	list, err := r.s.caseload.List(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	counts, err := r.s.caseload.Count(r.ctx(), r.by)
	if err != nil {
		return err
	}
	names, err := r.names()
	if err != nil {
		return err
	}
	if f.View == "" {
		f.View = "all"
	}
	c := r.chrome("caseload", "caseload.title")
	form := page.NewForm(c, "caseload", "/caseload", nil)
	form.Values = url.Values(c.Query)
	return r.show(http.StatusOK, c, caseloadpage.Caseload{Chrome: c, Filter: f, List: list, Counts: counts, Roomy: r.session.Roomy, Form: form, Pathway: names.pathway, Area: names.area}.Body())
}
