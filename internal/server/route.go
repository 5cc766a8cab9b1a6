package server

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"

	"waymark/internal/account"
	"waymark/internal/errs"
	"waymark/internal/openapi"
	"waymark/internal/pg"
)

// route is one entry of the manifest that the whole-app tests walk.
type route struct {
	Method, Path string
	API          bool
	// Public routes answer people who are not signed in.
	Public bool
	// Quiet requests come from the page itself, not from a person: they do not keep a session alive.
	Quiet bool
	// Upload routes take a form with a file; no other route does.
	Upload bool
	// Bare changes take no fields: whoever sends some is told so.
	Bare bool
	// takes are the parameters of the query that a route of the API knows.
	takes []openapi.Query
}

// Routes lists the manifest; a test compares it with the engine's own list.
func (s *Server) Routes() []route { return s.routes }

func (s *Server) page(method, path string, h endpoint) { s.add(route{Method: method, Path: path}, h) }

// button is for a form that is one button: it has a token and a version and nothing to fill in.
func (s *Server) button(path string, h endpoint) {
	s.add(route{Method: http.MethodPost, Path: path, Bare: true}, h)
}

// quietPage is for what a page sends by itself: its form token proves that it is ours and stays
// good for the form itself, and the session's time runs on.
func (s *Server) quietPage(method, path string, h endpoint) {
	s.add(route{Method: method, Path: path, Quiet: true}, h)
}

func (s *Server) publicPage(method, path string, h endpoint) {
	s.add(route{Method: method, Path: path, Public: true}, h)
}

func (s *Server) api(method, path string, h endpoint) {
	s.add(route{Method: method, Path: "/api/v1" + path, API: true}, h)
}

// action is a change of the API that takes no body.
func (s *Server) action(method, path string, h endpoint) {
	s.add(route{Method: method, Path: "/api/v1" + path, API: true, Bare: true}, h)
}

func (s *Server) publicAPI(method, path string, h endpoint) {
	s.add(route{Method: method, Path: "/api/v1" + path, API: true, Public: true}, h)
}

func (s *Server) add(rt route, h endpoint) {
	rt.takes = rt.described().Query
	s.routes = append(s.routes, rt)
	s.engine.Handle(rt.Method, rt.Path, func(c *gin.Context) {
		r := &request{c: c, s: s, isAPI: rt.API, now: s.db.Now()}
		if s.resetting.Load() {
			r.waitForDemo()
			return
		}
		defer r.rescue()
		if err := r.serve(rt, h); err != nil {
			r.fail(err)
		}
	})
}

var errPanic = errors.New("panic")

// rescue answers a panic like every other fault. What was already on its way is cut off, so that
// nobody takes half an answer for a whole one.
func (r *request) rescue() {
	p := recover()
	if p == nil {
		return
	}
	if r.c.Writer.Written() || p == http.ErrAbortHandler {
		panic(http.ErrAbortHandler)
	}
	// The panic's value and the request's headers may hold personal data; the stack does not.
	slog.ErrorContext(r.c.Request.Context(), "panic", "stack", string(debug.Stack()), "request", r.by.RequestID)
	r.gathered()
	r.fail(errPanic)
}

// serve does, in this order: who is it, what was sent, is it ours, was it sent before, answer.
func (r *request) serve(rt route, h endpoint) error {
	line, _ := r.c.Request.Context().Value(logKey{}).(*logged)
	if line != nil {
		line.route = rt.Path
	}
	err := r.identify(rt)
	if line != nil {
		r.by.RequestID = line.request
		line.actor = r.by.ID.String()
	}
	if err != nil && !(rt.Public && errs.Is(err, errs.Unauthenticated)) {
		return err
	}
	if err := r.mayOpen(rt); err != nil {
		return err
	}
	if err := r.legible(); err != nil {
		return err
	}
	changes := rt.Method != http.MethodGet
	if changes {
		r.by.Mark = "" // what is read after one's own change is read anew
	}
	if rt.API {
		if err := r.asked(rt.takes); err != nil {
			return err
		}
	}
	if changes {
		read := r.readBody
		if rt.Upload {
			read = r.readUpload
			defer func() { r.file.Drop() }()
		}
		if err := read(); err != nil {
			return err
		}
		if !rt.Public || !rt.API && !r.by.ID.IsZero() {
			if err := r.submission(); err != nil {
				return err
			}
			if rt.Quiet {
				r.send = nil
			}
		}
		if rt.Bare {
			if err := r.bind(&struct{}{}); err != nil {
				return err
			}
		}
	}
	if !changes {
		r.reading, r.snapshot = pg.Reading(r.c.Request.Context())
		defer r.gathered()
	}
	err = h(r)
	if isRepeated(err) {
		return r.repeated()
	}
	if err == nil && changes && !rt.Quiet {
		r.remember()
	}
	return err
}

// gathered ends the snapshot: what is sent after it holds no connection.
func (r *request) gathered() {
	if r.snapshot != nil {
		r.snapshot.Close()
	}
}

// identify finds the session: of the cookie on pages, of the bearer token on the API. A cookie
// does not open the API, so that no page of another origin can use it.
func (r *request) identify(rt route) error {
	token := ""
	if rt.API {
		token, _ = strings.CutPrefix(r.c.GetHeader("Authorization"), "Bearer ")
	} else if c, err := r.c.Request.Cookie(r.s.cookie); err == nil {
		token = c.Value
	}
	if token == "" {
		return errs.New(errs.Unauthenticated, "unauthenticated")
	}
	find := r.s.account.Find
	if rt.Quiet {
		find = r.s.account.Peek
	}
	found, err := find(r.c.Request.Context(), token)
	if err != nil {
		return err
	}
	if found.Bearer != rt.API {
		return errs.New(errs.Unauthenticated, "unauthenticated")
	}
	r.session, r.by = found, found.Actor
	return nil
}

// signIn sets the cookie of a new session.
func (s *Server) setSession(c *gin.Context, token string) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: s.cookie, Value: token, Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(account.Absolute.Seconds()),
	})
}
