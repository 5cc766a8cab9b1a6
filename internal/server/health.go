package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/policies"
)

// health remembers the last probe for a second, so that who asks often does not write often.
type health struct {
	sync.Mutex
	at  time.Time
	err error
}

// ready says what keeps the server from working: the write path, the schema or the policy.
func (s *Server) ready(ctx context.Context) error {
	s.health.Lock()
	defer s.health.Unlock()
	if time.Since(s.health.at) < time.Second {
		return s.health.err
	}
	s.health.err = s.db.Ready(context.WithoutCancel(ctx))
	if want := access.VersionOf(policies.Model, policies.Policy); s.health.err == nil && s.policy.Version() != want {
		s.health.err = fmt.Errorf("the policy in use is %s, this program's is %s", s.policy.Version(), want)
	}
	s.health.at = time.Now()
	return s.health.err
}

// readyz tells those who send requests whether to send any. What is wrong is for the log alone.
func (s *Server) readyz(c *gin.Context) {
	if err := s.ready(c.Request.Context()); err != nil {
		slog.WarnContext(c.Request.Context(), "not ready", "err", scrub(err))
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	c.String(http.StatusOK, "ready\nschema %d\npolicy %s\n", pg.Schema(), s.policy.Version())
}
