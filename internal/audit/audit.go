// Package audit writes who did what, in the same transaction as what they did. Rows hold
// ids, field names and codes, never the personal data itself.
package audit

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Row is the phantom type of an audit row's id.
type Row struct{}

// Entry is one thing done. Subject is the id of what was made or changed.
type Entry struct {
	Action      string
	Case        access.CaseID
	Participant access.ParticipantID
	Subject     string
	Detail      map[string]any
}

// Append writes one row; if it fails, so does what it reports.
func Append(tx *pg.Tx, by access.Actor, e Entry) error {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	return pg.Insert(tx, `
		insert into audit_log (agency_id, id, at, actor_id, actor_role, action, participant_id, case_id, subject_id, detail, request_id)
		values (:agency, :id, :at, :actor, :role, :action,
			coalesce(cast(:participant as uuid), (select participant_id from cases where id = cast(:case_id as uuid))),
			:case_id, cast(nullif(:subject, '') as uuid), :detail, :request)`,
		pg.Args{
			"agency": by.Agency, "id": id.New[Row](), "at": tx.Now, "actor": by.ID, "role": string(by.Role), "action": e.Action,
			"participant": e.Participant, "case_id": e.Case, "subject": e.Subject, "detail": pg.AsJSON(e.Detail), "request": by.RequestID,
		})
}

// Opened notes that the actor opened a person's record, named by a case or by the person: at most
// once per reader, person and hour. What names nobody notes nothing.
func Opened(tx *pg.Tx, by access.Actor, record string) error {
	return pg.Insert(tx, `
		insert into audit_log (agency_id, id, at, actor_id, actor_role, action, participant_id, case_id, reading_hour, request_id)
		select cast(:agency as uuid), cast(:id as uuid), cast(:at as timestamptz), cast(:actor as uuid), :role, 'record.opened', o.participant_id, o.case_id, cast(:hour as timestamptz), :request
		from (
			select participant_id, id as case_id from cases where id = cast(:record as uuid)
			union all
			select id, cast(null as uuid) from participants where id = cast(:record as uuid)
		) o
		on conflict (agency_id, actor_id, participant_id, reading_hour) where reading_hour is not null do nothing`,
		pg.Args{
			"agency": by.Agency, "id": id.New[Row](), "at": tx.Now, "actor": by.ID, "role": string(by.Role),
			"record": record, "hour": tx.Now.Truncate(time.Hour), "request": by.RequestID,
		})
}
