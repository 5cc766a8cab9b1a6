package engagement

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// calendar knows the days on which an office is closed.
type calendar struct {
	closed map[civil.Date]agency.Holiday
}

// calendarOf reads the closings around a day.
func calendarOf(tx *pg.Tx, office access.OfficeID, around civil.Date) (calendar, error) {
	list, err := agency.ClosedBetween(tx, office, around, around.AddDays(60))
	c := calendar{map[civil.Date]agency.Holiday{}}
	for _, h := range list {
		c.closed[h.OnDate] = h
	}
	return c, err
}

func weekend(d civil.Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// Open is the day itself, or the first after it on which the office is open.
func (c calendar) open(d civil.Date) civil.Date {
	for range 60 {
		if _, shut := c.closed[d]; !shut && !weekend(d) {
			return d
		}
		d = d.AddDays(1)
	}
	return d
}

// holds refuses a day on which the office is closed, says why, and names the next open one.
func (c calendar) holds(field string, d civil.Date, lang string) error {
	next := map[string]any{"open": typed(c.open(d)), "day": typed(d)}
	if h, shut := c.closed[d]; shut {
		next["holiday"] = h.In(lang)
		return errs.AtArgs(field, "holiday", next)
	}
	if weekend(d) {
		return errs.AtArgs(field, "weekend", next)
	}
	return nil
}

// typed writes a date as people type it.
func typed(d civil.Date) string { return d.Time().Format("1/2/2006") }

// Rhythm is after how many days the next talk is due, and whether the plan says so.
type Rhythm struct {
	Days     int  `db:"days"`
	FromPlan bool `db:"from_plan"`
}

func rhythmOf(tx *pg.Tx, caseID access.CaseID, today civil.Date) (Rhythm, error) {
	r, found, err := pg.Find[Rhythm](tx, `select rhythm_days as days, true as from_plan from plan_versions where case_id = :case_id and state = 'in_force'`,
		pg.Args{"case_id": caseID})
	if err != nil || found {
		return r, err
	}
	set, err := agency.SettingsOn(tx, today)
	return Rhythm{Days: set.CheckInRhythmDays}, err
}
