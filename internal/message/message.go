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
	"waymark/internal/msg"
	"waymark/internal/notice"
	"waymark/internal/outbox"
	"waymark/internal/pg"
)

// Kinds of messages: written by somebody, or said by the program.
const (
	Written   = "message"
	NewPerson = "new_person"
)

// signal is the phantom type of the id of something that a participant told us.
type signal struct{}

// Message is one line of the thread. What a participant told us of a milestone names it, and may have
// no words of its own.
type Message struct {
	ID       id.Of[Message] `db:"id" json:"id"`
	CaseID   access.CaseID  `db:"case_id" json:"case_id"`
	Kind     string         `db:"kind" json:"kind"`
	Author   string         `db:"author" json:"author"`
	Language string         `db:"language" json:"language"`
	Body     string         `db:"body" json:"body"`
	// Translation is the body in the participant's language, written beside it.
	Translation     string        `db:"translation" json:"translation"`
	TranslationLang string        `db:"translation_lang" json:"translation_language"`
	Answers         id.Of[signal] `db:"answers" json:"answers"`
	About           string        `db:"about" json:"about"`
	AboutES         string        `db:"about_es" json:"about_es"`
	SentAt          time.Time     `db:"sent_at" json:"sent_at"`
	SeenAt          *time.Time    `db:"seen_at" json:"seen_at"`
	SeenBy          string        `db:"seen_by" json:"seen_by"`
	// Told is by which channel a notice went that something was written, and Delivery what became of it, with
	// the Reason when it did not come. Several things of one day have one notice.
	Told     string `db:"told" json:"told"`
	Delivery string `db:"told_state" json:"told_state"`
	Reason   string `db:"told_failed" json:"told_reason"`
	// Theirs says that the participant wrote it.
	Theirs bool `db:"theirs" json:"from_participant"`
}

// AboutIn is the milestone's title in a language.
func (m Message) AboutIn(lang string) string {
	if lang == "es" && m.AboutES != "" {
		return m.AboutES
	}
	return m.About
}

// Input is what somebody writes; Answers names what it answers, which then counts as seen.
type Input struct {
	Body        string        `json:"body" validate:"required,max=2000"`
	Translation string        `json:"translation" validate:"max=2000"`
	Answers     id.Of[signal] `json:"answers"`
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

// Milestone is the title, in both languages, of what a signal g is about, as the newest version of the
// plan has it.
const Milestone = `coalesce(k.title, '') as about, coalesce(k.title_es, '') as about_es`

// MilestoneFrom is the join that Milestone needs.
const MilestoneFrom = `left join lateral (select m.title, m.title_es from milestones m join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id
		where g.about <> '' and m.agency_id = g.agency_id and m.case_id = g.case_id and m.key = g.about order by v.number desc limit 1) k on true`

// Of lists both sides of a case's thread, newest first. A message counts as seen when the participant
// said so, or wrote after it came.
func Of(tx *pg.Tx, caseID access.CaseID) ([]Message, error) {
	return pg.List[Message](tx, `
		select m.id, m.case_id, m.kind, coalesce(u.first_name, '') as author, m.language, m.body, m.translation, m.translation_lang, m.signal_id as answers, '' as about, '' as about_es,
			m.sent_at, least((select min(r.read_at) from thread_reads r where r.agency_id = m.agency_id and r.case_id = m.case_id and r.read_at >= m.sent_at),
				(select min(g.sent_at) from signals g where g.agency_id = m.agency_id and g.case_id = m.case_id and g.kind = 'message' and g.sent_at >= m.sent_at)) as seen_at,
			'' as seen_by, false as theirs, coalesce(t.channel, '') as told, coalesce(t.state, '') as told_state, coalesce(t.failed, '') as told_failed
		from messages m left join users u on u.agency_id = m.agency_id and u.id = m.author_id
		left join lateral (select o.channel, `+outbox.State+` as state, o.failed from outbox o where o.agency_id = m.agency_id and o.about = m.id limit 1) t on true
		where m.case_id = :case_id
		union all
		select g.id, g.case_id, g.kind, coalesce(nullif(p.preferred_name, ''), p.first_name), g.language, g.body, '', '', cast(null as uuid), `+Milestone+`,
			g.sent_at, g.seen_at, coalesce(u.first_name, ''), true, '', '', ''
		from signals g join cases c on c.agency_id = g.agency_id and c.id = g.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		left join users u on u.agency_id = g.agency_id and u.id = g.seen_by
		`+MilestoneFrom+`
		where g.case_id = :case_id and (g.body <> '' or g.kind in ('another_time', 'done', 'stuck', 'change'))
		order by sent_at desc, id desc limit 200`, pg.Args{"case_id": caseID})
}

// Send writes to a participant.
func (s *Service) Send(ctx context.Context, by access.Actor, caseID access.CaseID, in Input) (m Message, err error) {
	in.Body, in.Translation = strings.TrimSpace(in.Body), strings.TrimSpace(in.Translation)
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
		if err := answered(tx, by, c.ID, in.Answers); err != nil {
			return err
		}
		m = Message{
			ID: id.New[Message](), CaseID: c.ID, Kind: Written, Author: by.FirstName, Language: by.Language, Body: in.Body, Translation: in.Translation, Answers: in.Answers, SentAt: tx.Now,
		}
		if m.Translation != "" {
			m.TranslationLang = c.Language
		}
		if err := add(tx, by, m, by.ID); err != nil {
			return err
		}
		if err := tell(tx, by, c.ID, s.baseURL, m, by.FirstName); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "message.sent", Case: c.ID, Subject: m.ID.String()})
	})
	return m, err
}

// answered notes that a signal was read by whoever answers it; one of another case is NotFound.
func answered(tx *pg.Tx, by access.Actor, caseID access.CaseID, of id.Of[signal]) error {
	if of.IsZero() {
		return nil
	}
	args := pg.Args{"id": of, "case_id": caseID, "by": by.ID, "now": tx.Now}
	if _, err := pg.Get[string](tx, `select kind from signals where id = :id and case_id = :case_id`, args); err != nil {
		return err
	}
	return pg.Insert(tx, `update signals set seen_by = :by, seen_at = :now where id = :id and seen_at is null`, args)
}

// Say adds what the program itself tells a participant, in their language, and the letter about it.
func Say(tx *pg.Tx, by access.Actor, c casefile.Case, baseURL, kind, key string, args msg.Args) error {
	words := msg.For(spoken(c))
	m := Message{ID: id.New[Message](), CaseID: c.ID, Kind: kind, Language: words.Lang, Body: words.T(key, args), SentAt: tx.Now}
	if err := add(tx, by, m, access.UserID{}); err != nil {
		return err
	}
	return tell(tx, by, c.ID, baseURL, m, "")
}

// spoken is the language of the two that the program speaks which the person reads.
func spoken(c casefile.Case) string {
	return msg.For(c.Language).Lang
}

// tell says that something was written, once a day.
func tell(tx *pg.Tx, by access.Actor, caseID access.CaseID, baseURL string, m Message, staff string) error {
	return notice.Tell(tx, by, baseURL, notice.Notice{
		Kind: notice.Message, Case: caseID, Staff: staff, About: m.ID.String(), Once: "message/" + caseID.String() + "/" + by.Today(tx.Now).String(),
	})
}

func add(tx *pg.Tx, by access.Actor, m Message, author access.UserID) error {
	return pg.Insert(tx, `insert into messages (agency_id, id, case_id, author_id, kind, language, body, translation, translation_lang, signal_id, sent_at)
		values (:agency, :id, :case_id, :author, :kind, :language, :body, :translation, :translation_lang, :answers, :at)`,
		pg.Args{
			"agency": by.Agency, "id": m.ID, "case_id": m.CaseID, "author": author, "kind": m.Kind, "language": m.Language, "body": m.Body,
			"translation": m.Translation, "translation_lang": m.TranslationLang, "answers": m.Answers, "at": m.SentAt,
		})
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

// Read notes that a participant has read what was written to them so far.
func (s *Service) Read(ctx context.Context, by access.Actor) error {
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		if err := pg.Insert(tx, `insert into thread_reads (agency_id, case_id, read_at) values (:agency, :case_id, :now) on conflict do nothing`,
			pg.Args{"agency": by.Agency, "case_id": c.ID, "now": tx.Now}); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "message.read", Case: c.ID})
	})
}

// Unread counts what a participant was written and has not yet said that they read.
func Unread(list []Message) (n int) {
	for _, m := range list {
		if !m.Theirs && m.SeenAt == nil {
			n++
		}
	}
	return n
}
