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
	s.tx = nil
}

// read runs fn in the snapshot. After a failure the transaction is useless, so the next reading
// opens another.
func (s *Snapshot) read(ctx context.Context, db *DB, r rowContext, fn func(*Tx) error) error {
	if s.tx != nil && (s.of != r || s.failed) {
		s.Close()
	}
	if s.tx == nil {
		if err := s.open(ctx, db, r); err != nil {
			return err
		}
	}
	limited, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	err := fn(&Tx{tx: s.tx, ctx: limited, Now: db.clock(), count: counterIn(ctx), reads: true})
	if err == nil {
		return nil
	}
	_, refused := errors.AsType[*errs.Error](err)
	_, broken := errors.AsType[*pq.Error](err)
	s.failed = broken || !refused && !isNoRows(err)
	return mapped(err)
}

func (s *Snapshot) open(ctx context.Context, db *DB, r rowContext) error {
	if err := ctx.Err(); err != nil {
		return errs.New(errs.Unavailable, "unavailable").With(err)
	}
	begun, cancel := context.WithTimeout(context.WithValue(context.WithoutCancel(ctx), contextKey{}, r), requestLimit)
	tx, err := db.pool.BeginTxx(begun, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		cancel()
		return mapped(fmt.Errorf("pg: begin: %w", err))
	}
	s.tx, s.cancel, s.of, s.failed = tx, cancel, r, false
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
