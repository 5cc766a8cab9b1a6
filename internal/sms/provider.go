package sms

import (
	"context"
	"log/slog"
	"time"
)

// Sender hands texts over to whoever carries them.
type Sender interface {
	// Send hands one over. What was surely not taken is a *Refused; after any other error nobody knows.
	Send(ctx context.Context, t Text) (Receipt, error)
	// Look finds what the provider has that may be a text of which nobody knows, oldest first.
	Look(ctx context.Context, t Text) (ids []string, err error)
}

// Receipt says how a text was taken.
type Receipt struct {
	// Provider is the provider's own id of it.
	Provider string
	// Shown says that it was not sent but stays to be read in the outbox.
	Shown bool
}

// Why a text was not delivered, as the outbox keeps it.
const (
	WrongNumber = "wrong_number" // there is no such telephone, or none that takes texts
	OptedOut    = "opted_out"
	Unreachable = "unreachable" // off, or out of reach
	Blocked     = "blocked"     // by the network
	Busy        = "busy"        // too much at once
	NotTaken    = "not_taken"
	Unsure      = "unsure" // handed over, no answer
	GivenUp     = "given_up"
)

// Refused is a text that the provider did not take. Final means that another try is of no use; Wait is how
// long it asks us to wait before one.
type Refused struct {
	Reason string
	Final  bool
	Wait   time.Duration
}

// Error names the reason.
func (r *Refused) Error() string { return "sms: refused: " + r.Reason }

// Log sends nothing: what would be sent is shown among the messages sent. It is for demonstrations.
type Log struct{}

// Send notes what would be sent: no number and no words.
func (Log) Send(ctx context.Context, t Text) (Receipt, error) {
	slog.InfoContext(ctx, "a text is shown under Setup, not sent", "text", t.ID.String(), "kind", t.Kind)
	return Receipt{Shown: true}, nil
}

// Look finds nothing.
func (Log) Look(context.Context, Text) ([]string, error) { return nil, nil }
