package selection

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
	"waymark/internal/recommend"
)

type row struct {
	ID             ID                   `db:"id"`
	CaseID         access.CaseID        `db:"case_id"`
	SnapshotID     recommend.SnapshotID `db:"snapshot_id"`
	InSnapshot     bool                 `db:"in_snapshot"`
	Pathway        string               `db:"pathway_code"`
	PathwayVersion int                  `db:"pathway_version"`
	Area           string               `db:"area_code"`
	EntryStep      int                  `db:"entry_step"`
	TargetStep     int                  `db:"target_step"`
	Alternate      string               `db:"alternate"`
	Reason         string               `db:"reason"`
	OverrideReason string               `db:"override_reason"`
	Informed       pg.JSON[Informed]    `db:"informed"`
	ChosenOn       civil.Date           `db:"chosen_on"`
	RecordedBy     access.UserID        `db:"recorded_by"`
	RecordedByName string               `db:"recorded_by_name"`
	RecordedAt     time.Time            `db:"recorded_at"`
}

func (r row) selection() Selection {
	return Selection{
		ID: r.ID, CaseID: r.CaseID, SnapshotID: r.SnapshotID, InSnapshot: r.InSnapshot, Pathway: r.Pathway, PathwayVersion: r.PathwayVersion,
		Area: r.Area, EntryStep: r.EntryStep, TargetStep: r.TargetStep, Alternate: r.Alternate, Reason: r.Reason, OverrideReason: r.OverrideReason,
		InformedChoice: r.Informed.V, ChosenOn: r.ChosenOn, RecordedBy: r.RecordedBy, RecordedByName: r.RecordedByName, RecordedAt: r.RecordedAt,
	}
}

const query = `
	select s.id, s.case_id, s.snapshot_id, s.in_snapshot, s.pathway_code, s.pathway_version, s.area_code, s.entry_step, s.target_step,
		s.alternate, s.reason, s.override_reason, s.informed, s.chosen_on, s.recorded_by, s.recorded_at,
		coalesce((select u.first_name || ' ' || u.last_name from users u where u.agency_id = s.agency_id and u.id = s.recorded_by), '') as recorded_by_name
	from selections s where s.case_id = :case_id order by s.recorded_at desc, s.id desc limit :limit`

func history(tx *pg.Tx, caseID access.CaseID) ([]Selection, error) {
	rows, err := pg.List[row](tx, query, pg.Args{"case_id": caseID, "limit": 100})
	list := make([]Selection, len(rows))
	for i, r := range rows {
		list[i] = r.selection()
	}
	return list, err
}

// Current is the choice that holds: the newest.
func Current(tx *pg.Tx, caseID access.CaseID) (Selection, bool, error) {
	r, found, err := pg.Find[row](tx, query, pg.Args{"case_id": caseID, "limit": 1})
	return r.selection(), found, err
}

func insert(tx *pg.Tx, by access.Actor, s Selection) error {
	return pg.Insert(tx, `
		insert into selections (agency_id, id, case_id, snapshot_id, in_snapshot, pathway_code, pathway_version, area_code, entry_step, target_step,
			alternate, reason, override_reason, informed, chosen_on, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :snapshot, :in_snapshot, :pathway, :version, :area, :entry, :target,
			:alternate, :reason, :override, :informed, :on, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": s.ID, "case_id": s.CaseID, "snapshot": s.SnapshotID, "in_snapshot": s.InSnapshot, "pathway": s.Pathway,
			"version": s.PathwayVersion, "area": s.Area, "entry": s.EntryStep, "target": s.TargetStep, "alternate": s.Alternate, "reason": s.Reason,
			"override": s.OverrideReason, "informed": pg.AsJSON(s.InformedChoice), "on": s.ChosenOn, "by": by.ID, "now": s.RecordedAt,
		})
}

// outgrows reports a plan in force that was made for another pathway, area or step.
func outgrows(tx *pg.Tx, s Selection) (bool, error) {
	return pg.Get[bool](tx, `
		select exists (select from plan_versions where case_id = :case_id and state = 'in_force'
			and (pathway_code, area_code, entry_step, target_step) is distinct from (:pathway, :area, cast(:entry as int), cast(:target as int)))`,
		pg.Args{"case_id": s.CaseID, "pathway": s.Pathway, "area": s.Area, "entry": s.EntryStep, "target": s.TargetStep})
}
