package rights

import (
	"context"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

const complaintColumns = `k.id, k.number, k.participant_id, k.name, k.contact, k.bases, k.about, k.what, k.happened_on, k.filed_on, k.lang,
	coalesce((select e.kind from complaint_events e where e.agency_id = k.agency_id and e.complaint_id = k.id and e.kind <> 'note'
		order by e.on_date desc, e.recorded_at desc, e.id desc limit 1), '') as last_kind`

// OwnComplaints lists what the participant has complained about, with what they were told.
func (s *Service) OwnComplaints(ctx context.Context, by access.Actor) (list []Complaint, err error) {
	if err := s.policy.Require(by, access.ReadPortal); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Complaint](tx, `select `+complaintColumns+` from complaints k where k.participant_id = :person order by k.filed_on desc, k.id desc limit 50`, pg.Args{"person": by.Participant})
		for i := range list {
			if err == nil {
				list[i].Events, err = eventsOf(tx, list[i].ID)
			}
		}
		return err
	})
	return list, err
}

func eventsOf(tx *pg.Tx, complaintID ComplaintID) ([]Event, error) {
	return pg.List[Event](tx, `select kind, on_date, words, shared, recorded_at from complaint_events where complaint_id = :id order by on_date, recorded_at, id limit 200`, pg.Args{"id": complaintID})
}

// Complain takes a participant's complaint. No trace of it is left in the record of the case, which
// those who work on the case can read.
func (s *Service) Complain(ctx context.Context, by access.Actor, in OwnComplaintInput) (made Complaint, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if err := s.policy.Require(by, access.AnswerPortal); err != nil {
		return made, err
	}
	all := ComplaintInput{Bases: in.Bases, About: in.About, What: in.What, HappenedOn: in.HappenedOn}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		type contact struct {
			Name    string `db:"name"`
			Contact string `db:"contact"`
		}
		me, err := pg.Get[contact](tx, `select first_name || ' ' || last_name as name, concat_ws(', ', nullif(phone, ''), nullif(email, '')) as contact from participants where id = :me`, pg.Args{"me": by.Participant})
		if err != nil {
			return err
		}
		all.Name, all.Contact = me.Name, me.Contact
		made, err = file(tx, by, all, by.Participant)
		return err
	})
	return made, err
}

// TakeDown keeps a complaint that the officer takes down for somebody.
func (s *Service) TakeDown(ctx context.Context, by access.Actor, in ComplaintInput) (made Complaint, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if in.Name == "" {
		return made, errs.At("name", "required")
	}
	if err := s.policy.Require(by, access.ManageComplaint); err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		made, err = file(tx, by, in, access.ParticipantID{})
		return err
	})
	return made, err
}

func file(tx *pg.Tx, by access.Actor, in ComplaintInput, person access.ParticipantID) (Complaint, error) {
	filed, err := day(by, tx, in.FiledOn, "filed_on")
	if err != nil {
		return Complaint{}, err
	}
	if in.HappenedOn.After(filed) {
		return Complaint{}, errs.At("happened_on", "in_future")
	}
	made := Complaint{
		ID: id.New[Complaint](), Person: person, Name: in.Name, Contact: in.Contact, Bases: distinct(in.Bases), About: in.About, What: in.What,
		HappenedOn: in.HappenedOn, FiledOn: filed, Lang: by.Language, Events: []Event{},
	}
	made.Number = numberOf(made)
	if err := pg.Insert(tx, `insert into complaints (agency_id, id, number, participant_id, name, contact, bases, about, what, happened_on, filed_on, lang, recorded_by, recorded_at)
		values (:agency, :id, :number, :person, :name, :contact, :bases, :about, :what, :happened, :filed, :lang, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": made.ID, "number": made.Number, "person": person, "name": made.Name, "contact": made.Contact, "bases": made.Bases, "about": made.About,
		"what": made.What, "happened": made.HappenedOn, "filed": filed, "lang": made.Lang, "by": by.ID, "now": tx.Now,
	}); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{Action: "complaint.filed", Subject: made.ID.String()})
}

// numberOf is what people say aloud; it tells nothing of how many there are.
func numberOf(c Complaint) string {
	text := c.ID.String()
	return "EO-" + strconv.Itoa(c.FiledOn.Year()) + "-" + strings.ToUpper(text[len(text)-6:])
}

// complaintsPage is how many the officer's list shows.
const complaintsPage = 200

// Complaints lists them all for the officer, the newest first.
func (s *Service) Complaints(ctx context.Context, by access.Actor) (list []Complaint, err error) {
	if err := s.policy.Require(by, access.ManageComplaint); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Complaint](tx, `select `+complaintColumns+` from complaints k order by k.filed_on desc, k.id desc limit :most`, pg.Args{"most": complaintsPage})
		return err
	})
	return list, err
}

// Complaint reads one for the officer.
func (s *Service) Complaint(ctx context.Context, by access.Actor, complaintID ComplaintID) (c Complaint, err error) {
	if err := s.policy.Require(by, access.ManageComplaint); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err = complaintOf(tx, complaintID)
		return err
	})
	return c, err
}

func complaintOf(tx *pg.Tx, complaintID ComplaintID) (Complaint, error) {
	c, err := pg.Get[Complaint](tx, `select `+complaintColumns+` from complaints k where k.id = :id`, pg.Args{"id": complaintID})
	if err == nil {
		c.Events, err = eventsOf(tx, c.ID)
	}
	return c, err
}

// Note keeps what the officer did about a complaint, and whether the person is told.
func (s *Service) Note(ctx context.Context, by access.Actor, complaintID ComplaintID, in EventInput) (c Complaint, err error) {
	if err := check.Struct(in); err != nil {
		return c, err
	}
	if in.Kind == "note" && in.Words == "" {
		return c, errs.At("words", "required")
	}
	if err := s.policy.Require(by, access.ManageComplaint); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if c, err = complaintOf(tx, complaintID); err != nil {
			return err
		}
		on, err := day(by, tx, in.On, "on_date")
		if err != nil {
			return err
		}
		if on.Before(c.FiledOn) {
			return errs.At("on_date", "before_start")
		}
		if err := pg.Insert(tx, `insert into complaint_events (agency_id, id, complaint_id, kind, on_date, words, shared, recorded_by, recorded_at)
			values (:agency, :id, :complaint, :kind, :on, :words, :shared, :by, :now)`, pg.Args{
			"agency": by.Agency, "id": id.New[Event](), "complaint": c.ID, "kind": in.Kind, "on": on, "words": in.Words, "shared": in.Shared, "by": by.ID, "now": tx.Now,
		}); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "complaint.noted", Subject: c.ID.String(), Detail: map[string]any{"kind": in.Kind}}); err != nil {
			return err
		}
		c, err = complaintOf(tx, complaintID)
		return err
	})
	return c, err
}
