package pgembed

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version whose features the schema uses.
const oldest = 15

// installed are the places where distributions and people put PostgreSQL.
var installed = []string{
	"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
}

// Binaries returns the directory of the PostgreSQL that Start takes for cfg: the
// one that was named (cfg.BinDir, or PGEMBED_BIN in the environment), one fetched
// before, the machine's newest, or with cfg.Fetch one it gets now. A cluster that
// exists decides the major version.
func Binaries(ctx context.Context, cfg Config) (string, error) {
	want := clusterVersion(cfg.Dir)
	if named := cmp.Or(cfg.BinDir, os.Getenv("PGEMBED_BIN")); named != "" {
		if !usable(named, want) {
			return "", fmt.Errorf("%s holds no PostgreSQL %s with initdb", named, wanted(want))
		}
		return named, nil
	}
	if dir := find(cfg.Dir, want); dir != "" {
		return dir, nil
	}
	if !cfg.Fetch {
		return "", fmt.Errorf("no PostgreSQL %s found: install it, or set PGEMBED_BIN to the directory of its programs, or set DATABASE_URL", wanted(want))
	}
	if err := fetch(ctx, cfg, want); err != nil {
		return "", fmt.Errorf("no PostgreSQL %s found, and getting it failed: install it (Debian: apt-get install postgresql), or set PGEMBED_BIN to the directory of its programs, or set DATABASE_URL: %w", wanted(want), err)
	}
	if dir := find(cfg.Dir, want); dir != "" {
		return dir, nil
	}
	return "", fmt.Errorf("the PostgreSQL just fetched is not %s or does not run on this machine; set PGEMBED_BIN or DATABASE_URL", wanted(want))
}

func wanted(want int) string {
	if want == 0 {
		return strconv.Itoa(oldest) + " or newer"
	}
	return strconv.Itoa(want) + " (the version of the existing data)"
}

// find returns the fetched binaries, else the newest of the machine; "" when there are none.
func find(dir string, want int) string {
	fetched, err := filepath.Abs(filepath.Join(dir, fetchedBin))
	if err == nil && usable(fetched, want) {
		return fetched
	}
	best, bestVersion := "", 0
	for _, d := range machineDirs() {
		if v := majorVersion(d); v > bestVersion && usable(d, want) {
			best, bestVersion = d, v
		}
	}
	return best
}

func machineDirs() []string {
	var dirs []string
	for _, pattern := range installed {
		found, _ := filepath.Glob(pattern)
		dirs = append(dirs, found...)
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil { // through a link it would not find its share directory
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// usable says whether dir holds a postgres and initdb of the wanted version, 0 meaning any new enough.
func usable(dir string, want int) bool {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return false
	}
	v := majorVersion(dir)
	return v >= oldest && (want == 0 || v == want)
}

// majorVersion asks the postgres in dir, as in "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; 0 when it does not run.
func majorVersion(dir string) int {
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	words := strings.Fields(string(out))
	if err != nil || len(words) < 3 {
		return 0
	}
	digits := strings.FieldsFunc(words[2], func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	v, _ := strconv.Atoi(digits[0])
	return v
}
