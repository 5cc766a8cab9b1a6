package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/team"
	teampage "waymark/web/page/team"
)

func (s *Server) teamRoutes() {
	s.page("GET", "/team", (*request).showTeam)
	s.page("GET", "/team/weeks/:week", (*request).showTeamWeek)
	s.api("GET", "/team/overview", (*request).apiTeam)
	s.api("GET", "/team/weeks/:week", (*request).apiTeamWeek)
}

// plansOnTeam is how many waiting plans the team page shows; the others are one click away.
const plansOnTeam = 5

func (r *request) showTeam() error {
	var v teampage.Team
	var n names
	if err := r.whole(func() (err error) {
		if v, err = r.team(); err != nil {
			return err
		}
		n, err = r.names()
		return err
	}); err != nil {
		return err
	}
	v.Chrome, v.Pathway = r.chrome("team", "nav.team"), n.pathway
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

// team reads the numbers of the team and what waits for its supervisor.
func (r *request) team() (v teampage.Team, err error) {
	if v.Overview, err = r.s.team.Overview(r.ctx(), r.by); err != nil {
		return v, err
	}
	if v.Trend, err = r.s.team.Trend(r.ctx(), r.by); err != nil {
		return v, err
	}
	if r.s.policy.Allows(r.by, access.ReadResult) {
		if v.Measures, err = r.s.team.Measures(r.ctx(), r.by); err != nil {
			return v, err
		}
	}
	if v.Plans, _, err = r.s.plan.Queue(r.ctx(), r.by, "", plansOnTeam); err != nil || !r.s.policy.Allows(r.by, access.TransferCase) {
		return v, err
	}
	if v.Stuck, err = r.s.transfer.Stuck(r.ctx(), r.by); err != nil {
		return v, err
	}
	v.Asked, err = r.s.transfer.AsksWaiting(r.ctx(), r.by)
	return v, err
}

// weekTalks are whom the week of the path counts.
func (r *request) weekTalks() (v teampage.Week, err error) {
	week, err := civil.Parse(r.c.Param("week"))
	if err != nil {
		return v, errs.New(errs.NotFound, "not_found")
	}
	if v.Kept = r.c.Query("kept"); v.Kept != "" && v.Kept != "yes" && v.Kept != "no" {
		return v, errs.At("kept", "oneof")
	}
	v.Week, v.Talks, err = r.s.team.Talks(r.ctx(), r.by, week)
	return v, err
}

func (r *request) showTeamWeek() error {
	v, err := r.weekTalks()
	if err != nil {
		return err
	}
	v.Chrome = r.chrome("team", "nav.team")
	v.Title = teampage.WeekTitle(v.Chrome, v.Week)
	if format := r.c.Query("format"); format != "" {
		return r.download(v.Table(), format)
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

func (r *request) apiTeamWeek() error {
	v, err := r.weekTalks()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"week": v.Week.From, "due": v.Week.Due, "on_time": v.Week.OnTime, "items": v.Shown(), "next": ""})
}

// teamView is the overview for scripts.
type teamView struct {
	team.Overview
	OnTime team.Trend `json:"on_time"`
}

func (r *request) apiTeam() error {
	var v teamView
	if err := r.whole(func() (err error) {
		if v.Overview, err = r.s.team.Overview(r.ctx(), r.by); err != nil {
			return err
		}
		v.OnTime, err = r.s.team.Trend(r.ctx(), r.by)
		return err
	}); err != nil {
		return err
	}
	return r.json(http.StatusOK, v)
}
