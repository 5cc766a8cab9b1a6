package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/journey"
	"waymark/internal/msg"
	"waymark/internal/pathway"
	pathwaypage "waymark/web/page/pathway"
)

// mapRoutes are the map of a pathway, its table, and the map with a person's route on it.
func (s *Server) mapRoutes() {
	s.page("GET", "/pathways/:pathway", (*request).showMap)
	s.page("GET", "/pathways/:pathway/table", (*request).showTable)
	s.page("GET", "/cases/:case/path", (*request).showCasePath)

	s.api("GET", "/pathways/:pathway/map", (*request).apiMap)
	s.api("GET", "/cases/:case/path", (*request).apiCasePath)
}

func (r *request) showMap() error {
	if text := r.c.Query("case"); text != "" {
		caseID, err := id.Parse[access.Case](text)
		if err != nil {
			return errs.New(errs.NotFound, "not_found")
		}
		return r.go303("/cases/" + caseID.String() + "/path")
	}
	edition, catalogue, err := r.edition()
	if err != nil {
		return err
	}
	v := pathwaypage.Map{Edition: edition, Catalogue: catalogue}
	if r.by.Role == access.ParticipantRole {
		own, err := r.s.journey.Own(r.ctx(), r.by)
		if err != nil {
			return err
		}
		if len(own.Stops) > 0 && own.Edition.Code == edition.Code && own.Edition.Version == edition.Version {
			v.Journey, v.Self = &own, true
		}
	}
	return r.drawMap(v, "pathway.title", msg.Args{"name": edition.Name.In(r.lang())})
}

// drawMap adds what every map shows: the grid, and whom the reader may put on it.
func (r *request) drawMap(v pathwaypage.Map, titleKey string, args msg.Args) (err error) {
	if v.People, err = r.s.journey.People(r.ctx(), r.by, v.Edition.Code); err != nil {
		return err
	}
	v.Map = pathway.MapOf(v.Edition, v.Catalogue)
	v.Chrome = r.chrome("pathways", titleKey, args)
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

func (r *request) showTable() error {
	edition, catalogue, err := r.edition()
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "map.table_title", msg.Args{"name": edition.Name.In(r.lang())})
	return r.show(http.StatusOK, c, pathwaypage.Show{Chrome: c, Edition: edition, Catalogue: catalogue}.Body())
}

// caseJourney reads somebody's route and notes that their record was opened.
func (r *request) caseJourney() (journey.Journey, error) {
	caseID, err := r.caseID()
	if err != nil {
		return journey.Journey{}, err
	}
	j, err := r.s.journey.Of(r.ctx(), r.by, caseID)
	if err != nil {
		return j, err
	}
	return j, r.s.casefile.Opened(r.ctx(), r.by, j.Case)
}

// showCasePath is the map that the person chose, at the version they chose it on.
func (r *request) showCasePath() error {
	j, err := r.caseJourney()
	if err != nil {
		return err
	}
	if len(j.Stops) == 0 {
		return r.done("map.no_choice", "/cases/"+j.Case.ID.String()+"/selection", msg.Args{"name": j.Case.First()})
	}
	catalogue, err := r.s.pathway.Catalogue(r.ctx(), r.by)
	if err != nil {
		return err
	}
	v := pathwaypage.Map{Edition: j.Edition, Catalogue: catalogue, Journey: &j}
	return r.drawMap(v, "map.title_with", msg.Args{"pathway": j.Edition.Name.In(r.lang()), "name": j.Case.Name()})
}

func (r *request) apiMap() error {
	e, catalogue, err := r.edition()
	if err != nil {
		return err
	}
	return r.versioned(e.Version).json(http.StatusOK, struct {
		Code    string `json:"code"`
		Version int    `json:"version"`
		State   string `json:"state"`
		pathway.Map
	}{e.Code, e.Version, e.State, pathway.MapOf(e, catalogue)})
}

func (r *request) apiCasePath() error {
	j, err := r.caseJourney()
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, struct {
		Pathway string `json:"pathway"`
		Version int    `json:"pathway_version"`
		journey.Journey
	}{j.Edition.Code, j.Edition.Version, j})
}
