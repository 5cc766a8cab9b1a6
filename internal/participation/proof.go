package participation

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

type proof struct{}

// ProofInput says that somebody still takes part in a service that goes on, and how that is known.
type ProofInput struct {
	AttendedOn civil.Date `json:"attended_on" validate:"required"`
	Evidence   string     `json:"evidence" validate:"required,max=500"`
}

// Prove notes that somebody took part in an ongoing service up to a day. It moves no clock: the service
// counts until its end is written down (domain.md 1.9 E4); it answers the monthly question.
func (s *Service) Prove(ctx context.Context, by access.Actor, caseID access.CaseID, of RecordID, in ProofInput) (r Record, err error) {
	if err := check.Struct(in); err != nil {
		return r, err
	}
	scope, err := s.policy.Scope(by, access.RecordService)
	if err != nil {
		return r, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		l, err := ledgerOf(tx, c.ID)
		if err != nil {
			return err
		}
		if r, err = l.proves(of, in, by.Today(tx.Now)); err != nil {
			return err
		}
		if err := insertProof(tx, by, c.ID, of, in); err != nil {
			return err
		}
		r.AttendedOn = civil.Later(r.AttendedOn, in.AttendedOn)
		if err := audit.Append(tx, by, audit.Entry{Action: "service.proved", Case: c.ID, Subject: of.String(), Detail: map[string]any{"attended_on": in.AttendedOn}}); err != nil {
			return err
		}
		return RefreshCase(tx, c, by.Today(tx.Now))
	})
	return r, err
}

// proves finds the service and refuses a day on which it did not go on.
func (l ledger) proves(of RecordID, in ProofInput, today civil.Date) (Record, error) {
	r, ok := l.find(of)
	switch {
	case !ok:
		return r, errs.New(errs.NotFound, "not_found")
	case !r.Running():
		return r, errs.New(errs.Conflict, "service.not_running")
	case in.AttendedOn.After(today):
		return r, errs.At("attended_on", "in_future")
	case in.AttendedOn.Before(r.GivenOn):
		return r, errs.At("attended_on", "before_start")
	}
	return r, nil
}

// Running reports that the service goes on and has no end.
func (r Record) Running() bool {
	return r.Live && r.Ongoing && !r.Planned && r.EndsOn.IsZero()
}

// proofOn is the oldest day on which somebody was last seen in a service that keeps the clock running.
func (l ledger) proofOn() (oldest civil.Date) {
	for _, r := range l.rows {
		if !r.Running() || !l.one(r).extends() {
			continue
		}
		if last := l.lastSeen(r); oldest.IsZero() || last.Before(oldest) {
			oldest = last
		}
	}
	return oldest
}

// lastSeen looks through the records that a corrected one stands for as well.
func (l ledger) lastSeen(r Record) civil.Date {
	last := civil.Later(r.GivenOn, r.AttendedOn)
	for was, ok := l.find(r.Supersedes); ok; was, ok = l.find(was.Supersedes) {
		last = civil.Later(last, was.AttendedOn)
	}
	return last
}

func insertProof(tx *pg.Tx, by access.Actor, caseID access.CaseID, of RecordID, in ProofInput) error {
	return pg.Insert(tx, `insert into service_proofs (agency_id, id, case_id, service_id, attended_on, evidence, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :service, :on, :evidence, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": id.New[proof](), "case_id": caseID, "service": of, "on": in.AttendedOn, "evidence": in.Evidence, "by": by.ID, "now": tx.Now,
	})
}
