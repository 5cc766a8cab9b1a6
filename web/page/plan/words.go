package plan

import (
	"strings"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/plan"
	"waymark/web/component"
)

func base(c access.CaseID) string { return "/cases/" + c.String() + "/plan" }

// crumbs lead from the record to the plan and on to the page with the key.
func crumbs(c page.Chrome, of casefile.Case, key string) []component.Crumb {
	list := []component.Crumb{{Href: "/caseload", Words: c.T("nav.caseload")}, {Href: "/cases/" + of.ID.String(), Words: of.Name()}}
	if key == "" {
		return append(list, component.Crumb{Words: c.T("plan.crumb")})
	}
	return append(list, component.Crumb{Href: base(of.ID), Words: c.T("plan.crumb")}, component.Crumb{Words: c.T(key)})
}

func axisWords(c page.Chrome, a plan.Axis) string {
	return c.T("plan.timeline.axis", msg.Args{"from": c.Words.LongMonth(a.From), "until": c.Words.LongMonth(a.Until.AddDays(-1)), "today": c.LongDate(a.TodayOn)})
}

func tick(c page.Chrome, t plan.Tick) string {
	words := c.Words.ShortMonth(t.Month)
	if t.Year {
		words += " ’" + t.Month.Time().Format("06")
	}
	return words
}

func monthColour(t plan.Tick) string {
	if t.Year {
		return "#a9aeb1"
	}
	return "#edeff0"
}

// place is where a milestone happens; for a job goal which goal it is.
func place(c page.Chrome, m plan.Milestone) string {
	if m.Place == "" && m.GoalHorizon != "" {
		return c.T("plan.goal_of." + string(m.GoalHorizon))
	}
	return m.Place
}

// dates are a span of months, or the day or month due.
func dates(c page.Chrome, r plan.Row) string {
	switch {
	case r.By && r.Exact:
		return c.T("plan.by", msg.Args{"on": c.Date(r.DueOn)})
	case r.By:
		return c.T("plan.by", msg.Args{"on": c.Month(r.DueOn)})
	case r.StartsOn.Year() == r.DueOn.Year():
		return c.Words.ShortMonth(r.StartsOn) + " – " + c.Month(r.DueOn)
	}
	return c.Month(r.StartsOn) + " – " + c.Month(r.DueOn)
}

// progress says how far something is that is neither done nor late.
func progress(c page.Chrome, r plan.Row) string {
	if r.Status != "in_progress" {
		return c.T("plan.status." + r.Status)
	}
	switch {
	case r.Percent != nil:
		return c.T("plan.status.percent", msg.Args{"percent": *r.Percent})
	case r.Attended != nil && r.Sessions > 0:
		return c.T("plan.status.sessions", msg.Args{"attended": *r.Attended, "sessions": r.Sessions})
	case r.Week > 0:
		return c.T("plan.status.week", msg.Args{"week": r.Week, "weeks": r.Weeks})
	}
	return c.T("plan.status.in_progress")
}

// funding is who pays, in words if the code has any.
func funding(c page.Chrome, code string) string {
	if c.Words.Has("plan.funding." + code) {
		return c.T("plan.funding." + code)
	}
	return code
}

func need(c page.Chrome, code string) string {
	if c.Words.Has("plan.need." + code) {
		return c.T("plan.need." + code)
	}
	return code
}

// pays is "WIOA, $4,200", "Free", or nothing when nobody has to.
func pays(c page.Chrome, lines []plan.Line) string {
	var list []string
	for _, l := range lines {
		switch {
		case l.Cost > 0 && l.Funding != "":
			list = append(list, funding(c, l.Funding)+", "+l.Cost.String())
		case l.Cost > 0:
			list = append(list, l.Cost.String())
		case l.Funding != "":
			list = append(list, funding(c, l.Funding))
		}
	}
	return strings.Join(list, "; ")
}

func cost(c page.Chrome, m money.Cents) string {
	if m == 0 {
		return c.T("plan.no_cost")
	}
	return m.String()
}

// promise is a support or service in one sentence: what, until when, who pays.
func promise(c page.Chrome, l plan.Line) string {
	words := strings.TrimSuffix(l.In(c.Lang()), ".")
	if !l.EndsOn.IsZero() {
		words = c.T("plan.until", msg.Args{"what": words, "on": c.LongDate(l.EndsOn)})
	}
	if l.Cost > 0 {
		words += " (" + pays(c, []plan.Line{l}) + ")"
	}
	return words + "."
}

// when is the date of a goal on paper.
func when(c page.Chrome, g goal.Goal) string {
	switch {
	case g.Status == goal.Met || g.Horizon == goal.Immediate && g.IncomeBridge:
		return c.T("plan.now")
	case g.Horizon == goal.Long:
		return c.T("plan.print.by", msg.Args{"on": g.TargetOn.Time().Format("2006")})
	}
	return c.T("plan.print.by", msg.Args{"on": c.Words.LongMonth(g.TargetOn)})
}

func programs(c page.Chrome, codes []string) string {
	var list []string
	for _, p := range codes {
		list = append(list, c.T("program."+p))
	}
	return strings.Join(list, ", ")
}

// Fingerprint is the first twelve digits, in groups of four.
func Fingerprint(sha string) string {
	if len(sha) < 12 {
		return ""
	}
	return sha[:4] + " " + sha[4:8] + " " + sha[8:12]
}

func stateTone(s plan.State) string {
	switch s {
	case plan.InForce:
		return "green"
	case plan.Submitted:
		return "gold"
	case plan.Returned:
		return "orange"
	case plan.Draft:
		return "blue"
	default:
		return ""
	}
}

// signedBy is one mark in words: "Signed online Oct 6, 2026, 2:14 PM".
func signedBy(c page.Chrome, s plan.Signature) string {
	if s.Method == "online" && civil.Of(c.By.Local(s.SignedAt)) == s.SignedOn {
		return c.T("plan.signed.online", msg.Args{"when": c.Moment(s.SignedAt)})
	}
	words := c.T("plan.signed."+s.Method, msg.Args{"when": c.Date(s.SignedOn)})
	if s.Witness != "" {
		words += ". " + c.T("plan.signed.witness", msg.Args{"name": s.Witness})
	}
	return words
}

func approvedBy(c page.Chrome, d plan.Decision) string {
	if civil.Of(c.By.Local(d.DecidedAt)) == d.DecidedOn {
		return c.T("plan.signed.approval", msg.Args{"when": c.Moment(d.DecidedAt)})
	}
	return c.T("plan.signed.approval", msg.Args{"when": c.Date(d.DecidedOn)})
}

// DiffWords says one difference in a sentence.
func DiffWords(c page.Chrome, d plan.Change) string {
	args := msg.Args{"name": d.Name, "from": said(c, d, d.From), "to": said(c, d, d.To)}
	if d.Field != "" {
		args["field"] = c.T("plan.field." + d.Field)
	}
	key := "plan.diff." + d.Kind
	switch {
	case d.Kind == "added" && d.To == "":
		key = "plan.diff.added.plain"
	case d.Kind == "changed" && d.Subject == "plan":
		key = "plan.diff.changed.plan"
	}
	return c.T(key, args)
}

func said(c page.Chrome, d plan.Change, text string) string {
	if day, err := civil.Parse(text); err == nil && d.IsDate() {
		return c.Date(day)
	}
	switch {
	case text == "":
		return c.T("plan.diff.nothing")
	case d.Field == "funding":
		return funding(c, text)
	case d.Field == "line_state":
		return c.T("plan.line_state." + text)
	}
	return text
}

func diffClass(kind string) string {
	return map[string]string{"added": "add", "removed": "del", "changed": "chg"}[kind]
}

func day(c page.Chrome, text string) string {
	d, err := civil.Parse(text)
	if err != nil {
		return ""
	}
	return c.Date(d)
}

// what is what a plan in the queue is about: a new plan and its pathway, or the reason of a change.
func what(c page.Chrome, w plan.Waiting, pathway string) string {
	if w.Kind == "new" {
		return c.T("plan.queue.new", msg.Args{"pathway": pathway})
	}
	return c.T("plan.queue.change", msg.Args{"reason": w.ChangeReason})
}
