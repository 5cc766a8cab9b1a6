package server

import (
	"net/http"
	"strings"

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
	s.editionRoutes()
	s.gridRoutes()
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
	if err := r.notices(&v); err != nil {
		return err
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

// notices say what there is to know about the edition: who validated it, that it is a draft, and
// whose steps it changed.
func (r *request) notices(v *pathwaypage.Map) error {
	life, err := r.s.pathway.Life(r.ctx(), r.by, v.Edition.Code)
	if err != nil {
		return err
	}
	v.Note = v.T("map.not_validated_note")
	if employers, on := life.ValidatedBy(v.Edition.Version); len(employers) > 0 {
		v.Note = v.T("map.validated_note", msg.Args{"on": v.Date(on), "employers": strings.Join(employers, ", ")})
	}
	if !v.Edition.Out() {
		v.Notices = append(v.Notices, pathwaypage.Notice{
			Words: v.T("map.draft_note", msg.Args{"version": v.Edition.Version}), Href: draftPath(v.Edition.Code, v.Edition.Version), Link: v.T("map.back_to_editor"),
		})
	}
	if v.Journey != nil && !v.Self {
		q, err := r.s.revision.Question(r.ctx(), r.by, v.Journey.Case.ID)
		if err != nil {
			return err
		}
		if q.Open {
			v.Notices = append(v.Notices, pathwaypage.Notice{
				Words: v.T("map.retired_answer", msg.Args{"name": v.Journey.First(), "version": q.Now.Version}), Href: "/cases/" + v.Journey.Case.ID.String() + "/move", Link: v.T("map.see_changes"),
			})
		}
	}
	if v.Journey == nil && v.Edition.State == pathway.Published && r.s.policy.Allows(r.by, access.ChooseSelection) {
		waiting, err := r.s.revision.Waiting(r.ctx(), r.by)
		if err != nil {
			return err
		}
		if n := waiting[v.Edition.Code]; n > 0 {
			v.Notices = append(v.Notices, pathwaypage.Notice{Words: v.T("map.waiting", msg.Args{"count": n}), Href: "/pathways/" + v.Edition.Code + "/moves", Link: v.T("map.see_waiting")})
		}
	}
	return nil
}

func (r *request) showTable() error {
	edition, catalogue, err := r.edition()
	if err != nil {
		return err
	}
	c := r.chrome("pathways", "map.table_title", msg.Args{"name": edition.Name.In(r.lang())})
	return r.show(http.StatusOK, c, pathwaypage.Show{Chrome: c, Edition: edition, Catalogue: catalogue}.Body())
}

// caseJourney reads somebody's route.
func (r *request) caseJourney() (journey.Journey, error) {
	caseID, err := r.caseID()
	if err != nil {
		return journey.Journey{}, err
	}
	return r.s.journey.Of(r.ctx(), r.by, caseID)
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
