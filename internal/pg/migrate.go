package pg

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"waymark/migrations"
)

// Status is one migration and whether it is applied.
type Status struct {
	Source  string
	Applied bool
}

func provider(owner *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, owner, migrations.FS, goose.WithSessionLocker(locker))
}

// openOwner connects as the role that owns the schema; only migrations do.
func openOwner(dsn string) (*sql.DB, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("pg: DATABASE_URL is not understood: %w", err)
	}
	return sql.OpenDB(c), nil
}

// Schema is the version of the schema that this program was made for: its last migration's number.
func Schema() int64 {
	names, _ := fs.Glob(migrations.FS, "*.sql")
	last := int64(0)
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			last = max(last, n)
		}
	}
	return last
}

// Migrate brings the schema up, under a lock, as the owner.
func Migrate(ctx context.Context, ownerDSN string) error {
	owner, err := openOwner(ownerDSN)
	if err != nil {
		return err
	}
	defer func() { _ = owner.Close() }()
	p, err := provider(owner)
	if err != nil {
		return fmt.Errorf("pg: migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("pg: migrate: %w", err)
	}
	return nil
}

// Migrations lists them in order.
func Migrations(ctx context.Context, ownerDSN string) ([]Status, error) {
	owner, err := openOwner(ownerDSN)
	if err != nil {
		return nil, err
	}
	defer func() { _ = owner.Close() }()
	p, err := provider(owner)
	if err != nil {
		return nil, fmt.Errorf("pg: migrations: %w", err)
	}
	found, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("pg: migration status: %w", err)
	}
	list := make([]Status, len(found))
	for i, s := range found {
		list[i] = Status{Source: s.Source.Path, Applied: s.State == goose.StateApplied}
	}
	return list, nil
}
