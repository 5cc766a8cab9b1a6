package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg/pgtest"
	"waymark/policies"
)

// broken is a server whose every route fails in its own way: /break/N and /api/v1/break/N.
func broken(t *testing.T, faults []func() error) *Server {
	t.Helper()
	policy, err := access.Load(policies.Model, policies.Policy)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{DB: pgtest.New(t, time.Now), Policy: policy, BaseURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range faults {
		h := func(*request) error { return f() }
		s.publicPage("GET", fmt.Sprint("/break/", i), h)
		s.publicAPI("GET", fmt.Sprint("/break/", i), h)
	}
	return s
}

// TestTheEdgeFollowsTheTableOfErrors has every line of security.md 4.1 as it is answered: the status, the
// header, what is said and what the log says. It has the log to itself and so is not parallel.
func TestTheEdgeFollowsTheTableOfErrors(t *testing.T) {
	const secret = "900-11-2222"
	refuse := func(e *errs.Error) func() error {
		return func() error { return e.With(fmt.Errorf("pq: Key (ssn)=(%s) exists", secret)) }
	}
	down := fmt.Errorf("pg: begin: %w", io.EOF)
	busy := errs.New(errs.Unavailable, "unavailable")
	busy.RetryAfter = 2
	unknown := errs.New(errs.Unavailable, "outcome_unknown")
	unknown.RetryAfter = 2
	many := errs.New(errs.TooMany, "too_many")
	many.RetryAfter = 7
	table := []struct {
		name        string
		fault       func() error
		status      int
		says, alarm string
	}{
		{"a value that the database cannot read", refuse(errs.New(errs.Invalid, "value")), 422, "", ""},
		{"a rule of the schema that is in words", refuse(errs.At("email", "email_taken")), 422, "mail", ""},
		{"a unique rule that nobody foresaw", refuse(errs.New(errs.Conflict, "constraint.new_rule")), 500, "went wrong on our side", "level=ERROR"},
		{"a check that nobody foresaw", refuse(errs.New(errs.Invalid, "constraint.new_rule")), 500, "went wrong on our side", "level=ERROR"},
		{"row-level security", refuse(errs.New(errs.NotFound, "not_found")), 404, "", "the database refused"},
		{"absent", func() error { return errs.New(errs.NotFound, "not_found") }, 404, "", ""},
		{"a lost race", refuse(errs.New(errs.Conflict, "race")), 409, "", ""},
		{"busy", func() error { return busy.With(down) }, 503, "busy", "level=WARN"},
		{"nobody knows", func() error { return unknown.With(down) }, 503, "counts once", "level=WARN"},
		{"too many", func() error { return many }, 429, "Wait 7 seconds", ""},
		{"too large", func() error { return errs.New(errs.TooLarge, "too_large") }, 413, "", ""},
		{"cannot be parsed", func() error { return errs.New(errs.Unreadable, "body.json").With(io.ErrUnexpectedEOF) }, 400, "", ""},
		{"another media type", func() error { return errs.New(errs.MediaType, "media_type") }, 415, "", ""},
		{"not allowed", func() error { return errs.New(errs.Forbidden, "forbidden") }, 403, "", ""},
		{"a version is missing", func() error { return errs.New(errs.VersionRequired, "version.required") }, 428, "", ""},
		{"a version that cannot be read", func() error { return errs.New(errs.StaleVersion, "version.stale") }, 412, "", ""},
		{"what nobody knows", func() error { return errors.New("template: no such field") }, 500, "went wrong on our side", "level=ERROR"},
		{"a panic", func() error { panic(secret) }, 500, "went wrong on our side", "level=ERROR"},
	}
	faults := make([]func() error, len(table))
	for i := range table {
		faults[i] = table[i].fault
	}
	s := broken(t, faults)
	for i, tt := range table {
		for _, path := range []string{"/break/", "/api/v1/break/"} {
			a, log := answered(t, s, fmt.Sprint(path, i))
			if a.Code != tt.status || !strings.Contains(a.Body.String(), tt.says) || !strings.Contains(log, tt.alarm) {
				t.Errorf("%s, %s: %d, want %d; %.300s\n%s", tt.name, path, a.Code, tt.status, a.Body, log)
			}
			if tt.alarm == "" && strings.Contains(log, "level=ERROR") {
				t.Errorf("%s raises an alarm: %s", tt.name, log)
			}
			if strings.Contains(a.Body.String()+log, secret) {
				t.Errorf("%s, %s: what the server quoted gets out: %s", tt.name, path, log)
			}
			if wait := a.Header().Get("Retry-After") != ""; wait != (tt.status == 503 || tt.status == 429) {
				t.Errorf("%s: Retry-After %v", tt.name, wait)
			}
			if strings.HasPrefix(path, "/api") {
				var doc problemDocument
				if err := json.Unmarshal(a.Body.Bytes(), &doc); err != nil || doc.Status != tt.status || a.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s: no problem document: %v %s", tt.name, err, a.Body)
				}
				if tt.status == 500 && doc.RequestID == "" {
					t.Errorf("%s: no number to ask about", tt.name)
				}
			} else if !strings.Contains(a.Body.String(), "</html>") {
				t.Errorf("%s: no whole page", tt.name)
			}
		}
	}
}

// answered is one answer and what was logged meanwhile.
func answered(t *testing.T, s *Server, path string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo})))
	defer slog.SetDefault(before)
	a := httptest.NewRecorder()
	s.ServeHTTP(a, httptest.NewRequest("GET", path, nil))
	return a, log.String()
}

func TestWhoDoesNotWaitIs499InTheLogAlone(t *testing.T) {
	s := broken(t, []func() error{func() error { return errs.New(errs.Unavailable, "unavailable") }})
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	a := httptest.NewRecorder()
	s.ServeHTTP(a, httptest.NewRequestWithContext(ctx, "GET", "/break/0", nil))
	if a.Code != 503 || !strings.Contains(log.String(), "status=499") {
		t.Errorf("%d, and the log says %s", a.Code, log.String())
	}
}

func TestAPanicHalfwayCutsTheAnswerOff(t *testing.T) {
	t.Parallel()
	s := broken(t, nil)
	s.engine.GET("/half", func(c *gin.Context) {
		r := &request{c: c, s: s}
		defer r.rescue()
		c.String(http.StatusOK, "half of a")
		c.Writer.Flush()
		panic("now")
	})
	h := httptest.NewServer(s)
	defer h.Close()
	a, err := http.Get(h.URL + "/half")
	if err == nil {
		_, err = io.ReadAll(a.Body)
		_ = a.Body.Close()
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}
