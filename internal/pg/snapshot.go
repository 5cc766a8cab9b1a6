package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"waymark/internal/access"
	"waymark/internal/errs"
)

// Snapshot is one read-only transaction that all the readings of a request share: a page that is
// put together from several reads shows one moment, and opens and ends one transaction.
// It is opened by the first reading and serves one actor; it is not for use by several goroutines.
type Snapshot struct {
	tx     *sqlx.Tx
	cancel context.CancelFunc
	of     rowContext
	failed bool
	hears  *batch // notes questions instead of asking them
	told   *answers
}

type snapshotKey struct{}

// Reading returns a context under which nothing can be written and everything is read from one
// snapshot, which the caller closes.
func Reading(ctx context.Context) (context.Context, *Snapshot) {
	s := &Snapshot{}
	return context.WithValue(ctx, snapshotKey{}, s), s
}

// Close ends the snapshot, if there was anything to read.
func (s *Snapshot) Close() {
	if s.tx == nil {
		return
	}
	_ = s.tx.Commit()
	s.cancel()
	s.told.over = true
	s.tx, s.told = nil, nil
}

// read runs fn in the snapshot. After a failure the transaction is useless, so the next reading
// opens another.
func (s *Snapshot) read(ctx context.Context, db *DB, r rowContext, fn func(*Tx) error) error {
	if s.hears != nil {
		return s.hear(ctx, db, r, fn)
	}
	s.leave(r)
	if s.tx == nil {
		if err := s.open(ctx, db, r, nil); err != nil {
			return err
		}
	}
	limited, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	err := fn(&Tx{tx: s.tx, ctx: limited, Now: db.clock(), count: counterIn(ctx), of: r, reads: true, told: s.told})
	if err == nil {
		return nil
	}
	_, refused := errors.AsType[*errs.Error](err)
	_, broken := errors.AsType[*pq.Error](err)
	s.failed = broken || !refused && !isNoRows(err)
	return mapped(err)
}

// hear notes what fn asks, if it asks for the same actor as the first.
func (s *Snapshot) hear(ctx context.Context, db *DB, r rowContext, fn func(*Tx) error) error {
	if s.hears.db == nil {
		s.hears.db, s.hears.of = db, r
	}
	if s.hears.db != db || s.hears.of != r {
		return nil
	}
	return fn(&Tx{ctx: ctx, Now: db.clock(), count: new(int), of: r, reads: true, hears: s.hears})
}

// ask has everything of b answered, in a transaction that it opens if need be.
func (s *Snapshot) ask(ctx context.Context, b *batch) error {
	s.leave(b.of)
	if s.tx == nil {
		return s.open(ctx, b.db, b.of, b)
	}
	return s.read(ctx, b.db, b.of, func(tx *Tx) error { return tx.ahead(b) })
}

// leave ends a transaction that is useless, or another actor's.
func (s *Snapshot) leave(r rowContext) {
	if s.tx != nil && (s.of != r || s.failed) {
		s.Close()
	}
}

func (s *Snapshot) open(ctx context.Context, db *DB, r rowContext, b *batch) error {
	if err := ctx.Err(); err != nil {
		return errs.New(errs.Unavailable, "unavailable").With(err)
	}
	known := context.WithValue(context.WithoutCancel(ctx), contextKey{}, r)
	ahead := &answers{of: map[question]answered{}}
	if b != nil {
		b.answers = ahead
	}
	begun, cancel := context.WithTimeout(context.WithValue(known, batchKey{}, b), requestLimit)
	pool := db.pool
	if db.readers != nil {
		pool = db.readers
	}
	tx, err := pool.BeginTxx(begun, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		cancel()
		return mapped(fmt.Errorf("pg: begin: %w", err))
	}
	s.tx, s.cancel, s.of, s.failed, s.told = tx, cancel, r, false, ahead
	return nil
}

func reading(ctx context.Context) *Snapshot {
	s, _ := ctx.Value(snapshotKey{}).(*Snapshot)
	return s
}

// Read runs fn on one read-only snapshot: the request's, if it has one.
func (db *DB) Read(ctx context.Context, by access.Actor, fn func(*Tx) error) error {
	if s := reading(ctx); s != nil {
		return s.read(ctx, db, contextOf(by), fn)
	}
	return db.run(ctx, contextOf(by), &sql.TxOptions{ReadOnly: true}, fn)
}
