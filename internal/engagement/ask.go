package engagement

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// AskID names a request to somebody else.
type AskID = id.Of[Ask]

// Ask is what was asked of somebody else and is waited for: a transcript, a letter.
type Ask struct {
	ID         AskID         `db:"id" json:"id"`
	CaseID     access.CaseID `db:"case_id" json:"case_id"`
	What       string        `db:"what" json:"what"`
	FromWhom   string        `db:"from_whom" json:"from_whom"`
	AskedOn    civil.Date    `db:"asked_on" json:"asked_on"`
	ReceivedOn civil.Date    `db:"received_on" json:"received_on"`
	Version    int           `db:"version" json:"version"`
	CreatedAt  time.Time     `db:"created_at" json:"created_at"`
}

// AskInput is what is asked of whom.
type AskInput struct {
	What     string     `json:"what" validate:"required,max=200"`
	FromWhom string     `json:"from_whom" validate:"required,max=200"`
	AskedOn  civil.Date `json:"asked_on"`
}

// ReceivedInput is the day on which it came.
type ReceivedInput struct {
	ReceivedOn civil.Date `json:"received_on"`
}

const askColumns = `r.id, r.case_id, r.what, r.from_whom, r.asked_on, r.received_on, r.version, r.created_at`

// Asks lists what was asked for a case, open ones first.
func (s *Service) Asks(ctx context.Context, by access.Actor, caseID access.CaseID) (list []Ask, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, _ casefile.Case) error {
		list, err = pg.List[Ask](tx, `select `+askColumns+` from requests r where r.case_id = :case_id
			order by r.received_on is not null, r.asked_on desc, r.id desc limit 100`, pg.Args{"case_id": caseID})
		return err
	})
	return list, err
}

// Ask writes down a request to somebody else. Who asks tells of whom; a partner for whom the participant's yes
// is over is asked nothing.
func (s *Service) Ask(ctx context.Context, by access.Actor, caseID access.CaseID, in AskInput) (a Ask, err error) {
	err = s.change(ctx, by, access.WriteRequest, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		today := by.Today(tx.Now)
		if in.AskedOn.IsZero() {
			in.AskedOn = today
		}
		if in.AskedOn.After(today) {
			return audit.Entry{}, errs.At("asked_on", "in_future")
		}
		said, err := casefile.ConsentFor(tx, c.ID, in.FromWhom, in.AskedOn)
		switch {
		case err != nil:
			return audit.Entry{}, err
		case said.Over():
			return audit.Entry{}, errs.At("from_whom", "consent_over")
		}
		made := id.New[Ask]()
		if err := pg.Insert(tx, `insert into requests (agency_id, id, case_id, what, from_whom, asked_on, asked_by, created_at)
			values (:agency, :id, :case_id, :what, :from, :on, :by, :now)`,
			pg.Args{"agency": by.Agency, "id": made, "case_id": c.ID, "what": in.What, "from": in.FromWhom, "on": in.AskedOn, "by": by.ID, "now": tx.Now}); err != nil {
			return audit.Entry{}, err
		}
		a, err = ask(tx, c.ID, made)
		return audit.Entry{Action: "request.asked", Subject: made.String()}, err
	})
	return a, err
}

// Received notes that what was asked for has come. Noting it twice changes nothing.
func (s *Service) Received(ctx context.Context, by access.Actor, caseID access.CaseID, askID AskID, in ReceivedInput) (a Ask, err error) {
	err = s.change(ctx, by, access.WriteRequest, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		today := by.Today(tx.Now)
		if in.ReceivedOn.IsZero() {
			in.ReceivedOn = today
		}
		was, err := ask(tx, c.ID, askID)
		switch {
		case err != nil:
			return audit.Entry{}, err
		case in.ReceivedOn.After(today):
			return audit.Entry{}, errs.At("received_on", "in_future")
		case in.ReceivedOn.Before(was.AskedOn):
			return audit.Entry{}, errs.At("received_on", "before_asked")
		}
		if err := pg.Insert(tx, `update requests set received_on = :on, version = version + 1 where id = :id and received_on is null`,
			pg.Args{"id": askID, "on": in.ReceivedOn}); err != nil {
			return audit.Entry{}, err
		}
		a, err = ask(tx, c.ID, askID)
		return audit.Entry{Action: "request.received", Subject: askID.String()}, err
	})
	return a, err
}

func ask(tx *pg.Tx, caseID access.CaseID, askID AskID) (Ask, error) {
	return pg.Get[Ask](tx, `select `+askColumns+` from requests r where r.case_id = :case_id and r.id = :id`, pg.Args{"case_id": caseID, "id": askID})
}
