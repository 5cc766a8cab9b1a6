package reference

import (
	"time"

	"waymark/internal/pg"
)

// Stamp says what a set is and when it came.
type Stamp struct {
	Name       string     `db:"name" json:"name"`
	Vintage    string     `db:"vintage" json:"vintage"`
	Layout     string     `db:"layout" json:"layout"`
	Credit     string     `db:"source" json:"source"`
	Licence    string     `db:"licence" json:"licence"`
	Files      pg.Strings `db:"files" json:"files"`
	Rows       int        `db:"rows" json:"rows"`
	SHA        string     `db:"sha256" json:"sha256"`
	ImportedAt time.Time  `db:"imported_at" json:"imported_at"`
}

const stampColumns = `name, vintage, layout, source, licence, files, rows, sha256, imported_at`

// Stamps lists the sets that have been imported, by name.
func Stamps(tx *pg.Tx) ([]Stamp, error) {
	return pg.List[Stamp](tx, `select `+stampColumns+` from reference.sets order by name limit 100`, nil)
}

func stampOf(tx *pg.Tx, name string) (Stamp, bool, error) {
	return pg.Find[Stamp](tx, `select `+stampColumns+` from reference.sets where name = :name`, pg.Args{"name": name})
}

func (s Stamp) save(tx *pg.Tx) error {
	credit, err := creditOf(s.Credit)
	if err != nil {
		return err
	}
	return pg.Insert(tx, `
		insert into reference.sets (name, vintage, layout, source, licence, files, rows, sha256, imported_at)
		values (:name, :vintage, :layout, :source, :licence, :files, :rows, :sha, :at)
		on conflict (name) do update set vintage = excluded.vintage, layout = excluded.layout, source = excluded.source, licence = excluded.licence,
			files = excluded.files, rows = excluded.rows, sha256 = excluded.sha256, imported_at = excluded.imported_at`,
		pg.Args{
			"name": s.Name, "vintage": s.Vintage, "layout": s.Layout, "source": s.Credit, "licence": credit.Licence, "files": s.Files, "rows": s.Rows,
			"sha": s.SHA, "at": s.ImportedAt,
		})
}
