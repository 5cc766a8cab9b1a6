package server

import (
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/export"
	"waymark/internal/id"
	"waymark/internal/page"
	auditpage "waymark/web/page/auditlog"
)

func (s *Server) auditRoutes() {
	s.page("GET", "/audit", (*request).showAudit)
	s.api("GET", "/audit", (*request).apiAudit)
}

var auditFilters = map[string]bool{"case": true, "person": true, "actor": true, "action": true, "from": true, "to": true, "limit": true, "cursor": true}

// auditFilter reads the trail's address. Scripts write dates as YYYY-MM-DD, people as they type them.
func (r *request) auditFilter() (f audit.Filter, err error) {
	q := r.c.Request.URL.Query()
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	var c errs.Collector
	f = audit.Filter{Person: get("person"), Actor: get("actor"), Action: get("action"), Cursor: get("cursor")}
	if text := get("case"); text != "" {
		if f.Case, err = id.Parse[access.Case](text); err != nil {
			c.Add("case", "uuid")
		}
	}
	day := func(name string) (d civil.Date) {
		text := get(name)
		if text == "" {
			return d
		}
		if d, err = civil.ParseTyped(text, r.today()); err != nil {
			c.AddArgs(name, "date", map[string]any{"entered": text})
		}
		return d
	}
	f.From, f.To = day("from"), day("to")
	if text := get("limit"); text != "" {
		if f.Limit, err = strconv.Atoi(text); err != nil {
			c.Add("limit", "whole_number")
		}
	}
	for name := range q {
		if r.isAPI && !auditFilters[name] {
			c.Add(name, "unknown")
		}
	}
	return f, c.Err()
}

func (r *request) showAudit() error {
	f, wrong := r.auditFilter()
	if format := r.c.Query("format"); format != "" && wrong == nil {
		return r.stream(format, func(fill func(export.Table) error) error {
			return r.s.audit.Each(r.ctx(), r.by, f, func(n int, rows iter.Seq2[audit.Line, error]) error {
				return fill(auditpage.Table(r.wording(), f, n, rows))
			})
		})
	}
	if wrong != nil {
		f = audit.Filter{}
	}
	list, err := r.s.audit.List(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	c := r.chrome("audit", "audit.title")
	form := page.NewForm(c, "audit", "/audit", nil)
	form.Values = url.Values(c.Query)
	status := http.StatusOK
	if wrong != nil {
		form, status, c.Failed = form.Refused(form.Values, wrong), statusOf(wrong), true
	}
	return r.show(status, c, auditpage.Log{Chrome: c, Form: form, List: list}.Body())
}

func (r *request) apiAudit() error {
	f, err := r.auditFilter()
	if err != nil {
		return err
	}
	list, err := r.s.audit.List(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, list)
}
