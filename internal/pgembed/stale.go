package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	staleGrace = 10 * time.Second // for a fast shutdown of an orphan
	staleLimit = 15 * time.Second // after that, killed processes should be gone
)

// clearStale ends a server that a dead program left behind and removes its lock
// files, but only once none of its processes lives: two servers on one cluster
// would destroy it. PostgreSQL itself looks at the recorded pid alone, which may
// by now be another program's, or a zombie's that nobody reaps, and refuses to
// start for ever.
func (s *Server) clearStale() error {
	if runtime.GOOS != "linux" {
		// No /proc to ask: let PostgreSQL end what its lock file names. It fails when nothing runs.
		_ = s.command(context.Background(), "pg_ctl", "-D", s.data, "-m", "fast", "-w", "stop").Run()
		return nil
	}
	if err := s.endOrphans(); err != nil {
		return err
	}
	for _, name := range []string{
		filepath.Join(s.data, "postmaster.pid"),
		filepath.Join(s.socket, ".s.PGSQL.5432.lock"),
	} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// endOrphans asks every process of the cluster to end and kills what does not.
func (s *Server) endOrphans() error {
	begun, killed := time.Now(), false
	s.signalAll(syscall.SIGINT)
	for {
		pids := s.processes()
		waited := time.Since(begun)
		switch {
		case len(pids) == 0:
			return nil
		case waited > staleLimit:
			return fmt.Errorf("an earlier PostgreSQL in %s does not end (pids %v)", s.data, pids)
		case waited > staleGrace && !killed:
			s.signalAll(syscall.SIGKILL)
			killed = true
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// processes lists the live processes of this cluster: the postmaster and its
// children have the data directory as working directory. A zombie has none.
func (s *Server) processes() []int {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	var pids []int
	for _, link := range links {
		if dir, err := os.Readlink(link); err != nil || dir != s.data {
			continue
		}
		if pid, err := strconv.Atoi(strings.Split(link, "/")[2]); err == nil && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	return pids
}

func (s *Server) signalAll(sig syscall.Signal) {
	for _, pid := range s.processes() {
		_ = syscall.Kill(pid, sig)
	}
}
