package selection

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/recommend"
)

// Service records choices.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	after  func(*pg.Tx, access.CaseID) error
}

// New makes the service; after works out anew, in the transaction of a choice, what later steps made
// of the choice before (goal.Recheck).
func New(db *pg.DB, policy *access.Policy, after func(*pg.Tx, access.CaseID) error) *Service {
	return &Service{db: db, policy: policy, after: after}
}

// Choose records what the person chose. It needs a ranking that was talked about; an area outside
// its best five needs a reason. While a plan is in force, another pathway, area or step calls for
// a new version of it.
func (s *Service) Choose(ctx context.Context, by access.Actor, caseID access.CaseID, in Input) (Selection, error) {
	if err := check.Struct(in); err != nil {
		return Selection{}, err
	}
	scope, err := s.policy.Scope(by, access.ChooseSelection)
	if err != nil {
		return Selection{}, err
	}
	var made Selection
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		today := by.Today(tx.Now)
		if in.ChosenOn.IsZero() {
			in.ChosenOn = today
		}
		snap, reviewed, err := recommend.Newest(tx, c.ID, true)
		if err != nil {
			return err
		}
		if !reviewed {
			return errs.New(errs.Conflict, "selection.not_reviewed").Showing(map[string]any{"missing": []string{"review"}})
		}
		catalogue, err := pathway.Load(tx, "")
		if err != nil {
			return err
		}
		if made, err = choose(in, catalogue, snap, today); err != nil {
			return err
		}
		made.CaseID, made.RecordedBy, made.RecordedByName, made.RecordedAt = c.ID, by.ID, by.Name(), tx.Now
		if made.PlanVersionNeeded, err = outgrows(tx, made); err != nil {
			return err
		}
		if err := insert(tx, by, made); err != nil {
			return err
		}
		if err := casefile.SetPathway(tx, c.ID, made.Pathway, made.Area, made.EntryStep); err != nil {
			return err
		}
		if err := s.after(tx, c.ID); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "selection.chosen", Case: c.ID, Subject: made.ID.String(), Detail: map[string]any{
			"pathway": made.Pathway, "area": made.Area, "entry_step": made.EntryStep, "target_step": made.TargetStep, "in_snapshot": made.InSnapshot,
		}}); err != nil {
			return err
		}
		return casefile.Refresh(tx, c, today)
	})
	return made, err
}

// Board is what a choice is made from: the ranking that was talked about, the catalogue, and the
// choices so far, newest first.
type Board struct {
	Case      casefile.Case
	Snapshot  recommend.Snapshot
	Reviewed  bool
	Catalogue pathway.Catalogue
	Items     []Selection
	// Editions are the versions that the choices were made on, by code and number.
	Editions map[Edition]pathway.Edition
}

// Edition names one version of a pathway.
type Edition struct {
	Code    string
	Version int
}

// read adds the versions that the choices were made on.
func (b *Board) read(tx *pg.Tx) error {
	b.Editions = map[Edition]pathway.Edition{}
	for _, s := range b.Items {
		key := Edition{s.Pathway, s.PathwayVersion}
		if _, ok := b.Editions[key]; ok {
			continue
		}
		e, err := pathway.At(tx, s.Pathway, s.PathwayVersion)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		b.Editions[key] = e
	}
	return nil
}

// Board reads what the page of choices shows.
func (s *Service) Board(ctx context.Context, by access.Actor, caseID access.CaseID) (Board, error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return Board{}, err
	}
	var b Board
	err = s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		if b.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		if b.Snapshot, b.Reviewed, err = recommend.Newest(tx, caseID, true); err != nil {
			return err
		}
		if b.Catalogue, err = pathway.Load(tx, ""); err != nil {
			return err
		}
		if b.Items, err = history(tx, caseID); err != nil {
			return err
		}
		return b.read(tx)
	})
	return b, err
}

// History lists the choices of a case, newest first.
func (s *Service) History(ctx context.Context, by access.Actor, caseID access.CaseID) ([]Selection, error) {
	b, err := s.Board(ctx, by, caseID)
	return b.Items, err
}
