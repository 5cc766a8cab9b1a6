// Package page is what every page is given: words, dates, who is looking, and forms that keep
// what was typed. Pages hold no sentence and no logic beyond if and for.
package page

import (
	"net/url"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/money"
	"waymark/internal/msg"
)

// Chrome is the part of a page that is the same everywhere.
type Chrome struct {
	Words *msg.Catalogue
	By    access.Actor // zero when nobody is signed in
	Now   time.Time
	Today civil.Date
	// Path and Query are the address being shown; Active is the menu's entry.
	Path   string
	Query  url.Values
	Active string
	// Title is already in words; pages set it before they are laid out.
	Title  string
	Failed bool // the form came back with errors
	Flash  string
	Demo   bool
	// Token makes the next form token of this session.
	Token     func() string
	Idle      time.Duration
	Shortcuts bool
	// Waiting is how many plans wait for a supervisor's approval.
	Waiting int
	Can     func(access.Permission) bool
}

// T gives the words for a key.
func (c Chrome) T(key string, args ...msg.Args) string { return c.Words.T(key, args...) }

// Lang is the page's language.
func (c Chrome) Lang() string { return c.Words.Lang }

// Others are the languages offered instead, each in its own words.
func (c Chrome) Others() (list []Option) {
	for _, lang := range msg.Languages {
		if lang != c.Words.Lang {
			list = append(list, Option{Value: lang, Label: msg.For(lang).T("lang.own")})
		}
	}
	return list
}

// May reports whether the viewer's role has the permission at all.
func (c Chrome) May(p access.Permission) bool { return c.Can != nil && c.Can(p) }

// Day, Date and so on write dates in the page's language; see package msg.
func (c Chrome) Day(d civil.Date) string { return c.Words.Day(d) }

// Date is with the year.
func (c Chrome) Date(d civil.Date) string { return c.Words.Date(d) }

// LongDate is with the month written out.
func (c Chrome) LongDate(d civil.Date) string { return c.Words.LongDate(d) }

// LongDay is LongDate without the year.
func (c Chrome) LongDay(d civil.Date) string { return c.Words.LongDay(d) }

// NearDate is LongDay, with the year when it is not this one.
func (c Chrome) NearDate(d civil.Date) string {
	if d.Year() == c.Today.Year() {
		return c.LongDay(d)
	}
	return c.LongDate(d)
}

// WeekDay is with the day of the week.
func (c Chrome) WeekDay(d civil.Date) string { return c.Words.WeekDay(d) }

// Month is month and year.
func (c Chrome) Month(d civil.Date) string { return c.Words.Month(d) }

// At is a time of day.
func (c Chrome) At(t civil.Clock) string {
	if t.IsZero() {
		return ""
	}
	return c.Words.Clock(t.Time())
}

// Moment is an instant in the agency's zone: "Oct 6, 2026, 2:14 PM".
func (c Chrome) Moment(t time.Time) string {
	local := c.By.Local(t)
	return c.Words.Date(civil.Of(local)) + ", " + c.Words.Clock(local)
}

// Recently is a time today, the weekday within the last six days, else the date.
func (c Chrome) Recently(t time.Time) string {
	local := c.By.Local(t)
	day := civil.Of(local)
	switch ago := c.Today.DaysSince(day); {
	case ago == 0:
		return c.Words.Clock(local)
	case ago < 7:
		return c.Words.WeekdayName(day)
	}
	return c.Words.Day(day)
}

// Pay is an amount with its unit in words: "$18.50 an hour"; a range has both ends.
func (c Chrome) Pay(low, high money.Cents, per string) string {
	if low == 0 && high == 0 {
		return ""
	}
	key := "pay.hour"
	if per == "year" {
		key = "pay.year"
	}
	amount := low.String()
	if high > low {
		amount = c.T("pay.range", msg.Args{"low": low.String(), "high": high.String()})
	}
	return c.T(key, msg.Args{"amount": amount})
}

// Phone writes a telephone number.
func (Chrome) Phone(s string) string { return msg.Phone(s) }

// FormToken is a fresh token for a form.
func (c Chrome) FormToken() string {
	if c.Token == nil {
		return ""
	}
	return c.Token()
}

// Reach says whose people a list of the reader's holds, by the reader's role.
func (c Chrome) Reach() string {
	return c.T("caseload.scope."+string(c.By.Role), msg.Args{"name": c.By.Name(), "agency": c.By.AgencyName})
}

// With is the page's own address with some of its query changed; "" removes a key.
func (c Chrome) With(pairs ...string) string {
	q := url.Values{}
	for k, v := range c.Query {
		q[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return c.Path
	}
	return c.Path + "?" + q.Encode()
}
