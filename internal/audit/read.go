package audit

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"iter"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// pageSize is how many rows one page of the trail has unless fewer are asked for.
const pageSize = 50

// Filter narrows the trail. Person is an id or a number like CP-20312; Actor an id or an e-mail
// address; Action the beginning of a code. Days are the agency's.
type Filter struct {
	Case   access.CaseID `json:"case"`
	Person string        `json:"person"`
	Actor  string        `json:"actor"`
	Action string        `json:"action"`
	From   civil.Date    `json:"from"`
	To     civil.Date    `json:"to"`
	Limit  int           `json:"limit"`
	Cursor string        `json:"cursor"`
}

// Line is one row as it is read: who, what, about whom. Person is empty for roles that may not
// know the name; the number says who it is to those who may.
type Line struct {
	ID            id.Of[Row]              `db:"id" json:"id"`
	At            time.Time               `db:"at" json:"at"`
	ActorID       access.UserID           `db:"actor_id" json:"actor_id"`
	Actor         string                  `db:"actor" json:"actor"`
	ActorRole     access.Role             `db:"actor_role" json:"actor_role"`
	Action        string                  `db:"action" json:"action"`
	ParticipantID access.ParticipantID    `db:"participant_id" json:"participant_id"`
	Number        string                  `db:"number" json:"number"`
	Person        string                  `db:"person" json:"person,omitempty"`
	CaseID        access.CaseID           `db:"case_id" json:"case_id"`
	SubjectID     id.Of[Row]              `db:"subject_id" json:"subject_id"`
	Detail        pg.JSON[map[string]any] `db:"detail" json:"detail"`
	RequestID     string                  `db:"request_id" json:"request_id"`
}

// Page is one page of the trail, newest first.
type Page struct {
	Items []Line `json:"items"`
	Next  string `json:"next"`
}

// Service reads the trail.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

type cursor struct {
	At time.Time  `json:"a"`
	ID id.Of[Row] `json:"i"`
}

// List reads one page of the agency's trail.
func (s *Service) List(ctx context.Context, by access.Actor, f Filter) (Page, error) {
	if err := s.policy.Require(by, access.ReadAudit); err != nil {
		return Page{}, err
	}
	args, err := s.args(by, f)
	if err != nil {
		return Page{}, err
	}
	var list []Line
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Line](tx, listQuery(f), args)
		return err
	})
	return cut(list, args["limit"].(int)-1), err
}

func (s *Service) args(by access.Actor, f Filter) (pg.Args, error) {
	var after cursor
	if f.Cursor != "" {
		b, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(b, &after) != nil || after.ID.IsZero() {
			return nil, errs.At("cursor", "cursor")
		}
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = pageSize
	}
	return pg.Args{
		"case_id": f.Case, "person": f.Person, "actor": f.Actor, "action": f.Action, "from": dayBegins(by, f.From), "until": dayBegins(by, next(f.To)),
		"after_at": after.At, "after_id": after.ID, "named": s.policy.Allows(by, access.ReadCase), "limit": f.Limit + 1,
	}, nil
}

func next(d civil.Date) civil.Date {
	if d.IsZero() {
		return d
	}
	return d.AddDays(1)
}

// dayBegins is midnight at the agency, or the zero time for no date.
func dayBegins(by access.Actor, d civil.Date) time.Time {
	if d.IsZero() || by.Zone == nil {
		return d.Time()
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, by.Zone)
}

// Each hands every row of the trail that a filter finds to write, one after the other and with their number
// ahead, for a file.
func (s *Service) Each(ctx context.Context, by access.Actor, f Filter, write func(n int, rows iter.Seq2[Line, error]) error) error {
	if err := s.policy.Require(by, access.ReadAudit); err != nil {
		return err
	}
	f.Cursor = ""
	args, err := s.args(by, f)
	if err != nil {
		return err
	}
	return s.db.Stream(ctx, by, func(tx *pg.Tx) error {
		n, err := pg.Get[int](tx, `select count(*) from audit_log l where true`+f.conditions(), args)
		if err != nil {
			return err
		}
		args["limit"] = n
		return write(n, pg.Each[Line](tx, listQuery(f), args))
	})
}

func listQuery(f Filter) string {
	return `select l.id, l.at, l.actor_id, coalesce(u.first_name || ' ' || u.last_name, '') as actor, l.actor_role, l.action, l.participant_id,
			coalesce(p.number, '') as number, case when :named then coalesce(p.first_name || ' ' || p.last_name, '') else '' end as person,
			l.case_id, l.subject_id, l.detail, l.request_id
		from audit_log l
		left join users u on u.agency_id = l.agency_id and u.id = l.actor_id
		left join participants p on p.agency_id = l.agency_id and p.id = l.participant_id
		where true` + f.conditions() + ` order by l.at desc, l.id desc limit :limit`
}

// conditions are only those that are asked for, so that each finds its index.
func (f Filter) conditions() (q string) {
	for _, c := range []struct {
		asked     bool
		condition string
	}{
		{!f.Case.IsZero(), `l.case_id = :case_id`},
		{f.Person != "", `l.participant_id in (select x.id from participants x where x.number = upper(:person) or cast(x.id as text) = lower(:person))`},
		{f.Actor != "", `l.actor_id in (select x.id from users x where x.email = lower(:actor) or cast(x.id as text) = lower(:actor))`},
		{f.Action != "", `starts_with(l.action, :action)`},
		{!f.From.IsZero(), `l.at >= :from`},
		{!f.To.IsZero(), `l.at < :until`},
		{f.Cursor != "", `(l.at, l.id) < (:after_at, cast(:after_id as uuid))`},
	} {
		if c.asked {
			q += " and " + c.condition
		}
	}
	return q
}

func cut(list []Line, limit int) Page {
	p := Page{Items: list}
	if len(list) > limit {
		p.Items = list[:limit]
		last := p.Items[limit-1]
		b, _ := json.Marshal(cursor{last.At, last.ID})
		p.Next = base64.RawURLEncoding.EncodeToString(b)
	}
	if p.Items == nil {
		p.Items = []Line{}
	}
	return p
}
