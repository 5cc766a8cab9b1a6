package pgembed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver of the query that proves the server ready
)

const (
	shortLife   = 2 * time.Second // a server that lives no longer than this failed to start
	shortLives  = 5               // so many in a row and it is given up
	recoverTime = 5 * time.Minute // crash recovery of a large cluster may take this long
)

var errStopping = errors.New("the database is stopping")

// supervise runs the server, and again when it dies, until it is stopped, fails
// its first start, or keeps failing. It holds its thread: the server's death
// signal follows the thread that started it.
func (s *Server) supervise() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var err error
	for failures := 0; failures < shortLives; {
		begun := time.Now()
		err = s.runOnce()
		if s.isStopping() || !s.hasAnswered() {
			break
		}
		failures++
		if time.Since(begun) > shortLife {
			failures = 1
		}
		s.logf("the database ended unexpectedly (%v); starting it again", err)
		time.Sleep(time.Duration(failures-1) * 200 * time.Millisecond)
		if staleErr := s.clearStale(); staleErr != nil { // children of a killed server hold its memory until they end
			err = staleErr
			break
		}
	}
	s.err = err
	close(s.gone)
	s.exited <- err
	close(s.exited)
}

// runOnce starts the server and waits for its end.
func (s *Server) runOnce() error {
	cmd := s.command(context.Background(), "postgres", s.serverArgs()...)
	signalOnDeath(cmd.SysProcAttr, syscall.SIGINT) // a fast, clean shutdown
	cmd.Stdout, cmd.Stderr = s.cfg.Log, s.cfg.Log
	cmd.WaitDelay = 500 * time.Millisecond // children of a killed server keep its log open
	if err := s.begin(cmd); err != nil {
		return err
	}
	return cmd.Wait()
}

// begin starts the server unless Stop came first.
func (s *Server) begin(cmd *exec.Cmd) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return errStopping
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd = cmd
	return nil
}

// ready waits until the server answers a query.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, recoverTime)
	defer cancel()
	db, err := sql.Open("postgres", s.DSN(Superuser, "postgres")+" connect_timeout=5")
	if err != nil {
		return err
	}
	defer db.Close()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-s.gone:
			return fmt.Errorf("the database ended while starting (%v); its log says why", s.err)
		case <-ctx.Done():
			return fmt.Errorf("the database does not answer: %w", errors.Join(ctx.Err(), err))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Stop ends the server cleanly and gives the directory free. After wait it ends
// the server the hard way, which loses no committed row, and says so.
func (s *Server) Stop(wait time.Duration) error {
	s.stopOnce.Do(func() { s.stopErr = s.stop(wait) })
	return s.stopErr
}

func (s *Server) stop(wait time.Duration) error {
	defer s.lock.Close()
	s.signalServer(syscall.SIGINT)
	if s.goneWithin(wait) {
		return nil
	}
	s.signalServer(syscall.SIGQUIT)
	if !s.goneWithin(10 * time.Second) {
		s.signalAll(syscall.SIGKILL)
		s.signalServer(syscall.SIGKILL)
		s.goneWithin(10 * time.Second)
	}
	return fmt.Errorf("the database did not stop within %s and was ended by force", wait)
}

// signalServer marks the server as stopping, so that it is not started again, and signals it.
func (s *Server) signalServer(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(sig)
	}
}

func (s *Server) goneWithin(wait time.Duration) bool {
	select {
	case <-s.gone:
		return true
	case <-time.After(wait):
		return false
	}
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

func (s *Server) hasAnswered() bool {
	select {
	case <-s.answered:
		return true
	default:
		return false
	}
}

// logf adds a line of ours to the server's log.
func (s *Server) logf(format string, args ...any) { logTo(s.cfg.Log, format, args...) }

func logTo(w io.Writer, format string, args ...any) {
	if w != nil {
		_, _ = fmt.Fprintf(w, "pgembed: "+format+"\n", args...)
	}
}
