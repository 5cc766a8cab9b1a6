package pgembed

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// maxSocketDir keeps "<dir>/.s.PGSQL.5432.lock" within the 107 bytes a socket's path may have.
const maxSocketDir = 80

// prepareDir makes the cluster's directory and returns its real path: processes
// are recognised by their working directory, which knows no symbolic links.
func prepareDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("pgembed: no directory given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	_, statErr := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the database's directory: %w", err)
	}
	if errors.Is(statErr, os.ErrNotExist) { // whatever the umask: the server's account walks through it
		if err := os.Chmod(dir, 0o711); err != nil {
			return "", err
		}
	}
	return filepath.EvalSymlinks(dir)
}

// lockDir makes this program the one owner of the directory until the file is
// closed. Whoever holds it may treat a server found running there as an orphan.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("%s belongs to another account; run as that account or choose another directory", dir)
	}
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s is in use by another running program: %w", dir, err)
	}
	return f, nil
}

// makeSocketDir makes the closed directory of the socket: run/, or one with a
// short name when run/ has too long a path for a socket.
func (s *Server) makeSocketDir() error {
	s.socket = filepath.Join(s.cfg.Dir, "run")
	if len(s.socket) <= maxSocketDir {
		return s.makePrivate(s.socket)
	}
	sum := sha256.Sum256([]byte(s.cfg.Dir))
	s.socket = filepath.Join(os.TempDir(), fmt.Sprintf("pgembed-%x", sum[:6]))
	return s.makePrivate(s.socket)
}

// makePrivate makes a directory that only the server's account may enter. One
// that is already there must be so: in a shared place somebody else could have
// made it, to get between the program and its database.
func (s *Server) makePrivate(dir string) error {
	uid, gid := os.Geteuid(), os.Getegid()
	if s.account != nil {
		uid, gid = int(s.account.Uid), int(s.account.Gid)
	}
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return os.Chown(dir, uid, gid)
	}
	if !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(st.Uid) != uid || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%s must be a directory of uid %d with mode 0700; move it away", dir, uid)
	}
	return nil
}
