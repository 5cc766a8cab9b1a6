package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"waymark/internal/pg"
)

// metrics are numbers about the running program. Their labels are patterns of routes, methods and
// statuses: nothing of a person, and no more of them than there are routes.
type metrics struct {
	registry *prometheus.Registry
	answered *prometheus.CounterVec
	took     *prometheus.HistogramVec
	swept    atomic.Int64 // nanoseconds of the Unix time
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		answered: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "waymark_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "waymark_request_seconds", Help: "Time until a request was answered.", Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method"}),
	}
	m.swept.Store(time.Now().UnixNano())
	m.registry.MustRegister(
		m.answered, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), poolMetrics{s.db},
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "waymark_sweep_age_seconds", Help: "Time since a sweep was last done, or since the start."},
			func() float64 { return time.Since(time.Unix(0, m.swept.Load())).Seconds() }),
	)
	return m
}

// Swept notes that a sweep was done.
func (s *Server) Swept() { s.metrics.swept.Store(time.Now().UnixNano()) }

var methods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true}

// observe counts one answer. An address that is no route is one label, whatever it was.
func (m *metrics) observe(route, method, path string, status int, took time.Duration) {
	switch {
	case route != "":
	case strings.HasPrefix(path, "/static/"):
		route = "/static/*file"
	case path == "/healthz" || path == "/readyz":
		route = path
	default:
		route = "none"
	}
	if !methods[method] {
		method = "other"
	}
	m.answered.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(route, method).Observe(took.Seconds())
}

// poolMetrics asks the pool and the outbox when somebody looks.
type poolMetrics struct{ db *pg.DB }

var (
	poolOpen   = prometheus.NewDesc("waymark_pool_connections", "Connections to the database.", []string{"state"}, nil)
	poolWaits  = prometheus.NewDesc("waymark_pool_waits_total", "Times that a connection was waited for.", nil, nil)
	poolWaited = prometheus.NewDesc("waymark_pool_wait_seconds_total", "Time that connections were waited for.", nil, nil)
	outboxLeft = prometheus.NewDesc("waymark_outbox_waiting", "Letters that wait to be sent.", nil, nil)
)

// Describe lists what Collect gives.
func (p poolMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{poolOpen, poolWaits, poolWaited, outboxLeft} {
		out <- d
	}
}

// Collect reads the numbers; those that the database does not give are left out.
func (p poolMetrics) Collect(out chan<- prometheus.Metric) {
	use := p.db.PoolUse()
	out <- prometheus.MustNewConstMetric(poolOpen, prometheus.GaugeValue, float64(use.InUse), "in_use")
	out <- prometheus.MustNewConstMetric(poolOpen, prometheus.GaugeValue, float64(use.Idle), "idle")
	out <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(use.Waits))
	out <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, use.Waited.Seconds())
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if n, err := pg.Ask[int](ctx, p.db, `select app.outbox_waiting()`, pg.Args{}); err == nil {
		out <- prometheus.MustNewConstMetric(outboxLeft, prometheus.GaugeValue, float64(n))
	}
}

// Metrics answers GET /metrics. It asks nobody who they are: its address is not for the public.
func (s *Server) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second}))
	return mux
}

// ListenMetrics serves the metrics on an address of their own until ctx ends.
func (s *Server) ListenMetrics(ctx context.Context, addr string) error {
	server := &http.Server{Addr: addr, Handler: s.Metrics(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 15 * time.Second, MaxHeaderBytes: 16 << 10}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.ListenAndServe(); ctx.Err() == nil {
		return err
	}
	return nil
}
