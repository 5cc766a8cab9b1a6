// Package equity takes the voluntary answers of the equal-opportunity block (29 CFR 38.41). It
// can write them and say that they were asked. They are read back for one purpose only: the federal
// file, which the law asks for. No page and no list shows them.
package equity

import (
	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Row is the phantom type of the id of one set of answers.
type Row struct{}

// NotDisclosed is the answer that every question offers.
const NotDisclosed = "not_disclosed"

// Input is the block as answered. Nothing in it is required: nobody must disclose.
type Input struct {
	Sex        string     `json:"sex" validate:"omitempty,oneof=female male not_disclosed"`
	Ethnicity  string     `json:"ethnicity" validate:"omitempty,oneof=hispanic not_hispanic not_disclosed"`
	Race       []string   `json:"race" validate:"max=6,unique,dive,oneof=native_american asian black pacific_islander white not_disclosed"`
	Disability string     `json:"disability" validate:"omitempty,oneof=yes no not_disclosed"`
	AskedOn    civil.Date `json:"asked_on"`
}

// Choices of each question, as the form offers them.
var (
	Sexes        = []string{"female", "male", NotDisclosed}
	Ethnicities  = []string{"hispanic", "not_hispanic", NotDisclosed}
	Races        = []string{"native_american", "asian", "black", "pacific_islander", "white", NotDisclosed}
	Disabilities = []string{"yes", "no", NotDisclosed}
)

// Insert stores the answers of a person and notes that the case was asked. What is not answered
// counts as not disclosed.
func Insert(tx *pg.Tx, by access.Actor, caseID access.CaseID, person access.ParticipantID, in Input) error {
	for _, s := range []*string{&in.Sex, &in.Ethnicity, &in.Disability} {
		if *s == "" {
			*s = NotDisclosed
		}
	}
	if len(in.Race) == 0 {
		in.Race = []string{NotDisclosed}
	}
	args := pg.Args{
		"agency": by.Agency, "id": id.New[Row](), "case_id": caseID, "person": person, "sex": in.Sex, "ethnicity": in.Ethnicity,
		"race": pg.Strings(in.Race), "disability": in.Disability, "by": by.ID, "on": in.AskedOn, "now": tx.Now,
	}
	if err := pg.Insert(tx, `
		insert into equity.answers (agency_id, id, participant_id, sex, ethnicity, race, disability, recorded_by, recorded_on, recorded_at)
		values (:agency, :id, :person, :sex, :ethnicity, :race, :disability, :by, :on, :now)`, args); err != nil {
		return err
	}
	return pg.Insert(tx, `
		insert into equity.asked (agency_id, case_id, asked_on, asked_by) values (:agency, :case_id, :on, :by)
		on conflict (agency_id, case_id) do nothing`, args)
}

// AskedOn is the day on which the block was answered first; zero when it was not asked yet.
func AskedOn(tx *pg.Tx, caseID access.CaseID) (civil.Date, error) {
	on, _, err := pg.Find[civil.Date](tx, `select asked_on from equity.asked where case_id = :case_id`, pg.Args{"case_id": caseID})
	return on, err
}

// Answers are what somebody last answered.
type Answers struct {
	Participant access.ParticipantID `db:"participant_id"`
	Sex         string               `db:"sex"`
	Ethnicity   string               `db:"ethnicity"`
	Race        pg.Strings           `db:"race"`
	Disability  string               `db:"disability"`
}

// ForFile gives the answers of everybody in the agency to whom makes the federal file, and to nobody
// else. The caller writes down in the trail that the file was made.
func ForFile(tx *pg.Tx) (map[access.ParticipantID]*Answers, error) {
	list, err := pg.List[Answers](tx, `select participant_id, sex, ethnicity, race, disability from app.report_equity() limit 1000000`, pg.Args{})
	answers := map[access.ParticipantID]*Answers{}
	for i := range list {
		answers[list[i].Participant] = &list[i]
	}
	return answers, err
}
