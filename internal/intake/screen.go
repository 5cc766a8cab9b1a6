package intake

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// ScreenRow is the phantom type of a screen's id.
type ScreenRow struct{}

// ScreenInput is the support-needs screen as entered. Areas that are left out were not asked.
type ScreenInput struct {
	ScreenedOn civil.Date  `json:"screened_on"`
	Needs      []NeedInput `json:"needs" validate:"max=20,dive"`
}

// NeedInput is one area of the screen.
type NeedInput struct {
	Area       string      `json:"area" validate:"required,max=40"`
	Severity   int         `json:"severity"`
	Blocking   bool        `json:"blocking"`
	Resolution string      `json:"resolution" validate:"max=500"`
	Referral   string      `json:"referral" validate:"max=200"`
	Cost       money.Cents `json:"cost_cents"`
}

func (in ScreenInput) needs() []SupportNeed {
	list := make([]SupportNeed, 0, len(in.Needs))
	for _, n := range in.Needs {
		list = append(list, SupportNeed{n.Area, n.Severity, n.Blocking, n.Resolution, n.Referral, int64(n.Cost)})
	}
	return list
}

// Screen is the support-needs screen as it stands. Version 0: never screened.
type Screen struct {
	ID         id.Of[ScreenRow]       `db:"id" json:"id"`
	Version    int                    `db:"version" json:"version"`
	ScreenedOn civil.Date             `db:"screened_on" json:"screened_on"`
	Needs      pg.JSON[[]SupportNeed] `db:"needs" json:"needs"`
	RecordedBy string                 `db:"recorded_by" json:"recorded_by"`
}

// NoVersion is that of a writer who has seen nothing: right only where nothing is.
const NoVersion = -1

// Stale holds the version that a writer saw against the one that is there, which a refusal shows.
func Stale(seen, is int, current any) error {
	switch {
	case seen == is || seen == NoVersion && is == 0:
		return nil
	case seen == NoVersion:
		return errs.New(errs.VersionRequired, "version.required")
	}
	return errs.New(errs.Conflict, "version").Showing(current)
}

// Screening stores a screen as a new version of the one its writer saw.
func (s *Service) Screening(ctx context.Context, by access.Actor, caseID access.CaseID, in ScreenInput, version int) (made Screen, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if err := CheckSupport(in.needs(), false); err != nil {
		return made, err
	}
	err = s.write(ctx, by, access.UpdateSupport, caseID, func(tx *pg.Tx, c casefile.Case) error {
		made, err = SaveScreen(tx, by, c, in, version)
		return err
	})
	return made, err
}

// SaveScreen is Screening in a transaction of the caller, who has locked the case and brings it up to date.
func SaveScreen(tx *pg.Tx, by access.Actor, c casefile.Case, in ScreenInput, version int) (made Screen, err error) {
	needs := in.needs()
	if err := CheckSupport(needs, false); err != nil {
		return made, err
	}
	switch today := by.Today(tx.Now); {
	case in.ScreenedOn.IsZero():
		in.ScreenedOn = today
	case in.ScreenedOn.After(today):
		return made, errs.At("screened_on", "in_future")
	}
	was, _, err := newestScreen(tx, c.ID)
	if err != nil {
		return made, err
	}
	if err := Stale(version, was.Version, was); err != nil {
		return made, err
	}
	made = Screen{id.New[ScreenRow](), was.Version + 1, in.ScreenedOn, pg.AsJSON(needs), by.Name()}
	if err := insertScreen(tx, by, c.ID, made); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{Action: "support.screened", Case: c.ID, Subject: made.ID.String(), Detail: map[string]any{"version": made.Version}})
}

// Screen reads the newest screen.
func (s *Service) Screen(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, screen Screen, err error) {
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, found casefile.Case) error {
		c = found
		screen, _, err = newestScreen(tx, caseID)
		return err
	})
	return c, screen, err
}

func newestScreen(tx *pg.Tx, caseID access.CaseID) (Screen, bool, error) {
	return pg.Find[Screen](tx, `
		select s.id, s.version, s.screened_on, s.needs, u.first_name || ' ' || u.last_name as recorded_by
		from support_screens s join users u on u.agency_id = s.agency_id and u.id = s.recorded_by
		where s.case_id = :case_id order by s.version desc limit 1`, pg.Args{"case_id": caseID})
}

func insertScreen(tx *pg.Tx, by access.Actor, caseID access.CaseID, s Screen) error {
	return pg.Insert(tx, `
		insert into support_screens (agency_id, id, case_id, version, screened_on, needs, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :version, :on, :needs, :by, :now)`,
		pg.Args{"agency": by.Agency, "id": s.ID, "case_id": caseID, "version": s.Version, "on": s.ScreenedOn, "needs": s.Needs, "by": by.ID, "now": tx.Now})
}
