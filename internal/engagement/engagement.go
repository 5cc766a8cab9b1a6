// Package engagement is step 6: talking with people, what was agreed for next time, what is waited
// for, leaving and coming back, and what came of it.
package engagement

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Service has the use cases of step 6.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// change checks the input, locks a case in reach, runs fn, notes what was done and refreshes the case.
func (s *Service) change(ctx context.Context, by access.Actor, needs access.Permission, caseID access.CaseID, in any, fn func(*pg.Tx, *casefile.Case) (audit.Entry, error)) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	scope, err := s.policy.Scope(by, needs)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		entry, err := fn(tx, &c)
		if err != nil {
			return err
		}
		entry.Case = c.ID
		if err := audit.Append(tx, by, entry); err != nil {
			return err
		}
		return casefile.Refresh(tx, c, by.Today(tx.Now))
	})
}

// read loads a case in reach of a permission and runs fn on one snapshot.
func (s *Service) read(ctx context.Context, by access.Actor, needs access.Permission, caseID access.CaseID, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, needs)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// opened refuses work that only an open case allows.
func opened(c *casefile.Case) error {
	if !c.Open() {
		return errs.New(errs.Conflict, "case.closed")
	}
	return nil
}

// staffNotes is the condition under which the actor may read staff notes of `cases c`.
func (s *Service) staffNotes(by access.Actor) string {
	scope, err := s.policy.Scope(by, access.ReadStaffNote)
	if err != nil {
		return "false"
	}
	return scope.Where()
}
