package pg

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strconv"
	"time"

	"waymark/internal/access"
)

// streamLimit bounds a reading that goes through all rows of a long list for a file. A list that is sorted
// sends its first row only when it has all of them.
const streamLimit = 45 * time.Second

// streamsAtOnce is how many such readings there are at a time: the others wait, and pages do not wait for them.
const streamsAtOnce = 4

// streamSettings give a long reading its time, and a plan of its own: planning costs nothing beside going
// through the rows, and a plan for any arguments takes a whole agency for a handful of people.
const streamSettings = `select set_config('statement_timeout', :limit, true), set_config('plan_cache_mode', 'force_custom_plan', true)`

type limitKey struct{}

// limitOf is how long one use case may take.
func limitOf(ctx context.Context) time.Duration {
	if limit, ok := ctx.Value(limitKey{}).(time.Duration); ok {
		return limit
	}
	return queryLimit
}

// Stream is Read for a file of any length: a snapshot of its own, with time to go through all of its
// rows. The request's snapshot ends first, so that no request holds two connections.
func (db *DB) Stream(ctx context.Context, by access.Actor, fn func(*Tx) error) error {
	if s := reading(ctx); s != nil {
		s.Close()
	}
	ctx = context.WithValue(ctx, limitKey{}, streamLimit)
	if db.streams != nil {
		db = &DB{pool: db.streams, clock: db.clock}
	}
	return db.run(ctx, contextOf(by), &sql.TxOptions{ReadOnly: true}, func(tx *Tx) error {
		if err := Insert(tx, streamSettings, Args{"limit": strconv.FormatInt(streamLimit.Milliseconds(), 10)}); err != nil {
			return err
		}
		return fn(tx)
	})
}

// Each reads the rows of a query one after the other, so that a list of any length takes the memory of
// one row. Until the last one nothing else can be asked in the transaction.
func Each[T any](tx *Tx, query string, arg any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := tx.each(query, arg, func(scan func(any) error) (bool, error) {
			var one T
			if err := scan(&one); err != nil {
				return false, err
			}
			return yield(one, nil), nil
		})
		if err != nil {
			var none T
			yield(none, mapped(fmt.Errorf("pg: each: %w", err)))
		}
	}
}

// each hands every row to fn until it wants no more.
func (tx *Tx) each(query string, arg any, fn func(scan func(any) error) (bool, error)) error {
	q, args, err := tx.bind(query, arg)
	if err != nil {
		return err
	}
	rows, err := tx.tx.QueryxContext(tx.ctx, q, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if on, err := fn(rows.StructScan); !on || err != nil {
			return err
		}
	}
	return rows.Err()
}
