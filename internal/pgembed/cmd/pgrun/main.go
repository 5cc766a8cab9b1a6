// Command pgrun runs a command beside a PostgreSQL of its own and exits with the
// command's status:
//
//	pgrun -fast -- go test ./...
//
// The command finds the superuser's connection string, without a database, in
// WAYMARK_TEST_PG. Without a command pgrun prints the line that exports it and
// serves until it is interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"waymark/internal/pgembed"
)

// env is the variable that carries the connection string.
const env = "WAYMARK_TEST_PG"

type options struct {
	dir     string
	fast    bool
	command []string
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "the cluster's directory, kept at the end (default: a new one, removed at the end)")
	flag.BoolVar(&o.fast, "fast", false, "no fsync: for tests, never for data")
	flag.Parse()
	o.command = flag.Args()
	status, err := run(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgrun:", err)
		status = 1
	}
	os.Exit(status)
}

// run brings the cluster up, runs the command and takes the cluster down.
func run(o options) (status int, err error) {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	dir := o.dir
	if dir == "" {
		removeLeftOvers()
		if dir, err = newDir(); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	server, err := start(dir, o.fast)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, server.Stop(20*time.Second)) }()
	dsn := fmt.Sprintf("host=%s port=5432 user=%s sslmode=disable", server.SocketDir(), pgembed.Superuser)
	if len(o.command) == 0 {
		return 0, serve(dsn, server, interrupted)
	}
	return runCommand(o.command, dsn, interrupted)
}

// start starts the cluster; its log is in the file log of its directory.
func start(dir string, fast bool) (*pgembed.Server, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	bin, err := binaries(context.Background())
	if err != nil {
		return nil, err
	}
	server, err := pgembed.Start(context.Background(), pgembed.Config{
		Dir: dir, BinDir: bin, Fast: fast, Log: log,
		Params: []string{"max_connections=200", "shared_buffers=256MB"},
	})
	if err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%w\n%s", err, said)
	}
	return server, nil
}

// runCommand runs the command. An interrupt from a terminal reaches it by itself;
// passing it on as well does no harm.
func runCommand(command []string, dsn string, interrupted <-chan os.Signal) (int, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), env+"="+dsn)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() {
		for sig := range interrupted {
			_ = cmd.Process.Signal(sig)
		}
	}()
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			return 128 + int(ws.Signal()), nil
		}
		return exit.ExitCode(), nil
	}
	return 0, err
}

// serve prints how to reach the cluster and waits for an interrupt.
func serve(dsn string, server *pgembed.Server, interrupted <-chan os.Signal) error {
	fmt.Printf("export %s='%s'\n", env, dsn)
	select {
	case <-interrupted:
		return nil
	case err := <-server.Exited():
		return fmt.Errorf("the database ended: %w", err)
	}
}
