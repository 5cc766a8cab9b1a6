package portal

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/message"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/portal"
)

// feelings are the three answers to how the week goes, with their pictures.
var feelings = []struct{ Code, Icon string }{
	{"good", "sentiment_satisfied_alt"}, {"so_so", "sentiment_neutral"}, {"need_help", "support_agent"},
}

func (v Home) name() msg.Args { return msg.Args{"name": v.Home.FirstName} }

func (v Home) progress() msg.Args {
	return msg.Args{"done": v.Home.Done, "count": len(v.Home.Steps)}
}

// begins reports that what they can do now is to tell of themselves: nothing is agreed, planned or to sign.
func (v Home) begins() bool {
	return v.Home.Helper.FirstName != "" && v.Home.Next == nil && !v.Home.HasPlan && !v.Home.ToSign
}

// well reports that something is done and nothing is late.
func (v Home) well() bool {
	for _, s := range v.Home.Steps {
		if s.Late {
			return false
		}
	}
	return v.Home.Done > 0
}

func (v Home) appointment() string { return "/me/appointments/" + v.Home.Next.ID.String() }

func (v Home) told() msg.Args {
	return msg.Args{"name": v.Home.Helper.FirstName, "feeling": v.T("portal.feeling." + v.Home.Feeling.Feeling)}
}

func missedArgs(v Home) msg.Args {
	return msg.Args{"name": v.Home.Helper.FirstName, "date": v.LongDay(v.Home.Next.On)}
}

func helperArgs(h portal.Helper) msg.Args {
	return msg.Args{"name": h.FirstName, "phone": msg.Phone(h.Phone)}
}

// telURL makes a link that a phone can dial or text.
func telURL(scheme, phone string) templ.SafeURL {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if len(digits) == 10 {
		digits = "1" + digits
	}
	return templ.SafeURL(scheme + ":+" + digits)
}

// notReady says when somebody will call about the plan.
func notReady(c page.Chrome, h portal.Home) string {
	switch {
	case h.Helper.FirstName == "":
		return c.T("portal.not_ready.nobody")
	case h.Next != nil && !h.Missed:
		return c.T("portal.not_ready.on", msg.Args{"name": h.Helper.FirstName, "date": c.WeekDay(h.Next.On)})
	}
	return c.T("portal.not_ready", helperArgs(h.Helper))
}

func placeIcon(a portal.Appointment) string {
	switch a.Place {
	case "phone":
		return "phone"
	case "text":
		return "chat"
	default:
		return "location_on"
	}
}

// Place says where something agreed is.
func Place(c page.Chrome, a portal.Appointment, h portal.Helper) string {
	switch {
	case a.Place == "office" && a.Address == "":
		return h.Address
	case a.Address != "":
		return a.Address
	}
	return c.T("portal.place."+a.Place, helperArgs(h))
}

func bring(c page.Chrome, a portal.Appointment) string {
	if c.Lang() == "es" && a.BringES != "" {
		return a.BringES
	}
	return a.Bring
}

func bringLang(c page.Chrome, a portal.Appointment) string {
	if c.Lang() == "es" && a.BringES != "" {
		return "es"
	}
	return "en"
}

// TitleOf is what a step is called in the reader's language.
func TitleOf(c page.Chrome, s portal.Step) string {
	if c.Lang() == "es" && s.TitleES != "" {
		return s.TitleES
	}
	return s.Title
}

// TitleLang is the language of TitleOf.
func TitleLang(c page.Chrome, s portal.Step) string {
	if c.Lang() == "es" && s.TitleES != "" {
		return "es"
	}
	return "en"
}

// first reports the first step that is under way: there the participant stands.
func first(steps []portal.Step, i int) bool {
	for n := range i {
		if steps[n].State == portal.Now {
			return false
		}
	}
	return steps[i].State == portal.Now
}

// about says in one or two short sentences what there is to know of a step.
func about(c page.Chrome, s portal.Step) string {
	var parts []string
	add := func(key string, args msg.Args) { parts = append(parts, c.T("portal.step."+key, args)) }
	switch {
	case s.State == portal.Done && s.Kind == portal.Job && !s.DoneOn.IsZero():
		add("started", msg.Args{"date": c.NearDate(s.DoneOn)})
	case s.State == portal.Done && !s.DoneOn.IsZero():
		add("finished", msg.Args{"date": c.NearDate(s.DoneOn)})
	case s.State == portal.Now && s.Sessions > 0 && s.Attended > 0:
		add("attended", msg.Args{"attended": s.Attended, "count": s.Sessions})
		add("ends", msg.Args{"date": c.NearDate(s.DueOn)})
	case s.State == portal.Now && s.Percent != nil:
		add("percent", msg.Args{"percent": *s.Percent})
		add("ends", msg.Args{"date": c.NearDate(s.DueOn)})
	case s.State == portal.Later && s.StartsOn.After(c.Today):
		add("starts", msg.Args{"date": c.NearDate(s.StartsOn)})
		if s.Weeks > 0 {
			add("takes", msg.Args{"count": s.Weeks})
		}
	case s.State != portal.Done:
		add("by", msg.Args{"date": c.NearDate(s.DueOn)})
	}
	if s.Pay > 0 {
		pay := msg.Args{"pay": c.Pay(s.Pay, s.PayMax, s.PayPer)}
		add(map[bool]string{true: "earns", false: "pays"}[s.State == portal.Done], pay)
	}
	return strings.Join(parts, " ")
}

// goals are those still aimed at or reached.
func goals(h portal.Home) []goal.Goal {
	var list []goal.Goal
	for _, g := range h.Goals {
		if g.Status.Live() || g.Status == goal.Met {
			list = append(list, g)
		}
	}
	return list
}

func goalDay(c page.Chrome, g goal.Goal) string {
	if g.Status == goal.Met {
		return c.T("portal.goal.met", msg.Args{"date": c.NearDate(g.MetOn)})
	}
	return c.T("portal.step.by", msg.Args{"date": c.NearDate(g.TargetOn)})
}

func (v Home) unread() msg.Args { return msg.Args{"count": v.Unread, "name": v.Home.Helper.FirstName} }

// from is who wrote a message.
func from(c page.Chrome, m message.Message) string {
	switch {
	case m.Theirs:
		return c.T("portal.messages.you")
	case m.Author == "":
		return c.By.AgencyName
	}
	return m.Author
}

// said is what was told without words of one's own: of a milestone, or of an appointment.
func said(c page.Chrome, m message.Message) string {
	switch m.Kind {
	case "another_time":
		return c.T("portal.messages.other_time")
	case portal.SaysDone, portal.SaysStuck, portal.SaysChange:
		return c.T("portal.messages."+m.Kind, msg.Args{"title": m.AboutIn(c.Lang())})
	}
	return ""
}

// words is a text and its language.
type words struct{ Text, Lang string }

// bodies are the texts of a message, the one in the reader's own language first.
func bodies(c page.Chrome, m message.Message) []words {
	var list []words
	if m.Body != "" {
		list = append(list, words{m.Body, m.Language})
	}
	if m.Translation != "" {
		list = append(list, words{m.Translation, m.TranslationLang})
		if m.TranslationLang == c.Lang() {
			slices.Reverse(list)
		}
	}
	return list
}

func seen(c page.Chrome, m message.Message) string {
	if m.SeenAt == nil {
		return c.T("portal.messages.not_seen")
	}
	return c.T("portal.messages.seen", msg.Args{"name": m.SeenBy})
}

// stepURL is where something is said of a milestone.
func stepURL(s portal.Step, say string) string {
	u := "/me/milestones/" + url.PathEscape(s.Key)
	if say != "" {
		u += "?say=" + say
	}
	return u
}

func toldArgs(c page.Chrome, h portal.Helper, s portal.Step) msg.Args {
	return msg.Args{"name": h.FirstName, "date": c.NearDate(civil.Of(c.By.Local(s.Told.SentAt)))}
}

func rungLabel(r portal.Rung) string {
	if r.Here {
		return "portal.path.here"
	}
	return "portal.path.goal"
}

func rungPay(r portal.Rung) string {
	switch {
	case r.Here:
		return "portal.path.pay.here"
	case r.Goal:
		return "portal.path.pay.goal"
	}
	return "portal.path.pay.next"
}

func rungArgs(c page.Chrome, r portal.Rung) msg.Args {
	return msg.Args{"pay": c.Pay(r.Pay, r.Max, r.Per)}
}

func takes(c page.Chrome, r portal.Rung) string {
	words := c.T("portal.path.credential", msg.Args{"credential": r.Credential.In(c.Lang())})
	if r.Weeks > 0 {
		words += " " + c.T("portal.step.takes", msg.Args{"count": r.Weeks})
	}
	return words
}

func jobs(c page.Chrome, r portal.Rung) string {
	titles := make([]string, len(r.Jobs))
	for i, j := range r.Jobs {
		titles[i] = j.In(c.Lang())
	}
	return strings.Join(titles, "; ") + "."
}
