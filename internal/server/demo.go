package server

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"waymark/internal/access"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/web/page/fault"
)

// resetLimit is how long making the demonstration anew may take on a slow machine.
const resetLimit = 5 * time.Minute

func (s *Server) demoRoutes() { s.page("POST", "/setup/demo", (*request).resetDemo) }

// sure is the one tick that such a step needs.
type sure struct {
	Sure bool `json:"sure" validate:"required"`
}

// resetDemo makes the demonstration anew and leads to the sign-in page: everybody is signed out.
// Meanwhile everybody else is told to wait a moment.
func (r *request) resetDemo() error {
	if err := r.s.policy.Require(r.by, access.ResetDemo); err != nil {
		return err
	}
	if r.s.config.ResetDemo == nil {
		return errs.New(errs.NotFound, "not_found")
	}
	var in sure
	err := r.bind(&in)
	if err == nil {
		err = check.Struct(in)
	}
	if correctable(err) {
		return r.factsPage(nil, err)
	}
	if err != nil {
		return err
	}
	if !r.s.resetting.CompareAndSwap(false, true) {
		return errs.New(errs.Conflict, "demo.resetting")
	}
	defer r.s.resetting.Store(false)
	_ = http.NewResponseController(r.c.Writer).SetWriteDeadline(time.Time{})
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.c.Request.Context()), resetLimit)
	defer cancel()
	if err := r.s.config.ResetDemo(ctx); err != nil {
		return err
	}
	r.send = nil // it went with everything else
	return r.done("demo.done", "/sign-in")
}

// waitForDemo answers whoever comes while the demonstration is made anew.
func (r *request) waitForDemo() {
	r.c.Header("Retry-After", "3")
	if r.isAPI {
		r.problem(http.StatusServiceUnavailable, errs.New(errs.Unavailable, "demo.resetting"))
		return
	}
	r.c.Header("Refresh", "3")
	c := r.chrome("", "demo.resetting.title")
	var b bytes.Buffer
	if err := r.render(&b, r.s.layout(c, fault.Fault{Chrome: c, Heading: c.T("demo.resetting.title"), Words: c.T("error.demo.resetting")}.Body())); err != nil {
		r.c.Status(http.StatusServiceUnavailable)
		return
	}
	r.sendPage(http.StatusServiceUnavailable, &b)
}
