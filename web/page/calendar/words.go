package calendar

import (
	"slices"

	"waymark/internal/calendar"
	"waymark/internal/civil"
	"waymark/internal/msg"
)

// ahead are the dates still to come.
func (v Calendar) ahead() []calendar.Date {
	return slices.DeleteFunc(slices.Clone(v.Dates), func(d calendar.Date) bool { return d.Cancelled || d.On.Before(v.Today) })
}

// day has the year when it is not this one, and else the day of the week.
func (v Calendar) day(d civil.Date) string {
	if d.Year() == v.Today.Year() {
		return v.WeekDay(d)
	}
	return v.LongDate(d)
}

func since(v Calendar) msg.Args {
	return msg.Args{"on": v.LongDay(civil.Of(v.By.Local(*v.Feed.MadeAt)))}
}
