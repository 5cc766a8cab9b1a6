package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pg"
	"waymark/internal/wire"
)

// endpoint answers one route. What it returns as error becomes a page or a problem document.
type endpoint func(*request) error

// request is what an endpoint is given: who asks, for what, and how to answer.
type request struct {
	c       *gin.Context
	s       *Server
	by      access.Actor
	session account.Session
	isAPI   bool
	now     time.Time
	body    []byte
	posted  url.Values
	file    *document.Spool // of an upload
	// refusedFile is what is wrong with a file that was not even taken in.
	refusedFile error
	send        *pg.Submission
	// reading and snapshot are there while a GET is put together.
	reading  context.Context
	snapshot *pg.Snapshot
	answer   answer
	// waits is how many plans wait for approval, where that is read already.
	waits *int
	// record is whose record is shown, where the address does not say it.
	record string
}

// The form's own keys, which are no field of any input.
var formKeys = []string{"form_token", "version", "draft", "next", "go"}

// ctx is the request's context for the services: it carries the submission of a change; a reading
// has one snapshot and can write nothing.
func (r *request) ctx() context.Context {
	ctx := r.c.Request.Context()
	if r.reading != nil {
		return r.reading
	}
	if r.send != nil {
		ctx = pg.Submitting(ctx, r.send)
	}
	return ctx
}

// together has everything that fn reads answered in one round trip; what pg.Together says of fn holds.
func (r *request) together(fn func() error) error { return pg.Together(r.ctx(), fn) }

// whole is together for a page that reads nothing after fn but what its frame does, which is read along; pg.Whole
// says what that means. What is made of it holds no connection.
func (r *request) whole(fn func() error) error {
	err := pg.Whole(r.ctx(), func() error {
		r.waits = nil
		if err := fn(); err != nil {
			return err
		}
		if !r.isAPI && r.s.policy.Allows(r.by, access.ApprovePlan) {
			n := r.s.waiting(r)
			r.waits = &n
		}
		return nil
	})
	r.gathered()
	return err
}

// today is the civil date at the actor's agency.
func (r *request) today() civil.Date { return r.by.Today(r.now) }

// param reads an id of the path; what is no id names nothing: 404.
func param[T any](r *request, name string) (id.Of[T], error) {
	v, err := id.Parse[T](r.c.Param(name))
	if err != nil {
		return v, errs.New(errs.NotFound, "not_found")
	}
	return v, nil
}

// caseID is the case of the path.
func (r *request) caseID() (access.CaseID, error) { return param[access.Case](r, "case") }

// bind reads the body into dst: the JSON of the API or the posted form of a page, by the same names.
// When a field cannot be read, the other fields are held against their tags as well, so that
// whoever sent it learns of everything at once.
func (r *request) bind(dst any) error {
	var err error
	if r.isAPI {
		err = wire.JSON(r.body, dst)
	} else {
		err = wire.Form(r.posted, dst, r.today(), formKeys...)
	}
	malformed, ok := errors.AsType[*errs.Error](err)
	if !ok || malformed.Kind != errs.Invalid {
		return err
	}
	broken, ok := errors.AsType[*errs.Error](check.Struct(dst))
	if !ok {
		return err
	}
	all := slices.Clone(malformed.Fields)
	for _, b := range broken.Fields {
		if !slices.ContainsFunc(malformed.Fields, func(m errs.Field) bool { return m.Name == b.Name }) {
			all = append(all, b)
		}
	}
	order := wire.Order(dst)
	slices.SortStableFunc(all, func(a, b errs.Field) int { return order(a.Name) - order(b.Name) })
	return errs.Fields(all...)
}

// filled is what was typed into the form's fields; nil when it had none, as one button has none.
func (r *request) filled() url.Values {
	for k := range r.posted {
		if !slices.Contains(formKeys, k) {
			return r.posted
		}
	}
	return nil
}

// version is the version the sender saw: If-Match of the API, the hidden field of a form.
func (r *request) version() (int, error) {
	text := r.posted.Get("version")
	if r.isAPI {
		text = strings.Trim(r.c.GetHeader("If-Match"), `W/"`)
		if text == "" {
			return 0, errs.New(errs.VersionRequired, "version.required")
		}
	}
	n := 0
	for _, d := range text {
		if d < '0' || d > '9' || n > 1_000_000 {
			return 0, errs.New(errs.StaleVersion, "version.stale")
		}
		n = n*10 + int(d-'0')
	}
	return n, nil
}

// versionIfAny is version for what may not be there yet: a sender who has seen nothing names none, and is
// refused when there is something after all.
func (r *request) versionIfAny() (int, error) {
	if r.isAPI && r.c.GetHeader("If-Match") == "" {
		return intake.NoVersion, nil
	}
	return r.version()
}

// readBody reads the body once, whole, within the route's limit.
func (r *request) readBody() error {
	b, err := io.ReadAll(r.c.Request.Body)
	if err != nil {
		if strings.Contains(err.Error(), "request body too large") {
			return errs.New(errs.TooLarge, "too_large")
		}
		return errs.New(errs.Unreadable, "body.json").With(err)
	}
	r.body = b
	kind, _, _ := strings.Cut(r.c.GetHeader("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if r.isAPI {
		if len(bytes.TrimSpace(b)) > 0 && kind != "application/json" {
			return errs.New(errs.MediaType, "media_type")
		}
		return nil
	}
	if kind != "application/x-www-form-urlencoded" && len(b) > 0 {
		return errs.New(errs.MediaType, "media_type")
	}
	if r.posted, err = url.ParseQuery(string(b)); err != nil {
		return errs.New(errs.Unreadable, "body.json").With(err)
	}
	if len(r.posted) > 1000 {
		return errs.New(errs.TooLarge, "too_large")
	}
	return nil
}

func (r *request) bodyHash() []byte {
	h := sha256.Sum256(r.body)
	return h[:]
}

// lang is the language to answer in: the person's own, else the cookie's, else the browser's.
func (r *request) lang() string {
	if r.by.Language != "" {
		return r.by.Language
	}
	if c, err := r.c.Cookie("lang"); err == nil && msg.Has(c) {
		return c
	}
	wanted := strings.ToLower(r.c.GetHeader("Accept-Language"))
	for _, lang := range msg.Languages {
		if after, begins := strings.CutPrefix(wanted, lang); begins && strings.Trim(after[:min(len(after), 1)], "-,; ") == "" {
			return lang
		}
	}
	return "en"
}

// speak goes on in the language on the record of whoever a link was sent to, until its holder chooses another.
func (r *request) speak(lang string) {
	if _, err := r.c.Cookie("lang"); err != nil && r.by.ID.IsZero() && msg.Has(lang) {
		r.by.Language = lang
	}
}

// chrome is the frame of a page.
func (r *request) chrome(active, titleKey string, args ...msg.Args) page.Chrome {
	c := page.Chrome{
		Words: msg.For(r.lang()), By: r.by, Now: r.now, Today: r.today(), Path: r.c.Request.URL.Path, Query: r.c.Request.URL.Query(),
		Active: active, Demo: r.by.Demo || r.s.demo, Idle: r.session.Idle, Shortcuts: r.session.Shortcuts,
		Token: func() string { return r.s.tokens.make(r.session.ID.String()) },
		Can:   func(p access.Permission) bool { return r.s.policy.Allows(r.by, p) },
	}
	if titleKey != "" {
		c.Title = c.T(titleKey, args...)
	}
	c.Flash = r.takeFlash(c)
	switch {
	case r.waits != nil:
		c.Waiting = *r.waits
	case r.s.policy.Allows(r.by, access.ApprovePlan):
		c.Waiting = r.s.waiting(r)
	}
	return c
}

// show renders a page in the frame its reader needs: staff, participant or signed out.
func (r *request) show(status int, c page.Chrome, body templ.Component) error {
	return r.html(status, r.s.layout(c, body))
}

// partial reports whether htmx asks for a part of a page.
func (r *request) partial() bool { return r.c.GetHeader("HX-Request") == "true" }
