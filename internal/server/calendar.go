package server

import (
	"bytes"
	"net/http"
	"strings"

	"waymark/internal/calendar"
	"waymark/internal/msg"
	calendarpage "waymark/web/page/calendar"
)

func (s *Server) calendarRoutes() {
	s.page("GET", "/me/calendar", (*request).showCalendar)
	s.page("GET", "/me/calendar.ics", (*request).fetchCalendar)
	s.button("/me/calendar/feed", (*request).beginFeed)
	s.button("/me/calendar/feed/end", (*request).endFeed)
	s.publicPage("GET", "/calendar/:token", (*request).answerFeed)

	s.api("GET", "/me/calendar.ics", (*request).fetchCalendar)
	s.api("GET", "/me/calendar/feed", (*request).apiFeed)
	s.action("POST", "/me/calendar/feed", (*request).apiBeginFeed)
	s.action("DELETE", "/me/calendar/feed", (*request).apiEndFeed)
}

func (r *request) showCalendar() error {
	feed, err := r.s.calendar.Feed(r.ctx(), r.by)
	if err != nil {
		return err
	}
	dates, err := r.s.calendar.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "calendar.title")
	return r.show(http.StatusOK, c, calendarpage.Calendar{Chrome: c, Feed: feed, Dates: dates.Dates}.Body())
}

func (r *request) fetchCalendar() error {
	c, err := r.s.calendar.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	r.attachment("waymark.ics")
	return r.sendCalendar(c)
}

// answerFeed answers a telephone. The name at the end of the address is only for its eyes.
func (r *request) answerFeed() error {
	c, err := r.s.calendar.Asked(r.ctx(), strings.TrimSuffix(r.c.Param("token"), ".ics"))
	if err != nil {
		return err
	}
	return r.sendCalendar(c)
}

func (r *request) sendCalendar(c calendar.Calendar) error {
	words := msg.For(c.Lang)
	var b bytes.Buffer
	err := c.Write(&b, func(d calendar.Date) string {
		if d.Step != "" {
			return words.T("calendar.step", msg.Args{"agency": c.Agency})
		}
		return words.T("calendar.date", msg.Args{"name": d.With, "agency": c.Agency})
	})
	if err != nil {
		return err
	}
	r.gathered()
	r.c.Data(http.StatusOK, "text/calendar; charset=utf-8", b.Bytes())
	return nil
}

// feedAddress is the whole address; it is shown once.
func (r *request) feedAddress(token string) string {
	return strings.TrimSuffix(r.s.config.BaseURL, "/") + "/calendar/" + token + ".ics"
}

func (r *request) beginFeed() error {
	token, err := r.s.calendar.Begin(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "calendar.made.title")
	if err := r.show(http.StatusOK, c, calendarpage.Made{Chrome: c, Address: r.feedAddress(token)}.Body()); err != nil {
		return err
	}
	r.answer = answer{status: http.StatusSeeOther, location: "/me/calendar"} // a repetition does not show it again
	return nil
}

func (r *request) endFeed() error {
	if err := r.s.calendar.End(r.ctx(), r.by); err != nil {
		return err
	}
	return r.done("calendar.ended", "/me/calendar")
}

func (r *request) apiFeed() error {
	feed, err := r.s.calendar.Feed(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, feed)
}

// apiBeginFeed answers a script with the address, and keeps the answer without it.
func (r *request) apiBeginFeed() error {
	token, err := r.s.calendar.Begin(r.ctx(), r.by)
	if err != nil {
		return err
	}
	if err := r.created("/api/v1/me/calendar/feed", map[string]string{"address": r.feedAddress(token)}); err != nil {
		return err
	}
	r.answer.body = []byte(`{"address":""}`)
	return nil
}

func (r *request) apiEndFeed() error {
	if err := r.s.calendar.End(r.ctx(), r.by); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"ended": true})
}
