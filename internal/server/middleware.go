package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"waymark/internal/pg"
)

// maxBody bounds what any route reads; no form or document of this program comes near it.
const maxBody = 1 << 20

const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// statusGone is what the log says of a client that did not wait for the answer.
const statusGone = 499

type logKey struct{}

// logged gathers what the one line of a request says.
type logged struct {
	route, actor, request string
	statements            int
}

// around wraps the engine in what holds for every answer: recovery, one log line, security
// headers, no cross-site changes, compression.
func (s *Server) around(engine http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(s.denyCrossSite))
	compress, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(1), gzhttp.MinSize(1024))
	if err != nil {
		compress = func(h http.Handler) http.HandlerFunc { return h.ServeHTTP }
	}
	return s.oneLine(headers(s.recovered(cross.Handler(compress(engine)))))
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurity)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if q.Body != nil {
			q = q.WithContext(context.WithValue(q.Context(), wholeBodyKey{}, wholeBody{w, q.Body}))
			q.Body = http.MaxBytesReader(w, q.Body, maxBody)
		}
		next.ServeHTTP(w, q)
	})
}

// wholeBodyKey is the context's key of the body before the bound that all but uploads have.
type wholeBodyKey struct{}

// wholeBody is a request's body as it comes, and the answer that it belongs to.
type wholeBody struct {
	w    http.ResponseWriter
	body io.ReadCloser
}

// uploadTime is what a slow telephone has for sending a photo.
const uploadTime = 5 * time.Minute

// bounded gives the body up to max bytes, and time enough to send them.
func (b wholeBody) bounded(max int64) io.Reader {
	until := time.Now().Add(uploadTime)
	c := http.NewResponseController(b.w)
	_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until)
	return http.MaxBytesReader(b.w, b.body, max)
}

type statusWriter struct {
	http.ResponseWriter
	status int
	bytes  int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (w *statusWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController through.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (s *Server) oneLine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		line := &logged{request: requestID()}
		ctx := pg.Counting(context.WithValue(q.Context(), logKey{}, line), &line.statements)
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		begun := time.Now()
		next.ServeHTTP(sw, q.WithContext(ctx))
		if sw.status == http.StatusServiceUnavailable && errors.Is(q.Context().Err(), context.Canceled) {
			sw.status = statusGone
		}
		s.metrics.observe(line.route, q.Method, q.URL.Path, sw.status, time.Since(begun))
		if strings.HasPrefix(q.URL.Path, "/static/") || q.URL.Path == "/healthz" {
			return
		}
		slog.InfoContext(ctx, "request", "method", q.Method, "route", line.route, "status", sw.status, "ms", time.Since(begun).Milliseconds(),
			"bytes", sw.bytes, "actor", line.actor, "statements", line.statements, "request", line.request)
	})
}

func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				// The panic's value and the request's headers may hold personal data; the stack does not.
				slog.ErrorContext(q.Context(), "panic", "stack", string(debug.Stack()))
				http.Error(w, "500", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, q)
	})
}

func requestID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

func (s *Server) denyCrossSite(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	_, _ = w.Write([]byte("Waymark: a request from another site was refused.\n"))
}

// address is the client's, trusting only the proxies that were configured.
func address(c *gin.Context) string {
	ip := c.ClientIP()
	if net.ParseIP(ip) == nil {
		return "unknown"
	}
	return ip
}
