package goal

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/wire"
)

// Service has the use cases of step 4.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Set is the goals of a case with their SMART letters, nearest first.
type Set struct {
	Case  casefile.Case
	Goals []Goal
}

// In lists the goals of one horizon, those aimed at or reached before those given up.
func (s Set) In(h Horizon) []Goal {
	var list, past []Goal
	for _, g := range s.Goals {
		switch {
		case g.Horizon != h:
		case g.Status.ended():
			past = append(past, g)
		default:
			list = append(list, g)
		}
	}
	return append(list, past...)
}

// List reads the goals of a case in the actor's reach.
func (s *Service) List(ctx context.Context, by access.Actor, caseID access.CaseID) (set Set, err error) {
	err = s.read(ctx, by, caseID, func(tx *pg.Tx, c casefile.Case, on ground) error {
		goals, err := Of(tx, c.ID)
		for i := range goals {
			goals[i] = goals[i].shownOn(on)
		}
		set = Set{c, goals}
		return err
	})
	return set, err
}

// Get reads one goal and whose it is.
func (s *Service) Get(ctx context.Context, by access.Actor, caseID access.CaseID, goalID ID) (g Goal, c casefile.Case, err error) {
	err = s.read(ctx, by, caseID, func(tx *pg.Tx, found casefile.Case, on ground) (err error) {
		c = found
		g, err = find(tx, c.ID, goalID)
		g = g.shownOn(on)
		return err
	})
	return g, c, err
}

// Suggest lists the jobs and credentials that the chosen pathway offers for a horizon.
func (s *Service) Suggest(ctx context.Context, by access.Actor, caseID access.CaseID, h Horizon) (list []Suggestion, c casefile.Case, err error) {
	err = s.read(ctx, by, caseID, func(_ *pg.Tx, found casefile.Case, on ground) error {
		list, c = on.suggestions(h), found
		return nil
	})
	return list, c, err
}

func (s *Service) read(ctx context.Context, by access.Actor, caseID access.CaseID, fn func(*pg.Tx, casefile.Case, ground) error) error {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		on, err := groundOf(tx, c.ID)
		if err != nil {
			return err
		}
		return fn(tx, c, on)
	})
}

// Add records a goal. One that is not SMART yet can be kept as proposed.
func (s *Service) Add(ctx context.Context, by access.Actor, caseID access.CaseID, in Input) (g Goal, err error) {
	return s.write(ctx, by, caseID, in, func(tx *pg.Tx) (Goal, string, error) {
		return Goal{ID: id.New[Goal](), CaseID: caseID, Version: 1, CreatedAt: tx.Now}, "goal.added", nil
	}, insert)
}

// Change writes down how the goal stood and puts the new answers in its place.
func (s *Service) Change(ctx context.Context, by access.Actor, caseID access.CaseID, goalID ID, version int, in Input) (Goal, error) {
	return s.write(ctx, by, caseID, in, func(tx *pg.Tx) (Goal, string, error) {
		was, err := find(tx, caseID, goalID)
		if err != nil {
			return was, "", err
		}
		if was.Version != version {
			return was, "", errs.New(errs.Conflict, "version").Showing(was)
		}
		return was, "goal.changed", keep(tx, by, was)
	}, update)
}

// Reach marks a goal as met on a day.
func (s *Service) Reach(ctx context.Context, by access.Actor, caseID access.CaseID, goalID ID, version int, on civil.Date) (Goal, error) {
	g, _, err := s.Get(ctx, by, caseID, goalID)
	if err != nil {
		return g, err
	}
	in := g.Input()
	in.Status, in.MetOn = Met, on
	return s.Change(ctx, by, caseID, goalID, version, in)
}

// write checks the answers, fits them to the case's other goals and its pathway, and stores the goal.
func (s *Service) write(ctx context.Context, by access.Actor, caseID access.CaseID, in Input,
	begin func(*pg.Tx) (Goal, string, error), store func(*pg.Tx, access.Actor, Goal) error,
) (g Goal, err error) {
	if err := check.Struct(in); err != nil {
		return g, err
	}
	scope, err := s.policy.Scope(by, access.WriteGoal)
	if err != nil {
		return g, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		was, action, err := begin(tx)
		if err != nil {
			return err
		}
		if g, err = put(tx, by, c, was, in.since(was), action, store); err != nil {
			return err
		}
		return casefile.Refresh(tx, c, by.Today(tx.Now))
	})
	return g, err
}

// Accept records a goal that the participant has proposed. The caller has locked the case and brings it
// up to date.
func Accept(tx *pg.Tx, by access.Actor, c casefile.Case, in Input) (Goal, error) {
	if err := check.Struct(in); err != nil {
		return Goal{}, err
	}
	return put(tx, by, c, Goal{ID: id.New[Goal](), CaseID: c.ID, Version: 1, CreatedAt: tx.Now}, in, "goal.added", insert)
}

// put stores the goal with its new answers.
func put(tx *pg.Tx, by access.Actor, c casefile.Case, was Goal, in Input, action string, store func(*pg.Tx, access.Actor, Goal) error) (Goal, error) {
	today := by.Today(tx.Now)
	g, err := fitted(tx, was, in.filled(today), today)
	if err != nil {
		return g, err
	}
	if err := store(tx, by, g); err != nil {
		return g, err
	}
	if action == "goal.changed" {
		g.Version++
	}
	g.UpdatedAt = tx.Now
	return g, audit.Append(tx, by, audit.Entry{
		Action: action, Case: c.ID, Subject: g.ID.String(),
		Detail: map[string]any{"horizon": g.Horizon, "status": g.Status, "fields": changed(was.Input(), g.Input())},
	})
}

// fitted puts the answers into the goal and holds it against the calendar, the ladder and the pathway.
func fitted(tx *pg.Tx, was Goal, in Input, today civil.Date) (Goal, error) {
	if err := in.checked(today); err != nil {
		return was, err
	}
	all, err := Of(tx, was.CaseID)
	if err != nil {
		return was, err
	}
	on, err := groundOf(tx, was.CaseID)
	if err != nil {
		return was, err
	}
	g := was.with(in).checkedOn(on)
	if g.TitleES == "" {
		g.TitleES = on.spanish(g)
	}
	if err := g.inLadder(all); err != nil {
		return g, err
	}
	if err := g.ready(); err != nil {
		return g, err
	}
	return g, recheck(tx, all, on)
}

func (g Goal) with(in Input) Goal {
	return Goal{
		ID: g.ID, CaseID: g.CaseID, Version: g.Version, CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt,
		Horizon: in.Horizon, Title: in.Title, TitleES: in.TitleES, TargetKind: in.TargetKind, TargetCode: in.TargetCode, Measure: in.Measure, Unit: in.Unit,
		TargetValue: in.TargetValue, Pay: in.Pay, PayMax: in.PayMax, PayPer: in.PayPer, Employer: in.Employer, TargetOn: in.TargetOn, Baseline: in.Baseline,
		Rationale: in.Rationale, Fits: in.Fits, FitsES: in.FitsES, Owner: in.Owner, IncomeBridge: in.IncomeBridge, AgreedOn: in.AgreedOn, Status: in.Status, MetOn: in.MetOn,
	}
}

// changed names the fields that differ, for the audit: names only, never what they say.
func changed(was, is Input) []string {
	a, b := wire.Values(was), wire.Values(is)
	names := []string{}
	for k := range b {
		if a.Get(k) != b.Get(k) {
			names = append(names, k)
		}
	}
	for k := range a {
		if !b.Has(k) {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	return names
}
