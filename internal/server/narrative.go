package server

import (
	"net/http"

	"waymark/internal/msg"
	"waymark/web/layout"
	narrativepage "waymark/web/page/narrative"
)

func (s *Server) narrativeRoutes() {
	s.page("GET", "/cases/:case/narrative", (*request).showNarrative)
	s.api("GET", "/cases/:case/narrative", (*request).apiNarrative)
}

func (r *request) showNarrative() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, list, err := r.s.narrative.Tell(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	n, err := r.names()
	if err != nil {
		return err
	}
	c := r.chrome("", "narrative.title", msg.Args{"name": of.Name()})
	return r.html(http.StatusOK, layout.Paper(c, narrativepage.Narrative{Chrome: c, Case: of, Events: list, Pathway: n.pathway, Area: n.area}.Body()))
}

func (r *request) apiNarrative() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.narrative.Tell(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"items": list, "next": ""})
}
