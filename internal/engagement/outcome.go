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
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// What an outcome can be, what a credential can be (element 1800) and which skill gains count (1806 to 1811), in the order of a form.
var (
	OutcomeKinds    = []string{"job", "credential", "skill_gain", "schooling"}
	CredentialKinds = []string{"diploma", "associate", "bachelor", "graduate", "license", "certificate", "certification", "other"}
	Gains           = []string{"functioning_level", "diploma", "transcript", "milestone", "skills_progression"}
	Levels          = []string{"secondary", "postsecondary", "occupational"}
)

// OutcomeID names an outcome.
type OutcomeID = id.Of[Outcome]

// Outcome is what came of the work: a job, a credential, a gain in skills.
type Outcome struct {
	ID         OutcomeID              `db:"id" json:"id"`
	Kind       string                 `db:"kind" json:"kind"`
	OnDate     civil.Date             `db:"on_date" json:"on_date"`
	Detail     pg.JSON[OutcomeDetail] `db:"detail" json:"detail"`
	Supersedes OutcomeID              `db:"supersedes" json:"supersedes"`
	Reason     string                 `db:"reason" json:"reason"`
	RecordedBy string                 `db:"recorded_by" json:"recorded_by"`
	CreatedAt  time.Time              `db:"recorded_at" json:"created_at"`
	Live       bool                   `db:"live" json:"live"`
}

// OutcomeDetail has the facts of each kind.
type OutcomeDetail struct {
	Employer       string      `json:"employer" validate:"max=200"`
	JobTitle       string      `json:"job_title" validate:"max=200"`
	SOC            string      `json:"soc" validate:"max=10"`
	Pay            money.Cents `json:"pay_cents" validate:"gte=0,lte=100000000"`
	PayPer         string      `json:"pay_per" validate:"omitempty,oneof=hour year"`
	HoursWeek      int         `json:"hours_week" validate:"gte=0,lte=100"`
	Subsidized     bool        `json:"subsidized"`
	Credential     string      `json:"credential" validate:"max=200"`
	CredentialKind string      `json:"credential_kind" validate:"omitempty,oneof=diploma associate bachelor graduate license certificate certification other"`
	Gain           string      `json:"gain" validate:"omitempty,oneof=functioning_level diploma transcript milestone skills_progression"`
	// Level and Hours are a transcript's; Level and UntilOn an enrolment's, which lasts until it is said to have ended.
	Level    string     `json:"level" validate:"omitempty,oneof=secondary postsecondary occupational"`
	Hours    int        `json:"hours" validate:"gte=0,lte=60"`
	UntilOn  civil.Date `json:"until_on"`
	Evidence string     `json:"evidence" validate:"max=500"`
	Note     string     `json:"note" validate:"max=2000"`
}

// OutcomeInput is what somebody enters for an outcome.
type OutcomeInput struct {
	Kind   string     `json:"kind" validate:"required,oneof=job credential skill_gain schooling"`
	OnDate civil.Date `json:"on_date" validate:"required"`
	OutcomeDetail
	Supersedes OutcomeID `json:"supersedes"`
	Reason     string    `json:"reason" validate:"max=1000"`
}

func (in OutcomeInput) check(today civil.Date) error {
	var c errs.Collector
	if in.OnDate.After(today) {
		c.Add("on_date", "in_future")
	}
	switch {
	case in.Kind == "job" && in.Employer == "":
		c.Add("employer", "required")
	case in.Kind == "credential" && in.Credential == "":
		c.Add("credential", "required")
	case in.Kind == "skill_gain" && in.Gain == "":
		c.Add("gain", "required")
	}
	if in.Kind == "credential" && in.CredentialKind == "" {
		c.Add("credential_kind", "required")
	}
	in.checkSchool(&c)
	if !in.Supersedes.IsZero() && in.Reason == "" {
		c.Add("reason", "required")
	}
	return c.Err()
}

// checkSchool is about transcripts and enrolments: a transcript of a college counts by its hours.
func (in OutcomeInput) checkSchool(c *errs.Collector) {
	transcript := in.Kind == "skill_gain" && in.Gain == "transcript"
	switch {
	case (transcript || in.Kind == "schooling") && in.Level == "":
		c.Add("level", "required")
	case transcript && in.Level == "occupational":
		c.Add("level", "oneof")
	case transcript && in.Level == "postsecondary" && in.Hours == 0:
		c.Add("hours", "required")
	}
	if !in.UntilOn.IsZero() && in.UntilOn.Before(in.OnDate) {
		c.Add("until_on", "before_start")
	}
}

const outcomeQuery = `select o.id, o.kind, o.on_date, o.detail, o.supersedes, o.reason, o.recorded_at, coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by,
		not exists (select from outcomes n where n.agency_id = o.agency_id and n.supersedes = o.id) as live
	from outcomes o left join users u on u.agency_id = o.agency_id and u.id = o.recorded_by
	where o.case_id = :case_id `

// Outcomes lists what came of a case, newest first.
func (s *Service) Outcomes(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []Outcome, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, found casefile.Case) error {
		c = found
		list, err = pg.List[Outcome](tx, outcomeQuery+`order by o.on_date desc, o.id desc limit 200`, pg.Args{"case_id": caseID})
		return err
	})
	return c, list, err
}

// Achieve records an outcome, during the work or after the exit.
func (s *Service) Achieve(ctx context.Context, by access.Actor, caseID access.CaseID, in OutcomeInput) (o Outcome, err error) {
	err = s.change(ctx, by, access.RecordOutcome, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if err := in.check(by.Today(tx.Now)); err != nil {
			return audit.Entry{}, err
		}
		if in.Kind == "skill_gain" && in.Gain == "functioning_level" {
			if err := intake.CheckGain(tx, c.ID, in.OnDate); err != nil {
				return audit.Entry{}, err
			}
		}
		if !in.Supersedes.IsZero() {
			was, found, err := pg.Find[Outcome](tx, outcomeQuery+`and o.id = :id`, pg.Args{"case_id": c.ID, "id": in.Supersedes})
			switch {
			case err != nil:
				return audit.Entry{}, err
			case !found:
				return audit.Entry{}, errs.At("supersedes", "no_such_outcome")
			case !was.Live:
				return audit.Entry{}, errs.New(errs.Conflict, "outcome.replaced")
			}
		}
		made := id.New[Outcome]()
		if err := pg.Insert(tx, `insert into outcomes (agency_id, id, case_id, kind, on_date, detail, supersedes, reason, recorded_by, recorded_at)
			values (:agency, :id, :case_id, :kind, :on, :detail, :supersedes, :reason, :by, :now)`,
			pg.Args{
				"agency": by.Agency, "id": made, "case_id": c.ID, "kind": in.Kind, "on": in.OnDate, "detail": pg.AsJSON(in.OutcomeDetail),
				"supersedes": in.Supersedes, "reason": in.Reason, "by": by.ID, "now": tx.Now,
			}); err != nil {
			return audit.Entry{}, err
		}
		o, err = pg.Get[Outcome](tx, outcomeQuery+`and o.id = :id`, pg.Args{"case_id": c.ID, "id": made})
		return audit.Entry{Action: "outcome.recorded", Subject: made.String(), Detail: map[string]any{"kind": in.Kind, "on": in.OnDate}}, err
	})
	return o, err
}
