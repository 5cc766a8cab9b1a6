package server

import (
	"iter"
	"net/http"
	"slices"

	"waymark/internal/errs"
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/result"
	resultpage "waymark/web/page/result"
)

// wageFile is the import that an address names, and which of its lines.
func (r *request) wageFile() (of result.ImportID, only string, err error) {
	if of, err = param[result.Import](r, "import"); err != nil {
		return of, "", err
	}
	if only = r.c.Query("result"); only != "" && !slices.Contains(result.LineResults, only) {
		return of, "", errs.At("result", "oneof")
	}
	return of, only, nil
}

// showWageLines is the report of an import, one row a line, as a page or as a file.
func (r *request) showWageLines() error {
	of, only, err := r.wageFile()
	if err != nil {
		return err
	}
	if format := r.c.Query("format"); format != "" {
		return r.stream(format, func(fill func(export.Table) error) error {
			return r.s.result.EachLine(r.ctx(), r.by, of, only, func(done result.Import, n int, rows iter.Seq2[result.ImportLine, error]) error {
				return fill(resultpage.LinesTable(r.wording(), done, only, n, rows))
			})
		})
	}
	done, lines, err := r.s.result.Report(r.ctx(), r.by, of, only, resultpage.Shown)
	if err != nil {
		return err
	}
	c := r.chrome("results", "import.report", msg.Args{"name": done.Name})
	return r.show(http.StatusOK, c, resultpage.WageReport{Chrome: c, Import: done, Lines: lines, Only: only}.Body())
}

func (r *request) apiWageLines() error {
	of, only, err := r.wageFile()
	if err != nil {
		return err
	}
	done, lines, err := r.s.result.Report(r.ctx(), r.by, of, only, wholeList)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"import": done, "items": lines, "next": ""})
}
