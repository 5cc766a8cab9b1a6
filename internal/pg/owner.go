package pg

import (
	"context"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// CreateDatabase makes a database unless it is there. The DSN is the superuser's.
func CreateDatabase(ctx context.Context, dsn, name string) error {
	owner, err := openOwner(dsn)
	if err != nil {
		return err
	}
	defer func() { _ = owner.Close() }()
	var there bool
	if err := owner.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there); err != nil {
		return fmt.Errorf("pg: look for database: %w", err)
	}
	if there {
		return nil
	}
	if _, err := owner.ExecContext(ctx, "create database "+pq.QuoteIdentifier(name)+" encoding 'UTF8' template template0"); err != nil {
		return fmt.Errorf("pg: create database: %w", err)
	}
	return nil
}

// AsRole makes an outside server's connection string begin every session in a restricted role,
// so that one DATABASE_URL serves migrations and work alike.
func AsRole(dsn, role string) string {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		sep := "?"
		if strings.Contains(dsn, "?") {
			sep = "&"
		}
		return dsn + sep + "role=" + role
	}
	return dsn + " role=" + role
}
