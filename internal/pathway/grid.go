package pathway

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/money"
)

// Grid is local demand as a partnership counts it: schooling from high to low by area, with the
// postings of the last three months. A Grid has been added up: its totals are those of its cells.
type Grid struct {
	Sector     Text   `json:"sector"`
	SectorCode string `json:"sector_code"`
	Region     string `json:"region"`
	// AsOf is the last day counted; zero where the source gives none.
	AsOf   civil.Date `json:"as_of"`
	Source string     `json:"source"`
	Areas  []Text     `json:"areas"`
	Rows   []GridRow  `json:"rows"`
	Total  int        `json:"total"`
}

// GridRow is one level of schooling.
type GridRow struct {
	Level string     `json:"level"`
	Total int        `json:"total"`
	Cells []GridCell `json:"cells"`
}

// GridCell is the demand in one area at one level; without occupations none is in high demand there.
type GridCell struct {
	Occupations []Text `json:"occupations"`
	Postings    int    `json:"postings"`
	LowCents    int64  `json:"low_cents"`
	HighCents   int64  `json:"high_cents"`
}

// None reports that no job of the area is in high demand at the level.
func (c GridCell) None() bool { return len(c.Occupations) == 0 }

// GridLevels are the levels of schooling, highest first.
var GridLevels = []string{"bachelor", "associate", "certificate", "high_school"}

// gridColumns is the heading of a grid's file.
var gridColumns = []string{"sector", "sector_en", "sector_es", "region", "as_of", "source", "level", "area_en", "area_es", "occupations_en", "occupations_es", "postings", "hourly_low", "hourly_high"}

// GridError is one thing to correct in a grid's file.
type GridError struct {
	Name   string
	Line   int
	Column string
	Code   string
	Args   map[string]any
}

// Error names the file, line and column, and says what is wrong.
func (e GridError) Error() string {
	where := fmt.Sprintf("%s:%d", e.Name, e.Line)
	if e.Column != "" {
		where += ": " + e.Column
	}
	switch e.Code {
	case GridTotal:
		return fmt.Sprintf("%s: the total of %v is given as %v, but its cells add up to %v", where, e.Args["of"], e.Args["given"], e.Args["sum"])
	case GridHeading:
		return fmt.Sprintf("%s: the heading is not %s", where, strings.Join(gridColumns, ","))
	}
	if len(e.Args) == 0 {
		return where + ": " + e.Code
	}
	return fmt.Sprintf("%s: %s %v", where, e.Code, e.Args)
}

// Codes of a GridError beside those of a Problem.
const (
	GridTotal   = "grid.total"   // Args: of, given, sum
	GridHeading = "grid.heading" // the first line
	GridMissing = "grid.missing" // Args: what; a total or a cell that is not given
	GridNumber  = "grid.number"  // Args: value
	GridRead    = "grid.unreadable"
)

// ParseGrids reads a file of grids. Every line is a cell; a line without an area is the total of
// its level, one without a level the total of its sector. Every area has a cell at every level: one
// where nothing is in demand is a line without occupations. Nothing is taken from a file with a fault.
func ParseGrids(name string, r io.Reader) ([]Grid, error) {
	c := csv.NewReader(io.LimitReader(r, MaxFileBytes))
	c.FieldsPerRecord = -1
	head, err := c.Read()
	if err != nil {
		return nil, GridError{Name: name, Line: 1, Code: GridRead}
	}
	if len(head) > 0 {
		head[0] = strings.TrimPrefix(head[0], "\ufeff")
	}
	if !slices.Equal(head, gridColumns) {
		return nil, GridError{Name: name, Line: 1, Code: GridHeading}
	}
	b := gridBuilder{name: name}
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := c.FieldPos(0)
		if err != nil || len(fields) != len(gridColumns) {
			b.fail(line, "", GridRead, nil)
			break
		}
		at := map[string]string{}
		for i, f := range fields {
			at[gridColumns[i]] = strings.TrimSpace(f)
		}
		b.line(line, at)
	}
	return b.done()
}

// gridBuilder puts the lines of a file together and holds the totals against the cells.
type gridBuilder struct {
	name   string
	grids  []*grid
	faults []error
}

// grid is one sector while its lines come in.
type grid struct {
	Grid
	cells map[string]map[string]GridCell // level -> area in English
	given map[string]given               // level -> total as given; "" is the sector's
	first int
}

type given struct{ total, line int }

func (b *gridBuilder) fail(line int, column, code string, args map[string]any) {
	b.faults = append(b.faults, GridError{b.name, line, column, code, args})
}

func (b *gridBuilder) line(n int, f map[string]string) {
	if f["sector"] == "" {
		b.fail(n, "sector", Required, nil)
		return
	}
	g := b.sector(f["sector"], n)
	if f["level"] != "" && !slices.Contains(GridLevels, f["level"]) {
		b.fail(n, "level", NotOneOf, map[string]any{"value": f["level"], "allowed": strings.Join(GridLevels, ", ")})
		return
	}
	if f["area_en"] == "" {
		b.total(g, n, f)
		return
	}
	if f["level"] == "" {
		b.fail(n, "level", Required, nil)
		return
	}
	b.cell(g, n, f)
}

func (b *gridBuilder) sector(code string, line int) *grid {
	for _, g := range b.grids {
		if g.SectorCode == code {
			return g
		}
	}
	g := &grid{Grid: Grid{SectorCode: code}, cells: map[string]map[string]GridCell{}, given: map[string]given{}, first: line}
	b.grids = append(b.grids, g)
	return g
}

// total is a line without an area. The sector's own also says where and when was counted.
func (b *gridBuilder) total(g *grid, n int, f map[string]string) {
	if _, twice := g.given[f["level"]]; twice {
		b.fail(n, "level", Duplicate, map[string]any{"value": f["level"]})
	}
	total, ok := b.number(n, "postings", f["postings"])
	if ok {
		g.given[f["level"]] = given{total, n}
	}
	if f["level"] != "" {
		return
	}
	g.Sector, g.Region, g.Source = Text{f["sector_en"], f["sector_es"]}, f["region"], f["source"]
	for _, column := range []string{"sector_en", "sector_es", "region", "source"} {
		if f[column] == "" {
			b.fail(n, column, Required, nil)
		}
	}
	if f["as_of"] == "" { // the source gives no date
		return
	}
	var err error
	if g.AsOf, err = civil.Parse(f["as_of"]); err != nil {
		b.fail(n, "as_of", BadCode, map[string]any{"value": f["as_of"]})
	}
}

func (b *gridBuilder) cell(g *grid, n int, f map[string]string) {
	area := Text{f["area_en"], f["area_es"]}
	i := slices.IndexFunc(g.Areas, func(a Text) bool { return a.EN == area.EN })
	switch {
	case area.ES == "":
		b.fail(n, "area_es", MissingLanguage, map[string]any{"lang": "es"})
	case i < 0:
		g.Areas = append(g.Areas, area)
	case g.Areas[i] != area:
		b.fail(n, "area_es", Conflicting, map[string]any{"value": area.ES})
	}
	if g.cells[f["level"]] == nil {
		g.cells[f["level"]] = map[string]GridCell{}
	}
	if _, twice := g.cells[f["level"]][area.EN]; twice {
		b.fail(n, "area_en", Duplicate, map[string]any{"value": area.EN})
	}
	c := GridCell{Occupations: []Text{}}
	en, es := parts(f["occupations_en"]), parts(f["occupations_es"])
	if len(en) != len(es) {
		b.fail(n, "occupations_es", MissingLanguage, map[string]any{"lang": "es"})
	}
	for k := range min(len(en), len(es)) {
		c.Occupations = append(c.Occupations, Text{en[k], es[k]})
	}
	if len(en) == 0 { // none in demand: no figures either
		for _, column := range []string{"postings", "hourly_low", "hourly_high"} {
			if f[column] != "" {
				b.fail(n, "occupations_en", Required, nil)
				break
			}
		}
	} else {
		c.Postings, _ = b.number(n, "postings", f["postings"])
		c.LowCents, c.HighCents = b.money(n, "hourly_low", f["hourly_low"]), b.money(n, "hourly_high", f["hourly_high"])
		if c.LowCents > c.HighCents {
			b.fail(n, "hourly_high", RangeInverted, map[string]any{"min": f["hourly_low"], "max": f["hourly_high"]})
		}
	}
	g.cells[f["level"]][area.EN] = c
}

func parts(s string) []string {
	list := []string{}
	for p := range strings.SplitSeq(s, ";") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

func (b *gridBuilder) number(line int, column, value string) (int, bool) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 100_000_000 {
		b.fail(line, column, GridNumber, map[string]any{"value": value})
		return 0, false
	}
	return n, true
}

func (b *gridBuilder) money(line int, column, value string) int64 {
	c, err := money.Parse(value)
	if err != nil || c <= 0 {
		b.fail(line, column, GridNumber, map[string]any{"value": value})
		return 0
	}
	return int64(c)
}

// done adds up, and refuses every total that is not the sum of its cells.
func (b *gridBuilder) done() ([]Grid, error) {
	list := []Grid{}
	for _, g := range b.grids {
		sum := 0
		for _, level := range GridLevels {
			row := GridRow{Level: level, Cells: []GridCell{}}
			for _, a := range g.Areas {
				c, ok := g.cells[level][a.EN]
				if !ok { // that nobody wrote anything is not that there is no demand
					b.fail(g.first, "area_en", GridMissing, map[string]any{"what": g.SectorCode + ", " + level + ", " + a.EN})
				}
				row.Cells = append(row.Cells, c)
				row.Total += c.Postings
			}
			b.compare(g, level, row.Total)
			sum += row.Total
			g.Rows = append(g.Rows, row)
		}
		b.compare(g, "", sum)
		g.Total = sum
		list = append(list, g.Grid)
	}
	if len(list) == 0 && len(b.faults) == 0 {
		b.fail(2, "", GridMissing, map[string]any{"what": "sector"})
	}
	return list, errors.Join(b.faults...)
}

func (b *gridBuilder) compare(g *grid, level string, sum int) {
	of := g.SectorCode
	if level != "" {
		of += ", " + level
	}
	was, ok := g.given[level]
	switch {
	case !ok && (sum > 0 || level == ""):
		b.fail(g.first, "postings", GridMissing, map[string]any{"what": of})
	case ok && was.total != sum:
		b.fail(was.line, "postings", GridTotal, map[string]any{"of": of, "given": was.total, "sum": sum})
	}
}
