package pgembed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// clusterVersion is the major version that made the cluster in dir, 0 when there is none.
func clusterVersion(dir string) int {
	b, err := os.ReadFile(filepath.Join(dir, "data", "PG_VERSION"))
	if err != nil {
		return 0
	}
	version, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return version
}

// initdb makes the cluster unless there is one. It works beside the final place
// and renames, so that a killed initdb leaves no half cluster behind.
func (s *Server) initdb(ctx context.Context) error {
	if clusterVersion(s.cfg.Dir) != 0 {
		return nil
	}
	beside := filepath.Join(s.cfg.Dir, "init")
	if err := os.RemoveAll(beside); err != nil {
		return err
	}
	if err := s.makePrivate(beside); err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	made := filepath.Join(beside, "data")
	if out, err := runToEnd(s.command(ctx, "initdb", s.initdbArgs(made)...)); err != nil {
		return fmt.Errorf("make the database cluster: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return os.Rename(made, s.data)
}

// initdbArgs keeps libc's and ICU's collation versions out of the indexes, so
// that a cluster survives an upgrade of the operating system.
func (s *Server) initdbArgs(dir string) []string {
	args := []string{"-D", dir, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--data-checksums", "--no-instructions"}
	if majorVersion(s.bin) >= 17 {
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
	} else {
		args = append(args, "--locale="+commandLocale)
	}
	if s.cfg.Fast {
		args = append(args, "--no-sync")
	}
	return args
}

// serverArgs are the settings of the server. A file in the cluster cannot open it to the network.
func (s *Server) serverArgs() []string {
	settings := []string{"listen_addresses=", "port=5432", "unix_socket_permissions=0700", "logging_collector=off"}
	if s.cfg.Fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", s.data, "-k", s.socket}
	for _, setting := range append(settings, s.cfg.Params...) {
		args = append(args, "-c", setting)
	}
	return args
}
