package transfer

import (
	"context"
	"errors"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Due carries out the transfers of an agency whose day has come. One that can no longer be carried out
// whole is refused with the reason, and nobody is moved.
func (s *Service) Due(ctx context.Context, by access.Actor) error {
	zone, err := pg.Ask[string](ctx, s.db, `select time_zone from app.agencies() where id = :id`, pg.Args{"id": by.Agency})
	if err != nil {
		return err
	}
	if by.Zone, err = account.Zone(zone); err != nil {
		return err
	}
	var due []Transfer
	if err := s.db.Read(ctx, by, func(tx *pg.Tx) error {
		due, err = pg.List[Transfer](tx, transferQuery+`t.state = 'planned' and t.effective_on <= :today order by t.effective_on, t.id limit 100`, pg.Args{"today": by.Today(tx.Now)})
		return err
	}); err != nil {
		return err
	}
	var faults []error
	for _, t := range due {
		acting := by
		acting.ID = t.MadeByID
		err := s.db.Write(ctx, acting, func(tx *pg.Tx) error {
			scope, err := s.mayStill(tx, by, t.MadeByID)
			if err != nil {
				return err
			}
			return s.carryOut(tx, acting, scope, t)
		})
		if refusal, ok := errors.AsType[*errs.Error](err); ok && refusal.Kind != errs.Unavailable {
			err = s.db.Write(ctx, acting, func(tx *pg.Tx) error {
				return pg.Insert(tx, `update transfers set state = 'refused', refused = :why, version = version + 1 where id = :id and state = 'planned'`, pg.Args{"id": t.ID, "why": refusal.Code})
			})
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// mayStill asks what whoever planned a transfer may move on the day: nothing, once they have left or lost
// the right, and only whom they reach then.
func (s *Service) mayStill(tx *pg.Tx, by access.Actor, user access.UserID) (access.Scope, error) {
	type planner struct {
		Role   access.Role     `db:"role"`
		Office access.OfficeID `db:"office_id"`
	}
	p, found, err := pg.Find[planner](tx, `select role, office_id from users where id = :id and active for share`, pg.Args{"id": user})
	if err != nil {
		return access.Scope{}, err
	}
	if !found {
		return access.Scope{}, errs.New(errs.Conflict, "transfer.not_allowed")
	}
	by.ID, by.Role, by.Office = user, p.Role, p.Office
	scope, err := s.policy.Scope(by, access.TransferCase)
	if errs.Is(err, errs.Forbidden) {
		err = errs.New(errs.Conflict, "transfer.not_allowed")
	}
	return scope, err
}

// carryOut moves the people of a planned transfer who are still with whom they were.
func (s *Service) carryOut(tx *pg.Tx, by access.Actor, scope access.Scope, t Transfer) error {
	kept, err := pg.List[Moved](tx, `select k.case_id, '' as name, k.from_id, '' as from_name, k.packet from transfer_cases k where k.transfer_id = :id order by k.case_id limit 1000`, pg.Args{"id": t.ID})
	if err != nil {
		return err
	}
	ids, from := []access.CaseID{}, map[access.CaseID]access.UserID{}
	for _, k := range kept {
		ids, from[k.CaseID] = append(ids, k.CaseID), k.FromID
	}
	cases, err := lockCases(tx, scope, ids, by.Today(tx.Now))
	if err != nil {
		return err
	}
	still := cases[:0]
	for _, c := range cases {
		if from[c.ID] == c.CaseManagerID {
			still = append(still, c)
		}
	}
	if len(unmoved(ids, still)) > 0 {
		return errs.New(errs.Conflict, "transfer.gone")
	}
	to, err := receiver(tx, by, t.ToID)
	if err != nil {
		return err
	}
	_, err = s.settle(tx, by, t.ID, to, []casefile.Case(still))
	return err
}
