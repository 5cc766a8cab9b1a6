package pg

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"

	"waymark/internal/errs"
)

// mapped turns what PostgreSQL and the network say into a refusal, once. What it does not know
// stays as it is and becomes a 500 at the edge. Details of the server never travel: they hold values.
func mapped(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if isNoRows(err) {
		return errs.New(errs.NotFound, "not_found")
	}
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return ofState(e, err)
	}
	var network net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.As(err, &network) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "driver: bad connection") {
		return unavailable(err)
	}
	return err
}

// committed maps what a commit says: when nothing was heard, it may have been done or not.
func committed(err error) error {
	e, ok := errors.AsType[*errs.Error](mapped(err))
	if !ok || e.Kind != errs.Unavailable {
		return mapped(err)
	}
	e.Code = "outcome_unknown"
	return e
}

func unavailable(err error) error {
	e := errs.New(errs.Unavailable, "unavailable").With(err)
	e.RetryAfter = 2
	return e
}

// ofState follows security.md 4.1.
func ofState(e *pq.Error, err error) error {
	code := string(e.Code)
	switch {
	case code == "22021" || code == "22P05" || code == "22003" || code == "22007" || code == "22008" || code == "22P02" || code == "22001":
		return errs.New(errs.Invalid, "value").With(err)
	case code == "23505" || code == "23P01":
		return errs.New(errs.Conflict, "constraint."+e.Constraint).With(err)
	case code == "23503" || code == "23514" || code == "23502":
		return errs.New(errs.Invalid, "constraint."+e.Constraint).With(err)
	case code == "42501":
		return errs.New(errs.NotFound, "not_found").With(err)
	case code == "40001" || code == "40P01":
		return errs.New(errs.Conflict, "race").With(errors.Join(errRetry, err))
	case code == "25006": // a primary that is one no longer: the connection is dropped, another may do
		return unavailable(errors.Join(errRetry, err))
	case code == "55P03" || code == "57014" || strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "08"):
		return unavailable(err)
	}
	return err
}
