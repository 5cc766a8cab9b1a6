package pg

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"

	"waymark/internal/access"
	"waymark/internal/errs"
)

// Args are the named arguments of a query, `:name` in its text.
type Args map[string]any

// In adds the arguments of a scope, at the transaction's instant.
func (a Args) In(s access.Scope, tx *Tx) Args {
	all := maps.Clone(a)
	if all == nil {
		all = Args{}
	}
	maps.Copy(all, s.Args(tx.Now))
	return all
}

func (tx *Tx) bind(query string, arg any) (string, []any, error) {
	*tx.count++
	switch a := arg.(type) {
	case nil:
		return bindNames(query, nil)
	case Args:
		return bindNames(query, a)
	}
	q, args, err := sqlx.BindNamed(sqlx.DOLLAR, query, arg)
	if err != nil {
		return "", nil, fmt.Errorf("pg: bind: %w", err)
	}
	return q, args, nil
}

// bound is a query with numbered parameters and the name of each.
type bound struct {
	query string
	names []string
}

// boundQueries keeps what sqlx made of each text: reading a query for names costs as much as sending it.
var boundQueries memo // text -> bound

// memo keeps what was made of the program's texts. They are put together from constants; of filters there are more
// combinations than are worth keeping, so it begins anew when it is full.
type memo struct {
	made sync.Map
	size atomic.Int64
}

const mostMade = 4096

func (m *memo) load(key any) (any, bool) { return m.made.Load(key) }

func (m *memo) store(key, value any) {
	if m.size.Add(1) > mostMade {
		m.made.Clear()
		m.size.Store(1)
	}
	m.made.Store(key, value)
}

// bindNames is sqlx.BindNamed for a map, read once a text: given every name as its own value, sqlx says
// the order of the names.
func bindNames(query string, arg Args) (string, []any, error) {
	kept, ok := boundQueries.load(query)
	if !ok {
		probe := make(map[string]any, len(arg))
		for name := range arg {
			probe[name] = name
		}
		q, names, err := sqlx.BindNamed(sqlx.DOLLAR, query, probe)
		if err != nil {
			return "", nil, fmt.Errorf("pg: bind: %w", err)
		}
		kept = sameNames(q, names)
		boundQueries.store(query, kept)
	}
	b := kept.(bound)
	args := make([]any, len(b.names))
	for i, name := range b.names {
		v, ok := arg[name]
		if !ok {
			return "", nil, fmt.Errorf("pg: bind: no argument %s", name)
		}
		args[i] = v
	}
	return b.query, args, nil
}

var numbered = regexp.MustCompile(`\$[0-9]+`)

// sameNames gives a name that stands several times in a query one parameter: sqlx gives it one for each place, and the
// server reads and compares each for itself. So a name has one type in all its places.
func sameNames(query string, names []any) bound {
	b := bound{}
	place := map[string]string{}
	at := 0
	b.query = numbered.ReplaceAllStringFunc(query, func(found string) string {
		if at == len(names) {
			return found // no parameter of sqlx's: the server says what it makes of it
		}
		name := names[at].(string)
		at++
		if place[name] == "" {
			b.names = append(b.names, name)
			place[name] = "$" + strconv.Itoa(len(b.names))
		}
		return place[name]
	})
	return b
}

// List reads all rows of a query into a slice that is never nil. The query carries its own limit.
func List[T any](tx *Tx, query string, arg any) ([]T, error) {
	q, args, err := tx.bind(query, arg)
	if err != nil {
		return nil, err
	}
	list := []T{}
	if tx.hears != nil {
		return list, tx.hears.add(q, args)
	}
	if a, ok := tx.told.find(q, args); ok {
		list, err = read[T](tx, q, a)
		return list, mapped(err)
	}
	if err := tx.tx.SelectContext(tx.ctx, &list, q, args...); err != nil {
		return nil, mapped(fmt.Errorf("pg: list: %w", err))
	}
	return list, nil
}

// Get reads one row; none is NotFound.
func Get[T any](tx *Tx, query string, arg any) (T, error) {
	var one T
	q, args, err := tx.bind(query, arg)
	if err != nil {
		return one, err
	}
	if tx.hears != nil {
		return one, tx.hears.add(q, args)
	}
	if a, ok := tx.told.find(q, args); ok {
		a.rows = a.rows[:min(len(a.rows), 1)]
		list, err := read[T](tx, q, a)
		if err == nil && len(list) == 0 {
			err = sql.ErrNoRows
		}
		if err != nil {
			return one, mapped(fmt.Errorf("pg: get: %w", err))
		}
		return list[0], nil
	}
	if err := tx.tx.GetContext(tx.ctx, &one, q, args...); err != nil {
		return one, mapped(fmt.Errorf("pg: get: %w", err))
	}
	return one, nil
}

// Find reads one row, or reports that there is none.
func Find[T any](tx *Tx, query string, arg any) (one T, found bool, err error) {
	one, err = Get[T](tx, query, arg)
	if tx.hears != nil {
		return one, false, err
	}
	if errs.Is(err, errs.NotFound) {
		return one, false, nil
	}
	return one, err == nil, err
}

// Exec changes rows and says how many.
func Exec(tx *Tx, query string, arg any) (int, error) {
	q, args, err := tx.bind(query, arg)
	if err != nil {
		return 0, err
	}
	r, err := tx.tx.ExecContext(tx.ctx, q, args...)
	if err != nil {
		return 0, mapped(fmt.Errorf("pg: exec: %w", err))
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// ExecOne changes exactly one row; none means that its version has moved on: Conflict.
func ExecOne(tx *Tx, query string, arg any) error {
	n, err := Exec(tx, query, arg)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "version")
	}
	return err
}

// Insert is Exec for statements whose row count says nothing.
func Insert(tx *Tx, query string, arg any) error {
	_, err := Exec(tx, query, arg)
	return err
}

// isNoRows is kept here so that only this package knows database/sql.
func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
