package participant

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of people.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	follow Follower
}

// Follower is told in the same transaction that the facts of a person changed.
type Follower func(tx *pg.Tx, by access.Actor, person access.ParticipantID) error

// New makes the service; follow repeats a person's facts where a later step keeps them too.
func New(db *pg.DB, policy *access.Policy, follow Follower) *Service {
	return &Service{db, policy, follow}
}

// Create takes in a person not yet known. Possible duplicates are a Conflict that lists them.
func (s *Service) Create(ctx context.Context, by access.Actor, in Create) (made Participant, err error) {
	if err := s.policy.Require(by, access.CreateParticipant); err != nil {
		return made, err
	}
	scope, err := s.policy.Scope(by, access.ReadCase)
	if err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		person, err := Add(tx, by, scope, in)
		if err != nil {
			return err
		}
		made, err = Load(tx, scope, person)
		return err
	})
	return made, err
}

// Add takes a person in inside a transaction, after the duplicate check.
func Add(tx *pg.Tx, by access.Actor, scope access.Scope, in Create) (person access.ParticipantID, err error) {
	if err := validate(&in.Input, by.Today(tx.Now)); err != nil {
		return person, err
	}
	matches, err := duplicates(tx, scope, in.Input)
	if err != nil {
		return person, err
	}
	if err := refuseDuplicates(matches, in.DistinctFrom); err != nil {
		return person, err
	}
	person = id.New[access.Participant]()
	if err := insert(tx, by, person, in.Input); err != nil {
		return person, err
	}
	return person, audit.Append(tx, by, audit.Entry{
		Action: "participant.created", Participant: person, Subject: person.String(),
		Detail: map[string]any{"compared_with": len(in.DistinctFrom)},
	})
}

// Get reads one person in reach.
func (s *Service) Get(ctx context.Context, by access.Actor, person access.ParticipantID) (p Participant, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return p, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		p, err = Load(tx, scope, person)
		return err
	})
	return p, err
}

// Change applies edit to the person's facts as they are and stores the result.
func (s *Service) Change(ctx context.Context, by access.Actor, person access.ParticipantID, version int, edit func(*Input) error) (p Participant, err error) {
	scope, err := s.policy.Scope(by, access.UpdateParticipant)
	if err != nil {
		return p, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		p, err := Load(tx, scope, person)
		if err != nil {
			return err
		}
		in := p.AsInput()
		if err := edit(&in); err != nil {
			return err
		}
		if err := validate(&in, by.Today(tx.Now)); err != nil {
			return err
		}
		if err := Update(tx, person, version, in); err != nil {
			return err
		}
		if err := s.follow(tx, by, person); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "participant.changed", Participant: person, Subject: person.String()})
	})
	if err != nil {
		return p, err
	}
	return s.Get(ctx, by, person)
}
