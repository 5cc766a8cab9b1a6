package casefile

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participant"
	"waymark/internal/pg"
)

// Service has the use cases of the case itself.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Open starts a case for a person in reach; after an exit it is a re-entry, linked to the earlier case.
func (s *Service) Open(ctx context.Context, by access.Actor, person access.ParticipantID, in OpenInput) (c Case, err error) {
	scope, err := s.policy.Scope(by, access.OpenCase)
	if err != nil {
		return c, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := reachable(tx, scope, person); err != nil {
			return err
		}
		if err := manager(tx, by, &in); err != nil {
			return err
		}
		made, err := Insert(tx, by, person, in)
		if err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "case.opened", Case: made, Participant: person, Subject: made.String()}); err != nil {
			return err
		}
		c, err = Load(tx, scope, made)
		return err
	})
	return c, err
}

// TakeIn takes in a person not yet known and opens their first case, in one transaction.
func (s *Service) TakeIn(ctx context.Context, by access.Actor, in participant.Create, open OpenInput) (c Case, err error) {
	if err := s.policy.Require(by, access.CreateParticipant); err != nil {
		return c, err
	}
	scope, err := s.policy.Scope(by, access.ReadCase)
	if err != nil {
		return c, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		person, err := participant.Add(tx, by, scope, in)
		if err != nil {
			return err
		}
		if err := manager(tx, by, &open); err != nil {
			return err
		}
		made, err := Insert(tx, by, person, open)
		if err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "case.opened", Case: made, Participant: person, Subject: made.String()}); err != nil {
			return err
		}
		c, err = Load(tx, scope, made)
		return err
	})
	return c, err
}

// reachable is NotFound for a person out of reach, the same as for one who does not exist.
func reachable(tx *pg.Tx, scope access.Scope, person access.ParticipantID) error {
	_, err := pg.Get[access.ParticipantID](tx, `select p.id from participants p where p.id = :person and `+scope.WherePerson(), pg.Args{"person": person}.In(scope, tx))
	return err
}

// manager checks who is to work on the case: an active case manager or supervisor; it fills in their office.
func manager(tx *pg.Tx, by access.Actor, in *OpenInput) error {
	if in.CaseManagerID.IsZero() || in.CaseManagerID == by.ID {
		in.CaseManagerID, in.OfficeID = by.ID, by.Office
		return nil
	}
	office, found, err := pg.Find[access.OfficeID](tx, `select office_id from users
		where id = :id and active and role in ('case_manager', 'supervisor') and office_id = :office`, pg.Args{"id": in.CaseManagerID, "office": by.Office})
	if err == nil && !found {
		return errs.At("case_manager_id", "case_manager")
	}
	in.OfficeID = office
	return err
}

// Get reads a case with its six steps.
func (s *Service) Get(ctx context.Context, by access.Actor, caseID access.CaseID, needs access.Permission) (c Case, steps []Step, err error) {
	scope, err := s.policy.Scope(by, needs)
	if err != nil {
		return c, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if c, err = Load(tx, scope, caseID); err != nil {
			return err
		}
		steps, err = Steps(tx, caseID)
		return err
	})
	return c, steps, err
}

// CurrentOf finds the case to show for a person.
func (s *Service) CurrentOf(ctx context.Context, by access.Actor, person access.ParticipantID) (c Case, err error) {
	scope, err := s.policy.Scope(by, access.ReadCase)
	if err != nil {
		return c, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err = Current(tx, scope, person)
		return err
	})
	return c, err
}

// Rules reads the agency's thresholds of today.
func (s *Service) Rules(ctx context.Context, by access.Actor) (r Rules, err error) {
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		r, err = RulesFor(tx, by)
		return err
	})
	return r, err
}

// Event is one line of what happened to a case: who did what, when.
type Event struct {
	ID     id.Of[audit.Row]        `db:"id" json:"id"`
	At     time.Time               `db:"at" json:"at"`
	Action string                  `db:"action" json:"action"`
	Actor  string                  `db:"actor" json:"actor"`
	Role   string                  `db:"actor_role" json:"actor_role"`
	Detail pg.JSON[map[string]any] `db:"detail" json:"detail"`
}

// timelinePage is how many lines of what happened come at once.
const timelinePage = 100

// Timeline is a page of what happened to a case, newest first; after is the id of the last line seen, Next the
// one to go on from.
type Timeline struct {
	Case   Case    `json:"-"`
	Events []Event `json:"items"`
	Next   string  `json:"next"`
}

// Timeline reads such a page of a case in reach.
func (s *Service) Timeline(ctx context.Context, by access.Actor, caseID access.CaseID, after string) (t Timeline, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return t, err
	}
	if _, err := id.Parse[audit.Row](after); err != nil && after != "" {
		return t, errs.At("cursor", "cursor")
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if t.Case, err = Load(tx, scope, caseID); err != nil {
			return err
		}
		t.Events, err = pg.List[Event](tx, `select l.id, l.at, l.action, l.actor_role, l.detail, coalesce(u.first_name || ' ' || u.last_name, '') as actor
			from audit_log l left join users u on u.agency_id = l.agency_id and u.id = l.actor_id
			where l.case_id = :case_id and (:after = '' or (l.at, l.id) < (select x.at, x.id from audit_log x where x.case_id = :case_id and x.id = cast(nullif(:after, '') as uuid)))
			order by l.at desc, l.id desc limit :most`, pg.Args{"case_id": caseID, "after": after, "most": timelinePage + 1})
		return err
	})
	if len(t.Events) > timelinePage {
		t.Events = t.Events[:timelinePage]
		t.Next = t.Events[timelinePage-1].ID.String()
	}
	return t, err
}
