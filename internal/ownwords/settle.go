package ownwords

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Review is what waits in one case, beside what the case says today, and what was settled lately.
type Review struct {
	Case    casefile.Case `json:"-"`
	Waiting []Pending     `json:"waiting"`
	Settled []Words       `json:"settled"`
}

// Pending are words that wait. Version is that of the section or screen they would change; Now is what
// the case says and With what it would say. Of a goal there is only what was proposed.
type Pending struct {
	Words
	Version int             `json:"version"`
	Now     intake.Sections `json:"-"`
	With    intake.Sections `json:"-"`
	Screen  intake.Screen   `json:"-"`
}

// Of lists what waits in a case.
func (s *Service) Of(ctx context.Context, by access.Actor, caseID access.CaseID) (r Review, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return r, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		r = Review{Waiting: []Pending{}, Settled: []Words{}}
		if r.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		return r.read(tx)
	})
	return r, err
}

func (r *Review) read(tx *pg.Tx) error {
	said, err := saidIn(tx, r.Case.ID)
	if err != nil {
		return err
	}
	record, err := intake.RecordOf(tx, r.Case.ID)
	if err != nil {
		return err
	}
	screen, err := intake.ScreenOf(tx, r.Case.ID)
	if err != nil {
		return err
	}
	for _, w := range said {
		switch {
		case w.Waits():
			p := Pending{Words: w, Now: record.Sections, With: record.Sections, Screen: screen, Version: screen.Version}
			if w.Kind == KindSection {
				p.Version = record.State(intake.Section(w.Topic)).Version
				if err := p.merge(); err != nil {
					return err
				}
			}
			r.Waiting = append(r.Waiting, p)
		case w.Outcome != Replaced && len(r.Settled) < 20:
			r.Settled = append(r.Settled, w)
		}
	}
	return nil
}

func (p *Pending) merge() error {
	with, err := merged(p.Now.Of(intake.Section(p.Topic)), p.Answers.V)
	if err != nil {
		return err
	}
	b, err := raw(with)
	if err != nil {
		return err
	}
	return p.With.Read(intake.Section(p.Topic), b)
}

// AcceptInput is what may be said when words are accepted: another day for a proposed goal.
type AcceptInput struct {
	TargetOn civil.Date `json:"target_on"`
}

// Takes is the permission that accepting or declining takes.
func (w Words) Takes() access.Permission {
	switch w.Kind {
	case KindSupports:
		return access.UpdateSupport
	case KindGoal:
		return access.WriteGoal
	}
	return access.UpdateIntake
}

// Accept writes the words into the case, by the rules and the version check of what staff type. version
// is that of the section or screen that whoever accepts has seen.
func (s *Service) Accept(ctx context.Context, by access.Actor, caseID access.CaseID, wordsID id.Of[Words], version int, in AcceptInput) error {
	return s.settle(ctx, by, caseID, wordsID, Accepted, "", func(tx *pg.Tx, c casefile.Case, w Words) error {
		switch w.Kind {
		case KindGoal:
			return acceptGoal(tx, by, c, w, in)
		case KindSupports:
			return acceptNeeds(tx, by, c, w, version)
		}
		return acceptSection(tx, by, c, w, version)
	})
}

// DeclineInput says why words are not taken over; the participant reads it.
type DeclineInput struct {
	Reason string `json:"reason" validate:"required,max=500"`
}

// Decline leaves the case as it is and tells the participant why.
func (s *Service) Decline(ctx context.Context, by access.Actor, caseID access.CaseID, wordsID id.Of[Words], in DeclineInput) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	return s.settle(ctx, by, caseID, wordsID, Declined, in.Reason, func(*pg.Tx, casefile.Case, Words) error { return nil })
}

func (s *Service) settle(ctx context.Context, by access.Actor, caseID access.CaseID, wordsID id.Of[Words], outcome, reason string,
	fn func(*pg.Tx, casefile.Case, Words) error,
) error {
	reach, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if _, err := casefile.Load(tx, reach, caseID); err != nil {
			return err
		}
		w, err := find(tx, caseID, wordsID)
		if err != nil {
			return err
		}
		scope, err := s.policy.Scope(by, w.Takes())
		if err != nil {
			return err
		}
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		if err := settle(tx, by, w, outcome, reason); err != nil {
			return err
		}
		if err := fn(tx, c, w); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "own_words." + outcome, Case: c.ID, Subject: w.ID.String(), Detail: map[string]any{"topic": w.Topic}}); err != nil {
			return err
		}
		return participation.RefreshCase(tx, c, by.Today(tx.Now))
	})
}

func acceptSection(tx *pg.Tx, by access.Actor, c casefile.Case, w Words, version int) error {
	record, err := intake.RecordOf(tx, c.ID)
	if err != nil {
		return err
	}
	name := intake.Section(w.Topic)
	with, err := merged(record.Sections.Of(name), w.Answers.V)
	if err != nil {
		return err
	}
	if version == intake.NoVersion {
		if err := intake.Stale(version, record.State(name).Version, nil); err != nil {
			return err
		}
		version = 0
	}
	return intake.SaveOwn(tx, by, c, intake.Edit{Answers: with, Version: version})
}

func acceptNeeds(tx *pg.Tx, by access.Actor, c casefile.Case, w Words, version int) error {
	screen, err := intake.ScreenOf(tx, c.ID)
	if err != nil {
		return err
	}
	in := screenWith(screen.Needs.V, w.Needs())
	in.ScreenedOn = civil.Of(by.Local(w.SaidAt))
	_, err = intake.SaveScreen(tx, by, c, in, version)
	return err
}

func acceptGoal(tx *pg.Tx, by access.Actor, c casefile.Case, w Words, in AcceptInput) error {
	proposed := w.Goal()
	if !in.TargetOn.IsZero() {
		proposed.TargetOn = in.TargetOn
	}
	today := by.Today(tx.Now)
	if goal.HorizonOf(today, proposed.TargetOn) == "" {
		return errs.At("target_on", "own.past")
	}
	_, err := goal.Accept(tx, by, c, proposed.input(today))
	return err
}
