// Package participant is the person: who they are, how to reach them, and whether they are known already.
package participant

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
)

// Participant is a person as the record shows them.
type Participant struct {
	ID            access.ParticipantID `db:"id" json:"id"`
	Number        string               `db:"number" json:"number"`
	FirstName     string               `db:"first_name" json:"first_name"`
	MiddleName    string               `db:"middle_name" json:"middle_name"`
	LastName      string               `db:"last_name" json:"last_name"`
	PreferredName string               `db:"preferred_name" json:"preferred_name"`
	PriorNames    string               `db:"prior_names" json:"prior_names"`
	BirthDate     civil.Date           `db:"birth_date" json:"birth_date"`
	Phone         string               `db:"phone" json:"phone"`
	TextsOK       bool                 `db:"texts_ok" json:"texts_ok"`
	// TextsSince is when they agreed to texts to this number.
	TextsSince  *time.Time      `db:"texts_ok_at" json:"texts_ok_at"`
	SafeMessage bool            `db:"safe_to_leave_message" json:"safe_to_leave_message"`
	BestTime    string          `db:"best_time" json:"best_time"`
	Email       string          `db:"email" json:"email"`
	Street      string          `db:"street" json:"street"`
	City        string          `db:"city" json:"city"`
	State       string          `db:"state" json:"state"`
	ZIP         string          `db:"zip" json:"zip"`
	County      string          `db:"county_fips" json:"county_fips"`
	Housing     string          `db:"housing" json:"housing"`
	Language    string          `db:"language" json:"language"`
	Interpreter bool            `db:"interpreter" json:"interpreter"`
	SSNLast4    string          `db:"ssn_last4" json:"ssn_last4"`
	OfficeID    access.OfficeID `db:"office_id" json:"office_id"`
	Version     int             `db:"version" json:"version"`
	CreatedAt   time.Time       `db:"created_at" json:"created_at"`
	UpdatedAt   time.Time       `db:"updated_at" json:"updated_at"`
}

// Input is what makes or changes a person. A nil field of a change stays as it is.
type Input struct {
	FirstName     string     `json:"first_name" validate:"required,max=80"`
	MiddleName    string     `json:"middle_name" validate:"max=80"`
	LastName      string     `json:"last_name" validate:"required,max=120"`
	PreferredName string     `json:"preferred_name" validate:"max=80"`
	PriorNames    string     `json:"prior_names" validate:"max=200"`
	BirthDate     civil.Date `json:"birth_date"`
	Phone         string     `json:"phone" validate:"max=30"`
	TextsOK       bool       `json:"texts_ok"`
	SafeMessage   bool       `json:"safe_to_leave_message"`
	BestTime      string     `json:"best_time" validate:"max=80"`
	Email         string     `json:"email" validate:"omitempty,email,max=254"`
	Street        string     `json:"street" validate:"max=200"`
	City          string     `json:"city" validate:"max=100"`
	State         string     `json:"state" validate:"omitempty,len=2"`
	ZIP           string     `json:"zip" validate:"omitempty,len=5,numeric"`
	County        string     `json:"county_fips" validate:"omitempty,len=5,numeric"`
	Housing       string     `json:"housing" validate:"max=40"`
	Language      string     `json:"language" validate:"omitempty,max=12"`
	Interpreter   bool       `json:"interpreter"`
}

// Create is Input with what the duplicate check asked for.
type Create struct {
	Input
	// DistinctFrom lists the people that somebody compared this one with.
	DistinctFrom []access.ParticipantID `json:"distinct_from"`
}

// inputOf is the person as an Input, to fill a form or to apply a partial change to.
func inputOf(p Participant) Input {
	return Input{
		p.FirstName, p.MiddleName, p.LastName, p.PreferredName, p.PriorNames, p.BirthDate, p.Phone, p.TextsOK, p.SafeMessage,
		p.BestTime, p.Email, p.Street, p.City, p.State, p.ZIP, p.County, p.Housing, p.Language, p.Interpreter,
	}
}

// AsInput gives the person's facts as a form shows them.
func (p Participant) AsInput() Input { return inputOf(p) }
