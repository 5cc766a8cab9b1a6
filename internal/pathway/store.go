package pathway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"waymark/internal/pg"
	"waymark/internal/reference"
)

// stored is the document kept for a pathway, an occupation or a region: the thing itself with
// the sources it cites, so that it can be read, and credited, without anything else.
type stored[T any] struct {
	Data    T        `json:"data"`
	Sources []Source `json:"sources"`
}

// print is the document's SHA-256 in its canonical form, which is Go's.
func (s stored[T]) print() []byte {
	b, _ := json.Marshal(s)
	h := sha256.Sum256(b)
	return h[:]
}

type pathwayRow struct {
	Version     int                      `db:"version"`
	State       string                   `db:"state"`
	Document    pg.JSON[stored[Pathway]] `db:"document"`
	PublishedAt *time.Time               `db:"published_at"`
	Revision    int                      `db:"revision"`
}

func (r pathwayRow) edition() Edition {
	e := Edition{Pathway: r.Document.V.Data, Version: r.Version, State: r.State, Cited: r.Document.V.Sources, Revision: r.Revision}
	if r.PublishedAt != nil {
		e.PublishedAt = *r.PublishedAt
	}
	return e
}

// state is what an agency's catalogue depends on: where it is, and the marks of all that it holds.
type state struct {
	Region   string `db:"region"`
	State    string `db:"state"`
	WageArea string `db:"wage_area"`
	Mark     string `db:"mark"`
	Real     string `db:"real"`
}

const stateQuery = `
	select a.region, a.state, a.wage_area, cast(a.mark as text) as mark,
		coalesce((select string_agg(name || sha256, ' ' order by name) from reference.sets), '') as real
	from agencies a where a.id = app.agency()`

// cached keeps the newest catalogue of each agency and region. It holds no personal data.
var cached sync.Map // agency and region -> held

type held struct {
	of        state
	mark      string // access.Actor.Mark, under which it was last found to be so
	catalogue Catalogue
}

// Load reads the agency's published catalogue with the figures of a region; "" is the agency's
// own. Only what has changed since the last time is read from the tables.
func Load(tx *pg.Tx, regionCode string) (Catalogue, error) {
	key := tx.Agency() + " " + regionCode
	mark := tx.Mark()
	found, _ := cached.Load(key)
	last, _ := found.(held)
	if mark != "" && last.mark == mark {
		return last.catalogue, nil
	}
	s, err := pg.Get[state](tx, stateQuery, pg.Args{})
	if err != nil || tx.Hears() {
		return Catalogue{}, err
	}
	if regionCode != "" {
		s.Region = regionCode
	}
	now := held{s, mark, last.catalogue}
	switch {
	case last.of != s:
		if now.catalogue, err = read(tx, s); err != nil {
			return Catalogue{}, err
		}
	case mark == "":
		now.mark = last.mark
	}
	cached.Store(key, now)
	return now.catalogue, nil
}

func read(tx *pg.Tx, s state) (Catalogue, error) {
	rows, err := pg.List[pathwayRow](tx, `select version, state, document, published_at, revision from pathway_versions where state = 'published' order by code limit 500`, pg.Args{})
	if err != nil {
		return Catalogue{}, err
	}
	jobs, err := pg.List[pg.JSON[stored[Occupation]]](tx, `select document from catalogue_occupations order by soc limit 5000`, pg.Args{})
	if err != nil {
		return Catalogue{}, err
	}
	regions, err := regionsIn(tx)
	if err != nil {
		return Catalogue{}, err
	}
	var editions []Edition
	var versions []string
	for _, r := range rows {
		e := r.edition()
		editions, versions = append(editions, e), append(versions, e.Code+"/"+strconv.Itoa(e.Version))
	}
	var occupations []Occupation
	var sources []Source
	for _, j := range jobs {
		occupations = append(occupations, j.V.Data)
		sources = append(sources, j.V.Sources...)
	}
	var plain []Region
	for _, r := range regions {
		plain = append(plain, r.Data)
		sources = append(sources, r.Sources...)
	}
	c := assemble(editions, occupations, chainOf(plain, s.Region, s.State), sources)
	c.Version = strings.Join(versions, " ")
	c.DataVersion = dataVersion(c.chain, occupations)
	if s.Real != "" {
		c.DataVersion += " reference/" + short(s.Real+s.WageArea)
	}
	return c, c.withReference(tx, reference.Place{Area: s.WageArea, State: s.State})
}

// dataVersion names the figures by region and content: "ME-RIVER/1f0c2a9b occupations/77ab01de".
func dataVersion(chain []Region, occupations []Occupation) string {
	name := "none"
	if len(chain) > 0 {
		name = chain[0].Code
	}
	return name + "/" + short(chain) + " occupations/" + short(occupations)
}

func short(v any) string {
	b, _ := json.Marshal(v)
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:4])
}

func regionsIn(tx *pg.Tx) ([]stored[Region], error) {
	rows, err := pg.List[pg.JSON[stored[Region]]](tx, `select document from catalogue_regions order by code limit 1000`, pg.Args{})
	if err != nil {
		return nil, err
	}
	list := make([]stored[Region], len(rows))
	for i, r := range rows {
		list[i] = r.V
	}
	return list, nil
}

// At reads one version of a pathway, whatever became of it since.
func At(tx *pg.Tx, code string, version int) (Edition, error) {
	r, err := pg.Get[pathwayRow](tx, `select version, state, document, published_at, revision from pathway_versions where code = :code and version = :version`,
		pg.Args{"code": code, "version": version})
	return r.edition(), err
}
