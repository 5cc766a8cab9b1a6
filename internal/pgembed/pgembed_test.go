package pgembed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ownerVariable makes this test program a program that owns a cluster until it is killed.
const ownerVariable = "PGEMBED_TEST_OWNS"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerVariable); dir != "" {
		if _, err := Start(context.Background(), testConfig(dir)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready")
		time.Sleep(time.Minute)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestAServerStartsAndAnswers(t *testing.T) {
	s := start(t, clusterDir(t))
	var version int
	if err := open(t, s).QueryRow("select current_setting('server_version_num')::int").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if version < oldest*10000 {
		t.Errorf("server version %d, want %d or newer", version, oldest)
	}
	if info, err := os.Stat(s.SocketDir()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's directory is open to others: %v %v", info, err)
	}
}

func TestAKilledServerIsStartedAgainWithItsRows(t *testing.T) {
	s := start(t, clusterDir(t))
	db := open(t, s)
	writeRows(t, db)
	before := postmaster(t, s)
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another server runs", func() error {
		if postmaster(t, s) == before {
			return errors.New("still the killed one")
		}
		return nil
	})
	waitForRows(t, db)
}

func TestASecondOwnerIsRefused(t *testing.T) {
	dir := clusterDir(t)
	start(t, dir)
	if _, err := Start(t.Context(), testConfig(dir)); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("second start: %v, want a refusal that says in use", err)
	}
}

func TestAStaleLockFileWithAnotherProgramsPidDoesNotBlockTheStart(t *testing.T) {
	dir := clusterDir(t)
	s := start(t, dir)
	writeRows(t, open(t, s))
	lockFile := filepath.Join(s.data, "postmaster.pid")
	held, err := os.ReadFile(lockFile)
	if err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	other := otherProgram(t, s)
	_, rest, _ := strings.Cut(string(held), "\n")
	if err := os.WriteFile(lockFile, []byte(strconv.Itoa(other)+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	waitForRows(t, open(t, start(t, dir)))
	if err := syscall.Kill(other, 0); err != nil {
		t.Errorf("the other program was hurt: %v", err)
	}
}

func TestStoppingIsCleanAndKeepsTheRows(t *testing.T) {
	dir := clusterDir(t)
	s := start(t, dir)
	db := open(t, s)
	writeRows(t, db)
	stop(t, s)
	if left := s.processes(); len(left) != 0 {
		t.Errorf("processes left: %v", left)
	}
	if _, err := os.Stat(filepath.Join(s.data, "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("a lock file is left: %v", err)
	}
	if err, open := <-s.Exited(); err != nil || !open {
		t.Errorf("Exited told %v, %v; want nil, once", err, open)
	}
	waitForRows(t, open(t, start(t, dir)))
}

func TestAServerEndsWithTheProgramThatStartedIt(t *testing.T) {
	dir := clusterDir(t)
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), ownerVariable+"="+dir)
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 5)
	if _, err := out.Read(said); err != nil || string(said) != "ready" {
		t.Fatalf("the owner said %q, %v", said, err)
	}
	s := &Server{data: filepath.Join(dir, "data")}
	if len(s.processes()) == 0 {
		t.Fatal("no server runs")
	}
	_ = owner.Process.Kill()
	_ = owner.Wait()
	eventually(t, "the server has ended", func() error {
		if left := s.processes(); len(left) > 0 {
			return fmt.Errorf("processes %v live", left)
		}
		return nil
	})
	start(t, dir)
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	s := start(t, filepath.Join(clusterDir(t), strings.Repeat("a-long-name/", 10)))
	if err := open(t, s).Ping(); err != nil {
		t.Error(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(s.SocketDir()) })
}

func TestAMissingPostgreSQLIsExplained(t *testing.T) {
	cfg := Config{Dir: clusterDir(t), BinDir: t.TempDir()}
	if _, err := Start(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), cfg.BinDir) {
		t.Errorf("start: %v, want an error that names %s", err, cfg.BinDir)
	}
}

func TestConnectionStringsAreQuoted(t *testing.T) {
	for value, want := range map[string]string{"app": "app", "": "''", "a b": "'a b'", `o'\x`: `'o\'\\x'`} {
		if got := quote(value); got != want {
			t.Errorf("quote(%q) = %s, want %s", value, got, want)
		}
	}
}

// testConfig is durable, not Fast: a fast cluster may lose the last rows when it is killed.
func testConfig(dir string) Config {
	return Config{Dir: dir, Fetch: true, Params: []string{"shared_buffers=16MB"}}
}

// clusterDir makes a directory, in memory when there is room, that the account of the server can enter.
func clusterDir(t *testing.T) string {
	t.Helper()
	base := os.TempDir()
	var fs syscall.Statfs_t
	if syscall.Statfs("/dev/shm", &fs) == nil && fs.Bavail*uint64(fs.Bsize) > 1<<30 {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "pgembed-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), testConfig(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(10 * time.Second) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(10 * time.Second); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, s *Server) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", s.DSN(Superuser, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func writeRows(t *testing.T, db *sql.DB) {
	t.Helper()
	if _, err := db.Exec("create table kept as select generate_series(1, 1000) as n"); err != nil {
		t.Fatal(err)
	}
}

func waitForRows(t *testing.T, db *sql.DB) {
	t.Helper()
	eventually(t, "the rows are there", func() error {
		var n int
		if err := db.QueryRow("select count(*) from kept").Scan(&n); err != nil {
			return err
		}
		if n != 1000 {
			t.Fatalf("%d rows, want 1000", n)
		}
		return nil
	})
}

func postmaster(t *testing.T, s *Server) int {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cmd.Process.Pid
}

// otherProgram starts a program of the server's account: PostgreSQL takes its pid for a live server's.
func otherProgram(t *testing.T, s *Server) int {
	t.Helper()
	cmd := exec.Command("sleep", "60")
	cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Credential: s.account}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd.Process.Pid
}

func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not so after 20 s: %s: %v", what, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
