package participant

import (
	"slices"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

const columns = `p.id, p.number, p.first_name, p.middle_name, p.last_name, p.preferred_name, p.prior_names, p.birth_date, p.phone, p.texts_ok, p.texts_ok_at,
	p.safe_to_leave_message, p.best_time, p.email, p.street, p.city, p.state, p.zip, p.county_fips, p.housing, p.language, p.interpreter,
	p.ssn_last4, p.office_id, p.version, p.created_at, p.updated_at`

// Load reads a person that the scope reaches.
func Load(tx *pg.Tx, scope access.Scope, person access.ParticipantID) (Participant, error) {
	return pg.Get[Participant](tx, `select `+columns+` from participants p where p.id = :person and `+scope.WherePerson(),
		pg.Args{"person": person}.In(scope, tx))
}

func args(in Input) pg.Args {
	return pg.Args{
		"first": in.FirstName, "middle": in.MiddleName, "last": in.LastName, "preferred": in.PreferredName, "prior": in.PriorNames,
		"birth": in.BirthDate, "phone": in.Phone, "texts": in.TextsOK, "safe": in.SafeMessage, "best": in.BestTime, "email": in.Email,
		"street": in.Street, "city": in.City, "state": in.State, "zip": in.ZIP, "county": in.County, "housing": in.Housing,
		"language": in.Language, "interpreter": in.Interpreter,
	}
}

func insert(tx *pg.Tx, by access.Actor, person access.ParticipantID, in Input) error {
	number, err := nextNumber(tx, by)
	if err != nil {
		return err
	}
	a := args(in)
	a["agency"], a["id"], a["number"], a["export"], a["office"], a["by"], a["now"] = by.Agency, person, number, newExportID(), by.Office, by.ID, tx.Now
	return pg.Insert(tx, `insert into participants (agency_id, id, number, export_id, first_name, middle_name, last_name, preferred_name, prior_names, birth_date,
			phone, texts_ok, safe_to_leave_message, best_time, email, street, city, state, zip, county_fips, housing, language, interpreter, office_id, created_by, created_at, updated_at)
		values (:agency, :id, :number, :export, :first, :middle, :last, :preferred, :prior, :birth, :phone, :texts, :safe, :best, :email, :street, :city,
			:state, :zip, :county, :housing, :language, :interpreter, :office, :by, :now, :now)`, a)
}

// nextNumber counts per agency, from CP-20001 on: short enough to say aloud.
func nextNumber(tx *pg.Tx, by access.Actor) (string, error) {
	n, err := pg.Get[int](tx, `insert into participant_numbers (agency_id, last) values (:agency, 20001)
		on conflict (agency_id) do update set last = participant_numbers.last + 1 returning last`, pg.Args{"agency": by.Agency})
	return "CP-" + strconv.Itoa(n), err
}

// Update changes a person whose version is still the one seen. It returns the new version.
func Update(tx *pg.Tx, person access.ParticipantID, version int, in Input) error {
	a := args(in)
	a["id"], a["version"], a["now"] = person, version, tx.Now
	if err := pg.ExecOne(tx, `update participants set first_name = :first, middle_name = :middle, last_name = :last, preferred_name = :preferred, prior_names = :prior,
		birth_date = :birth, phone = :phone, texts_ok = :texts, safe_to_leave_message = :safe, best_time = :best, email = :email, street = :street, city = :city,
		state = :state, zip = :zip, county_fips = :county, housing = :housing, language = :language, interpreter = :interpreter, version = version + 1, updated_at = :now
		where id = :id and version = :version`, a); err != nil {
		return err
	}
	return inLanguage(tx, person, in.Language)
}

// inLanguage keeps the pages of somebody who signs in in the language of the record, if the program speaks it.
func inLanguage(tx *pg.Tx, person access.ParticipantID, language string) error {
	if !slices.Contains(msg.Languages, language) {
		return nil
	}
	return pg.Insert(tx, `update users set language = :language, version = version + 1 where participant_id = :person and role = 'participant' and language <> :language`,
		pg.Args{"person": person, "language": language})
}

// Match is somebody who may be the same person. What lies out of the actor's reach shows only the
// office and whom to call; its id serves as distinct_from and opens nothing.
type Match struct {
	ID      access.ParticipantID `db:"id" json:"id"`
	Why     string               `db:"why" json:"why"` // name_birth, ssn, phone_name, name
	Office  string               `db:"office" json:"office"`
	Call    string               `db:"call" json:"call"`
	InReach bool                 `db:"in_reach" json:"in_reach"`
	Name    string               `db:"name" json:"name,omitempty"`
	Number  string               `db:"number" json:"number,omitempty"`
}

// duplicates looks over the whole agency: the same birth date with a like name, or the same phone with a like last name,
// or the same full name where a birth date is missing.
func duplicates(tx *pg.Tx, scope access.Scope, in Input) ([]Match, error) {
	a := pg.Args{"last": in.LastName, "first": in.FirstName, "birth": in.BirthDate, "digits": digits(in.Phone)}.In(scope, tx)
	return pg.List[Match](tx, `
		with found as (
			select p.id, p.search_key, p.office_id,
				case when p.birth_date = :birth then 'name_birth' when p.phone_digits = :digits and p.phone_digits <> '' then 'phone_name' else 'name' end as why,
				`+scope.WherePerson()+` as in_reach, p.first_name || ' ' || p.last_name as name, p.number,
				similarity(p.search_key, app.fold(:last || ', ' || :first)) as likeness
			from participants p
			where (p.birth_date = :birth or p.phone_digits = :digits and p.phone_digits <> ''
				or p.search_key = app.fold(:last || ', ' || :first))
		)
		select f.id, f.why, o.name as office, o.phone as call, f.in_reach,
			case when f.in_reach then f.name else '' end as name, case when f.in_reach then f.number else '' end as number
		from found f join offices o on o.id = f.office_id
		where f.likeness >= 0.35 and (f.why <> 'name' or f.likeness = 1)
		order by f.likeness desc, f.id limit 3`, a)
}

// refuseDuplicates is the 409 that lists them, unless each was compared.
func refuseDuplicates(matches []Match, compared []access.ParticipantID) error {
	var open []Match
	for _, m := range matches {
		seen := false
		for _, c := range compared {
			seen = seen || c == m.ID
		}
		if !seen {
			open = append(open, m)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return errs.New(errs.Conflict, "participant.possible_duplicates").Showing(open)
}
