package seed

import (
	"context"
	"errors"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// Reset makes the demonstration anew. It refuses where anybody but the demonstration's agencies is in
// the database. Append-only tables are emptied too, which only the owner of everything can do.
func Reset(ctx context.Context, s Seeder) error {
	system := access.Actor{Role: access.System}
	err := s.Owner.Write(ctx, system, func(tx *pg.Tx) error {
		if real, err := pg.Get[bool](tx, `select exists (select from agencies where not demo)`, pg.Args{}); err != nil || real {
			return errors.Join(err, errors.New("seed: there are agencies that are no demonstration"))
		}
		if err := pg.Insert(tx, `set local session_replication_role = replica`, pg.Args{}); err != nil {
			return err
		}
		return pg.Insert(tx, `truncate agencies cascade`, pg.Args{})
	})
	if err != nil {
		return err
	}
	return DemoIfEmpty(ctx, s)
}
