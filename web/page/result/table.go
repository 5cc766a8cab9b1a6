package result

import (
	"iter"

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

// PeriodsTable is one number's periods as a file, read one after the other.
func PeriodsTable(c page.Chrome, a result.Asked, n result.Number, rows iter.Seq2[result.Counted, error]) export.Table {
	return export.Table{
		Title: c.T("result.indicator."+string(a.Indicator)) + " " + a.Report.String(), Scope: scope(c),
		Filter: program(c, a.Program) + ", " + Window(c, a.Indicator, a.Report) + ", " + c.T("result.place."+a.Place),
		Notice: c.T("result.sum", msg.Args{"value": Value(c, n), "counted": counted(c, n)}),
		Count:  n.Found(a.Place), Each: export.Cells(rows, func(p result.Counted) []any { return periodCells(c, p) }),
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
}

func periodCells(c page.Chrome, p result.Counted) []any {
	var wages any
	if p.Value > 0 {
		wages = money.Cents(p.Value)
	}
	return []any{p.Number, p.Name, p.StartedOn, p.ExitOn, c.T(placeWord(p.Row)), reason(c, p.Reason), wages, p.Manager, p.Office}
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
func FixesTable(c page.Chrome, report participation.Quarter, n int, rows iter.Seq2[result.Fix, error]) export.Table {
	return export.Table{
		Title: c.T("fix.page") + " " + report.String(), Scope: scope(c), Filter: Report(c, report),
		Columns: []export.Column{
			{Title: c.T("result.id")},
			{Title: c.T("result.person"), Width: 28},
			{Title: c.T("fix.what"), Width: 60},
			{Title: c.T("fix.how"), Width: 50},
			{Title: c.T("result.manager"), Width: 24},
		},
		Count: n, Each: export.Cells(rows, func(f result.Fix) []any {
			return []any{f.Number, f.Name, c.T("fix."+f.Code, fixArgs(c, f)), c.T("fix." + f.Code + ".how"), f.Manager}
		}),
	}
}

// ImportsTable is the wage files so far as a file.
func ImportsTable(c page.Chrome, list []result.Import) export.Table {
	t := export.Table{
		Title: c.T("import.title"), Scope: scope(c), Filter: c.T("import.filter"),
		Columns: []export.Column{
			{Title: c.T("import.name"), Width: 30},
			{Title: c.T("import.source"), Width: 22},
			{Title: c.T("submit.when"), Width: 22},
			{Title: c.T("import.by"), Width: 24},
			{Title: c.T("import.lines"), Kind: export.Number},
			{Title: c.T("import.people"), Kind: export.Number},
			{Title: c.T("import.added"), Kind: export.Number},
			{Title: c.T("import.changed"), Kind: export.Number},
			{Title: c.T("import.same"), Kind: export.Number},
			{Title: c.T("import.skipped"), Kind: export.Number},
			{Title: c.T("submit.hash"), Width: 66},
		},
	}
	for _, i := range list {
		t.Rows = append(t.Rows, []any{i.Name, c.T("wage.source." + i.Source), c.Moment(i.CreatedAt), i.ImportedBy, i.Lines, i.People, i.Added, i.Changed, i.Same, i.Skipped, i.SHA256})
	}
	return t
}

// LinesTable is what became of each line of a wage file, read one after the other.
func LinesTable(c page.Chrome, done result.Import, only string, n int, rows iter.Seq2[result.ImportLine, error]) export.Table {
	t := export.Table{
		Title: c.T("import.report", msg.Args{"name": done.Name}), Scope: scope(c), Filter: c.T("import.every_line"), Notice: c.T("wage.source."+done.Source) + ", " + c.Moment(done.CreatedAt) + ", " + done.ImportedBy,
		Count: n, Each: export.Cells(rows, func(l result.ImportLine) []any { return lineCells(c, l) }),
		Columns: []export.Column{
			{Title: c.T("fault.line"), Kind: export.Number},
			{Title: c.T("import.person"), Width: 20},
			{Title: c.T("import.matched"), Width: 26},
			{Title: c.T("submit.quarter")},
			{Title: c.T("import.given"), Width: 40},
			{Title: c.T("import.quarterly"), Kind: export.Money},
			{Title: c.T("wage.fein")},
			{Title: c.T("import.became"), Width: 34},
		},
	}
	if only != "" {
		t.Filter = c.T("import." + only)
	}
	return t
}

func lineCells(c page.Chrome, l result.ImportLine) []any {
	var wages any
	if l.Wages != nil {
		wages = *l.Wages
	}
	return []any{l.Line, l.Person, c.T("import.matched." + matched(l)), l.Label, given(c, l), wages, l.FEIN, became(c, l)}
}

// ExportTable is the federal record as a workbook to read: with titles, and what it is not.
func ExportTable(c page.Chrome, e result.Export, lines iter.Seq2[[]string, error]) export.Table {
	t := export.Table{Title: "PIRL " + e.Report.String(), Scope: scope(c), Filter: Report(c, e.Report), Count: e.Rows, Each: export.Cells(lines, texts)}
	if !e.Layout.Official {
		t.Notice = c.T("pirl.not_official", msg.Args{"version": e.Layout.Version})
	}
	for _, col := range e.Layout.Columns.V {
		t.Columns = append(t.Columns, export.Column{Title: col.Element + " " + col.Name})
	}
	return t
}

func texts(line []string) []any {
	row := make([]any, len(line))
	for i, v := range line {
		row[i] = v
	}
	return row
}
