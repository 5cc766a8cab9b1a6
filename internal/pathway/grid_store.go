package pathway

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// GridRecord is the phantom type of a stored grid's id.
type GridRecord struct{}

// ImportGrids stores grids for the actor's agency, all or nothing; the newest of a sector holds and
// earlier ones are kept. It answers how many were new.
func (s *Service) ImportGrids(ctx context.Context, by access.Actor, grids []Grid) (stored int, err error) {
	if err := s.policy.Require(by, access.ManageCatalogue); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := lockCatalogue(tx, by); err != nil {
			return err
		}
		for _, g := range grids {
			doc, err := json.Marshal(g)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(doc)
			n, err := pg.Exec(tx, `
				insert into demand_grids (agency_id, id, sector, document, sha256, recorded_by, recorded_at)
				select :agency, :id, cast(:sector as text), cast(:document as jsonb), cast(:sha as bytea), cast(:by as uuid), cast(:now as timestamptz)
				where not exists (select from (select sha256 from demand_grids where sector = :sector order by recorded_at desc, id desc limit 1) n where n.sha256 = cast(:sha as bytea))`,
				pg.Args{"agency": by.Agency, "id": id.New[GridRecord](), "sector": g.SectorCode, "document": pg.AsJSON(g), "sha": sum[:], "by": by.ID, "now": tx.Now})
			if err != nil {
				return err
			}
			stored += n
		}
		return audit.Append(tx, by, audit.Entry{Action: "grid.imported", Detail: map[string]any{"sectors": len(grids), "new": stored}})
	})
	return stored, err
}

// Grids reads the newest grid of every sector.
func (s *Service) Grids(ctx context.Context, by access.Actor) ([]Grid, error) {
	list := []Grid{}
	err := s.db.Read(ctx, by, func(tx *pg.Tx) error {
		rows, err := pg.List[pg.JSON[Grid]](tx, `select distinct on (sector) document from demand_grids order by sector, recorded_at desc, id desc limit 50`, pg.Args{})
		for _, r := range rows {
			list = append(list, r.V)
		}
		return err
	})
	return list, err
}
