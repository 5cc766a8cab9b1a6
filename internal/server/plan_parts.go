package server

import (
	"net/http"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/plan"
	planpage "waymark/web/page/plan"
)

// partOf reads the version that a part is added to or changed in: the one being worked on, else
// the one in force.
func (r *request) partOf(ref string) (view plan.View, m plan.Milestone, err error) {
	if err := r.s.policy.Require(r.by, access.DraftPlan); err != nil {
		return view, m, err
	}
	caseID, err := r.caseID()
	if err != nil {
		return view, m, err
	}
	for _, which := range []int{-1, 0} {
		if view, err = r.s.plan.Get(r.ctx(), r.by, caseID, which); err != nil {
			return view, m, err
		}
		found, ok := view.Plan.Milestone(ref)
		if !view.None && (ref == "" || ok) {
			return view, found, nil
		}
	}
	return view, m, errs.New(errs.NotFound, "not_found")
}

func (r *request) newMilestone() error { return r.showMilestone("", nil) }

func (r *request) editMilestone() error { return r.showMilestone(r.c.Param("milestone"), nil) }

// showMilestone shows the form of one milestone, as typed if it was refused.
func (r *request) showMilestone(ref string, refused error) error {
	view, m, err := r.partOf(ref)
	if err != nil {
		return err
	}
	key, action, in := "plan.milestone.add_title", planPath(view.Case.ID)+"/milestones", plan.MilestoneInput{Kind: "custom", AgreedBy: "both"}
	if ref != "" {
		in = m.Input()
		in.AgreedBy = "both"
		key, action = "plan.milestone.edit_title", action+"/"+m.ID.String()
	}
	if ref != "" && view.Plan.State == plan.InForce {
		key = "plan.move.title"
	}
	c := r.chrome("caseload", key, msg.Args{"name": view.Case.Name(), "title": m.In(r.lang())})
	f := page.NewForm(c, "plan_milestone", action, in)
	if ref != "" {
		f.Version = view.Plan.Version
	}
	status := http.StatusOK
	if refused != nil {
		f = f.Refused(r.posted, refused)
		status, c.Failed = statusOf(refused), true
	}
	return r.show(status, c, planpage.EditMilestone{Chrome: c, Case: view.Case, Plan: view.Plan, Milestone: m, Goals: view.Goals, Form: f}.Body())
}

func (r *request) addMilestone() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.MilestoneInput
	if err = r.bind(&in); err == nil {
		_, _, err = r.s.plan.AddMilestone(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showMilestone("", err)
	}
	if err != nil {
		return err
	}
	return r.done("plan.milestone.saved", planPath(caseID)+"/edit")
}

// changeMilestone takes the whole form of a draft's milestone, and date and reason of one in force.
func (r *request) changeMilestone() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	changed, err := r.s.plan.ChangeMilestone(r.ctx(), r.by, caseID, r.c.Param("milestone"), version, func(in *plan.MilestoneInput) error {
		was, whole := *in, r.posted.Has("title") || r.posted.Has("kind")
		if whole {
			*in = plan.MilestoneInput{}
		}
		err := r.bind(in)
		in.Key = was.Key
		if !whole { // only date, reason and who agreed were asked for
			was.DueOn, was.Reason, was.AgreedBy = in.DueOn, in.Reason, in.AgreedBy
			*in = was
		}
		return err
	})
	if correctable(err) {
		return r.showMilestone(r.c.Param("milestone"), err)
	}
	if err != nil {
		return err
	}
	next := planPath(caseID) + "/edit"
	if changed.Adjustment {
		next = planPath(caseID)
	}
	return r.done("plan.milestone.moved", next, msg.Args{"count": strconv.Itoa(len(changed.Moved))})
}

func (r *request) removeMilestone() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	if _, err := r.s.plan.RemoveMilestone(r.ctx(), r.by, caseID, r.c.Param("milestone"), version); err != nil {
		return err
	}
	return r.done("plan.milestone.removed", planPath(caseID)+"/edit")
}

func (r *request) newLine() error { return r.showLine(plan.LineID{}, nil) }

func (r *request) editLine() error {
	ref, err := param[plan.LineRow](r, "line")
	if err != nil {
		return err
	}
	return r.showLine(ref, nil)
}

// showLine shows the form of one line, as typed if it was refused.
func (r *request) showLine(ref plan.LineID, refused error) error {
	view, _, err := r.partOf("")
	if err != nil {
		return err
	}
	key, action, in := "plan.line.add_title", planPath(view.Case.ID)+"/lines", plan.LineInput{Kind: "service", State: "planned"}
	l, known := view.Plan.Line(ref)
	if !ref.IsZero() {
		if !known {
			return errs.New(errs.NotFound, "not_found")
		}
		key, action, in = "plan.line.edit_title", action+"/"+ref.String(), l.Input()
	}
	c := r.chrome("caseload", key, msg.Args{"name": view.Case.Name(), "title": l.In(r.lang())})
	f := page.NewForm(c, "plan_line", action, in)
	if known {
		f.Version = view.Plan.Version
	}
	status := http.StatusOK
	if refused != nil {
		f = f.Refused(r.posted, refused)
		status, c.Failed = statusOf(refused), true
	}
	which := ref.String()
	if !known {
		which = "new"
	}
	f = r.restore(f, begun(view.Case.ID, "plan/lines/"+which), "plan.line.add")
	return r.show(status, c, planpage.EditLine{Chrome: c, Case: view.Case, Plan: view.Plan, Known: known, Form: f}.Body())
}

func (r *request) addLine() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.LineInput
	if err = r.bind(&in); err == nil {
		_, _, err = r.s.plan.AddLine(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showLine(plan.LineID{}, err)
	}
	if err != nil {
		return err
	}
	return r.done("plan.line.saved", planPath(caseID)+"/edit")
}

func (r *request) changeLine() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	ref, err := param[plan.LineRow](r, "line")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	_, _, err = r.s.plan.ChangeLine(r.ctx(), r.by, caseID, ref, version, func(in *plan.LineInput) error {
		was := *in
		*in = plan.LineInput{ServiceCode: was.ServiceCode}
		err := r.bind(in)
		in.ServiceCode = was.ServiceCode
		return err
	})
	if correctable(err) {
		return r.showLine(ref, err)
	}
	if err != nil {
		return err
	}
	return r.done("plan.line.saved", planPath(caseID)+"/edit")
}

func (r *request) removeLine() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	ref, err := param[plan.LineRow](r, "line")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	if _, err := r.s.plan.RemoveLine(r.ctx(), r.by, caseID, ref, version); err != nil {
		return err
	}
	return r.done("plan.line.removed", planPath(caseID)+"/edit")
}
