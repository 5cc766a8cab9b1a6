package casefile

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

type settled struct {
	ID    access.CaseID `db:"id"`
	State State         `db:"state"`
}

// settle puts the cases that where names where their exit says by a day: what is known of the quarters after it,
// and whether they are exited, followed up or closed.
func settle(tx *pg.Tx, by access.Actor, today civil.Date, where string, args pg.Args) error {
	args["today"], args["now"] = today, tx.Now
	moved, err := pg.List[settled](tx, `
		with known as (
			select c.agency_id, c.id, c.state, c.exit_on, app.known_quarters(c.agency_id, c.participant_id, c.exit_on) as quarters from cases c where c.exit_on is not null and `+where+`
		), after as (
			select k.id, k.state as was, k.quarters, app.state_after(k.agency_id, k.id, k.exit_on, k.quarters, :today) as state from known k
		), moved as (
			update cases c set state = a.state, known_quarters = a.quarters, version = c.version + 1, updated_at = :now from after a
			where c.id = a.id and (c.state <> a.state or c.known_quarters <> a.quarters) returning c.id, c.state, a.was
		)
		select id, state from moved where state <> was order by id limit 100000`, args)
	if err != nil {
		return err
	}
	for _, m := range moved {
		if err := audit.Append(tx, by, audit.Entry{Action: "case.moved_on", Case: m.ID, Subject: m.ID.String(), Detail: map[string]any{"state": m.State}}); err != nil {
			return err
		}
	}
	return nil
}

// SettlePeople does so for all cases of some people, of whom a file made something known.
func SettlePeople(tx *pg.Tx, by access.Actor, people []string, today civil.Date) error {
	return settle(tx, by, today, `c.participant_id = any (cast(:people as uuid[]))`, pg.Args{"people": pg.Array(people)})
}

// Age closes the cases about whose exit nothing can be found out any more. It is repeated and resumed without harm.
func Age(ctx context.Context, db *pg.DB, by access.Actor, today civil.Date) error {
	return db.Write(ctx, by, func(tx *pg.Tx) error {
		return settle(tx, by, today, `c.id in (select x.id from cases x where x.state in ('exited', 'follow_up') and x.exit_on is not null
			and x.exit_on <= cast(:today as date) - 730 order by x.exit_on limit :most)`, pg.Args{"most": rolled})
	})
}
