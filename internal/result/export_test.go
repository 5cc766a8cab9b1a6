package result

import (
	"iter"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// RowsOf lists every row, for the tests.
func RowsOf(tx *pg.Tx, scope access.Scope, asOf civil.Date, lag int, reports ...participation.Quarter) ([]Row, error) {
	return pg.List[Row](tx, rowsQuery(scope, `select report, indicator, program, case_id, place, met, value, reason from rows limit 10000000`),
		question{reports, asOf, lag}.args().In(scope, tx))
}

// NumbersOf counts them.
func NumbersOf(tx *pg.Tx, scope access.Scope, asOf civil.Date, lag int, reports ...participation.Quarter) ([]Number, error) {
	return numbers(tx, scope, question{reports, asOf, lag})
}

// FileOf makes the file of a quarter, for the tests: each record by its case, with what the layout refuses.
func FileOf(tx *pg.Tx, scope access.Scope, asOf civil.Date, lag int, report participation.Quarter) (map[access.CaseID]map[string]string, []Fix, error) {
	columns, _ := ParseColumns(builtin)
	records, refused, n := map[access.CaseID]map[string]string{}, []Fix{}, 0
	var cases []access.CaseID
	for line, err := range fill(columns, noting(&cases, eachPeriod(tx, scope, question{nil, asOf, lag}, report, nil))) {
		if err != nil {
			return nil, nil, err
		}
		cells := map[string]string{}
		for i, c := range columns {
			cells[c.Element] = line.cells[i]
		}
		records[cases[n]], n, refused = cells, n+1, append(refused, line.refused...)
	}
	return records, refused, nil
}

// noting keeps whose each period is.
func noting(cases *[]access.CaseID, periods iter.Seq2[period, error]) iter.Seq2[period, error] {
	return func(yield func(period, error) bool) {
		for p, err := range periods {
			*cases = append(*cases, p.CaseID)
			if !yield(p, err) {
				return
			}
		}
	}
}
