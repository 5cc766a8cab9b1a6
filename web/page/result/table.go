package result

import (
	"encoding/csv"
	"strings"

	"waymark/internal/export"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	"waymark/internal/result"
)

// Program is the name of a program.
func Program(c page.Chrome, code string) string { return program(c, code) }

// OverviewTable is the overview as a file.
func OverviewTable(c page.Chrome, o result.Overview) export.Table {
	t := export.Table{
		Title: c.T("result.title") + " " + o.Report.String(), Scope: scope(c), Filter: Report(c, o.Report), Notice: c.T("result.law"),
		Columns: []export.Column{
			{Title: c.T("result.program"), Width: 26},
			{Title: c.T("result.measure"), Width: 34},
			{Title: c.T("result.window"), Width: 40},
			{Title: c.T("result.number")},
			{Title: c.T("result.numerator"), Kind: export.Number},
			{Title: c.T("result.denominator"), Kind: export.Number},
			{Title: c.T("result.pending"), Kind: export.Number},
			{Title: c.T("result.place.out"), Kind: export.Number},
			{Title: c.T("result.target")},
		},
	}
	if o.Compared {
		t.Columns = append(t.Columns, export.Column{Title: c.T("result.as_sent")}, export.Column{Title: c.T("result.differs")})
	}
	for _, p := range o.Tables {
		for _, l := range p.Lines {
			target := ""
			if l.Target != nil {
				target = Level(c, l.Indicator, *l.Target)
			}
			row := []any{
				program(c, p.Program), c.T("result.indicator." + string(l.Indicator)), Window(c, l.Indicator, o.Report), Value(c, l.Number), l.Numerator, l.Denominator, l.Pending, l.Out, target,
			}
			if l.Sent != nil {
				row = append(row, asSent(c, *l.Sent), differs(c, l))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func asSent(c page.Chrome, n result.Number) string {
	return c.T("result.sum", msg.Args{"value": Value(c, n), "counted": counted(c, n)})
}

func differs(c page.Chrome, l result.Line) string {
	if l.Differs {
		return c.T("result.differs")
	}
	return c.T("result.same")
}

// PeriodsTable is one number's periods as a file.
func PeriodsTable(c page.Chrome, report participation.Quarter, o result.Opened, place string) export.Table {
	t := export.Table{
		Title: c.T("result.indicator."+string(o.Indicator)) + " " + report.String(), Scope: scope(c),
		Filter: program(c, o.Program) + ", " + Window(c, o.Indicator, report) + ", " + c.T("result.place."+place),
		Columns: []export.Column{
			{Title: c.T("result.id")},
			{Title: c.T("result.person"), Width: 28},
			{Title: c.T("result.started"), Kind: export.Date},
			{Title: c.T("result.exited"), Kind: export.Date},
			{Title: c.T("result.place")},
			{Title: c.T("result.why"), Width: 50},
			{Title: c.T("result.wages"), Kind: export.Money},
			{Title: c.T("result.manager"), Width: 24},
			{Title: c.T("result.office"), Width: 24},
		},
	}
	for _, p := range o.Items {
		var wages any
		if p.Value > 0 {
			wages = money.Cents(p.Value)
		}
		t.Rows = append(t.Rows, []any{p.Number, p.Name, p.StartedOn, p.ExitOn, c.T(placeWord(p.Row)), reason(c, p.Reason), wages, p.Manager, p.Office})
	}
	t.Notice = c.T("result.sum", msg.Args{"value": Value(c, o.Number), "counted": counted(c, o.Number)})
	return t
}

// FollowUpTable is the list of whom to ask as a file.
func FollowUpTable(c page.Chrome, list []result.Task) export.Table {
	t := export.Table{
		Title: c.T("afterexit.title"), Scope: c.T("afterexit.scope"),
		Columns: []export.Column{
			{Title: c.T("result.id")},
			{Title: c.T("result.person"), Width: 28},
			{Title: c.T("result.exited"), Kind: export.Date},
			{Title: c.T("afterexit.quarter")},
			{Title: c.T("afterexit.due"), Kind: export.Date},
			{Title: c.T("afterexit.state")},
			{Title: c.T("afterexit.open"), Kind: export.Number},
			{Title: c.T("afterexit.phone")},
			{Title: c.T("result.manager"), Width: 24},
		},
	}
	for _, p := range list {
		t.Rows = append(t.Rows, []any{p.Number, p.Name, p.ExitOn, p.Label, p.DueOn, c.T("afterexit.state." + p.State), p.Open, p.Phone, p.Manager})
	}
	return t
}

// FixesTable is what records need, as a file: all of it, whatever the page shows.
func FixesTable(c page.Chrome, report participation.Quarter, list []result.Fix) export.Table {
	t := export.Table{
		Title: c.T("fix.page") + " " + report.String(), Scope: scope(c), Filter: Report(c, report),
		Columns: []export.Column{
			{Title: c.T("result.id")},
			{Title: c.T("result.person"), Width: 28},
			{Title: c.T("fix.what"), Width: 60},
			{Title: c.T("fix.how"), Width: 50},
			{Title: c.T("result.manager"), Width: 24},
		},
	}
	for _, f := range list {
		t.Rows = append(t.Rows, []any{f.Number, f.Name, c.T("fix."+f.Code, fixArgs(c, f)), c.T("fix." + f.Code + ".how"), f.Manager})
	}
	return t
}

// ExportTable is the federal record as a workbook to read: with titles, and what it is not.
func ExportTable(c page.Chrome, e result.Export) export.Table {
	t := export.Table{Title: "PIRL " + e.Report.String(), Scope: scope(c), Filter: Report(c, e.Report)}
	if !e.Layout.Official {
		t.Notice = c.T("pirl.not_official", msg.Args{"version": e.Layout.Version})
	}
	for _, col := range e.Layout.Columns.V {
		t.Columns = append(t.Columns, export.Column{Title: col.Element + " " + col.Name})
	}
	lines, _ := csv.NewReader(strings.NewReader(e.Content)).ReadAll()
	for _, l := range lines {
		row := make([]any, len(l))
		for i, v := range l {
			row[i] = v
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
