// Package migrations carries the schema, one concern a file, applied in order by pg.Migrate.
package migrations

import "embed"

// FS holds the numbered goose files.
//
//go:embed *.sql
var FS embed.FS
