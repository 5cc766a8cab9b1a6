package ownwords

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"waymark/internal/civil"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/ownwords"
	"waymark/internal/page"
	intakepage "waymark/web/page/intake"
)

func day(c page.Chrome, at time.Time) string { return c.LongDate(civil.Of(c.By.Local(at))) }

// state says how far a topic is.
func state(c page.Chrome, t ownwords.Topic) string {
	switch {
	case t.Said != nil:
		return became(c, *t.Said)
	case t.Known:
		return c.T("own.state.known")
	}
	return c.T("own.state.none")
}

// became says what was made of words.
func became(c page.Chrome, w ownwords.Words) string {
	switch w.Outcome {
	case ownwords.Accepted:
		return c.T("own.state.accepted", msg.Args{"name": w.SettledBy, "date": day(c, *w.SettledAt)})
	case ownwords.Declined:
		return c.T("own.state.declined", msg.Args{"name": w.SettledBy, "reason": w.Reason})
	}
	return c.T("own.state.waiting", msg.Args{"date": day(c, w.SaidAt)})
}

func (v Review) name() msg.Args { return msg.Args{"name": v.Review.Case.First()} }

func (v Review) path(rest string) string { return "/cases/" + v.Review.Case.ID.String() + rest }

// topic is the name that staff know a topic by.
func (v Review) topic(w ownwords.Words) string {
	switch w.Kind {
	case ownwords.KindGoal:
		return v.T("own.topic.goal")
	case ownwords.KindSupports:
		return v.T("supports.crumb")
	}
	return v.T("intake.section." + w.Topic)
}

func (v Review) heading(p ownwords.Pending) string {
	if p.Kind == ownwords.KindGoal {
		return v.topic(p.Words) + ": " + p.Goal().Title
	}
	return v.topic(p.Words)
}

func (v Review) outcome(w ownwords.Words) string {
	args := msg.Args{"by": w.SettledBy, "date": day(v.Chrome, *w.SettledAt), "reason": w.Reason}
	if w.Outcome == ownwords.Declined {
		return v.T("own_staff.was_declined", args)
	}
	return v.T("own_staff.was_accepted", args)
}

func acceptKey(p ownwords.Pending) string {
	if p.Kind == ownwords.KindGoal {
		return "own_staff.accept_goal"
	}
	return "own_staff.accept"
}

// lines put the words beside what the case says, question by question.
func lines(c page.Chrome, p ownwords.Pending) []intakepage.Change {
	switch p.Kind {
	case ownwords.KindGoal:
		return goalLines(c, p.Goal())
	case ownwords.KindSupports:
		return needLines(c, p)
	}
	var said map[string]json.RawMessage
	if json.Unmarshal(p.Answers.V, &said) != nil {
		return nil
	}
	return intakepage.Changes(c, intake.Section(p.Topic), p.Now, p.With, func(field string) bool {
		top, _, _ := strings.Cut(field, ".")
		_, ok := said[top]
		return ok
	})
}

func goalLines(c page.Chrome, g ownwords.GoalInput) []intakepage.Change {
	list := []intakepage.Change{{Label: c.T("own_staff.goal.title"), With: g.Title}}
	if g.Pay > 0 {
		list = append(list, intakepage.Change{Label: c.T("own_staff.goal.pay"), With: g.Pay.String()})
	}
	if g.Rationale != "" {
		list = append(list, intakepage.Change{Label: c.T("own_staff.goal.why"), With: g.Rationale})
	}
	return list
}

func needLines(c page.Chrome, p ownwords.Pending) []intakepage.Change {
	now := map[string]string{}
	for _, n := range p.Screen.Needs.V {
		now[n.Area] = severity(c, n.Severity)
	}
	said := p.Needs()
	var list []intakepage.Change
	for _, area := range intake.SupportAreas {
		if n, ok := said[area]; ok {
			list = append(list, intakepage.Change{Label: c.T("support." + area), Now: now[area], With: severity(c, n)})
		}
	}
	return list
}

func severity(c page.Chrome, n int) string {
	return c.T("supports.needs.severity." + strconv.Itoa(n))
}

// wordsLang is the language of what was typed; answers that were chosen stand in the reader's.
func wordsLang(c page.Chrome, p ownwords.Pending) string {
	if p.Kind == ownwords.KindGoal {
		return p.Language
	}
	return c.Lang()
}
