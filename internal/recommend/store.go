package recommend

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// SnapshotRow is the phantom type of a snapshot's id.
type SnapshotRow struct{}

// ReviewRow is the phantom type of a review's id.
type ReviewRow struct{}

// SnapshotID is the id of a stored ranking.
type SnapshotID = id.Of[SnapshotRow]

// Snapshot is one ranking as it was computed; it never changes.
type Snapshot struct {
	ID               SnapshotID    `json:"id"`
	CaseID           access.CaseID `json:"case_id"`
	Rule             string        `json:"rule"`
	DataVersion      string        `json:"data_version"`
	CatalogueVersion string        `json:"catalogue_version"`
	Inputs           Inputs        `json:"inputs"`
	Options          []Ranked      `json:"options"`
	ComputedOn       civil.Date    `json:"computed_on"`
	ComputedBy       access.UserID `json:"computed_by"`
	ComputedByName   string        `json:"computed_by_name"`
	RecordedAt       time.Time     `json:"created_at"`
	Reviews          []Review      `json:"reviews"`
}

// Listed are the options to talk about: the best five, then what was added by hand.
func (s Snapshot) Listed() []Ranked { return s.only(true) }

// Others are all the other options.
func (s Snapshot) Others() []Ranked { return s.only(false) }

func (s Snapshot) only(listed bool) []Ranked {
	list := []Ranked{}
	for _, o := range s.Options {
		if o.Listed() == listed {
			list = append(list, o)
		}
	}
	return list
}

// Reviewed reports whether it was talked about.
func (s Snapshot) Reviewed() bool { return len(s.Reviews) > 0 }

// Option finds one area's option.
func (s Snapshot) Option(area string) (Ranked, bool) {
	for _, o := range s.Options {
		if o.Area == area {
			return o, true
		}
	}
	return Ranked{}, false
}

// Review is one talk about a ranking.
type Review struct {
	ID             id.Of[ReviewRow] `json:"id" db:"id"`
	SnapshotID     SnapshotID       `json:"snapshot_id" db:"snapshot_id"`
	ReviewedOn     civil.Date       `json:"reviewed_on" db:"reviewed_on"`
	Method         string           `json:"method" db:"method"`
	Comment        string           `json:"comment" db:"comment"`
	ReviewedBy     access.UserID    `json:"reviewed_by" db:"reviewed_by"`
	ReviewedByName string           `json:"reviewed_by_name" db:"reviewed_by_name"`
	RecordedAt     time.Time        `json:"created_at" db:"recorded_at"`
}

type snapshotRow struct {
	ID               SnapshotID        `db:"id"`
	CaseID           access.CaseID     `db:"case_id"`
	Rule             string            `db:"rule"`
	DataVersion      string            `db:"data_version"`
	CatalogueVersion string            `db:"catalogue_version"`
	Inputs           pg.JSON[Inputs]   `db:"inputs"`
	Options          pg.JSON[[]Ranked] `db:"options"`
	ComputedOn       civil.Date        `db:"computed_on"`
	ComputedBy       access.UserID     `db:"computed_by"`
	ComputedByName   string            `db:"computed_by_name"`
	RecordedAt       time.Time         `db:"recorded_at"`
}

func (r snapshotRow) snapshot() Snapshot {
	return Snapshot{r.ID, r.CaseID, r.Rule, r.DataVersion, r.CatalogueVersion, r.Inputs.V, r.Options.V, r.ComputedOn, r.ComputedBy, r.ComputedByName, r.RecordedAt, []Review{}}
}

const snapshotColumns = `s.id, s.case_id, s.rule, s.data_version, s.catalogue_version, s.inputs, s.options, s.computed_on, s.computed_by,
	coalesce((select u.first_name || ' ' || u.last_name from users u where u.agency_id = s.agency_id and u.id = s.computed_by), '') as computed_by_name, s.recorded_at`

func insertSnapshot(tx *pg.Tx, by access.Actor, s Snapshot) error {
	return pg.Insert(tx, `
		insert into snapshots (agency_id, id, case_id, rule, data_version, catalogue_version, inputs, options, computed_on, computed_by, recorded_at)
		values (:agency, :id, :case_id, :rule, :data, :catalogue, :inputs, :options, :on, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": s.ID, "case_id": s.CaseID, "rule": s.Rule, "data": s.DataVersion, "catalogue": s.CatalogueVersion,
			"inputs": pg.AsJSON(s.Inputs), "options": pg.AsJSON(s.Options), "on": s.ComputedOn, "by": by.ID, "now": s.RecordedAt,
		})
}

func insertReview(tx *pg.Tx, by access.Actor, caseID access.CaseID, r Review) error {
	return pg.Insert(tx, `
		insert into snapshot_reviews (agency_id, id, snapshot_id, case_id, reviewed_on, method, comment, reviewed_by, recorded_at)
		values (:agency, :id, :snapshot, :case_id, :on, :method, :comment, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": r.ID, "snapshot": r.SnapshotID, "case_id": caseID, "on": r.ReviewedOn, "method": r.Method,
			"comment": r.Comment, "by": by.ID, "now": r.RecordedAt,
		})
}

func snapshotOf(tx *pg.Tx, caseID access.CaseID, one SnapshotID) (Snapshot, error) {
	row, err := pg.Get[snapshotRow](tx, `select `+snapshotColumns+` from snapshots s where s.case_id = :case_id and s.id = :id`,
		pg.Args{"case_id": caseID, "id": one})
	if err != nil {
		return Snapshot{}, err
	}
	list := []Snapshot{row.snapshot()}
	err = withReviews(tx, caseID, list)
	return list[0], err
}

func snapshotsOf(tx *pg.Tx, caseID access.CaseID, after SnapshotID, limit int) ([]Snapshot, error) {
	rows, err := pg.List[snapshotRow](tx, `select `+snapshotColumns+` from snapshots s
		where s.case_id = :case_id and (cast(:after as uuid) is null or s.id < :after) order by s.id desc limit :limit`,
		pg.Args{"case_id": caseID, "after": after, "limit": limit})
	if err != nil {
		return nil, err
	}
	list := make([]Snapshot, len(rows))
	for i, r := range rows {
		list[i] = r.snapshot()
	}
	err = withReviews(tx, caseID, list)
	return list, err
}

func withReviews(tx *pg.Tx, caseID access.CaseID, list []Snapshot) error {
	reviews, err := pg.List[Review](tx, `
		select r.id, r.snapshot_id, r.reviewed_on, r.method, r.comment, r.reviewed_by, r.recorded_at,
			coalesce((select u.first_name || ' ' || u.last_name from users u where u.agency_id = r.agency_id and u.id = r.reviewed_by), '') as reviewed_by_name
		from snapshot_reviews r where r.case_id = :case_id order by r.reviewed_on desc, r.id desc limit 200`, pg.Args{"case_id": caseID})
	for _, r := range reviews {
		for i := range list {
			if list[i].ID == r.SnapshotID {
				list[i].Reviews = append(list[i].Reviews, r)
			}
		}
	}
	return err
}

// Newest is the newest ranking of a case; reviewed asks for one that was talked about.
func Newest(tx *pg.Tx, caseID access.CaseID, reviewed bool) (Snapshot, bool, error) {
	row, found, err := pg.Find[snapshotRow](tx, `select `+snapshotColumns+` from snapshots s
		where s.case_id = :case_id and (not cast(:reviewed as boolean)
			or exists (select from snapshot_reviews r where r.agency_id = s.agency_id and r.snapshot_id = s.id))
		order by s.id desc limit 1`, pg.Args{"case_id": caseID, "reviewed": reviewed})
	if err != nil || !found {
		return Snapshot{}, false, err
	}
	list := []Snapshot{row.snapshot()}
	err = withReviews(tx, caseID, list)
	return list[0], true, err
}
