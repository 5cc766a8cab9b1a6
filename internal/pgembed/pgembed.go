// Package pgembed runs a private PostgreSQL for one program: it finds or gets the
// binaries, makes the cluster, starts and supervises the server, and stops it.
//
// The server listens on a unix socket only, in a directory closed to other
// accounts, and trusts whoever can reach it. It ends with the program, however
// the program ends. Production that outgrows one machine sets DATABASE_URL
// instead and never comes here.
package pgembed

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Superuser is the role that owns a new cluster. It bypasses row-level security,
// so a program uses it to migrate and another role to work.
const Superuser = "postgres"

// Config says where a cluster lives and how it runs.
type Config struct {
	Dir    string    // holds data/, run/ and, when fetched, pgbin/
	BinDir string    // the directory of postgres and initdb; empty means find them
	Fast   bool      // for tests only: a power cut may lose everything
	Fetch  bool      // may download PostgreSQL when the machine has none
	Params []string  // further server settings, each name=value
	Log    io.Writer // the server's log; nil drops it
}

// Server is a running cluster.
type Server struct {
	cfg     Config
	bin     string // directory of postgres and initdb
	data    string // the cluster
	socket  string // directory of the socket
	account *syscall.Credential
	lock    *os.File

	mu       sync.Mutex // guards cmd and stopping
	cmd      *exec.Cmd
	stopping bool

	answered chan struct{} // closed when the server has answered its first query
	gone     chan struct{} // closed when the server is gone for good, after err is set
	err      error
	exited   chan error
	stopOnce sync.Once
	stopErr  error
}

// Start brings the cluster in cfg.Dir up and returns once it answers a query. It
// makes the cluster first when there is none. ctx limits the start only.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	dir, err := prepareDir(cfg.Dir)
	if err != nil {
		return nil, err
	}
	cfg.Dir = dir
	s := &Server{
		cfg: cfg, data: filepath.Join(dir, "data"),
		answered: make(chan struct{}), gone: make(chan struct{}), exited: make(chan error, 1),
	}
	if s.lock, err = lockDir(dir); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		_ = s.lock.Close()
		return nil, err
	}
	go s.supervise()
	if err := s.ready(ctx); err != nil {
		_ = s.Stop(10 * time.Second)
		return nil, err
	}
	close(s.answered)
	return s, nil
}

// prepare does what comes before the server can run: binaries, account, cluster, left-overs.
func (s *Server) prepare(ctx context.Context) (err error) {
	if s.account, err = serverAccount(s.data); err != nil {
		return err
	}
	if s.bin, err = Binaries(ctx, s.cfg); err != nil {
		return err
	}
	for _, dir := range []string{s.cfg.Dir, s.bin} {
		if err := reachable(s.account, dir); err != nil {
			return err
		}
	}
	if err := s.makeSocketDir(); err != nil {
		return err
	}
	if err := s.initdb(ctx); err != nil {
		return err
	}
	return s.clearStale()
}

// DSN returns a connection string of lib/pq for a role and a database of this cluster.
func (s *Server) DSN(user, db string) string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", quote(s.socket), quote(user), quote(db))
}

// SocketDir is the directory of the server's unix socket: the host of a connection string.
func (s *Server) SocketDir() string { return s.socket }

// Exited receives the reason once, and is closed, when the server is gone for
// good: stopped, or failing again and again. A restart after a crash is not told.
func (s *Server) Exited() <-chan error { return s.exited }

// quote protects a value of a connection string that holds blanks, quotes or nothing.
func quote(value string) string {
	if value != "" && !strings.ContainsAny(value, " \t\n'\\") {
		return value
	}
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
