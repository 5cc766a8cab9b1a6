// Package civil has the calendar date that every recorded fact carries: no time, no zone.
package civil

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Date is a day in the proleptic Gregorian calendar. The zero Date means "none".
// In JSON and SQL it is YYYY-MM-DD, or null when zero.
type Date struct{ days int32 } // since the first of January of the year 1; a row of a list has twenty-three

// unixDays are the days from that one to the first of January 1970.
const unixDays = 719_162

const secondsADay = 24 * 60 * 60

// ErrDate is returned for text that is no date.
var ErrDate = errors.New("civil: not a date")

const iso = "2006-01-02"

// On makes a date; out-of-range days roll over as in time.Date.
func On(year int, month time.Month, day int) Date {
	return midnight(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// midnight is the date of an instant at which a day begins in UTC.
func midnight(t time.Time) Date { return Date{int32(t.Unix()/secondsADay + unixDays)} }

// Of is the day of t in its own location.
func Of(t time.Time) Date { return On(t.Year(), t.Month(), t.Day()) }

// Parse reads YYYY-MM-DD between the years 1900 and 2200 and nothing else.
func Parse(s string) (Date, error) {
	t, err := time.Parse(iso, s)
	if err != nil || len(s) != len(iso) || t.Year() < 1900 || t.Year() > 2200 {
		return Date{}, ErrDate
	}
	return midnight(t), nil
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
func (d Date) IsZero() bool { return d.days == 0 }

// Year of the date.
func (d Date) Year() int { return d.Time().Year() }

// Month of the date.
func (d Date) Month() time.Month { return d.Time().Month() }

// Day of the month.
func (d Date) Day() int { return d.Time().Day() }

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String is YYYY-MM-DD, empty for "none".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.Time().AppendFormat(make([]byte, 0, len(iso)), iso))
}

// Time is midnight UTC of the date, for formatting only.
func (d Date) Time() time.Time {
	return time.Unix((int64(d.days)-unixDays)*secondsADay, 0).UTC()
}

// AddDays moves by whole days.
func (d Date) AddDays(n int) Date { return Date{d.days + int32(n)} }

// AddMonths moves by calendar months and stays inside the month: Jan 31 + 1 is Feb 28 or 29.
func (d Date) AddMonths(n int) Date {
	first := On(d.Year(), d.Month(), 1).Time().AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return On(first.Year(), first.Month(), min(d.Day(), last))
}

// Before compares days.
func (d Date) Before(e Date) bool { return d.days < e.days }

// After compares days.
func (d Date) After(e Date) bool { return d.days > e.days }

// Compare orders dates for slices.SortFunc.
func (d Date) Compare(e Date) int { return cmp.Compare(d.days, e.days) }

// DaysSince counts the days from e to d; negative when d is earlier.
func (d Date) DaysSince(e Date) int { return int(d.days - e.days) }

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
	return append(d.Time().AppendFormat(append(make([]byte, 0, len(iso)+2), '"'), iso), '"'), nil
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

// Scan reads a DATE, or a number of days since the first of January 1970.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = On(v.Year(), v.Month(), v.Day())
	case int64:
		*d = Date{int32(v + unixDays)}
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
