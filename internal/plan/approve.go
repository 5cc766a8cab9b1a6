package plan

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// ApprovalInput is a supervisor's decision.
type ApprovalInput struct {
	Decision  string     `json:"decision" validate:"required,oneof=approved returned"`
	Comment   string     `json:"comment" validate:"max=2000"`
	DecidedOn civil.Date `json:"decided_on"`
	SHA256    string     `json:"sha256" validate:"omitempty,len=64,hexadecimal"`
}

// fits holds a decision against the day; what is returned says why.
func (in ApprovalInput) fits(today civil.Date) error {
	var c errs.Collector
	if in.Decision == "returned" && strings.TrimSpace(in.Comment) == "" {
		c.Add("comment", "say_why")
	}
	if in.DecidedOn.After(today) {
		c.Add("decided_on", "in_future")
	}
	return c.Err()
}

// Decide approves a version or returns it to be changed. A returned one is open to changes again.
func (s *Service) Decide(ctx context.Context, by access.Actor, caseID access.CaseID, in ApprovalInput) (p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return p, err
	}
	err = s.write(ctx, by, access.ApprovePlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		was, found, err := Open(tx, c.ID)
		if err != nil {
			return err
		}
		if !found || was.State != Submitted {
			return errs.New(errs.Conflict, "plan.not_submitted")
		}
		if err := was.MayApprove(by.ID); err != nil {
			return err
		}
		if err := in.fits(by.Today(tx.Now)); err != nil {
			return err
		}
		if _, done := was.Approved(); done && in.Decision == "approved" {
			return errs.New(errs.Conflict, "plan.approved_already")
		}
		p, err = decide(tx, by, c, was, in)
		return err
	})
	return p, err
}

func decide(tx *pg.Tx, by access.Actor, c casefile.Case, was Plan, in ApprovalInput) (Plan, error) {
	if err := was.readAgain(tx, in.SHA256); err != nil {
		return was, err
	}
	d := Decision{Decision: in.Decision, Comment: strings.TrimSpace(in.Comment), DecidedOn: in.DecidedOn}
	if d.DecidedOn.IsZero() {
		d.DecidedOn = by.Today(tx.Now)
	}
	if err := insertDecision(tx, by, was, d); err != nil {
		return was, err
	}
	if err := audit.Append(tx, by, audit.Entry{Action: "plan." + d.Decision, Case: c.ID, Subject: was.ID.String(), Detail: map[string]any{"number": was.Number}}); err != nil {
		return was, err
	}
	if d.Decision == "approved" {
		return settle(tx, by, c, was)
	}
	if err := setState(tx, was, Returned); err != nil {
		return was, err
	}
	p, _, err := Numbered(tx, c.ID, was.Number)
	return p.AsOf(by.Today(tx.Now)), err
}

// Waiting is one plan that waits for a supervisor.
type Waiting struct {
	CaseID       access.CaseID        `db:"case_id" json:"case_id"`
	Participant  access.ParticipantID `db:"participant_id" json:"participant_id"`
	Name         string               `db:"name" json:"name"`
	Author       string               `db:"author" json:"author"`
	AuthorID     access.UserID        `db:"author_id" json:"author_id"`
	Number       int                  `db:"number" json:"number"`
	Kind         string               `db:"kind" json:"kind"`
	PathwayCode  string               `db:"pathway_code" json:"pathway_code"`
	ChangeReason string               `db:"change_reason" json:"change_reason"`
	Needed       bool                 `db:"approval_needed" json:"approval_needed"`
	Since        time.Time            `db:"frozen_at" json:"waiting_since"`
	Days         int                  `db:"-" json:"waiting_days"`
	SHA256       string               `db:"sha256" json:"sha256"`
}

// Queue lists the plans that wait for the actor's decision, oldest first. after is the instant
// and case of the last one of the page before.
func (s *Service) Queue(ctx context.Context, by access.Actor, after string, limit int) (list []Waiting, next string, err error) {
	scope, err := s.policy.Scope(by, access.ApprovePlan)
	if err != nil {
		return nil, "", err
	}
	since, last, err := cursor(after)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Waiting](tx, `
			select v.case_id, c.participant_id, coalesce(nullif(p.preferred_name, ''), p.first_name) || ' ' || p.last_name as name,
				u.first_name || ' ' || u.last_name as author, v.author_id, v.number, case when v.number = 1 then 'new' else 'change' end as kind,
				v.pathway_code, v.change_reason, v.approval_needed, v.frozen_at, encode(v.sha256, 'hex') as sha256
			from plan_versions v
			join cases c on c.agency_id = v.agency_id and c.id = v.case_id
			join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
			join users u on u.agency_id = v.agency_id and u.id = v.author_id
			where v.state = 'submitted' and v.approval_needed and `+casefile.OpenStates+` and `+scope.Where()+`
				and not exists (select from plan_decisions d where d.agency_id = v.agency_id and d.plan_id = v.id and d.sha256 = v.sha256 and d.decision = 'approved')
				and (cast(:since as timestamptz) is null or (v.frozen_at, v.case_id) > (cast(:since as timestamptz), cast(:last as uuid)))
			order by v.frozen_at, v.case_id limit :limit`,
			pg.Args{"since": since, "last": last, "limit": limit + 1}.In(scope, tx))
		for i := range list {
			list[i].Days = by.Today(tx.Now).DaysSince(civil.Of(by.Local(list[i].Since)))
		}
		return err
	})
	if len(list) > limit {
		list = list[:limit]
		end := list[limit-1]
		next = hex.EncodeToString([]byte(end.Since.UTC().Format(time.RFC3339Nano) + " " + end.CaseID.String()))
	}
	return list, next, err
}

func cursor(text string) (since *time.Time, last *string, err error) {
	if text == "" {
		return nil, nil, nil
	}
	b, err := hex.DecodeString(text)
	at, ref, ok := strings.Cut(string(b), " ")
	t, timeErr := time.Parse(time.RFC3339Nano, at)
	if err != nil || !ok || timeErr != nil || len(ref) != 36 {
		return nil, nil, errs.At("cursor", "cursor")
	}
	return &t, &ref, nil
}
