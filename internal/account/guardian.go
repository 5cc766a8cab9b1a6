package account

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Beside is everybody who stands beside a participant, as those who work with them see it.
type Beside struct {
	Participant access.ParticipantID `json:"participant_id"`
	Name        string               `json:"name"`
	// Minor says that the participant is under 18; OfAgeOn is the day on which they are not any more.
	Minor    bool        `json:"minor"`
	OfAgeOn  civil.Date  `json:"of_age_on"`
	Guardian *Companion  `json:"guardian"`
	Past     []Companion `json:"past_guardians"`
	Helpers  []Companion `json:"helpers"`
}

// GoneOfAge reports a guardian still on the record of somebody who has turned 18.
func (b Beside) GoneOfAge() bool { return b.Guardian != nil && !b.Minor && !b.OfAgeOn.IsZero() }

type person struct {
	ID    access.ParticipantID `db:"id"`
	First string               `db:"first_name"`
	Last  string               `db:"last_name"`
	Born  civil.Date           `db:"birth_date"`
}

// personBeside finds the participant of a case in the scope, and holds the row for a change.
func personBeside(tx *pg.Tx, scope access.Scope, caseID access.CaseID, lock string) (person, error) {
	return pg.Get[person](tx, `select p.id, case when p.preferred_name <> '' then p.preferred_name else p.first_name end as first_name, p.last_name, p.birth_date
		from participants p join cases c on c.agency_id = p.agency_id and c.participant_id = p.id where c.id = :case_id and `+scope.Where()+lock,
		pg.Args{"case_id": caseID}.In(scope, tx))
}

// beside puts together who stands beside them on a day.
func beside(tx *pg.Tx, p person, today civil.Date) (b Beside, err error) {
	b = Beside{Participant: p.ID, Name: p.First + " " + p.Last, Past: []Companion{}, Helpers: []Companion{}}
	if !p.Born.IsZero() {
		b.OfAgeOn, b.Minor = p.Born.AddMonths(18*12), p.Born.AgeOn(today) < 18
	}
	all, err := companionsOf(tx, p.ID, "")
	for _, k := range all {
		switch {
		case k.Kind == "helper":
			b.Helpers = append(b.Helpers, k)
		case k.EndedAt == nil:
			b.Guardian = &k
		default:
			b.Past = append(b.Past, k)
		}
	}
	return b, err
}

// Beside reads who stands beside the participant of a case.
func (s *Service) Beside(ctx context.Context, by access.Actor, caseID access.CaseID) (b Beside, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return b, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		p, err := personBeside(tx, scope, caseID, "")
		if err != nil {
			return err
		}
		b, err = beside(tx, p, by.Today(tx.Now))
		return err
	})
	return b, err
}

// changeGuardian runs one change of who signs beside a participant.
func (s *Service) changeGuardian(ctx context.Context, by access.Actor, caseID access.CaseID, do func(*pg.Tx, Beside) error) (after Beside, err error) {
	scope, err := s.policy.Scope(by, access.UpdateParticipant)
	if err != nil {
		return after, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		p, err := personBeside(tx, scope, caseID, " for update of p")
		if err != nil {
			return err
		}
		before, err := beside(tx, p, by.Today(tx.Now))
		if err != nil {
			return err
		}
		if err := do(tx, before); err != nil {
			return err
		}
		after, err = beside(tx, p, by.Today(tx.Now))
		return err
	})
	return after, err
}

// NameGuardian puts on the record who signs for somebody under 18; whoever did before does no more.
func (s *Service) NameGuardian(ctx context.Context, by access.Actor, caseID access.CaseID, in CompanionInput) (after Beside, err error) {
	if in, err = in.checked(false); err != nil {
		return after, err
	}
	return s.changeGuardian(ctx, by, caseID, func(tx *pg.Tx, b Beside) error {
		if !b.Minor {
			return errs.New(errs.Conflict, "guardian.of_age")
		}
		if b.Guardian != nil {
			if err := s.end(tx, by, b, "replaced"); err != nil {
				return err
			}
		}
		_, err := s.addCompanion(tx, by, b.Participant, Companion{Kind: "guardian"}, in)
		return err
	})
}

func (s *Service) end(tx *pg.Tx, by access.Actor, b Beside, why string) error {
	k, err := companionOf(tx, b.Participant, b.Guardian.ID)
	if err == nil {
		_, err = endCompanion(tx, by, b.Participant, k, why)
	}
	return err
}

// LinkGuardian sends the guardian a link of their own, to read the plan and sign it from where they are.
func (s *Service) LinkGuardian(ctx context.Context, by access.Actor, caseID access.CaseID) (after Beside, err error) {
	return s.changeGuardian(ctx, by, caseID, func(tx *pg.Tx, b Beside) error {
		switch {
		case b.Guardian == nil:
			return errs.New(errs.Conflict, "guardian.none")
		case !b.Minor:
			return errs.New(errs.Conflict, "guardian.of_age")
		case b.Guardian.Email == "" && b.Guardian.Phone == "":
			return errs.New(errs.Conflict, "guardian.no_way")
		}
		return s.sendCompanionLink(tx, by, *b.Guardian)
	})
}

// EndGuardian takes the guardian off the record: they turned out to be somebody else, or the participant is 18
// and was told that they sign alone now.
func (s *Service) EndGuardian(ctx context.Context, by access.Actor, caseID access.CaseID) (after Beside, err error) {
	return s.changeGuardian(ctx, by, caseID, func(tx *pg.Tx, b Beside) error {
		if b.Guardian == nil {
			return errs.New(errs.Conflict, "guardian.none")
		}
		why := "ended"
		if b.GoneOfAge() {
			why = "of_age"
		}
		return s.end(tx, by, b, why)
	})
}
