// Package server is the one HTTP package: routes, requests, answers. It knows every page and every
// service; nothing imports it but the program.
package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/document"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pg"
	"waymark/web/layout"
	"waymark/web/page/fault"
	"waymark/web/static"
)

// Config is what the server is told at start.
type Config struct {
	DB      *pg.DB
	Policy  *access.Policy
	BaseURL string
	Demo    bool
	Proxies []string
	// Key encrypts fields such as SSNs: 32 bytes.
	Key []byte
	// Files is where papers are kept; nil takes none.
	Files *document.Files
	// Printer makes PDFs; nil leaves it to the reader's own browser.
	Printer Printer
	// Texts reads the calls of the provider of texts; nil takes none.
	Texts TextProvider
	// ResetDemo makes the demonstration anew; nil when there is none.
	ResetDemo func(context.Context) error
}

// Server answers HTTP.
type Server struct {
	db       *pg.DB
	policy   *access.Policy
	engine   *gin.Engine
	handler  http.Handler
	routes   []route
	tokens   tokens
	readings readings
	health   health
	metrics  *metrics
	cookie   string
	secure   bool
	demo     bool
	config   Config
	// resetting is set while the demonstration is made anew.
	resetting atomic.Bool

	services
}

// New builds the server with all its routes.
func New(cfg Config) (*Server, error) {
	gin.SetMode(gin.ReleaseMode)
	tokens, err := newTokens(cfg.Key)
	if err != nil {
		return nil, err
	}
	s := &Server{
		db: cfg.DB, policy: cfg.Policy, engine: gin.New(), tokens: tokens, demo: cfg.Demo, config: cfg,
		secure: strings.HasPrefix(cfg.BaseURL, "https://"), cookie: "waymark",
	}
	if s.secure {
		s.cookie = "__Host-waymark"
	}
	s.engine.HandleMethodNotAllowed = true
	s.engine.RedirectTrailingSlash = false
	if err := s.engine.SetTrustedProxies(cfg.Proxies); err != nil {
		return nil, err
	}
	s.metrics = newMetrics(s)
	s.services = newServices(cfg)
	s.assets()
	s.allRoutes()
	s.textRoutes()
	s.engine.NoRoute(func(c *gin.Context) { s.unrouted(c, errs.New(errs.NotFound, "not_found")) })
	s.engine.NoMethod(func(c *gin.Context) { s.unrouted(c, errMethod) })
	s.handler = s.around(s.engine)
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, q *http.Request) { s.handler.ServeHTTP(w, q) }

var errMethod = errors.New("method")

func (s *Server) unrouted(c *gin.Context, err error) {
	r := &request{c: c, s: s, isAPI: strings.HasPrefix(c.Request.URL.Path, "/api/"), now: s.db.Now()}
	_ = r.identify(route{API: r.isAPI})
	if errors.Is(err, errMethod) {
		if r.isAPI {
			r.c.Data(http.StatusMethodNotAllowed, "application/problem+json", []byte(`{"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"`+msg.For("en").T("error.method")+`"}`))
			return
		}
		r.failPage(http.StatusMethodNotAllowed, errs.New(errs.NotFound, "not_found"))
		return
	}
	r.fail(err)
}

// assets serve hashed files for ever; they hold nothing personal.
func (s *Server) assets() {
	files := http.StripPrefix("/static/", http.FileServerFS(static.FS()))
	s.engine.GET("/static/*file", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
		files.ServeHTTP(c.Writer, c.Request)
	})
	s.engine.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	s.engine.GET("/readyz", s.readyz)
}

// layout chooses the frame by who reads.
func (s *Server) layout(c page.Chrome, body templ.Component) templ.Component {
	switch c.By.Role {
	case "":
		return layout.Outside(c, body)
	case access.ParticipantRole, access.Guardian, access.Helper:
		return layout.Person(c, body)
	default:
		return layout.Staff(c, body)
	}
}

// failPage shows a fault in words, or sends somebody who is not signed in to sign in.
func (r *request) failPage(status int, err error) {
	if status == http.StatusUnauthorized && !strings.HasPrefix(r.c.Request.URL.Path, "/sign-in") {
		target := "/sign-in?next=" + templ.EscapeString(safeNext(r.c.Request.URL.Path))
		if e, ok := errors.AsType[*errs.Error](err); ok && e.Code == "session.over" {
			target += "&timeout=1"
		}
		if r.c.GetHeader("Accept") == "application/json" { // autosave: it leads to the sign-in page itself
			r.c.Status(status)
			return
		}
		if r.partial() {
			r.c.Header("HX-Redirect", target)
			r.c.Status(status)
			return
		}
		r.c.Redirect(http.StatusSeeOther, target)
		return
	}
	heading, words := "page.broken", "page.broken.body"
	switch status {
	case 400, 415, 422:
		heading, words = "page.bad", ""
	case 403:
		heading, words = "page.forbidden", "page.forbidden.body"
	case 404, 405:
		heading, words = "page.not_found", "page.not_found.body"
	case 409, 412, 428:
		heading, words = "page.conflict", ""
	case 413:
		heading, words = "page.too_large", "page.too_large.body"
	case 429:
		heading, words = "page.too_many", ""
	case 503:
		heading, words = "page.busy", "page.busy.body"
	}
	c := r.chrome("", heading)
	if own := words + ".own"; c.By.Role == access.ParticipantRole && c.Words.Has(own) {
		words = own
	}
	text := ""
	if e, ok := errors.AsType[*errs.Error](err); ok && (words == "" || e.Code == "form.token" || e.Code == "outcome_unknown") && !unforeseen(err) {
		text = detailOf(c.Words, e)
	} else if words != "" {
		text = c.T(words, msg.Args{"id": r.by.RequestID})
	}
	v := fault.Fault{Chrome: c, Heading: c.T(heading), Words: text, Problems: problemsOf(c, err)}
	if status == http.StatusServiceUnavailable {
		v.Again, v.Kept = r.again()
	}
	if r.partial() { // a fault takes the page, not the part that was asked for
		r.c.Header("HX-Retarget", "body")
		r.c.Header("HX-Reswap", "innerHTML")
	}
	var b bytes.Buffer
	if err := r.render(&b, r.s.layout(c, v.Body())); err != nil {
		r.c.String(http.StatusInternalServerError, "500\n")
		return
	}
	r.gathered()
	r.sendPage(status, &b)
}

// problemsOf says what is wrong with each field of a form that is one button and cannot be shown again.
func problemsOf(c page.Chrome, err error) (list []string) {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Invalid {
		for _, l := range page.NewForm(c, "field", "", nil).Refused(nil, err).Summary() {
			list = append(list, l.Text)
		}
	}
	return list
}

// safeNext is a local path to come back to, or the first page.
func safeNext(p string) string {
	if len(p) > 1 && p[0] == '/' && p[1] != '/' && p[1] != '\\' && !strings.ContainsAny(p, "\r\n\t\\:") && !strings.HasPrefix(p, "/sign-") {
		return p
	}
	return "/"
}

// Listen serves until ctx ends, then lets what is under way finish.
func (s *Server) Listen(ctx context.Context, addr string) error {
	server := &http.Server{
		Addr: addr, Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 25*time.Second)
		defer cancel()
		err := server.Shutdown(grace)
		s.Settle()
		return err
	}
}

// Settle waits for what goes on after answers were given: letters and codes on their way to the outbox.
func (s *Server) Settle() { s.account.Settle() }

// waiting counts the plans that wait for the actor's approval, for the menu.
func (s *Server) waiting(r *request) int {
	n, err := account.Waiting(r.ctx(), s.db, s.policy, r.by)
	if err != nil {
		slog.WarnContext(r.c.Request.Context(), "waiting", "err", scrub(err))
	}
	return n
}
