package auditlog

import (
	"iter"
	"strings"

	"waymark/internal/audit"
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/page"
)

// Table is the trail as a file, read one row after the other.
func Table(c page.Chrome, f audit.Filter, count int, rows iter.Seq2[audit.Line, error]) export.Table {
	v := Log{Chrome: c}
	return export.Table{
		Title: c.T("audit.title"), Scope: c.T("result.scope.agency", msg.Args{"agency": c.By.AgencyName}), Filter: v.filter(f),
		Count: count, Each: export.Cells(rows, v.cells),
		Columns: []export.Column{
			{Title: c.T("audit.when"), Width: 26},
			{Title: c.T("audit.who"), Width: 24},
			{Title: c.T("audit.role"), Width: 18},
			{Title: c.T("audit.what"), Width: 40},
			{Title: c.T("audit.code"), Width: 24},
			{Title: c.T("audit.whom")},
			{Title: c.T("audit.case"), Width: 38},
			{Title: c.T("audit.detail"), Width: 60},
			{Title: c.T("audit.request"), Width: 38},
		},
	}
}

// cells are one row; its moment is the agency's, with the distance to UTC.
func (v Log) cells(l audit.Line) []any {
	at := ""
	if !l.CaseID.IsZero() {
		at = l.CaseID.String()
	}
	return []any{v.By.Local(l.At).Format("2006-01-02 15:04:05 -0700"), l.Actor, v.role(l), v.action(l.Action), l.Action, l.Number, at, detail(l), l.RequestID}
}

// filter says in words what was asked for.
func (v Log) filter(f audit.Filter) string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, v.T("audit."+key)+" "+value)
		}
	}
	add("person", f.Person)
	add("actor", f.Actor)
	add("action", f.Action)
	if !f.Case.IsZero() {
		add("case", f.Case.String())
	}
	if !f.From.IsZero() {
		add("from", v.Date(f.From))
	}
	if !f.To.IsZero() {
		add("to", v.Date(f.To))
	}
	return strings.Join(parts, "; ")
}
