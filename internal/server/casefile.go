package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/participation"
	"waymark/internal/record"
	recordpage "waymark/web/page/record"
)

func (s *Server) casefileRoutes() {
	s.page("GET", "/cases/:case", (*request).showRecord)
	s.page("GET", "/cases/:case/history", (*request).showHistory)

	s.api("GET", "/cases/:case", (*request).apiCase)
	s.api("GET", "/cases/:case/timeline", (*request).apiTimeline)
}

// caseView is a case as api.md promises it.
type caseView struct {
	casefile.Case
	Participant personRef           `json:"participant"`
	Manager     staffRef            `json:"case_manager"`
	Steps       []casefile.Step     `json:"steps"`
	Attention   []casefile.Flag     `json:"attention"`
	ExitClock   participation.Clock `json:"exit_clock"`
}

type personRef struct {
	ID     access.ParticipantID `json:"id"`
	Number string               `json:"number"`
	Name   string               `json:"name"`
}

type staffRef struct {
	ID   access.UserID `json:"id"`
	Name string        `json:"name"`
}

func (r *request) apiCase() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	c, steps, err := r.s.casefile.Get(r.ctx(), r.by, caseID, access.ReadRecord)
	if err != nil {
		return err
	}
	clock, err := r.s.participation.ClockOf(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	rules, err := r.s.casefile.Rules(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.versioned(c.Version).json(http.StatusOK, caseView{
		Case: c, Participant: personRef{c.ParticipantID, c.Number, c.Name()},
		Manager: staffRef{c.CaseManagerID, c.CaseManager}, Steps: steps, Attention: casefile.Attention(&c, r.today(), rules), ExitClock: clock,
	})
}

func (r *request) apiTimeline() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	t, err := r.s.casefile.Timeline(r.ctx(), r.by, caseID, r.c.Query("cursor"))
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, t)
}

// frame reads what every page of a record shows.
func (r *request) frame(tab string) (recordpage.Frame, error) {
	caseID, err := r.caseID()
	if err != nil {
		return recordpage.Frame{}, err
	}
	o, err := r.s.record.Overview(r.ctx(), r.by, caseID)
	if err != nil {
		return recordpage.Frame{}, err
	}
	return r.framed(tab, o), nil
}

func (r *request) framed(tab string, o record.Overview) recordpage.Frame {
	c := r.chrome("caseload", "")
	c.Title = o.Case.Name()
	return recordpage.Frame{Chrome: c, O: o, Tab: tab}
}

func (r *request) showRecord() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var v recordpage.Record
	if err := r.together(func() error {
		if v.O, err = r.s.record.Overview(r.ctx(), r.by, caseID); err != nil || v.O.Core {
			return err
		}
		if v.Moves, err = r.s.revision.OpenOf(r.ctx(), r.by, caseID); err != nil {
			return err
		}
		_, err = r.names() // of the pathway, which fillPathway looks up
		return err
	}); err != nil {
		return err
	}
	v.Frame = r.framed("overview", v.O)
	if !v.O.Core {
		if err := r.fillPathway(&v); err != nil {
			return err
		}
		v.Timeline = r.timeline(v.O.Plan)
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

// fillPathway puts the chosen pathway in words: where the person works now and trains for.
func (r *request) fillPathway(v *recordpage.Record) error {
	c := v.O.Case
	if c.PathwayCode == "" {
		return nil
	}
	n, err := r.namesAt(c.PathwayCode, v.O.Chosen)
	if err != nil {
		return err
	}
	v.Pathway, v.Area = n.pathway(c.PathwayCode), n.area(c.AreaCode)
	if c.PathwayStep != nil {
		v.WorkingAt = v.Level(*c.PathwayStep, n.step(*c.PathwayStep))
	}
	if v.O.HasPlan {
		planned := n
		if v.O.Plan.PathwayCode != c.PathwayCode || v.O.Plan.PathwayVersion != v.O.Chosen {
			if planned, err = r.namesAt(v.O.Plan.PathwayCode, v.O.Plan.PathwayVersion); err != nil {
				return err
			}
		}
		v.TrainingFor = v.Level(v.O.Plan.TargetStep, planned.step(v.O.Plan.TargetStep))
	}
	return nil
}

func (r *request) showHistory() error {
	f, err := r.frame("history")
	if err != nil {
		return err
	}
	t, err := r.s.casefile.Timeline(r.ctx(), r.by, f.O.Case.ID, r.c.Query("cursor"))
	if err != nil {
		return err
	}
	f.Chrome.Title = f.T("record.history") + ", " + f.O.Case.Name()
	return r.show(http.StatusOK, f.Chrome, recordpage.History{Frame: f, Timeline: t}.Body())
}
