package transfer

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Wish reads those of a list whom the actor may ask to transfer, and who could take them.
func (s *Service) Wish(ctx context.Context, by access.Actor, cases []access.CaseID) (people []Person, to []Receiver, err error) {
	scope, err := s.policy.Scope(by, access.AskTransfer)
	if err != nil {
		return nil, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if people, err = peopleOf(tx, scope, cases, by.Today(tx.Now)); err != nil {
			return err
		}
		to, err = receivers(tx, by)
		return err
	})
	return people, to, err
}

// Ask asks the supervisor to give people of the actor's to somebody else: all of them, or nobody. Somebody
// about whom something waits already is not asked for twice.
func (s *Service) Ask(ctx context.Context, by access.Actor, in AskInput) (a Ask, err error) {
	if err := check.Struct(in); err != nil {
		return a, err
	}
	scope, err := s.policy.Scope(by, access.AskTransfer)
	if err != nil {
		return a, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		cases, err := lockCases(tx, scope, in.Cases, by.Today(tx.Now))
		if err != nil {
			return err
		}
		if gone := unmoved(in.Cases, cases); len(gone) > 0 {
			return errs.New(errs.Conflict, "transfer.gone").Showing(map[string]any{"cases": gone})
		}
		if err := in.fits(tx, by); err != nil {
			return err
		}
		made := id.New[Ask]()
		if err := insertAsk(tx, by, made, in); err != nil {
			return err
		}
		for _, c := range cases {
			if err := audit.Append(tx, by, audit.Entry{Action: "transfer.asked", Case: c.ID, Subject: made.String()}); err != nil {
				return err
			}
		}
		a, err = ask(tx, made)
		return err
	})
	return a, err
}

// fits holds a wish against whom it names and what waits already.
func (in AskInput) fits(tx *pg.Tx, by access.Actor) error {
	if !in.To.IsZero() {
		if in.To == by.ID {
			return errs.At("to", "has_already")
		}
		if _, err := receiver(tx, by, in.To); err != nil {
			return err
		}
	}
	waits, err := pg.Get[int](tx, `select count(*) from transfer_request_cases k join transfer_requests q on q.agency_id = k.agency_id and q.id = k.request_id
		where q.state = 'waiting' and k.case_id = any (:ids)`, pg.Args{"ids": pg.Array(texts(in.Cases))})
	if err == nil && waits > 0 {
		return errs.New(errs.Conflict, "transfer.asked_already")
	}
	return err
}

// Asks lists what the actor asked for, and, for whoever decides, what is asked about people in reach: what
// waits first, then the newest.
func (s *Service) Asks(ctx context.Context, by access.Actor) (list []Ask, err error) {
	scope, where, err := s.asksOf(by)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Ask](tx, askQuery+where+` order by q.state <> 'waiting', q.asked_at desc, q.id desc limit 100`, pg.Args{}.In(scope, tx))
		for i := range list {
			list[i].People = []Person{}
		}
		return err
	})
	return list, err
}

// asksOf is the condition on what an actor reads of what was asked.
func (s *Service) asksOf(by access.Actor) (access.Scope, string, error) {
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err == nil {
		return scope, askedInReach(scope), nil
	}
	if !errs.Is(err, errs.Forbidden) {
		return scope, "", err
	}
	scope, err = s.policy.Scope(by, access.ReadTransfer)
	return scope, `q.asked_by = :scope_user`, err
}

// AsksWaiting counts what waits for the actor to decide.
func (s *Service) AsksWaiting(ctx context.Context, by access.Actor) (n int, err error) {
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return 0, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		n, err = pg.Get[int](tx, `select count(*) from transfer_requests q where q.state = 'waiting' and q.asked_by <> :scope_user and `+askedInReach(scope), pg.Args{}.In(scope, tx))
		return err
	})
	return n, err
}

// Asked reads one with the people whom the actor reaches now, and who could take them.
func (s *Service) Asked(ctx context.Context, by access.Actor, of AskID) (a Ask, to []Receiver, limit int, err error) {
	scope, where, err := s.asksOf(by)
	if err != nil {
		return a, nil, 0, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if a, err = pg.Get[Ask](tx, askQuery+where+` and q.id = :id`, pg.Args{"id": of}.In(scope, tx)); err != nil {
			return err
		}
		ids, err := askedCases(tx, of)
		if err != nil {
			return err
		}
		if a.People, err = peopleOf(tx, scope, ids, by.Today(tx.Now)); err != nil {
			return err
		}
		to, limit, err = s.receivers(tx, by)
		return err
	})
	return a, to, limit, err
}

// Grant moves the people that were asked for, as a transfer of the actor's, and tells who asked.
func (s *Service) Grant(ctx context.Context, by access.Actor, of AskID, in GrantInput) (a Ask, err error) {
	if err := check.Struct(in); err != nil {
		return a, err
	}
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return a, err
	}
	err = s.again(ctx, by, func(tx *pg.Tx) error {
		if a, err = s.lockAsk(tx, by, scope, of); err != nil {
			return err
		}
		ids, err := askedCases(tx, of)
		if err != nil {
			return err
		}
		cases, err := lockCases(tx, scope, ids, by.Today(tx.Now))
		if err != nil {
			return err
		}
		if gone := unmoved(ids, cases); len(gone) > 0 {
			return errs.New(errs.Conflict, "transfer.ask_gone").Showing(map[string]any{"cases": gone})
		}
		t, err := s.carry(tx, by, Input{Cases: ids, To: in.To, EffectiveOn: in.EffectiveOn, Note: in.Note, Reason: in.Reason}, cases)
		if err != nil {
			return err
		}
		a, err = s.decide(tx, by, a, decision{state: AskGranted, transfer: t.ID})
		return err
	})
	return a, err
}

// Decline says no, and why, and tells who asked.
func (s *Service) Decline(ctx context.Context, by access.Actor, of AskID, in DeclineInput) (a Ask, err error) {
	if err := check.Struct(in); err != nil {
		return a, err
	}
	scope, err := s.policy.Scope(by, access.TransferCase)
	if err != nil {
		return a, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if a, err = s.lockAsk(tx, by, scope, of); err != nil {
			return err
		}
		a, err = s.decide(tx, by, a, decision{state: AskDeclined, answer: in.Answer})
		return err
	})
	return a, err
}

// Withdraw takes back what the actor asked for and nobody has decided yet.
func (s *Service) Withdraw(ctx context.Context, by access.Actor, of AskID) (a Ask, err error) {
	if err := s.policy.Require(by, access.AskTransfer); err != nil {
		return a, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if a, err = pg.Get[Ask](tx, askQuery+`q.id = :id and q.asked_by = :by for update of q`, pg.Args{"id": of, "by": by.ID}); err != nil {
			return err
		}
		if a.State != AskWaiting {
			return errs.New(errs.Conflict, "transfer.ask_over")
		}
		a, err = s.decide(tx, by, a, decision{state: AskWithdrawn})
		return err
	})
	return a, err
}

// lockAsk holds one that the actor may decide now.
func (s *Service) lockAsk(tx *pg.Tx, by access.Actor, scope access.Scope, of AskID) (Ask, error) {
	a, err := pg.Get[Ask](tx, askQuery+askedInReach(scope)+` and q.id = :id for update of q`, pg.Args{"id": of}.In(scope, tx))
	if err != nil {
		return a, err
	}
	return a, a.decidable(by)
}

// decision is what becomes of one.
type decision struct {
	state, answer string
	transfer      ID
}

// decide closes one; whoever asked is told unless it was they.
func (s *Service) decide(tx *pg.Tx, by access.Actor, a Ask, d decision) (Ask, error) {
	if err := pg.ExecOne(tx, `update transfer_requests set state = :state, decided_by = :by, decided_at = :now, answer = :answer, transfer_id = :transfer where id = :id and state = 'waiting'`,
		pg.Args{"id": a.ID, "state": d.state, "by": by.ID, "now": tx.Now, "answer": d.answer, "transfer": d.transfer}); err != nil {
		return a, err
	}
	if d.state != AskWithdrawn {
		if err := s.answered(tx, by, a, d.state); err != nil {
			return a, err
		}
	}
	if err := audit.Append(tx, by, audit.Entry{Action: "transfer.ask_" + d.state, Subject: a.ID.String()}); err != nil {
		return a, err
	}
	return ask(tx, a.ID)
}
