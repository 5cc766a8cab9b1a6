package server

import (
	"net/http"
	"net/url"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/message"
	"waymark/internal/money"
	"waymark/internal/page"
	"waymark/internal/portal"
	portalpage "waymark/web/page/portal"
)

func (s *Server) portalRoutes() {
	s.page("GET", "/me", (*request).showMe)
	s.page("GET", "/me/plan", (*request).showMyPlan)
	s.page("GET", "/me/plan/history", (*request).showMyHistory)
	s.page("GET", "/me/office", (*request).showMyOffice)
	s.page("GET", "/me/path", (*request).showMyPath)
	s.page("GET", "/me/record", (*request).showMyReaders)
	s.page("GET", "/me/messages", (*request).showMyMessages)
	s.page("POST", "/me/messages", (*request).sendMyMessage)
	s.button("/me/messages/read", (*request).readMyMessages)
	s.page("GET", "/me/milestones/:milestone", (*request).showMyStep)
	s.page("POST", "/me/milestones/:milestone", (*request).tellOfStep)
	s.page("POST", "/me/feeling", (*request).sendMyFeeling)
	s.button("/me/appointments/:appointment/coming", (*request).sayComing)
	s.page("GET", "/me/appointments/:appointment/other-time", (*request).askOtherTime)
	s.page("POST", "/me/appointments/:appointment/other-time", (*request).sayOtherTime)
	s.button("/cases/:case/signals/:signal/seen", (*request).markSignalSeen)

	s.api("GET", "/me/plan", (*request).apiMyPlan)
	s.api("GET", "/me/plan/history", (*request).apiMyHistory)
	s.api("POST", "/me/answers", (*request).apiMyAnswer)
	s.action("POST", "/cases/:case/signals/:signal/seen", (*request).apiMarkSignalSeen)
}

func (r *request) showMe() error {
	home, err := r.s.portal.Home(r.ctx(), r.by)
	if err != nil {
		return err
	}
	list, err := r.s.message.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "portal.title")
	return r.show(http.StatusOK, c, portalpage.Home{Chrome: c, Home: home, Unread: message.Unread(list)}.Body())
}

func (r *request) showMyPlan() error {
	home, err := r.s.portal.Home(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "portal.plan.title")
	return r.show(http.StatusOK, c, portalpage.Plan{Chrome: c, Home: home}.Body())
}

func (r *request) showMyHistory() error {
	list, err := r.s.portal.History(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "my_history.title")
	return r.show(http.StatusOK, c, portalpage.History{Chrome: c, List: list}.Body())
}

func (r *request) apiMyHistory() error {
	list, err := r.s.portal.History(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) showMyOffice() error {
	home, err := r.s.portal.Home(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "portal.office.title")
	return r.show(http.StatusOK, c, portalpage.Office{Chrome: c, Home: home}.Body())
}

func (r *request) showMyPath() error {
	path, err := r.s.portal.Path(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("path", "portal.path.title")
	return r.show(http.StatusOK, c, portalpage.Path{Chrome: c, Path: path}.Body())
}

func (r *request) showMyReaders() error {
	list, err := r.s.portal.Readings(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "portal.record.title")
	return r.show(http.StatusOK, c, portalpage.Readers{Chrome: c, List: list}.Body())
}

// messageDraft is the key of what a participant has begun to write.
const messageDraft = "message"

func (r *request) showMyMessages() error { return r.showMessages(nil) }

func (r *request) showMessages(refused error) error {
	list, err := r.s.message.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	helper, err := r.s.portal.Helper(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("messages", "portal.messages.title")
	f := page.NewForm(c, "message", "/me/messages", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	f = r.restore(f, messageDraft, "portal.messages.title")
	return r.show(status, c, portalpage.Messages{Chrome: c, List: list, Helper: helper, Form: f}.Body())
}

func (r *request) sendMyMessage() error {
	var in portal.MessageInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.portal.Send(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.showMessages(err)
	}
	if err != nil {
		return err
	}
	return r.done("portal.messages.sent", "/me/messages")
}

func (r *request) readMyMessages() error {
	if err := r.s.message.Read(r.ctx(), r.by); err != nil {
		return err
	}
	return r.done("portal.messages.read_saved", "/me/messages")
}

func (r *request) showMyStep() error {
	say := r.c.Query("say")
	if say != portal.SaysStuck && say != portal.SaysChange {
		say = portal.SaysDone
	}
	return r.showStep(portal.MilestoneInput{Say: say}, nil)
}

func (r *request) showStep(in portal.MilestoneInput, refused error) error {
	step, helper, err := r.s.portal.Step(r.ctx(), r.by, r.c.Param("milestone"))
	if err != nil {
		return err
	}
	c := r.chrome("plan", "portal.tell.title")
	f := page.NewForm(c, "tell", "/me/milestones/"+url.PathEscape(step.Key), in)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, portalpage.Tell{Chrome: c, Step: step, Helper: helper, Form: f}.Body())
}

func (r *request) tellOfStep() error {
	var in portal.MilestoneInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.portal.Tell(r.ctx(), r.by, r.c.Param("milestone"), in)
	}
	if correctable(err) {
		return r.showStep(in, err)
	}
	if err != nil {
		return err
	}
	return r.done("portal.tell.sent."+in.Say, "/me/plan")
}

func (r *request) sendMyFeeling() error {
	var in portal.FeelingInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if _, err := r.s.portal.Feel(r.ctx(), r.by, in); err != nil {
		return err
	}
	return r.done("portal.feeling.sent", "/me")
}

func (r *request) sayComing() error {
	one, err := param[portal.Appointment](r, "appointment")
	if err != nil {
		return err
	}
	_, err = r.s.portal.Reply(r.ctx(), r.by, one, portal.ReplyInput{Answer: "coming"})
	if errs.Is(err, errs.Conflict) {
		return r.go303("/me") // which says what to do about a day that has passed
	}
	if err != nil {
		return err
	}
	return r.done("portal.next.coming_sent", "/me")
}

func (r *request) askOtherTime() error { return r.showOtherTime(nil) }

func (r *request) showOtherTime(refused error) error {
	one, err := param[portal.Appointment](r, "appointment")
	if err != nil {
		return err
	}
	a, helper, err := r.s.portal.Appointment(r.ctx(), r.by, one)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "portal.other.title")
	f := page.NewForm(c, "other_time", "/me/appointments/"+one.String()+"/other-time", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, portalpage.OtherTime{Chrome: c, Appointment: a, Helper: helper, Form: f}.Body())
}

// otherTime is what the short form asks.
type otherTime struct {
	Note string `json:"note"`
}

func (r *request) sayOtherTime() error {
	one, err := param[portal.Appointment](r, "appointment")
	if err != nil {
		return err
	}
	var in otherTime
	if err = r.bind(&in); err == nil {
		_, err = r.s.portal.Reply(r.ctx(), r.by, one, portal.ReplyInput{Answer: "another_time", Note: in.Note})
	}
	if correctable(err) {
		return r.showOtherTime(err)
	}
	if err != nil {
		return err
	}
	return r.done("portal.other.sent", "/me")
}

func (r *request) markSignalSeen() error {
	if err := r.seeSignal(); err != nil {
		return err
	}
	return r.done("portal.signal.seen", safeNext(r.posted.Get("next")))
}

func (r *request) apiMarkSignalSeen() error {
	if err := r.seeSignal(); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"seen": true})
}

func (r *request) seeSignal() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	one, err := param[portal.Signal](r, "signal")
	if err != nil {
		return err
	}
	return r.s.portal.Seen(r.ctx(), r.by, caseID, one)
}

// myPlan is a participant's plan for their own scripts: nothing that is written for staff.
type myPlan struct {
	CaseManager portal.Helper       `json:"case_manager"`
	Next        *portal.Appointment `json:"next"`
	HasPlan     bool                `json:"has_plan"`
	ToSign      bool                `json:"to_sign"`
	Done        int                 `json:"done"`
	Total       int                 `json:"total"`
	Milestones  []portal.Step       `json:"milestones"`
	Goals       []myGoal            `json:"goals"`
}

type myGoal struct {
	ID       goal.ID      `json:"id"`
	Horizon  goal.Horizon `json:"horizon"`
	Title    string       `json:"title"`
	TitleES  string       `json:"title_es"`
	Pay      money.Cents  `json:"pay_cents"`
	PayMax   money.Cents  `json:"pay_max_cents"`
	PayPer   string       `json:"pay_per"`
	TargetOn civil.Date   `json:"target_on"`
	Status   goal.Status  `json:"status"`
	MetOn    civil.Date   `json:"met_on"`
}

func (r *request) apiMyPlan() error {
	home, err := r.s.portal.Home(r.ctx(), r.by)
	if err != nil {
		return err
	}
	v := myPlan{
		CaseManager: home.Helper, Next: home.Next, HasPlan: home.HasPlan, ToSign: home.ToSign, Done: home.Done, Total: len(home.Steps),
		Milestones: home.Steps, Goals: []myGoal{},
	}
	for _, g := range home.Goals {
		v.Goals = append(v.Goals, myGoal{g.ID, g.Horizon, g.Title, g.TitleES, g.Pay, g.PayMax, g.PayPer, g.TargetOn, g.Status, g.MetOn})
	}
	return r.json(http.StatusOK, v)
}

// myAnswer is one thing that a participant tells us: an answer to an appointment, how the week
// goes, a message, or that a milestone is done, has them stuck or should change.
type myAnswer struct {
	AppointmentID id.Of[portal.Appointment] `json:"appointment_id"`
	Answer        string                    `json:"answer"`
	Note          string                    `json:"note"`
	Feeling       string                    `json:"feeling"`
	Message       string                    `json:"message"`
	Milestone     string                    `json:"milestone"`
	Say           string                    `json:"say"`
}

// parts counts the things that were said at once.
func (a myAnswer) parts() (n int) {
	for _, said := range []bool{!a.AppointmentID.IsZero(), a.Feeling != "", a.Message != "", a.Milestone != ""} {
		if said {
			n++
		}
	}
	return n
}

func (r *request) apiMyAnswer() (err error) {
	var in myAnswer
	if err := r.bind(&in); err != nil {
		return err
	}
	var made any
	switch {
	case in.parts() != 1:
		return errs.At("answer", "one_answer")
	case in.Milestone != "":
		made, err = r.s.portal.Tell(r.ctx(), r.by, in.Milestone, portal.MilestoneInput{Say: in.Say, Note: in.Note})
	case in.Feeling != "":
		made, err = r.s.portal.Feel(r.ctx(), r.by, portal.FeelingInput{Feeling: in.Feeling})
	case in.Message != "":
		made, err = r.s.portal.Send(r.ctx(), r.by, portal.MessageInput{Body: in.Message})
	default:
		made, err = r.s.portal.Reply(r.ctx(), r.by, in.AppointmentID, portal.ReplyInput{Answer: in.Answer, Note: in.Note})
	}
	if err != nil {
		return renamed(err, map[string]string{"body": "message"})
	}
	return r.created("/api/v1/me/plan", made)
}
