package civil

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Clock is a time of day without a date, to the minute. The zero Clock means "none".
// In JSON and SQL it is HH:MM, or null.
type Clock struct {
	set     bool
	minutes int
}

// ErrClock is returned for text that is no time of day.
var ErrClock = errors.New("civil: not a time of day")

// At makes a time of day.
func At(hour, minute int) Clock { return Clock{true, hour*60 + minute} }

// ParseClock reads 13:15, 1:15 PM, 1:15pm and 1 pm.
func ParseClock(s string) (Clock, error) {
	s = strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(s), ".", ""), " ", ""))
	for _, layout := range []string{"15:04", "15:04:05", "3:04PM", "3PM"} {
		if t, err := time.Parse(layout, s); err == nil {
			return At(t.Hour(), t.Minute()), nil
		}
	}
	return Clock{}, ErrClock
}

// IsZero reports "none".
func (c Clock) IsZero() bool { return !c.set }

// Minutes since midnight.
func (c Clock) Minutes() int { return c.minutes }

// Time is the time of day on the first of January 2000, for formatting only.
func (c Clock) Time() time.Time { return time.Date(2000, 1, 1, 0, c.minutes, 0, 0, time.UTC) }

// String is HH:MM, empty for "none".
func (c Clock) String() string {
	if !c.set {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", c.minutes/60, c.minutes%60)
}

// MarshalJSON writes "HH:MM" or null.
func (c Clock) MarshalJSON() ([]byte, error) {
	if !c.set {
		return []byte("null"), nil
	}
	return json.Marshal(c.String())
}

// UnmarshalJSON reads "HH:MM", "" or null.
func (c *Clock) UnmarshalJSON(b []byte) (err error) {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return ErrClock
	}
	if s == nil || *s == "" {
		*c = Clock{}
		return nil
	}
	*c, err = ParseClock(*s)
	return err
}

// Value writes a TIME.
func (c Clock) Value() (driver.Value, error) {
	if !c.set {
		return nil, nil
	}
	return c.String(), nil
}

// Scan reads a TIME.
func (c *Clock) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*c = Clock{}
	case time.Time:
		*c = At(v.Hour(), v.Minute())
	case []byte:
		*c, err = ParseClock(string(v))
	case string:
		*c, err = ParseClock(v)
	default:
		err = fmt.Errorf("civil: cannot scan %T", src)
	}
	return err
}
