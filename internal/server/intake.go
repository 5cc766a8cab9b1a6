package server

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/wire"
	intakepage "waymark/web/page/intake"
)

func (s *Server) intakeRoutes() {
	s.page("GET", "/cases/:case/intake", (*request).openIntake)
	s.page("GET", "/cases/:case/intake/:section", (*request).showSection)
	s.page("POST", "/cases/:case/intake/:section", (*request).saveSection)
	s.page("GET", "/cases/:case/intake/review", (*request).reviewIntake)
	s.page("POST", "/cases/:case/intake/ssn", (*request).saveSSN)
	s.page("POST", "/cases/:case/intake/notice", (*request).giveNotice)
	s.button("/cases/:case/intake/finish", (*request).finishIntake)

	s.api("GET", "/cases/:case/intake", (*request).apiIntake)
	s.api("PUT", "/cases/:case/intake", (*request).apiSaveIntake)
	s.api("POST", "/cases/:case/intake/notice", (*request).apiNotice)

	s.eligibilityRoutes()
	s.assessmentRoutes()
	s.supportRoutes()
	s.equityRoutes()
}

func casePath(caseID access.CaseID, rest string) string {
	return "/cases/" + caseID.String() + rest
}

// openIntake goes to the section to work on next.
func (r *request) openIntake() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, rec, err := r.s.intake.Record(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	next := "review"
	if open := rec.FirstUnfinished(); open != "" {
		next = string(open)
	}
	return r.go303(casePath(caseID, "/intake/"+next))
}

// section is the part of the path that names one of the seven.
func (r *request) section() (intake.Section, error) {
	name := intake.Section(r.c.Param("section"))
	if !slices.Contains(intake.SectionNames, name) {
		return "", errs.New(errs.NotFound, "not_found")
	}
	return name, nil
}

func (r *request) showSection() error {
	if err := r.s.policy.Require(r.by, access.UpdateIntake); err != nil {
		return err
	}
	return r.sectionPage(nil, false, nil)
}

// sectionPage shows a section; refused are the errors, saved says that the rest is stored, and
// typed is what to put back.
func (r *request) sectionPage(refused error, saved bool, typed url.Values) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	name, err := r.section()
	if err != nil {
		return err
	}
	of, rec, err := r.s.intake.Record(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "intake.section_title", msg.Args{"section": msg.For(r.lang()).T("intake.section." + string(name)), "name": of.Name()})
	f := page.NewForm(c, "intake", casePath(caseID, "/intake/"+string(name)), rec.Sections.Of(name))
	f.Version = rec.State(name).Version
	status := http.StatusOK
	if refused != nil {
		mine := f.Values
		f = f.Refused(typed, refused)
		if errs.Is(refused, errs.Conflict) {
			f.Theirs = mine
		}
		status, c.Failed = statusOf(refused), true
	}
	if !saved {
		f = r.restore(f, sectionDraft(caseID, name), "intake.section."+string(name))
	}
	lists, err := r.intakeLists(name)
	if err != nil {
		return err
	}
	marks, waits, err := r.ownMarks(c, caseID)
	if err != nil {
		return err
	}
	v := intakepage.Section{Chrome: c, Case: of, Record: rec, Name: name, Lists: lists, Form: f, Saved: saved, Own: marks[string(name)], Waits: waits}
	return r.show(status, c, v.Body())
}

// intakeLists are the choices of a section that are data, in the reader's language.
func (r *request) intakeLists(name intake.Section) (l intakepage.Lists, err error) {
	switch name {
	case intake.SectionAbout:
		l.Languages, err = r.options(intake.Languages)
	case intake.SectionContact:
		l.States, err = r.options(intake.States)
	case intake.SectionWork:
		c, err := r.s.pathway.Catalogue(r.ctx(), r.by)
		for _, a := range c.Areas() {
			l.Areas = append(l.Areas, page.Option{Value: a.Code, Label: a.Name.In(r.lang())})
		}
		return l, err
	}
	return l, err
}

func (r *request) options(list func() ([]intake.Coded, error)) ([]page.Option, error) {
	coded, err := list()
	options := make([]page.Option, 0, len(coded))
	for _, c := range coded {
		options = append(options, page.Option{Value: c.Code, Label: c.Name.In(r.lang())})
	}
	return options, err
}

// sectionInput reads the posted form of one section.
func (r *request) sectionInput(name intake.Section) (intake.Answers, error) {
	var s intake.Sections
	err := r.bind(s.Pointer(name))
	s.Tidy()
	return s.Of(name), err
}

func (r *request) saveSection() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	name, err := r.section()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	in, err := r.sectionInput(name)
	var rec intake.Record
	if err == nil {
		rec, err = r.s.intake.Save(r.ctx(), r.by, caseID, []intake.Edit{{Answers: in, Version: version}}, "")
	}
	if correctable(err) {
		return r.sectionPage(err, false, r.posted)
	}
	if err != nil {
		return err
	}
	r.clearDraft(sectionDraft(caseID, name))
	state := rec.State(name)
	switch {
	case r.posted.Get("go") == "leave":
		return r.done("intake.saved", casePath(caseID, ""))
	case !state.Complete:
		return r.sectionPage(stillMissing(state), true, nil)
	}
	return r.done("intake.section_done", casePath(caseID, "/intake/"+nextSection(name)))
}

func sectionDraft(caseID access.CaseID, name intake.Section) string {
	return "intake." + string(name) + ":" + caseID.String()
}

// stillMissing asks for the answers that a saved section lacks.
func stillMissing(s intake.State) error {
	var c errs.Collector
	for _, f := range s.Missing {
		c.Add(f, "required")
	}
	return c.Err()
}

func nextSection(name intake.Section) string {
	if i := slices.Index(intake.SectionNames, name); i+1 < len(intake.SectionNames) {
		return string(intake.SectionNames[i+1])
	}
	return "review"
}

func (r *request) saveSSN() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in struct {
		SSN string `json:"ssn"`
	}
	if err = r.bind(&in); err == nil && in.SSN == "" {
		err = errs.At("ssn", "required")
	}
	if err == nil {
		_, err = r.s.intake.Save(r.ctx(), r.by, caseID, nil, in.SSN)
	}
	if correctable(err) {
		return r.reviewPage("ssn", err)
	}
	if err != nil {
		return err
	}
	return r.done("intake.ssn_saved", casePath(caseID, "/intake/review"))
}

func (r *request) reviewIntake() error { return r.reviewPage("", nil) }

// reviewPage shows everything that was answered; form is the one of its small forms that was refused.
func (r *request) reviewPage(form string, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, rec, err := r.s.intake.Record(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "intake.review_title", msg.Args{"name": of.Name()})
	ssn := page.NewForm(c, "ssn", casePath(caseID, "/intake/ssn"), nil)
	notice := page.NewForm(c, "notice", casePath(caseID, "/intake/notice"), noticeInput{given(of.NoticeGivenOn, r.today())})
	finish := page.NewForm(c, "finish", casePath(caseID, "/intake/finish"), nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		target := map[string]*page.Form{"ssn": &ssn, "notice": &notice, "finish": &finish}[form]
		*target = target.Refused(r.posted, refused)
	}
	marks, waits, err := r.ownMarks(c, caseID)
	if err != nil {
		return err
	}
	own := map[intake.Section]templ.Component{}
	for topic, mark := range marks {
		own[intake.Section(topic)] = mark
	}
	mayWrite := of.TakesIntake() && c.May(access.UpdateIntake)
	v := intakepage.Review{Own: own, Waits: waits, Chrome: c, Case: of, Record: rec, SSN: ssn, Notice: notice, Finish: finish, MayWrite: mayWrite, Today: r.today()}
	return r.show(status, c, v.Body())
}

func given(on, today civil.Date) civil.Date {
	if on.IsZero() {
		return today
	}
	return on
}

// noticeInput is the day on which the equal-opportunity notice was given.
type noticeInput struct {
	GivenOn civil.Date `json:"given_on"`
}

func (r *request) giveNotice() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in noticeInput
	if err = r.bind(&in); err == nil {
		err = r.s.intake.GiveNotice(r.ctx(), r.by, caseID, in.GivenOn)
	}
	if correctable(err) {
		return r.reviewPage("notice", err)
	}
	if err != nil {
		return err
	}
	return r.done("notice.saved", casePath(caseID, "/intake/review"))
}

func (r *request) finishIntake() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	err = r.s.intake.Finish(r.ctx(), r.by, caseID)
	if correctable(err) {
		return r.reviewPage("finish", err)
	}
	if err != nil {
		return err
	}
	return r.done("intake.finished", casePath(caseID, "/assessment"))
}

func (r *request) apiNotice() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in noticeInput
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := r.s.intake.GiveNotice(r.ctx(), r.by, caseID, in.GivenOn); err != nil {
		return err
	}
	in.GivenOn = given(in.GivenOn, r.today())
	return r.created("/api/v1"+casePath(caseID, "/intake"), in)
}

// intakeView is the intake record of the API.
type intakeView struct {
	Sections intake.Sections        `json:"sections"`
	Versions map[intake.Section]int `json:"versions"`
	// Earlier are the sections that show what an earlier case of the person says, with the day it was said.
	Earlier            map[intake.Section]civil.Date `json:"earlier"`
	Complete           bool                          `json:"complete"`
	Missing            []string                      `json:"missing"`
	SSNLast4           string                        `json:"ssn_last4"`
	NoticeGivenOn      civil.Date                    `json:"notice_given_on"`
	LongTermUnemployed bool                          `json:"long_term_unemployed"`
}

func (r *request) intakeView(rec intake.Record, noticeOn civil.Date) intakeView {
	v := intakeView{
		Sections: rec.Sections, Versions: map[intake.Section]int{}, Earlier: map[intake.Section]civil.Date{}, Missing: rec.Missing(), SSNLast4: rec.SSNLast4,
		NoticeGivenOn: noticeOn, LongTermUnemployed: rec.Sections.Work.LongTermUnemployed(r.today()),
	}
	for _, s := range rec.States {
		v.Versions[s.Section] = s.Version
		if !s.EarlierOn.IsZero() {
			v.Earlier[s.Section] = s.EarlierOn
		}
	}
	v.Complete = rec.FirstUnfinished() == ""
	return v
}

func (r *request) apiIntake() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, rec, err := r.s.intake.Record(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, r.intakeView(rec, of.NoticeGivenOn))
}

// intakeBody is what PUT takes: sections and fields that are left out stay as they are.
type intakeBody struct {
	Sections intake.Sections `json:"sections"`
	Versions map[string]int  `json:"versions"`
	SSN      string          `json:"ssn"`
}

func (r *request) apiSaveIntake() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	if err := r.s.policy.Require(r.by, access.UpdateIntake); err != nil {
		return err
	}
	of, before, err := r.s.intake.Record(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	in := intakeBody{Sections: before.Sections}
	if err := wire.JSON(r.body, &in); err != nil {
		return err
	}
	edits, err := editsOf(r.body, in, before)
	if err != nil {
		return err
	}
	rec, err := r.s.intake.Save(r.ctx(), r.by, caseID, edits, in.SSN)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, r.intakeView(rec, of.NoticeGivenOn))
}

// editsOf are the sections that the body names, each with the version that its writer saw.
func editsOf(body []byte, in intakeBody, before intake.Record) ([]intake.Edit, error) {
	var named struct {
		Sections map[intake.Section]json.RawMessage `json:"sections"`
	}
	if err := json.Unmarshal(body, &named); len(body) > 0 && err != nil {
		return nil, errs.New(errs.Unreadable, "body.json").With(err)
	}
	for _, name := range slices.Sorted(maps.Keys(in.Versions)) {
		if !slices.Contains(intake.SectionNames, intake.Section(name)) {
			return nil, errs.At("versions."+name, "unknown")
		}
	}
	in.Sections.Tidy()
	var edits []intake.Edit
	var unseen errs.Collector
	for _, name := range intake.SectionNames {
		if _, ok := named.Sections[name]; !ok {
			continue
		}
		version, ok := in.Versions[string(name)]
		if !ok && before.State(name).Version > 0 {
			unseen.Add("versions."+string(name), "version.required")
		}
		edits = append(edits, intake.Edit{Answers: in.Sections.Of(name), Version: version, Prefix: "sections." + string(name) + "."})
	}
	if e, ok := errors.AsType[*errs.Error](unseen.Err()); ok { // somebody else's answers would be written over
		e.Kind, e.Code = errs.VersionRequired, "version.required"
		return nil, e
	}
	return edits, nil
}
