package transfer

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// coverDays is how long a cover lasts at most.
const coverDays = 30

// CoverID names a cover.
type CoverID = id.Of[Cover]

// Cover lends somebody's whole caseload to a colleague for some days. It reaches the cases that the
// person manages themselves and no others, so a cover of somebody who covers reaches nothing more.
type Cover struct {
	ID        CoverID       `db:"id" json:"id"`
	OfID      access.UserID `db:"case_manager_id" json:"case_manager"`
	Of        string        `db:"of_name" json:"case_manager_name"`
	ByID      access.UserID `db:"delegate_id" json:"delegate"`
	By        string        `db:"by_name" json:"delegate_name"`
	FromOn    civil.Date    `db:"from_on" json:"from_on"`
	UntilOn   civil.Date    `db:"until_on" json:"until_on"`
	EndedAt   *time.Time    `db:"ended_at" json:"ended_at"`
	Open      int           `db:"open" json:"open_cases"`
	CreatedAt time.Time     `db:"recorded_at" json:"created_at"`
}

// Current reports that the cover holds on a day.
func (c Cover) Current(today civil.Date) bool {
	return c.EndedAt == nil && !c.FromOn.After(today) && !c.UntilOn.Before(today)
}

// CoverInput is who covers for whom, and for which days.
type CoverInput struct {
	Of      access.UserID `json:"case_manager" validate:"required"`
	By      access.UserID `json:"delegate" validate:"required"`
	FromOn  civil.Date    `json:"from_on"`
	UntilOn civil.Date    `json:"until_on" validate:"required"`
}

func (in CoverInput) fits(today civil.Date, approver access.UserID) error {
	var c errs.Collector
	switch {
	case in.By == in.Of:
		c.Add("delegate", "self")
	case in.By == approver:
		c.Add("delegate", "approver")
	}
	if in.FromOn.Before(today) {
		c.Add("from_on", "in_past")
	}
	switch {
	case in.UntilOn.Before(in.FromOn):
		c.Add("until_on", "before_start")
	case in.UntilOn.After(in.FromOn.AddDays(coverDays)):
		c.AddArgs("until_on", "too_long", map[string]any{"param": coverDays})
	}
	return c.Err()
}

// coverQuery reads covers whose person or whose delegate works in the actor's office.
const coverQuery = `select v.id, v.case_manager_id, a.first_name || ' ' || a.last_name as of_name, v.delegate_id, b.first_name || ' ' || b.last_name as by_name,
		v.from_on, v.until_on, v.ended_at, v.recorded_at,
		(select count(*) from cases c where c.agency_id = v.agency_id and c.case_manager_id = v.case_manager_id and c.state not in ('ineligible', 'exited', 'follow_up', 'closed')) as open
	from coverages v
	join users a on a.agency_id = v.agency_id and a.id = v.case_manager_id
	join users b on b.agency_id = v.agency_id and b.id = v.delegate_id
	where a.office_id = :office `

// Covers lists those of the actor's office that hold or will, then the ended ones of the last weeks; and
// who could cover whom.
func (s *Service) Covers(ctx context.Context, by access.Actor) (list []Cover, staff []Receiver, err error) {
	if err := s.policy.Require(by, access.ArrangeCover); err != nil {
		return nil, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if list, err = pg.List[Cover](tx, coverQuery+`and v.until_on >= cast(:today as date) - 60 order by v.ended_at is not null, v.until_on < :today, v.from_on, v.id limit 100`,
			pg.Args{"office": by.Office, "today": by.Today(tx.Now)}); err != nil {
			return err
		}
		staff, err = receivers(tx, by)
		return err
	})
	return list, staff, err
}

// Arrange lends a caseload of the actor's office.
func (s *Service) Arrange(ctx context.Context, by access.Actor, in CoverInput) (c Cover, err error) {
	if err := check.Struct(in); err != nil {
		return c, err
	}
	if err := s.policy.Require(by, access.ArrangeCover); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		if in.FromOn.IsZero() {
			in.FromOn = today
		}
		if err := in.fits(today, by.ID); err != nil {
			return err
		}
		if err := holdStaff(tx, by, in); err != nil {
			return err
		}
		made := id.New[Cover]()
		if err := pg.Insert(tx, `insert into coverages (agency_id, id, case_manager_id, delegate_id, approved_by, from_on, until_on, recorded_at)
			values (:agency, :id, :of, :by, :approver, :from, :until, :now)`,
			pg.Args{"agency": by.Agency, "id": made, "of": in.Of, "by": in.By, "approver": by.ID, "from": in.FromOn, "until": in.UntilOn, "now": tx.Now}); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "cover.arranged", Subject: made.String(), Detail: map[string]any{"case_manager": in.Of, "delegate": in.By, "from": in.FromOn, "until": in.UntilOn}}); err != nil {
			return err
		}
		c, err = pg.Get[Cover](tx, coverQuery+`and v.id = :id`, pg.Args{"office": by.Office, "id": made})
		return err
	})
	return c, err
}

// holdStaff checks that both are here to stay for the transaction, and that nobody covers yet on those days.
func holdStaff(tx *pg.Tx, by access.Actor, in CoverInput) error {
	for field, user := range map[string]access.UserID{"case_manager": in.Of, "delegate": in.By} {
		_, found, err := pg.Find[access.UserID](tx, `select id from users where id = :id and active and role in ('case_manager', 'supervisor')
			and (office_id = :office or cast(:anywhere as boolean)) for update`, pg.Args{"id": user, "office": by.Office, "anywhere": field == "delegate"})
		if err != nil {
			return err
		}
		if !found {
			return errs.At(field, "oneof")
		}
	}
	taken, err := pg.Get[int](tx, `select count(*) from coverages where case_manager_id = :of and ended_at is null and from_on <= :until and until_on >= :from`,
		pg.Args{"of": in.Of, "from": in.FromOn, "until": in.UntilOn})
	if err == nil && taken > 0 {
		return errs.At("from_on", "covered")
	}
	return err
}

// EndCover ends a cover before its day. It takes effect at once.
func (s *Service) EndCover(ctx context.Context, by access.Actor, of CoverID) (c Cover, err error) {
	if err := s.policy.Require(by, access.ArrangeCover); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		args := pg.Args{"office": by.Office, "id": of, "now": tx.Now}
		if c, err = pg.Get[Cover](tx, coverQuery+`and v.id = :id for update of v`, args); err != nil {
			return err
		}
		if c.EndedAt != nil {
			return errs.New(errs.Conflict, "cover.ended")
		}
		if err := pg.ExecOne(tx, `update coverages set ended_at = :now where id = :id and ended_at is null`, args); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "cover.ended", Subject: of.String()}); err != nil {
			return err
		}
		c, err = pg.Get[Cover](tx, coverQuery+`and v.id = :id`, args)
		return err
	})
	return c, err
}
