package server

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/page"
)

// answer is what was sent, kept for a repetition of the same submission.
type answer struct {
	status   int
	location string
	body     []byte
}

var statuses = map[errs.Kind]int{
	errs.Unreadable: 400, errs.Unauthenticated: 401, errs.Forbidden: 403, errs.NotFound: 404, errs.Conflict: 409,
	errs.StaleVersion: 412, errs.VersionRequired: 428, errs.TooLarge: 413, errs.MediaType: 415, errs.Invalid: 422,
	errs.TooMany: 429, errs.Unavailable: 503,
}

// statusOf is the status of an error; what is no refusal is our fault.
func statusOf(err error) int {
	if e, ok := errors.AsType[*errs.Error](err); ok && !unforeseen(err) {
		return statuses[e.Kind]
	}
	return http.StatusInternalServerError
}

// unforeseen is a rule of the schema that said no before any rule of ours: nobody put it into words,
// so it is a fault of the program and not of what was sent.
func unforeseen(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && strings.HasPrefix(e.Code, "constraint.")
}

// correctable errors bring the form back with what was typed.
func correctable(err error) bool {
	return !unforeseen(err) && (errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) && !isRepeated(err))
}

// html answers with a page, once its reading is noted.
func (r *request) html(status int, component templ.Component) error {
	b := papers.Get().(*bytes.Buffer)
	defer papers.Put(b)
	b.Reset()
	if err := r.render(b, component); err != nil {
		return err
	}
	r.gathered()
	if err := r.noteOpening(); err != nil {
		return err
	}
	r.sendPage(status, b)
	return nil
}

// papers are what pages are written on, used again: growing one for each page costs as much as filling it.
var papers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes the whole page before any of it is sent, so that a fault in it never leaves half an answer.
// A client that left makes no fault of it.
func (r *request) render(b *bytes.Buffer, component templ.Component) error {
	return component.Render(context.WithoutCancel(r.c.Request.Context()), b)
}

func (r *request) sendPage(status int, b *bytes.Buffer) {
	r.c.Header("Vary", "Cookie, HX-Request, Accept-Language")
	r.c.Data(status, "text/html; charset=utf-8", b.Bytes())
}

// json answers with one value. What a change answers is audited as the change.
func (r *request) json(status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if r.c.Request.Method == http.MethodGet {
		r.gathered()
		if err := r.noteOpening(); err != nil {
			return err
		}
	}
	r.answer = answer{status: status, body: b}
	r.c.Data(status, "application/json", b)
	return nil
}

// created answers 201 with the new thing and where it is.
func (r *request) created(location string, v any) error {
	r.c.Header("Location", location)
	r.answer.location = location
	err := r.json(http.StatusCreated, v)
	r.answer.location = location
	return err
}

// versioned sets the ETag that the next If-Match repeats.
func (r *request) versioned(version int) *request {
	r.c.Header("ETag", `"`+strconv.Itoa(version)+`"`)
	return r
}

// go303 sends a browser on.
func (r *request) go303(location string) error {
	r.answer = answer{status: http.StatusSeeOther, location: location}
	if r.partial() {
		r.c.Header("HX-Redirect", location)
		r.c.Status(http.StatusOK)
		return nil
	}
	r.c.Redirect(http.StatusSeeOther, location)
	return nil
}

// done says in one line what happened, on the page the browser is sent to; what was kept of the form while it
// was typed has served.
func (r *request) done(flashKey, location string, args ...msg.Args) error {
	if key := r.posted.Get("draft"); key != "" {
		r.clearDraft(key)
	}
	b, err := json.Marshal(append([]any{flashKey}, anys(args)...))
	if err != nil {
		return err
	}
	http.SetCookie(r.c.Writer, &http.Cookie{Name: "flash", Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 60, HttpOnly: true, Secure: r.s.secure, SameSite: http.SameSiteLaxMode})
	return r.go303(location)
}

func anys(args []msg.Args) []any {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	return list
}

// takeFlash reads the line once. Its words come from the catalogue; only arguments come from the cookie.
func (r *request) takeFlash(c page.Chrome) string {
	cookie, err := r.c.Request.Cookie("flash")
	if err != nil || r.c.Request.Method != http.MethodGet {
		return ""
	}
	http.SetCookie(r.c.Writer, &http.Cookie{Name: "flash", Path: "/", MaxAge: -1})
	b, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return ""
	}
	var parts []json.RawMessage
	var key string
	if json.Unmarshal(b, &parts) != nil || len(parts) == 0 || json.Unmarshal(parts[0], &key) != nil || !c.Words.Has(key) {
		return ""
	}
	if len(parts) > 1 {
		args := msg.Args{}
		_ = json.Unmarshal(parts[1], &args)
		return c.T(key, args)
	}
	return c.T(key)
}

// sayWhen tells a program how long to wait before it tries again.
func (r *request) sayWhen(err error) {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.RetryAfter > 0 {
		r.c.Header("Retry-After", strconv.Itoa(e.RetryAfter))
	}
}

// fail turns an error into a page or a problem document. It is the only place that writes a 5xx.
func (r *request) fail(err error) {
	status := statusOf(err)
	if status == http.StatusInternalServerError {
		slog.ErrorContext(r.c.Request.Context(), "fault", "err", scrub(err), "request", r.by.RequestID, "route", r.c.FullPath())
		_ = r.c.Error(err)
	}
	if status == http.StatusNotFound && lockedOut(err) {
		slog.ErrorContext(r.c.Request.Context(), "the database refused what the policy allowed", "request", r.by.RequestID, "actor", r.by.ID.String(), "route", r.c.FullPath())
	}
	if status == http.StatusServiceUnavailable {
		slog.WarnContext(r.c.Request.Context(), "unavailable", "err", scrub(err), "request", r.by.RequestID, "route", r.c.FullPath())
	}
	r.sayWhen(err)
	if r.isAPI {
		r.problem(status, err)
		return
	}
	r.failPage(status, err)
}

// lockedOut says that row-level security or a privilege held where our own rules did not.
func lockedOut(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && e.Kind == errs.NotFound && e.Unwrap() != nil
}

// scrub keeps the chain of what was tried and drops what the server quoted. Why something is
// unavailable is said: it is about the machine, not about a person.
func scrub(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Unavailable && e.Unwrap() != nil {
		err = e.Unwrap()
	}
	s, _, _ := strings.Cut(err.Error(), "\n")
	if len(s) > 300 {
		s = s[:300]
	}
	return s
}

type problemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// problemDocument is RFC 9457's application/problem+json with our fields.
type problemDocument struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	RequestID string         `json:"request_id,omitempty"`
	Errors    []problemField `json:"errors,omitempty"`
	Current   any            `json:"current,omitempty"`
	// PossibleDuplicates answers POST /participants; see api.md.
	PossibleDuplicates any `json:"possible_duplicates,omitempty"`
}

func (r *request) problem(status int, err error) {
	words := msg.For(r.lang())
	doc := problemDocument{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: words.T("error.internal"), RequestID: r.by.RequestID}
	if e, ok := errors.AsType[*errs.Error](err); ok && !unforeseen(err) {
		doc.Type = "urn:waymark:problem:" + e.Code
		doc.Detail = detailOf(words, e)
		f := page.Form{Chrome: page.Chrome{Words: words}, Name: "field"}
		for _, fe := range e.Fields {
			doc.Errors = append(doc.Errors, problemField{fe.Name, fe.Code, apiText(f, fe)})
		}
		if e.Code == "participant.possible_duplicates" {
			doc.PossibleDuplicates = e.Current
		} else {
			doc.Current = r.shown(e.Current)
		}
	}
	if status == http.StatusNotFound {
		// Absent and out of reach are the same bytes.
		doc = problemDocument{Type: "urn:waymark:problem:not_found", Title: "Not Found", Status: 404, Detail: words.T("error.not_found")}
	}
	b, _ := json.Marshal(doc)
	r.c.Data(status, "application/problem+json", b)
}

// shown is what a refusal tells of the record as it is now: nothing, unless the reading is noted.
func (r *request) shown(current any) any {
	if current == nil || r.noteOpening() != nil {
		return nil
	}
	return current
}

// apiText names the field by its JSON name: scripts have no labels.
func apiText(f page.Form, fe errs.Field) string {
	args := msg.Args{"label": fe.Name, "entered": ""}
	for k, v := range fe.Args {
		args[k] = v
	}
	if f.Words.Has("error." + fe.Code) {
		return f.T("error."+fe.Code, args)
	}
	return f.T("error.value", args)
}

func detailOf(words *msg.Catalogue, e *errs.Error) string {
	if words.Has("error." + e.Code) {
		return words.T("error."+e.Code, msg.Args{"seconds": e.RetryAfter})
	}
	return http.StatusText(statuses[e.Kind])
}
