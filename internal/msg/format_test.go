package msg_test

import (
	"testing"
	"time"

	"waymark/internal/civil"
	"waymark/internal/msg"
)

func TestDaysAndHoursAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	day := civil.MustParse("2026-11-04")
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 4, hour, minute, 0, 0, time.UTC) }
	for lang, want := range map[string][]string{
		"en": {"Nov 4", "Nov 4, 2026", "November 4, 2026", "November 4", "Wednesday, November 4", "Wednesday", "Nov 2026", "November 2026", "Nov", "12:05 AM", "9:30 AM", "12:00 PM", "7:15 PM"},
		"es": {"4 de nov", "4 de nov de 2026", "4 de noviembre de 2026", "4 de noviembre", "Miércoles, 4 de noviembre", "miércoles", "nov de 2026", "noviembre de 2026", "nov", "12:05 de la mañana", "9:30 de la mañana", "12:00 de la tarde", "7:15 de la noche"},
	} {
		c := msg.For(lang)
		got := []string{
			c.Day(day), c.Date(day), c.LongDate(day), c.LongDay(day), c.WeekDay(day), c.WeekdayName(day), c.Month(day), c.LongMonth(day), c.ShortMonth(day),
			c.Clock(at(0, 5)), c.Clock(at(9, 30)), c.Clock(at(12, 0)), c.Clock(at(19, 15)),
		}
		for i, w := range want {
			if got[i] != w {
				t.Errorf("%s: %q, want %q", lang, got[i], w)
			}
		}
		if c.Day(civil.Date{}) != "" || c.LongMonth(civil.Date{}) != "" {
			t.Errorf("%s: no day is written %q", lang, c.Day(civil.Date{}))
		}
	}
}
