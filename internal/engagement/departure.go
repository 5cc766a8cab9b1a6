package engagement

import (
	"context"
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Why people pause and why they leave, in the order of a form; Exclusions are the codes of element 923.
var (
	PauseReasons = []string{"health", "family", "job", "moving", "waiting_for_start", "other"}
	ExitReasons  = []string{"completed", "employed", "postsecondary", "moved", "lost_contact", "refused", "changed_goal", "other"}
	Exclusions   = []string{"00", "01", "02", "03", "04", "05", "06", "07"}
)

// DepartureID names a pause, an exit or a return.
type DepartureID = id.Of[Departure]

// Departure is a pause, an exit or a return as it was written down.
type Departure struct {
	ID                  DepartureID `db:"id" json:"id"`
	Kind                string      `db:"kind" json:"kind"`
	Reason              string      `db:"reason" json:"reason"`
	Exclusion           string      `db:"exclusion" json:"exclusion"`
	Evidence            string      `db:"evidence" json:"evidence"`
	StoppedAtStep       *int        `db:"stopped_at_step" json:"stopped_at_step"`
	ResumeStep          *int        `db:"resume_step" json:"resume_step"`
	InstructionsGivenOn civil.Date  `db:"instructions_given_on" json:"instructions_given_on"`
	Note                string      `db:"note" json:"note"`
	OnDate              civil.Date  `db:"on_date" json:"on_date"`
	RecordedBy          string      `db:"recorded_by" json:"recorded_by"`
	CreatedAt           time.Time   `db:"recorded_at" json:"created_at"`
}

// PauseInput is a break after which the person comes back.
type PauseInput struct {
	Reason     string     `json:"reason" validate:"required,oneof=health family job moving waiting_for_start other"`
	OnDate     civil.Date `json:"on_date"`
	ResumeStep int        `json:"resume_step" validate:"omitempty,gte=1,lte=6"`
	Note       string     `json:"note" validate:"max=2000"`
}

// ExitInput is why and where somebody stopped. It fixes no exit date: only the sweep does.
type ExitInput struct {
	Reason              string     `json:"reason" validate:"required,oneof=completed employed postsecondary moved lost_contact refused changed_goal other"`
	OnDate              civil.Date `json:"on_date"`
	Exclusion           string     `json:"exclusion" validate:"omitempty,oneof=00 01 02 03 04 05 06 07"`
	Evidence            string     `json:"evidence" validate:"max=500"`
	StoppedAtStep       int        `json:"stopped_at_step" validate:"omitempty,gte=1,lte=6"`
	ResumeStep          int        `json:"resume_step" validate:"omitempty,gte=1,lte=6"`
	InstructionsGivenOn civil.Date `json:"instructions_given_on"`
	Note                string     `json:"note" validate:"max=2000"`
}

// ReturnInput is a coming back on a day, to go on at a step.
type ReturnInput struct {
	OnDate     civil.Date `json:"on_date"`
	ResumeStep int        `json:"resume_step" validate:"omitempty,gte=1,lte=6"`
	Note       string     `json:"note" validate:"max=2000"`
}

// Leaving is what the pages of leaving and coming back show.
type Leaving struct {
	Case    casefile.Case
	Clock   participation.Clock
	Last    Departure
	HasLast bool
	// Open are the services that go on: somebody has to be told.
	Open []OpenService
	// TooLate says that the period has run out: coming back is a new case.
	TooLate bool
}

// OpenService is a service that has not ended.
type OpenService struct {
	Code     string     `db:"code"`
	Provider string     `db:"provider"`
	GivenOn  civil.Date `db:"given_on"`
}

// Leaving reads where the person stands before leaving or coming back.
func (s *Service) Leaving(ctx context.Context, by access.Actor, caseID access.CaseID, clock participation.Clock) (l Leaving, err error) {
	err = s.read(ctx, by, access.RecordDeparture, caseID, func(tx *pg.Tx, c casefile.Case) error {
		l.Case, l.Clock, l.TooLate = c, clock, !c.Open() || tooLate(c, clock, by.Today(tx.Now))
		if l.Last, l.HasLast, err = lastDeparture(tx, caseID); err != nil {
			return err
		}
		l.Open, err = pg.List[OpenService](tx, `select s.code, s.provider, s.given_on from services s
			where s.case_id = :case_id and s.cancels is null and not s.planned and (s.ongoing and s.ends_on is null or s.ends_on > :today)
				and not exists (select from services n where n.agency_id = s.agency_id and (n.supersedes = s.id or n.cancels = s.id))
			order by s.given_on limit 20`, pg.Args{"case_id": caseID, "today": by.Today(tx.Now)})
		return err
	})
	return l, err
}

func lastDeparture(tx *pg.Tx, caseID access.CaseID) (Departure, bool, error) {
	return pg.Find[Departure](tx, `select d.id, d.kind, d.reason, d.exclusion, d.evidence, d.stopped_at_step, d.resume_step, d.instructions_given_on, d.note, d.on_date,
			coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, d.recorded_at
		from departures d left join users u on u.agency_id = d.agency_id and u.id = d.recorded_by
		where d.case_id = :case_id order by d.recorded_at desc, d.id desc limit 1`, pg.Args{"case_id": caseID})
}

// tooLate reports that somebody who left comes back after day 90, when nothing held the period open.
func tooLate(c casefile.Case, clock participation.Clock, on civil.Date) bool {
	return !c.LeftOn.IsZero() && !clock.StartedOn.IsZero() && !clock.Held && on.After(clock.Day90)
}

// Pause holds the case: nothing is late while it lasts.
func (s *Service) Pause(ctx context.Context, by access.Actor, caseID access.CaseID, in PauseInput) (Departure, error) {
	return s.depart(ctx, by, caseID, in, func(tx *pg.Tx, c *casefile.Case) (Departure, error) {
		d := Departure{Kind: "pause", Reason: in.Reason, Exclusion: "00", OnDate: in.OnDate, StoppedAtStep: &c.Step, ResumeStep: stepOr(in.ResumeStep, c.Step), Note: in.Note}
		if !c.PausedOn.IsZero() {
			return d, errs.New(errs.Conflict, "departure.paused")
		}
		return d, d.check(by.Today(tx.Now))
	}, func(tx *pg.Tx, c *casefile.Case, d Departure) error {
		c.State, c.PausedOn = casefile.Hold, d.OnDate
		return pg.ExecOne(tx, `update cases set state = 'hold', paused_on = :on, resume_step = :resume where id = :case_id`,
			pg.Args{"case_id": c.ID, "on": d.OnDate, "resume": d.ResumeStep})
	})
}

// Exit records why and where the person stopped. The case is held until the sweep fixes the exit after day 90.
func (s *Service) Exit(ctx context.Context, by access.Actor, caseID access.CaseID, in ExitInput) (Departure, error) {
	return s.depart(ctx, by, caseID, in, func(tx *pg.Tx, c *casefile.Case) (Departure, error) {
		d := Departure{Kind: "exit", Reason: in.Reason, Exclusion: in.Exclusion, Evidence: in.Evidence, OnDate: in.OnDate, StoppedAtStep: stepOr(in.StoppedAtStep, c.Step),
			ResumeStep: stepOr(in.ResumeStep, c.Step), InstructionsGivenOn: in.InstructionsGivenOn, Note: in.Note}
		if d.Exclusion == "" {
			d.Exclusion = "00"
		}
		if !c.LeftOn.IsZero() {
			return d, errs.New(errs.Conflict, "departure.left")
		}
		if d.Exclusion == "05" && !slices.Contains(c.Programs, "youth") {
			return d, errs.At("exclusion", "youth_only")
		}
		return d, d.check(by.Today(tx.Now))
	}, func(tx *pg.Tx, c *casefile.Case, d Departure) error {
		c.State, c.PausedOn, c.LeftOn = casefile.Hold, d.OnDate, d.OnDate
		if err := pg.Insert(tx, `update appointments set state = 'cancelled', version = version + 1, updated_at = :now where case_id = :case_id and state = 'planned'`,
			pg.Args{"case_id": c.ID, "now": tx.Now}); err != nil {
			return err
		}
		return pg.ExecOne(tx, `update cases set state = 'hold', paused_on = :on, left_on = :on, left_reason = :reason, resume_step = :resume where id = :case_id`,
			pg.Args{"case_id": c.ID, "on": d.OnDate, "reason": d.Reason, "resume": d.ResumeStep})
	})
}

// Return ends a pause, or takes somebody back who left no more than 90 days after the last service.
func (s *Service) Return(ctx context.Context, by access.Actor, caseID access.CaseID, in ReturnInput) (Departure, error) {
	return s.depart(ctx, by, caseID, in, func(tx *pg.Tx, c *casefile.Case) (Departure, error) {
		resume := c.Step
		if c.ResumeStep != nil {
			resume = *c.ResumeStep
		}
		d := Departure{Kind: "return", Exclusion: "00", OnDate: in.OnDate, ResumeStep: stepOr(in.ResumeStep, resume), Note: in.Note}
		if c.PausedOn.IsZero() {
			return d, errs.New(errs.Conflict, "departure.not_away")
		}
		clock, err := participation.Refresh(tx, c.ID, by.Today(tx.Now))
		if err != nil {
			return d, err
		}
		if tooLate(*c, clock, d.on(by.Today(tx.Now))) {
			return d, errs.New(errs.Conflict, "departure.too_late").Showing(map[string]any{"day_90": clock.Day90})
		}
		if d.on(by.Today(tx.Now)).Before(c.PausedOn) {
			return d, errs.At("on_date", "before_start")
		}
		return d, d.check(by.Today(tx.Now))
	}, func(tx *pg.Tx, c *casefile.Case, _ Departure) error {
		c.State, c.PausedOn, c.LeftOn = casefile.Applicant, civil.Date{}, civil.Date{}
		return pg.ExecOne(tx, `update cases set paused_on = null, left_on = null, left_reason = '', resume_step = null where id = :case_id`, pg.Args{"case_id": c.ID})
	})
}

func stepOr(step, other int) *int {
	if step == 0 {
		step = other
	}
	return &step
}

func (d Departure) on(today civil.Date) civil.Date {
	if d.OnDate.IsZero() {
		return today
	}
	return d.OnDate
}

func (d Departure) check(today civil.Date) error {
	var c errs.Collector
	if d.OnDate.After(today) {
		c.Add("on_date", "in_future")
	}
	if d.Exclusion != "00" && d.Evidence == "" {
		c.Add("evidence", "needed_for_exclusion")
	}
	if d.InstructionsGivenOn.After(today) {
		c.Add("instructions_given_on", "in_future")
	}
	return c.Err()
}

// depart writes the departure that make thinks of, and then what it does to the case.
func (s *Service) depart(ctx context.Context, by access.Actor, caseID access.CaseID, in any,
	think func(*pg.Tx, *casefile.Case) (Departure, error), do func(*pg.Tx, *casefile.Case, Departure) error,
) (d Departure, err error) {
	err = s.change(ctx, by, access.RecordDeparture, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if err := opened(c); err != nil {
			return audit.Entry{}, err
		}
		if d, err = think(tx, c); err != nil {
			return audit.Entry{}, err
		}
		d.ID, d.OnDate, d.RecordedBy, d.CreatedAt = id.New[Departure](), d.on(by.Today(tx.Now)), by.Name(), tx.Now
		if err := insertDeparture(tx, by, c.ID, d); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "departure." + d.Kind, Subject: d.ID.String(), Detail: map[string]any{"reason": d.Reason, "on": d.OnDate, "exclusion": d.Exclusion}}, do(tx, c, d)
	})
	return d, err
}

func insertDeparture(tx *pg.Tx, by access.Actor, caseID access.CaseID, d Departure) error {
	return pg.Insert(tx, `
		insert into departures (agency_id, id, case_id, kind, reason, exclusion, evidence, stopped_at_step, resume_step, instructions_given_on, note, on_date, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :kind, :reason, :exclusion, :evidence, :stopped, :resume, :instructions, :note, :on, :by, :now)`,
		pg.Args{"agency": by.Agency, "id": d.ID, "case_id": caseID, "kind": d.Kind, "reason": d.Reason, "exclusion": d.Exclusion, "evidence": d.Evidence,
			"stopped": d.StoppedAtStep, "resume": d.ResumeStep, "instructions": d.InstructionsGivenOn, "note": d.Note, "on": d.OnDate, "by": by.ID, "now": tx.Now})
}
