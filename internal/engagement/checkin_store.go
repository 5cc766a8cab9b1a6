package engagement

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// checkInQuery leaves out the note where the reader may not read it; staff is the condition under
// which staff notes are open.
func checkInQuery(staff string) string {
	return `select k.id, k.case_id, k.held_on, k.method, k.result, k.visibility, k.next_on, k.next_at, k.service_id, coalesce(v.code, '') as service_code,
			k.appointment_id, k.supersedes, k.withdrawn, k.reason, u.first_name || ' ' || u.last_name as recorded_by, k.recorded_by as recorded_by_id, k.recorded_at,
			case when k.visibility = 'shared' or k.visibility = 'staff' and ` + staff + ` or k.visibility = 'restricted' and k.recorded_by = :me then k.note else '' end as note,
			not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id) as live,
			coalesce(a.detail -> 'moved' -> 0 ->> 'key', '') as "adjustment.key", cast(a.detail -> 'moved' -> 0 ->> 'to' as date) as "adjustment.due_on",
			coalesce(a.reason, '') as "adjustment.reason"
		from check_ins k
		join cases c on c.agency_id = k.agency_id and c.id = k.case_id
		join users u on u.agency_id = k.agency_id and u.id = k.recorded_by
		left join services v on v.agency_id = k.agency_id and v.id = k.service_id
		left join adjustments a on a.agency_id = k.agency_id and a.check_in_id = k.id
		where k.case_id = :case_id `
}

// checkIns lists the check-ins of a case with what they said about milestones, newest first.
func checkIns(tx *pg.Tx, scope access.Scope, staff string, caseID access.CaseID, limit int) ([]CheckIn, error) {
	list, err := pg.List[CheckIn](tx, checkInQuery(staff)+`order by k.held_on desc, k.id desc limit :limit`,
		pg.Args{"case_id": caseID, "me": scope.By().ID, "limit": limit}.In(scope, tx))
	if err != nil || len(list) == 0 {
		return list, err
	}
	said, err := pg.List[Progress](tx, progressQuery+`where p.case_id = :case_id and p.check_in_id is not null order by p.id limit 2000`, pg.Args{"case_id": caseID})
	for i := range list {
		list[i].Progress = []Progress{}
		for _, p := range said {
			if p.CheckInID == list[i].ID {
				list[i].Progress = append(list[i].Progress, p)
			}
		}
	}
	return list, err
}

const progressQuery = `
	select p.check_in_id, p.key, p.status, p.done_on, p.percent, p.attended, p.note, coalesce(m.title, p.key) as title, coalesce(m.title_es, '') as title_es
	from milestone_progress p
	left join lateral (select title, title_es from milestones where agency_id = p.agency_id and case_id = p.case_id and key = p.key order by id desc limit 1) m on true
	`

// progressOf is what one check-in said about milestones.
func progressOf(tx *pg.Tx, of CheckInID) ([]Progress, error) {
	return pg.List[Progress](tx, progressQuery+`where p.check_in_id = :id order by p.id limit 100`, pg.Args{"id": of})
}

// checkIn reads one of a case with its note, for the people who may correct it.
func checkIn(tx *pg.Tx, by access.Actor, caseID access.CaseID, checkInID CheckInID) (CheckIn, error) {
	return pg.Get[CheckIn](tx, checkInQuery("true")+`and k.id = :id`, pg.Args{"case_id": caseID, "me": by.ID, "id": checkInID})
}

// newest is the last check-in that counts.
func newest(tx *pg.Tx, by access.Actor, caseID access.CaseID) (CheckIn, bool, error) {
	return pg.Find[CheckIn](tx, checkInQuery("true")+`and not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
		order by k.held_on desc, k.id desc limit 1`, pg.Args{"case_id": caseID, "me": by.ID})
}

func insertCheckIn(tx *pg.Tx, by access.Actor, k CheckIn) error {
	return pg.Insert(tx, `
		insert into check_ins (agency_id, id, case_id, held_on, method, result, note, visibility, next_on, next_at, service_id, appointment_id, supersedes, withdrawn, reason, recorded_by, recorded_at)
		values (:agency, :id, :case_id, :held_on, :method, :result, :note, :visibility, :next_on, :next_at, :service, :appointment, :supersedes, :withdrawn, :reason, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": k.ID, "case_id": k.CaseID, "held_on": k.HeldOn, "method": k.Method, "result": k.Result, "note": k.Note,
			"visibility": k.Visibility, "next_on": k.NextOn, "next_at": k.NextAt, "service": k.ServiceID, "appointment": k.AppointmentID,
			"supersedes": k.Supersedes, "withdrawn": k.Withdrawn, "reason": k.Reason, "by": by.ID, "now": tx.Now,
		})
}

// openMilestones are those of the plan in force that are not done, by date.
func openMilestones(tx *pg.Tx, caseID access.CaseID) ([]Milestone, error) {
	return pg.List[Milestone](tx, `
		select m.key, m.title, m.title_es, coalesce(s.due_on, m.due_on) as due_on, coalesce(s.status, 'not_started') as status
		from milestones m
		join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id and v.state = 'in_force'
		left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key
		where m.case_id = :case_id and coalesce(s.status, '') not in ('done', 'dropped') order by due_on, m.position limit 100`, pg.Args{"case_id": caseID})
}

// keysOf are the milestones that a check-in spoke about.
func keysOf(tx *pg.Tx, checkInID CheckInID) ([]string, error) {
	return pg.List[string](tx, `select distinct key from milestone_progress where check_in_id = :id order by key limit 100`, pg.Args{"id": checkInID})
}

// plannedCheckIn is the talk agreed for next, if any.
func plannedCheckIn(tx *pg.Tx, caseID access.CaseID) (Appointment, bool, error) {
	return pg.Find[Appointment](tx, `select `+appointmentColumns+` from appointments a where a.case_id = :case_id and a.kind = 'check_in' and a.state = 'planned'`,
		pg.Args{"case_id": caseID})
}

// end says what became of an appointment.
func end(tx *pg.Tx, appointmentID AppointmentID, state string) error {
	return pg.Insert(tx, `update appointments set state = :state, version = version + 1, updated_at = :now where id = :id`,
		pg.Args{"id": appointmentID, "state": state, "now": tx.Now})
}

// endOthers closes the talks of other kinds that were agreed for the day or earlier.
func endOthers(tx *pg.Tx, caseID access.CaseID, on civil.Date, state string) error {
	return pg.Insert(tx, `update appointments set state = :state, version = version + 1, updated_at = :now
		where case_id = :case_id and state = 'planned' and kind in ('intake', 'choice', 'goals', 'plan') and on_date <= :on`,
		pg.Args{"case_id": caseID, "on": on, "state": state, "now": tx.Now})
}

// planOthers plans again what endOthers closed at an instant.
func planOthers(tx *pg.Tx, caseID access.CaseID, at time.Time) error {
	return pg.Insert(tx, `update appointments set state = 'planned', version = version + 1, updated_at = :now
		where case_id = :case_id and state in ('kept', 'missed') and kind in ('intake', 'choice', 'goals', 'plan') and updated_at = :at`,
		pg.Args{"case_id": caseID, "at": at, "now": tx.Now})
}

func insertAppointment(tx *pg.Tx, by access.Actor, caseID access.CaseID, in AppointmentInput) (AppointmentID, error) {
	made := id.New[Appointment]()
	return made, pg.Insert(tx, `
		insert into appointments (agency_id, id, case_id, kind, on_date, at_time, place, address, bring, bring_es, made_by, created_at, updated_at)
		values (:agency, :id, :case_id, :kind, :on, :at, :place, :address, :bring, :bring_es, :by, :now, :now)`,
		pg.Args{
			"agency": by.Agency, "id": made, "case_id": caseID, "kind": in.Kind, "on": in.OnDate, "at": in.AtTime, "place": in.Place,
			"address": in.Address, "bring": in.Bring, "bring_es": in.BringES, "by": by.ID, "now": tx.Now,
		})
}
