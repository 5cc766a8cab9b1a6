package calendar

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"waymark/internal/civil"
	"waymark/internal/id"
)

func TestTheCalendarIsWhatTelephonesRead(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) civil.Clock {
		c, err := civil.ParseClock(s)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	changed := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	one := id.New[Date]()
	c := Calendar{Agency: "Agencia; de Empleo, Peña\\Hijos", Zone: zone, Lang: "es", Dates: []Date{
		{ID: one, On: civil.MustParse("2026-12-01"), At: at("10:00 am"), With: "Dana", Version: 3, ChangedAt: changed},
		{ID: id.New[Date](), On: civil.MustParse("2026-07-01"), At: at("10:00 am"), With: "Dana", Version: 1, ChangedAt: changed},
		{ID: id.New[Date](), On: civil.MustParse("2026-12-24"), With: "Dana", Version: 1, ChangedAt: changed, Cancelled: true},
	}}
	var b strings.Builder
	if err := c.Write(&b, func(d Date) string { return d.With + " de " + c.Agency + strings.Repeat(" ñandú", 20) }); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	unfolded := strings.ReplaceAll(text, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "METHOD:PUBLISH\r\n", "DTSTART:20261201T150000Z\r\n", "DTSTART:20260701T140000Z\r\n", "DTSTART;VALUE=DATE:20261224\r\n",
		"SEQUENCE:2\r\n", "DTSTAMP:20261120T150000Z\r\n", "STATUS:CANCELLED\r\n", "SUMMARY:Dana de Agencia\\; de Empleo\\, Peña\\\\Hijos ñandú", "END:VCALENDAR\r\n",
	} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("the calendar lacks %q:\n%s", want, unfolded)
		}
	}
	for _, hidden := range []string{one.String(), "LOCATION", "DESCRIPTION", "ATTENDEE", "ORGANIZER"} {
		if strings.Contains(text, hidden) {
			t.Errorf("the calendar says %q", hidden)
		}
	}
	read, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil || len(read.Events()) != 3 {
		t.Fatalf("it reads back as %v, %v", read, err)
	}
	uids := map[string]bool{}
	for _, e := range read.Events() {
		uids[e.Id()] = true
	}
	if len(uids) != 3 {
		t.Errorf("the dates have %d names", len(uids))
	}
}
