package server

import (
	"net/http"
	"slices"

	"waymark/internal/errs"
	"waymark/internal/pathway"
	pathwaypage "waymark/web/page/pathway"
)

// gridRoutes show local demand by schooling and area, a tab a sector.
func (s *Server) gridRoutes() {
	s.page("GET", "/pathways/grid", (*request).showGrid)
	s.api("GET", "/pathways/grid", (*request).apiGrids)
}

func (r *request) showGrid() error {
	grids, err := r.s.pathway.Grids(r.ctx(), r.by)
	if err != nil {
		return err
	}
	v := pathwaypage.Grid{Chrome: r.chrome("pathways", "grid.title"), Grids: grids}
	if sector := r.c.Query("sector"); sector != "" {
		if v.Shown = slices.IndexFunc(grids, func(g pathway.Grid) bool { return g.SectorCode == sector }); v.Shown < 0 {
			return errs.New(errs.NotFound, "not_found")
		}
	}
	return r.show(http.StatusOK, v.Chrome, v.Body())
}

func (r *request) apiGrids() error {
	grids, err := r.s.pathway.Grids(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(grids, nil)
}
