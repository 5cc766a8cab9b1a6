package today

import "waymark/internal/access"

// Queries are the statements of the page of the day, for a test of their plans.
func Queries(scope access.Scope) map[string]string {
	return map[string]string{"rows": rowsQuery(scope), "next": nextQuery(scope), "plans": plansQuery(scope), "asked": askedQuery(scope)}
}
