// Package outbox sends what waits in every agency, each way as its own package says, and lists what was sent or
// waits to be, for administrators: to whom, masked, and what became of it. What was said is
// shown in a demonstration only: it holds codes and links.
package outbox

import (
	"context"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Item is one text or letter.
type Item struct {
	ID      id.Of[Item] `db:"id" json:"id"`
	Channel string      `db:"channel" json:"channel"`
	To      string      `db:"recipient" json:"to"`
	Kind    string      `db:"kind" json:"kind"`
	// Subject and Body are empty but in a demonstration.
	Subject     string     `db:"subject" json:"subject"`
	Body        string     `db:"body" json:"body"`
	State       string     `db:"state" json:"state"` // waits, unsure, shown, sent, delivered, failed
	Reason      string     `db:"failed" json:"reason"`
	CreatedAt   time.Time  `db:"created_at" json:"created_at"`
	SentAt      *time.Time `db:"sent_at" json:"sent_at"`
	DeliveredAt *time.Time `db:"delivered_at" json:"delivered_at"`
}

// Page is one page of them, newest first.
type Page struct {
	Items []Item `json:"items"`
	Next  string `json:"next"`
}

// State is the SQL of what became of a row o of the outbox.
const State = `case when o.delivery in ('failed', 'undelivered') or o.failed = 'given_up' then 'failed' when o.delivery in ('shown', 'delivered') then o.delivery
	when o.sent_at is not null then 'sent' when o.delivery = 'queued' then 'unsure' else 'waits' end`

// Service has the use case of reading them.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

const perPage = 50

// List reads one page of what was queued before the cursor's.
func (s *Service) List(ctx context.Context, by access.Actor, cursor string) (page Page, err error) {
	if err := s.policy.Require(by, access.ReadOutbox); err != nil {
		return page, err
	}
	var after id.Of[Item]
	if cursor != "" {
		if after, err = id.Parse[Item](cursor); err != nil {
			return page, errs.At("cursor", "cursor")
		}
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		page.Items, err = pg.List[Item](tx, `select o.id, o.channel, o.recipient, o.kind, o.subject, o.body, `+State+` as state, o.failed, o.created_at, o.sent_at, o.delivered_at
			from outbox o where cast(:after as uuid) is null or (o.created_at, o.id) < (select x.created_at, x.id from outbox x where x.id = cast(:after as uuid))
			order by o.created_at desc, o.id desc limit :limit`, pg.Args{"after": after, "limit": perPage + 1})
		return err
	})
	if len(page.Items) > perPage {
		page.Items = page.Items[:perPage]
		page.Next = page.Items[perPage-1].ID.String()
	}
	for i, one := range page.Items {
		page.Items[i].To = masked(one.To)
		if !by.Demo {
			page.Items[i].Subject, page.Items[i].Body = "", ""
		}
	}
	return page, err
}

// masked leaves enough of an address to recognise one's own.
func masked(to string) string {
	if name, host, ok := strings.Cut(to, "@"); ok {
		return string([]rune(name + "*")[:1]) + "***@" + host
	}
	return "***-***-" + to[max(0, len(to)-4):]
}
