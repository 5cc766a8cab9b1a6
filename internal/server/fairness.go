package server

import (
	"net/http"

	fairnesspage "waymark/web/page/fairness"
)

func (s *Server) fairnessRoutes() {
	s.page("GET", "/team/fairness", (*request).showFairness)
	s.api("GET", "/team/fairness", (*request).apiFairness)
}

func (r *request) showFairness() error {
	v, err := r.s.fairness.Read(r.ctx(), r.by)
	if err != nil {
		return err
	}
	n, err := r.names()
	if err != nil {
		return err
	}
	c := r.chrome("team", "fairness.title")
	shown := fairnesspage.Fairness{Chrome: c, View: v, Pathway: n.pathway}
	if format := r.c.Query("format"); format != "" {
		return r.download(shown.Table(), format)
	}
	return r.show(http.StatusOK, c, shown.Body())
}

func (r *request) apiFairness() error {
	v, err := r.s.fairness.Read(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, v)
}
