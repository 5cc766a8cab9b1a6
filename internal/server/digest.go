package server

import (
	"net/http"

	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/page"
	accountpage "waymark/web/page/account"
)

func (s *Server) digestRoutes() {
	s.publicPage("GET", "/digest/stop/:token", (*request).showStopDigest)
	s.publicPage("POST", "/digest/stop/:token", (*request).stopDigest)
}

// showStopDigest asks whoever followed a letter's link; opening the link alone stops nothing, because
// mail programs open links by themselves.
func (r *request) showStopDigest() error { return r.stopDigestPage(false) }

func (r *request) stopDigestPage(stopped bool) error {
	_, err := r.s.digest.Find(r.c.Request.Context(), r.c.Param("token"))
	gone := errs.Is(err, errs.NotFound)
	if err != nil && !gone {
		return err
	}
	c := r.chrome("", "digest_stop.title")
	status := http.StatusOK
	if gone {
		status = http.StatusGone
	}
	return r.show(status, c, accountpage.StopDigest{Chrome: c, Form: page.NewForm(c, "digest_stop", c.Path, nil), Stopped: stopped, Gone: gone}.Body())
}

// oneClick is what a mail program sends when its reader presses its own button (RFC 8058).
type oneClick struct {
	OneClick string `json:"List-Unsubscribe" validate:"omitempty,oneof=One-Click"`
}

func (r *request) stopDigest() error {
	var in oneClick
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := check.Struct(in); err != nil {
		return err
	}
	if err := r.s.digest.Stop(r.c.Request.Context(), r.c.Param("token")); err != nil {
		if errs.Is(err, errs.NotFound) {
			return r.stopDigestPage(false)
		}
		return err
	}
	return r.stopDigestPage(true)
}
