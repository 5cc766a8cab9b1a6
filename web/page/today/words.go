// Package today has the first page of a case manager's day.
package today

import (
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/draft"
	"waymark/internal/msg"
	"waymark/internal/page"
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
		{len(v.List.Drafts), "#drafts", v.T("today.count.drafts", msg.Args{"count": len(v.List.Drafts)}), false},
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

// Row is one line of the list.
type Row struct {
	page.Chrome
	Item today.Item
	// Pathway says a pathway's name.
	Pathway func(code string) string
	Here    string // the page's own address, to come back to
}

func (r Row) late() bool { return r.Item.DaysLate > 0 }

// when is the first column: how late, or at what time.
func (r Row) when() string {
	switch {
	case r.late():
		return r.T("today.days_late", msg.Args{"count": r.Item.DaysLate})
	case r.Item.DueOn == r.Today && !r.Item.At.IsZero():
		return r.At(r.Item.At)
	case r.Item.DueOn == r.Today:
		return r.T("today.today")
	}
	return r.Day(r.Item.DueOn)
}

// where is the small line below it.
func (r Row) where() string {
	switch {
	case r.late():
		return r.T("today.due", msg.Args{"on": r.Day(r.Item.DueOn)})
	case r.Item.Kind == today.Milestone:
		return r.T("today.due_milestone")
	case r.Item.DueOn != r.Today && !r.Item.At.IsZero():
		return r.At(r.Item.At) + ", " + r.T("today.place."+r.Item.Place)
	}
	return r.T("today.place." + r.Item.Place)
}

// about is who it is: pathway, step, language.
func (r Row) about() string {
	first := r.T("today.new")
	if r.Item.Pathway != "" {
		first = r.Pathway(r.Item.Pathway)
	}
	words := []string{first, r.T("today.step", msg.Args{"step": r.Item.Step})}
	if r.Item.Language != "" && r.Item.Language != "en" {
		language := r.LanguageName(r.Item.Language)
		if r.Item.Interpreter {
			language += ", " + r.T("today.interpreter")
		}
		words = append(words, language)
	}
	return strings.Join(words, " · ")
}

// what there is to do.
func (r Row) what() string {
	switch {
	case r.Item.Kind == today.Milestone:
		return r.T("today.what.milestone", msg.Args{"title": r.Item.MilestoneIn(r.Lang())})
	case r.Item.Kind == "plan" && r.Item.PlanState == "returned":
		return r.T("today.what.plan_returned")
	}
	return r.T("today.what." + r.Item.Kind)
}

// why it is due, in one line.
func (r Row) why() string {
	var words []string
	i := r.Item
	switch {
	case i.Kind == "intake":
		words = append(words, r.T("today.why.intake", msg.Args{"done": i.SectionsDone}))
		if i.Interpreter {
			words = append(words, r.T("today.why.interpreter"))
		}
	case i.Kind == "choice" && i.Options > 0:
		words = append(words, r.T("today.why.choice", msg.Args{"count": i.Options}))
	case i.PlanState == "returned" && i.Comment != "":
		words = append(words, r.T("today.why.returned", msg.Args{"by": i.CommentBy, "comment": i.Comment}))
	default:
		words = append(words, r.lastTalk())
		if i.Milestone != "" && i.Kind != today.Milestone {
			words = append(words, r.T("today.why.milestone", msg.Args{"title": i.MilestoneIn(r.Lang()), "on": r.Day(i.MilestoneDueOn)}))
		}
	}
	if i.More > 0 {
		words = append(words, r.T("today.more", msg.Args{"count": i.More}))
	}
	return strings.Join(words, " ")
}

func (r Row) lastTalk() string {
	i := r.Item
	switch {
	case i.LastReachedOn.IsZero() && i.Unanswered > 0:
		return r.T("today.why.no_reply", msg.Args{"count": i.Unanswered})
	case i.LastReachedOn.IsZero():
		return r.T("today.why.never")
	case i.Unanswered > 0:
		return r.T("today.why.no_reply", msg.Args{"count": i.Unanswered}) + " " + r.T("today.why.days", msg.Args{"count": r.Today.DaysSince(i.LastReachedOn)})
	case i.LastMethod == "":
		return r.T("today.why.last_on", msg.Args{"on": r.Day(i.LastReachedOn)})
	}
	return r.T("today.why.last", msg.Args{"on": r.Day(i.LastReachedOn), "how": r.T("today.by." + i.LastMethod)})
}

// act is the one thing to do about it.
func (r Row) act() string {
	if r.Item.Kind == "plan" && r.Item.PlanState == "returned" {
		return r.T("today.act.fix")
	}
	return r.T("today.act." + r.Item.Kind)
}

func (r Row) href() string {
	base := "/cases/" + r.Item.CaseID.String()
	switch r.Item.Kind {
	case today.CheckIn, today.Milestone:
		return base + "/check-ins/new?next=" + escaped(r.Here)
	case "intake":
		return base + "/intake"
	case "choice":
		return base + "/selection"
	case "goals":
		return base + "/goals"
	case "plan":
		return base + "/plan"
	}
	return base + "/check-ins"
}

// inRow is the address of the form alone, for the row.
func (r Row) inRow() string { return r.href() + "&row=" + r.Item.Key() }

func escaped(path string) string {
	return strings.NewReplacer("?", "%3F", "&", "%26", "=", "%3D").Replace(path)
}

// draftHref is where a draft goes on.
func draftHref(d draft.Draft) string {
	name, _, _ := strings.Cut(d.Form, ":")
	if d.CaseID.IsZero() {
		return "/today"
	}
	base := "/cases/" + d.CaseID.String()
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "checkin":
		return base + "/check-ins/new"
	case "note":
		return base + "/check-ins"
	case "intake":
		return base + "/intake/" + rest
	case "goal":
		return base + "/goals/new"
	case "interests":
		return base + "/interests"
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
	if s.Body != "" {
		return "“" + s.Body + "”"
	}
	if s.Kind == "feeling" {
		return v.T("today.reply.need_help")
	}
	return v.T("today.reply.another_time")
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
