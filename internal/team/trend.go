package team

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Weeks that the trend looks back; the running week is not counted.
const Weeks = 12

// enough is how many talks a share needs to be shown.
const enough = 10

// fresh is how long a trend that was read is shown again: it tells of weeks that are over.
const fresh = 15 * time.Minute

// Week is how many talks were due in a week and how many of them were held by their day.
type Week struct {
	From   civil.Date `db:"week" json:"week"`
	Due    int        `db:"due" json:"due"`
	OnTime int        `db:"on_time" json:"on_time"`
}

// Percent is the share held in time; ok is false where too few were due to say.
func (w Week) Percent() (percent int, ok bool) {
	if w.Due < enough {
		return 0, false
	}
	return (w.OnTime*100 + w.Due/2) / w.Due, true
}

// Trend is the last twelve weeks, and when it was counted.
type Trend struct {
	Weeks []Week    `json:"weeks"`
	At    time.Time `json:"counted_at"`
}

// Last is the newest week that says something, and the one before it.
func (t Trend) Last() (now, before Week, ok bool) {
	for _, w := range t.Weeks {
		if _, says := w.Percent(); says {
			now, before, ok = w, now, true
		}
	}
	return now, before, ok
}

type trendKey struct {
	agency access.AgencyID
	office access.OfficeID
	role   access.Role
}

// Trend reads how many check-ins were held by the day they were agreed for, week by week. It holds
// numbers only, no one's name, so it may be shown again for a while.
func (s *Service) Trend(ctx context.Context, by access.Actor) (t Trend, err error) {
	scope, err := s.policy.Scope(by, access.ReadTeam)
	if err != nil {
		return t, err
	}
	key := trendKey{by.Agency, by.Office, by.Role}
	if kept, ok := s.kept(key); ok {
		return kept, nil
	}
	heard := false
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		heard = tx.Hears()
		t.At = tx.Now
		monday := mondayOf(by.Today(tx.Now))
		found, err := pg.List[Week](tx, TrendQuery(scope), pg.Args{"from": monday.AddDays(-7 * Weeks), "until": monday.AddDays(-1)}.In(scope, tx))
		t.Weeks = everyWeek(monday, found)
		return err
	})
	if err == nil && !heard {
		s.keep(key, t)
	}
	return t, err
}

// mondayOf is the day on which the week of a day begins.
func mondayOf(day civil.Date) civil.Date { return day.AddDays(-(int(day.Weekday()) + 6) % 7) }

// everyWeek puts the weeks in which nothing was due between the others.
func everyWeek(monday civil.Date, found []Week) []Week {
	list := make([]Week, Weeks)
	for i := range list {
		list[i].From = monday.AddDays(-7 * (Weeks - i))
		for _, w := range found {
			if w.From == list[i].From {
				list[i] = w
			}
		}
	}
	return list
}

// TrendQuery counts the talks that were agreed for a day and held, missed, or still waited for.
func TrendQuery(scope access.Scope) string {
	return talksIn(scope) + `
		select on_date - (cast(extract(isodow from on_date) as int) - 1) as week, count(*) as due, count(*) filter (where kept) as on_time
		from talks where on_date between :from and :until group by 1 order by 1 limit 60`
}

// talksIn are the talks of a scope that were due, as talks. People who left meanwhile stay in the weeks in
// which talks with them were due, so that what is past does not change.
func talksIn(scope access.Scope) string {
	return `with mine as materialized (
			select c.agency_id, c.id from cases c where (` + casefile.OpenStates + ` or c.exit_on > cast(:from as date) - 120) and ` + scope.Where() + `
		), talks as (
			select m.id as case_id, a.on_date, k.held_on, k.result, k.result = 'talked' and k.held_on <= a.on_date as kept
			from mine m join check_ins k on k.agency_id = m.agency_id and k.case_id = m.id and k.held_on >= cast(:from as date) - 7 and not k.withdrawn
			join appointments a on a.agency_id = k.agency_id and a.id = k.appointment_id and a.kind = 'check_in'
			where not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
			union all
			select m.id, a.on_date, null, '', false from mine m join appointments a on a.agency_id = m.agency_id and a.case_id = m.id and a.state = 'planned' and a.kind = 'check_in'
		)`
}

func (s *Service) kept(key trendKey) (Trend, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.trends[key]
	age := s.db.Now().Sub(t.At)
	return t, ok && age >= 0 && age < fresh
}

func (s *Service) keep(key trendKey, t Trend) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.trends) > 1000 {
		clear(s.trends)
	}
	s.trends[key] = t
}
