package team

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/participation"
	"waymark/internal/pg"
	"waymark/internal/result"
)

// measured is the program whose measures stand on the page; the others are one click away.
const measured = "adult"

// Measures are the program's measures in the report of the program year so far, and when they were counted.
type Measures struct {
	Report participation.Quarter `json:"-"`
	Lines  []result.Line         `json:"indicators"`
	At     time.Time             `json:"counted_at"`
}

// Furthest is the measure furthest under its target, in points; ok is false where none is, or where too
// few people are counted to say.
func (m Measures) Furthest() (worst result.Line, points int, ok bool) {
	for _, l := range m.Lines {
		if under, says := Under(l); says && under > points {
			worst, points, ok = l, under, true
		}
	}
	return worst, points, ok
}

// Under is by how many points a share is under its target, rounded up; ok is false for earnings, without
// a target, and for fewer people than a share is shown for.
func Under(l result.Line) (points int, ok bool) {
	if l.Indicator.Money() || l.Target == nil || l.Denominator < enough {
		return 0, false
	}
	return (max(0, int(*l.Target)-l.Rate()) + 9) / 10, true
}

// Enough reports that enough people are counted to show a number of them.
func Enough(l result.Line) bool { return l.Denominator >= enough }

// Measures counts the measures of the people in reach. It holds numbers only and may be shown again for a while.
func (s *Service) Measures(ctx context.Context, by access.Actor) (m Measures, err error) {
	scope, err := s.policy.Scope(by, access.ReadResult)
	if err != nil {
		return m, err
	}
	key := trendKey{by.Agency, by.Office, by.Role}
	if kept, found := s.keptMeasures(key); found {
		return kept, nil
	}
	heard := false
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		heard = tx.Hears()
		m.At, m.Report = tx.Now, participation.AnnualQuarter(participation.ProgramYear(by.Today(tx.Now)))
		m.Lines, err = result.LinesOf(tx, by, scope, m.Report, measured)
		return err
	})
	if err == nil && !heard {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.measures) > 1000 {
			clear(s.measures)
		}
		s.measures[key] = m
	}
	return m, err
}

func (s *Service) keptMeasures(key trendKey) (Measures, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.measures[key]
	age := s.db.Now().Sub(m.At)
	return m, ok && age >= 0 && age < fresh
}
