package server

import (
	"net/http"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
	"waymark/internal/reference"
	pathwaypage "waymark/web/page/pathway"
)

func (s *Server) pathwayRoutes() {
	s.page("GET", "/pathways", (*request).showPathways)
	s.page("POST", "/pathways", (*request).startPathway)
	s.mapRoutes()

	s.api("GET", "/pathways", (*request).apiPathways)
	s.api("POST", "/pathways", (*request).apiStartPathway)
	s.api("GET", "/pathways/:pathway", (*request).apiPathway)
}

func (r *request) showPathways() error { return r.showPathwaysWith(nil) }

// showPathwaysWith lists the pathways; editors also find those in the making, and the form of a new one.
func (r *request) showPathwaysWith(refused error) error {
	catalogue, err := r.s.pathway.Catalogue(r.ctx(), r.by)
	if err != nil {
		return err
	}
	v := pathwaypage.List{Chrome: r.chrome("pathways", "pathway.list_title"), Catalogue: catalogue}
	status := http.StatusOK
	if v.Edits = v.May(access.EditPathway); v.Edits {
		if v.Unpublished, err = r.s.pathway.Unpublished(r.ctx(), r.by); err != nil {
			return err
		}
		v.Form = page.NewForm(v.Chrome, "edition.new", "/pathways", nil)
		if refused != nil {
			v.Form, status, v.Failed = v.Form.Refused(r.posted, refused), statusOf(refused), true
		}
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) startPathway() error {
	var in pathway.NewInput
	err := r.bind(&in)
	var e pathway.Edition
	if err == nil {
		e, err = r.s.pathway.Start(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.showPathwaysWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("edition.done.started", draftPath(e.Code, e.Version), msg.Args{"code": e.Code})
}

func (r *request) apiStartPathway() error {
	var in pathway.NewInput
	if err := r.bind(&in); err != nil {
		return err
	}
	e, err := r.s.pathway.Start(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.versioned(e.Revision).created("/api/v1"+draftPath(e.Code, e.Version), e)
}

// edition reads the pathway of the path, ?version= an older one.
func (r *request) edition() (pathway.Edition, pathway.Catalogue, error) {
	version := 0
	if text := r.c.Query("version"); text != "" {
		var err error
		if version, err = strconv.Atoi(text); err != nil || version < 1 || version > 1_000_000 {
			return pathway.Edition{}, pathway.Catalogue{}, errs.New(errs.NotFound, "not_found")
		}
	}
	return r.s.pathway.Edition(r.ctx(), r.by, r.c.Param("pathway"), version)
}

type pathwayItem struct {
	Code    string       `json:"code"`
	Name    pathway.Text `json:"name"`
	Sector  string       `json:"sector"`
	Summary pathway.Text `json:"summary"`
	Version int          `json:"version"`
	Areas   []areaItem   `json:"areas"`
}

type areaItem struct {
	Code       string            `json:"code"`
	Name       pathway.Text      `json:"name"`
	EntryStep  int               `json:"entry_step"`
	WageHourly *pathway.AreaWage `json:"wage_step3"`
	Demand     *pathway.Demand   `json:"demand"`
}

func (r *request) apiPathways() error {
	catalogue, err := r.s.pathway.Catalogue(r.ctx(), r.by)
	if err != nil {
		return err
	}
	items := []pathwayItem{}
	for _, e := range catalogue.Pathways() {
		items = append(items, pathwayItem{e.Code, e.Name, e.Sector, e.Summary, e.Version, areaItems(e, catalogue)})
	}
	return r.list(items, map[string]any{"version": catalogue.Version, "data_version": catalogue.DataVersion})
}

func areaItems(e pathway.Edition, catalogue pathway.Catalogue) []areaItem {
	items := []areaItem{}
	for _, a := range e.Ordered() {
		one := areaItem{Code: a.Code, Name: a.Name, EntryStep: a.EntryStep}
		if w, ok := catalogue.AreaWage(a.Code); ok {
			one.WageHourly = &w
		}
		if d, ok := catalogue.AreaDemand(a.Code); ok {
			one.Demand = &d
		}
		items = append(items, one)
	}
	return items
}

// pathwayView is a pathway with the figures of the reader's region.
type pathwayView struct {
	pathway.Edition
	Region  string     `json:"region"`
	Figures []areaItem `json:"figures"`
}

// occupationView is an occupation with the region's wage and where its facts come from.
type occupationView struct {
	pathway.Occupation
	Median *pathway.RegionWage `json:"median"`
	Places []pathway.Place     `json:"places"`
	Cited  []pathway.Source    `json:"cited"`
	// Reference is what the imported data say; nil where nothing is imported.
	Reference *reference.Job `json:"reference"`
}

func (r *request) apiPathway() error {
	e, catalogue, err := r.edition()
	if err != nil {
		return err
	}
	return r.versioned(e.Version).json(http.StatusOK, pathwayView{e, catalogue.Region.Code, areaItems(e, catalogue)})
}
