package plan

import (
	"fmt"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// CheckIn is the phantom type of the id of the check-in that progress was told in.
type CheckIn struct{}

// Progress is what was learned about one milestone on a day.
type Progress struct {
	Key       string
	Status    string
	DoneOn    civil.Date
	Percent   *int
	Attended  *int
	Note      string
	OnDate    civil.Date
	CheckInID id.Of[CheckIn]
}

type progressRow struct{}

// SetProgress records progress and brings the milestones up to date. Refused: progress.<i>.key
// unknown_milestone, .status oneof, .percent out of 0 to 100, .done_on in_future. The caller refreshes the case.
func SetProgress(tx *pg.Tx, by access.Actor, caseID access.CaseID, list []Progress) error {
	if len(list) == 0 {
		return nil
	}
	p, found, err := steps(tx, caseID)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.Conflict, "plan.none")
	}
	today := by.Today(tx.Now)
	var c errs.Collector
	for i := range list {
		list[i].complete(today)
		list[i].check(&c, fmt.Sprintf("progress.%d.", i), p, today)
	}
	if err := c.Err(); err != nil {
		return err
	}
	keys := make([]string, len(list))
	for i, g := range list {
		keys[i] = g.Key
		if err := insertProgress(tx, by, caseID, g); err != nil {
			return err
		}
	}
	return Refold(tx, caseID, keys)
}

// complete answers what follows: the day, and the day on which something done was done.
func (g *Progress) complete(today civil.Date) {
	if g.OnDate.IsZero() {
		g.OnDate = today
	}
	switch {
	case g.Status != "done":
		g.DoneOn = civil.Date{}
	case g.DoneOn.IsZero():
		g.DoneOn = g.OnDate
	}
}

func (g Progress) check(c *errs.Collector, name string, p Plan, today civil.Date) {
	if _, ok := p.Milestone(g.Key); !ok {
		c.AddArgs(name+"key", "unknown_milestone", map[string]any{"key": g.Key})
	}
	if !slices.Contains(Statuses, g.Status) {
		c.Add(name+"status", "oneof")
	}
	if g.Percent != nil && (*g.Percent < 0 || *g.Percent > 100) {
		c.Add(name+"percent", "percent")
	}
	if g.DoneOn.After(today) || g.OnDate.After(today) {
		c.Add(name+"done_on", "in_future")
	}
}

func insertProgress(tx *pg.Tx, by access.Actor, caseID access.CaseID, g Progress) error {
	return pg.Insert(tx, `
		insert into milestone_progress (agency_id, id, case_id, check_in_id, key, status, done_on, percent, attended, note, on_date, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :check_in, :key, :status, :done_on, :percent, :attended, :note, :on, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": id.New[progressRow](), "case_id": caseID, "check_in": g.CheckInID, "key": g.Key, "status": g.Status,
			"done_on": g.DoneOn, "percent": g.Percent, "attended": g.Attended, "note": g.Note, "on": g.OnDate, "by": by.ID, "now": tx.Now,
		})
}

// Refold derives where milestones stand from the progress that still holds: the newest row by day
// whose check-in was not superseded. Dates that an adjustment moved stay.
func Refold(tx *pg.Tx, caseID access.CaseID, keys []string) error {
	return pg.Insert(tx, `
		with live as (
			select distinct on (g.key) g.key, g.status, g.done_on, g.percent, g.attended, g.note
			from milestone_progress g
			where g.case_id = :case_id and g.key = any (:keys)
				and not exists (select from check_ins n where n.agency_id = g.agency_id and n.supersedes = g.check_in_id)
			order by g.key, g.on_date desc, g.id desc
		)
		insert into milestone_states (agency_id, case_id, key, status, done_on, percent, attended, note, updated_at)
		select c.agency_id, c.id, k.key, coalesce(l.status, 'not_started'), l.done_on, l.percent, l.attended, coalesce(l.note, ''), :now
		from cases c cross join unnest(cast(:keys as text[])) k (key) left join live l on l.key = k.key
		where c.id = :case_id
		on conflict (agency_id, case_id, key) do update set status = excluded.status, done_on = excluded.done_on, percent = excluded.percent,
			attended = excluded.attended, note = excluded.note, version = milestone_states.version + 1, updated_at = excluded.updated_at`,
		pg.Args{"case_id": caseID, "keys": pg.Array(unique(keys)), "now": tx.Now})
}

func unique(keys []string) []string {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// moveDates notes new dates beside the signed version.
func moveDates(tx *pg.Tx, by access.Actor, p Plan, after []Dated, moved []Moved) error {
	for _, m := range moved {
		if err := storeDate(tx, by, p.CaseID, after[placeOf(after, m.Key)]); err != nil {
			return err
		}
	}
	return nil
}

// Adjustment is a change beside the signed version: what, why, who agreed.
type Adjustment struct {
	Kind     string
	Reason   string
	Detail   map[string]any
	AgreedBy string
	MadeOn   civil.Date
	CheckIn  id.Of[CheckIn]
}

// Adjust writes the record of an adjustment.
func Adjust(tx *pg.Tx, by access.Actor, p Plan, a Adjustment) error {
	ref := id.New[Adjustment]()
	if err := pg.Insert(tx, `
		insert into adjustments (agency_id, id, case_id, plan_id, kind, reason, detail, agreed_by, made_on, made_by, recorded_at, check_in_id)
		values (:agency, :id, :case_id, :plan_id, :kind, :reason, :detail, :agreed, :on, :by, :now, :check_in)`,
		pg.Args{
			"agency": by.Agency, "id": ref, "case_id": p.CaseID, "plan_id": p.ID, "kind": a.Kind, "reason": a.Reason, "detail": pg.AsJSON(a.Detail),
			"agreed": a.AgreedBy, "on": a.MadeOn, "by": by.ID, "now": tx.Now, "check_in": a.CheckIn,
		}); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Action: "plan.adjusted", Case: p.CaseID, Subject: ref.String(), Detail: map[string]any{"kind": a.Kind, "number": p.Number}})
}

// takeForce puts a version in force and the one before out of it. Dates that adjustments moved
// belonged to the version before; progress stays with the milestones' keys.
func takeForce(tx *pg.Tx, p Plan, on civil.Date) error {
	args := pg.Args{"id": p.ID, "case_id": p.CaseID, "on": on, "now": tx.Now, "version": p.Version}
	if err := pg.Insert(tx, `update plan_versions set state = 'superseded', updated_at = :now, version = version + 1
		where case_id = :case_id and state = 'in_force'`, args); err != nil {
		return err
	}
	if err := pg.Insert(tx, `update milestone_states set starts_on = null, due_on = null, version = version + 1, updated_at = :now
		where case_id = :case_id and (starts_on is not null or due_on is not null)`, args); err != nil {
		return err
	}
	return pg.ExecOne(tx, `update plan_versions set state = 'in_force', in_force_on = :on, updated_at = :now, version = version + 1
		where id = :id and state = 'submitted'`, args)
}
