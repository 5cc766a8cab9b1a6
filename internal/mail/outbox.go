// Package mail sends what the outbox holds. Letters carry a link and nothing personal.
package mail

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/outbox"
	"waymark/internal/pg"
)

type letter struct{}

// Letter is one message to one address.
type Letter struct {
	ID        id.Of[letter] `db:"id"`
	Recipient string        `db:"recipient"`
	Subject   string        `db:"subject"`
	Body      string        `db:"body"`
	// Kind says what it is about, and Case of whom; both are for staff and stand nowhere in it.
	Kind string        `db:"-"`
	Case access.CaseID `db:"-"`
	// Unsubscribe is where whoever gets it can stop letters of its kind; none for what is asked for.
	Unsubscribe string `db:"unsubscribe"`
	// About is the id of what it tells of.
	About string `db:"-"`
	// Once lets the same thing be sent a single time, and Wait keeps it back, as quiet hours do.
	Once string        `db:"-"`
	Wait time.Duration `db:"-"`
}

// Sender takes letters to a mail server.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Queue puts a letter into the outbox, in the transaction of what it reports.
func Queue(tx *pg.Tx, by access.Actor, l Letter) error {
	return pg.Insert(tx, `insert into outbox (agency_id, id, channel, recipient, subject, body, kind, case_id, about, once, unsubscribe, next_at)
		values (:agency, :id, 'email', :to, :subject, :body, :kind, :case_id, cast(nullif(:about, '') as uuid), :once, :unsubscribe, clock_timestamp() + make_interval(secs => :wait)) on conflict (agency_id, once) where once <> '' do nothing`,
		pg.Args{"agency": by.Agency, "id": id.New[letter](), "to": l.Recipient, "subject": l.Subject, "body": l.Body, "kind": l.Kind, "case_id": l.Case, "about": l.About, "once": l.Once, "unsubscribe": l.Unsubscribe, "wait": l.Wait.Seconds()})
}

var sayOnce sync.Once

// Sweep sends what is due in every agency. Without a sender letters stay where they are, and the
// log says so once. What could not be sent waits longer each time; after three days it is given up
// and its text forgotten.
func Sweep(ctx context.Context, db *pg.DB, sender Sender) (sent int, err error) {
	if sender == nil {
		sayOnce.Do(func() { slog.WarnContext(ctx, "no mail server set; letters stay in the outbox (WAYMARK_SMTP_URL)") })
	}
	return outbox.Way[Letter]{
		Take: func(tx *pg.Tx) ([]Letter, error) { return claim(tx, sender != nil) },
		Hand: func(ctx context.Context, _ access.Actor, l Letter) (bool, func(*pg.Tx) error) {
			failure := ""
			if err := sender.Send(ctx, l); err != nil {
				failure = "not_taken" // the server's own words may hold the address
				slog.WarnContext(ctx, "letter not sent", "letter", l.ID.String())
			}
			return failure == "", func(tx *pg.Tx) error { return settle(tx, l, failure) }
		},
	}.Sweep(ctx, db)
}

// claim gives up what is too old and takes what is due; the next try is set before this one, so
// that a crash does not send twice at once.
func claim(tx *pg.Tx, sending bool) ([]Letter, error) {
	if err := pg.Insert(tx, `update outbox set failed = 'given_up', body = '', unsubscribe = '', next_at = 'infinity'
		where channel = 'email' and sent_at is null and next_at < 'infinity' and created_at < clock_timestamp() - interval '3 days'`, nil); err != nil || !sending {
		return nil, err
	}
	return pg.List[Letter](tx, `update outbox set attempts = attempts + 1, next_at = clock_timestamp() + least(interval '6 hours', interval '1 minute' * power(2, attempts))
		where id in (select id from outbox where channel = 'email' and sent_at is null and next_at <= clock_timestamp() order by next_at limit 50 for update skip locked)
		returning id, recipient, subject, body, unsubscribe`, nil)
}

// settle notes how it went. A sent letter's text is forgotten: it holds a link that opens something.
func settle(tx *pg.Tx, l Letter, failure string) error {
	if failure != "" {
		return pg.Insert(tx, `update outbox set failed = :failure where id = :id`, pg.Args{"failure": failure, "id": l.ID})
	}
	return pg.Insert(tx, `update outbox set sent_at = clock_timestamp(), failed = '', delivery = 'sent', body = '', unsubscribe = '' where id = :id`, pg.Args{"id": l.ID})
}
