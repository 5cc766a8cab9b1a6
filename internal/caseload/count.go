package caseload

import (
	"cmp"
	"context"
	"reflect"
	"sync"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/pg"
)

// Counts are how many cases each view holds, by the same conditions as the lists.
type Counts struct {
	All       int `db:"all_count" json:"all"`
	Overdue   int `db:"overdue" json:"overdue"`
	Week      int `db:"week" json:"week"`
	Attention int `db:"attention" json:"attention"`
	Stalled   int `db:"stalled" json:"stalled"`
	New       int `db:"new_count" json:"new"`
	// StalledDays is the rule by which people count as stalled.
	StalledDays int `db:"-" json:"stalled_days"`
}

// Of is the count of a view.
func (c Counts) Of(view string) int {
	return map[string]int{"all": c.All, "overdue": c.Overdue, "week": c.Week, "attention": c.Attention, "stalled": c.Stalled, "new": c.New}[view]
}

// Found is how many a list holds that a view alone narrows; any other has to be counted.
func (c Counts) Found(f Filter) (n int, known bool) {
	alone := Filter{View: f.View, Sort: f.Sort, Limit: f.Limit, Cursor: f.Cursor, Columns: f.Columns}
	if f.View == "closed" || !reflect.DeepEqual(f, alone) {
		return 0, false
	}
	return c.Of(cmp.Or(f.View, "all")), true
}

// Count counts the views of the actor's caseload.
func (s *Service) Count(ctx context.Context, by access.Actor) (counts Counts, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return counts, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		counts, err = CountIn(tx, scope)
		return err
	})
	return counts, err
}

// around asks for the actor's own views, besides the counts.
const around = `, (select coalesce(json_agg(v), '[]') from (` + savedQuery + `) v) as saved`

// Around is what stands around the actor's lists, in one statement: how many cases each view holds, and the actor's own
// views.
func (s *Service) Around(ctx context.Context, by access.Actor) (counts Counts, saved []Saved, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return counts, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		rules, err := casefile.RulesFor(tx, by)
		if err != nil {
			return err
		}
		all, err := pg.Get[struct {
			Counts
			Saved pg.JSON[[]Saved] `db:"saved"`
		}](tx, countQuery(scope, around), rules.Args(by.Today(tx.Now)).In(scope, tx))
		counts, saved = all.Counts, all.Saved.V
		counts.StalledDays = rules.Stalled
		return err
	})
	return counts, saved, err
}

// CountIn is Count inside a transaction.
func CountIn(tx *pg.Tx, scope access.Scope) (Counts, error) {
	today := scope.By().Today(tx.Now)
	rules, err := casefile.RulesFor(tx, scope.By())
	if err != nil {
		return Counts{}, err
	}
	counts, err := pg.Get[Counts](tx, countQuery(scope, ""), rules.Args(today).In(scope, tx))
	counts.StalledDays = rules.Stalled
	return counts, err
}

// countQueries are put together once for each kind of scope: they are long.
var countQueries sync.Map // condition and what is asked besides -> query

// countQuery counts every view at once.
func countQuery(scope access.Scope, besides string) string {
	key := [2]string{scope.Where(), besides}
	if q, ok := countQueries.Load(key); ok {
		return q.(string)
	}
	q := countOf(key[0], besides)
	countQueries.Store(key, q)
	return q
}

func countOf(where, besides string) string {
	of := func(view string) string { return `count(*) filter (where ` + narrower[view] + `) as ` }
	return `select count(*) as all_count, ` + of("overdue") + `overdue, ` + of("week") + `week, ` + of("attention") + `attention, ` + of("stalled") + `stalled, ` + of("new") + `new_count` + besides + `
		from cases c where ` + condition("all") + ` and ` + where
}
