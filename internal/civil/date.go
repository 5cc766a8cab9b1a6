// Package civil has the calendar date that every recorded fact carries: no time, no zone.
package civil

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Date is a day in the proleptic Gregorian calendar. The zero Date means "none".
// In JSON and SQL it is YYYY-MM-DD, or null when zero.
type Date struct{ t time.Time }

// ErrDate is returned for text that is no date.
var ErrDate = errors.New("civil: not a date")

const iso = "2006-01-02"

// On makes a date; out-of-range days roll over as in time.Date.
func On(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// Of is the day of t in its own location.
func Of(t time.Time) Date { return On(t.Year(), t.Month(), t.Day()) }

// Parse reads YYYY-MM-DD between the years 1900 and 2200 and nothing else.
func Parse(s string) (Date, error) {
	t, err := time.Parse(iso, s)
	if err != nil || len(s) != len(iso) || t.Year() < 1900 || t.Year() > 2200 {
		return Date{}, ErrDate
	}
	return Date{t}, nil
}

// MustParse is Parse for constants in tests and tables.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(fmt.Sprintf("civil: %q", s))
	}
	return d
}

// ParseTyped reads what people type: 2026-11-05, 11/5/2026, 11-5-2026 or "today"
// (also "hoy"), which needs today's date.
func ParseTyped(s string, today Date) (Date, error) {
	s = strings.TrimSpace(s)
	switch strings.ToLower(s) {
	case "today", "hoy":
		if today.IsZero() {
			return Date{}, ErrDate
		}
		return today, nil
	}
	if d, err := Parse(s); err == nil {
		return d, nil
	}
	t, err := time.Parse("1/2/2006", strings.ReplaceAll(s, "-", "/"))
	if err != nil {
		return Date{}, ErrDate
	}
	return Parse(t.Format(iso))
}

// IsZero reports "none".
func (d Date) IsZero() bool { return d.t.IsZero() }

// Year of the date.
func (d Date) Year() int { return d.t.Year() }

// Month of the date.
func (d Date) Month() time.Month { return d.t.Month() }

// Day of the month.
func (d Date) Day() int { return d.t.Day() }

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.t.Weekday() }

// String is YYYY-MM-DD, empty for "none".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(iso)
}

// Time is midnight UTC of the date, for formatting only.
func (d Date) Time() time.Time { return d.t }

// AddDays moves by whole days.
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// AddMonths moves by calendar months and stays inside the month: Jan 31 + 1 is Feb 28 or 29.
func (d Date) AddMonths(n int) Date {
	first := On(d.Year(), d.Month(), 1).t.AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return On(first.Year(), first.Month(), min(d.Day(), last))
}

// Before compares days.
func (d Date) Before(e Date) bool { return d.t.Before(e.t) }

// After compares days.
func (d Date) After(e Date) bool { return d.t.After(e.t) }

// Compare orders dates for slices.SortFunc.
func (d Date) Compare(e Date) int { return d.t.Compare(e.t) }

// DaysSince counts the days from e to d; negative when d is earlier.
func (d Date) DaysSince(e Date) int { return int(d.t.Sub(e.t).Hours() / 24) }

// AgeOn is the age in full years, on the day given, of a person born on d.
func (d Date) AgeOn(day Date) int {
	age := day.Year() - d.Year()
	if day.Month() < d.Month() || day.Month() == d.Month() && day.Day() < d.Day() {
		age--
	}
	return age
}

// Later is the later of two dates, ignoring "none".
func Later(a, b Date) Date {
	if a.After(b) {
		return a
	}
	return b
}

// MarshalJSON writes "YYYY-MM-DD" or null.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads "YYYY-MM-DD", "" or null.
func (d *Date) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		*d = Date{}
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return ErrDate
	}
	p, err := Parse(s)
	if err != nil {
		return err
	}
	*d = p
	return nil
}

// Value writes a DATE.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a DATE.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = On(v.Year(), v.Month(), v.Day())
	case []byte:
		return d.scanText(string(v))
	case string:
		return d.scanText(v)
	default:
		return fmt.Errorf("civil: cannot scan %T", src)
	}
	return nil
}

func (d *Date) scanText(s string) (err error) {
	*d, err = Parse(s)
	return err
}
