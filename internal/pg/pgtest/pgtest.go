// Package pgtest gives each test a database of its own, copied from a migrated template.
package pgtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/lib/pq" // the superuser's plain connection

	"waymark/internal/pg"
	"waymark/migrations"
)

// Monday is the day on which tests live unless they say otherwise: 2026-11-23, 08:41 in New York.
var Monday = time.Date(2026, 11, 23, 13, 41, 0, 0, time.UTC)

var serial atomic.Int64

// Server is the superuser's connection string without a database, from the environment.
func Server(t testing.TB) string {
	t.Helper()
	server := os.Getenv("WAYMARK_TEST_PG")
	if server == "" {
		t.Fatal("no test database: run `make test`, or start one with `make testdb` and export the line it prints")
	}
	return server
}

// New makes a database for one test and connects to it as the restricted role.
func New(t testing.TB, clock func() time.Time) *pg.DB {
	t.Helper()
	db, err := pg.Open(DSN(t, "waymark_app", Database(t)), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// DSN connects a user to a database on the test server.
func DSN(t testing.TB, user, database string) string {
	return strings.Replace(Server(t), "user=postgres", "user="+user, 1) + " dbname=" + database
}

// Database makes a migrated database and drops it after the test.
func Database(t testing.TB) string {
	t.Helper()
	return create(t, func(server *sql.DB) string { return "template " + ensureTemplate(t, server) + " strategy file_copy" })
}

// Bare makes an empty database without a schema and drops it after the test.
func Bare(t testing.TB) string {
	t.Helper()
	return create(t, func(*sql.DB) string { return "template template0" })
}

func create(t testing.TB, how func(server *sql.DB) string) string {
	t.Helper()
	server, err := sql.Open("postgres", DSN(t, "postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	name := fmt.Sprintf("t%d_%d", os.Getpid(), serial.Add(1))
	if _, err := server.Exec("create database " + name + " " + how(server)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		again, err := sql.Open("postgres", DSN(t, "postgres", "postgres"))
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = again.Close() }()
		if _, err := again.Exec("drop database if exists " + name + " with (force)"); err != nil {
			t.Error(err)
		}
	})
	return name
}

// ensureTemplate migrates once per version of the migrations, whichever test process comes first.
func ensureTemplate(t testing.TB, server *sql.DB) string {
	t.Helper()
	ctx := context.Background()
	c, err := server.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.ExecContext(ctx, "select pg_advisory_lock(7116332)"); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = c.ExecContext(ctx, "select pg_advisory_unlock(7116332)") }()
	name := "template_" + fingerprint(t)
	var there bool
	if err := c.QueryRowContext(ctx, "select exists (select from pg_database where datname = $1 and datistemplate)", name).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		return name
	}
	_, _ = c.ExecContext(ctx, "drop database if exists "+name+" with (force)")
	if _, err := c.ExecContext(ctx, "create database "+name); err != nil {
		t.Fatal(err)
	}
	if err := pg.Migrate(ctx, DSN(t, "postgres", name)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ExecContext(ctx, "alter database "+name+" is_template true"); err != nil {
		t.Fatal(err)
	}
	return name
}

func fingerprint(t testing.TB) string {
	t.Helper()
	h := sha256.New()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		b, err := migrations.FS.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
