package server

import (
	"net/http"
	"strings"

	"waymark/internal/pathway"
)

// ctdl answers the pathway for a credential registry.
func (r *request) ctdl() error {
	e, catalogue, err := r.edition()
	if err != nil {
		return err
	}
	life, err := r.s.pathway.Life(r.ctx(), r.by, e.Code)
	if err != nil {
		return err
	}
	info := pathway.CTDLInfo{Base: strings.TrimSuffix(r.s.config.BaseURL, "/"), Owner: r.by.AgencyName, Occupation: catalogue.Occupation}
	for _, v := range life.Versions { // newest first
		if v.State != pathway.Published && v.State != pathway.Retired {
			continue
		}
		info.Latest = max(info.Latest, v.Version)
		if v.Version > e.Version {
			info.Later = v.Version
		}
		if v.Version < e.Version {
			info.Earlier = max(info.Earlier, v.Version)
		}
	}
	b, err := pathway.CTDL(e, info)
	if err != nil {
		return err
	}
	r.c.Header("Content-Disposition", `attachment; filename="`+e.Code+`-ctdl.json"`)
	r.c.Data(http.StatusOK, "application/ld+json", b)
	return nil
}
