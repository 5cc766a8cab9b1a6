package engagement

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
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
	UntilOn             civil.Date  `db:"until_on" json:"until_on"`
	RecordedBy          string      `db:"recorded_by" json:"recorded_by"`
	CreatedAt           time.Time   `db:"recorded_at" json:"created_at"`
}

// PauseInput is a break after which the person comes back, on a day that is agreed.
type PauseInput struct {
	Reason     string     `json:"reason" validate:"required,oneof=health family job moving waiting_for_start other"`
	OnDate     civil.Date `json:"on_date"`
	UntilOn    civil.Date `json:"until_on" validate:"required"`
	ResumeStep int        `json:"resume_step" validate:"omitempty,gte=1,lte=6"`
	Note       string     `json:"note" validate:"max=2000"`
}

// mostPause is how many days a pause may be planned ahead.
const mostPause = 366

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
	return pg.Find[Departure](tx, `select d.id, d.kind, d.reason, d.exclusion, d.evidence, d.stopped_at_step, d.resume_step, d.instructions_given_on, d.note, d.on_date, d.until_on,
			coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, d.recorded_at
		from departures d left join users u on u.agency_id = d.agency_id and u.id = d.recorded_by
		where d.case_id = :case_id and d.kind <> 'exclusion' order by d.recorded_at desc, d.id desc limit 1`, pg.Args{"case_id": caseID})
}

// tooLate reports that somebody who left comes back after day 90, when nothing held the period open.
func tooLate(c casefile.Case, clock participation.Clock, on civil.Date) bool {
	return !c.LeftOn.IsZero() && !clock.StartedOn.IsZero() && !clock.Held && on.After(clock.Day90)
}
