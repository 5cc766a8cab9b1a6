// Package sms sends texts to telephones: what may be sent, through whom, what became of it, and what
// people answer. A text carries no name but that of staff, and nothing of a case.
package sms

import (
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

type row struct{}

// ID is a text's id.
type ID = id.Of[row]

// Parse reads one.
func Parse(text string) (ID, error) { return id.Parse[row](text) }

// What a text is about.
const (
	Code       = "code"
	Invitation = "invitation"
)

// Text is one text to one telephone.
type Text struct {
	ID     ID              `db:"id"`
	Agency access.AgencyID `db:"agency_id"`
	To     string          `db:"recipient"` // +12075550142
	Body   string          `db:"body"`
	Kind   string          `db:"kind"`
	// Case is whom it is about, for the staff who look whether it came; the text does not say it.
	Case access.CaseID `db:"-"`
	// About is the id of what it tells of.
	About string `db:"-"`
	// Once lets the same thing be sent a single time, however often it is asked for.
	Once string `db:"-"`
	// Wait keeps it back, as quiet hours do.
	Wait time.Duration `db:"-"`
	// Unsure says that an earlier try may have reached the provider, which was made at Tried.
	Unsure bool      `db:"unsure"`
	Tried  time.Time `db:"tried"`
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

// Stopped is a condition: whoever has the digits wrote STOP and not START since.
const Stopped = `exists (select from text_stops s where s.digits = right(:digits, 10) and s.resumed_at is null)`

// Queue puts a text into the outbox, in the transaction of what it reports, and says whether it was not
// there already. digits are the ten of the telephone; one whose owner wrote STOP gets nothing.
func Queue(tx *pg.Tx, by access.Actor, digits string, t Text) (bool, error) {
	n, err := pg.Exec(tx, `insert into outbox (agency_id, id, channel, recipient, subject, body, kind, case_id, about, once, next_at)
		select cast(:agency as uuid), cast(:id as uuid), 'text', '+1' || :digits, '', :body, :kind, cast(:case_id as uuid), cast(nullif(:about, '') as uuid), :once,
			clock_timestamp() + make_interval(secs => :wait)
		where not `+Stopped+` on conflict (agency_id, once) where once <> '' do nothing`,
		pg.Args{
			"agency": by.Agency, "id": id.New[row](), "digits": digits, "body": t.Body, "kind": t.Kind, "case_id": t.Case, "about": t.About, "once": t.Once,
			"wait": t.Wait.Seconds(),
		})
	return n == 1, err
}

// StopFor notes that a telephone wants no more texts; noting it twice changes nothing.
func StopFor(tx *pg.Tx, by access.Actor, digits string) error {
	return pg.Insert(tx, `insert into text_stops (agency_id, digits, stopped_at) values (:agency, :digits, clock_timestamp()) on conflict (agency_id, digits) where resumed_at is null do nothing`,
		pg.Args{"agency": by.Agency, "digits": digits})
}

// StartFor notes that a telephone takes texts again.
func StartFor(tx *pg.Tx, digits string) error {
	return pg.Insert(tx, `update text_stops set resumed_at = :now where digits = :digits and resumed_at is null`, pg.Args{"digits": digits, "now": tx.Now})
}
