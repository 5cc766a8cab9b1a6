// Package transfer moves people from one case manager to another, and lends a caseload for a while. What
// somebody reaches follows from the case's case manager and the covers of the day, so the former person
// loses access with the commit, and a cover ends by itself.
package transfer

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Max is how many people one transfer moves at most.
const Max = 100

// aheadDays is how far ahead a transfer may be dated.
const aheadDays = 60

// States of a transfer.
const (
	Planned   = "planned"
	Done      = "done"
	Cancelled = "cancelled"
	Refused   = "refused"
)

// ID names a transfer.
type ID = id.Of[Transfer]

// Input is who goes to whom, from which day, and what the receiver should know.
type Input struct {
	Cases       []access.CaseID `json:"cases" validate:"required,min=1,max=100"`
	To          access.UserID   `json:"to" validate:"required"`
	EffectiveOn civil.Date      `json:"effective_on"`
	Note        string          `json:"note" validate:"max=2000"`
	Reason      string          `json:"reason" validate:"max=500"`
}

// PlaceInput moves somebody's whole caseload without showing who is in it.
type PlaceInput struct {
	To     access.UserID `json:"to" validate:"required"`
	Note   string        `json:"note" validate:"max=2000"`
	Reason string        `json:"reason" validate:"max=500"`
}

// Transfer is one move of people, as it stands.
type Transfer struct {
	ID          ID            `db:"id" json:"id"`
	ToID        access.UserID `db:"to_id" json:"to"`
	To          string        `db:"to_name" json:"to_name"`
	EffectiveOn civil.Date    `db:"effective_on" json:"effective_on"`
	Note        string        `db:"note" json:"note"`
	Reason      string        `db:"reason" json:"reason"`
	State       string        `db:"state" json:"state"`
	Refused     string        `db:"refused" json:"refused"`
	Before      *int          `db:"count_before" json:"count_before"`
	After       *int          `db:"count_after" json:"count_after"`
	MadeByID    access.UserID `db:"made_by" json:"made_by"`
	MadeBy      string        `db:"made_by_name" json:"made_by_name"`
	MadeAt      time.Time     `db:"made_at" json:"created_at"`
	DoneAt      *time.Time    `db:"done_at" json:"done_at"`
	Count       int           `db:"n" json:"count"`
	Version     int           `db:"version" json:"version"`
	People      []Moved       `db:"-" json:"people"`
}

// Cases are the records that the hand-off tells of.
func (t Transfer) Cases() []string {
	list := make([]string, 0, len(t.People))
	for _, m := range t.People {
		list = append(list, m.CaseID.String())
	}
	return list
}

// Moved is one person of a transfer with the hand-off.
type Moved struct {
	CaseID access.CaseID   `db:"case_id" json:"case_id"`
	Name   string          `db:"name" json:"name"`
	FromID access.UserID   `db:"from_id" json:"from"`
	From   string          `db:"from_name" json:"from_name"`
	Packet pg.JSON[Packet] `db:"packet" json:"packet"`
}

// Packet is what the receiver needs to know of a person on the day of the move.
type Packet struct {
	Step       int         `json:"step"`
	NextOn     civil.Date  `json:"next_on"`
	NextAt     civil.Clock `json:"next_at"`
	NextKind   string      `json:"next_kind"`
	NextPlace  string      `json:"next_place"`
	LastTalkOn civil.Date  `json:"last_reached_on"`
	Milestones []Open      `json:"milestones"`
	Waiting    []Waiting   `json:"waiting_for"`
}

// Open is a milestone that is not done.
type Open struct {
	Title  string     `json:"title"`
	DueOn  civil.Date `json:"due_on"`
	Status string     `json:"status"`
}

// Waiting is what was asked of somebody else and has not come: a referral, a transcript.
type Waiting struct {
	What    string     `json:"what"`
	From    string     `json:"from_whom"`
	AskedOn civil.Date `json:"asked_on"`
}

// Receiver is somebody who may take people, with what they have now.
type Receiver struct {
	ID       access.UserID   `db:"id" json:"id"`
	Name     string          `db:"name" json:"name"`
	OfficeID access.OfficeID `db:"office_id" json:"office_id"`
	Office   string          `db:"office" json:"office"`
	Open     int             `db:"open" json:"open_cases"`
	Overdue  int             `db:"overdue" json:"overdue"`
}

// Person is somebody who could be moved.
type Person struct {
	CaseID  access.CaseID `db:"case_id" json:"case_id"`
	Name    string        `db:"name" json:"name"`
	Number  string        `db:"number" json:"number"`
	FromID  access.UserID `db:"from_id" json:"from"`
	From    string        `db:"from_name" json:"from_name"`
	Step    int           `db:"step" json:"step"`
	NextOn  civil.Date    `db:"next_on" json:"next_on"`
	Version int           `db:"version" json:"-"`
}

// fits holds a transfer against the day, the receiver and what they have already.
func (in Input) fits(to Receiver, holders []access.UserID, moving, limit int, today civil.Date) error {
	var c errs.Collector
	switch {
	case in.EffectiveOn.Before(today):
		c.Add("effective_on", "in_past")
	case in.EffectiveOn.After(today.AddDays(aheadDays)):
		c.AddArgs("effective_on", "too_far", map[string]any{"param": aheadDays})
	}
	for _, h := range holders {
		if h == to.ID {
			c.Add("to", "has_already")
			break
		}
	}
	if moving > 0 && to.Open+moving > limit && in.Reason == "" {
		c.AddArgs("reason", "over_limit", map[string]any{"name": to.Name, "count": to.Open + moving, "param": limit})
	}
	return c.Err()
}

// unmoved lists the chosen cases that are not among those that could be locked.
func unmoved(chosen []access.CaseID, locked []casefile.Case) (list []access.CaseID) {
	there := map[access.CaseID]bool{}
	for _, c := range locked {
		there[c.ID] = true
	}
	for _, c := range chosen {
		if !there[c] {
			list = append(list, c)
		}
	}
	return list
}
