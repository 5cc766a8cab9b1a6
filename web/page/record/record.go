package record

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/msg"
	"waymark/web/component"
)

// at is an address of this case.
func (v Frame) at(path string) string { return "/cases/" + v.O.Case.ID.String() + path }

func stateTone(s casefile.State) string {
	switch s {
	case casefile.Active, casefile.Participant:
		return "green"
	case casefile.Hold, casefile.Ineligible:
		return "orange"
	case casefile.Exited, casefile.FollowUp, casefile.Closed:
		return ""
	default:
		return "blue"
	}
}

func (v Frame) speaks() string {
	words := v.LanguageName(v.O.Case.Language)
	if v.O.Case.Language != "en" && (v.O.English == "some" || v.O.English == "little") {
		words += ", " + v.T("record.english."+v.O.English)
	}
	if v.O.Case.Interpreter {
		words += ", " + v.T("record.interpreter")
	}
	return words
}

func (v Frame) phone() string {
	words := v.Phone(v.O.Case.Phone)
	if v.O.Case.TextsOK {
		words += ", " + v.T("record.texts_ok")
	}
	return words
}

func (v Frame) programs() string {
	var names []string
	for _, p := range v.O.Case.Programs {
		names = append(names, v.T("program."+p))
	}
	return strings.Join(names, ", ")
}

type tab struct{ Key, Href, Words string }

func (v Frame) tabs() []tab {
	list := []tab{}
	for _, t := range [][2]string{{"overview", ""}, {"intake", "/intake"}, {"assessment", "/assessment"}, {"goals", "/goals"}, {"plan", "/plan"}, {"talks", "/check-ins"}, {"services", "/services"}, {"messages", "/messages"}, {"documents", "/documents"}, {"rights", "/rights"}, {"history", "/history"}, {"narrative", "/narrative"}} {
		list = append(list, tab{t[0], v.at(t[1]), v.T("record.tab."+t[0], msg.Args{"count": v.O.TalkCount})})
	}
	return list
}

// stepPaths are the pages of the six steps.
var stepPaths = [6]string{"/intake", "/recommendations", "/selection", "/goals", "/plan", "/check-ins"}

func (v Record) nextStep() string { return stepPaths[v.O.Case.Step-1] }

func (v Record) rail() []component.Step {
	var list []component.Step
	for i, s := range v.O.Steps {
		st := component.Step{Number: s.Number, Name: v.T("rail." + s.Key), State: s.State, Href: v.at(stepPaths[i])}
		switch {
		case s.State == "done" && s.Key == "plan":
			st.Note = v.T("record.signed", msg.Args{"on": v.Day(s.DoneOn)})
		case s.State == "done":
			st.Note = v.T("record.done", msg.Args{"on": v.Day(s.DoneOn)})
		case s.State == "here" && s.Key == "engagement":
			st.Note = v.T("record.since_week", msg.Args{"on": v.Day(v.O.Case.StepSince), "week": v.Today.DaysSince(v.O.Case.StepSince)/7 + 1})
		case s.State == "here":
			st.Note = v.T("record.here", msg.Args{"on": v.Day(v.O.Case.StepSince)})
		default:
			st.Note = v.T("record.later")
		}
		list = append(list, st)
	}
	return list
}

// missing says what the step still asks for.
// handOver is where the person is given to somebody else, and its words: by who may, or asked for by whose
// person it is.
func (v Record) handOver() (href, words string) {
	switch of := "?cases=" + v.O.Case.ID.String(); {
	case !v.O.Case.Open():
	case v.May(access.TransferCase):
		return "/team/transfer" + of, "record.transfer"
	case v.May(access.AskTransfer) && v.O.Case.CaseManagerID == v.By.ID:
		return "/transfers/requests/new" + of, "bulk.ask"
	}
	return "", ""
}

func (v Record) missing() string {
	for _, s := range v.O.Steps {
		if s.State == "here" && s.Number < 6 {
			var words []string
			for _, m := range s.Missing {
				words = append(words, v.T("missing."+m))
			}
			return v.T("record.missing", msg.Args{"list": strings.Join(words, ", ")})
		}
	}
	return ""
}

// before says how the earlier program ended and where the person goes on.
func (v Record) before() string {
	b := v.O.Before
	if b.EndedOn.IsZero() {
		return ""
	}
	words := v.T("record.before", msg.Args{"date": v.Date(b.EndedOn)})
	if b.ResumeStep > 0 {
		words += " " + v.T("record.before.step", msg.Args{"step": b.ResumeStep, "name": v.T("step." + strconv.Itoa(b.ResumeStep))})
	}
	if b.Milestone != "" {
		words += " " + v.T("record.before.milestone", msg.Args{"title": b.Milestone})
	}
	return words
}

// aboutPaper reports a flag that the last talk says nothing about.
func aboutPaper(f casefile.Flag) bool { return strings.HasPrefix(f.Code, "document_") }

func (v Record) flagAction(f casefile.Flag) (href, words string) {
	switch f.Code {
	case "milestone_late":
		return v.at("/check-ins/new"), v.T("record.update_milestone")
	case "exit_near", "proof_late":
		return v.at("/services"), v.T("record.tab.services")
	case "permit_expired", "permit_expiring":
		return v.at("/intake/about"), v.T("record.see_permit")
	case "pause_over":
		return v.at("/return"), v.T("record.return")
	case "document_new", "document_expiring", "document_expired":
		return v.at("/documents"), v.T("record.see_documents")
	case "plan_returned", "plan_waiting", "plan_unsigned", "support_ending":
		return v.at("/plan"), v.T("record.open_plan")
	}
	return v.at("/check-ins/new"), v.T("record.check_in")
}

func (v Record) planLine() string {
	p := v.O.Plan
	args := msg.Args{"number": p.Number, "on": v.Day(p.InForceOn)}
	if p.State != "in_force" {
		return v.T("record.plan_line."+string(p.State), args)
	}
	if on := p.ApprovedOn(); !on.IsZero() {
		args["approved"] = v.Day(on)
		args["on"] = v.Day(p.SignedOn())
		return v.T("record.plan_line.approved", args)
	}
	return v.T("record.plan_line.in_force", args)
}

func (v Record) goalWhen(g goal.Goal) string {
	if g.Status == "met" {
		return v.T("goal_when."+string(g.Horizon)+".met", msg.Args{"on": v.Day(g.MetOn)})
	}
	on := v.Month(g.TargetOn)
	if g.Horizon == "long" {
		on = g.TargetOn.Time().Format("2006")
	}
	return v.T("goal_when."+string(g.Horizon), msg.Args{"on": on})
}

func (v Record) goalPay(g goal.Goal) string {
	pay := v.Pay(g.Pay, g.PayMax, g.PayPer)
	if g.Employer != "" && pay != "" {
		return g.Employer + ", " + pay
	}
	return g.Employer + pay
}

func (v Record) nextWhen() string {
	n := v.O.Next
	day := v.Day(n.OnDate)
	switch v.Today.DaysSince(n.OnDate) {
	case 0:
		day = v.T("record.today")
	case -1:
		day = v.T("record.tomorrow")
	}
	if !n.AtTime.IsZero() {
		day += ", " + v.At(n.AtTime)
	}
	return v.T("record.next", msg.Args{"when": day})
}

func (v Record) nextWhat() string {
	n := v.O.Next
	place := v.T("record.place."+n.Place, msg.Args{"office": v.O.Case.OfficeName})
	words := v.T("record.next_what", msg.Args{"what": v.T("appointment." + n.Kind), "place": place})
	if n.Answer != "" {
		words += " " + v.T("record.answer."+n.Answer, msg.Args{"name": v.O.Case.First(), "on": v.weekday(n.AnsweredOn)})
	}
	return words
}

func (v Record) weekday(d civil.Date) string {
	if v.Today.DaysSince(d) < 7 {
		return v.Words.WeekdayName(d)
	}
	return v.Day(d)
}

// Level is "Level 2, semi-skilled".
func (v Record) Level(step int, title string) string {
	return v.T("record.level", msg.Args{"step": step, "title": title})
}

type supportLine struct{ Need, What string }

func (v Record) supportLines() []supportLine {
	var list []supportLine
	for _, l := range v.O.Plan.Lines {
		if l.Kind != "support" {
			continue
		}
		what := l.What
		switch {
		case l.State == "not_needed":
			what = v.T("record.not_needed")
		case l.State == "paid" && !l.PaidOn.IsZero():
			what = v.T("record.paid", msg.Args{"what": l.What, "on": v.Day(l.PaidOn)})
		case !l.EndsOn.IsZero():
			what = v.T("record.until", msg.Args{"what": l.What, "on": v.Day(l.EndsOn)})
		}
		need := l.Need
		if v.Words.Has("plan.need." + l.Need) {
			need = v.T("plan.need." + l.Need)
		}
		list = append(list, supportLine{need, what})
	}
	return list
}

// happened is one line of the history: the same thing done by the same person within a minute, so many times.
type happened struct {
	casefile.Event
	Times int
}

// lines puts what was done again and again on one line.
func (v History) lines() (list []happened) {
	for _, e := range v.Timeline.Events {
		if n := len(list) - 1; n >= 0 && list[n].Action == e.Action && list[n].Actor == e.Actor && list[n].At.Sub(e.At) < time.Minute {
			list[n].Times++
			continue
		}
		list = append(list, happened{e, 1})
	}
	return list
}

// lower is words in the middle of a sentence.
func lower(words string) string {
	first, n := utf8.DecodeRuneInString(words)
	return string(unicode.ToLower(first)) + words[n:]
}

// event is one line of the history in words.
func (v History) event(e happened) string {
	who := e.Actor
	if who == "" {
		who = v.T("record.system")
	}
	words := v.T("record.event", msg.Args{"who": who, "what": lower(v.T("audit.action." + e.Action))})
	if key := "event." + e.Action; v.Words.Has(key) {
		words = v.T(key, msg.Args{"who": who})
	}
	if e.Times > 1 {
		words += " " + v.T("record.event.times", msg.Args{"count": e.Times})
	}
	return words
}
