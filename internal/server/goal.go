package server

import (
	"net/http"
	"slices"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/msg"
	"waymark/internal/ownwords"
	"waymark/internal/page"
	goalpage "waymark/web/page/goal"
)

func (s *Server) goalRoutes() {
	s.page("GET", "/cases/:case/goals", (*request).showGoals)
	s.page("GET", "/cases/:case/goals/new", (*request).newGoal)
	s.page("POST", "/cases/:case/goals", (*request).addGoal)
	s.page("GET", "/cases/:case/goals/:goal/edit", (*request).editGoal)
	s.page("POST", "/cases/:case/goals/:goal", (*request).changeGoal)
	s.page("GET", "/cases/:case/goals/:goal/met", (*request).askGoalMet)
	s.page("POST", "/cases/:case/goals/:goal/met", (*request).markGoalMet)

	s.api("GET", "/cases/:case/goals", (*request).apiGoals)
	s.api("POST", "/cases/:case/goals", (*request).apiAddGoal)
	s.api("GET", "/cases/:case/goals/:goal", (*request).apiGoal)
	s.api("PATCH", "/cases/:case/goals/:goal", (*request).apiChangeGoal)
}

// goalIDs are the case and the goal of the path.
func (r *request) goalIDs() (caseID access.CaseID, goalID goal.ID, err error) {
	if caseID, err = r.caseID(); err != nil {
		return caseID, goalID, err
	}
	goalID, err = param[goal.Goal](r, "goal")
	return caseID, goalID, err
}

func goalsPath(caseID access.CaseID) string { return "/cases/" + caseID.String() + "/goals" }

func (r *request) showGoals() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	set, err := r.s.goal.List(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "goal.page", msg.Args{"name": set.Case.Name()})
	marks, _, err := r.ownMarks(c, caseID)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, c, goalpage.Goals{Own: marks[ownwords.TopicGoal], Chrome: c, Set: set, MayWrite: set.Case.Open() && c.May(access.WriteGoal)}.Body())
}

// newGoal starts an empty form, or one filled from a job or credential of the chosen pathway.
func (r *request) newGoal() error {
	if err := r.s.policy.Require(r.by, access.WriteGoal); err != nil {
		return err
	}
	in := goal.Input{Horizon: goal.Horizon(r.c.Query("horizon")), TargetKind: "occupation", Owner: "participant", Status: goal.Agreed, AgreedOn: r.today()}
	if !slices.Contains(goal.Horizons, in.Horizon) {
		in.Horizon = goal.Immediate
	}
	return r.showNewGoal(in, nil)
}

func (r *request) showNewGoal(in goal.Input, refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	offers, of, err := r.s.goal.Suggest(r.ctx(), r.by, caseID, in.Horizon)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "goal.new", msg.Args{"name": of.Name()})
	for _, o := range offers {
		if o.Code == r.c.Query("code") && refused == nil {
			in.TargetKind, in.TargetCode, in.Title, in.Pay, in.PayMax, in.PayPer = o.Kind, o.Code, o.Title.In(c.Lang()), o.Pay, o.Max, o.Per
		}
	}
	if code := r.c.Query("code"); code != "" && in.TargetCode == "" && refused == nil {
		in = r.goalFrom(in, code)
	}
	f := page.NewForm(c, "goal", goalsPath(caseID), in)
	v := goalpage.Edit{Chrome: c, Case: of, Horizon: in.Horizon, Offers: offers}
	return r.showGoalForm(v, f, refused)
}

// goalDraft is the key under which a goal's form is kept: one for each known goal, one for a new one
// of each horizon.
func goalDraft(caseID access.CaseID, h goal.Horizon, goalID goal.ID) string {
	if goalID.IsZero() {
		return "goal." + string(h) + ":" + caseID.String()
	}
	return "goal." + goalID.String() + ":" + caseID.String()
}

// showGoalForm shows the form as typed, with what is wrong with it.
func (r *request) showGoalForm(v goalpage.Edit, f page.Form, refused error) error {
	key, saved := goalDraft(v.Case.ID, v.Horizon, v.Goal.ID), f.Values
	if refused == nil {
		v.Form = r.restore(f, key, "goal.form")
		if r.c.Query("code") != "" { // what was just chosen comes before what was typed earlier
			v.Form.Values, v.Form.Restored = saved, ""
		}
		return r.show(http.StatusOK, v.Chrome, v.Body())
	}
	v.Form = r.restore(f.Refused(r.posted, refused), key, "goal.form")
	if errs.Is(refused, errs.Conflict) && f.Version > 0 {
		v.Form.Theirs = saved
	}
	v.Chrome.Failed = true
	return r.show(statusOf(refused), v.Chrome, v.Body())
}

func (r *request) addGoal() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in goal.Input
	if err = r.bind(&in); err == nil {
		_, err = r.s.goal.Add(r.ctx(), r.by, caseID, in)
	}
	if correctable(err) {
		return r.showNewGoal(in, err)
	}
	if err != nil {
		return err
	}
	return r.done("goal.saved", goalsPath(caseID))
}

func (r *request) editGoal() error {
	if err := r.s.policy.Require(r.by, access.WriteGoal); err != nil {
		return err
	}
	return r.showEditGoal(nil)
}

func (r *request) showEditGoal(refused error) error {
	caseID, goalID, err := r.goalIDs()
	if err != nil {
		return err
	}
	g, of, err := r.s.goal.Get(r.ctx(), r.by, caseID, goalID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "goal.edit", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "goal", goalsPath(caseID)+"/"+goalID.String(), g.Input())
	f.Version = g.Version
	return r.showGoalForm(goalpage.Edit{Chrome: c, Case: of, Horizon: g.Horizon, Goal: g}, f, refused)
}

func (r *request) changeGoal() error {
	caseID, goalID, err := r.goalIDs()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in goal.Input
	if err = r.bind(&in); err == nil {
		_, err = r.s.goal.Change(r.ctx(), r.by, caseID, goalID, version, in)
	}
	if correctable(err) {
		return r.showEditGoal(err)
	}
	if err != nil {
		return err
	}
	return r.done("goal.saved", goalsPath(caseID))
}

func (r *request) askGoalMet() error {
	if err := r.s.policy.Require(r.by, access.WriteGoal); err != nil {
		return err
	}
	return r.showGoalMet(nil)
}

func (r *request) showGoalMet(refused error) error {
	caseID, goalID, err := r.goalIDs()
	if err != nil {
		return err
	}
	g, of, err := r.s.goal.Get(r.ctx(), r.by, caseID, goalID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "goal.mark_met", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "goal", goalsPath(caseID)+"/"+goalID.String()+"/met", goalMet{MetOn: r.today()})
	f.Version = g.Version
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, goalpage.Met{Chrome: c, Case: of, Goal: g, Form: f}.Body())
}

// goalMet is the day on which a goal was reached.
type goalMet struct {
	MetOn civil.Date `json:"met_on"`
}

func (r *request) markGoalMet() error {
	caseID, goalID, err := r.goalIDs()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in goalMet
	if err = r.bind(&in); err == nil {
		_, err = r.s.goal.Reach(r.ctx(), r.by, caseID, goalID, version, in.MetOn)
	}
	if correctable(err) {
		return r.showGoalMet(err)
	}
	if err != nil {
		return err
	}
	return r.done("goal.met_saved", goalsPath(caseID))
}

func (r *request) apiGoals() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	set, err := r.s.goal.List(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(set.Goals, nil)
}

func (r *request) apiGoal() error {
	caseID, goalID, err := r.goalIDs()
	if err != nil {
		return err
	}
	g, _, err := r.s.goal.Get(r.ctx(), r.by, caseID, goalID)
	if err != nil {
		return err
	}
	return r.versioned(g.Version).json(http.StatusOK, g)
}

func (r *request) apiAddGoal() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in goal.Input
	if err := r.bind(&in); err != nil {
		return err
	}
	g, err := r.s.goal.Add(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.versioned(g.Version).created("/api/v1"+goalsPath(caseID)+"/"+g.ID.String(), g)
}

// apiChangeGoal changes the fields that the body names and leaves the others as they are.
func (r *request) apiChangeGoal() error {
	caseID, goalID, err := r.goalIDs()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	was, _, err := r.s.goal.Get(r.ctx(), r.by, caseID, goalID)
	if err != nil {
		return err
	}
	in := was.Input()
	if err := r.bind(&in); err != nil {
		return err
	}
	g, err := r.s.goal.Change(r.ctx(), r.by, caseID, goalID, version, in)
	if err != nil {
		return err
	}
	return r.versioned(g.Version).json(http.StatusOK, g)
}
