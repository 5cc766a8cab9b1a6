// Package pg is the only door to PostgreSQL: one transaction per use case, opened with the
// actor's row-level context, closed apart from the client's cancellation, its errors mapped once.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"waymark/internal/access"
	"waymark/internal/errs"
)

// queryLimit bounds the statements of one use case.
const queryLimit = 8 * time.Second

// requestLimit bounds a snapshot that several use cases of one request share.
const requestLimit = 30 * time.Second

// changersAtOnce is how many connections there are for changes, which wait for each other and for the disk.
const changersAtOnce = 20

// readersAtOnce is how many there are for the readings of pages. They wait for nothing but a processor: many more of them
// than keep the processors busy only take turns; a few more, so that a few slow ones do not hold up the quick. Of their
// own, they go on when all changes wait for one lock.
func readersAtOnce() int { return min(32, max(6, 2*runtime.GOMAXPROCS(0)+1)) }

// lookersAtOnce is how many there are for Look, which is quick: it stands behind nothing that is slow or waits, and few
// connections, used again at once, have in memory what they need.
const lookersAtOnce = 4

// DB is a pool whose every use goes through a transaction with an actor.
type DB struct {
	pool    *sqlx.DB
	clock   func() time.Time
	long    bool     // nobody waits for an answer: nothing bounds a use case
	streams *sqlx.DB // for long readings, when they have connections of their own
	readers *sqlx.DB // for the readings of one request, likewise
	lookers *sqlx.DB // for Look, likewise
}

// Tx is one open transaction. Now dates everything done in it.
type Tx struct {
	tx    *sqlx.Tx
	ctx   context.Context
	Now   time.Time
	count *int
	of    rowContext
	reads bool   // sees one moment and changes nothing
	hears *batch // notes questions instead of asking them
	told  *answers
}

// Open connects as the restricted role. clock is domain time.
func Open(dsn string, clock func() time.Time) (*DB, error) {
	pool, err := openPool(dsn, readLimit, changersAtOnce)
	if err != nil {
		return nil, err
	}
	streams, err := openPool(dsn, streamLimit+answerTime, streamsAtOnce)
	if err != nil {
		return nil, err
	}
	readers, err := openPool(dsn, readLimit, readersAtOnce())
	if err != nil {
		return nil, err
	}
	lookers, err := openPool(dsn, readLimit, lookersAtOnce)
	if err != nil {
		return nil, err
	}
	return &DB{pool: pool, clock: clock, streams: streams, readers: readers, lookers: lookers}, nil
}

// openPool makes a pool of so many connections at most, each of which waits for the server no longer than limit.
func openPool(dsn string, limit time.Duration, most int) (*sqlx.DB, error) {
	c, err := pq.NewConnector(withLimits(dsn))
	if err != nil {
		return nil, fmt.Errorf("pg: DATABASE_URL is not understood: %w", err)
	}
	c.Dialer(dialer{limit})
	pool := sqlx.NewDb(sql.OpenDB(connector{c}), "postgres")
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	pool.SetConnMaxLifetime(5 * time.Minute)
	pool.SetConnMaxIdleTime(time.Minute)
	return pool, nil
}

// OpenBatch connects as the restricted role for commands: a report over everybody may take minutes.
func OpenBatch(dsn string, clock func() time.Time) (*DB, error) {
	db, err := OpenOwner(dsn, clock)
	if err == nil {
		db.long = true
		db.pool.SetMaxOpenConns(20)
	}
	return db, err
}

// OpenOwner connects as the schema's owner, for seeding and imports: its statements may take long,
// so nothing bounds their reads.
func OpenOwner(dsn string, clock func() time.Time) (*DB, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("pg: DATABASE_URL is not understood: %w", err)
	}
	pool := sqlx.NewDb(sql.OpenDB(connector{c}), "postgres")
	pool.SetMaxOpenConns(4)
	return &DB{pool: pool, clock: clock}, nil
}

// withLimits adds the server-side time limits to either form of connection string.
func withLimits(dsn string) string {
	options := "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000 -c timezone=UTC -c plan_cache_mode=force_generic_plan -c jit=off"
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		sep := "?"
		if strings.Contains(dsn, "?") {
			sep = "&"
		}
		return dsn + sep + "connect_timeout=3&options=" + strings.ReplaceAll(strings.ReplaceAll(options, " ", "%20"), "=", "%3D")
	}
	return dsn + " connect_timeout=3 options='" + options + "'"
}

// Close ends the pool.
func (db *DB) Close() error {
	for _, own := range []*sqlx.DB{db.streams, db.readers, db.lookers} {
		if own != nil {
			_ = own.Close()
		}
	}
	return db.pool.Close()
}

// Now is domain time.
func (db *DB) Now() time.Time { return db.clock() }

// Write runs fn in one read-committed transaction and commits it. Begin and commit do not follow
// the client's cancellation: a commit that was sent is seen through, or answered "outcome unknown".
func (db *DB) Write(ctx context.Context, by access.Actor, fn func(*Tx) error) error {
	if reading(ctx) != nil {
		return errors.New("pg: a reading does not write")
	}
	once, _ := ctx.Value(submissionKey{}).(*Submission)
	if once == nil || once.stored {
		return db.retry(ctx, func() error { return db.run(ctx, contextOf(by), nil, fn) })
	}
	err := db.retry(ctx, func() error {
		return db.run(ctx, contextOf(by), nil, func(tx *Tx) error {
			if err := once.take(tx, by.Agency.String(), by.ID.String()); err != nil {
				return err
			}
			return fn(tx)
		})
	})
	once.stored = err == nil
	return err
}

// Soon is Write for what may be lost in a crash of the database within the second: its commit does
// not wait for the disk.
func (db *DB) Soon(ctx context.Context, by access.Actor, fn func(*Tx) error) error {
	r := contextOf(by)
	r.soon = true
	return db.retry(ctx, func() error { return db.run(ctx, r, nil, fn) })
}

// Long is Write without the time limits, for seeding and imports by the owner.
func (db *DB) Long(ctx context.Context, by access.Actor, fn func(*Tx) error) error {
	free := context.WithValue(ctx, longKey{}, true)
	return db.run(free, contextOf(by), nil, func(tx *Tx) error {
		if err := Insert(tx, "set local statement_timeout = 0", Args{}); err != nil {
			return err
		}
		return fn(tx)
	})
}

type longKey struct{}

// At is the same pool with another clock, for telling a past that happened before today.
func (db *DB) At(clock func() time.Time) *DB {
	return &DB{db.pool, clock, db.long, db.streams, db.readers, db.lookers}
}

// Anonymous runs fn with no agency, as before signing in: only the doors in schema app answer.
func (db *DB) Anonymous(ctx context.Context, fn func(*Tx) error) error {
	return db.retry(ctx, func() error { return db.run(ctx, rowContext{role: "anonymous"}, nil, fn) })
}

func contextOf(by access.Actor) rowContext {
	return rowContext{agency: by.Agency.String(), role: string(by.Role), person: by.Participant.String(), actor: by.ID.String(), mark: by.Mark}
}

func (db *DB) run(ctx context.Context, r rowContext, o *sql.TxOptions, fn func(*Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return errs.New(errs.Unavailable, "unavailable").With(err)
	}
	detached := context.WithValue(context.WithoutCancel(ctx), contextKey{}, r)
	bounded := ctx.Value(longKey{}) == nil && !db.long
	begun, cancelBegin := detached, func() {}
	if bounded {
		begun, cancelBegin = context.WithTimeout(detached, limitOf(ctx)+readLimit)
	}
	defer cancelBegin()
	tx, err := db.pool.BeginTxx(begun, o)
	if err != nil {
		return mapped(fmt.Errorf("pg: begin: %w", err))
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
	}()
	limited, cancel := ctx, func() {}
	if bounded {
		limited, cancel = context.WithTimeout(ctx, limitOf(ctx))
	}
	defer cancel()
	ahead := &answers{of: map[question]answered{}}
	defer func() { ahead.over = true }()
	if err := fn(&Tx{tx: tx, ctx: limited, Now: db.clock(), count: counterIn(ctx), of: r, reads: o != nil && o.ReadOnly, told: ahead}); err != nil {
		_ = tx.Rollback()
		return mapped(err)
	}
	if err := tx.Commit(); err != nil {
		return committed(fmt.Errorf("pg: commit: %w", err))
	}
	return nil
}

var errRetry = errors.New("pg: worth another try")

// retry repeats what lost a serialization or deadlock race, twice at most.
func (db *DB) retry(ctx context.Context, once func() error) error {
	for try := 0; ; try++ {
		err := once()
		if try == 2 || !errors.Is(err, errRetry) || ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Duration(5+rand.IntN(20)) * time.Millisecond)
	}
}

type counterKey struct{}

// Counting returns a context that counts statements in n, for the request log and the tests.
func Counting(ctx context.Context, n *int) context.Context {
	return context.WithValue(ctx, counterKey{}, n)
}

func counterIn(ctx context.Context) *int {
	n, _ := ctx.Value(counterKey{}).(*int)
	if n == nil {
		n = new(int)
	}
	return n
}

// Ready checks the write path: a primary that commits, a role that row-level security binds, and a
// schema that is no older than the program.
func (db *DB) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var standby, unbound bool
	err := db.pool.QueryRowxContext(ctx, `select pg_is_in_recovery(), rolsuper or rolbypassrls from pg_roles where rolname = current_user`).Scan(&standby, &unbound)
	switch {
	case err != nil:
		return mapped(fmt.Errorf("pg: ready: %w", err))
	case standby:
		return errs.New(errs.Unavailable, "unavailable").With(errors.New("pg: connected to a standby"))
	case unbound:
		return errors.New("pg: the program's role bypasses row-level security; connect as waymark_app")
	}
	var schema int64
	if err := db.pool.QueryRowxContext(ctx, `select app.heartbeat()`).Scan(&schema); err != nil {
		return mapped(fmt.Errorf("pg: the write path: %w", err))
	}
	if need := Schema(); schema < need {
		return fmt.Errorf("pg: the schema is at version %d, this program needs %d", schema, need)
	}
	return nil
}

// PoolUse is how busy the connections for changes and for pages are, together.
type PoolUse struct {
	Open, InUse, Idle int
	Waits             int64 // that a connection was waited for, since the start
	Waited            time.Duration
}

// PoolUse tells how busy the connections are.
func (db *DB) PoolUse() (use PoolUse) {
	for _, pool := range []*sqlx.DB{db.pool, db.readers} {
		if pool == nil {
			continue
		}
		s := pool.Stats()
		use.Open, use.InUse, use.Idle = use.Open+s.OpenConnections, use.InUse+s.InUse, use.Idle+s.Idle
		use.Waits, use.Waited = use.Waits+s.WaitCount, use.Waited+s.WaitDuration
	}
	return use
}
