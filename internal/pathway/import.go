package pathway

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/reference"
)

// VersionRow is the phantom type of a stored version's id.
type VersionRow struct{}

// Imported says what became of one pathway of an import.
type Imported struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	// Changed is false if the same document was published already.
	Changed bool `json:"changed"`
}

// Report says what an import changed.
type Report struct {
	Pathways    []Imported `json:"pathways"`
	Occupations int        `json:"occupations"`
	Regions     int        `json:"regions"`
}

// Import publishes the pathways, occupations and regions of the files, all or nothing. A pathway
// whose document has changed becomes the next version and retires the one before; nothing that a
// plan or a snapshot refers to is overwritten. Problems come back as field errors with their place.
func Import(tx *pg.Tx, by access.Actor, files []File) (Report, error) {
	report := Report{Pathways: []Imported{}}
	if err := lockCatalogue(tx, by); err != nil {
		return report, err
	}
	f := Merge(files...)
	here, err := storedCatalogue(tx)
	if err != nil {
		return report, err
	}
	if err := here.check(f); err != nil {
		return report, err
	}
	sources := here.sources
	for _, s := range f.Sources {
		sources[s.Code] = s
	}
	if report.Occupations, err = saveOccupations(tx, by, f.Occupations, sources); err != nil {
		return report, err
	}
	if report.Regions, err = saveRegions(tx, by, f.Regions, sources); err != nil {
		return report, err
	}
	for _, p := range f.Pathways {
		one, err := publish(tx, by, p, sources)
		if err != nil {
			return report, err
		}
		report.Pathways = append(report.Pathways, one)
	}
	return report, audit.Append(tx, by, audit.Entry{
		Action: "catalogue.imported",
		Detail: map[string]any{"pathways": report.Pathways, "occupations": report.Occupations, "regions": report.Regions},
	})
}

// present is what the store holds already and a file may refer to.
type present struct {
	known   Known
	sources map[string]Source
	owner   map[string]string // area code -> pathway code
}

func storedCatalogue(tx *pg.Tx) (present, error) {
	h := present{sources: map[string]Source{}, owner: map[string]string{}}
	s, err := pg.Get[state](tx, stateQuery, pg.Args{})
	if err != nil {
		return h, err
	}
	c, err := read(tx, s)
	if err != nil {
		return h, err
	}
	for _, a := range c.Areas() {
		h.known.Areas = append(h.known.Areas, a.Code)
		h.owner[a.Code] = a.PathwayCode
	}
	imported, err := reference.Codes(tx)
	if err != nil {
		return h, err
	}
	h.known.Occupations = slices.Concat(slices.Sorted(maps.Keys(c.occupations)), imported)
	h.sources = maps.Clone(c.sources)
	h.known.Sources = slices.Sorted(maps.Keys(h.sources))
	regions, err := regionsIn(tx)
	for _, r := range regions {
		h.known.Regions = append(h.known.Regions, r.Data.Code)
	}
	return h, err
}

// check adds to Check what only the store knows: an area belongs to one pathway.
func (h present) check(f File) error {
	var c errs.Collector
	for _, p := range h.problems(f) {
		args := maps.Clone(p.Args)
		if at, ok := f.PlaceOf(p.Path); ok {
			if args == nil {
				args = map[string]any{}
			}
			args["file"], args["line"] = at.File, at.Line
		}
		c.AddArgs(p.Path, p.Code, args)
	}
	return c.Err()
}

func (h present) problems(f File) []Problem {
	problems := f.CheckWith(h.known)
	replaced := map[string]bool{}
	for _, p := range f.Pathways {
		replaced[p.Code] = true
	}
	for i, p := range f.Pathways {
		for j, a := range p.Areas {
			if owner := h.owner[a.Code]; owner != "" && owner != p.Code && !replaced[owner] {
				problems = append(problems, Problem{fmt.Sprintf("pathways[%d].areas[%d].code", i, j), Duplicate, map[string]any{"value": a.Code}})
			}
		}
	}
	return problems
}

func publish(tx *pg.Tx, by access.Actor, p Pathway, sources map[string]Source) (Imported, error) {
	doc := stored[Pathway]{p, cited(p, sources)}
	out, found, err := pg.Find[versionRow](tx, `select id, version, state, sha256 from pathway_versions where code = :code and state = 'published'`, pg.Args{"code": p.Code})
	if err != nil {
		return Imported{}, err
	}
	if found && bytes.Equal(out.SHA, doc.print()) {
		return Imported{p.Code, out.Version, false}, nil
	}
	last, err := newestVersion(tx, p.Code)
	if err != nil {
		return Imported{}, err
	}
	if err := retire(tx, by, p.Code); err != nil {
		return Imported{}, err
	}
	row := versionRow{ID: id.New[VersionRow](), Version: last + 1, State: Published}
	if err := insertVersion(tx, by, p.Code, row, doc); err != nil {
		return Imported{}, err
	}
	return Imported{p.Code, row.Version, true}, happened(tx, by, p.Code, row.Version, Event{Kind: "published", Note: "import"})
}

type keyed struct {
	Key      string `json:"key"`
	Document any    `json:"document"`
	SHA      string `json:"sha"`
}

func saveOccupations(tx *pg.Tx, by access.Actor, list []Occupation, sources map[string]Source) (int, error) {
	rows := make([]keyed, 0, len(list))
	for _, o := range list {
		rows = append(rows, keyed{Key: o.SOC, Document: stored[Occupation]{o, cited(o, sources)}})
	}
	return pg.Exec(tx, `
		insert into catalogue_occupations (agency_id, soc, document)
		select cast(:agency as uuid), e ->> 'key', e -> 'document' from jsonb_array_elements(cast(:list as jsonb)) e
		on conflict (agency_id, soc) do update set document = excluded.document, recorded_at = clock_timestamp()
		where catalogue_occupations.document is distinct from excluded.document`, pg.Args{"agency": by.Agency, "list": pg.AsJSON(rows)})
}

func saveRegions(tx *pg.Tx, by access.Actor, list []Region, sources map[string]Source) (int, error) {
	rows := make([]keyed, 0, len(list))
	for _, r := range list {
		doc := stored[Region]{r, cited(r, sources)}
		rows = append(rows, keyed{Key: r.Code, Document: doc, SHA: fmt.Sprintf("%x", doc.print())})
	}
	return pg.Exec(tx, `
		insert into catalogue_regions (agency_id, code, document, sha256)
		select cast(:agency as uuid), e ->> 'key', e -> 'document', decode(e ->> 'sha', 'hex') from jsonb_array_elements(cast(:list as jsonb)) e
		on conflict (agency_id, code) do update set document = excluded.document, sha256 = excluded.sha256, recorded_at = clock_timestamp()
		where catalogue_regions.sha256 is distinct from excluded.sha256`, pg.Args{"agency": by.Agency, "list": pg.AsJSON(rows)})
}

// cited collects the sources that a document names, sorted by code: every text field called
// Source or OutlookSource, and every list called Sources.
func cited(v any, sources map[string]Source) []Source {
	codes := map[string]bool{}
	collect(reflect.ValueOf(v), codes)
	list := []Source{}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if s, ok := sources[code]; ok {
			list = append(list, s)
		}
	}
	return list
}

func collect(v reflect.Value, codes map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			collect(v.Elem(), codes)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), codes)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Field(i); v.Type().Field(i).Name {
			case "Source", "OutlookSource":
				codes[f.String()] = true
			case "Sources":
				for j := range f.Len() {
					codes[f.Index(j).String()] = true
				}
			default:
				collect(f, codes)
			}
		}
	}
}
