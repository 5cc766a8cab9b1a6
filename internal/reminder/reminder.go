// Package reminder finds what participants should be told of: it is derived from what is agreed and due,
// so nothing has to be remembered, and the outbox knows what was told already.
package reminder

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/notice"
	"waymark/internal/pg"
)

// How far ahead of a milestone somebody is reminded, and how long after it news is still worth a notice.
// The days stand one by one in the query of what took force: so it reads those days alone.
const (
	todoDays = 2
	newsDays = 2
)

// untold leaves out what the outbox has had.
func untold(once string) string {
	return ` and ` + casefile.OpenStates + ` and not exists (select from outbox o where o.agency_id = c.agency_id and o.once <> '' and o.once = ` + once + `)`
}

// due are the queries of what is to be told, by kind: of somebody who can be told and wants to be.
var due = map[notice.Kind]string{
	notice.Appointment: query(notice.Appointment, `a.on_date, a.at_time, cast(a.id as text)`, `join appointments a on a.agency_id = c.agency_id and a.case_id = c.id`,
		`a.state = 'planned' and a.answer <> 'another_time' and a.on_date = cast(:tomorrow as date)`,
		`'appointment/' || cast(a.id as text) || '/' || cast(a.on_date as text) || coalesce(to_char(a.at_time, '/HH24MI'), '')`),
	notice.Todo: query(notice.Todo, `c.milestone_due_on, cast(null as time), ''`, ``,
		`u.id is not null and c.milestone_due_on between cast(:tomorrow as date) and cast(:soon as date)`,
		`'todo/' || cast(c.id as text) || '/' || c.milestone_key || '/' || cast(c.milestone_due_on as text)`),
	notice.Sign: query(notice.Sign, `cast(null as date), cast(null as time), cast(v.id as text)`, `join plan_versions v on v.agency_id = c.agency_id and v.case_id = c.id`,
		`u.id is not null and v.state = 'submitted' and v.frozen_at >= :news and not exists (select from signatures g
			where g.agency_id = v.agency_id and g.plan_id = v.id and g.sha256 = v.sha256 and g.role = 'participant')`,
		`'sign/' || cast(v.id as text) || '/' || encode(v.sha256, 'hex')`),
	notice.Copy: query(notice.Copy, `cast(null as date), cast(null as time), cast(v.id as text)`, `join plan_versions v on v.agency_id = c.agency_id and v.case_id = c.id`,
		`u.id is not null and v.state = 'in_force' and v.in_force_on in (cast(:today as date), cast(:yesterday as date), cast(:before as date))`,
		`'copy/' || cast(v.id as text)`),
}

// order is that of urgency.
var order = []notice.Kind{notice.Appointment, notice.Sign, notice.Copy, notice.Todo}

func query(k notice.Kind, what, join, where, once string) string {
	return `with found as (select '` + string(k) + `' as kind, c.id, ` + what + `, ` + once + ` from ` + notice.From + ` ` + join + `
			where ` + where + ` and ` + notice.Channel + ` <> '' and ` + notice.Wants(k) + untold(once) + ` limit 200)
		select f.kind, f.case_id, f.on_date, f.at_time, f.about, f.once from found as f (kind, case_id, on_date, at_time, about, once)`
}

// Sweep tells everybody of an agency what there is to tell, outside quiet hours, and gives how many were told.
func Sweep(ctx context.Context, db *pg.DB, by access.Actor, baseURL string) (told int, err error) {
	for _, kind := range order {
		n, err := sweep(ctx, db, by, baseURL, due[kind])
		if told += n; err != nil {
			return told, err
		}
	}
	return told, nil
}

func sweep(ctx context.Context, db *pg.DB, by access.Actor, baseURL, query string) (told int, err error) {
	err = db.Write(ctx, by, func(tx *pg.Tx) error {
		quiet, err := notice.Quiet(tx, by)
		if err != nil || quiet {
			return err
		}
		list, err := pg.List[notice.Notice](tx, query, args(by.Today(tx.Now), tx))
		if err != nil {
			return err
		}
		for _, one := range list {
			if err := notice.Tell(tx, by, baseURL, one); err != nil {
				return err
			}
		}
		told = len(list)
		return nil
	})
	return told, err
}

func args(today civil.Date, tx *pg.Tx) pg.Args {
	return pg.Args{"tomorrow": today.AddDays(1), "soon": today.AddDays(todoDays), "news": tx.Now.AddDate(0, 0, -newsDays), "today": today, "yesterday": today.AddDays(-1), "before": today.AddDays(-newsDays)}
}
