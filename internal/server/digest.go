package server

import (
	"net/http"

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

// stopDigest is pressed by a person or sent by their mail program (RFC 8058), whose body is its own affair:
// the address says all.
func (r *request) stopDigest() error {
	if err := r.s.digest.Stop(r.c.Request.Context(), r.c.Param("token")); err != nil {
		if errs.Is(err, errs.NotFound) {
			return r.stopDigestPage(false)
		}
		return err
	}
	return r.stopDigestPage(true)
}
