package today

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/document"
	"waymark/internal/draft"
	"waymark/internal/ownwords"
	"waymark/internal/pg"
	"waymark/internal/portal"
)

// Service answers the page of the day.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// List reads the day of the actor's caseload, with the same number of statements whatever its size.
func (s *Service) List(ctx context.Context, by access.Actor) (l List, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return l, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		return pg.Gather(tx, func(tx *pg.Tx) error { return s.day(tx, by, scope, &l) })
	})
	return l, err
}

// day reads the list and what stands beside it, from nothing.
func (s *Service) day(tx *pg.Tx, by access.Actor, scope access.Scope, l *List) error {
	*l = List{Day: by.Today(tx.Now), Overdue: []Item{}, Today: []Item{}, Week: []Item{}, Replies: []portal.Signal{}, Returned: []PlanItem{}, Sent: []PlanItem{}}
	l.Until = l.Day.AddDays(Days)
	found, err := rows(tx, scope, l.Until)
	if err != nil {
		return err
	}
	l.sorted(found)
	if l.NextDue, err = nextDue(tx, scope, l.Until); err != nil {
		return err
	}
	return s.beside(tx, by, scope, l)
}

// beside reads what stands in the right column.
func (s *Service) beside(tx *pg.Tx, by access.Actor, scope access.Scope, l *List) (err error) {
	if l.Closed, err = agency.ClosedBetween(tx, by.Office, l.Day, l.Until); err != nil {
		return err
	}
	if answers, err := s.policy.Scope(by, access.AnswerSignal); err == nil {
		if l.Replies, err = portal.Unseen(tx, answers); err != nil {
			return err
		}
		if l.Words, err = ownwords.Unsettled(tx, answers); err != nil {
			return err
		}
	}
	if papers, err := s.policy.Scope(by, access.WriteDocument); err == nil {
		if l.Papers, err = document.Unseen(tx, papers); err != nil {
			return err
		}
	}
	if l.Drafts, err = draft.List(tx, by, scope); err != nil {
		return err
	}
	all, err := plans(tx, scope)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.State == "returned" {
			l.Returned = append(l.Returned, p)
		} else {
			l.Sent = append(l.Sent, p)
		}
	}
	if l.OfAge, err = ofAge(tx, scope, l.Day); err != nil {
		return err
	}
	l.Asked, err = asked(tx, scope)
	return err
}
