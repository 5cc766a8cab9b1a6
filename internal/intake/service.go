package intake

import (
	"context"
	"errors"
	"reflect"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Service has the use cases of step 1.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	vault  vault
}

// New makes the service; key encrypts Social Security numbers.
func New(db *pg.DB, policy *access.Policy, key []byte) *Service {
	return &Service{db: db, policy: policy, vault: vault{key}}
}

// Record reads the intake record.
func (s *Service) Record(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, r Record, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, found casefile.Case) error {
		c = found
		r, err = recordOf(tx, caseID)
		return err
	})
	return c, r, err
}

// Edit is a section to save, with the version that its writer saw. Prefix names the section in
// the errors of a request that has several.
type Edit struct {
	Answers Answers
	Version int
	Prefix  string
}

// Save stores sections, complete or not, each as a new version, and repeats on the person what
// About and Contact say. A section that says nothing new keeps its version. A Social Security
// number that comes along is stored in the same transaction.
func (s *Service) Save(ctx context.Context, by access.Actor, caseID access.CaseID, edits []Edit, ssn string) (r Record, err error) {
	if err := checkEdits(edits, by.Today(s.db.Now())); err != nil {
		return r, err
	}
	var number SSN
	if ssn != "" {
		if number, err = ParseSSN(ssn); err != nil {
			return r, err
		}
	}
	err = s.write(ctx, by, access.UpdateIntake, caseID, func(tx *pg.Tx, c casefile.Case) error {
		before, err := recordOf(tx, caseID)
		if err != nil {
			return err
		}
		for _, e := range edits {
			if err := saveSection(tx, by, c, before, e); err != nil {
				return err
			}
		}
		if number != "" {
			if err := s.KeepSSN(tx, by, c.ParticipantID, c.ID, number); err != nil {
				return err
			}
		}
		r, err = recordOf(tx, caseID)
		return err
	})
	return r, err
}

// Finish says that the record is complete; what is missing is refused with the list.
func (s *Service) Finish(ctx context.Context, by access.Actor, caseID access.CaseID) error {
	return s.write(ctx, by, access.UpdateIntake, caseID, func(tx *pg.Tx, c casefile.Case) error {
		r, err := recordOf(tx, caseID)
		if err != nil {
			return err
		}
		if missing := r.Missing(); len(missing) > 0 {
			return errs.New(errs.Conflict, "intake.incomplete").Showing(map[string]any{"missing": missing})
		}
		return audit.Append(tx, by, audit.Entry{Action: "intake.finished", Case: c.ID})
	})
}

func checkEdits(edits []Edit, today civil.Date) error {
	var c errs.Collector
	for _, e := range edits {
		var one errs.Collector
		if err := one.Merge(check.Struct(e.Answers)); err != nil {
			return err
		}
		e.Answers.check(today, &one)
		if err := c.Merge(prefixed(one.Err(), e.Prefix)); err != nil {
			return err
		}
	}
	return c.Err()
}

func prefixed(err error, prefix string) error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		for i := range e.Fields {
			e.Fields[i].Name = prefix + e.Fields[i].Name
		}
	}
	return err
}

func saveSection(tx *pg.Tx, by access.Actor, c casefile.Case, before Record, e Edit) error {
	name, source := e.Answers.Section(), fromStaff
	switch was := before.State(name); {
	case was.Version != e.Version:
		return errs.New(errs.Conflict, "version").Showing(map[string]any{"section": name, "version": was.Version, "answers": before.Sections.Of(name)})
	case was.Version > 0 && reflect.DeepEqual(before.Sections.Of(name), e.Answers):
		return nil
	case !was.EarlierOn.IsZero() && reflect.DeepEqual(before.Sections.Of(name), e.Answers):
		source = fromEarlier
	}
	made, err := insertSection(tx, by, c.ID, e.Answers, e.Version+1, source)
	if err != nil {
		return err
	}
	if err := updatePerson(tx, c.ParticipantID, e.Answers); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{
		Action: "intake.saved", Case: c.ID, Subject: made.String(),
		Detail: map[string]any{"section": string(name), "version": strconv.Itoa(e.Version + 1), "complete": len(e.Answers.missing()) == 0, "source": source},
	})
}

func updatePerson(tx *pg.Tx, person access.ParticipantID, a Answers) error {
	switch x := a.(type) {
	case About:
		return updateAbout(tx, person, x)
	case Contact:
		return updateContact(tx, person, x)
	}
	return nil
}

// read runs fn on a case that the permission reaches.
func (s *Service) read(ctx context.Context, by access.Actor, p access.Permission, caseID access.CaseID, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, p)
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

// write runs fn on an open case, locked, and brings the case up to date after it.
func (s *Service) write(ctx context.Context, by access.Actor, p access.Permission, caseID access.CaseID, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, p)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockIntake(tx, scope, caseID)
		if err != nil {
			return err
		}
		if err := fn(tx, c); err != nil {
			return err
		}
		return participation.RefreshCase(tx, c, by.Today(tx.Now))
	})
}

// GiveNotice notes the day on which the equal-opportunity notice was given and acknowledged.
func (s *Service) GiveNotice(ctx context.Context, by access.Actor, caseID access.CaseID, on civil.Date) error {
	return s.write(ctx, by, access.UpdateIntake, caseID, func(tx *pg.Tx, c casefile.Case) error {
		switch today := by.Today(tx.Now); {
		case on.IsZero():
			on = today
		case on.After(today):
			return errs.At("given_on", "in_future")
		}
		if err := casefile.SetNotice(tx, c.ID, on); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "notice.given", Case: c.ID, Detail: map[string]any{"on": on.String()}})
	})
}
