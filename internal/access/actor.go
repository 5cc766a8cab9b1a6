// Package access says who is acting, what they may do, and how far that reaches.
package access

import (
	"time"

	"waymark/internal/civil"
	"waymark/internal/id"
)

// Agency is the phantom type of an agency's id.
type Agency struct{}

// User is the phantom type of the id of someone who can sign in.
type User struct{}

// Office is the phantom type of an office's id.
type Office struct{}

// Participant is the phantom type of a participant's id.
type Participant struct{}

// Case is the phantom type of a case's id.
type Case struct{}

// The ids that every package needs; they stand here because the scope does.
type (
	AgencyID      = id.Of[Agency]
	UserID        = id.Of[User]
	OfficeID      = id.Of[Office]
	ParticipantID = id.Of[Participant]
	CaseID        = id.Of[Case]
)

// Role is what somebody is to the agency; one a person.
type Role string

// The roles. System is the program itself: sweeps and seeds. A guardian signs for a participant under 18, a
// helper looks on; both are named by somebody and stand beside one participant.
const (
	ParticipantRole Role = "participant"
	CaseManager     Role = "case_manager"
	Supervisor      Role = "supervisor"
	Administrator   Role = "administrator"
	Auditor         Role = "auditor"
	Guardian        Role = "guardian"
	Helper          Role = "helper"
	System          Role = "system"
)

// Roles lists those that a person can have.
func Roles() []Role {
	return []Role{ParticipantRole, CaseManager, Supervisor, Administrator, Auditor, Guardian, Helper}
}

// Beside reports somebody who stands beside a participant.
func (r Role) Beside() bool { return r == Guardian || r == Helper }

// Staff reports somebody who works for the agency, or the program itself.
func (r Role) Staff() bool { return r != ParticipantRole && !r.Beside() }

// StaffRoles lists those of people who work for the agency.
func StaffRoles() []Role { return []Role{CaseManager, Supervisor, Administrator, Auditor} }

// Actor is whoever does something: taken from the session, never from the request.
type Actor struct {
	Agency      AgencyID
	ID          UserID
	Role        Role
	Office      OfficeID
	Participant ParticipantID // set when the actor is a participant, or stands beside one
	FirstName   string
	LastName    string
	AgencyName  string
	Language    string
	Zone        *time.Location
	Demo        bool
	RequestID   string
	// Mark stands for the agency's settings, its catalogue and where it is, with the figures that go with that, as they
	// were when the session was found: it changes with any of them. Empty for who has no session, and while they change
	// something.
	Mark string
}

// Program is the actor for a transaction that the program carries out for them, within their own scope: it works
// something out from rows that they may not read. The audit goes on naming them.
func (a Actor) Program() Actor {
	a.Role = System
	return a
}

// Name is first and last name.
func (a Actor) Name() string { return a.FirstName + " " + a.LastName }

// Today is the civil date at the agency at the instant now.
func (a Actor) Today(now time.Time) civil.Date {
	if a.Zone == nil {
		return civil.Of(now.UTC())
	}
	return civil.Of(now.In(a.Zone))
}

// Local is the instant in the agency's zone.
func (a Actor) Local(at time.Time) time.Time {
	if a.Zone == nil {
		return at.UTC()
	}
	return at.In(a.Zone)
}
