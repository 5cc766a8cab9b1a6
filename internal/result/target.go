package result

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// TargetInput sets the adjusted level of an indicator of a program for a program year: Level as people
// write it, a percentage with one place ("73.5") or for earnings an amount ("9,870").
type TargetInput struct {
	Program     string `json:"program" validate:"required,max=30"`
	Indicator   string `json:"indicator" validate:"required,max=30"`
	ProgramYear int    `json:"program_year" validate:"gte=2010,lte=2100"`
	Level       string `json:"level" validate:"required,max=20"`
}

// read gives the level as it is kept: per mille, or cents.
func (in TargetInput) read() (int64, error) {
	n, err := money.Parse(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(in.Level), "%")))
	if err != nil || n == 0 {
		return 0, errs.AtArgs("level", "level", map[string]any{"entered": in.Level})
	}
	if Indicator(in.Indicator).Money() {
		return int64(n), nil
	}
	if n > 100_00 {
		return 0, errs.AtArgs("level", "level", map[string]any{"entered": in.Level})
	}
	return int64(n) / 10, nil
}

// Target is a level as it was set.
type Target struct {
	Program     string `db:"program" json:"program"`
	Indicator   string `db:"indicator" json:"indicator"`
	ProgramYear int    `db:"program_year" json:"program_year"`
	Level       int64  `db:"level" json:"level"`
}

// targets are the levels of a year by "program indicator"; of several the newest holds.
func targets(tx *pg.Tx, year int) (map[string]int64, error) {
	list, err := pg.List[Target](tx, `select distinct on (program, indicator) program, indicator, program_year, level from targets
		where program_year = :year order by program, indicator, recorded_at desc, id desc limit 200`, pg.Args{"year": year})
	held := map[string]int64{}
	for _, t := range list {
		held[t.Program+" "+t.Indicator] = t.Level
	}
	return held, err
}

// SetTarget records a level; what was set before stays on record.
func (s *Service) SetTarget(ctx context.Context, by access.Actor, in TargetInput) (t Target, err error) {
	if err := check.Struct(in); err != nil {
		return t, err
	}
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return t, err
	}
	i := Indicator(in.Indicator)
	var c errs.Collector
	if !i.Known() || i == Participants || i == Exiters {
		c.Add("indicator", "oneof")
	} else if !i.Counts(in.Program) {
		c.Add("program", "oneof")
	}
	level, err := in.read()
	if err := c.Merge(err); err != nil {
		return t, err
	}
	t = Target{in.Program, in.Indicator, in.ProgramYear, level}
	if err := c.Err(); err != nil {
		return t, err
	}
	made := id.New[Target]()
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := pg.Insert(tx, `insert into targets (agency_id, id, program, indicator, program_year, level, recorded_on, recorded_by, recorded_at)
			values (:agency, :id, :program, :indicator, :year, :level, :today, :by, :now)`, pg.Args{
			"agency": by.Agency, "id": made, "program": t.Program, "indicator": t.Indicator, "year": t.ProgramYear, "level": t.Level,
			"today": by.Today(tx.Now), "by": by.ID, "now": tx.Now,
		}); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "target.set", Subject: made.String(), Detail: map[string]any{"program": t.Program, "indicator": t.Indicator, "program_year": t.ProgramYear, "level": t.Level}})
	})
	return t, err
}
