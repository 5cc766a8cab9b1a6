package pg

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"waymark/internal/access"
)

// Gather asks what fn is going to ask in one round trip to the server, then runs fn, which finds the
// answers there. fn is called twice: first to hear its questions, each of which is answered with nothing
// (no rows, zero values), then for good. So fn reads, and sets what it fills in instead of adding to it;
// a question that hangs on the answer to another is asked the second time, by itself or in a Gather of
// its own. In a transaction that writes, where an answer may change, fn is called once.
//
// lib/pq has no batches, so the statements are prepared by name and executed in one simple query; plans
// are kept as for any other statement of the program.
func Gather(tx *Tx, fn func(*Tx) error) error {
	if !tx.reads || tx.hears != nil {
		return fn(tx)
	}
	heard := *tx
	heard.count, heard.hears = new(int), &batch{answers: tx.told}
	hear(&heard, fn)
	if len(heard.hears.list) > 1 {
		if err := tx.ahead(heard.hears); err != nil {
			return err
		}
	}
	return fn(tx)
}

// ahead has everything of b answered.
func (tx *Tx) ahead(b *batch) error {
	rows, err := tx.tx.QueryContext(tx.ctx, aheadQuery, b)
	if err == nil {
		err = rows.Close()
	}
	if err != nil {
		return mapped(fmt.Errorf("pg: gather: %w", err))
	}
	return nil
}

// Together is Gather for the readings of several services under one Reading: it asks what all of them are going
// to ask in one round trip, that which begins the transaction if there is none yet. It holds for fn what Gather
// says of its own; besides, fn does nothing but read. What is read for somebody else than the first asks for is
// asked the second time.
func Together(ctx context.Context, fn func() error) error {
	return together(ctx, fn, false)
}

// Whole is Together for the readings of a page that reads nothing else: the transaction ends in the message that
// begins it. What is asked afterwards all the same is asked in another transaction, of another moment.
func Whole(ctx context.Context, fn func() error) error {
	return together(ctx, fn, true)
}

func together(ctx context.Context, fn func() error, whole bool) error {
	s := reading(ctx)
	if s == nil || s.hears != nil {
		return fn()
	}
	s.hears = &batch{answers: s.told, whole: whole}
	hear(nil, func(*Tx) error { return fn() })
	b := s.hears
	s.hears = nil
	if n := len(b.list); n > 1 || n == 1 && s.tx == nil { // one question goes with the beginning, or for itself
		if err := s.ask(ctx, b); err != nil {
			return err
		}
	}
	return fn()
}

// hear runs fn for its questions. That it makes nothing of having no answers is no fault of it: what is
// wrong will show when it is run for good.
func hear(tx *Tx, fn func(*Tx) error) {
	defer func() { _ = recover() }()
	_ = fn(tx)
}

// Agency is whose rows are seen; "" before an agency is known.
func (tx *Tx) Agency() string { return tx.of.agency }

// Mark is the mark of what the agency has set, for readings: what was read under it once holds as long as it is the
// same. It is no newer than what the transaction sees, so that nothing old is ever kept under it. Empty where there is
// none, and in changes, which read for themselves.
func (tx *Tx) Mark() string {
	if !tx.reads {
		return ""
	}
	return tx.of.mark
}

// Withheld reports that rows are withheld from whoever acts: what is worked out from all of them is to be worked out
// by the program (access.Actor.Program).
func (tx *Tx) Withheld() bool {
	return !access.Role(tx.of.role).Staff()
}

// Hears reports that answers are not there yet: what is made of them is made for nothing, and is not to be kept.
func (tx *Tx) Hears() bool { return tx.hears != nil }

// aheadQuery never reaches the server: the connection knows it.
const aheadQuery = "ahead"

// batch is what Gather and Together hand through database/sql to the connection.
type batch struct {
	list    []question
	answers *answers   // of the transaction in which it is asked, where what comes back is put
	db      *DB        // of the first reading that was heard
	of      rowContext // and for whom
	whole   bool       // nothing will be asked afterwards
}

// add notes a question that has no answer yet.
func (b *batch) add(query string, args []any) error {
	q, err := questionOf(query, args)
	if err != nil {
		return err
	}
	if _, known := b.answers.known(q); !known && !slices.Contains(b.list, q) {
		b.list = append(b.list, q)
	}
	return nil
}

// question is what an answer is found by: the statement, and its arguments as literals.
type question struct{ query, args string }

func questionOf(query string, args []any) (question, error) {
	text, err := literals(args)
	return question{query, text}, err
}

// answers are those that one transaction has been given ahead. They end with it: what is asked of a transaction that
// is over is asked of the server, which says so.
type answers struct {
	of   map[question]answered
	over bool
}

// answered is one result, read to its end.
type answered struct {
	columns []string
	rows    [][]driver.Value
}

// known is the answer to a question; there is none before there is a transaction.
func (a *answers) known(q question) (answered, bool) {
	if a == nil || a.over {
		return answered{}, false
	}
	found, ok := a.of[q]
	return found, ok
}

// find is known for a statement with its arguments.
func (a *answers) find(query string, args []any) (answered, bool) {
	if a == nil || len(a.of) == 0 {
		return answered{}, false
	}
	q, err := questionOf(query, args)
	if err != nil {
		return answered{}, false // asked by itself it says what is wrong
	}
	return a.known(q)
}

// ahead prepares what the connection does not have yet, and asks everything at once, after what opens the
// transaction and before what closes it, or between nothing: neither has rows.
func (c *conn) ahead(ctx context.Context, opening string, b *batch, closing string) error {
	var prepare, execute strings.Builder
	execute.WriteString(opening)
	if len(c.named)+len(b.list) > keptStatements { // as many as there are filters to put together: begin anew
		for _, name := range c.named {
			prepare.WriteString("deallocate " + name + ";\n")
		}
		c.named = map[string]string{}
	}
	for _, q := range b.list {
		name, ok := c.named[q.query]
		if !ok {
			c.count++
			name = "ahead_" + strconv.Itoa(c.count)
			c.named[q.query] = name
			prepare.WriteString("prepare " + name + " as " + q.query + ";\n")
		}
		execute.WriteString("execute " + name + q.args + ";\n")
	}
	if prepare.Len() > 0 {
		if _, err := c.Conn.(driver.ExecerContext).ExecContext(ctx, prepare.String(), nil); err != nil {
			c.named = map[string]string{} // which of them are there is not known
			c.stuck = true
			return err
		}
	}
	execute.WriteString(closing)
	if execute.Len() == 0 {
		return nil
	}
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, execute.String(), nil)
	if err != nil {
		return err
	}
	results, err := readAll(rows)
	if err != nil {
		return err
	}
	if len(results) != len(b.list) {
		return fmt.Errorf("pg: %d answers to %d questions", len(results), len(b.list))
	}
	for i, q := range b.list {
		b.answers.of[q] = results[i]
	}
	return nil
}

// literals writes arguments as untyped literals, so that the server reads each as the parameter's type.
func literals(args []any) (string, error) {
	if len(args) == 0 {
		return "", nil
	}
	var b strings.Builder
	for i, a := range args {
		v, err := plain(a)
		if err != nil {
			return "", err
		}
		if i == 0 {
			b.WriteByte('(')
		} else {
			b.WriteString(", ")
		}
		b.WriteString(literal(v))
	}
	b.WriteByte(')')
	return b.String(), nil
}

// plain makes an argument a value of the driver, as database/sql and lib/pq do.
func plain(v any) (driver.Value, error) {
	if _, valuer := v.(driver.Valuer); !valuer {
		if t := reflect.TypeOf(v); t != nil && t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
			v = pq.Array(v)
		}
	}
	return driver.DefaultParameterConverter.ConvertValue(v)
}

func literal(v driver.Value) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return pq.QuoteLiteral(x)
	case []byte:
		return `'\x` + hex.EncodeToString(x) + `'`
	case bool:
		return strconv.FormatBool(x)
	case time.Time:
		return pq.QuoteLiteral(string(pq.FormatTimestamp(x)))
	default: // int64 and float64 are all that is left
		return pq.QuoteLiteral(fmt.Sprint(x))
	}
}

// readAll reads every result of several statements. Bytes are copied: the driver uses its buffer again.
func readAll(rows driver.Rows) (results []answered, err error) {
	defer func() { _ = rows.Close() }()
	more := rows.(driver.RowsNextResultSet)
	for {
		r := answered{columns: slices.Clone(rows.Columns())}
		var room []driver.Value
		n := len(r.columns)
		for {
			if len(room) < n { // rows are cut from larger pieces, which double
				room = make([]driver.Value, n*max(1, len(r.rows)))
			}
			row := room[:n:n]
			err := rows.Next(row)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			for i, v := range row {
				if b, ok := v.([]byte); ok {
					row[i] = slices.Clone(b)
				}
			}
			room = room[n:]
			r.rows = append(r.rows, row)
		}
		results = append(results, r)
		if !more.HasNextResultSet() {
			return results, nil
		}
		if err := more.NextResultSet(); err != nil {
			return nil, err
		}
	}
}
