package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"waymark/internal/errs"
)

// unknown is what the table of security.md 4.1 calls a fault of ours: 500 at the edge.
const unknown errs.Kind = ""

func state(code string) error {
	return fmt.Errorf("pg: list: %w", &pq.Error{Code: pqerror.Code(code), Message: "m", Detail: "Key (ssn)=(900-11-2222) exists", Constraint: "users_by_email"})
}

// TestTheErrorMapperFollowsItsTable has every line of security.md 4.1 that PostgreSQL or the network says.
func TestTheErrorMapperFollowsItsTable(t *testing.T) {
	t.Parallel()
	refused := errs.New(errs.Forbidden, "forbidden")
	for _, tt := range []struct {
		line string
		errs []error
		kind errs.Kind
		code string
		wait bool // says when to try again
		once more // whether Write tries again
	}{
		{"text, number, date, uuid and JSON that cannot be read", []error{state("22021"), state("22P05"), state("22003"), state("22007"), state("22008"), state("22P02"), state("22001")}, errs.Invalid, "value", false, never},
		{"unique and exclusion", []error{state("23505"), state("23P01")}, errs.Conflict, "constraint.users_by_email", false, never},
		{"foreign key, check, not null", []error{state("23503"), state("23514"), state("23502")}, errs.Invalid, "constraint.users_by_email", false, never},
		{"row-level security and privilege", []error{state("42501")}, errs.NotFound, "not_found", false, never},
		{"no such row", []error{sql.ErrNoRows, fmt.Errorf("pg: get: %w", sql.ErrNoRows)}, errs.NotFound, "not_found", false, never},
		{"read-only and standby", []error{state("25006")}, errs.Unavailable, "unavailable", true, twice},
		{"serialization and deadlock", []error{state("40001"), state("40P01")}, errs.Conflict, "race", false, twice},
		{"a lock that takes too long", []error{state("55P03")}, errs.Unavailable, "unavailable", true, never},
		{"cancelled, or a statement that takes too long", []error{state("57014"), context.Canceled, context.DeadlineExceeded, fmt.Errorf("pg: begin: %w", context.DeadlineExceeded)}, errs.Unavailable, "unavailable", true, never},
		{"shutdown and crash", []error{state("57P01"), state("57P02"), state("57P03")}, errs.Unavailable, "unavailable", true, never},
		{"too many, out of disk, out of memory", []error{state("53300"), state("53100"), state("53200")}, errs.Unavailable, "unavailable", true, never},
		{"connections", []error{state("08000"), state("08003"), state("08006"), state("08P01"), &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, &net.DNSError{IsTimeout: true}, io.EOF, io.ErrUnexpectedEOF, errors.New("driver: bad connection")}, errs.Unavailable, "unavailable", true, never},
		{"what the table does not know", []error{state("42P01"), state("42703"), state("XX000"), state("P0001"), errors.New("anything")}, unknown, "", false, never},
		{"a refusal of ours stays what it is", []error{refused, fmt.Errorf("in a sentence: %w", refused)}, errs.Forbidden, "forbidden", false, never},
	} {
		for _, given := range tt.errs {
			got := mapped(given)
			e, ok := errors.AsType[*errs.Error](got)
			if tt.kind == unknown {
				if ok || !errors.Is(got, given) {
					t.Errorf("%s: %v became %v", tt.line, given, got)
				}
				continue
			}
			if !ok || e.Kind != tt.kind || e.Code != tt.code || (e.RetryAfter > 0) != tt.wait || errors.Is(got, errRetry) != bool(tt.once) {
				t.Errorf("%s: %v became %v", tt.line, given, got)
			}
			if ok && strings.Contains(e.Error(), "900-11") {
				t.Errorf("%s: the server's DETAIL travels", tt.line)
			}
		}
	}
	if mapped(nil) != nil {
		t.Error("nothing became something")
	}
}

func TestACommitThatNobodyAnsweredIsUnknown(t *testing.T) {
	t.Parallel()
	for _, lost := range []error{io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded, state("57P01"), state("08006"), &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}} {
		if e, ok := errors.AsType[*errs.Error](committed(lost)); !ok || e.Kind != errs.Unavailable || e.Code != "outcome_unknown" || e.RetryAfter == 0 {
			t.Errorf("%v became %v", lost, committed(lost))
		}
	}
	if e, ok := errors.AsType[*errs.Error](committed(state("23505"))); !ok || e.Code != "constraint.users_by_email" {
		t.Errorf("a rule that is checked at the commit became %v", e)
	}
}

type more bool

const (
	never more = false
	twice more = true
)

func TestALostRaceIsTriedTwiceMore(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  error
		want int
	}{
		"deadlock":  {mapped(state("40P01")), 3},
		"duplicate": {mapped(state("23505")), 1},
		"away":      {mapped(state("57P01")), 1},
	} {
		n := 0
		err := (&DB{}).retry(t.Context(), func() error { n++; return tt.err })
		if n != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %d tries, %v", name, n, err)
		}
	}
}
