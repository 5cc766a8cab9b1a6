// Package calendar gives participants their dates in the form that telephones read (RFC 5545): as a
// file, and as an address that the telephone asks again and again: what is agreed, and the days by which
// the steps of the plan are to be done. Whoever sees the telephone sees the dates, so they say no more than
// a text message may: agency, first name, day and time. Which step it is stands on the page only.
package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	ics "github.com/arran4/golang-ical"

	"waymark/internal/civil"
	"waymark/internal/id"
)

// Date is something agreed for a day, as the calendar may tell it. Step is the key of a step of the plan that
// is to be done by that day, and Title what it is called, which telephones are not told; both are empty for a
// day on which one meets.
type Date struct {
	ID        id.Of[Date] `db:"id"`
	Step      string      `db:"step"`
	Title     string      `db:"title"`
	TitleES   string      `db:"title_es"`
	On        civil.Date  `db:"on_date"`
	At        civil.Clock `db:"at_time"`
	With      string      `db:"first_name"`
	Cancelled bool        `db:"cancelled"`
	Version   int         `db:"version"`
	ChangedAt time.Time   `db:"updated_at"`
}

// TitleIn is what the step is called, in a language.
func (d Date) TitleIn(lang string) string {
	if lang == "es" && d.TitleES != "" {
		return d.TitleES
	}
	return d.Title
}

// uid names the date for telephones, by which nobody finds the row. A step keeps its name from one version of
// the plan to the next.
func (d Date) uid() string {
	h := sha256.Sum256([]byte("waymark calendar " + d.ID.String() + d.Step))
	return hex.EncodeToString(h[:16]) + "@waymark"
}

// Calendar is a participant's dates and whose they are.
type Calendar struct {
	Agency string
	Zone   *time.Location
	Lang   string
	Dates  []Date
}

// Write writes the calendar; title says what a date is called.
func (c Calendar) Write(w io.Writer, title func(Date) string) error {
	cal := ics.NewCalendarFor("Waymark")
	cal.SetProductId("-//Waymark//Waymark//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(c.Agency)
	cal.SetRefreshInterval("PT6H", ics.WithValue("DURATION"))
	cal.SetXPublishedTTL("PT6H")
	for _, d := range c.Dates {
		e := cal.AddEvent(d.uid())
		e.SetDtStampTime(d.ChangedAt)
		e.SetSequence(d.Version - 1)
		e.SetSummary(title(d))
		if d.At.IsZero() {
			e.SetAllDayStartAt(d.On.Time())
		} else {
			e.SetStartAt(c.moment(d))
		}
		e.SetStatus(ics.ObjectStatusConfirmed)
		if d.Cancelled {
			e.SetStatus(ics.ObjectStatusCancelled)
		}
	}
	return cal.SerializeTo(w, ics.WithNewLineWindows)
}

// moment is when a date is, in the agency's zone; the calendar writes it in UTC, which needs no zone's rules.
func (c Calendar) moment(d Date) time.Time {
	zone, on, at := c.Zone, d.On, d.At.Time()
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(on.Year(), on.Month(), on.Day(), at.Hour(), at.Minute(), 0, 0, zone)
}
