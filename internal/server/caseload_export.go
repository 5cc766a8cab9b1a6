package server

import (
	"cmp"
	"iter"
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
	n, err := r.names()
	if err != nil {
		return err
	}
	named, err := r.s.caseload.Named(r.ctx(), r.by, f)
	if err != nil {
		return err
	}
	t := r.caseloadTable(f, named, n)
	var file export.Spool
	defer file.Close()
	if err := r.s.caseload.File(r.ctx(), r.by, f, in.Format, func(count int, rows iter.Seq2[caseload.Row, error]) error {
		t.Count, t.Each = count, r.caseloadRows(rows, n)
		return r.fill(&file, t, in.Format)
	}); err != nil {
		return err
	}
	return r.sendList(&file, t.FileName(in.Format), in.Format)
}

// caseloadTable is the list's file without its rows.
func (r *request) caseloadTable(f caseload.Filter, named caseload.Named, n names) export.Table {
	c := r.wording()
	t := export.Table{Title: c.T("caseload.title"), Scope: c.Reach(), Filter: filterWords(c, f, named, n)}
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
	return t
}

// caseloadRows are the cells of each row as it comes.
func (r *request) caseloadRows(rows iter.Seq2[caseload.Row, error], n names) iter.Seq2[[]any, error] {
	c := r.wording()
	return export.Cells(rows, func(row caseload.Row) []any {
		var flags []string
		for _, f := range row.Attention {
			flags = append(flags, c.T("flag."+f.Code+".short", msg.Args(f.Args)))
		}
		return []any{row.LastName, row.First(), row.Number, row.Step, n.pathway(row.PathwayCode), row.Milestone, row.MilestoneDueOn, row.LastReachedOn, row.NextOn, row.ProjectedExit(c.Today), strings.Join(flags, "; "), row.CaseManager}
	})
}

// filterWords says in words which filter was on.
func filterWords(c page.Chrome, f caseload.Filter, named caseload.Named, n names) string {
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
	add("case_manager", named.Manager)
	add("office", named.Office)
	return strings.Join(parts, "; ")
}
