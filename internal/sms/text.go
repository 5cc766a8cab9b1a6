// Package sms sends texts to telephones: what may be sent, when, through whom, and what became of it.
// A text carries no name and nothing of a case.
package sms

import (
	"strings"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

type row struct{}

// ID is a text's id.
type ID = id.Of[row]

// What a text is about.
const (
	Code       = "code"
	Invitation = "invitation"
	News       = "message"
	Reminder   = "reminder"
)

// Text is one text to one telephone.
type Text struct {
	ID   ID     `db:"id"`
	To   string `db:"recipient"` // +12075550142
	Body string `db:"body"`
	Kind string `db:"kind"`
	// Case is whom it is about, for the staff who look whether it came; the text does not say it.
	Case access.CaseID `db:"case_id"`
	// Once lets the same thing be sent a single time, however often it is asked for.
	Once string `db:"-"`
}

// Digits are the ten of a telephone in North America; "" for what is none.
func Digits(typed string) string {
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, typed)
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if len(digits) != 10 || digits[0] < '2' || digits[3] < '2' {
		return ""
	}
	return digits
}

// Queue puts a text into the outbox, in the transaction of what it reports, and says whether it was not
// there already. digits are the ten of the telephone.
func Queue(tx *pg.Tx, by access.Actor, digits string, t Text) (bool, error) {
	n, err := pg.Exec(tx, `insert into outbox (agency_id, id, channel, recipient, subject, body, kind, case_id, once, next_at)
		values (:agency, :id, 'text', :to, '', :body, :kind, :case_id, :once, clock_timestamp()) on conflict (agency_id, once) where once <> '' do nothing`,
		pg.Args{"agency": by.Agency, "id": id.New[row](), "to": "+1" + digits, "body": t.Body, "kind": t.Kind, "case_id": t.Case, "once": t.Once})
	return n == 1, err
}
