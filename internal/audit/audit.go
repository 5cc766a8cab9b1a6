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

// Opened notes that the actor opened a person's record: at most once per reader, record and hour.
func Opened(tx *pg.Tx, by access.Actor, person access.ParticipantID, caseID access.CaseID) error {
	return pg.Insert(tx, `
		insert into audit_log (agency_id, id, at, actor_id, actor_role, action, participant_id, case_id, reading_hour, request_id)
		values (:agency, :id, :at, :actor, :role, 'record.opened', :participant, :case_id, :hour, :request)
		on conflict (agency_id, actor_id, participant_id, reading_hour) where reading_hour is not null do nothing`,
		pg.Args{
			"agency": by.Agency, "id": id.New[Row](), "at": tx.Now, "actor": by.ID, "role": string(by.Role),
			"participant": person, "case_id": caseID, "hour": tx.Now.Truncate(time.Hour), "request": by.RequestID,
		})
}

// WasOpened reports whether this hour's opening is already noted.
func WasOpened(tx *pg.Tx, by access.Actor, person access.ParticipantID) (bool, error) {
	return pg.Get[bool](tx, `
		select exists (select from audit_log where actor_id = :actor and participant_id = :participant and reading_hour = :hour)`,
		pg.Args{"actor": by.ID, "participant": person, "hour": tx.Now.Truncate(time.Hour)})
}
