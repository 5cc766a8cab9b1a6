package beside

import (
	"waymark/internal/account"
	"waymark/internal/civil"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/portal"
)

func relations(c page.Chrome) []page.Option { return c.Options("relation", account.Relations...) }

// languages are those that there are words in.
// line is somebody with what they are to the participant.
func line(c page.Chrome, k account.Companion) string {
	return k.Name + ", " + c.T("relation."+k.Relation) + "."
}

// way is how they are reached; "" when they are not.
func way(c page.Chrome, k account.Companion) string {
	switch {
	case k.Email == "":
		return c.Phone(k.Phone)
	case k.Phone == "":
		return k.Email
	}
	return k.Email + ", " + c.Phone(k.Phone)
}

// ended says when it was over, and why.
func ended(c page.Chrome, k account.Companion) string {
	if k.EndedAt == nil {
		return ""
	}
	return c.T("beside.end."+k.EndReason, msg.Args{"on": c.Date(civil.Of(c.By.Local(*k.EndedAt)))})
}

// standing says until when somebody may look on, or since when they may not.
func standing(c page.Chrome, k account.Companion) string {
	if k.Now(c.Today) {
		return c.T("beside.until", msg.Args{"on": c.Date(k.UntilOn)})
	}
	if k.EndedAt == nil {
		return c.T("beside.end.ended", msg.Args{"on": c.Date(k.UntilOn)})
	}
	return ended(c, k)
}

// when is a day and a time of day.
func when(c page.Chrome, a portal.Appointment) string {
	words := c.WeekDay(a.On)
	if at := c.At(a.At); at != "" {
		words += ", " + at
	}
	return words
}

// state says how a milestone stands and by when it is done.
func state(c page.Chrome, s portal.Step) string {
	switch {
	case s.State == portal.Done:
		return c.T("helped.state.done")
	case s.Late:
		return c.T("helped.state.late", msg.Args{"on": c.LongDate(s.DueOn)})
	}
	return c.T("helped.state.open", msg.Args{"on": c.LongDate(s.DueOn)})
}
