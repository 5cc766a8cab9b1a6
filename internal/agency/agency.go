// Package agency is the organisation: its own facts, offices, the days it is closed, and the rules
// that it sets for itself. Only administrators change them; everybody works by them.
package agency

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
)

// Facts are the agency's own.
type Facts struct {
	Name    string `db:"name" json:"name" validate:"required,max=120"`
	Phone   string `db:"phone" json:"phone" validate:"max=40"`
	Address string `db:"address" json:"address" validate:"max=200"`
	// WageArea is the code under which the Bureau of Labor Statistics publishes local pay, "" for none.
	WageArea string `db:"wage_area" json:"wage_area" validate:"max=7"`
	State    string `db:"state" json:"-"`
	TimeZone string `db:"time_zone" json:"-"`
	Version  int    `db:"version" json:"-"`
}

// OfficeInput is what an office is described by.
type OfficeInput struct {
	Name    string `json:"name" validate:"required,max=80"`
	Address string `json:"address" validate:"max=200"`
	Phone   string `json:"phone" validate:"max=40"`
}

// Office is a place of the agency. People and OpenCases are those that keep it from being archived.
type Office struct {
	ID        access.OfficeID `db:"id" json:"id"`
	Name      string          `db:"name" json:"name"`
	Address   string          `db:"address" json:"address"`
	Phone     string          `db:"phone" json:"phone"`
	Archived  bool            `db:"archived" json:"archived"`
	People    int             `db:"people" json:"people"`
	OpenCases int             `db:"open_cases" json:"open_cases"`
	Version   int             `db:"version" json:"version"`
	CreatedAt time.Time       `db:"created_at" json:"created_at"`
	UpdatedAt time.Time       `db:"updated_at" json:"updated_at"`
}

// Input is the office as it would be entered.
func (o Office) Input() OfficeInput { return OfficeInput{o.Name, o.Address, o.Phone} }

// HolidayRow is the phantom type of a holiday's id.
type HolidayRow struct{}

// HolidayID is a holiday's id.
type HolidayID = id.Of[HolidayRow]

// HolidayInput is a day on which the agency, or one office, is closed.
type HolidayInput struct {
	OnDate   civil.Date      `json:"on_date" validate:"required"`
	Name     string          `json:"name" validate:"required,max=80"`
	NameES   string          `json:"name_es" validate:"max=80"`
	OfficeID access.OfficeID `json:"office_id"`
}

// Holiday is a day of closing.
type Holiday struct {
	ID        HolidayID       `db:"id" json:"id"`
	OnDate    civil.Date      `db:"on_date" json:"on_date"`
	Name      string          `db:"name" json:"name"`
	NameES    string          `db:"name_es" json:"name_es"`
	OfficeID  access.OfficeID `db:"office_id" json:"office_id"`
	Office    string          `db:"office" json:"office"`
	Version   int             `db:"version" json:"version"`
	CreatedAt time.Time       `db:"created_at" json:"created_at"`
}

// In is the holiday's name in a language.
func (h Holiday) In(lang string) string {
	if lang == "es" && h.NameES != "" {
		return h.NameES
	}
	return h.Name
}

// SettingInput sets a rule from a day on.
type SettingInput struct {
	Key         string     `json:"key" validate:"required"`
	Value       Value      `json:"value"`
	EffectiveOn civil.Date `json:"effective_on"`
}

// Change is one row of a setting's history.
type Change struct {
	Key         string     `json:"-"`
	EffectiveOn civil.Date `json:"effective_on"`
	Value       string     `json:"value"`
	RecordedBy  string     `json:"recorded_by"`
	RecordedAt  time.Time  `json:"recorded_at"`
}

// Held is a setting with what holds today, what held before and what will hold.
type Held struct {
	Setting Setting
	Value   string
	Default string
	History []Change
}
