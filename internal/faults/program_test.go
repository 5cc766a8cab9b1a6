// Package faults breaks what Waymark runs on, while people work, and holds what is left against
// what they were told: every change that was acknowledged is there once, and none twice.
package faults

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the real binary with its own database in a directory of the test's.
type program struct {
	t    *testing.T
	bin  string
	dir  string
	addr string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed when the running process has ended
}

// build compiles the command and gives it an empty place to live.
func build(t *testing.T) *program {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "waymark")
	if out, err := exec.Command("go", "build", "-o", bin, "waymark/cmd/waymark").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	p := &program{t: t, bin: bin, dir: openDir(t), addr: freeAddress(t)}
	p.log = filepath.Join(p.dir, "program.log")
	return p
}

// openDir makes a directory with a short path that the database's account can enter; t.TempDir is closed to it.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "waymark-faults-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (p *program) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.bin, args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "WAYMARK_") && !strings.HasPrefix(v, "DATABASE_URL") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "WAYMARK_ADDR="+p.addr, "WAYMARK_DATA_DIR="+p.dir)
	return cmd
}

// run runs one command to its end, which must be a good one.
func (p *program) run(args ...string) string {
	p.t.Helper()
	out, err := p.command(args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("waymark %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// serve starts the server and waits until it can write.
func (p *program) serve() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	p.cmd = p.command("serve", "--demo")
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait()
		close(done)
	}(p.cmd, p.done)
	p.awaitReady()
}

func (p *program) awaitReady() {
	p.t.Helper()
	eventually(p.t, 30*time.Second, "the server is ready", func() error {
		select {
		case <-p.done:
			p.t.Fatalf("the program ended: %s", p.said())
		default:
		}
		return p.ready()
	})
}

func (p *program) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, "GET", "http://"+p.addr+"/readyz", nil)
	if err != nil {
		return err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("readyz says %d", r.StatusCode)
	}
	return nil
}

// said is what the program and its database wrote down.
func (p *program) said() string {
	own, _ := os.ReadFile(p.log)
	base, _ := os.ReadFile(filepath.Join(p.dir, "postgres.log"))
	return fmt.Sprintf("%s\npostgres.log: %s", own, base[max(0, len(base)-4000):])
}

// kill is kill -9 of the program. It returns when the process is gone.
func (p *program) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.done
}

// stop ends the program as an administrator would; it must end by itself and well.
func (p *program) stop() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(40 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
		p.t.Errorf("the program did not stop: %s", p.said())
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("the program stopped with %d: %s", code, p.said())
	}
}

// stopAtEnd leaves no process behind, whatever became of the test.
func (p *program) stopAtEnd() {
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.t.Logf("the program said: %s", p.said())
		}
		select {
		case <-p.done:
		default:
			p.stop()
		}
	})
}

// postmaster is the process of the database server in a directory; 0 while there is none.
func postmaster(dir string) int {
	b, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(b, []byte("\n"))
	pid, _ := strconv.Atoi(string(first))
	return pid
}

// signalAll signals every process of the database server in a directory.
func signalAll(t *testing.T, dir string, sig syscall.Signal) {
	t.Helper()
	root := strconv.Itoa(postmaster(dir))
	children, err := os.ReadFile("/proc/" + root + "/task/" + root + "/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append([]string{root}, strings.Fields(string(children))...) {
		if pid, err := strconv.Atoi(p); err == nil {
			_ = syscall.Kill(pid, sig)
		}
	}
}

// killPostmaster is kill -9 of the database server.
func (p *program) killPostmaster() {
	p.t.Helper()
	pid := postmaster(p.cluster())
	if pid == 0 {
		p.t.Fatalf("no database server runs: %s", p.said())
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		p.t.Fatal(err)
	}
}

// freeze stops every process of the database server for a while, as a sick disk would.
func (p *program) freeze(long time.Duration) {
	p.t.Helper()
	signalAll(p.t, p.cluster(), syscall.SIGSTOP)
	time.Sleep(long)
	signalAll(p.t, p.cluster(), syscall.SIGCONT)
}

// cluster is where the program keeps its database.
func (p *program) cluster() string { return filepath.Join(p.dir, "postgres") }

// dsn reaches the program's own database as its owner.
func (p *program) dsn() string {
	return fmt.Sprintf("host=%s port=5432 user=postgres dbname=waymark sslmode=disable", filepath.Join(p.cluster(), "run"))
}

// eventually tries until what is said holds.
func eventually(t *testing.T, limit time.Duration, what string, try func() error) {
	t.Helper()
	begun := time.Now()
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Since(begun) > limit {
			t.Fatalf("not within %s: %s: %v", limit, what, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
