package recommend

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/explore"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// Service computes rankings, keeps them, and records that they were talked about.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db: db, policy: policy} }

// ComputeInput asks for a ranking. Add puts areas beside the best five, each with a reason.
type ComputeInput struct {
	ComputedOn civil.Date `json:"computed_on"`
	Add        []Added    `json:"add" validate:"max=5,dive"`
}

// Added is one area that the case manager wants on the list whatever its rank.
type Added struct {
	Area   string `json:"area" validate:"required,max=40"`
	Reason string `json:"reason" validate:"required,max=500"`
}

// Compute ranks every area for the person and keeps the result as it is. It is refused while
// step 1 is not complete or nothing is known of the person's interests; Current says what is missing.
func (s *Service) Compute(ctx context.Context, by access.Actor, caseID access.CaseID, in ComputeInput) (Snapshot, error) {
	if err := check.Struct(in); err != nil {
		return Snapshot{}, err
	}
	scope, err := s.policy.Scope(by, access.ComputeRecommendation)
	if err != nil {
		return Snapshot{}, err
	}
	var made Snapshot
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		today := by.Today(tx.Now)
		if in.ComputedOn.IsZero() {
			in.ComputedOn = today
		}
		if in.ComputedOn.After(today) {
			return errs.At("computed_on", "in_future")
		}
		if made, err = compute(tx, by, c, in); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{
			Action: "recommendation.computed", Case: c.ID, Subject: made.ID.String(),
			Detail: map[string]any{"rule": made.Rule, "catalogue": made.CatalogueVersion, "data": made.DataVersion},
		}); err != nil {
			return err
		}
		return casefile.Refresh(tx, c, today)
	})
	return made, err
}

func compute(tx *pg.Tx, by access.Actor, c casefile.Case, in ComputeInput) (Snapshot, error) {
	missing, err := entryGate(tx, c.ID)
	if err != nil {
		return Snapshot{}, err
	}
	if len(missing) > 0 {
		return Snapshot{}, errs.New(errs.Conflict, "recommend.not_ready").Showing(map[string]any{"missing": missing})
	}
	catalogue, err := pathway.Load(tx, "")
	if err != nil {
		return Snapshot{}, err
	}
	if len(catalogue.Areas()) == 0 {
		return Snapshot{}, errs.New(errs.Conflict, "recommend.no_catalogue")
	}
	inputs, err := inputsOf(tx, c, in.ComputedOn, catalogue)
	if err != nil {
		return Snapshot{}, err
	}
	snap := Snapshot{
		ID: id.New[SnapshotRow](), CaseID: c.ID, Rule: Algorithm, DataVersion: catalogue.DataVersion,
		CatalogueVersion: catalogue.Version, Inputs: inputs, Options: options(catalogue, inputs), ComputedOn: in.ComputedOn,
		ComputedBy: by.ID, ComputedByName: by.Name(), RecordedAt: tx.Now, Reviews: []Review{},
	}
	if err := add(snap.Options, in.Add); err != nil {
		return Snapshot{}, err
	}
	return snap, insertSnapshot(tx, by, snap)
}

// entryGate lists what step 2 waits for (domain.md 1.0): the exit gates of step 1 and an interest
// result or its waiver.
func entryGate(tx *pg.Tx, caseID access.CaseID) ([]string, error) {
	steps, err := casefile.Steps(tx, caseID)
	if err != nil {
		return nil, err
	}
	missing := steps[0].Missing
	if slices.Contains(steps[1].Missing, "interests") {
		missing = append(missing, "interests")
	}
	return missing, nil
}

// add marks the areas that the case manager put on the list.
func add(options []Ranked, list []Added) error {
	for i, a := range list {
		at := slices.IndexFunc(options, func(o Ranked) bool { return o.Area == a.Area })
		if at < 0 {
			return errs.At("add."+strconv.Itoa(i)+".area", "no_area")
		}
		options[at].Added = strings.TrimSpace(a.Reason)
	}
	return nil
}

// ReviewInput records that a ranking was talked about with the person.
type ReviewInput struct {
	ReviewedOn civil.Date `json:"reviewed_on"`
	Method     string     `json:"method" validate:"required,oneof=in_person phone video"`
	Comment    string     `json:"comment" validate:"max=2000"`
}

// Review records a talk about a ranking.
func (s *Service) Review(ctx context.Context, by access.Actor, caseID access.CaseID, snapshot SnapshotID, in ReviewInput) (Review, error) {
	if err := check.Struct(in); err != nil {
		return Review{}, err
	}
	scope, err := s.policy.Scope(by, access.ReviewRecommendation)
	if err != nil {
		return Review{}, err
	}
	var made Review
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		snap, err := snapshotOf(tx, c.ID, snapshot)
		if err != nil {
			return err
		}
		today := by.Today(tx.Now)
		if in.ReviewedOn.IsZero() {
			in.ReviewedOn = today
		}
		switch {
		case in.ReviewedOn.After(today):
			return errs.At("reviewed_on", "in_future")
		case in.ReviewedOn.Before(snap.ComputedOn):
			return errs.At("reviewed_on", "before_computed")
		}
		made = Review{
			ID: id.New[ReviewRow](), SnapshotID: snap.ID, ReviewedOn: in.ReviewedOn, Method: in.Method,
			Comment: strings.TrimSpace(in.Comment), ReviewedBy: by.ID, ReviewedByName: by.Name(), RecordedAt: tx.Now,
		}
		if err := insertReview(tx, by, c.ID, made); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{
			Action: "recommendation.reviewed", Case: c.ID, Subject: snap.ID.String(),
			Detail: map[string]any{"method": in.Method, "on": in.ReviewedOn},
		}); err != nil {
			return err
		}
		return casefile.Refresh(tx, c, today)
	})
	return made, err
}

// History is a case's rankings, newest first, with what step 2 still waits for.
type History struct {
	Case    casefile.Case
	Items   []Snapshot
	Next    string
	Missing []string
	// Catalogue is the one in use now.
	Catalogue pathway.Catalogue
	// Likes are what the person likes now; the next ranking counts them as named.
	Likes []explore.Liked
	// Stale is true when the newest ranking rests on another catalogue or other figures.
	Stale bool
}

// pageSize is how many rankings a list holds.
const pageSize = 20

// History reads the rankings of a case. cursor is the id after which to go on, "" for the newest.
func (s *Service) History(ctx context.Context, by access.Actor, caseID access.CaseID, cursor SnapshotID) (History, error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return History{}, err
	}
	var h History
	err = s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		if h.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		if h.Missing, err = entryGate(tx, caseID); err != nil {
			return err
		}
		if h.Items, err = snapshotsOf(tx, caseID, cursor, pageSize+1); err != nil {
			return err
		}
		if len(h.Items) > pageSize {
			h.Items = h.Items[:pageSize]
			h.Next = h.Items[pageSize-1].ID.String()
		}
		if h.Catalogue, err = pathway.Load(tx, ""); err != nil {
			return err
		}
		if h.Likes, err = explore.LikesOf(tx, caseID); err != nil {
			return err
		}
		if len(h.Items) > 0 {
			n := h.Items[0]
			h.Stale = n.CatalogueVersion != h.Catalogue.Version || n.DataVersion != h.Catalogue.DataVersion
		}
		return nil
	})
	return h, err
}

// One reads a single ranking of a case.
func (s *Service) One(ctx context.Context, by access.Actor, caseID access.CaseID, snapshot SnapshotID) (casefile.Case, Snapshot, error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return casefile.Case{}, Snapshot{}, err
	}
	var c casefile.Case
	var snap Snapshot
	err = s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		if c, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		snap, err = snapshotOf(tx, caseID, snapshot)
		return err
	})
	return c, snap, err
}
