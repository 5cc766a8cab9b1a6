package caseload

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/pg"
)

// mostRows is how many rows one file holds.
const mostRows = 20_000

// All reads every row of a filtered list, page by page of the list itself, for a file; taking it is noted.
func (s *Service) All(ctx context.Context, by access.Actor, f Filter, format string) (rows []Row, err error) {
	f.Limit, f.Cursor = 200, ""
	for len(rows) < mostRows {
		list, err := s.List(ctx, by, f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, list.Items...)
		if f.Cursor = list.Next; f.Cursor == "" {
			break
		}
	}
	return rows, s.db.Write(ctx, by, func(tx *pg.Tx) error {
		return audit.Append(tx, by, audit.Entry{Action: "caseload.exported", Detail: map[string]any{"format": format, "rows": len(rows), "view": f.View, "urgency": f.Urgency}})
	})
}
