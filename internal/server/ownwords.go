package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/ownwords"
	"waymark/internal/page"
	"waymark/internal/wire"
	ownpage "waymark/web/page/ownwords"
)

func (s *Server) ownWordsRoutes() {
	s.page("GET", "/me/tasks", (*request).showTopics)
	s.page("GET", "/me/tasks/:topic", (*request).showTopic)
	s.page("POST", "/me/tasks/:topic", (*request).sayTopic)
	s.page("GET", "/me/goals/new", (*request).askGoal)
	s.page("POST", "/me/goals", (*request).proposeGoal)
	s.button("/me/goals/:words/take-back", (*request).takeBackGoal)
	s.page("GET", "/cases/:case/own-words", (*request).showOwnWords)
	s.page("POST", "/cases/:case/own-words/:words/accept", (*request).acceptWords)
	s.page("POST", "/cases/:case/own-words/:words/decline", (*request).declineWords)

	s.api("GET", "/me/tasks", (*request).apiTopics)
	s.api("GET", "/me/tasks/:topic", (*request).apiTopic)
	s.api("PUT", "/me/tasks", (*request).apiSayTopic)
	s.api("POST", "/me/goals", (*request).apiProposeGoal)
	s.action("POST", "/me/goals/:words/take-back", (*request).apiTakeBackGoal)
	s.api("GET", "/cases/:case/own-words", (*request).apiOwnWords)
	s.api("POST", "/cases/:case/own-words/:words/accept", (*request).apiAcceptWords)
	s.api("POST", "/cases/:case/own-words/:words/decline", (*request).apiDeclineWords)
}

func (r *request) showTopics() error {
	desk, err := r.s.ownwords.Desk(r.ctx(), r.by)
	if err != nil {
		return err
	}
	helper, err := r.s.portal.Helper(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("plan", "own.title")
	return r.show(http.StatusOK, c, ownpage.Topics{Chrome: c, Desk: desk, Helper: helper}.Body())
}

func (r *request) showTopic() error { return r.topicPage(nil) }

func (r *request) topicPage(refused error) error {
	p, err := r.s.ownwords.Page(r.ctx(), r.by, r.c.Param("topic"))
	if err != nil {
		return err
	}
	topic := p.Topic.Name
	c := r.chrome("plan", "own.topic."+topic)
	f := page.NewForm(c, "own", "/me/tasks/"+topic, p.Answers)
	for i, area := range intake.SupportAreas {
		if severity, ok := p.Needs[area]; ok {
			f.Values.Set("needs."+strconv.Itoa(i)+".severity", strconv.Itoa(severity))
		}
	}
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	f = r.restore(f, topicDraft(topic), "own.topic."+topic)
	v := ownpage.Topic{Chrome: c, Page: p, Form: f}
	if v.Lists, err = r.topicLists(topic); err != nil {
		return err
	}
	return r.show(status, c, v.Body())
}

func topicDraft(topic string) string { return "own." + topic }

func (r *request) topicLists(topic string) (l ownpage.Lists, err error) {
	switch intake.Section(topic) {
	case intake.SectionAbout:
		l.Languages, err = r.options(intake.Languages)
	case intake.SectionContact:
		l.States, err = r.options(intake.States)
	}
	return l, err
}

func (r *request) sayTopic() error {
	p, err := r.s.ownwords.Page(r.ctx(), r.by, r.c.Param("topic"))
	if err != nil {
		return err
	}
	if p.Topic.Name == ownwords.TopicNeeds {
		var in ownwords.NeedsInput
		if err = r.bind(&in); err == nil {
			_, err = r.s.ownwords.SayNeeds(r.ctx(), r.by, in)
		}
	} else {
		var answers intake.Answers
		if answers, err = r.sectionInput(intake.Section(p.Topic.Name)); err == nil {
			_, err = r.s.ownwords.Say(r.ctx(), r.by, answers)
		}
	}
	if correctable(err) {
		return r.topicPage(err)
	}
	if err != nil {
		return err
	}
	if next := p.Next; next != "" && r.posted.Get("go") == "next" {
		return r.done("own.saved", "/me/tasks/"+next)
	}
	return r.done("own.saved", "/me/tasks")
}

// ownGoalDraft is the key of a goal that was begun.
const ownGoalDraft = "own.goal"

func (r *request) askGoal() error { return r.goalPage(nil) }

func (r *request) goalPage(refused error) error {
	if err := r.s.policy.Require(r.by, access.AnswerPortal); err != nil {
		return err
	}
	c := r.chrome("plan", "own.goals.page")
	f := page.NewForm(c, "own_goal", "/me/goals", nil)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	} else if o, err := r.occupation(r.c.Query("job")); err == nil {
		f.Values.Set("title", o.own.Title.In(r.lang())) // from the page of a job
	}
	f = r.restore(f, ownGoalDraft, "own.goals.page")
	return r.show(status, c, ownpage.Propose{Chrome: c, Form: f}.Body())
}

func (r *request) proposeGoal() error {
	var in ownwords.GoalInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.ownwords.Propose(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.goalPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("own.goals.sent", "/me/tasks")
}

func (r *request) takeBackGoal() error {
	one, err := param[ownwords.Words](r, "words")
	if err != nil {
		return err
	}
	if err := r.s.ownwords.TakeBack(r.ctx(), r.by, one); err != nil && !errs.Is(err, errs.Conflict) {
		return err // one that is settled already shows what became of it
	}
	return r.done("own.goals.taken_back", "/me/tasks")
}

func (r *request) showOwnWords() error { return r.ownWordsPage("", nil) }

// ownWordsPage shows what waits; which of its forms was refused is told by the words and the verb.
func (r *request) ownWordsPage(verb string, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	review, err := r.s.ownwords.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "own_staff.title", msg.Args{"name": review.Case.First()})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
	}
	v := ownpage.Review{Chrome: c, Review: review}
	for _, p := range review.Waiting {
		f := r.wordsForms(c, review, p)
		if refused != nil && p.ID.String() == r.c.Param("words") {
			target := map[string]*page.Form{"accept": &f.Accept, "decline": &f.Decline}[verb]
			*target = target.Refused(r.filled(), refused)
		}
		v.Forms = append(v.Forms, f)
	}
	return r.show(status, c, v.Body())
}

func (r *request) wordsForms(c page.Chrome, review ownwords.Review, p ownwords.Pending) (f ownpage.Forms) {
	at := casePath(review.Case.ID, "/own-words/"+p.ID.String())
	f.Accept = page.NewForm(c, "goal", at+"/accept", nil)
	f.Accept.Row, f.Accept.Version = "-"+p.ID.String(), p.Version
	if p.Kind == ownwords.KindGoal {
		f.Accept = page.NewForm(c, "goal", at+"/accept", ownwords.AcceptInput{TargetOn: p.Goal().TargetOn})
		f.Accept.Row = "-" + p.ID.String()
	}
	f.Decline = page.NewForm(c, "decline", at+"/decline", nil)
	f.Decline.Row = "-" + p.ID.String()
	f.May = review.Case.Open() && c.May(p.Takes())
	return f
}

func (r *request) acceptWords() error {
	version, err := r.version()
	if err != nil {
		return err
	}
	caseID, words, err := r.wordsIDs()
	if err != nil {
		return err
	}
	var in ownwords.AcceptInput
	if err = r.bind(&in); err == nil {
		err = r.s.ownwords.Accept(r.ctx(), r.by, caseID, words, version, in)
	}
	if correctable(err) {
		return r.ownWordsPage("accept", err)
	}
	if err != nil {
		return err
	}
	return r.done("own_staff.accepted", casePath(caseID, "/own-words"))
}

func (r *request) wordsIDs() (caseID access.CaseID, words id.Of[ownwords.Words], err error) {
	if caseID, err = r.caseID(); err != nil {
		return caseID, words, err
	}
	words, err = param[ownwords.Words](r, "words")
	return caseID, words, err
}

func (r *request) declineWords() error {
	caseID, words, err := r.wordsIDs()
	if err != nil {
		return err
	}
	var in ownwords.DeclineInput
	if err = r.bind(&in); err == nil {
		err = r.s.ownwords.Decline(r.ctx(), r.by, caseID, words, in)
	}
	if correctable(err) {
		return r.ownWordsPage("decline", err)
	}
	if err != nil {
		return err
	}
	return r.done("own_staff.declined", casePath(caseID, "/own-words"))
}

// ownMarks are notes on what the person has said of each section, for the staff's pages of the same
// questions, and the sections of which their words wait.
func (r *request) ownMarks(c page.Chrome, caseID access.CaseID) (map[string]templ.Component, map[intake.Section]bool, error) {
	review, err := r.s.ownwords.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return nil, nil, err
	}
	marks, waits := map[string]templ.Component{}, map[intake.Section]bool{}
	mark := func(w ownwords.Words) {
		if _, ok := marks[w.Topic]; !ok {
			marks[w.Topic] = ownpage.Mark(c, review.Case.First(), &w, casePath(caseID, "/own-words#words-"+w.ID.String()))
		}
	}
	for _, p := range review.Waiting {
		mark(p.Words)
		waits[intake.Section(p.Topic)] = true
	}
	for _, w := range review.Settled {
		mark(w)
	}
	return marks, waits, nil
}

func (r *request) apiTopics() error {
	desk, err := r.s.ownwords.Desk(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, desk)
}

func (r *request) apiTopic() error {
	p, err := r.s.ownwords.Page(r.ctx(), r.by, r.c.Param("topic"))
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, p)
}

// ownAnswers are the answers of one topic: a section of the intake record, or the support screen.
type ownAnswers struct {
	intake.Sections
	Needs []ownwords.NeedInput `json:"needs" validate:"max=20,dive"`
}

func (r *request) apiSayTopic() error {
	var in ownAnswers
	if err := wire.JSON(r.body, &in); err != nil {
		return err
	}
	var named map[string]json.RawMessage
	if err := json.Unmarshal(r.body, &named); err != nil || len(named) != 1 {
		return errs.At("topic", "one_topic")
	}
	var words ownwords.Words
	var err error
	for topic := range named {
		if topic == ownwords.TopicNeeds {
			words, err = r.s.ownwords.SayNeeds(r.ctx(), r.by, ownwords.NeedsInput{Needs: in.Needs})
			break
		}
		in.Tidy()
		words, err = r.s.ownwords.Say(r.ctx(), r.by, in.Of(intake.Section(topic)))
		err = below(topic, err)
	}
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, words)
}

// below puts the name of what holds them before the fields of a refusal.
func below(name string, err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		for i := range e.Fields {
			e.Fields[i].Name = name + "." + e.Fields[i].Name
		}
	}
	return err
}

func (r *request) apiProposeGoal() error {
	var in ownwords.GoalInput
	if err := r.bind(&in); err != nil {
		return err
	}
	words, err := r.s.ownwords.Propose(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/me/tasks", words)
}

func (r *request) apiTakeBackGoal() error {
	one, err := param[ownwords.Words](r, "words")
	if err != nil {
		return err
	}
	if err := r.s.ownwords.TakeBack(r.ctx(), r.by, one); err != nil {
		return err
	}
	return r.apiTopics()
}

// ownReview is what waits in a case. Each piece comes with the version of what it would change.
type ownReview struct {
	Waiting []ownPending     `json:"waiting"`
	Settled []ownwords.Words `json:"settled"`
}

type ownPending struct {
	ownwords.Words
	Version int `json:"version"`
}

func (r *request) apiOwnWords() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	review, err := r.s.ownwords.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	out := ownReview{Waiting: []ownPending{}, Settled: review.Settled}
	for _, p := range review.Waiting {
		out.Waiting = append(out.Waiting, ownPending{p.Words, p.Version})
	}
	return r.json(http.StatusOK, out)
}

func (r *request) apiAcceptWords() error {
	version, err := r.versionIfAny()
	if err != nil {
		return err
	}
	caseID, words, err := r.wordsIDs()
	if err != nil {
		return err
	}
	var in ownwords.AcceptInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.ownwords.Accept(r.ctx(), r.by, caseID, words, version, in); err != nil {
		return err
	}
	return r.apiOwnWords()
}

func (r *request) apiDeclineWords() error {
	caseID, words, err := r.wordsIDs()
	if err != nil {
		return err
	}
	var in ownwords.DeclineInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.ownwords.Decline(r.ctx(), r.by, caseID, words, in); err != nil {
		return err
	}
	return r.apiOwnWords()
}
