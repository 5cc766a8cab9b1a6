package account

import (
	"context"
	"strings"

	"waymark/internal/errs"
	"waymark/internal/pg"
)

const (
	// mostFailures in a row close an account's password (NIST SP 800-63B-4); a new one opens it.
	mostFailures = 100
	// flood is how many accounts and addresses fail within a minute before every try from a device that is not known waits.
	flood = 300
)

// Origin is where a try to sign in comes from. Device is the mark of a device on which this account has been
// signed in before, and empty on any other: nobody who guesses elsewhere keeps its owner out.
type Origin struct {
	IP     string
	Device string
}

// guard holds the tries at one account, from one origin.
type guard struct {
	account []byte
	keys    [][]byte
	known   bool
}

func (o Origin) guard(email string) guard {
	g := guard{account: throttleKey("account", email), known: o.Device != ""}
	g.keys = [][]byte{g.account, throttleKey("address", o.IP)}
	if g.known {
		g.keys = [][]byte{throttleKey("device", o.Device)}
	}
	return g
}

// held refuses while a try has to wait, and for good once too many have failed in a row.
func (g guard) held(ctx context.Context, db *pg.DB) error {
	wait, err := pg.Ask[int](ctx, db, `select app.sign_in_wait(:account, :keys, :most, :flood, :known)`,
		pg.Args{"account": g.account, "keys": pg.Array(g.keys), "most": mostFailures, "flood": flood, "known": g.known})
	switch {
	case err != nil:
		return err
	case wait < 0:
		return errs.New(errs.Unauthenticated, "sign_in.stopped")
	}
	return heldFor(wait)
}

func (g guard) failed(ctx context.Context, db *pg.DB) error {
	_, err := pg.Ask[int](ctx, db, `select app.sign_in_failed(:account, :keys)`, pg.Args{"account": g.account, "keys": pg.Array(g.keys)})
	return err
}

// passed ends the row of failures. Those of an address go on: one good account is no leave to try others.
func (g guard) passed(ctx context.Context, db *pg.DB) error {
	keys := [][]byte{g.account}
	if g.known {
		keys = append(keys, g.keys...)
	}
	_, err := pg.Ask[int](ctx, db, `select app.forgiven(:keys)`, pg.Args{"keys": pg.Array(keys)})
	return err
}

// heldFor refuses a try that has to wait some seconds.
func heldFor(wait int) error {
	if wait <= 0 {
		return nil
	}
	e := errs.New(errs.TooMany, "too_many")
	e.RetryAfter = wait
	return e
}

// NormalEmail is how an e-mail address is compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
