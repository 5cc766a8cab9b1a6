package result

import (
	"context"
	"regexp"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Sources of wages, as elements 1601 to 1607 number them. Staff enter supplemental ones only; the
// others come from files and are read-only to staff (W10).
const (
	SourceUI           = "1"
	SourceFederal      = "2"
	SourceMilitary     = "3"
	SourceSupplemental = "4"
)

// Employments are the answers of elements 1600 to 1606.
var Employments = []string{"1", "2", "3", "0"}

// WageID names a wage record.
type WageID = id.Of[Wage]

// Wage is what is known of a person's work in one quarter from one source.
type Wage struct {
	ID         WageID                `db:"id" json:"id"`
	Quarter    participation.Quarter `db:"quarter" json:"-"`
	Label      string                `db:"-" json:"quarter"`
	Source     string                `db:"source" json:"source"`
	Employment string                `db:"employment" json:"employment"`
	Wages      *money.Cents          `db:"wages_cents" json:"wages_cents"`
	// Entered is the amount as it was given, per Unit, with the weekly hours of wages by the hour.
	Entered    *money.Cents `db:"entered_cents" json:"entered_cents"`
	Unit       string       `db:"unit" json:"unit"`
	Hours      string       `db:"weekly_hours" json:"hours"`
	FEINs      pg.Strings   `db:"feins" json:"feins"`
	Evidence   string       `db:"evidence" json:"evidence"`
	Withdrawn  bool         `db:"withdrawn" json:"withdrawn"`
	Supersedes WageID       `db:"supersedes" json:"supersedes"`
	Reason     string       `db:"reason" json:"reason"`
	File       string       `db:"file" json:"file"`
	RecordedBy string       `db:"recorded_by" json:"recorded_by"`
	CreatedAt  time.Time    `db:"recorded_at" json:"created_at"`
	Live       bool         `db:"live" json:"live"`
}

// WageInput is what staff found out about a quarter by themselves, with what shows it. A correction
// names the record it stands for; withdrawn takes it back. Wages are per unit, of the whole quarter unless
// it says otherwise; by the hour they need the hours of a week.
type WageInput struct {
	Quarter    string      `json:"quarter" validate:"required,max=7"`
	Employment string      `json:"employment" validate:"required,oneof=0 1 2 3"`
	Wages      money.Cents `json:"wages_cents" validate:"gte=0,lt=99999999"`
	Unit       string      `json:"unit" validate:"omitempty,oneof=quarter hour week two_weeks month year"`
	Hours      string      `json:"hours" validate:"max=6"`
	FEIN       string      `json:"fein" validate:"max=10"`
	Evidence   string      `json:"evidence" validate:"required,max=500"`
	Supersedes WageID      `json:"supersedes"`
	Withdrawn  bool        `json:"withdrawn"`
	Reason     string      `json:"reason" validate:"max=1000"`
}

var fein = regexp.MustCompile(`^[0-9]{2}-?[0-9]{7}$`)

// plainFEIN is nine digits.
func plainFEIN(s string) string {
	if len(s) == 10 {
		return s[:2] + s[3:]
	}
	return s
}

const wageQuery = `select w.id, w.quarter, w.source, w.employment, w.wages_cents, w.entered_cents, w.unit, coalesce(cast(trim_scale(w.weekly_hours) as text), '') as weekly_hours, w.feins, w.evidence, w.withdrawn, w.supersedes, w.reason, coalesce(i.name, '') as file,
		coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, w.recorded_at, not w.withdrawn and not exists (select from wage_records n where n.agency_id = w.agency_id and n.supersedes = w.id) as live
	from wage_records w left join users u on u.agency_id = w.agency_id and u.id = w.recorded_by
	left join wage_imports i on i.agency_id = w.agency_id and i.id = w.import_id `

func wagesOf(tx *pg.Tx, person access.ParticipantID) ([]Wage, error) {
	list, err := pg.List[Wage](tx, wageQuery+`where w.participant_id = :person order by w.quarter desc, w.source, w.recorded_at desc, w.id desc limit 200`, pg.Args{"person": person})
	for i := range list {
		list[i].Label = list[i].Quarter.String()
	}
	return list, err
}

// quarterOf reads the quarter of an entry: one after the exit, begun by today.
func (in WageInput) quarterOf(exit, today civil.Date) (participation.Quarter, error) {
	q, err := ParseReport(in.Quarter, today)
	first := participation.QuarterOf(exit)
	if err != nil || in.Quarter == "" || q <= first || q > first+4 {
		return 0, errs.At("quarter", "not_after_exit")
	}
	if q.First().After(today) {
		return 0, errs.At("quarter", "quarter_ahead")
	}
	return q, nil
}

func (in WageInput) check(exit, today civil.Date) (q participation.Quarter, err error) {
	var c errs.Collector
	q, err = in.quarterOf(exit, today)
	if err := c.Merge(err); err != nil {
		return 0, err
	}
	if in.FEIN != "" && !fein.MatchString(in.FEIN) {
		c.AddArgs("fein", "fein", map[string]any{"entered": in.FEIN})
	}
	if in.Employment == "0" && in.Wages > 0 {
		c.Add("wages_cents", "wages_without_work")
	}
	if _, _, err := payAt(in); err != nil {
		if err := c.Merge(err); err != nil {
			return 0, err
		}
	}
	if !in.Supersedes.IsZero() && in.Reason == "" {
		c.Add("reason", "required")
	}
	if in.Withdrawn && in.Supersedes.IsZero() {
		c.Add("supersedes", "required")
	}
	return q, c.Err()
}

// RecordWages records supplemental wages of a quarter after the exit. What stands is never overwritten.
func (s *Service) RecordWages(ctx context.Context, by access.Actor, caseID access.CaseID, in WageInput) (w Wage, err error) {
	if err := check.Struct(in); err != nil {
		return w, err
	}
	scope, err := s.policy.Scope(by, access.RecordOutcome)
	if err != nil {
		return w, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		if c.ExitOn.IsZero() {
			return errs.New(errs.Conflict, "followup.not_exited")
		}
		q, err := in.check(c.ExitOn, by.Today(tx.Now))
		if err != nil {
			return err
		}
		if err := stands(tx, c.ParticipantID, q, in.Supersedes); err != nil {
			return err
		}
		r := record{participant: c.ParticipantID, quarter: q, source: SourceSupplemental, employment: in.Employment, evidence: in.Evidence, withdrawn: in.Withdrawn, supersedes: in.Supersedes, reason: in.Reason}
		if in.Employment != "0" {
			p, wages, err := payAt(in)
			if err != nil {
				return err
			}
			r.pay, r.wages = &p, &wages
		}
		if in.FEIN != "" {
			r.feins = []string{plainFEIN(in.FEIN)}
		}
		made, err := r.insert(tx, by)
		if err != nil {
			return err
		}
		if err := casefile.Refresh(tx, c, by.Today(tx.Now)); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "wages.recorded", Case: c.ID, Subject: made.String(), Detail: map[string]any{"quarter": q.String(), "source": SourceSupplemental}}); err != nil {
			return err
		}
		w, err = pg.Get[Wage](tx, wageQuery+`where w.id = :id`, pg.Args{"id": made})
		w.Label = w.Quarter.String()
		return err
	})
	return w, err
}

// stands refuses an entry beside one that stands, and a correction of one that does not.
func stands(tx *pg.Tx, person access.ParticipantID, q participation.Quarter, supersedes WageID) error {
	head, found, err := pg.Find[WageID](tx, `select w.id from wage_records w where w.participant_id = :person and w.quarter = :quarter and w.source = '4' and `+live("wage_records", "w"),
		pg.Args{"person": person, "quarter": int(q)})
	switch {
	case err != nil:
		return err
	case found && head != supersedes:
		return errs.New(errs.Conflict, "wages.there").Showing(map[string]any{"id": head})
	case !found && !supersedes.IsZero():
		return errs.New(errs.Conflict, "wages.replaced")
	}
	return nil
}

// record is a row to be written.
type record struct {
	participant access.ParticipantID
	quarter     participation.Quarter
	source      string
	employment  string
	wages       *money.Cents
	pay         *pay // wages as they were given; none where there are none, or where several lines add up
	feins       []string
	naics       string
	evidence    string
	withdrawn   bool
	supersedes  WageID
	reason      string
	imported    ImportID
	// What became of it in an import, and the row it is now.
	result string
	was    *money.Cents
	id     WageID
}

func (r record) insert(tx *pg.Tx, by access.Actor) (WageID, error) {
	made := id.New[Wage]()
	given := pay{unit: PerQuarter}
	var entered any
	if r.pay != nil {
		given, entered = *r.pay, r.pay.amount
	}
	return made, pg.Insert(tx, `insert into wage_records (agency_id, id, participant_id, quarter, source, employment, wages_cents, entered_cents, unit, weekly_hours, feins, naics, evidence, withdrawn, import_id, supersedes, reason, recorded_on, recorded_by, recorded_at)
		values (:agency, :id, :person, :quarter, :source, :employment, :wages, :entered, :unit, cast(:hours as numeric), :feins, :naics, :evidence, :withdrawn, :import, :supersedes, :reason, :today, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": made, "person": r.participant, "quarter": int(r.quarter), "source": r.source, "employment": r.employment, "wages": r.wages, "entered": entered, "unit": given.unit, "hours": given.hoursOrNone(), "feins": pg.Strings(append([]string{}, r.feins...)),
		"naics": r.naics, "evidence": r.evidence, "withdrawn": r.withdrawn, "import": r.imported, "supersedes": r.supersedes, "reason": r.reason, "today": by.Today(tx.Now), "by": by.ID, "now": tx.Now,
	})
}
