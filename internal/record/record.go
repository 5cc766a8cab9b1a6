// Package record is the read model of a person's record: the one page that answers who, where in
// the six steps, what is wrong, what is next.
package record

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/goal"
	"waymark/internal/pg"
	"waymark/internal/plan"
)

// Talk is one check-in in a line.
type Talk struct {
	HeldOn civil.Date `db:"held_on"`
	Method string     `db:"method"`
	Result string     `db:"result"`
	Note   string     `db:"note"`
	By     string     `db:"by"`
}

// Appointment is what is agreed next.
type Appointment struct {
	Kind       string      `db:"kind"`
	OnDate     civil.Date  `db:"on_date"`
	AtTime     civil.Clock `db:"at_time"`
	Place      string      `db:"place"`
	Address    string      `db:"address"`
	Bring      string      `db:"bring"`
	Answer     string      `db:"answer"`
	AnsweredOn civil.Date  `db:"answered_on"`
	AnswerNote string      `db:"answer_note"`
}

// Before is how the case before this one ended, and where the person agreed to go on; all empty for a first case.
type Before struct {
	EndedOn    civil.Date `db:"ended_on"`
	ResumeStep int        `db:"resume_step"` // 0: nothing was agreed
	Milestone  string     `db:"milestone"`   // the next one still to do
}

// Beside is what one statement finds beside the rest: cases before this one, the person's English as the
// intake record has it, and the newest note that the reader may read, of a check-in or by itself.
type Beside struct {
	Earlier int        `db:"earlier"`
	Before  Before     `db:"before"`
	English string     `db:"english"`
	Note    string     `db:"note"`
	NoteBy  string     `db:"note_by"`
	NoteOn  civil.Date `db:"note_on"`
}

// Overview is everything that the record's first page shows.
type Overview struct {
	Case      casefile.Case
	Steps     []casefile.Step
	Attention []casefile.Flag
	Plan      plan.Plan
	HasPlan   bool
	Goals     []goal.Goal
	Talks     []Talk
	TalkCount int
	Next      Appointment
	HasNext   bool
	Chosen    int  // the version of the pathway that the choice was made on; 0 before a choice
	Beside         // what stands beside it
	Core      bool // the viewer may see the core only
}

// Service reads records.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Overview reads the whole record, or only its core where the actor's reach ends there.
func (s *Service) Overview(ctx context.Context, by access.Actor, caseID access.CaseID) (o Overview, err error) {
	core, err := s.policy.Scope(by, access.ReadCase)
	if err != nil {
		return o, err
	}
	whole, err := s.policy.Scope(by, access.ReadRecord)
	if err != nil {
		return o, err
	}
	notes, notesErr := s.policy.Scope(by, access.ReadStaffNote)
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		var papers []casefile.Flag
		reached, readsNotes := false, false
		if err := pg.Gather(tx, func(tx *pg.Tx) (err error) {
			if o.Case, err = casefile.Load(tx, core, caseID); err != nil {
				return err
			}
			if o.Steps, err = casefile.Steps(tx, caseID); err != nil {
				return err
			}
			rules, err := casefile.RulesFor(tx, by)
			if err != nil {
				return err
			}
			o.Attention = casefile.Attention(&o.Case, by.Today(tx.Now), rules)
			if reached, err = reaches(tx, whole, caseID); err != nil {
				return err
			}
			if papers, err = document.Attention(tx, by, caseID); err != nil || notesErr != nil {
				return err
			}
			if readsNotes, err = reaches(tx, notes, caseID); tx.Hears() {
				readsNotes = true // most readers do
			}
			return err
		}); err != nil {
			return err
		}
		if !reached && !tx.Hears() {
			o.Core = true
			return nil
		}
		o.Attention = append(o.Attention, papers...)
		return pg.Gather(tx, func(tx *pg.Tx) error { return o.read(tx, by, caseID, readsNotes) })
	})
	return o, err
}

func reaches(tx *pg.Tx, scope access.Scope, caseID access.CaseID) (bool, error) {
	return pg.Get[bool](tx, `select exists (select from cases c where c.id = :case_id and `+scope.Where()+`)`, pg.Args{"case_id": caseID}.In(scope, tx))
}

func (o *Overview) read(tx *pg.Tx, by access.Actor, caseID access.CaseID, readsNotes bool) (err error) {
	if o.Plan, o.HasPlan, err = plan.Current(tx, caseID); err != nil {
		return err
	}
	if o.Goals, err = goal.Of(tx, caseID); err != nil {
		return err
	}
	if o.Talks, err = talks(tx, by, caseID, readsNotes); err != nil {
		return err
	}
	if o.TalkCount, err = pg.Get[int](tx, `select count(*) from check_ins k where k.case_id = :case_id and not k.withdrawn
		and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)`, pg.Args{"case_id": caseID}); err != nil {
		return err
	}
	if o.Case.PathwayCode != "" || tx.Hears() {
		if o.Chosen, _, err = pg.Find[int](tx, `select pathway_version from selections where case_id = :case_id order by recorded_at desc, id desc limit 1`, pg.Args{"case_id": caseID}); err != nil {
			return err
		}
	}
	o.Next, o.HasNext, err = pg.Find[Appointment](tx, `select kind, on_date, at_time, place, address, bring, answer,
			cast(answered_at as date) as answered_on, answer_note
		from appointments where case_id = :case_id and state = 'planned' order by on_date, at_time nulls last, id limit 1`, pg.Args{"case_id": caseID})
	if err != nil {
		return err
	}
	o.Beside, err = beside(tx, by, caseID, readsNotes)
	return err
}

func beside(tx *pg.Tx, by access.Actor, caseID access.CaseID, readsNotes bool) (Beside, error) {
	return pg.Get[Beside](tx, `
		select (select count(*) from cases e where e.agency_id = c.agency_id and e.participant_id = c.participant_id and e.id <> c.id) as earlier,
			coalesce((select s.answers ->> 'english' from intake_sections s where s.case_id = :case_id and s.section = 'education' order by s.version desc limit 1), '') as english,
			coalesce(b.left_on, b.exit_on) as "before.ended_on", coalesce(b.resume_step, 0) as "before.resume_step",
			coalesce(b.milestone_title, '') as "before.milestone",
			coalesce(l.note, '') as note, coalesce(u.first_name, '') as note_by, l.on_date as note_on
		from cases c left join lateral (
			select note, on_date, by from (
				(select k.note, k.held_on as on_date, k.recorded_by as by, k.recorded_at from check_ins k
				where k.case_id = :case_id and not k.withdrawn and k.note <> '' and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
					and `+readable("k", "recorded_by")+` order by k.held_on desc, k.id desc limit 1)
				union all
				(select k.body, k.written_on, k.author_id, k.recorded_at from notes k
				where k.case_id = :case_id and not exists (select from notes n where n.agency_id = k.agency_id and n.supersedes = k.id)
					and `+readable("k", "author_id")+` order by k.written_on desc, k.id desc limit 1)
			) x order by on_date desc, recorded_at desc limit 1
		) l on true left join users u on u.id = l.by
		left join cases b on b.agency_id = c.agency_id and b.id = c.previous_case_id
		where c.id = :case_id`,
		pg.Args{"case_id": caseID, "notes": readsNotes, "me": by.ID})
}

// readable is the condition that a note is for everybody, for staff of whom the reader is one, or their own.
func readable(table, author string) string {
	return `(` + table + `.visibility = 'shared' or ` + table + `.visibility = 'staff' and :notes or ` + table + `.visibility = 'restricted' and ` + table + `.` + author + ` = :me)`
}

// talks are the last three; what the reader may not read of them is left out by the statement.
func talks(tx *pg.Tx, by access.Actor, caseID access.CaseID, readsNotes bool) ([]Talk, error) {
	return pg.List[Talk](tx, `
		select k.held_on, k.method, k.result, u.first_name as by,
			case when `+readable("k", "recorded_by")+` then k.note else '' end as note
		from check_ins k join users u on u.agency_id = k.agency_id and u.id = k.recorded_by
		where k.case_id = :case_id and not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
		order by k.held_on desc, k.id desc limit 3`, pg.Args{"case_id": caseID, "notes": readsNotes, "me": by.ID})
}
