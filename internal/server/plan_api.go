package server

import (
	"net/http"
	"strconv"

	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/plan"
	planpage "waymark/web/page/plan"
)

func (s *Server) planAPIRoutes() {
	s.api("GET", "/cases/:case/plan", (*request).apiPlan)
	s.api("POST", "/cases/:case/plan", (*request).apiDraftPlan)
	s.api("PATCH", "/cases/:case/plan", (*request).apiChangePlan)
	s.api("GET", "/cases/:case/plan/versions", (*request).apiPlanVersions)
	s.api("GET", "/cases/:case/plan/diff", (*request).apiPlanDiff)
	s.api("POST", "/cases/:case/plan/submit", (*request).apiSubmitPlan)
	s.action("POST", "/cases/:case/plan/reopen", (*request).apiReopenPlan)
	s.api("POST", "/cases/:case/plan/signatures", (*request).apiSignPlan)
	s.api("POST", "/cases/:case/plan/approval", (*request).apiDecidePlan)
	s.api("POST", "/cases/:case/plan/milestones", (*request).apiAddMilestone)
	s.api("PATCH", "/cases/:case/plan/milestones/:milestone", (*request).apiChangeMilestone)
	s.action("DELETE", "/cases/:case/plan/milestones/:milestone", (*request).apiRemoveMilestone)
	s.api("POST", "/cases/:case/plan/lines", (*request).apiAddLine)
	s.api("PATCH", "/cases/:case/plan/lines/:line", (*request).apiChangeLine)
	s.action("DELETE", "/cases/:case/plan/lines/:line", (*request).apiRemoveLine)
	s.api("GET", "/approvals", (*request).apiApprovals)
}

func (r *request) apiPlan() error {
	view, err := r.readPlan()
	if err != nil {
		return err
	}
	if view.None {
		return errs.New(errs.NotFound, "not_found")
	}
	return r.versioned(view.Plan.Version).json(http.StatusOK, view.Plan)
}

func (r *request) apiDraftPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.DraftInput
	if err := r.bind(&in); err != nil {
		return err
	}
	p, err := r.s.plan.Draft(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).created("/api/v1"+planPath(caseID)+"?version="+strconv.Itoa(p.Number), p)
}

func (r *request) apiChangePlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	p, err := r.s.plan.ChangeHeader(r.ctx(), r.by, caseID, version, func(in *plan.HeaderInput) error { return r.bind(in) })
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

func (r *request) apiPlanVersions() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	view, err := r.s.plan.Get(r.ctx(), r.by, caseID, 0)
	if err != nil {
		return err
	}
	return r.list(view.Versions, nil)
}

// apiPlanDiff compares ?from= and ?to=; without them the newest two versions.
func (r *request) apiPlanDiff() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var ends [2]int
	for i, name := range []string{"from", "to"} {
		n, err := strconv.Atoi(r.c.Query(name))
		if err != nil || n < 1 || n > 10_000 {
			return errs.At(name, "whole_number")
		}
		ends[i] = n
	}
	_, list, err := r.s.plan.Compare(r.ctx(), r.by, caseID, ends[0], ends[1])
	if err != nil {
		return err
	}
	c := page.Chrome{Words: msg.For(r.lang()), By: r.by}
	for i, d := range list {
		list[i].Words = planpage.DiffWords(c, d)
	}
	return r.list(list, map[string]any{"from": ends[0], "to": ends[1]})
}

func (r *request) apiSubmitPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in plan.SubmitInput
	if err := r.bind(&in); err != nil {
		return err
	}
	p, err := r.s.plan.Submit(r.ctx(), r.by, caseID, version, in)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

func (r *request) apiReopenPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	p, err := r.s.plan.Reopen(r.ctx(), r.by, caseID, version)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, p)
}

func (r *request) apiSignPlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in staffMark
	if err := r.bind(&in); err != nil {
		return err
	}
	how, err := r.staffKnown(in)
	if err != nil {
		return err
	}
	p, err := r.s.plan.Sign(r.ctx(), r.by, caseID, in.SignInput, how)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).created("/api/v1"+planPath(caseID)+"?version="+strconv.Itoa(p.Number), p)
}

func (r *request) apiDecidePlan() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.ApprovalInput
	if err := r.bind(&in); err != nil {
		return err
	}
	p, err := r.s.plan.Decide(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).created("/api/v1"+planPath(caseID)+"?version="+strconv.Itoa(p.Number), p)
}

func (r *request) apiAddMilestone() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.MilestoneInput
	if err := r.bind(&in); err != nil {
		return err
	}
	m, p, err := r.s.plan.AddMilestone(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).created("/api/v1"+planPath(caseID)+"/milestones/"+m.ID.String(),
		plan.ChangedMilestone{Milestone: m, Moved: []plan.MovedDate{}, Version: p.Version})
}

// apiChangeMilestone changes the fields that the body names and says what moved along.
func (r *request) apiChangeMilestone() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	changed, err := r.s.plan.ChangeMilestone(r.ctx(), r.by, caseID, r.c.Param("milestone"), version, func(in *plan.MilestoneInput) error { return r.bind(in) })
	if err != nil {
		return err
	}
	return r.versioned(changed.Version).json(http.StatusOK, changed)
}

func (r *request) apiRemoveMilestone() error {
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
	r.c.Status(http.StatusNoContent)
	return nil
}

// lineView is a line with the version of its plan.
type lineView struct {
	plan.Line
	Version int `json:"version"`
}

func (r *request) apiAddLine() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in plan.LineInput
	if err := r.bind(&in); err != nil {
		return err
	}
	l, p, err := r.s.plan.AddLine(r.ctx(), r.by, caseID, in)
	if err != nil {
		return err
	}
	return r.versioned(p.Version).created("/api/v1"+planPath(caseID)+"/lines/"+l.ID.String(), lineView{l, p.Version})
}

func (r *request) apiChangeLine() error {
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
	l, p, err := r.s.plan.ChangeLine(r.ctx(), r.by, caseID, ref, version, func(in *plan.LineInput) error { return r.bind(in) })
	if err != nil {
		return err
	}
	return r.versioned(p.Version).json(http.StatusOK, lineView{l, p.Version})
}

func (r *request) apiRemoveLine() error {
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
	r.c.Status(http.StatusNoContent)
	return nil
}

func (r *request) apiApprovals() error {
	limit, err := strconv.Atoi(r.c.DefaultQuery("limit", "50"))
	if err != nil || limit < 1 || limit > 100 {
		return errs.AtArgs("limit", "lte", map[string]any{"param": 100})
	}
	list, next, err := r.s.plan.Queue(r.ctx(), r.by, r.c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"items": list, "next": next})
}
