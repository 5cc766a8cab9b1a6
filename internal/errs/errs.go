// Package errs is the one error type that crosses package borders. It carries
// keys of the message catalogue, never sentences; the edge turns them into words.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what the caller can do about an error. The edge maps it to an HTTP status.
type Kind string

// The kinds, with the status the edge answers. Whatever is not an *Error is a fault of ours: 500.
const (
	Unreadable      Kind = "unreadable"       // 400: the request could not be parsed
	Unauthenticated Kind = "unauthenticated"  // 401
	Forbidden       Kind = "forbidden"        // 403: seen, but not allowed
	NotFound        Kind = "not_found"        // 404: absent, or out of the actor's reach
	Conflict        Kind = "conflict"         // 409: the state or version is another
	StaleVersion    Kind = "stale_version"    // 412: If-Match does not hold
	VersionRequired Kind = "version_required" // 428: If-Match is missing
	TooLarge        Kind = "too_large"        // 413
	MediaType       Kind = "media_type"       // 415
	Invalid         Kind = "invalid"          // 422: fields to correct
	TooMany         Kind = "too_many"         // 429
	Unavailable     Kind = "unavailable"      // 503: try again later
)

// Field is one thing to correct: the field's name as in the form and the JSON,
// and the key of what is wrong. Args fill the message's placeholders.
type Field struct {
	Name string
	Code string
	Args map[string]any
}

// Error is a refusal that the caller can understand.
type Error struct {
	Kind   Kind
	Code   string // catalogue key below "error.", e.g. "checkin.case_closed"
	Fields []Field
	// Current is what a conflict is with, for the JSON body: a version, an id, possible duplicates.
	Current any
	// RetryAfter is in seconds; used with TooMany and Unavailable.
	RetryAfter int
	cause      error
}

// Error lists kind, code and fields for logs and tests; it holds no personal data.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind) + " " + e.Code)
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name + "=" + f.Code)
	}
	return b.String()
}

// Unwrap gives the cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// New makes a refusal without fields.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// At makes a refusal that names one field.
func At(field, code string) *Error { return Fields(Field{Name: field, Code: code}) }

// AtArgs is At with arguments for the message.
func AtArgs(field, code string, args map[string]any) *Error {
	return Fields(Field{Name: field, Code: code, Args: args})
}

// Fields makes one refusal of several field errors.
func Fields(fields ...Field) *Error {
	return &Error{Kind: Invalid, Code: "form.invalid", Fields: fields}
}

// With records why without showing it to anybody.
func (e *Error) With(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Showing attaches what the conflict is with.
func (e *Error) Showing(current any) *Error {
	c := *e
	c.Current = current
	return &c
}

// Is reports whether err is a refusal of the kind.
func Is(err error, kind Kind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == kind
}

// Collector gathers field errors in form order.
type Collector struct{ fields []Field }

// Add records one field error.
func (c *Collector) Add(field, code string) {
	c.fields = append(c.fields, Field{Name: field, Code: code})
}

// AddArgs records one field error with message arguments.
func (c *Collector) AddArgs(field, code string, args map[string]any) {
	c.fields = append(c.fields, Field{Name: field, Code: code, Args: args})
}

// Merge takes over the fields of a refusal and returns any other error.
func (c *Collector) Merge(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == Invalid {
		c.fields = append(c.fields, e.Fields...)
		return nil
	}
	return err
}

// Err is nil when nothing was added.
func (c *Collector) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return Fields(c.fields...)
}

// Wrapf adds what was tried to an unexpected error; refusals travel unwrapped.
func Wrapf(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
