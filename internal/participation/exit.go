package participation

import (
	"context"
	"errors"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// ExitID names an entry about an exit.
type ExitID = id.Of[Exit]

// Exit is one entry about the exit of a case. Kind is fixed (by the sweep), moved or rescinded (by a
// late entry), disputed (a late entry would open the period beside a newer one) or kept (so decided).
// ExitOn is the last qualifying day, element 901; none when the period is open again.
type Exit struct {
	ID          ExitID        `db:"id" json:"id"`
	CaseID      access.CaseID `db:"case_id" json:"case_id"`
	Kind        string        `db:"kind" json:"kind"`
	ExitOn      civil.Date    `db:"exit_on" json:"exit_on"`
	Day90       civil.Date    `db:"day_90" json:"day_90"`
	AsOf        civil.Date    `db:"as_of" json:"as_of"`
	ServiceID   RecordID      `db:"service_id" json:"service_id"`
	NewerCaseID access.CaseID `db:"newer_case_id" json:"newer_case_id"`
	Reason      string        `db:"reason" json:"reason"`
	CreatedAt   time.Time     `db:"recorded_at" json:"created_at"`
}

// batch is how many cases one look at the list brings; each is fixed in a transaction of its own.
const batch = 500

// FixDue fixes the exits of an agency that are due on a day (domain.md 1.9 E1 to E4): 90 days without
// a qualifying service and none on record ahead; the exit date is the last qualifying day. It can be
// repeated and resumed: a case whose exit is fixed is not looked at again.
func FixDue(ctx context.Context, db *pg.DB, by access.Actor, today civil.Date) (fixed int, err error) {
	var last access.CaseID
	for {
		ids, err := dueAfter(ctx, db, by, today, last)
		if err != nil || len(ids) == 0 {
			return fixed, err
		}
		var faults []error
		for _, caseID := range ids {
			done, err := fix(ctx, db, by, caseID, today)
			if done {
				fixed++
			}
			faults = append(faults, err)
		}
		if err := errors.Join(faults...); err != nil {
			return fixed, err
		}
		last = ids[len(ids)-1]
	}
}

// dueAfter lists the open cases whose last qualifying day, as last written down, is long enough ago.
func dueAfter(ctx context.Context, db *pg.DB, by access.Actor, today civil.Date, last access.CaseID) (ids []access.CaseID, err error) {
	err = db.Read(ctx, by, func(tx *pg.Tx) error {
		ids, err = pg.List[access.CaseID](tx, `select c.id from cases c where `+casefile.OpenStates+` and c.started_on is not null
				and c.last_qualifying_on < :before and c.id > cast(coalesce(nullif(:last, ''), '00000000-0000-0000-0000-000000000000') as uuid)
			order by c.id limit :batch`, pg.Args{"before": today.AddDays(-ClockDays), "last": last.String(), "batch": batch})
		return err
	})
	return ids, err
}

func fix(ctx context.Context, db *pg.DB, by access.Actor, caseID access.CaseID, today civil.Date) (done bool, err error) {
	err = db.Write(ctx, by, func(tx *pg.Tx) error {
		done = false
		c, err := casefile.LockForSweep(tx, caseID)
		if err != nil || !c.Open() {
			return err
		}
		clock, err := Refresh(tx, caseID, today)
		if err != nil || !clock.Due(today) {
			return err
		}
		done = true
		if err := insertExit(tx, by, Exit{CaseID: caseID, Kind: "fixed", ExitOn: clock.LastQualifyingOn, Day90: clock.Day90, AsOf: today}); err != nil {
			return err
		}
		if err := pg.Insert(tx, `update appointments set state = 'cancelled', version = version + 1, updated_at = :now where case_id = :case_id and state = 'planned'`,
			pg.Args{"case_id": caseID, "now": tx.Now}); err != nil {
			return err
		}
		return leave(tx, &c, clock.LastQualifyingOn, today)
	})
	return done && err == nil, err
}

// leave and comeBack put the case where its exit says.
func leave(tx *pg.Tx, c *casefile.Case, on, today civil.Date) error {
	c.State, c.ExitOn = casefile.Exited, on
	if err := pg.ExecOne(tx, `update cases set exit_on = :on where id = :case_id`, pg.Args{"case_id": c.ID, "on": on}); err != nil {
		return err
	}
	return casefile.Refresh(tx, *c, today)
}

func comeBack(tx *pg.Tx, c *casefile.Case) error {
	c.State, c.ExitOn = casefile.Applicant, civil.Date{} // Refresh derives the state
	if !c.PausedOn.IsZero() {
		c.State = casefile.Hold
	}
	return pg.ExecOne(tx, `update cases set exit_on = null where id = :case_id`, pg.Args{"case_id": c.ID})
}

// settle holds a fixed exit against the services as they are now (E6): a late entry moves the exit, or
// rescinds it when the period is not over after all. Where a newer case is open meanwhile the exit
// stays and a supervisor decides.
func settle(tx *pg.Tx, by access.Actor, c *casefile.Case, clock Clock, service RecordID, today civil.Date) error {
	if c.ExitOn.IsZero() || clock.StartedOn.IsZero() || clock.LastQualifyingOn == c.ExitOn && clock.Due(today) {
		return nil
	}
	e := Exit{CaseID: c.ID, ExitOn: clock.LastQualifyingOn, Day90: clock.Day90, AsOf: today, ServiceID: service}
	if clock.Due(today) {
		e.Kind = "moved"
		if err := insertExit(tx, by, e); err != nil {
			return err
		}
		return leave(tx, c, clock.LastQualifyingOn, today)
	}
	newer, open, err := pg.Find[access.CaseID](tx, `select c.id from cases c where c.participant_id = :person and c.id <> :case_id and `+casefile.OpenStates,
		pg.Args{"person": c.ParticipantID, "case_id": c.ID})
	if err != nil {
		return err
	}
	if open {
		e.Kind, e.NewerCaseID = "disputed", newer
		return insertExit(tx, by, e)
	}
	e.Kind, e.ExitOn = "rescinded", civil.Date{}
	if err := insertExit(tx, by, e); err != nil {
		return err
	}
	return comeBack(tx, c)
}

func insertExit(tx *pg.Tx, by access.Actor, e Exit) error {
	e.ID = id.New[Exit]()
	err := pg.Insert(tx, `
		insert into exits (agency_id, id, case_id, kind, exit_on, day_90, as_of, service_id, newer_case_id, reason, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :kind, :exit_on, :day_90, :as_of, :service, :newer, :reason, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": e.ID, "case_id": e.CaseID, "kind": e.Kind, "exit_on": e.ExitOn, "day_90": e.Day90, "as_of": e.AsOf,
		"service": e.ServiceID, "newer": e.NewerCaseID, "reason": e.Reason, "by": by.ID, "now": tx.Now,
	})
	if err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Action: "exit." + e.Kind, Case: e.CaseID, Subject: e.ID.String(), Detail: map[string]any{"exit_on": e.ExitOn, "as_of": e.AsOf}})
}

// afterExit says what may still be recorded on a case that is not open: follow-up always; what was
// given while the period ran, late; and nothing of a later period, which is a case of its own.
func afterExit(c casefile.Case, in Input) error {
	t, known := Lookup(in.Code)
	switch {
	case followUp(in.Code):
		return nil
	case c.ExitOn.IsZero() || !known || in.Planned:
		return errs.New(errs.Conflict, "case.closed")
	case !in.GivenOn.After(c.ExitOn.AddDays(ClockDays)):
		return nil
	case t.Extends:
		return errs.AtArgs("given_on", "after_exit", map[string]any{"on": c.ExitOn.AddDays(ClockDays).Time().Format("1/2/2006")})
	}
	return errs.New(errs.Conflict, "case.closed")
}

// Exits lists what was entered about the exit of a case in reach, newest first.
func (s *Service) Exits(ctx context.Context, by access.Actor, caseID access.CaseID) (list []Exit, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if _, err := casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		list, err = pg.List[Exit](tx, `select e.id, e.case_id, e.kind, e.exit_on, e.day_90, e.as_of, e.service_id, e.newer_case_id, e.reason, e.recorded_at
			from exits e where e.case_id = :case_id order by e.recorded_at desc, e.id desc limit 100`, pg.Args{"case_id": caseID})
		return err
	})
	return list, err
}
