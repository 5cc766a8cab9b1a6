package sms

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"waymark/internal/access"
	"waymark/internal/outbox"
	"waymark/internal/pg"
)

var sayOnce sync.Once

// Sweep sends what is due in every agency. Without a sender texts stay where they are, and the log says so
// once. What could not be sent waits longer each time; a code is given up when it is no longer good,
// everything else after three days, and its words are forgotten.
func Sweep(ctx context.Context, db *pg.DB, sender Sender) (sent int, err error) {
	if sender == nil {
		sayOnce.Do(func() { slog.WarnContext(ctx, "no provider of texts set; they stay in the outbox (WAYMARK_SMS_URL)") })
	}
	return outbox.Way[Text]{
		Take: func(tx *pg.Tx) ([]Text, error) {
			if err := drop(tx); err != nil || sender == nil {
				return nil, err
			}
			return claim(tx)
		},
		Hand: func(ctx context.Context, by access.Actor, t Text) (bool, func(*pg.Tx) error) {
			r, failed := handOver(ctx, db, by, sender, t)
			if failed != nil {
				slog.WarnContext(ctx, "text not sent", "text", t.ID.String(), "err", failed.Error())
			}
			return failed == nil, func(tx *pg.Tx) error { return settle(tx, by, t, r, failed) }
		},
	}.Sweep(ctx, db)
}

// ofCase are the texts that go out now, of a case with its participant.
const ofCase = ` from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	where o.channel = 'text' and o.sent_at is null and o.next_at <= clock_timestamp() and o.agency_id = c.agency_id and o.case_id = c.id `

// dials is the condition that a participant has a telephone that texts can go to.
const dials = `p.phone_digits ~ '^1?[2-9][0-9][0-9][2-9][0-9]{6}$'`

// drop forgets what is too old to be sent, what goes to somebody who wants no texts (any more), and what was shown
// long enough. What waited goes to the number of now: the old one may be somebody else's.
func drop(tx *pg.Tx) error {
	for _, q := range []string{
		`update outbox set failed = 'given_up', delivery = 'failed', body = '', next_at = 'infinity' where channel = 'text' and sent_at is null and next_at < 'infinity'
			and created_at < clock_timestamp() - case when kind = 'code' then interval '10 minutes' else interval '3 days' end`,
		`update outbox o set recipient = '+1' || right(p.phone_digits, 10)` + ofCase + `and o.delivery = '' and ` + dials + ` and right(o.recipient, 10) <> right(p.phone_digits, 10)`,
		`update outbox o set failed = case when p.texts_ok and p.safe_to_leave_message then 'given_up' else 'opted_out' end, delivery = 'failed', body = '', next_at = 'infinity'` +
			ofCase + `and o.delivery = '' and not (p.texts_ok and p.safe_to_leave_message and ` + dials + `)`,
		`update outbox set failed = 'opted_out', delivery = 'failed', body = '', next_at = 'infinity' where channel = 'text' and sent_at is null and next_at <= clock_timestamp()
			and right(recipient, 10) in (select digits from text_stops where resumed_at is null)`,
		`update outbox set body = '' where delivery = 'shown' and body <> '' and sent_at < clock_timestamp() - interval '1 day'`,
	} {
		if err := pg.Insert(tx, q, nil); err != nil {
			return err
		}
	}
	return nil
}

// claim takes what is due. The next try is set before this one, and the text counts as handed over until
// the provider's answer says otherwise: after a crash it is looked for before it is sent again.
func claim(tx *pg.Tx) ([]Text, error) {
	return pg.List[Text](tx, `
		with due as (select agency_id, id, delivery = 'queued' as unsure, coalesce(tried_at, created_at) as tried from outbox
			where channel = 'text' and sent_at is null and next_at <= clock_timestamp() order by next_at limit 50 for update skip locked)
		update outbox o set attempts = o.attempts + 1, delivery = 'queued', tried_at = case when due.unsure then o.tried_at else clock_timestamp() end,
			next_at = clock_timestamp() + least(interval '6 hours', interval '30 seconds' * power(2, o.attempts))
		from due where o.agency_id = due.agency_id and o.id = due.id
		returning o.agency_id, o.id, o.recipient, o.body, o.kind, due.unsure, due.tried`, nil)
}

// handOver sends a text, unless an earlier try that had no answer did reach the provider.
func handOver(ctx context.Context, db *pg.DB, by access.Actor, sender Sender, t Text) (Receipt, error) {
	if !t.Unsure {
		return sender.Send(ctx, t)
	}
	ids, err := sender.Look(ctx, t)
	if err != nil {
		return Receipt{}, errUnsure
	}
	for _, one := range ids {
		ours := false
		if err := db.Read(ctx, by, func(tx *pg.Tx) error {
			ours, err = pg.Get[bool](tx, `select exists (select from outbox where provider_id = :id and id <> :text)`, pg.Args{"id": one, "text": t.ID})
			return err
		}); err != nil {
			return Receipt{}, errUnsure
		}
		if !ours {
			return Receipt{Provider: one}, nil
		}
	}
	return sender.Send(ctx, t)
}

var errUnsure = errors.New("sms: nobody knows yet whether it was sent")

// settle notes how it went. The words of what was sent are forgotten: they may open something.
func settle(tx *pg.Tx, by access.Actor, t Text, r Receipt, failed error) error {
	args := pg.Args{"id": t.ID, "provider": r.Provider}
	no, refused := errors.AsType[*Refused](failed)
	switch {
	case failed == nil && r.Shown:
		return pg.Insert(tx, `update outbox set sent_at = clock_timestamp(), failed = '', delivery = 'shown' where id = :id`, args)
	case failed == nil: // the provider may have told of the delivery already
		return pg.Insert(tx, `update outbox set sent_at = coalesce(sent_at, clock_timestamp()), provider_id = :provider, body = '',
			failed = case when delivery = 'queued' then '' else failed end, delivery = case when delivery = 'queued' then 'sent' else delivery end where id = :id`, args)
	case !refused:
		return pg.Insert(tx, `update outbox set failed = 'unsure' where id = :id and sent_at is null`, args)
	}
	args["reason"], args["wait"] = no.Reason, no.Wait.Seconds()
	if !no.Final {
		return pg.Insert(tx, `update outbox set failed = :reason, delivery = '', next_at = greatest(next_at, clock_timestamp() + make_interval(secs => :wait)) where id = :id and sent_at is null`, args)
	}
	if no.Reason == OptedOut {
		if err := StopFor(tx, by, Digits(t.To)); err != nil {
			return err
		}
	}
	return pg.Insert(tx, `update outbox set failed = :reason, delivery = 'failed', body = '', next_at = 'infinity' where id = :id and sent_at is null`, args)
}

// Note keeps what the provider says became of a text. What is over stays as it is: news may come late and
// in any order, and more than once. A text that nobody has is no fault of the provider's.
func Note(ctx context.Context, db *pg.DB, agency access.AgencyID, text ID, n News) error {
	if n.Delivery == "" || n.Provider == "" {
		return nil
	}
	by := access.Actor{Agency: agency, Role: access.System}
	return db.Write(ctx, by, func(tx *pg.Tx) error {
		digits, found, err := pg.Find[string](tx, `
			update outbox set delivery = :delivery, failed = :reason, provider_id = :provider, body = '', sent_at = coalesce(sent_at, clock_timestamp()),
				delivered_at = case when :delivery = 'delivered' then clock_timestamp() end
			where id = :id and channel = 'text' and provider_id in ('', :provider) and delivery in ('', 'queued', 'sent') returning right(recipient, 10)`,
			pg.Args{"id": text, "delivery": n.Delivery, "reason": n.Reason, "provider": n.Provider})
		if err == nil && found && n.Reason == OptedOut {
			err = StopFor(tx, by, digits)
		}
		return err
	})
}
