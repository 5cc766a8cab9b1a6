package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// serverAccount picks the account the server runs as: nil, the program's own,
// unless that is root, which PostgreSQL refuses. An existing cluster keeps its owner.
func serverAccount(data string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if info, err := os.Stat(data); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			return &syscall.Credential{Uid: st.Uid, Gid: st.Gid}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root and neither user postgres nor nobody exists; run as another user or set DATABASE_URL")
}

// reachable checks that the server's account can walk to a directory: under
// /root, for one, it cannot, and PostgreSQL would say so much less clearly.
func reachable(account *syscall.Credential, dir string) error {
	if account == nil {
		return nil
	}
	walk := exec.Command("/bin/sh", "-c", `cd "$0"`, dir)
	walk.Dir, walk.SysProcAttr = "/", &syscall.SysProcAttr{Credential: account}
	if err := walk.Run(); err != nil {
		return fmt.Errorf("the database runs as uid %d, which cannot enter %s because a directory above it is closed; choose one such as /var/lib/waymark, or set DATABASE_URL", account.Uid, dir)
	}
	return nil
}

// command prepares a program of PostgreSQL: as the server's account, with a bare
// environment, in a process group of its own so that ^C in a terminal is the
// program's to handle.
func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=" + commandLocale, "TZ=UTC", "HOME=/"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.account, Setpgid: true}
	return cmd
}

// runToEnd runs a command that must not outlive the program and returns what it printed.
func runToEnd(cmd *exec.Cmd) ([]byte, error) {
	runtime.LockOSThread() // the death signal follows the thread
	defer runtime.UnlockOSThread()
	signalOnDeath(cmd.SysProcAttr, syscall.SIGKILL)
	return cmd.CombinedOutput()
}
