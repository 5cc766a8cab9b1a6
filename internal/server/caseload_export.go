package server

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"waymark/internal/caseload"
	"waymark/internal/errs"
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/page"
)

func (s *Server) caseloadExportRoutes() {
	s.page("POST", "/caseload/export", (*request).exportCaseload)
}

// exportInput is a list's address and how its rows go out.
type exportInput struct {
	Query  string `json:"query"`
	Format string `json:"format"`
}

// exportCaseload sends the whole list of an address as a file: the same rows as on the page, all pages.
func (r *request) exportCaseload() error {
	var in exportInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if !export.Known(in.Format) {
		return errs.At("format", "oneof")
	}
	q, err := url.ParseQuery(in.Query)
	if err != nil || len(in.Query) > 1000 {
		return errs.At("query", "value")
	}
	for k := range q {
		if k != "view" && k != "columns" && !apiFilters[k] {
			return errs.At("query", "unknown")
		}
	}
	f, err := r.filterOf(q)
	if err != nil {
		return err
	}
	rows, err := r.s.caseload.All(r.ctx(), r.by, f, in.Format)
	if err != nil {
		return err
	}
	n, err := r.names()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	t := r.caseloadTable(f, rows, n)
	write := t.WriteCSV
	if in.Format == export.XLSX {
		write = t.WriteXLSX
	}
	if err := write(&b); err != nil {
		return err
	}
	r.c.Header("Content-Disposition", `attachment; filename="`+t.FileName(in.Format)+`"`)
	r.c.Data(http.StatusOK, export.ContentType(in.Format), b.Bytes())
	return nil
}

func (r *request) caseloadTable(f caseload.Filter, rows []caseload.Row, n names) export.Table {
	c := page.Chrome{Words: msg.For(r.lang()), By: r.by, Now: r.now, Today: r.today()}
	t := export.Table{Title: c.T("caseload.title"), Scope: c.T("caseload.scope."+string(r.by.Role), msg.Args{"name": r.by.Name(), "agency": r.by.AgencyName}), Filter: filterWords(c, f, rows, n), Made: c.Moment(r.now), Words: c.Words}
	for _, name := range []string{"last_name", "first_name", "number", "step", "pathway", "milestone", "milestone_due", "since", "next", "exit", "flag", "manager"} {
		kind := export.Text
		switch name {
		case "step":
			kind = export.Number
		case "milestone_due", "since", "next", "exit":
			kind = export.Date
		}
		t.Columns = append(t.Columns, export.Column{Title: c.T("caseload.file." + name), Kind: kind})
	}
	for _, row := range rows {
		var flags []string
		for _, f := range row.Attention {
			flags = append(flags, c.T("flag."+f.Code+".short", msg.Args(f.Args)))
		}
		t.Rows = append(t.Rows, []any{row.LastName, row.First(), row.Number, row.Step, n.pathway(row.PathwayCode), row.Milestone, row.MilestoneDueOn, row.LastReachedOn, row.NextOn, row.ProjectedExit(c.Today), strings.Join(flags, "; "), row.CaseManager})
	}
	return t
}

// filterWords says in words which filter was on.
func filterWords(c page.Chrome, f caseload.Filter, rows []caseload.Row, n names) string {
	parts := []string{c.T("caseload.view." + cmp.Or(f.View, "all"))}
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, c.T("caseload."+key)+" "+value)
		}
	}
	add("q", f.Q)
	if f.Step > 0 {
		add("step", strconv.Itoa(f.Step))
	}
	if f.Pathway != "" {
		add("pathway", n.pathway(f.Pathway))
	}
	if f.Urgency != "" {
		add("urgency", c.T("caseload.urgency."+f.Urgency))
	}
	if f.Flag != "" {
		add("flag", c.T("caseload.flag."+f.Flag))
	}
	if f.Language != "" {
		add("language", c.LanguageName(f.Language))
	}
	if !f.CaseManager.IsZero() && len(rows) > 0 {
		add("case_manager", rows[0].CaseManager)
	}
	return strings.Join(parts, "; ")
}
