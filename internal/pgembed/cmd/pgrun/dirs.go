package main

import (
	"context"
	"os"
	"path/filepath"
	"syscall"

	"waymark/internal/pgembed"
)

const (
	memory   = "/dev/shm"
	prefix   = "waymark-test-"
	roomNeed = 1 << 30 // bytes free in memory before a cluster is put there
)

// newDir makes the directory of a cluster that is thrown away: in memory, which is
// 10 to 30 times faster for making databases, when there is room.
func newDir() (string, error) {
	dir, err := os.MkdirTemp(baseDir(), prefix)
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755) // as root the server is another account
}

func baseDir() string {
	var fs syscall.Statfs_t
	if syscall.Statfs(memory, &fs) == nil && fs.Bavail*uint64(fs.Bsize) >= roomNeed {
		return memory
	}
	return os.TempDir()
}

// removeLeftOvers removes what earlier runs of this account that were killed left
// behind: in memory it would cost until the next boot.
func removeLeftOvers() {
	dirs, _ := filepath.Glob(filepath.Join(baseDir(), prefix+"*"))
	for _, dir := range dirs {
		if ownedByUs(dir) && unlocked(filepath.Join(dir, "lock")) {
			_ = os.RemoveAll(dir)
		}
	}
}

func ownedByUs(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}

// unlocked says that the cluster was once locked and no longer is: nobody runs it.
func unlocked(name string) bool {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// binaries finds PostgreSQL, or gets it once into a directory that stays. As root
// that is one which the server's account can enter, unlike root's home. The
// command takes the same programs.
func binaries(ctx context.Context) (string, error) {
	keep := "/var/cache/waymark"
	if os.Geteuid() != 0 {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		keep = filepath.Join(cache, "waymark")
	}
	bin, err := pgembed.Binaries(ctx, pgembed.Config{Dir: keep, Fetch: true, Log: os.Stderr})
	if err != nil {
		return "", err
	}
	return bin, os.Setenv("PGEMBED_BIN", bin)
}
