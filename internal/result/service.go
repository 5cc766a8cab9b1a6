package result

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Service answers results and keeps what they are counted from.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// trendQuarters is how many reports a trend shows, the last being the one asked for.
const trendQuarters = 5

// Line is one indicator of one program: its number, its target, and how it went over the last reports.
type Line struct {
	Number
	Target *int64   `json:"target"`
	Trend  []Number `json:"-"`
	// Sent is the number as it was sent with the quarter, none before that; Differs says that it is another now.
	Sent    *Number `json:"sent"`
	Differs bool    `json:"differs"`
}

// Percent is how much of the target is reached, rounded; none without a target.
func (l Line) Percent() (int, bool) {
	if l.Target == nil || *l.Target == 0 || l.Denominator == 0 {
		return 0, false
	}
	return int((l.Level()*200 + *l.Target) / (2 * *l.Target)), true
}

// Table is the lines of one program, and whom they are drawn from.
type Table struct {
	Program     string   `json:"program"`
	Lines       []Line   `json:"indicators"`
	Populations []Number `json:"populations"`
}

// Overview is every indicator in a report, as of a day.
type Overview struct {
	Report participation.Quarter `json:"-"`
	AsOf   civil.Date            `json:"as_of"`
	DueOn  civil.Date            `json:"due_on"`
	Tables []Table               `json:"programs"`
	// Sent is the newest submission of the quarter.
	Sent    Submission `json:"-"`
	HasSent bool       `json:"submitted"`
	// Compared says that the lines carry what was sent.
	Compared bool `json:"-"`
}

// Reports lists the quarters offered: from the end of this program year back three years.
func Reports(today civil.Date) []participation.Quarter {
	last := participation.AnnualQuarter(participation.ProgramYear(today))
	var list []participation.Quarter
	for q := last; q > last-13; q-- {
		list = append(list, q)
	}
	return list
}

// ParseReport reads "2026-Q4"; empty is the quarter of today. Reports before 2010 and far ahead are refused.
func ParseReport(text string, today civil.Date) (participation.Quarter, error) {
	if text == "" {
		return participation.QuarterOf(today), nil
	}
	if len(text) == 7 && text[4:6] == "-Q" && text[6] >= '1' && text[6] <= '4' {
		if first, err := civil.Parse(text[:4] + "-" + []string{"01", "04", "07", "10"}[text[6]-'1'] + "-01"); err == nil {
			q := participation.QuarterOf(first)
			if q.Year() >= 2010 && q <= participation.QuarterOf(today)+12 {
				return q, nil
			}
		}
	}
	return 0, errs.At("cohort", "quarter")
}

func (s *Service) question(tx *pg.Tx, by access.Actor, reports ...participation.Quarter) (question, error) {
	today := by.Today(tx.Now)
	rules, err := agency.SettingsOn(tx, today)
	return question{reports, today, rules.WageLagDays}, err
}

// Overview counts every indicator of a report and of the four before it.
func (s *Service) Overview(ctx context.Context, by access.Actor, report participation.Quarter) (o Overview, err error) {
	scope, err := s.policy.Scope(by, access.ReadResult)
	if err != nil {
		return o, err
	}
	var reports []participation.Quarter
	for q := report - trendQuarters + 1; q <= report; q++ {
		reports = append(reports, q)
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		q, err := s.question(tx, by, reports...)
		if err != nil {
			return err
		}
		counted, err := numbers(tx, scope, q)
		if err != nil {
			return err
		}
		aims, err := targets(tx, report.ProgramYear())
		if err != nil {
			return err
		}
		o = Overview{Report: report, AsOf: q.asOf, DueOn: DueOn(report), Tables: tablesOf(counted, aims, reports)}
		if o.Sent, o.HasSent, err = lastSubmission(tx, report); err != nil {
			return err
		}
		return o.beside(tx, scope)
	})
	return o, err
}

// LinesOf counts the indicators of one program in one report, with their targets, for a page that shows them
// among other things.
func LinesOf(tx *pg.Tx, by access.Actor, scope access.Scope, report participation.Quarter, program string) ([]Line, error) {
	rules, err := agency.SettingsOn(tx, by.Today(tx.Now))
	if err != nil {
		return nil, err
	}
	counted, err := numbers(tx, scope, question{[]participation.Quarter{report}, by.Today(tx.Now), rules.WageLagDays})
	if err != nil {
		return nil, err
	}
	aims, err := targets(tx, report.ProgramYear())
	if err != nil {
		return nil, err
	}
	for _, t := range tablesOf(counted, aims, []participation.Quarter{report}) {
		if t.Program == program {
			return t.Lines, nil
		}
	}
	return nil, nil
}

// tablesOf sorts the numbers by program; a number nobody is in is zero.
func tablesOf(counted []Number, aims map[string]int64, reports []participation.Quarter) []Table {
	find := func(r participation.Quarter, i Indicator, program string) Number {
		at := slices.IndexFunc(counted, func(n Number) bool { return n.Report == r && n.Indicator == i && n.Program == program })
		if at < 0 {
			return Number{Report: r, Indicator: i, Program: program}
		}
		return counted[at]
	}
	last := reports[len(reports)-1]
	var list []Table
	for _, p := range append(Programs(), All) {
		t := Table{Program: p, Lines: []Line{}, Populations: []Number{}}
		for _, i := range Indicators() {
			if !i.Counts(p) {
				continue
			}
			l := Line{Number: find(last, i, p)}
			if aim, ok := aims[p+" "+string(i)]; ok {
				l.Target = &aim
			}
			for _, r := range reports {
				l.Trend = append(l.Trend, find(r, i, p))
			}
			t.Lines = append(t.Lines, l)
		}
		for _, i := range Populations() {
			if i.Counts(p) {
				t.Populations = append(t.Populations, find(last, i, p))
			}
		}
		list = append(list, t)
	}
	return list
}
