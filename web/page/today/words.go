// Package today has the first page of a case manager's day.
package today

import (
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/draft"
	"waymark/internal/msg"
	"waymark/internal/portal"
	"waymark/internal/today"
)

// greeting is the sentence under the date: who comes in, and when the office is closed.
func (v Today) greeting() string {
	part := "morning"
	switch hour := v.By.Local(v.Now).Hour(); {
	case hour >= 18:
		part = "evening"
	case hour >= 12:
		part = "afternoon"
	}
	words := []string{v.T("today.good."+part, msg.Args{"name": v.By.FirstName})}
	if n := v.List.ComingIn(); n == 0 {
		words = append(words, v.T("today.coming.none"))
	} else {
		words = append(words, v.T("today.coming", msg.Args{"count": n, "number": v.number(n)}))
	}
	if closed := v.closed(); closed != "" {
		words = append(words, closed)
	}
	return strings.Join(words, " ")
}

// number is in words up to ten.
func (v Today) number(n int) string {
	if n <= 10 {
		return v.T("today.number." + strconv.Itoa(n))
	}
	return strconv.Itoa(n)
}

// closed names the days of the week on which the office is closed.
func (v Today) closed() string {
	var days []string
	for _, h := range v.List.Closed {
		if h.OnDate == v.List.Day {
			return v.T("today.closed_today", msg.Args{"holiday": h.In(v.Lang())})
		}
		days = append(days, v.Words.WeekdayName(h.OnDate))
	}
	if len(days) == 0 {
		return ""
	}
	list := days[0]
	if n := len(days) - 1; n > 0 {
		list = v.T("today.and", msg.Args{"first": strings.Join(days[:n], ", "), "last": days[n]})
	}
	return v.T("today.closed", msg.Args{"days": list})
}

// counter is one of the five numbers on top, and the list it opens.
type counter struct {
	Count int
	Href  string
	Words string
	Late  bool
}

func (v Today) counters() []counter {
	return []counter{
		{v.Counts.Overdue, "/caseload?view=overdue", v.T("today.count.overdue", msg.Args{"count": v.Counts.Overdue}), v.Counts.Overdue > 0},
		{v.Counts.Week, "/caseload?view=week", v.T("today.count.week"), false},
		{v.Counts.Attention, "/caseload?view=attention", v.T("today.count.attention", msg.Args{"count": v.Counts.Attention}), false},
		{v.List.Unfinished(), "#drafts", v.T("today.count.drafts", msg.Args{"count": v.List.Unfinished()}), false},
		{v.Counts.All, "/caseload", v.T("today.count.all", msg.Args{"count": v.Counts.All}), false},
	}
}

// shown are the late items that the page begins with.
const shown = 3

func (v Today) late() []today.Item {
	if v.Query.Get("all") == "overdue" || len(v.List.Overdue) <= shown {
		return v.List.Overdue
	}
	open := 0
	for i, item := range v.List.Overdue {
		if item.Key() == v.Opened {
			open = i
		}
	}
	return v.List.Overdue[:max(shown, open+1)]
}

func (v Today) more() int { return len(v.List.Overdue) - len(v.late()) }

func (v Today) weekOpen() bool { return v.Query.Get("all") == "week" || v.opensIn(v.List.Week) }

func (v Today) opensIn(list []today.Item) bool {
	for _, i := range list {
		if i.Key() == v.Opened {
			return true
		}
	}
	return false
}

// nothing says when the next thing is due.
func (v Today) nothing() string {
	args := msg.Args{"count": v.Counts.All, "on": v.Day(v.List.NextDue)}
	if v.List.NextDue.IsZero() {
		return v.T("today.nothing", args)
	}
	return v.T("today.nothing_next", args)
}

// draftHref is where a draft goes on.
func draftHref(d draft.Draft) string {
	name, _, _ := strings.Cut(d.Form, ":")
	if name == "participant" {
		return "/participants/new"
	}
	if d.CaseID.IsZero() {
		return "/today"
	}
	base := "/cases/" + d.CaseID.String()
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "checkin":
		return base + "/check-ins/new"
	case "message":
		return base + "/messages"
	case "note":
		return base + "/check-ins"
	case "intake":
		return base + "/intake/" + rest
	case "goal":
		if len(rest) == 36 { // the id of a known goal; a new one is kept by its horizon
			return base + "/goals/" + rest + "/edit"
		}
		return base + "/goals/new?horizon=" + rest
	case "interests":
		return base + "/interests?way=" + rest
	case "plan":
		return base + "/plan/edit"
	case "at":
		return base + "/" + strings.ReplaceAll(rest, "~", "/")
	}
	return base + "/" + first
}

func (v Today) draftTitle(d draft.Draft) string {
	words := v.T("today.draft")
	if v.Words.Has(d.Title) {
		words = v.T(d.Title)
	}
	if d.Name == "" {
		return words
	}
	return v.T("today.draft.of", msg.Args{"what": words, "name": d.Name})
}

// signal is what somebody told us, in words.
func (v Today) signal(s portal.Signal) string {
	words := ""
	switch s.Kind {
	case "feeling":
		words = v.T("today.reply.need_help")
	case "another_time":
		words = v.T("today.reply." + s.Kind)
	case portal.SaysDone, portal.SaysStuck, portal.SaysChange:
		words = v.T("today.reply."+s.Kind, msg.Args{"title": s.TitleIn(v.Lang())})
	}
	if s.Body != "" {
		words = strings.TrimSpace(words + " “" + s.Body + "”")
	}
	return words
}

func (v Today) seen(s portal.Signal) string {
	return "/cases/" + s.CaseID.String() + "/signals/" + s.ID.String() + "/seen"
}

func plan(of access.CaseID) string { return "/cases/" + of.String() + "/plan" }

// sentSince says whom a plan waits for.
func (v Today) sentSince(p today.PlanItem) string {
	key := "today.sent.approval"
	if !p.Signed {
		key = "today.sent.signature"
	}
	when := ""
	if p.Since != nil {
		when = v.Recently(*p.Since)
	}
	return v.T(key, msg.Args{"name": p.Name, "when": when})
}

func (v Today) returned(p today.PlanItem) string {
	words := v.T("today.returned.by", msg.Args{"by": p.By, "comment": p.Comment})
	if p.ReturnedAt != nil {
		words += " · " + v.Recently(*p.ReturnedAt)
	}
	return words
}
