package caseload

import (
	"context"
	"iter"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// File hands every row of a filtered list to write, one after the other, with their number ahead: the
// list's own rows at one moment, however many. That the file was made is noted.
func (s *Service) File(ctx context.Context, by access.Actor, f Filter, format string, write func(n int, rows iter.Seq2[Row, error]) error) error {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	n := 0
	f.Cursor = "" // a file begins with the first row
	if err := s.db.Stream(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		rules, err := casefile.RulesFor(tx, by)
		if err != nil {
			return err
		}
		args := f.args(scope, tx, today, rules, cursor{})
		if n, err = pg.Get[int](tx, f.foundQuery(scope), args); err != nil {
			return err
		}
		args["limit"] = n
		return write(n, flagged(pg.Each[Row](tx, f.query(scope, whole), args), today, rules))
	}); err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		return audit.Append(tx, by, audit.Entry{Action: "caseload.exported", Detail: map[string]any{"format": format, "rows": n, "view": f.View, "urgency": f.Urgency}})
	})
}

// flagged adds to each row what needs attention.
func flagged(rows iter.Seq2[Row, error], today civil.Date, rules casefile.Rules) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				row.Attention = casefile.Attention(&row.Case, today, rules)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
