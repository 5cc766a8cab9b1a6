package msg

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/civil"
)

var (
	monthsES   = []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
	shortES    = []string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"}
	weekdaysES = []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
)

// Day is "Nov 23" or "23 de nov".
func (c *Catalogue) Day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	if c.Lang == "es" {
		return strconv.Itoa(d.Day()) + " de " + shortES[d.Month()-1]
	}
	return d.Time().Format("Jan 2")
}

// Date is "Nov 23, 2026" or "23 de nov de 2026".
func (c *Catalogue) Date(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	if c.Lang == "es" {
		return c.Day(d) + " de " + strconv.Itoa(d.Year())
	}
	return d.Time().Format("Jan 2, 2006")
}

// LongDate is "November 23, 2026" or "23 de noviembre de 2026".
func (c *Catalogue) LongDate(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	if c.Lang == "es" {
		return c.LongDay(d) + " de " + strconv.Itoa(d.Year())
	}
	return d.Time().Format("January 2, 2006")
}

// LongDay is "November 23" or "23 de noviembre".
func (c *Catalogue) LongDay(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	if c.Lang == "es" {
		return strconv.Itoa(d.Day()) + " de " + monthsES[d.Month()-1]
	}
	return d.Time().Format("January 2")
}

// WeekDay is "Monday, November 23" or "Lunes, 23 de noviembre".
func (c *Catalogue) WeekDay(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	if c.Lang == "es" {
		name := weekdaysES[d.Weekday()]
		return strings.ToUpper(name[:1]) + name[1:] + ", " + c.LongDay(d)
	}
	return d.Time().Format("Monday, January 2")
}

// WeekdayName is "Friday" or "viernes".
func (c *Catalogue) WeekdayName(d civil.Date) string {
	if c.Lang == "es" {
		return weekdaysES[d.Weekday()]
	}
	return d.Weekday().String()
}

// Month is "Jul 2027" or "jul de 2027".
func (c *Catalogue) Month(d civil.Date) string {
	if c.Lang == "es" {
		return shortES[d.Month()-1] + " de " + strconv.Itoa(d.Year())
	}
	return d.Time().Format("Jan 2006")
}

// LongMonth is "July 2027" or "julio de 2027".
func (c *Catalogue) LongMonth(d civil.Date) string {
	if c.Lang == "es" {
		return monthsES[d.Month()-1] + " de " + strconv.Itoa(d.Year())
	}
	return d.Time().Format("January 2006")
}

// ShortMonth is "Jul" or "jul".
func (c *Catalogue) ShortMonth(d civil.Date) string {
	if c.Lang == "es" {
		return shortES[d.Month()-1]
	}
	return d.Time().Format("Jan")
}

// Clock is "1:15 PM", or "1:15 de la tarde".
func (c *Catalogue) Clock(t time.Time) string {
	if c.Lang != "es" {
		return t.Format("3:04 PM")
	}
	part := " de la mañana"
	switch {
	case t.Hour() >= 19:
		part = " de la noche"
	case t.Hour() >= 12:
		part = " de la tarde"
	}
	return t.Format("3:04") + part
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
