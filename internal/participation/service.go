package participation

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Service has the use cases of the services that people are given.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Set is the services of a case and the exit clock they make.
type Set struct {
	Case   casefile.Case
	Items  []Record
	Clock  Clock
	ledger ledger
}

// Find gives one of them.
func (s Set) Find(of RecordID) (Record, bool) { return s.ledger.find(of) }

// List reads what a person in reach was given.
func (s *Service) List(ctx context.Context, by access.Actor, caseID access.CaseID) (set Set, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return set, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if set.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		set.ledger, err = ledgerOf(tx, caseID)
		set.Items, set.Clock = set.ledger.rows, set.ledger.clock(by.Today(tx.Now))
		return err
	})
	return set, err
}

// ClockOf reads the exit clock of a case in reach.
func (s *Service) ClockOf(ctx context.Context, by access.Actor, caseID access.CaseID) (Clock, error) {
	set, err := s.List(ctx, by, caseID)
	return set.Clock, err
}

// Record writes down a service given or booked, a correction or a cancellation, and says what it
// did to participation.
func (s *Service) Record(ctx context.Context, by access.Actor, caseID access.CaseID, in Input) (made Made, err error) {
	scope, err := s.policy.Scope(by, access.RecordService)
	if err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		if made, err = Add(tx, by, c, in); err != nil {
			return err
		}
		if err := settle(tx, by, &c, made.Clock, made.ID, by.Today(tx.Now)); err != nil {
			return err
		}
		c.StartedOn = made.Clock.StartedOn
		return casefile.Refresh(tx, c, by.Today(tx.Now))
	})
	return made, err
}

// Add is Record inside a transaction that holds the case; the caller refreshes the case.
func Add(tx *pg.Tx, by access.Actor, c casefile.Case, in Input) (made Made, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	l, err := ledgerOf(tx, c.ID)
	if err != nil {
		return made, err
	}
	today, action := by.Today(tx.Now), "service.recorded"
	in.Code = strings.ToUpper(strings.TrimSpace(in.Code))
	if in.Cancels.IsZero() {
		err = l.takes(c, in, by, tx)
	} else {
		in, err = l.cancelling(in)
	}
	if err != nil {
		return made, err
	}
	made.Effect = "none"
	switch {
	case !in.Cancels.IsZero():
		action = "service.cancelled"
	case !in.Supersedes.IsZero():
		action = "service.corrected"
	}
	if in.Cancels.IsZero() {
		made.Effect = Effect(l.gate, l.given(in.Supersedes), l.one(Record{
			Code: in.Code, GivenOn: in.GivenOn, EndsOn: in.EndsOn, Planned: in.Planned,
			Ongoing: in.Ongoing, Supersedes: in.Supersedes, RecordedOn: today,
		}))
	}
	if made.ID, err = insert(tx, by, c.ID, in); err != nil {
		return made, err
	}
	if made.Clock, err = Refresh(tx, c.ID, today); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{
		Action: action, Case: c.ID, Subject: made.ID.String(),
		Detail: map[string]any{"code": in.Code, "given_on": in.GivenOn, "planned": in.Planned, "effect": made.Effect},
	})
}

// takes holds a new or corrected service against the day, the case and the other services. After
// the exit only follow-up goes on.
func (l ledger) takes(c casefile.Case, in Input, by access.Actor, tx *pg.Tx) error {
	if err := in.check(by.Today(tx.Now)); err != nil {
		return err
	}
	if !c.Open() {
		if err := afterExit(c, in); err != nil {
			return err
		}
	}
	if !in.Supersedes.IsZero() {
		if err := l.stands(in.Supersedes, "supersedes"); err != nil {
			return err
		}
	}
	return l.allows(in)
}

// followUp services go on after the exit; they never open the period again.
func followUp(code string) bool { return code == "F01" || code == "Y09" }

// cancelling repeats the facts of what is taken back.
func (l ledger) cancelling(in Input) (Input, error) {
	if in.Reason == "" {
		return in, errs.At("reason", "required")
	}
	if err := l.stands(in.Cancels, "cancels"); err != nil {
		return in, err
	}
	was, _ := l.find(in.Cancels)
	return Input{Code: was.Code, GivenOn: was.GivenOn, EndsOn: was.EndsOn, Planned: was.Planned, Ongoing: was.Ongoing, Provider: was.Provider, Cancels: was.ID, Reason: in.Reason}, nil
}

// stands refuses what is not of this case or was corrected or cancelled before.
func (l ledger) stands(of RecordID, field string) error {
	r, ok := l.find(of)
	switch {
	case !ok:
		return errs.At(field, "no_such_service")
	case !r.Live:
		return errs.New(errs.Conflict, "service.replaced")
	}
	return nil
}
