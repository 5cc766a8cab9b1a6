package transfer

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
)

// States of what was asked.
const (
	AskWaiting   = "waiting"
	AskGranted   = "granted"
	AskDeclined  = "declined"
	AskWithdrawn = "withdrawn"
)

// AskID names what was asked.
type AskID = id.Of[Ask]

// Ask is a case manager's wish that people of theirs go to somebody else. The supervisor decides.
type Ask struct {
	ID         AskID         `db:"id" json:"id"`
	ToID       access.UserID `db:"to_id" json:"to"`
	To         string        `db:"to_name" json:"to_name"`
	Why        string        `db:"why" json:"why"`
	Note       string        `db:"note" json:"note"`
	State      string        `db:"state" json:"state"`
	AskedByID  access.UserID `db:"asked_by" json:"asked_by"`
	AskedBy    string        `db:"asked_by_name" json:"asked_by_name"`
	AskedAt    time.Time     `db:"asked_at" json:"created_at"`
	DecidedBy  string        `db:"decided_by_name" json:"decided_by_name"`
	DecidedAt  *time.Time    `db:"decided_at" json:"decided_at"`
	Answer     string        `db:"answer" json:"answer"`
	TransferID ID            `db:"transfer_id" json:"transfer_id"`
	Count      int           `db:"n" json:"count"`
	People     []Person      `db:"-" json:"people"`
}

// Cases are the records that it tells of.
func (a Ask) Cases() []string {
	list := make([]string, 0, len(a.People))
	for _, p := range a.People {
		list = append(list, p.CaseID.String())
	}
	return list
}

// AskInput is who should go, why, perhaps to whom, and what the receiver should know.
type AskInput struct {
	Cases []access.CaseID `json:"cases" validate:"required,min=1,max=100"`
	To    access.UserID   `json:"to"`
	Why   string          `json:"why" validate:"required,max=1000"`
	Note  string          `json:"note" validate:"max=2000"`
}

// GrantInput is a transfer whose people are those that were asked for.
type GrantInput struct {
	To          access.UserID `json:"to" validate:"required"`
	EffectiveOn civil.Date    `json:"effective_on"`
	Note        string        `json:"note" validate:"max=2000"`
	Reason      string        `json:"reason" validate:"max=500"`
}

// DeclineInput says why not.
type DeclineInput struct {
	Answer string `json:"answer" validate:"required,max=1000"`
}

// decidable refuses what no longer waits, and that somebody decides what they asked for themselves.
func (a Ask) decidable(by access.Actor) error {
	switch {
	case a.State != AskWaiting:
		return errs.New(errs.Conflict, "transfer.ask_over")
	case a.AskedByID == by.ID:
		return errs.New(errs.Conflict, "transfer.ask_own")
	}
	return nil
}
