package plan

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Service has the use cases of step 5.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	render func(Document) (string, error)
}

// New makes the service; render turns the facts of a plan into the printed document, in its language.
func New(db *pg.DB, policy *access.Policy, render func(Document) (string, error)) *Service {
	return &Service{db, policy, render}
}

// View is a plan and whose it is. None says that there is no plan yet.
type View struct {
	Case     casefile.Case
	Plan     Plan
	None     bool
	Goals    []goal.Goal
	Versions []Summary
	// Earlier is what there is to go on from while there is no plan.
	Earlier Earlier
	// Guardian says that the person is under 18, so a guardian signs too; GuardianName is who that is, "" when
	// nobody is on the record.
	Guardian     bool
	GuardianName string
}

// Get reads a version in the actor's reach; number 0 is the current one, -1 the one being worked on.
func (s *Service) Get(ctx context.Context, by access.Actor, caseID access.CaseID, number int) (v View, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return v, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if v.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		return v.read(tx, by, number)
	})
	return v, err
}

func (v *View) read(tx *pg.Tx, by access.Actor, number int) (err error) {
	found := false
	switch number {
	case 0:
		v.Plan, found, err = Current(tx, v.Case.ID)
	case -1:
		v.Plan, found, err = Open(tx, v.Case.ID)
	default:
		if v.Plan, found, err = Numbered(tx, v.Case.ID, number); err == nil && !found {
			return errs.New(errs.NotFound, "not_found")
		}
	}
	if err != nil {
		return err
	}
	v.None, v.Plan = !found, v.Plan.AsOf(by.Today(tx.Now))
	if v.None {
		if v.Earlier, err = offered(tx, v.Case); err != nil {
			return err
		}
	}
	if v.Goals, err = goal.Of(tx, v.Case.ID); err != nil {
		return err
	}
	if v.Guardian, err = minor(tx, v.Case, by.Today(tx.Now)); err != nil {
		return err
	}
	if v.Guardian {
		g, _, err := guardianOf(tx, v.Case)
		if v.GuardianName = g.Name; err != nil {
			return err
		}
	}
	v.Versions, err = versions(tx, v.Case.ID)
	return err
}

// Compare reads two versions of a plan; from 0 is nothing, so that a first version is all new.
func (s *Service) Compare(ctx context.Context, by access.Actor, caseID access.CaseID, from, to int) (c casefile.Case, list []Change, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return c, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if c, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		var ends [2]Plan
		for i, number := range []int{from, to} {
			if number == 0 {
				continue
			}
			p, found, err := Numbered(tx, caseID, number)
			if err != nil {
				return err
			}
			if !found {
				return errs.New(errs.NotFound, "not_found")
			}
			ends[i] = p
		}
		list = Diff(ends[0], ends[1])
		return nil
	})
	return c, list, err
}

// write runs one change of a plan on a locked, open case and refreshes the case.
func (s *Service) write(ctx context.Context, by access.Actor, needs access.Permission, caseID access.CaseID, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, needs)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		if err := fn(tx, c); err != nil {
			return err
		}
		return participation.RefreshCase(tx, c, by.Today(tx.Now))
	})
}

// change runs a change of the version being worked on; version 0 asks for none.
func (s *Service) change(ctx context.Context, by access.Actor, caseID access.CaseID, version int, action string, fn func(*pg.Tx, *Plan) (audit.Entry, error)) (p Plan, err error) {
	err = s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		was, found, err := Open(tx, c.ID)
		if err != nil {
			return err
		}
		if !found {
			return closedPlan(tx, c.ID)
		}
		if err := was.check(version); err != nil {
			return err
		}
		if err := was.editable(); err != nil {
			return err
		}
		if err := writtenBy(tx, by, was); err != nil {
			return err
		}
		entry, err := fn(tx, &was)
		if err != nil {
			return err
		}
		if err := updateHeader(tx, by, was); err != nil {
			return err
		}
		if p, _, err = Numbered(tx, c.ID, was.Number); err != nil {
			return err
		}
		entry.Action, entry.Case = action, c.ID
		return audit.Append(tx, by, entry)
	})
	return p, err
}

// closedPlan says why nothing is there to change: no plan yet, or a signed one.
func closedPlan(tx *pg.Tx, caseID access.CaseID) error {
	p, found, err := Current(tx, caseID)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "not_found")
	}
	return p.editable()
}

// minor reports that the person is under 18 on a day.
func minor(tx *pg.Tx, c casefile.Case, on civil.Date) (bool, error) {
	born, err := pg.Get[civil.Date](tx, `select birth_date from participants where id = :id`, pg.Args{"id": c.ParticipantID})
	return err == nil && !born.IsZero() && born.AgeOn(on) < 18, err
}
