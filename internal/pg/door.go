package pg

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"waymark/internal/errs"
)

// Ask calls one of the functions of schema app outside a transaction, in one round trip.
// They are the only doors that answer before an agency is known. No row is NotFound.
func Ask[T any](ctx context.Context, db *DB, query string, arg Args) (T, error) {
	return ask[T](ctx, db.pool, query, arg)
}

// Look is Ask for a door behind which nothing changes, with connections of its own: every request asks who it is from.
func Look[T any](ctx context.Context, db *DB, query string, arg Args) (T, error) {
	if db.lookers == nil {
		return ask[T](ctx, db.pool, query, arg)
	}
	return ask[T](ctx, db.lookers, query, arg)
}

func ask[T any](ctx context.Context, pool *sqlx.DB, query string, arg Args) (T, error) {
	var one T
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	q, args, err := bindNames(query, arg)
	if err != nil {
		return one, err
	}
	*counterIn(ctx)++
	if err := pool.GetContext(ctx, &one, q, args...); err != nil {
		return one, mapped(fmt.Errorf("pg: ask: %w", err))
	}
	return one, nil
}

// AskAll is Ask for several rows.
func AskAll[T any](ctx context.Context, db *DB, query string, arg Args) ([]T, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	q, args, err := bindNames(query, arg)
	if err != nil {
		return nil, err
	}
	list := []T{}
	if err := db.pool.SelectContext(ctx, &list, q, args...); err != nil {
		return nil, mapped(fmt.Errorf("pg: ask: %w", err))
	}
	return list, nil
}

// Submission is one sending of a form or one Idempotency-Key. Write stores it in the transaction
// of the first thing written under it, so that a repetition changes nothing.
type Submission struct {
	Key, Route string
	BodyHash   []byte
	stored     bool
}

// Stored reports whether a transaction took the key.
func (s *Submission) Stored() bool { return s != nil && s.stored }

type submissionKey struct{}

// Submitting returns a context whose first Write takes the submission's key.
func Submitting(ctx context.Context, s *Submission) context.Context {
	return context.WithValue(ctx, submissionKey{}, s)
}

// take stores the key; while another transaction holds it, this one waits.
func (s *Submission) take(tx *Tx, agency, user string) error {
	n, err := Exec(tx, `insert into submissions (agency_id, user_id, key, route, body_hash)
		values (cast(:agency as uuid), cast(:user as uuid), :key, :route, :hash) on conflict do nothing`,
		Args{"agency": agency, "user": user, "key": s.Key, "route": s.Route, "hash": s.BodyHash})
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "submission.repeated")
	}
	return err
}
