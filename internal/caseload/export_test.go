package caseload

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Queries are the statements of a list and its counts, with their arguments, for a test of their plans.
func Queries(tx *pg.Tx, scope access.Scope, f Filter, today civil.Date, rules casefile.Rules) (map[string]string, pg.Args, error) {
	err := f.check()
	return map[string]string{"list": f.query(scope, whole), "lines": f.query(scope, lines), "lines with managers": f.query(scope, managed), "counts": countQuery(scope, ""), "around": countQuery(scope, around)}, f.args(scope, tx, today, rules, cursor{}), err
}
