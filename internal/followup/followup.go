// Package followup has what a supervisor asks about a check-in or a case, and the answer of whoever
// works on it.
package followup

import (
	"context"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/engagement"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// ID names a follow-up.
type ID = id.Of[FollowUp]

// FollowUp is one question and its answer.
type FollowUp struct {
	ID         ID                   `db:"id" json:"id"`
	CaseID     access.CaseID        `db:"case_id" json:"case_id"`
	Name       string               `db:"name" json:"name"`
	CheckInID  engagement.CheckInID `db:"check_in_id" json:"check_in_id"`
	Question   string               `db:"question" json:"question"`
	AskedBy    string               `db:"asked_by" json:"asked_by"`
	AskedAt    time.Time            `db:"asked_at" json:"asked_at"`
	Answer     string               `db:"answer" json:"answer"`
	AnsweredBy string               `db:"answered_by" json:"answered_by"`
	AnsweredAt *time.Time           `db:"answered_at" json:"answered_at"`
	Version    int                  `db:"version" json:"version"`
}

// AskInput is the question, about one check-in or the case as a whole.
type AskInput struct {
	CheckInID engagement.CheckInID `json:"check_in_id"`
	Question  string               `json:"question" validate:"required,max=1000"`
}

// AnswerInput is the answer.
type AnswerInput struct {
	Answer string `json:"answer" validate:"required,max=2000"`
}

// Service has the use cases.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

const query = `select f.id, f.case_id, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name, f.check_in_id, f.question,
		a.first_name || ' ' || a.last_name as asked_by, f.asked_at, f.answer, coalesce(b.first_name || ' ' || b.last_name, '') as answered_by, f.answered_at, f.version
	from follow_ups f
	join cases c on c.agency_id = f.agency_id and c.id = f.case_id
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	join users a on a.agency_id = f.agency_id and a.id = f.asked_by
	left join users b on b.agency_id = f.agency_id and b.id = f.answered_by
	where `

// Of lists the questions about a case, newest first.
func (s *Service) Of(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []FollowUp, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return c, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if c, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		list, err = pg.List[FollowUp](tx, query+`f.case_id = :case_id order by f.asked_at desc, f.id desc limit 100`, pg.Args{"case_id": caseID})
		return err
	})
	return c, list, err
}

// Open lists the questions that wait for an answer in the actor's cases, oldest first.
func (s *Service) Open(ctx context.Context, by access.Actor) (list []FollowUp, err error) {
	scope, err := s.policy.Scope(by, access.AnswerFollowUp)
	if err != nil {
		return []FollowUp{}, nil //nolint:nilerr // who may not answer has none to answer
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[FollowUp](tx, query+`f.answered_at is null and `+casefile.OpenStates+` and `+scope.Where()+` order by f.asked_at, f.id limit 50`, pg.Args{}.In(scope, tx))
		return err
	})
	return list, err
}

// Ask asks whoever works on a case.
func (s *Service) Ask(ctx context.Context, by access.Actor, caseID access.CaseID, in AskInput) (f FollowUp, err error) {
	in.Question = strings.TrimSpace(in.Question)
	err = s.change(ctx, by, access.AskFollowUp, caseID, in, func(tx *pg.Tx, c casefile.Case) (audit.Entry, error) {
		if !in.CheckInID.IsZero() {
			if _, found, err := pg.Find[engagement.CheckInID](tx, `select id from check_ins where id = :id and case_id = :case_id`, pg.Args{"id": in.CheckInID, "case_id": c.ID}); err != nil {
				return audit.Entry{}, err
			} else if !found {
				return audit.Entry{}, errs.At("check_in_id", "no_such_check_in")
			}
		}
		made := id.New[FollowUp]()
		if err := pg.Insert(tx, `insert into follow_ups (agency_id, id, case_id, check_in_id, question, asked_by, asked_at) values (:agency, :id, :case_id, :check_in, :question, :by, :now)`,
			pg.Args{"agency": by.Agency, "id": made, "case_id": c.ID, "check_in": in.CheckInID, "question": in.Question, "by": by.ID, "now": tx.Now}); err != nil {
			return audit.Entry{}, err
		}
		f, err = pg.Get[FollowUp](tx, query+`f.id = :id`, pg.Args{"id": made})
		return audit.Entry{Action: "follow_up.asked", Subject: made.String()}, err
	})
	return f, err
}

// Answer answers a question once; what was answered stays.
func (s *Service) Answer(ctx context.Context, by access.Actor, caseID access.CaseID, of ID, in AnswerInput) (f FollowUp, err error) {
	in.Answer = strings.TrimSpace(in.Answer)
	err = s.change(ctx, by, access.AnswerFollowUp, caseID, in, func(tx *pg.Tx, c casefile.Case) (audit.Entry, error) {
		args := pg.Args{"id": of, "case_id": c.ID, "answer": in.Answer, "by": by.ID, "now": tx.Now}
		was, err := pg.Get[FollowUp](tx, query+`f.id = :id and f.case_id = :case_id`, args)
		if err != nil {
			return audit.Entry{}, err
		}
		if was.AnsweredAt != nil {
			return audit.Entry{}, errs.New(errs.Conflict, "follow_up.answered").Showing(was)
		}
		if err := pg.ExecOne(tx, `update follow_ups set answer = :answer, answered_by = :by, answered_at = :now, version = version + 1 where id = :id and answered_at is null`, args); err != nil {
			return audit.Entry{}, err
		}
		f, err = pg.Get[FollowUp](tx, query+`f.id = :id and f.case_id = :case_id`, args)
		return audit.Entry{Action: "follow_up.answered", Subject: of.String()}, err
	})
	return f, err
}

func (s *Service) change(ctx context.Context, by access.Actor, needs access.Permission, caseID access.CaseID, in any, fn func(*pg.Tx, casefile.Case) (audit.Entry, error)) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	scope, err := s.policy.Scope(by, needs)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		entry, err := fn(tx, c)
		if err != nil {
			return err
		}
		entry.Case = c.ID
		return audit.Append(tx, by, entry)
	})
}
