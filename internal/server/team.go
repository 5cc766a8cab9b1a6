package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/team"
	teampage "waymark/web/page/team"
)

func (s *Server) teamRoutes() {
	s.page("GET", "/team", (*request).showTeam)
	s.api("GET", "/team/overview", (*request).apiTeam)
}

// plansOnTeam is how many waiting plans the team page shows; the others are one click away.
const plansOnTeam = 5

func (r *request) showTeam() error {
	o, err := r.s.team.Overview(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("team", "nav.team")
	v := teampage.Team{Chrome: c, Overview: o}
	if v.Plans, _, err = r.s.plan.Queue(r.ctx(), r.by, "", plansOnTeam); err != nil {
		return err
	}
	if v.Trend, err = r.s.team.Trend(r.ctx(), r.by); err != nil {
		return err
	}
	if r.s.policy.Allows(r.by, access.TransferCase) {
		if v.Stuck, err = r.s.transfer.Stuck(r.ctx(), r.by); err != nil {
			return err
		}
	}
	if r.s.policy.Allows(r.by, access.ReadResult) {
		if v.Measures, err = r.s.team.Measures(r.ctx(), r.by); err != nil {
			return err
		}
	}
	n, err := r.names()
	if err != nil {
		return err
	}
	v.Pathway = n.pathway
	return r.show(http.StatusOK, c, v.Body())
}

// teamView is the overview for scripts.
type teamView struct {
	team.Overview
	OnTime team.Trend `json:"on_time"`
}

func (r *request) apiTeam() error {
	o, err := r.s.team.Overview(r.ctx(), r.by)
	if err != nil {
		return err
	}
	trend, err := r.s.team.Trend(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, teamView{o, trend})
}
