package server

import (
	"net/http"

	"waymark/internal/msg"
	"waymark/internal/narrative"
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
	choice, err := r.choiceNames(list)
	if err != nil {
		return err
	}
	c := r.chrome("", "narrative.title", msg.Args{"name": of.Name()})
	return r.html(http.StatusOK, layout.Paper(c, narrativepage.Narrative{Chrome: c, Case: of, Events: list, Choice: choice}.Body()))
}

// choiceNames says every choice of a story as its map said it on the day.
func (r *request) choiceNames(list []narrative.Event) (func(code, area string, version int) string, error) {
	type edition struct {
		code    string
		version int
	}
	names := map[edition]namesAt{}
	for _, e := range list {
		at := edition{e.A, e.PathwayVersion}
		if _, known := names[at]; known || e.PathwayVersion == 0 {
			continue
		}
		n, err := r.namesAt(at.code, at.version)
		if err != nil {
			return nil, err
		}
		names[at] = n
	}
	return func(code, area string, version int) string {
		n := names[edition{code, version}]
		return n.pathway(code) + ", " + n.area(area)
	}, nil
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
	return r.list(list, nil)
}
