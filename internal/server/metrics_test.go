package server_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/mail"
	"waymark/internal/pg"
	"waymark/internal/world"
)

func (s *site) metrics(t *testing.T) string {
	t.Helper()
	a := httptest.NewRecorder()
	s.Metrics().ServeHTTP(a, httptest.NewRequest("GET", "/metrics", nil))
	if a.Code != 200 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	return a.Body.String()
}

func TestMetricsCountByPatternAndStatus(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	of := s.enrol(t, s.Dana, "Ada", "Quimby", "en")
	c, p := of.Case.String(), of.Person.String()
	for range 3 {
		dana.do("GET", "/cases/"+c, nil).is(200)
	}
	dana.do("GET", "/cases/"+p, nil).is(404)
	dana.do("GET", "/cases?q=Quimby", nil).is(200)
	if err := s.DB.Write(t.Context(), s.Dana, func(tx *pg.Tx) error {
		return mail.Queue(tx, s.Dana, mail.Letter{Kind: "reset", Recipient: "someone@example.test", Subject: "s", Body: "b"})
	}); err != nil {
		t.Fatal(err)
	}
	before := regexp.MustCompile(`(?m)^waymark_sweep_age_seconds (\S+)`).FindStringSubmatch(s.metrics(t))
	s.Swept()
	text := s.metrics(t)
	for _, line := range []string{
		`waymark_requests_total{method="GET",route="/api/v1/cases/:case",status="200"} 3`,
		`waymark_requests_total{method="GET",route="/api/v1/cases/:case",status="404"} 1`,
		`waymark_request_seconds_count{method="GET",route="/api/v1/cases/:case"} 4`,
		`waymark_outbox_waiting 1`,
		`waymark_pool_connections{state="idle"}`,
		`waymark_pool_waits_total `,
		`go_goroutines `,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("no %s", line)
		}
	}
	after := regexp.MustCompile(`(?m)^waymark_sweep_age_seconds (\S+)`).FindStringSubmatch(text)
	if before == nil || after == nil || number(t, after[1]) >= number(t, before[1]) {
		t.Errorf("a sweep does not make the age less: %v, %v", before, after)
	}
}

func number(t *testing.T, text string) (n float64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMetricsSayNothingOfAnybody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dana := s.api(t, "dana@rivervalley.test")
	c := s.enrol(t, s.Dana, "Ada", "Quimby", "en").Case.String()
	dana.do("GET", "/cases/"+c, nil).is(200)
	dana.do("GET", "/participants?q=Quimby-Canary", nil).is(200)
	dana.do("BREW", "/cases/"+c, nil)
	b := s.browse(t, "")
	b.get("/nothing/Quimby-Canary").is(404)
	b.get("/sign-in?next=/Quimby-Canary").is(200)
	text := s.metrics(t)
	for _, personal := range []string{c, "Quimby", "dana", "BREW", "rivervalley", world.Password, "127.0.0.1"} {
		if strings.Contains(text, personal) {
			t.Errorf("the metrics hold %q", personal)
		}
	}
	known := map[string]bool{"none": true, "/static/*file": true, "/healthz": true, "/readyz": true}
	for _, rt := range s.Routes() {
		known[rt.Path] = true
	}
	for _, m := range regexp.MustCompile(`route="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if !known[m[1]] {
			t.Errorf("%q is no route", m[1])
		}
	}
}

func TestMetricsAreNotOnThePublicAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.browse(t, "").get("/metrics").is(404)
	a := httptest.NewRecorder()
	s.Metrics().ServeHTTP(a, httptest.NewRequest("GET", "/sign-in", nil))
	if b, _ := io.ReadAll(a.Body); a.Code != 404 || strings.Contains(string(b), "form") {
		t.Errorf("the address of the metrics answers more than them: %d", a.Code)
	}
}
