package transfer

import (
	"context"
	"errors"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of moving and lending people.
type Service struct {
	db      *pg.DB
	policy  *access.Policy
	baseURL string
}

// New makes the service; baseURL is where a letter leads to.
func New(db *pg.DB, policy *access.Policy, baseURL string) *Service {
	return &Service{db, policy, baseURL}
}

// Choose reads the people of a list who could be moved, and who could take them.
func (s *Service) Choose(ctx context.Context, by access.Actor, cases []access.CaseID) (people []Person, to []Receiver, limit int, err error) {
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return nil, nil, 0, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if people, err = peopleOf(tx, scope, cases, by.Today(tx.Now)); err != nil {
			return err
		}
		to, limit, err = s.receivers(tx, by)
		return err
	})
	return people, to, limit, err
}

// receivers lists who may take people and the agency's limit.
func (s *Service) receivers(tx *pg.Tx, by access.Actor) ([]Receiver, int, error) {
	rules, err := agency.SettingsOn(tx, by.Today(tx.Now))
	if err != nil {
		return nil, 0, err
	}
	list, err := receivers(tx, by)
	return list, rules.CaseloadLimit, err
}

// Receivers lists who may take people, with what they have, and the agency's limit.
func (s *Service) Receivers(ctx context.Context, by access.Actor) (list []Receiver, limit int, err error) {
	if err := s.policy.Require(by, access.PlaceCaseload); err != nil {
		return nil, 0, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, limit, err = s.receivers(tx, by)
		return err
	})
	return list, limit, err
}

// Move gives the chosen people to somebody else: all of them in one transaction, or none. Dated ahead, it
// waits for its day.
func (s *Service) Move(ctx context.Context, by access.Actor, in Input) (t Transfer, err error) {
	if err := check.Struct(in); err != nil {
		return t, err
	}
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return t, err
	}
	err = s.again(ctx, by, func(tx *pg.Tx) error {
		cases, err := lockCases(tx, scope, in.Cases, by.Today(tx.Now))
		if err != nil {
			return err
		}
		if gone := unmoved(in.Cases, cases); len(gone) > 0 {
			return errs.New(errs.Conflict, "transfer.gone").Showing(map[string]any{"cases": gone})
		}
		t, err = s.carry(tx, by, in, cases)
		return err
	})
	return t, err
}

// again writes, and tries twice more when a case that was opened or closed meanwhile made the counts differ.
func (s *Service) again(ctx context.Context, by access.Actor, fn func(*pg.Tx) error) error {
	for try := 0; ; try++ {
		err := s.db.Write(ctx, by, fn)
		if refusal, ok := errors.AsType[*errs.Error](err); try == 2 || !ok || refusal.Code != "transfer.counts" {
			return err
		}
	}
}

// Place gives somebody's whole caseload to somebody else, before they leave: also those who left and are followed up. Who is in it stays unseen.
func (s *Service) Place(ctx context.Context, by access.Actor, from access.UserID, in PlaceInput) (t Transfer, err error) {
	if err := check.Struct(in); err != nil {
		return t, err
	}
	scope, err := s.policy.Scope(by, access.PlaceCaseload)
	if err != nil {
		return t, err
	}
	err = s.again(ctx, by, func(tx *pg.Tx) error {
		ids, err := pg.List[access.CaseID](tx, `select c.id from cases c where c.case_manager_id = :from and `+casefile.Held+` and `+scope.Where()+` order by c.id limit 5000`,
			pg.Args{"from": from, "today": by.Today(tx.Now)}.In(scope, tx))
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return errs.New(errs.NotFound, "not_found")
		}
		cases, err := lockCases(tx, scope, ids, by.Today(tx.Now))
		if err != nil {
			return err
		}
		t, err = s.carry(tx, by, Input{Cases: ids, To: in.To, Note: in.Note, Reason: in.Reason}, cases)
		return err
	})
	return t, err
}

// carry checks the rules, stores the transfer, and moves at once unless it is dated ahead.
func (s *Service) carry(tx *pg.Tx, by access.Actor, in Input, cases []casefile.Case) (t Transfer, err error) {
	today := by.Today(tx.Now)
	if in.EffectiveOn.IsZero() {
		in.EffectiveOn = today
	}
	to, err := receiver(tx, by, in.To)
	if err != nil {
		return t, err
	}
	rules, err := agency.SettingsOn(tx, today)
	if err != nil {
		return t, err
	}
	var holders []access.UserID
	open := 0 // the limit is on those in whom work goes on
	for _, c := range cases {
		holders = append(holders, c.CaseManagerID)
		if c.Open() {
			open++
		}
	}
	if err := in.fits(to, holders, open, rules.CaseloadLimit, today); err != nil {
		return t, err
	}
	made := id.New[Transfer]()
	if err := insert(tx, by, made, in); err != nil {
		return t, err
	}
	if in.EffectiveOn.After(today) {
		if err := insertCases(tx, by, made, cases); err != nil {
			return t, err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "transfer.planned", Subject: made.String(), Detail: map[string]any{"to": to.ID, "count": len(cases), "on": in.EffectiveOn}}); err != nil {
			return t, err
		}
		return one(tx, made)
	}
	return s.settle(tx, by, made, to, cases)
}

// settle moves the people of a stored transfer and closes it.
func (s *Service) settle(tx *pg.Tx, by access.Actor, made ID, to Receiver, cases []casefile.Case) (t Transfer, err error) {
	before, after, err := s.move(tx, by, made, to, cases)
	if err != nil {
		return t, err
	}
	if err := pg.ExecOne(tx, `update transfers set state = 'done', count_before = :before, count_after = :after, done_at = :now, version = version + 1 where id = :id and state = 'planned'`,
		pg.Args{"id": made, "before": before, "after": after, "now": tx.Now}); err != nil {
		return t, err
	}
	if err := s.announce(tx, by, made, to, len(cases)); err != nil {
		return t, err
	}
	if err := audit.Append(tx, by, audit.Entry{Action: "transfer.done", Subject: made.String(), Detail: map[string]any{"to": to.ID, "count": len(cases)}}); err != nil {
		return t, err
	}
	return one(tx, made)
}

// Cancel takes back a transfer that waits for its day, or puts one aside that could not be carried out.
func (s *Service) Cancel(ctx context.Context, by access.Actor, of ID, version int) (t Transfer, err error) {
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return t, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if t, err = seen(tx, scope, of); err != nil {
			return err
		}
		if t.State != Planned && t.State != Refused {
			return errs.New(errs.Conflict, "transfer.not_planned")
		}
		if err := pg.ExecOne(tx, `update transfers set state = 'cancelled', version = version + 1 where id = :id and version = :version and state in ('planned', 'refused')`,
			pg.Args{"id": of, "version": version}); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "transfer.cancelled", Subject: of.String()}); err != nil {
			return err
		}
		t, err = one(tx, of)
		return err
	})
	return t, err
}

// Get reads a transfer with the hand-off of every person who is still in reach.
func (s *Service) Get(ctx context.Context, by access.Actor, of ID) (t Transfer, err error) {
	scope, err := s.policy.Scope(by, access.ReadTransfer)
	if err != nil {
		return t, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if t, err = seen(tx, scope, of); err != nil {
			return err
		}
		t.People, err = moved(tx, scope, of)
		return err
	})
	return t, err
}

// Stuck reads the transfers in reach that could not be carried out on their day and that nobody has put aside.
func (s *Service) Stuck(ctx context.Context, by access.Actor) (list []Transfer, err error) {
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Transfer](tx, transferQuery+`t.state = 'refused' and `+inReach(scope)+` order by t.effective_on, t.id limit 20`, pg.Args{}.In(scope, tx))
		return err
	})
	return list, err
}

// Listed is how many transfers a page shows.
const Listed = 100

// List reads the newest transfers in reach, most of them at most.
func (s *Service) List(ctx context.Context, by access.Actor, most int) (list []Transfer, err error) {
	scope, err := s.policy.Scope(by, access.ReadTransfer)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = all(tx, scope, most)
		return err
	})
	return list, err
}
