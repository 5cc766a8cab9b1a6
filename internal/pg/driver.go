package pg

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync/atomic"

	"github.com/lib/pq"
)

// keptStatements is how many prepared statements a connection keeps: more than the program has.
const keptStatements = 600

// connector makes connections that keep their prepared statements and open every
// transaction together with its row-level context, in one message.
type connector struct{ driver.Connector }

// Connect opens one connection.
func (k connector) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, kept: map[string]driver.Stmt{}, named: map[string]string{}}, nil
}

type conn struct {
	driver.Conn
	kept  map[string]driver.Stmt
	named map[string]string // statements that Gather prepared
	count int               // of them, ever
	stuck bool              // in a transaction that nobody holds, or at a server that takes no writes
	// opening is what began the transaction; ended, that it was ended with the questions that began it (Whole).
	opening string
	ended   bool
}

type contextKey struct{}

// batchKey is the context's key of what is asked together with the beginning of a transaction.
type batchKey struct{}

// rowContext is what row-level security knows of the actor.
type rowContext struct {
	agency, role, person, actor string
	// mark is access.Actor.Mark; the server is not told.
	mark string
	// soon lets the commit return before the disk has it.
	soon bool
}

// set is half as dear as a query that calls set_config, which is planned and answered.
func (r rowContext) set() string {
	q := pq.QuoteLiteral
	soon := ""
	if r.soon {
		soon = "; set local synchronous_commit = off"
	}
	return "set local app.agency = " + q(r.agency) + "; set local app.role = " + q(r.role) +
		"; set local app.person = " + q(r.person) + "; set local app.actor = " + q(r.actor) + soon
}

// BeginTx sends BEGIN and the context at once; without a context nothing is visible. When only the
// second fails (cancelled by a server that is going down, say) the server is inside a failed
// transaction, and everybody who was given the connection afterwards would fail with it.
func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	begin := "begin; "
	if o.ReadOnly {
		begin = "begin isolation level repeatable read read only; "
	}
	r, _ := ctx.Value(contextKey{}).(rowContext)
	b, _ := ctx.Value(batchKey{}).(*batch)
	c.opening, c.ended = begin+r.set(), false
	if err := c.open(ctx, b); err != nil {
		c.stuck = true
		return nil, err
	}
	return ending{c}, nil
}

// ending ends a transaction that is not ended yet.
type ending struct{ c *conn }

// Commit commits.
func (e ending) Commit() error {
	if e.c.ended {
		e.c.ended = false
		return nil
	}
	return e.c.Conn.(driver.Tx).Commit()
}

// Rollback undoes.
func (e ending) Rollback() error {
	if e.c.ended {
		e.c.ended = false
		return nil
	}
	return e.c.Conn.(driver.Tx).Rollback()
}

// again begins anew for what is asked after all had been: outside a transaction nobody would be seen, and that is no
// answer.
func (c *conn) again(ctx context.Context) error {
	if c.stuck {
		return driver.ErrBadConn
	}
	if !c.ended {
		return nil
	}
	if err := c.open(context.WithoutCancel(ctx), nil); err != nil {
		c.stuck = true
		return err
	}
	c.ended = false
	return nil
}

// transactions counts them.
var transactions atomic.Int64

// Transactions is how many transactions this process has opened.
func Transactions() int64 { return transactions.Load() }

// lookups are cheap for a page: it wants a few rows of tables that are in memory. By its own measure, which is that of
// a turning disk, the planner reads twenty thousand participants to name a hundred.
const lookups = "; set local random_page_cost = 1.1;\n"

// open sends what opens a transaction, and with it the questions that are known already.
func (c *conn) open(ctx context.Context, b *batch) error {
	transactions.Add(1)
	if b == nil {
		_, err := c.Conn.(driver.ExecerContext).ExecContext(ctx, c.opening, nil)
		return err
	}
	if b.whole {
		err := c.ahead(ctx, c.opening+lookups, b, "commit")
		c.ended = err == nil
		return err
	}
	return c.ahead(ctx, c.opening+lookups, b, "")
}

func (c *conn) prepared(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.kept[query]; ok {
		return s, nil
	}
	s, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if len(c.kept) >= keptStatements {
		for q, old := range c.kept {
			_ = old.Close()
			delete(c.kept, q)
			break
		}
	}
	c.kept[query] = s
	return s, nil
}

// QueryContext runs a kept statement; planning costs as much as running it.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.again(ctx); err != nil {
		return nil, err
	}
	if query == aheadQuery {
		return nothing{}, c.ahead(ctx, "", args[0].Value.(*batch), "")
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(ctx, args)
	c.demoted(err)
	return rows, err
}

// ExecContext runs a kept statement.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.again(ctx); err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	done, err := s.(driver.StmtExecContext).ExecContext(ctx, args)
	c.demoted(err)
	return done, err
}

// demoted drops a connection to a server that takes no writes any more: after a failover it would
// answer so for ever (lib/pq#1026).
func (c *conn) demoted(err error) {
	if e, ok := errors.AsType[*pq.Error](err); ok && e.Code == "25006" {
		c.stuck = true
	}
}

// PrepareContext hands a statement to database/sql, which then owns it.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.again(ctx); err != nil {
		return nil, err
	}
	return c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
}

// Ping asks the server.
func (c *conn) Ping(ctx context.Context) error { return c.Conn.(driver.Pinger).Ping(ctx) }

// ResetSession is lib/pq's, and forgets whose transaction there was.
func (c *conn) ResetSession(ctx context.Context) error {
	c.opening, c.ended = "", false
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

// IsValid is lib/pq's, of connections that are not stuck.
func (c *conn) IsValid() bool { return !c.stuck && c.Conn.(driver.Validator).IsValid() }

// CheckNamedValue is lib/pq's: arrays and valuers. What Gather hands over is for the connection itself.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if _, ours := v.Value.(*batch); ours {
		return nil
	}
	return c.Conn.(driver.NamedValueChecker).CheckNamedValue(v)
}
