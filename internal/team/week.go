package team

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Talk is a check-in that was due in a week: with whom, for which day, and whether it was held by then. One
// that nobody has recorded has no day of its own.
type Talk struct {
	CaseID      access.CaseID `db:"case_id" json:"case_id"`
	Name        string        `db:"name" json:"name"`
	Number      string        `db:"number" json:"number"`
	CaseManager string        `db:"case_manager" json:"case_manager"`
	DueOn       civil.Date    `db:"on_date" json:"due_on"`
	HeldOn      civil.Date    `db:"held_on" json:"held_on"`
	Result      string        `db:"result" json:"result"`
	OnTime      bool          `db:"kept" json:"on_time"`
}

// mostTalks is more than an office has in a week.
const mostTalks = 10_000

// Talks reads whom a week of the trend counts: the same talks, those not held on time first.
func (s *Service) Talks(ctx context.Context, by access.Actor, week civil.Date) (w Week, list []Talk, err error) {
	scope, err := s.policy.Scope(by, access.ReadTeam)
	if err != nil {
		return w, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		first := mondayOf(by.Today(tx.Now)).AddDays(-7 * Weeks)
		if days := week.DaysSince(first); days < 0 || days >= 7*Weeks || days%7 != 0 {
			return errs.New(errs.NotFound, "not_found")
		}
		list, err = pg.List[Talk](tx, WeekQuery(scope), pg.Args{"from": first, "week": week, "most": mostTalks}.In(scope, tx))
		return err
	})
	w = Week{From: week, Due: len(list)}
	for _, t := range list {
		if t.OnTime {
			w.OnTime++
		}
	}
	return w, list, err
}

// WeekQuery lists the talks that TrendQuery counts in one week.
func WeekQuery(scope access.Scope) string {
	return talksIn(scope) + `
		select t.case_id, p.last_name || ', ' || coalesce(nullif(p.preferred_name, ''), p.first_name) as name, p.number, u.first_name || ' ' || u.last_name as case_manager,
			t.on_date, t.held_on, t.result, t.kept
		from talks t join ` + casefile.From + ` on c.id = t.case_id
		where t.on_date between :week and cast(:week as date) + 6 order by t.kept, t.on_date, p.search_key, t.case_id limit :most`
}
