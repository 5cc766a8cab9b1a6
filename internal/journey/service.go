package journey

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/plan"
	"waymark/internal/selection"
)

// Service reads routes.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Of reads the route of a case within the actor's reach. Without a choice it has no stops.
func (s *Service) Of(ctx context.Context, by access.Actor, caseID access.CaseID) (j Journey, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return j, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		j, err = read(tx, c)
		return err
	})
	return j, err
}

// Own reads the route of the participant who asks; one without a choice has no stops.
func (s *Service) Own(ctx context.Context, by access.Actor) (j Journey, err error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return j, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err == nil {
			j, err = read(tx, c)
		}
		return err
	})
	return j, err
}

// Person is somebody who can be shown on the map.
type Person struct {
	Case  access.CaseID `db:"id" json:"case_id"`
	First string        `db:"first_name" json:"first_name"`
	Last  string        `db:"last_name" json:"last_name"`
}

// People lists those on a pathway whose records the actor may read, by name.
func (s *Service) People(ctx context.Context, by access.Actor, code string) (list []Person, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if errs.Is(err, errs.Forbidden) {
		return []Person{}, nil
	}
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Person](tx, `select c.id, coalesce(nullif(p.preferred_name, ''), p.first_name) as first_name, p.last_name
			from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
			where c.pathway_code = :code and `+casefile.OpenStates+` and `+scope.Where()+`
			order by p.last_name, p.first_name, c.id limit 60`, pg.Args{"code": code}.In(scope, tx))
		return err
	})
	return list, err
}

func read(tx *pg.Tx, c casefile.Case) (Journey, error) {
	j := Journey{Case: c, Stops: []Stop{}}
	choice, found, err := selection.Current(tx, c.ID)
	if err != nil || !found {
		return j, err
	}
	e, err := pathway.At(tx, choice.Pathway, choice.PathwayVersion)
	if errs.Is(err, errs.NotFound) {
		return j, nil
	}
	if err != nil {
		return j, err
	}
	goals, err := goal.Of(tx, c.ID)
	if err != nil {
		return j, err
	}
	p, hasPlan, err := plan.Current(tx, c.ID)
	if err != nil {
		return j, err
	}
	return routeOf(c, e, choice, goals, p, hasPlan), nil
}
