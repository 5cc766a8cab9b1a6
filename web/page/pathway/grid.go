package pathway

import (
	"waymark/internal/money"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pathway"
)

// Grid is local demand by schooling and area, one sector at a time.
type Grid struct {
	page.Chrome
	Grids []pathway.Grid
	Shown int
}

func (v Grid) caption(g pathway.Grid) string {
	return v.T("grid.caption", msg.Args{"sector": g.Sector.In(v.Lang()), "region": g.Region})
}

func (v Grid) hourly(c pathway.GridCell) string {
	return v.Pay(money.Cents(c.LowCents), money.Cents(c.HighCents), pathway.PerHour)
}

func (v Grid) source(g pathway.Grid) string {
	if g.AsOf.IsZero() {
		return v.T("grid.source_undated", msg.Args{"source": g.Source})
	}
	return v.T("grid.source", msg.Args{"source": g.Source, "on": v.Date(g.AsOf)})
}
