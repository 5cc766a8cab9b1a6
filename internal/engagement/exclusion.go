package engagement

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// ExclusionInput is a reason of element 923 that is learned after the exit, with its dated evidence.
// 00 takes back what stands. A correction says why in the note; nothing that was recorded changes.
type ExclusionInput struct {
	Exclusion string     `json:"exclusion" validate:"required,oneof=00 01 02 03 04 05 06 07"`
	Evidence  string     `json:"evidence" validate:"max=500"`
	OnDate    civil.Date `json:"on_date" validate:"required"`
	Note      string     `json:"note" validate:"max=2000"`
}

// Exclude records, of somebody who has exited, what leaves the period out of the measures.
func (s *Service) Exclude(ctx context.Context, by access.Actor, caseID access.CaseID, in ExclusionInput) (d Departure, err error) {
	err = s.change(ctx, by, access.RecordDeparture, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		if c.ExitOn.IsZero() {
			return audit.Entry{}, errs.New(errs.Conflict, "followup.not_exited")
		}
		stands, err := standingExclusion(tx, c.ID)
		if err != nil {
			return audit.Entry{}, err
		}
		if err := in.check(*c, stands, by.Today(tx.Now)); err != nil {
			return audit.Entry{}, err
		}
		d = Departure{ID: id.New[Departure](), Kind: "exclusion", Exclusion: in.Exclusion, Evidence: in.Evidence, OnDate: in.OnDate, Note: in.Note, RecordedBy: by.Name(), CreatedAt: tx.Now}
		return audit.Entry{Action: "departure.exclusion", Subject: d.ID.String(), Detail: map[string]any{"exclusion": d.Exclusion, "instead_of": stands, "on": d.OnDate}}, insertDeparture(tx, by, c.ID, d)
	})
	return d, err
}

// standingExclusion is the code that holds now.
func standingExclusion(tx *pg.Tx, caseID access.CaseID) (string, error) {
	code, found, err := pg.Find[string](tx, `select case when d.kind = 'return' then '00' else d.exclusion end from departures d
		where d.case_id = :case_id and d.kind in ('exit', 'return', 'exclusion') order by d.recorded_at desc, d.id desc limit 1`, pg.Args{"case_id": caseID})
	if err == nil && !found {
		code = "00"
	}
	return code, err
}

func (in ExclusionInput) check(c casefile.Case, stands string, today civil.Date) error {
	var e errs.Collector
	switch {
	case in.Exclusion == "00" && stands == "00":
		e.Add("exclusion", "none_stands")
	case in.Exclusion == "05" && !slices.Contains(c.Programs, "youth"):
		e.Add("exclusion", "youth_only")
	}
	if in.Exclusion != "00" && in.Evidence == "" {
		e.Add("evidence", "needed_for_exclusion")
	}
	if in.OnDate.After(today) {
		e.Add("on_date", "in_future")
	}
	if stands != "00" && in.Note == "" {
		e.Add("note", "why_corrected")
	}
	return e.Err()
}
