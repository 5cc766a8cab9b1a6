package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/equity"
	"waymark/internal/errs"
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/ownwords"
	"waymark/internal/page"
	intakepage "waymark/web/page/intake"
)

func (s *Server) supportRoutes() {
	s.page("GET", "/cases/:case/support-needs", (*request).showSupports)
	s.page("POST", "/cases/:case/support-needs", (*request).saveSupports)

	s.api("GET", "/cases/:case/support-needs", (*request).apiSupports)
	s.api("PUT", "/cases/:case/support-needs", (*request).apiSaveSupports)
}

func (s *Server) equityRoutes() {
	s.page("GET", "/cases/:case/equal-opportunity", (*request).showEquity)
	s.page("POST", "/cases/:case/equal-opportunity", (*request).answerEquity)

	s.api("GET", "/cases/:case/equal-opportunity", (*request).apiEquity)
	s.api("POST", "/cases/:case/equal-opportunity", (*request).apiAnswerEquity)
}

func (r *request) showSupports() error { return r.supportsPage(nil) }

// screenInput has one row for each area, in the order of the form.
func screenInput(s intake.Screen) intake.ScreenInput {
	in := intake.ScreenInput{ScreenedOn: s.ScreenedOn}
	for _, area := range intake.SupportAreas {
		row := intake.NeedInput{Area: area}
		if i := slices.IndexFunc(s.Needs.V, func(n intake.SupportNeed) bool { return n.Area == area }); i >= 0 {
			n := s.Needs.V[i]
			row = intake.NeedInput{Area: area, Severity: n.Severity, Blocking: n.Blocking, Resolution: n.Resolution, Referral: n.Referral, Cost: money.Cents(n.CostCents)}
		}
		in.Needs = append(in.Needs, row)
	}
	return in
}

func (r *request) supportsPage(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, screen, err := r.s.intake.Screen(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "supports.title", msg.Args{"name": of.Name()})
	in := screenInput(screen)
	in.ScreenedOn = r.today()
	f := page.NewForm(c, "supports", casePath(caseID, "/support-needs"), in)
	f.Version = screen.Version
	for i, n := range in.Needs {
		if screen.Version > 0 && n.Severity == 0 {
			f.Values.Set("needs."+strconv.Itoa(i)+".severity", "0")
		}
	}
	status := http.StatusOK
	if refused != nil {
		theirs := f.Values
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
		if errs.Is(refused, errs.Conflict) {
			f.Theirs = theirs
		}
	}
	f = r.restore(f, "support-needs:"+caseID.String(), "supports.crumb")
	marks, _, err := r.ownMarks(c, caseID)
	if err != nil {
		return err
	}
	v := intakepage.Supports{Own: marks[ownwords.TopicNeeds], Chrome: c, Case: of, Screen: screen, Form: f, MayWrite: of.TakesIntake() && c.May(access.UpdateSupport)}
	return r.show(status, c, v.Body())
}

func (r *request) saveSupports() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in intake.ScreenInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.intake.Screening(r.ctx(), r.by, caseID, in, version)
	}
	if correctable(err) {
		names := map[string]string{}
		for i, area := range intake.SupportAreas {
			names["needs."+area] = "needs." + strconv.Itoa(i) + ".severity"
		}
		return r.supportsPage(renamed(err, names))
	}
	if err != nil {
		return err
	}
	return r.done("supports.saved", casePath(caseID, "/support-needs"))
}

func (r *request) apiSaveSupports() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.versionIfAny()
	if err != nil {
		return err
	}
	var in intake.ScreenInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.intake.Screening(r.ctx(), r.by, caseID, in, version)
	if err != nil {
		return err
	}
	return r.versioned(made.Version).json(http.StatusOK, made)
}

func (r *request) apiSupports() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, screen, err := r.s.intake.Screen(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	if screen.Version == 0 {
		return errs.New(errs.NotFound, "not_found")
	}
	return r.versioned(screen.Version).json(http.StatusOK, screen)
}

func (r *request) showEquity() error { return r.equityPage(nil) }

// equityPage asks, and says when it was asked. What was answered is not shown again, not even to
// who just typed it: a refused form comes back empty.
func (r *request) equityPage(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, on, err := r.s.intake.EquityAsked(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "equity.title", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "equity", casePath(caseID, "/equal-opportunity"), equity.Input{AskedOn: r.today()})
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(url.Values{"asked_on": r.posted["asked_on"]}, refused), statusOf(refused), true // the answers show nowhere
	}
	v := intakepage.Equity{Chrome: c, Case: of, AskedOn: on, Form: f, MayWrite: of.TakesIntake() && c.May(access.RecordEquity)}
	return r.show(status, c, v.Body())
}

func (r *request) answerEquity() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in equity.Input
	if err = r.bind(&in); err == nil {
		_, err = r.s.intake.AnswerEquity(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.equityPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("equity.saved", casePath(caseID, "/equal-opportunity"))
}

type askedView struct {
	AskedOn civil.Date `json:"asked_on"`
}

func (r *request) apiAnswerEquity() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in equity.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	on, err := r.s.intake.AnswerEquity(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+casePath(caseID, "/equal-opportunity"), askedView{on})
}

func (r *request) apiEquity() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, on, err := r.s.intake.EquityAsked(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, askedView{on})
}
