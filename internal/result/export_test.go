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
