package server

import (
	"net/http"

	"waymark/internal/caseload"
	"waymark/internal/msg"
	"waymark/internal/page"
	caseloadpage "waymark/web/page/caseload"
)

func (s *Server) savedViewRoutes() {
	s.page("GET", "/caseload/views", (*request).showViews)
	s.page("POST", "/caseload/views", (*request).saveView)
	s.button("/caseload/views/:saved/remove", (*request).removeView)

	s.api("GET", "/caseload/views", (*request).apiViews)
	s.api("POST", "/caseload/views", (*request).apiSaveView)
	s.action("DELETE", "/caseload/views/:saved", (*request).apiRemoveView)
}

// showViews lists the saved views; the address to save comes in its own query.
func (r *request) showViews() error { return r.viewsPage(nil) }

func (r *request) viewsPage(refused error) error {
	list, err := r.s.caseload.SavedViews(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "saved.title")
	f := page.NewForm(c, "saved", "/caseload/views", nil)
	query, err := caseload.Normal(r.c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	f.Values.Set("query", query)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed = statusOf(refused), true
		f = f.Refused(r.posted, refused)
	}
	return r.show(status, c, caseloadpage.Views{Chrome: c, Form: f, Items: list}.Body())
}

func (r *request) saveView() error {
	var in caseload.SavedInput
	var made caseload.Saved
	err := r.bind(&in)
	if err == nil {
		made, err = r.s.caseload.SaveView(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.viewsPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("saved.saved", "/caseload?"+made.Query, msg.Args{"name": made.Name})
}

func (r *request) removeView() error {
	of, err := param[caseload.Saved](r, "saved")
	if err != nil {
		return err
	}
	if err := r.s.caseload.RemoveView(r.ctx(), r.by, of); err != nil {
		return err
	}
	return r.done("saved.removed", "/caseload/views")
}

func (r *request) apiViews() error {
	list, err := r.s.caseload.SavedViews(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiSaveView() error {
	var in caseload.SavedInput
	if err := r.bind(&in); err != nil {
		return err
	}
	made, err := r.s.caseload.SaveView(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/caseload/views/"+made.ID.String(), made)
}

func (r *request) apiRemoveView() error {
	of, err := param[caseload.Saved](r, "saved")
	if err != nil {
		return err
	}
	if err := r.s.caseload.RemoveView(r.ctx(), r.by, of); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"id": of, "removed": true})
}
