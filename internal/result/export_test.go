package result

import (
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
	periods, err := periodsOf(tx, scope, question{nil, asOf, lag}, report)
	if err != nil {
		return nil, nil, err
	}
	records := map[access.CaseID]map[string]string{}
	for i := range periods {
		cells := map[string]string{}
		for _, c := range columns {
			cells[c.Element] = c.filler()(&periods[i])
		}
		records[periods[i].CaseID] = cells
	}
	_, refused, err := write(columns, periods)
	return records, refused, err
}
