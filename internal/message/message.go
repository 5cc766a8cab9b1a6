// Package message is the thread with a participant: what staff write and what the program tells them. It
// is only ever added to. A letter says that something has come, never what it says.
package message

import (
	"context"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

// Kinds of messages: written by somebody, or said by the program.
const (
	Written   = "message"
	NewPerson = "new_person"
)

// Message is one line of the thread.
type Message struct {
	ID       id.Of[Message] `db:"id" json:"id"`
	CaseID   access.CaseID  `db:"case_id" json:"case_id"`
	Kind     string         `db:"kind" json:"kind"`
	Author   string         `db:"author" json:"author"`
	Language string         `db:"language" json:"language"`
	Body     string         `db:"body" json:"body"`
	SentAt   time.Time      `db:"sent_at" json:"sent_at"`
	// Theirs says that the participant wrote it.
	Theirs bool `db:"theirs" json:"from_participant"`
}

// Input is what somebody writes.
type Input struct {
	Body string `json:"body" validate:"required,max=2000"`
}

// Service has the use cases of the thread.
type Service struct {
	db      *pg.DB
	policy  *access.Policy
	baseURL string
}

// New makes the service; baseURL is where a letter leads to.
func New(db *pg.DB, policy *access.Policy, baseURL string) *Service {
	return &Service{db, policy, baseURL}
}

// Thread reads both sides of a case's thread, newest first.
func (s *Service) Thread(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []Message, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return c, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if c, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		list, err = Of(tx, caseID)
		return err
	})
	return c, list, err
}

// Of lists both sides of a case's thread, newest first.
func Of(tx *pg.Tx, caseID access.CaseID) ([]Message, error) {
	return pg.List[Message](tx, `
		select m.id, m.case_id, m.kind, coalesce(u.first_name, '') as author, m.language, m.body, m.sent_at, false as theirs
		from messages m left join users u on u.agency_id = m.agency_id and u.id = m.author_id where m.case_id = :case_id
		union all
		select g.id, g.case_id, g.kind, coalesce(nullif(p.preferred_name, ''), p.first_name), g.language, g.body, g.sent_at, true
		from signals g join cases c on c.agency_id = g.agency_id and c.id = g.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		where g.case_id = :case_id and g.body <> ''
		order by sent_at desc, id desc limit 200`, pg.Args{"case_id": caseID})
}

// Send writes to a participant.
func (s *Service) Send(ctx context.Context, by access.Actor, caseID access.CaseID, in Input) (m Message, err error) {
	in.Body = strings.TrimSpace(in.Body)
	if err := check.Struct(in); err != nil {
		return m, err
	}
	scope, err := s.policy.Scope(by, access.SendMessage)
	if err != nil {
		return m, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		m = Message{ID: id.New[Message](), CaseID: c.ID, Kind: Written, Author: by.FirstName, Language: by.Language, Body: in.Body, SentAt: tx.Now}
		if err := add(tx, by, m, by.ID); err != nil {
			return err
		}
		if err := Tell(tx, by, c, s.baseURL); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "message.sent", Case: c.ID, Subject: m.ID.String()})
	})
	return m, err
}

// Say adds what the program itself tells a participant, in their language, and the letter about it.
func Say(tx *pg.Tx, by access.Actor, c casefile.Case, baseURL, kind, key string, args msg.Args) error {
	words := msg.For(spoken(c))
	m := Message{ID: id.New[Message](), CaseID: c.ID, Kind: kind, Language: words.Lang, Body: words.T(key, args), SentAt: tx.Now}
	if err := add(tx, by, m, access.UserID{}); err != nil {
		return err
	}
	return Tell(tx, by, c, baseURL)
}

// spoken is the language of the two that the program speaks which the person reads.
func spoken(c casefile.Case) string {
	if c.Language == "es" {
		return "es"
	}
	return "en"
}

// Tell puts a letter into the outbox for somebody who signs in: that there is something, and where.
func Tell(tx *pg.Tx, by access.Actor, c casefile.Case, baseURL string) error {
	type address struct {
		Email    string `db:"email"`
		Language string `db:"language"`
		Agency   string `db:"agency"`
	}
	a, found, err := pg.Find[address](tx, `select u.email, u.language, a.name as agency from users u join agencies a on a.id = u.agency_id
		where u.participant_id = :person and u.active`, pg.Args{"person": c.ParticipantID})
	if err != nil || !found {
		return err
	}
	words := msg.For(a.Language)
	args := msg.Args{"agency": a.Agency, "link": baseURL + "/me/messages"}
	return mail.Queue(tx, by, mail.Letter{Recipient: a.Email, Subject: words.T("mail.message.subject", args), Body: words.T("mail.message.body", args)})
}

func add(tx *pg.Tx, by access.Actor, m Message, author access.UserID) error {
	return pg.Insert(tx, `insert into messages (agency_id, id, case_id, author_id, kind, language, body, sent_at)
		values (:agency, :id, :case_id, :author, :kind, :language, :body, :at)`,
		pg.Args{"agency": by.Agency, "id": m.ID, "case_id": m.CaseID, "author": author, "kind": m.Kind, "language": m.Language, "body": m.Body, "at": m.SentAt})
}

// Own lists a participant's thread on their own page.
func (s *Service) Own(ctx context.Context, by access.Actor) (list []Message, err error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return nil, err
	}
	list = []Message{}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		list, err = Of(tx, c.ID)
		return err
	})
	return list, err
}
