// Package engagement has the pages of step 6: check-ins, notes, appointments, services, leaving and
// coming back, outcomes.
package engagement

import (
	"slices"
	"strconv"

	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/engagement"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/participation"
	"waymark/web/component"
)

func at(c casefile.Case, path string) string { return "/cases/" + c.ID.String() + path }

// crumbs lead from the record to the page with the key; parent is "" or the page between.
func crumbs(c page.Chrome, of casefile.Case, parent, parentPath, key string) []component.Crumb {
	list := []component.Crumb{{Href: "/caseload", Words: c.T("nav.caseload")}, {Href: at(of, ""), Words: of.Name()}}
	if parent != "" {
		list = append(list, component.Crumb{Href: at(of, parentPath), Words: c.T(parent)})
	}
	return append(list, component.Crumb{Words: c.T(key)})
}

// Quick is the form of a check-in, in a row of Today and on its own page alike.
type Quick struct {
	page.Chrome
	Form  page.Form
	Start engagement.Start
	// Next is where to go afterwards; Row is the row's key when the form stands in one.
	Next, Row string
	// Services are the options of what was given in the talk.
	Services []page.Option
	// Correcting is the check-in that the form corrects; zero for none.
	Correcting engagement.CheckIn
	// Effect is what the service on the form would do to the exit, once somebody asked.
	Effect string
}

func (v Quick) action() string { return at(v.Start.Case, "/check-ins") }

func (v Quick) heading() string { return "quick-h" + v.Form.Row }

func (v Quick) corrects() bool { return !v.Correcting.ID.IsZero() }

// results without the words of a page have their names from the form.
// result is where a form begins that has just opened in its row.
func (v Quick) result() page.Field {
	f := v.Form.Choice("result", engagement.Results...)
	f.Focus = v.Row != ""
	return f
}

func (v Quick) method() page.Field { return v.Form.Choice("method", engagement.Methods...) }

// milestone is the question about one milestone: where it stands, preset as it is; one that has not
// begun is left open, and nothing is said about it.
func (v Quick) milestone(i int) page.Field {
	m := v.Start.Milestones[i]
	values := []string{"in_progress", "behind", "done"}
	label := v.T("checkin.milestone", msg.Args{"title": m.In(v.Lang()), "due": v.Day(m.DueOn)})
	return v.Form.Choice(progressName(i)+".status", values...).Labelled(label)
}

func progressName(i int) string { return "progress." + strconv.Itoa(i) }

// rhythm says how often the talks are, and who says so.
func (v Quick) rhythm() string {
	days, key := v.Start.Rhythm.Days, "checkin.rhythm.days"
	if days%7 == 0 {
		days, key = days/7, "checkin.rhythm.weeks"
	}
	words := v.T(key, msg.Args{"count": days})
	if v.Start.Rhythm.FromPlan {
		return words + ", " + v.T("checkin.rhythm.plan")
	}
	return words
}

func (v Quick) milestoneOptions() []page.Option {
	var list []page.Option
	for _, m := range v.Start.Milestones {
		list = append(list, page.Option{Value: m.Key, Label: m.In(v.Lang()) + ", " + v.Day(m.DueOn)})
	}
	// What a corrected check-in moved may be done by now: it stays a choice, so that it is not lost.
	if a := v.Start.In.Adjustment; a.Key != "" && !slices.ContainsFunc(list, func(o page.Option) bool { return o.Value == a.Key }) {
		list = append(list, page.Option{Value: a.Key, Label: a.Key + ", " + v.Day(a.DueOn)})
	}
	return list
}

// lastTalk is the check-in before this one, in a line.
func (v Quick) lastTalk() string {
	return v.T("checkin.last", msg.Args{"on": v.Date(v.Start.Last.HeldOn), "method": v.T("checkin.method." + v.Start.Last.Method), "result": v.T("checkin.result." + v.Start.Last.Result)})
}

// Saved says what the newest check-in agreed, for the line after saving.
func Saved(c page.Chrome, of casefile.Case, k engagement.CheckIn) string {
	if k.NextOn.IsZero() {
		return c.T("checkin.saved", msg.Args{"name": of.Name()})
	}
	return c.T("checkin.saved_next", msg.Args{"name": of.Name(), "on": c.Day(k.NextOn)})
}

// effect is what a service did or would do, in words.
func effect(c page.Chrome, effect string, on civil.Date) string {
	return c.T("service.effect."+effect, msg.Args{"day": c.Date(on.AddDays(participation.ClockDays))})
}

// ServiceOptions name the services with what each would do if it were given on a day.
func ServiceOptions(c page.Chrome, set participation.Set, on civil.Date) []page.Option {
	var list []page.Option
	for _, t := range participation.All() {
		label := t.Code + " " + c.T(t.Name())
		if e := set.EffectOf(t.Code, on); e != "none" {
			label += " (" + effect(c, e, on) + ")"
		}
		list = append(list, page.Option{Value: t.Code, Label: label})
	}
	return list
}

// TalkServices name the services with what each would do to the exit if it were given in a talk of a day.
// was is the one that a correction replaces.
func TalkServices(c page.Chrome, set participation.Set, on civil.Date, was participation.RecordID) []page.Option {
	var list []page.Option
	for _, t := range participation.All() {
		label := t.Code + " " + c.T(t.Name())
		if w := set.Would(participation.Input{Code: t.Code, GivenOn: on, Supersedes: was}, c.Today); w.Effect != "none" {
			label += " (" + c.T("service.exit."+kindOf(w), exitArgs(c, w)) + ")"
		}
		list = append(list, page.Option{Value: t.Code, Label: label})
	}
	return list
}

// Codes name the services without their effects.
func Codes(c page.Chrome) []page.Option {
	var list []page.Option
	for _, t := range participation.All() {
		list = append(list, page.Option{Value: t.Code, Label: t.Code + " " + c.T(t.Name())})
	}
	return list
}

func serviceName(c page.Chrome, code string) string {
	if t, ok := participation.Lookup(code); ok {
		return code + " " + c.T(t.Name())
	}
	return code
}

// serviceState is what a recorded service is now.
func serviceState(r participation.Record) (tone, key string) {
	switch {
	case !r.Cancels.IsZero():
		return "", "service.state.cancellation"
	case !r.Live:
		return "", "service.state.replaced"
	case r.Planned:
		return "blue", "service.state.planned"
	case r.Ongoing && r.EndsOn.IsZero():
		return "green", "service.state.ongoing"
	}
	return "green", "service.state.given"
}

func serviceDates(c page.Chrome, r participation.Record) string {
	if r.EndsOn.IsZero() || r.EndsOn == r.GivenOn {
		return c.Date(r.GivenOn)
	}
	return c.T("service.from_to", msg.Args{"from": c.Date(r.GivenOn), "to": c.Date(r.EndsOn)})
}

// clockLine says in one sentence where the exit clock stands.
func clockLine(c page.Chrome, k participation.Clock) string {
	args := msg.Args{"count": k.DaysLeft, "day": c.Date(k.Day90), "last": c.Date(k.LastQualifyingOn), "held": c.Date(k.HeldUntil)}
	switch {
	case k.StartedOn.IsZero():
		return c.T("clock.not_started")
	case k.Held:
		return c.T("clock.held", args)
	case k.Due(c.Today):
		return c.T("clock.over", args)
	}
	return c.T("clock.running", args)
}

// clockMoves says what would move the exit: a service given today while the period is open.
func clockMoves(c page.Chrome, k participation.Clock) string {
	if k.StartedOn.IsZero() || k.Due(c.Today) {
		return ""
	}
	return c.T("clock.moves", msg.Args{"day": c.Date(c.Today.AddDays(participation.ClockDays + 1))})
}

func runningWords(c page.Chrome, k participation.Clock) string {
	if k.Endless() {
		return c.T("clock.endless")
	}
	return c.Date(k.RunningUntil)
}

// WouldWords says what recording a service would do to the exit.
func WouldWords(c page.Chrome, w participation.Would) string {
	return c.T("service.would."+kindOf(w), exitArgs(c, w))
}

// kindOf is the effect as the words have it: a booked service may hold the exit whatever else is recorded.
func kindOf(w participation.Would) string {
	if w.Clock.Held {
		return "holds"
	}
	return w.Effect
}

func exitArgs(c page.Chrome, w participation.Would) msg.Args {
	return msg.Args{"day": c.Date(w.Clock.ExitOn), "held": c.Date(w.Clock.HeldUntil)}
}

// tone of a warning: the later, the louder; its words say the same.
func clockTone(k participation.Clock) string {
	if k.Warning >= 75 {
		return "red"
	}
	return "orange"
}

func steps(c page.Chrome) []page.Option {
	var list []page.Option
	for n := 1; n <= 6; n++ {
		list = append(list, page.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n) + " " + c.T("step."+strconv.Itoa(n))})
	}
	return list
}

func exclusions(c page.Chrome) []page.Option {
	return c.Options("exit.exclusion", engagement.Exclusions...)
}

// appointment is what is agreed, in a line.
func appointment(c page.Chrome, a engagement.Appointment) string {
	when := c.Date(a.OnDate)
	if !a.AtTime.IsZero() {
		when += ", " + c.At(a.AtTime)
	}
	return c.T("appointment.line", msg.Args{"what": c.T("appointment.kind." + a.Kind), "when": when, "place": c.T("appointment.place." + a.Place)})
}

func visibilityTone(v string) string {
	return map[string]string{"shared": "green", "restricted": "violet"}[v]
}

// detail is an outcome's facts in a line.
func detail(c page.Chrome, o engagement.Outcome) string {
	d := o.Detail.V
	switch o.Kind {
	case "job":
		words := d.Employer
		if d.JobTitle != "" {
			words = d.JobTitle + ", " + words
		}
		if pay := c.Pay(d.Pay, 0, d.PayPer); pay != "" {
			words += ", " + pay
		}
		return words
	case "credential":
		return d.Credential + ", " + c.T("outcome.credential_kind."+d.CredentialKind)
	case "schooling":
		words := c.T("outcome.level." + d.Level)
		if !d.UntilOn.IsZero() {
			words += ", " + c.Date(d.UntilOn)
		}
		return words
	}
	return c.T("outcome.gain." + d.Gain)
}
