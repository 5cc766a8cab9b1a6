package calendar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of a participant's dates.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Feed is the address under which a telephone asks, as far as it is known: since when there is one.
type Feed struct {
	MadeAt *time.Time `json:"made_at"`
}

// feedRow is the phantom type of a feed's id.
type feedRow struct{}

// Own reads the participant's dates.
func (s *Service) Own(ctx context.Context, by access.Actor) (c Calendar, err error) {
	c = Calendar{Agency: by.AgencyName, Zone: by.Zone, Lang: by.Language, Dates: []Date{}}
	err = s.own(ctx, by, func(tx *pg.Tx, of casefile.Case) error {
		c.Dates, err = datesOf(tx, by, of.ID)
		return err
	})
	return c, err
}

// own reads with the participant's row-level context; without a case there is nothing to read.
func (s *Service) own(ctx context.Context, by access.Actor, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// datesOf lists what is agreed from a month ago on, what of the days ahead was called off, and the days by which
// the open steps of the plan in force are to be done.
func datesOf(tx *pg.Tx, by access.Actor, caseID access.CaseID) ([]Date, error) {
	today := by.Today(tx.Now)
	return pg.List[Date](tx, `
		select d.id, d.step, d.title, d.title_es, d.on_date, d.at_time, d.cancelled, d.version, d.updated_at, u.first_name
		from (
			select a.id, '' as step, '' as title, '' as title_es, a.on_date, a.at_time, a.state in ('moved', 'cancelled') as cancelled, a.version, a.updated_at
			from appointments a
			where a.case_id = :case_id and (a.state = 'planned' and a.on_date >= :since or a.state in ('moved', 'cancelled') and a.on_date >= :today)
			union all
			select m.case_id, m.key, m.title, m.title_es, coalesce(s.due_on, m.due_on), null, false, v.number * 1000 + coalesce(s.version, 1),
				coalesce(greatest(v.frozen_at, s.updated_at), v.created_at)
			from plan_versions v
			join milestones m on m.agency_id = v.agency_id and m.plan_id = v.id
			left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
			where v.case_id = :case_id and v.state = 'in_force' and coalesce(s.status, '') not in ('done', 'dropped') and coalesce(s.due_on, m.due_on) >= :since
		) d
		join cases c on c.id = :case_id
		join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
		order by d.on_date, d.at_time nulls last, d.id, d.step limit 200`, pg.Args{"case_id": caseID, "since": today.AddDays(-30), "today": today})
}

// Feed tells whether there is an address, and since when.
func (s *Service) Feed(ctx context.Context, by access.Actor) (f Feed, err error) {
	if err := s.policy.Require(by, access.ReadPortal); err != nil {
		return f, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		at, found, err := pg.Find[time.Time](tx, `select made_at from calendar_feeds where participant_id = :person and ended_at is null`, pg.Args{"person": by.Participant})
		if found {
			f.MadeAt = &at
		}
		return err
	})
	return f, err
}

// Begin makes a new address the only one that works, and gives its secret part, this once.
func (s *Service) Begin(ctx context.Context, by access.Actor) (token string, err error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	token = base64.RawURLEncoding.EncodeToString(secret)
	return token, s.write(ctx, by, "calendar.shared", func(tx *pg.Tx) error {
		if _, err := end(tx, by); err != nil {
			return err
		}
		return pg.Insert(tx, `insert into calendar_feeds (agency_id, id, participant_id, user_id, token_hash, made_at) values (:agency, :id, :person, :user, :hash, :now)`,
			pg.Args{"agency": by.Agency, "id": id.New[feedRow](), "person": by.Participant, "user": by.ID, "hash": hashed(token), "now": tx.Now})
	})
}

// End makes the address answer nobody any more.
func (s *Service) End(ctx context.Context, by access.Actor) error {
	return s.write(ctx, by, "calendar.ended", func(tx *pg.Tx) error {
		n, err := end(tx, by)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "not_found")
		}
		return err
	})
}

func end(tx *pg.Tx, by access.Actor) (int, error) {
	return pg.Exec(tx, `update calendar_feeds set ended_at = :now where participant_id = :person and ended_at is null`, pg.Args{"now": tx.Now, "person": by.Participant})
}

func (s *Service) write(ctx context.Context, by access.Actor, action string, fn func(*pg.Tx) error) error {
	if err := s.policy.Require(by, access.AnswerPortal); err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: action, Participant: by.Participant})
	})
}

func hashed(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

type holder struct {
	Agency      access.AgencyID      `db:"agency_id"`
	User        access.UserID        `db:"user_id"`
	Participant access.ParticipantID `db:"participant_id"`
	Language    string               `db:"language"`
	AgencyName  string               `db:"agency_name"`
	Zone        string               `db:"time_zone"`
}

// Asked answers whoever knows the secret part of an address: the dates, read as the participant. One
// that was never given and one that has ended are the same.
func (s *Service) Asked(ctx context.Context, token string) (c Calendar, err error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(32) {
		return c, errs.New(errs.NotFound, "not_found")
	}
	h, err := pg.Ask[holder](ctx, s.db, `select agency_id, user_id, participant_id, language, agency_name, time_zone from app.calendar_feed(:hash)`, pg.Args{"hash": hashed(token)})
	if err != nil {
		return c, err
	}
	zone, err := account.Zone(h.Zone)
	if err != nil {
		return c, err
	}
	return s.Own(ctx, access.Actor{
		Agency: h.Agency, ID: h.User, Role: access.ParticipantRole, Participant: h.Participant, Language: h.Language, AgencyName: h.AgencyName, Zone: zone,
	})
}
