package account

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// PersonInput is somebody who may sign in, as the administrator enters them.
type PersonInput struct {
	Email     string          `json:"email" validate:"required,email,max=254"`
	FirstName string          `json:"first_name" validate:"required,max=80"`
	LastName  string          `json:"last_name" validate:"required,max=80"`
	Phone     string          `json:"phone" validate:"max=40"`
	Role      access.Role     `json:"role" validate:"required,oneof=participant case_manager supervisor administrator auditor"`
	OfficeID  access.OfficeID `json:"office_id"`
	Language  string          `json:"language" validate:"omitempty,spoken"`
}

// Person is somebody who may sign in. Invited means that they have not set a password yet.
type Person struct {
	ID            access.UserID        `db:"id" json:"id"`
	Email         string               `db:"email" json:"email"`
	FirstName     string               `db:"first_name" json:"first_name"`
	LastName      string               `db:"last_name" json:"last_name"`
	Phone         string               `db:"phone" json:"phone"`
	Role          access.Role          `db:"role" json:"role"`
	OfficeID      access.OfficeID      `db:"office_id" json:"office_id"`
	Office        string               `db:"office" json:"office"`
	ParticipantID access.ParticipantID `db:"participant_id" json:"participant_id"`
	Language      string               `db:"language" json:"language"`
	Active        bool                 `db:"active" json:"active"`
	Invited       bool                 `db:"invited" json:"invited"`
	OpenCases     int                  `db:"open_cases" json:"open_cases"`
	// Followed are those who left and are still followed up by this person.
	Followed  int       `db:"followed" json:"people_followed_up"`
	Version   int       `db:"version" json:"version"`
	CreatedAt time.Time `db:"created_at" json:"created_at"`
	UpdatedAt time.Time `db:"updated_at" json:"updated_at"`
}

// Name is first and last name.
func (p Person) Name() string { return p.FirstName + " " + p.LastName }

// Input is the person as the administrator would enter them.
func (p Person) Input() PersonInput {
	return PersonInput{p.Email, p.FirstName, p.LastName, p.Phone, p.Role, p.OfficeID, p.Language}
}

const openCases = `(select count(*) from cases c where c.agency_id = u.agency_id and c.case_manager_id = u.id
	and c.state not in ('ineligible', 'exited', 'follow_up', 'closed'))`

const followed = `(select count(*) from cases c where c.agency_id = u.agency_id and c.case_manager_id = u.id
	and c.exit_on > cast(:today as date) - 730 and app.followed_up(c.agency_id, c.id, c.exit_on, :today))`

const personColumns = `u.id, u.email, u.first_name, u.last_name, u.phone, u.role, u.office_id, coalesce(o.name, '') as office, u.participant_id, u.language,
	u.active, u.password_hash = '' and u.confirmed_at is null as invited, case when u.role in ('case_manager', 'supervisor') then ` + openCases + ` else 0 end as open_cases,
	case when u.role in ('case_manager', 'supervisor') then ` + followed + ` else 0 end as followed,
	u.version, u.created_at, u.updated_at`

const personFrom = ` from users u left join offices o on o.agency_id = u.agency_id and o.id = u.office_id `

func personOf(tx *pg.Tx, user access.UserID) (Person, error) {
	return pg.Get[Person](tx, `select `+personColumns+personFrom+`where u.id = :id`, pg.Args{"id": user, "today": civil.Of(tx.Now)})
}

// lockPerson is personOf for a change by an administrator: those who stand beside a participant are not theirs.
func lockPerson(tx *pg.Tx, user access.UserID) (Person, error) {
	return pg.Get[Person](tx, `select `+personColumns+personFrom+`where u.id = :id and u.role not in ('guardian', 'helper') for update of u`, pg.Args{"id": user, "today": civil.Of(tx.Now)})
}

// People narrows the list. Staff alone are listed unless a role is asked for.
type People struct {
	Q      string          `json:"q"`
	Role   string          `json:"role"`
	Office access.OfficeID `json:"office"`
	Active string          `json:"active"` // yes, no, or both when empty
	Limit  int             `json:"limit"`
	Cursor string          `json:"cursor"`
}

// PeoplePage is one page of people by last name.
type PeoplePage struct {
	Items []Person `json:"items"`
	Next  string   `json:"next"`
}

type peopleCursor struct {
	Last  string        `json:"l"`
	First string        `json:"f"`
	ID    access.UserID `json:"i"`
}

// people is one page, by last name, first name and id.
func people(tx *pg.Tx, f People) (page PeoplePage, err error) {
	var after peopleCursor
	if f.Cursor != "" {
		b, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(b, &after) != nil || after.ID.IsZero() {
			return page, errs.At("cursor", "cursor")
		}
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	page.Items, err = pg.List[Person](tx, `select `+personColumns+personFrom+`
		where (cast(:q as text) = '' or position(app.fold(:q) in app.fold(u.first_name || ' ' || u.last_name || ' ' || u.email)) > 0)
			and u.role not in ('guardian', 'helper') and (u.role = :role or cast(:role as text) = '' and u.role <> 'participant')
			and (u.office_id = cast(:office as uuid) or cast(:office as uuid) is null)
			and (cast(:active as text) = '' or u.active = (:active = 'yes'))
			and (cast(:after_id as uuid) is null or (lower(u.last_name), lower(u.first_name), u.id) > (:after_last, :after_first, cast(:after_id as uuid)))
		order by lower(u.last_name), lower(u.first_name), u.id limit :limit`,
		pg.Args{"q": f.Q, "role": f.Role, "office": f.Office, "active": f.Active, "after_last": after.Last, "after_first": after.First, "after_id": after.ID, "limit": f.Limit + 1, "today": civil.Of(tx.Now)})
	if err == nil && len(page.Items) > f.Limit {
		page.Items = page.Items[:f.Limit]
		last := page.Items[f.Limit-1]
		page.Next, err = peopleAfter(tx, last)
	}
	return page, err
}

// peopleAfter asks the database for the folded names, so that both sides sort alike.
func peopleAfter(tx *pg.Tx, last Person) (string, error) {
	type low struct {
		Last  string `db:"last"`
		First string `db:"first"`
	}
	l, err := pg.Get[low](tx, `select lower(last_name) as last, lower(first_name) as first from users where id = :id`, pg.Args{"id": last.ID})
	b, _ := json.Marshal(peopleCursor{l.Last, l.First, last.ID})
	return base64.RawURLEncoding.EncodeToString(b), err
}

// placed checks that an office goes with the role, and holds it.
func placed(tx *pg.Tx, in PersonInput) error {
	switch {
	case !in.OfficeID.IsZero():
		return agency.HoldOffice(tx, in.OfficeID)
	case in.Role == access.CaseManager || in.Role == access.Supervisor:
		return errs.At("office_id", "office_needed")
	}
	return nil
}
