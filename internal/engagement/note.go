package engagement

import (
	"context"
	"errors"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Visibilities of a note: the person reads it too, the team reads it, only its author reads it.
var Visibilities = []string{"shared", "staff", "restricted"}

// NoteID names a note.
type NoteID = id.Of[Note]

// Note is a case note. Notes are never changed; a correction is a new one that says why.
type Note struct {
	ID         NoteID        `db:"id" json:"id"`
	CaseID     access.CaseID `db:"case_id" json:"case_id"`
	Visibility string        `db:"visibility" json:"visibility"`
	Subject    string        `db:"subject" json:"subject"`
	Body       string        `db:"body" json:"body"`
	About      string        `db:"about" json:"about"`
	WrittenOn  civil.Date    `db:"written_on" json:"written_on"`
	Author     string        `db:"author" json:"author"`
	Mine       bool          `db:"mine" json:"mine"`
	Supersedes NoteID        `db:"supersedes" json:"supersedes"`
	Reason     string        `db:"reason" json:"reason"`
	Live       bool          `db:"live" json:"live"`
	CreatedAt  time.Time     `db:"recorded_at" json:"created_at"`
}

// NoteInput is what is written: facts, one subject a note.
type NoteInput struct {
	Subject    string     `json:"subject" validate:"max=200"`
	Body       string     `json:"body" validate:"required,max=8000"`
	Visibility string     `json:"visibility" validate:"required,oneof=shared staff restricted"`
	WrittenOn  civil.Date `json:"written_on"`
	About      string     `json:"about" validate:"max=80"`
	Supersedes NoteID     `json:"supersedes"`
	Reason     string     `json:"reason" validate:"max=1000"`
	// The next check-in, when the note agrees one.
	NextOn    civil.Date  `json:"next_on"`
	NextAt    civil.Clock `json:"next_at"`
	NextPlace string      `json:"next_place" validate:"omitempty,oneof=office phone video text elsewhere"`
}

// noteQuery lists the notes that the reader may read; staff is the condition for staff notes.
func noteQuery(staff string) string {
	return `select n.id, n.case_id, n.visibility, n.subject, n.body, n.about, n.written_on, u.first_name || ' ' || u.last_name as author, n.author_id = :me as mine,
			n.supersedes, n.reason, n.recorded_at, not exists (select from notes x where x.agency_id = n.agency_id and x.supersedes = n.id) as live
		from notes n
		join cases c on c.agency_id = n.agency_id and c.id = n.case_id
		join users u on u.agency_id = n.agency_id and u.id = n.author_id
		where n.case_id = :case_id and (n.visibility = 'shared' or n.visibility = 'staff' and ` + staff + ` or n.visibility = 'restricted' and n.author_id = :me) `
}

// Notes lists what the actor may read, newest first.
func (s *Service) Notes(ctx context.Context, by access.Actor, caseID access.CaseID) (list []Note, err error) {
	scope, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, by, access.ReadRecord, caseID, func(tx *pg.Tx, _ casefile.Case) error {
		list, err = pg.List[Note](tx, noteQuery(s.staffNotes(by))+`order by n.written_on desc, n.id desc limit 200`,
			pg.Args{"case_id": caseID, "me": by.ID}.In(scope, tx))
		return err
	})
	return list, err
}

// Write adds a note, or one that stands for an earlier one and says why, and agrees the next check-in if the note names its day.
func (s *Service) Write(ctx context.Context, by access.Actor, caseID access.CaseID, in NoteInput) (n Note, err error) {
	scope, err := s.policy.Scope(by, access.WriteNote)
	if err != nil {
		return n, err
	}
	err = s.change(ctx, by, access.WriteNote, caseID, in, func(tx *pg.Tx, c *casefile.Case) (audit.Entry, error) {
		today := by.Today(tx.Now)
		if in.WrittenOn.IsZero() {
			in.WrittenOn = today
		}
		if in.WrittenOn.After(today) {
			return audit.Entry{}, errs.At("written_on", "in_future")
		}
		args := pg.Args{"case_id": c.ID, "me": by.ID, "id": in.Supersedes}.In(scope, tx)
		if err := s.replacesNote(tx, by, in, args); err != nil {
			return audit.Entry{}, err
		}
		args["id"] = id.New[Note]()
		if err := insertNote(tx, by, c.ID, args["id"].(NoteID), in); err != nil {
			return audit.Entry{}, err
		}
		if err := s.agreeNext(tx, by, c, in); err != nil {
			return audit.Entry{}, err
		}
		n, err = pg.Get[Note](tx, noteQuery("true")+`and n.id = :id`, args)
		return audit.Entry{Action: "note.written", Subject: n.ID.String(), Detail: map[string]any{"visibility": in.Visibility, "corrects": !in.Supersedes.IsZero()}}, err
	})
	return n, err
}

// agreeNext plans the check-in that a note names, by the rules of every appointment and with its line in the audit.
func (s *Service) agreeNext(tx *pg.Tx, by access.Actor, c *casefile.Case, in NoteInput) error {
	if in.NextOn.IsZero() && in.NextAt.IsZero() && in.NextPlace == "" {
		return nil
	}
	scope, err := s.policy.Scope(by, access.WriteAppointment)
	if err != nil {
		return err
	}
	if _, err := casefile.Load(tx, scope, c.ID); err != nil {
		return err
	}
	next := AppointmentInput{Kind: "check_in", OnDate: in.NextOn, AtTime: in.NextAt, Place: in.NextPlace}
	if err := check.Struct(next); err != nil {
		return asNext(err)
	}
	_, entry, err := agree(tx, by, c, next)
	if err != nil {
		return asNext(err)
	}
	entry.Case = c.ID
	return audit.Append(tx, by, entry)
}

// asNext names the fields of an appointment as the form of a note names them.
func asNext(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err
	}
	names := map[string]string{"on_date": "next_on", "at_time": "next_at", "place": "next_place"}
	for i, f := range e.Fields {
		if name, known := names[f.Name]; known {
			e.Fields[i].Name = name
		}
	}
	return e
}

// replacesNote holds a correction against the note it stands for: one that the actor may read, not corrected before.
func (s *Service) replacesNote(tx *pg.Tx, by access.Actor, in NoteInput, args pg.Args) error {
	if in.Supersedes.IsZero() {
		return nil
	}
	if in.Reason == "" {
		return errs.At("reason", "required")
	}
	was, found, err := pg.Find[Note](tx, noteQuery(s.staffNotes(by))+`and n.id = :id`, args)
	switch {
	case err != nil:
		return err
	case !found:
		return errs.At("supersedes", "no_such_note")
	case !was.Live:
		return errs.New(errs.Conflict, "note.replaced")
	}
	return nil
}

func insertNote(tx *pg.Tx, by access.Actor, caseID access.CaseID, made NoteID, in NoteInput) error {
	return pg.Insert(tx, `
		insert into notes (agency_id, id, case_id, visibility, subject, body, about, written_on, author_id, supersedes, reason, recorded_at)
		values (:agency, :id, :case_id, :visibility, :subject, :body, :about, :on, :by, :supersedes, :reason, :now)`,
		pg.Args{
			"agency": by.Agency, "id": made, "case_id": caseID, "visibility": in.Visibility, "subject": in.Subject, "body": in.Body, "about": in.About,
			"on": in.WrittenOn, "by": by.ID, "supersedes": in.Supersedes, "reason": in.Reason, "now": tx.Now,
		})
}
