package server

import (
	"net/http"
	"strconv"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/plan"
	planpage "waymark/web/page/plan"
)

func (s *Server) planRoutes() {
	s.page("GET", "/cases/:case/plan", (*request).showPlan)
	s.page("POST", "/cases/:case/plan", (*request).draftPlan)
	s.page("GET", "/cases/:case/plan/edit", (*request).editPlan)
	s.page("POST", "/cases/:case/plan/edit", (*request).arrangePlan)
	s.button("/cases/:case/plan/reopen", (*request).reopenPlan)
	s.page("GET", "/cases/:case/plan/print", (*request).printPlan)
	s.page("GET", "/cases/:case/plan/milestones/new", (*request).newMilestone)
	s.page("POST", "/cases/:case/plan/milestones", (*request).addMilestone)
	s.page("GET", "/cases/:case/plan/milestones/:milestone", (*request).editMilestone)
	s.page("POST", "/cases/:case/plan/milestones/:milestone", (*request).changeMilestone)
	s.button("/cases/:case/plan/milestones/:milestone/remove", (*request).removeMilestone)
	s.page("GET", "/cases/:case/plan/lines/new", (*request).newLine)
	s.page("POST", "/cases/:case/plan/lines", (*request).addLine)
	s.page("GET", "/cases/:case/plan/lines/:line", (*request).editLine)
	s.page("POST", "/cases/:case/plan/lines/:line", (*request).changeLine)
	s.button("/cases/:case/plan/lines/:line/remove", (*request).removeLine)
	s.planSignRoutes()
	s.planAPIRoutes()
}

func planPath(caseID access.CaseID) string { return "/cases/" + caseID.String() + "/plan" }

// versionWanted is the number after ?version=; 0 when none is asked for.
func (r *request) versionWanted() (int, error) {
	text := r.c.Query("version")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 10_000 {
		return 0, errs.New(errs.NotFound, "not_found")
	}
	return n, nil
}

// readPlan reads the plan of the path in the version asked for.
func (r *request) readPlan() (plan.View, error) {
	caseID, err := r.caseID()
	if err != nil {
		return plan.View{}, err
	}
	number, err := r.versionWanted()
	if err != nil {
		return plan.View{}, err
	}
	return r.s.plan.Get(r.ctx(), r.by, caseID, number)
}

// timeline draws a plan's milestones on the window asked for with ?from=2026-09.
func (r *request) timeline(p plan.Plan) planpage.TimelineView {
	axis := plan.AxisFor(p.StartOn, r.today())
	if from, err := time.Parse("2006-01", r.c.Query("from")); err == nil && from.Year() > 1900 && from.Year() < 2200 {
		axis = plan.AxisFrom(civil.Of(from), r.today())
	}
	v := planpage.TimelineView{Axis: axis, Rows: plan.Rows(p, axis), Paging: true}
	if (p.State == plan.InForce || p.State.Editable()) && r.s.policy.Allows(r.by, access.DraftPlan) {
		for i, m := range v.Rows {
			if m.Status != "done" && m.Status != "dropped" {
				v.Rows[i].Href = planPath(p.CaseID) + "/milestones/" + m.Key
				if p.State == plan.InForce {
					v.Rows[i].Href = planPath(p.CaseID) + "/milestones/" + m.ID.String()
				}
			}
		}
	}
	return v
}

func (r *request) showPlan() error { return r.showPlanWith(nil) }

// showPlanWith shows the plan, with the form of the next version as it was typed if it was refused.
func (r *request) showPlanWith(refused error) error {
	view, err := r.readPlan()
	if err != nil {
		return err
	}
	v, err := r.planShow(view)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "plan.page", msg.Args{"name": view.Case.Name()})
	v.Chrome = c
	v.Start = page.NewForm(c, "plan", planPath(view.Case.ID), plan.DraftInput{StartOn: r.today(), FromEarlier: view.Earlier.Left > 0})
	if !view.None {
		v.Start = page.NewForm(c, "plan", planPath(view.Case.ID), plan.DraftInput{StartOn: view.Plan.StartOn, EndOn: view.Plan.EndOn})
	}
	status := http.StatusOK
	if refused != nil {
		v.Start = v.Start.Refused(r.posted, refused)
		status, v.Chrome.Failed = statusOf(refused), true
	}
	return r.show(status, v.Chrome, v.Body())
}

// planShow puts a plan in words: its pathway, its timeline, and what changed since the version before.
func (r *request) planShow(view plan.View) (v planpage.Show, err error) {
	v = planpage.Show{View: view, Latest: view.Plan.State == plan.InForce || view.Plan.State.Open()}
	if view.None {
		return v, nil
	}
	n, err := r.namesAt(view.Plan.PathwayCode, view.Plan.PathwayVersion)
	if err != nil {
		return v, err
	}
	v.Pathway, v.Area, v.Timeline = n.pathway(view.Plan.PathwayCode), n.area(view.Plan.AreaCode), r.timeline(view.Plan)
	v.Since = previous(view)
	if v.Since == 0 {
		return v, nil
	}
	_, changes, err := r.s.plan.Compare(r.ctx(), r.by, view.Case.ID, v.Since, view.Plan.Number)
	c := page.Chrome{Words: msg.For(r.lang()), By: r.by}
	for _, d := range changes {
		v.Changed, v.Kinds = append(v.Changed, planpage.DiffWords(c, d)), append(v.Kinds, d.Kind)
	}
	return v, err
}

// previous is the newest version before this one that was ever in force; 0 for none.
func previous(view plan.View) int {
	for _, s := range view.Versions {
		if s.Number < view.Plan.Number && s.InForceOn != "" {
			return s.Number
		}
	}
	return 0
}

func (r *request) draftPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.DraftInput
	if err = r.bind(&in); err == nil {
		_, err = r.s.plan.Draft(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showPlanWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("plan.drafted", planPath(caseID)+"/edit")
}

func (r *request) editPlan() error {
	if err := r.s.policy.Require(r.by, access.DraftPlan); err != nil {
		return err
	}
	return r.showBuilder(nil, r.posted == nil)
}

// showBuilder shows every date of the draft in one form; fresh fills it from what is saved.
func (r *request) showBuilder(refused error, fresh bool) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	view, err := r.s.plan.Get(r.ctx(), r.by, caseID, -1)
	if err != nil {
		return err
	}
	if view.None || !view.Plan.State.Editable() {
		return r.go303(planPath(caseID))
	}
	c := r.chrome("caseload", "plan.edit_title", msg.Args{"name": view.Case.Name(), "number": view.Plan.Number})
	f := page.NewForm(c, "plan", planPath(caseID)+"/edit", view.Plan.Build())
	f.Version = view.Plan.Version
	status := http.StatusOK
	if refused != nil {
		typed := r.posted
		if fresh {
			typed = nil
		}
		f = f.Refused(typed, inForm(view.Plan, refused))
		status, c.Failed = statusOf(refused), true
	}
	f = r.restore(f, builderDraft(view.Plan.ID, view.Plan.Version, caseID), "plan.edit_go")
	return r.show(status, c, planpage.Build{Chrome: c, View: view, Form: f}.Body())
}

// builderDraft names the builder's draft: its rows are those of one state of the plan.
func builderDraft(ref plan.ID, version int, caseID access.CaseID) string {
	return "plan." + ref.String() + "." + strconv.Itoa(version) + ":" + caseID.String()
}

// inForm names the rows of the builder's form where a rule names a milestone by its key.
func inForm(p plan.Plan, err error) error {
	e, ok := err.(*errs.Error)
	if !ok {
		return err
	}
	named := *e
	named.Fields = nil
	for _, f := range e.Fields {
		for i, m := range p.Milestones {
			if f.Name == "milestones."+m.Key {
				f.Name = "milestones." + strconv.Itoa(i) + ".due_on"
			}
		}
		named.Fields = append(named.Fields, f)
	}
	return &named
}

// arrangePlan saves the builder's form, and sends the plan for signatures if that button was pressed.
func (r *request) arrangePlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in plan.BuildInput
	var saved plan.Plan
	if err = r.bind(&in); err == nil {
		saved, err = r.s.plan.Arrange(r.ctx(), r.by, caseID, version, in)
	}
	if correctable(err) {
		return r.showBuilder(err, false)
	}
	if err != nil {
		return err
	}
	r.clearDraft(builderDraft(saved.ID, version, caseID))
	if r.posted.Get("go") != "send" {
		return r.done("plan.saved", planPath(caseID)+"/edit")
	}
	_, err = r.s.plan.Submit(r.ctx(), r.by, caseID, saved.Version, plan.SubmitInput{})
	if correctable(err) {
		return r.showBuilder(err, true)
	}
	if err != nil {
		return err
	}
	return r.done("plan.sent", planPath(caseID)+"/sign")
}

func (r *request) reopenPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	if _, err := r.s.plan.Reopen(r.ctx(), r.by, caseID, version); err != nil {
		return err
	}
	return r.done("plan.reopened", planPath(caseID)+"/edit")
}
