package msg

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"waymark/internal/civil"
)

// dates is how a language writes days and times of day; all of it comes from its words.
type dates struct {
	months, short, weekdays []string
	patterns                map[string]pattern
}

// pattern is a text with places for the parts of a date: {day}, {month}, {mon}, {year}, {weekday} and, with a
// capital, {Weekday}; of a time {time} by twelve hours and {time24}.
type pattern []piece

// piece is a part of a date, or else words as they stand.
type piece struct{ part, words string }

func parsed(text string) (p pattern) {
	for text != "" {
		words, rest, found := strings.Cut(text, "{")
		if words != "" {
			p = append(p, piece{words: words})
		}
		if !found {
			break
		}
		part, after, _ := strings.Cut(rest, "}")
		p, text = append(p, piece{part: part}), after
	}
	return p
}

// dateKeys are the patterns that every language has.
var dateKeys = []string{"date.day", "date.date", "date.long_date", "date.long_day", "date.week_day", "date.month", "date.long_month", "clock.morning", "clock.afternoon", "clock.evening"}

func (c *Catalogue) readDates() error {
	list := func(key string) []string { return strings.Split(c.plain[key], ", ") }
	c.dates = dates{list("date.months"), list("date.months_short"), list("date.weekdays"), map[string]pattern{}}
	if len(c.dates.months) != 12 || len(c.dates.short) != 12 || len(c.dates.weekdays) != 7 {
		return fmt.Errorf("msg: %s: date.months and date.months_short are twelve names with commas between, date.weekdays seven from Sunday on", c.Lang)
	}
	for _, key := range dateKeys {
		c.dates.patterns[key] = parsed(c.plain[key])
	}
	return nil
}

// dated writes a day by a pattern; "" for no day.
func (c *Catalogue) dated(key string, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	var b strings.Builder
	for _, p := range c.dates.patterns[key] {
		switch p.part {
		case "day":
			b.WriteString(strconv.Itoa(d.Day()))
		case "month":
			b.WriteString(c.dates.months[d.Month()-1])
		case "mon":
			b.WriteString(c.dates.short[d.Month()-1])
		case "year":
			b.WriteString(strconv.Itoa(d.Year()))
		case "weekday":
			b.WriteString(c.dates.weekdays[d.Weekday()])
		case "Weekday":
			b.WriteString(capital(c.dates.weekdays[d.Weekday()]))
		default:
			b.WriteString(p.words)
		}
	}
	return b.String()
}

// capital is a word as it begins a line.
func capital(word string) string {
	r, n := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[n:]
}

// Day is "Nov 23" or "23 de nov".
func (c *Catalogue) Day(d civil.Date) string { return c.dated("date.day", d) }

// Date is "Nov 23, 2026" or "23 de nov de 2026".
func (c *Catalogue) Date(d civil.Date) string { return c.dated("date.date", d) }

// LongDate is "November 23, 2026" or "23 de noviembre de 2026".
func (c *Catalogue) LongDate(d civil.Date) string { return c.dated("date.long_date", d) }

// LongDay is "November 23" or "23 de noviembre".
func (c *Catalogue) LongDay(d civil.Date) string { return c.dated("date.long_day", d) }

// WeekDay is "Monday, November 23" or "Lunes, 23 de noviembre".
func (c *Catalogue) WeekDay(d civil.Date) string { return c.dated("date.week_day", d) }

// WeekdayName is "Friday" or "viernes".
func (c *Catalogue) WeekdayName(d civil.Date) string { return c.dates.weekdays[d.Weekday()] }

// Month is "Jul 2027" or "jul de 2027".
func (c *Catalogue) Month(d civil.Date) string { return c.dated("date.month", d) }

// LongMonth is "July 2027" or "julio de 2027".
func (c *Catalogue) LongMonth(d civil.Date) string { return c.dated("date.long_month", d) }

// ShortMonth is "Jul" or "jul".
func (c *Catalogue) ShortMonth(d civil.Date) string { return c.dates.short[d.Month()-1] }

// Clock is "1:15 PM", or "1:15 de la tarde".
func (c *Catalogue) Clock(t time.Time) string {
	part := "clock.morning"
	switch {
	case t.Hour() >= 19:
		part = "clock.evening"
	case t.Hour() >= 12:
		part = "clock.afternoon"
	}
	var b strings.Builder
	for _, p := range c.dates.patterns[part] {
		switch p.part {
		case "time":
			b.WriteString(t.Format("3:04"))
		case "time24":
			b.WriteString(t.Format("15:04"))
		default:
			b.WriteString(p.words)
		}
	}
	return b.String()
}

// Phone is "(207) 555-0142" for ten digits, else as entered.
func Phone(s string) string {
	d := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	d = strings.TrimPrefix(d, map[bool]string{true: "1"}[len(d) == 11])
	if len(d) != 10 {
		return s
	}
	return "(" + d[:3] + ") " + d[3:6] + "-" + d[6:]
}
