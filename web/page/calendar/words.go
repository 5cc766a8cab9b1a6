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

func since(v Calendar) msg.Args {
	return msg.Args{"on": v.LongDay(civil.Of(v.By.Local(*v.Feed.MadeAt)))}
}
