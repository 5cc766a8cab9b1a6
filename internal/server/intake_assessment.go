package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/page"
	intakepage "waymark/web/page/intake"
)

func (s *Server) assessmentRoutes() {
	s.page("GET", "/cases/:case/assessment", (*request).showAssessment)
	s.page("GET", "/cases/:case/assessment/new", (*request).newAssessment)
	s.page("POST", "/cases/:case/assessment", (*request).addAssessment)
	s.page("GET", "/cases/:case/interests", (*request).showInterests)
	s.page("POST", "/cases/:case/interests", (*request).addInterests)

	s.api("GET", "/cases/:case/assessments", (*request).apiAssessments)
	s.api("POST", "/cases/:case/assessments", (*request).apiAssess)
}

func (r *request) showAssessment() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	a, err := r.s.intake.Assessments(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	items, _, err := intake.Readiness()
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "assessment.title", msg.Args{"name": a.Case.Name()})
	v := intakepage.Assessment{Chrome: c, A: a, Items: items, MayWrite: a.Case.TakesIntake() && c.May(access.RecordAssessment)}
	return r.show(http.StatusOK, c, v.Body())
}

func (r *request) newAssessment() error {
	if err := r.s.policy.Require(r.by, access.RecordAssessment); err != nil {
		return err
	}
	if r.c.Query("instrument") == "" { // the page of all results offers them
		caseID, err := r.caseID()
		if err != nil {
			return err
		}
		return r.go303(casePath(caseID, "/assessment"))
	}
	in := intake.AssessmentInput{Instrument: r.c.Query("instrument"), Waives: r.c.Query("waives"), TakenOn: r.today()}
	in.Supersedes, _ = id.Parse[intake.Assessment](r.c.Query("supersedes"))
	return r.assessmentForm(in, nil)
}

// assessmentForm is the form of one instrument, or of a waiver.
func (r *request) assessmentForm(in intake.AssessmentInput, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	a, err := r.s.intake.Assessments(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	instrument, ok := intake.InstrumentOf(in.Instrument)
	if !ok && refused != nil && in.Instrument != intake.Waiver {
		return refused // the instrument itself: there is no form without one
	}
	if !ok && in.Instrument != intake.Waiver {
		return errs.New(errs.NotFound, "not_found")
	}
	if instrument.Kind == intake.KindInterests && in.Supersedes.IsZero() && refused == nil {
		return r.go303(casePath(caseID, "/interests"))
	}
	items, levels, err := intake.Readiness()
	if err != nil {
		return err
	}
	name := "waiver"
	if ok {
		name = instrument.Code
	}
	words := msg.For(r.lang())
	c := r.chrome("caseload", "assessment.new_title", msg.Args{"instrument": words.T("instrument." + name), "name": a.Case.Name()})
	f := page.NewForm(c, "assessment", casePath(caseID, "/assessment"), in)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	at := "assessment/new?instrument=" + name + "&waives=" + in.Waives
	if !in.Supersedes.IsZero() {
		at += "&supersedes=" + in.Supersedes.String()
	}
	f = r.restore(f, begun(caseID, at), "assessment.crumb")
	v := intakepage.AssessmentForm{Chrome: c, Case: a.Case, Instrument: instrument, Waiver: !ok, Supersedes: superseded(a, in.Supersedes), Items: items, Levels: levels, Form: f}
	return r.show(status, c, v.Body())
}

func superseded(a intake.Assessments, of intake.AssessmentID) intake.Scored {
	for _, s := range a.Results {
		if !of.IsZero() && s.ID == of {
			return s
		}
	}
	return intake.Scored{}
}

// assessmentPost is a result as its page sends it. Lines hold named scales, one "name: figure" a line.
type assessmentPost struct {
	intake.AssessmentInput
	Lines string `json:"lines"`
}

// input makes the scores of the lines.
func (p assessmentPost) input() (intake.AssessmentInput, error) {
	in := p.AssessmentInput
	if in.Instrument == intake.Waiver {
		in.Instrument = ""
	}
	if in.Instrument != intake.WOWI {
		return in, nil
	}
	in.Scores = map[string]intake.Figure{}
	for line := range strings.Lines(p.Lines) {
		name, figure, ok := strings.Cut(strings.TrimSpace(line), ":")
		if name == "" && !ok {
			continue
		}
		f := intake.Figure(strings.TrimSpace(figure))
		if _, number := f.Float(); !ok || !number {
			return in, errs.AtArgs("lines", "scale_line", map[string]any{"line": strings.TrimSpace(line)})
		}
		in.Scores[strings.TrimSpace(name)] = f
	}
	return in, nil
}

func (r *request) addAssessment() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var post assessmentPost
	var in intake.AssessmentInput
	if err = r.bind(&post); err == nil {
		in, err = post.input()
	}
	if err == nil {
		_, err = r.s.intake.Assess(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		post.Instrument = r.posted.Get("instrument")
		return r.assessmentForm(post.AssessmentInput, renamed(err, map[string]string{"scores": "lines"}))
	}
	if err != nil {
		return err
	}
	key := "assessment.saved"
	if in.Waives != "" {
		key = "assessment.waived"
	}
	return r.done(key, casePath(caseID, "/assessment"))
}

// interestForm is what the interest pages send: 60 answers by item, or six scores.
type interestForm struct {
	Instrument string                   `json:"instrument"`
	TakenOn    civil.Date               `json:"taken_on"`
	Answers    map[string]intake.Figure `json:"answers"`
	Scores     map[string]intake.Figure `json:"scores"`
}

// input makes one list of the answers; each statement without one is an error of its own.
func (f interestForm) input() (intake.AssessmentInput, error) {
	in := intake.AssessmentInput{Instrument: f.Instrument, TakenOn: f.TakenOn, Scores: f.Scores}
	if len(f.Scores) > 0 {
		return in, nil
	}
	var c errs.Collector
	for i := 1; i <= 60; i++ {
		name := strconv.Itoa(i)
		n, ok := f.Answers[name].Int()
		if !ok || n < 0 || n > 4 {
			c.AddArgs("answers."+name, "unanswered", map[string]any{"item": i})
		}
		in.Answers = append(in.Answers, n)
	}
	return in, c.Err()
}

func (r *request) showInterests() error {
	if err := r.s.policy.Require(r.by, access.RecordAssessment); err != nil {
		return err
	}
	way := r.c.Query("way")
	if !slices.Contains([]string{"scores", "onet"}, way) {
		way = "own"
	}
	return r.interestsPage(way, nil)
}

func (r *request) interestsPage(way string, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	a, err := r.s.intake.Assessments(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	short, err := r.s.intake.ShortForm(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	statements, err := intake.OwnStatements()
	if err != nil {
		return err
	}
	instrument := intake.WaymarkInterests
	if way == "onet" {
		if len(short) != 60 {
			return errs.New(errs.NotFound, "not_found")
		}
		statements.Items, instrument = short, intake.OnetIPShort
	}
	c := r.chrome("caseload", "interests.title", msg.Args{"name": a.Case.Name()})
	f := page.NewForm(c, "interests", casePath(caseID, "/interests"), interestForm{Instrument: instrument, TakenOn: r.today()})
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	f = r.restore(f, "interests."+way+":"+caseID.String(), "interests.crumb")
	v := intakepage.Interests{Chrome: c, Case: a.Case, Way: way, HasShort: len(short) == 60, Statements: statements, Form: f}
	return r.show(status, c, v.Body())
}

func (r *request) addInterests() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var form interestForm
	var in intake.AssessmentInput
	if err = r.bind(&form); err == nil {
		in, err = form.input()
	}
	if err == nil {
		_, err = r.s.intake.Assess(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.interestsPage(wayOf(r.posted.Get("instrument"), len(form.Scores) > 0), err)
	}
	if err != nil {
		return err
	}
	return r.done("assessment.saved", casePath(caseID, "/assessment"))
}

func wayOf(instrument string, scores bool) string {
	switch {
	case scores:
		return "scores"
	case instrument == intake.OnetIPShort:
		return "onet"
	}
	return "own"
}

// scoredView is a result as the API shows it: level and code beside what was stored.
type scoredView struct {
	intake.Scored
	Level     string `json:"level"`
	LevelName string `json:"level_name"`
	Code      string `json:"code"`
	Passed    *bool  `json:"passed"`
	Valid     bool   `json:"valid"`
}

func (r *request) scoredView(s intake.Scored) scoredView {
	v := scoredView{Scored: s, Level: s.Reading.V.Level, Code: s.Reading.V.Code, Passed: s.Reading.V.Passed, Valid: s.Valid()}
	if v.Level != "" {
		v.LevelName = msg.For(r.lang()).T(v.Level)
	}
	return v
}

func (r *request) apiAssess() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in intake.AssessmentInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.intake.Assess(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	made.RecordedBy = r.by.Name()
	return r.created("/api/v1"+casePath(caseID, "/assessments"), r.scoredView(made))
}

func (r *request) apiAssessments() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	a, err := r.s.intake.Assessments(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	items := make([]scoredView, 0, len(a.Results))
	for _, s := range a.Results {
		items = append(items, r.scoredView(s))
	}
	return r.list(items, map[string]any{"missing": a.Missing})
}

// renamed gives the fields of a refusal other names, so that they point at controls of the page.
func renamed(err error, names map[string]string) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err
	}
	for i, f := range e.Fields {
		if to, ok := names[f.Name]; ok {
			e.Fields[i].Name = to
		}
	}
	return err
}
