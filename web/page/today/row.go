package today

import (
	"strings"

	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/today"
)

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
	named := false // the other thing, by its name
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
		if named = i.Milestone != "" && i.Kind != today.Milestone; named {
			words = append(words, r.T("today.why.milestone", msg.Args{"title": i.MilestoneIn(r.Lang()), "on": r.Day(i.MilestoneDueOn)}))
		}
	}
	if i.More > 0 && !named {
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

func escaped(path string) string { return escapes.Replace(path) }

var escapes = strings.NewReplacer("?", "%3F", "&", "%26", "=", "%3D")
