package pathway

import (
	"slices"
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// States of a version.
const (
	Drafted   = "draft"
	Validated = "validated"
	Published = "published"
	Retired   = "retired"
	Withdrawn = "withdrawn"
)

// Out reports whether the version is, or was, there for everybody to use.
func (e Edition) Out() bool { return e.State == Published || e.State == Retired }

// EventRow is the phantom type of an event's id.
type EventRow struct{}

// Event is one thing that happened to a version.
type Event struct {
	Version    int        `db:"version" json:"version"`
	Kind       string     `db:"kind" json:"kind"`
	On         civil.Date `db:"on_date" json:"on"`
	Employers  pg.Strings `db:"employers" json:"employers"`
	Note       string     `db:"note" json:"note"`
	By         string     `db:"by" json:"by"`
	RecordedAt time.Time  `db:"recorded_at" json:"recorded_at"`
}

// VersionSummary is one version in the list of all.
type VersionSummary struct {
	Version  int    `db:"version" json:"version"`
	State    string `db:"state" json:"state"`
	Revision int    `db:"revision" json:"revision"`
}

// Life is what happened to a pathway: its versions, newest first, and the events of each.
type Life struct {
	Code     string           `json:"code"`
	Versions []VersionSummary `json:"versions"`
	Events   []Event          `json:"events"`
}

// Of lists the events of one version, oldest first.
func (l Life) Of(version int) []Event {
	list := []Event{}
	for _, e := range l.Events {
		if e.Version == version {
			list = append(list, e)
		}
	}
	return list
}

// Open is the version being worked on, if there is one.
func (l Life) Open() (VersionSummary, bool) {
	i := slices.IndexFunc(l.Versions, func(v VersionSummary) bool { return v.State == Drafted || v.State == Validated })
	if i < 0 {
		return VersionSummary{}, false
	}
	return l.Versions[i], true
}

// Published is the version in use, if there is one.
func (l Life) Published() (VersionSummary, bool) {
	i := slices.IndexFunc(l.Versions, func(v VersionSummary) bool { return v.State == Published })
	if i < 0 {
		return VersionSummary{}, false
	}
	return l.Versions[i], true
}

// ValidatedBy are the employers who stand behind a version, and since when.
func (l Life) ValidatedBy(version int) (employers []string, on civil.Date) {
	for _, e := range l.Of(version) {
		switch e.Kind {
		case "validated":
			employers, on = e.Employers, e.On
		case "reopened":
			employers, on = nil, civil.Date{}
		}
	}
	return employers, on
}

type versionRow struct {
	ID      id.Of[VersionRow] `db:"id"`
	Version int               `db:"version"`
	State   string            `db:"state"`
	SHA     []byte            `db:"sha256"`
}

func newestVersion(tx *pg.Tx, code string) (int, error) {
	return pg.Get[int](tx, `select coalesce(max(version), 0) from pathway_versions where code = :code`, pg.Args{"code": code})
}

func insertVersion(tx *pg.Tx, by access.Actor, code string, r versionRow, doc stored[Pathway]) error {
	return pg.Insert(tx, `
		insert into pathway_versions (agency_id, id, code, version, state, document, sha256, recorded_by, published_at)
		values (:agency, :id, :code, :version, :state, :document, :sha, :by, case when :state = 'published' then cast(:now as timestamptz) end)`,
		pg.Args{
			"agency": by.Agency, "id": r.ID, "code": code, "version": r.Version, "state": r.State, "document": pg.AsJSON(doc),
			"sha": doc.print(), "by": by.ID, "now": tx.Now,
		})
}

// happened appends an event beside a version.
func happened(tx *pg.Tx, by access.Actor, code string, version int, e Event) error {
	if e.On.IsZero() {
		e.On = by.Today(tx.Now)
	}
	if e.Employers == nil {
		e.Employers = pg.Strings{}
	}
	return pg.Insert(tx, `
		insert into pathway_events (agency_id, id, code, version, kind, on_date, employers, note, recorded_by, recorded_at)
		values (:agency, :id, :code, :version, :kind, :on, :employers, :note, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": id.New[EventRow](), "code": code, "version": version, "kind": e.Kind, "on": e.On,
			"employers": e.Employers, "note": e.Note, "by": by.ID, "now": tx.Now,
		})
}

// retire makes room for another published version.
func retire(tx *pg.Tx, by access.Actor, code string) error {
	was, found, err := pg.Find[int](tx, `update pathway_versions set state = 'retired' where code = :code and state = 'published' returning version`, pg.Args{"code": code})
	if err != nil || !found {
		return err
	}
	return happened(tx, by, code, was, Event{Kind: "retired"})
}

// SetState moves a version to another state, if it is still in the one expected.
func SetState(tx *pg.Tx, by access.Actor, code string, version int, from, to string, e Event) error {
	n, err := pg.Exec(tx, `
		update pathway_versions set state = :to, published_at = case when :to = 'published' then coalesce(published_at, cast(:now as timestamptz)) else published_at end
		where code = :code and version = :version and state = :from`,
		pg.Args{"code": code, "version": version, "from": from, "to": to, "now": tx.Now})
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "pathway.state").Showing(map[string]any{"wanted": from})
	}
	return happened(tx, by, code, version, e)
}

// LifeOf reads what happened to a pathway; NotFound when there never was one.
func LifeOf(tx *pg.Tx, code string) (l Life, err error) {
	l.Code = code
	if l.Versions, err = pg.List[VersionSummary](tx, `select version, state, revision from pathway_versions where code = :code order by version desc limit 200`, pg.Args{"code": code}); err != nil {
		return l, err
	}
	if len(l.Versions) == 0 {
		return l, errs.New(errs.NotFound, "not_found")
	}
	l.Events, err = pg.List[Event](tx, `
		select e.version, e.kind, e.on_date, e.employers, e.note, e.recorded_at, coalesce(u.first_name || ' ' || u.last_name, '') as by
		from pathway_events e left join users u on u.agency_id = e.agency_id and u.id = e.recorded_by
		where e.code = :code order by e.recorded_at, e.id limit 1000`, pg.Args{"code": code})
	return l, err
}
