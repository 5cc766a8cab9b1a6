package plan

import (
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// MoveInput asks to move a milestone of the plan in force; CheckIn is the talk in which it was agreed, if any.
type MoveInput struct {
	Key     string
	DueOn   civil.Date
	Reason  string
	CheckIn id.Of[CheckIn]
}

// moves is what one adjustment moved: the milestone that it names first, then what waited for it.
type moves struct {
	Moved []MovedDate `json:"moved"`
}

// RefoldDates derives the dates of the plan in force from those that were signed and the adjustments
// that still hold: one made in a check-in that was corrected or undone moves nothing. The caller
// refreshes the case.
func RefoldDates(tx *pg.Tx, by access.Actor, caseID access.CaseID) error {
	p, found, err := Current(tx, caseID)
	if err != nil || !found || p.State != InForce {
		return err
	}
	rows, err := pg.List[pg.JSON[moves]](tx, `
		select a.detail from adjustments a
		where a.plan_id = :plan and a.kind = 'timeline'
			and not exists (select from check_ins n where n.agency_id = a.agency_id and n.supersedes = a.check_in_id)
		order by a.recorded_at, a.id limit 1000`, pg.Args{"plan": p.ID})
	if err != nil {
		return err
	}
	live := make([]moves, len(rows))
	for i, r := range rows {
		live[i] = r.V
	}
	return storeDates(tx, by, p, replay(p.signedDates(), live))
}

// signedDates are the milestones as they were signed; a move takes the start along with the due date.
func (p Plan) signedDates() []Dated {
	list := p.dated()
	for i, m := range p.Milestones {
		list[i] = list[i].shift(m.SignedDueOn.DaysSince(m.DueOn))
	}
	return list
}

// replay moves the signed dates again, one adjustment after the other: the milestone that an
// adjustment names to its date, what moved along with it by as many days.
func replay(signed []Dated, live []moves) []Dated {
	after := slices.Clone(signed)
	for _, a := range live {
		if len(a.Moved) == 0 || placeOf(after, a.Moved[0].Key) < 0 {
			continue
		}
		days := a.Moved[0].To.DaysSince(after[placeOf(after, a.Moved[0].Key)].Due)
		for _, m := range a.Moved {
			if at := placeOf(after, m.Key); at >= 0 {
				after[at] = after[at].shift(days)
			}
		}
	}
	return after
}

// storeDates notes the dates that differ from what stands; a date that is again as signed is no longer moved.
func storeDates(tx *pg.Tx, by access.Actor, p Plan, after []Dated) error {
	for i, m := range p.Milestones {
		d := after[i]
		if d.Due == m.DueOn {
			continue
		}
		if d.Due == m.SignedDueOn {
			d.Starts, d.Due = civil.Date{}, civil.Date{}
		}
		if err := storeDate(tx, by, p.CaseID, d); err != nil {
			return err
		}
	}
	return nil
}

func storeDate(tx *pg.Tx, by access.Actor, caseID access.CaseID, d Dated) error {
	return pg.Insert(tx, `
		insert into milestone_states (agency_id, case_id, key, starts_on, due_on, updated_at)
		values (:agency, :case_id, :key, :starts_on, :due_on, :now)
		on conflict (agency_id, case_id, key) do update set starts_on = excluded.starts_on, due_on = excluded.due_on,
			version = milestone_states.version + 1, updated_at = excluded.updated_at`,
		pg.Args{"agency": by.Agency, "case_id": caseID, "key": d.Key, "starts_on": d.Starts, "due_on": d.Due, "now": tx.Now})
}

// KeepMove lets a corrected check-in keep the date that it had moved: the same adjustment hangs on the
// correction, at its old place among the others.
func KeepMove(tx *pg.Tx, by access.Actor, from, to id.Of[CheckIn], reason string) error {
	return pg.Insert(tx, `
		insert into adjustments (agency_id, id, case_id, plan_id, kind, reason, detail, agreed_by, made_on, made_by, recorded_at, check_in_id)
		select agency_id, :id, case_id, plan_id, kind, :reason, detail, agreed_by, made_on, :by, recorded_at, :to
		from adjustments where check_in_id = :from`,
		pg.Args{"id": id.New[Adjustment](), "reason": strings.TrimSpace(reason), "by": by.ID, "from": from, "to": to})
}
