package casefile

import (
	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Load reads a case that the scope reaches; any other is NotFound.
func Load(tx *pg.Tx, scope access.Scope, caseID access.CaseID) (Case, error) {
	return pg.Get[Case](tx, `select `+Columns+` from `+From+` where c.id = :case_id and `+scope.Where(),
		pg.Args{"case_id": caseID}.In(scope, tx))
}

// Lock is Load for a change: until the transaction ends nobody else changes the case, its plan or its owner.
func Lock(tx *pg.Tx, scope access.Scope, caseID access.CaseID) (Case, error) {
	return pg.Get[Case](tx, `select `+Columns+` from `+From+` where c.id = :case_id and `+scope.Where()+` for update of c`,
		pg.Args{"case_id": caseID}.In(scope, tx))
}

// LockOpen is Lock for work that only an open case allows.
func LockOpen(tx *pg.Tx, scope access.Scope, caseID access.CaseID) (Case, error) {
	c, err := Lock(tx, scope, caseID)
	if err == nil && !c.Open() {
		return c, errs.New(errs.Conflict, "case.closed")
	}
	return c, err
}

// LockIntake is Lock for work of step 1.
func LockIntake(tx *pg.Tx, scope access.Scope, caseID access.CaseID) (Case, error) {
	c, err := Lock(tx, scope, caseID)
	if err == nil && !c.TakesIntake() {
		return c, errs.New(errs.Conflict, "case.closed")
	}
	return c, err
}

// LockForSweep is Lock for the sweep, which works for no person and so within no scope.
func LockForSweep(tx *pg.Tx, caseID access.CaseID) (Case, error) {
	return pg.Get[Case](tx, `select `+Columns+` from `+From+` where c.id = :case_id for update of c`, pg.Args{"case_id": caseID})
}

// Current finds the case to show for a person: the open one, else the newest. NotFound when there is none in reach.
func Current(tx *pg.Tx, scope access.Scope, person access.ParticipantID) (Case, error) {
	return pg.Get[Case](tx, `select `+Columns+` from `+From+` where c.participant_id = :person and `+scope.Where()+`
		order by `+OpenStates+` desc, c.opened_on desc, c.id desc limit 1`, pg.Args{"person": person}.In(scope, tx))
}

// Assignment is the phantom type of an assignment's id.
type Assignment struct{}

// OpenInput starts a case. The case manager and office are the actor's own unless given.
type OpenInput struct {
	OpenedOn      civil.Date      `json:"opened_on"`
	CaseManagerID access.UserID   `json:"case_manager_id"`
	OfficeID      access.OfficeID `json:"office_id"`
}

// Insert opens a case for a participant: one open case a person; after an exit it is a re-entry, linked to the earlier one.
func Insert(tx *pg.Tx, by access.Actor, person access.ParticipantID, in OpenInput) (access.CaseID, error) {
	if in.OpenedOn.IsZero() {
		in.OpenedOn = by.Today(tx.Now)
	}
	if in.OpenedOn.After(by.Today(tx.Now)) {
		return access.CaseID{}, errs.At("opened_on", "in_future")
	}
	if in.CaseManagerID.IsZero() {
		in.CaseManagerID, in.OfficeID = by.ID, by.Office
	}
	open, found, err := pg.Find[access.CaseID](tx, `select c.id from cases c where c.participant_id = :person and `+OpenStates, pg.Args{"person": person})
	if err != nil {
		return access.CaseID{}, err
	}
	if found {
		return access.CaseID{}, errs.New(errs.Conflict, "case.one_open").Showing(map[string]any{"case_id": open})
	}
	previous, _, err := pg.Find[access.CaseID](tx, `select id from cases where participant_id = :person order by opened_on desc, id desc limit 1`, pg.Args{"person": person})
	if err != nil {
		return access.CaseID{}, err
	}
	made := id.New[access.Case]()
	args := pg.Args{
		"agency": by.Agency, "id": made, "person": person, "previous": previous, "office": in.OfficeID, "manager": in.CaseManagerID,
		"on": in.OpenedOn, "assignment": id.New[Assignment](), "by": by.ID, "now": tx.Now,
	}
	if err := pg.Insert(tx, `insert into cases (agency_id, id, participant_id, previous_case_id, office_id, case_manager_id, opened_on, step_since, created_at, updated_at)
		values (:agency, :id, :person, :previous, :office, :manager, :on, :on, :now, :now)`, args); err != nil {
		return made, err
	}
	return made, pg.Insert(tx, `insert into assignments (agency_id, id, case_id, user_id, office_id, from_on, assigned_by)
		values (:agency, :assignment, :id, :manager, :office, :on, :by)`, args)
}
