// Package digest is the morning letter to staff: how many of their people are late, due or need
// attention, counted as their lists count them, and nobody's name.
package digest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/caseload"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

// Kind marks the letters in the outbox.
const Kind = "digest"

// Service queues the letters and stops them.
type Service struct {
	db      *pg.DB
	policy  *access.Policy
	baseURL string
}

// New makes the service; baseURL is where the links in the letters lead.
func New(db *pg.DB, policy *access.Policy, baseURL string) *Service {
	return &Service{db, policy, baseURL}
}

// Numbers are what a letter says.
type Numbers struct {
	Overdue, Week, Attention int
	// Approvals are plans that wait for the reader.
	Approvals int
}

// Empty reports that there is nothing to write about.
func (n Numbers) Empty() bool { return n == Numbers{} }

// Of counts for somebody what their own lists show them, by the lists' own statement.
func (s *Service) Of(ctx context.Context, by access.Actor) (n Numbers, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if errs.Is(err, errs.Forbidden) {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	if n.Approvals, err = account.Waiting(ctx, s.db, s.policy, by); err != nil {
		return n, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := caseload.CountIn(tx, scope)
		n.Overdue, n.Week, n.Attention = c.Overdue, c.Week, c.Attention
		return err
	})
	return n, err
}

type reader struct {
	ID       access.UserID   `db:"id"`
	Email    string          `db:"email"`
	Role     access.Role     `db:"role"`
	Office   access.OfficeID `db:"office_id"`
	Language string          `db:"language"`
	Agency   string          `db:"agency"`
}

// most is how many letters one sweep queues for an agency; the rest follow with the next.
const most = 200

// Due queues the letters of an agency's day, once its hour has come: to everybody who has not had one
// today and has not stopped them, and on no day on which the office is closed. It may be repeated.
func (s *Service) Due(ctx context.Context, by access.Actor) error {
	var list []reader
	err := s.db.Read(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		held, err := agency.SettingsOn(tx, today)
		if err != nil || !morning(tx.Now.In(by.Zone), held.DigestHour) {
			return err
		}
		list, err = readers(tx, today)
		return err
	})
	faults := []error{err}
	for _, r := range list {
		faults = append(faults, s.write(ctx, by, r))
	}
	return errors.Join(faults...)
}

// morning reports that the hour has come, on a day of the week on which people work.
func morning(now time.Time, hour int) bool {
	return now.Hour() >= hour && now.Weekday() != time.Saturday && now.Weekday() != time.Sunday
}

func readers(tx *pg.Tx, today civil.Date) ([]reader, error) {
	return pg.List[reader](tx, `select u.id, u.email, u.role, u.office_id, u.language, a.name as agency from users u join agencies a on a.id = u.agency_id
		where u.active and u.digest and u.role <> 'participant' and u.email <> '' and u.password_hash <> ''
			and not exists (select from digests d where d.agency_id = u.agency_id and d.user_id = u.id and d.on_day = :today)
			and not exists (select from holidays h where h.agency_id = u.agency_id and h.archived_at is null and h.on_date = :today and (h.office_id is null or h.office_id = u.office_id))
		order by u.id limit :most`, pg.Args{"today": today, "most": most})
}

// write notes that somebody's day is done and, where there is something to say, puts the letter into the
// outbox in the same transaction.
func (s *Service) write(ctx context.Context, by access.Actor, r reader) error {
	actor := access.Actor{Agency: by.Agency, ID: r.ID, Role: r.Role, Office: r.Office, Zone: by.Zone}
	n, err := s.Of(ctx, actor)
	if err != nil {
		return err
	}
	token, hash := newToken()
	if n.Empty() {
		hash = nil
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		rows, err := pg.Exec(tx, `insert into digests (agency_id, user_id, on_day, token_hash, made_at)
			select agency_id, id, :today, :hash, :now from users where id = :user and active and digest
			on conflict do nothing`, pg.Args{"user": r.ID, "today": by.Today(tx.Now), "hash": hash, "now": tx.Now})
		if err != nil || rows == 0 || n.Empty() {
			return err
		}
		return mail.Queue(tx, by, s.letter(r, n, token))
	})
}

// letter says the numbers and where the people are; there is no name in it.
func (s *Service) letter(r reader, n Numbers, token string) mail.Letter {
	words, stop := msg.For(r.Language), s.baseURL+"/digest/stop/"+token
	args := msg.Args{"agency": r.Agency, "overdue": n.Overdue, "week": n.Week, "attention": n.Attention, "link": s.baseURL + "/today", "stop": stop, "approvals": ""}
	if n.Approvals > 0 {
		args["approvals"] = "\n" + words.T("mail.digest.approvals", msg.Args{"count": n.Approvals})
	}
	return mail.Letter{Kind: Kind, Recipient: r.Email, Subject: words.T("mail.digest.subject"), Body: words.T("mail.digest.body", args), Unsubscribe: stop}
}

func newToken() (token string, hash []byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashOf(token)
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// Link is a letter's link to stop the letters: whose it is, and in which words it is answered.
type Link struct {
	Agency     access.AgencyID `db:"agency_id"`
	User       access.UserID   `db:"user_id"`
	Language   string          `db:"language"`
	AgencyName string          `db:"agency_name"`
	Zone       string          `db:"time_zone"`
}

// Find gives the link of a token; NotFound for any other.
func (s *Service) Find(ctx context.Context, token string) (Link, error) {
	return pg.Ask[Link](ctx, s.db, `select agency_id, user_id, language, agency_name, time_zone from app.digest_link(:hash)`, pg.Args{"hash": hashOf(token)})
}

// Stop ends the letters of whoever holds the link; their account page begins them again.
func (s *Service) Stop(ctx context.Context, token string) error {
	l, err := s.Find(ctx, token)
	if err != nil {
		return err
	}
	by := access.Actor{Agency: l.Agency, ID: l.User, Role: access.System}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		rows, err := pg.Exec(tx, `update users set digest = false, version = version + 1, updated_at = :now where id = :user and digest`, pg.Args{"user": l.User, "now": tx.Now})
		if err != nil || rows == 0 {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "user.digest_stopped", Subject: l.User.String()})
	})
}
