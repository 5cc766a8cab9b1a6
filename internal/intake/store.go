package intake

import (
	"encoding/json"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// SectionRow is the phantom type of the id of one saved section.
type SectionRow struct{}

// savedSection is the newest row of one section. Earlier says that it was saved in an earlier case of the person.
type savedSection struct {
	Section    Section                  `db:"section"`
	Version    int                      `db:"version"`
	Answers    pg.JSON[json.RawMessage] `db:"answers"`
	Complete   bool                     `db:"complete"`
	RecordedOn civil.Date               `db:"recorded_on"`
	RecordedBy string                   `db:"recorded_by"`
	Earlier    bool                     `db:"earlier"`
}

// newest reads the newest answers of one section, the zero ones when there are none.
func newest[T Answers](tx *pg.Tx, caseID access.CaseID) (one T, version int, err error) {
	row, _, err := pg.Find[struct {
		Version int        `db:"version"`
		Answers pg.JSON[T] `db:"answers"`
	}](tx, `select version, answers from intake_sections where case_id = :case_id and section = :section order by version desc limit 1`,
		pg.Args{"case_id": caseID, "section": string(one.Section())})
	return row.Answers.V, row.Version, err
}

// savedSections reads what the case says, and of a section that it does not have yet what the case before it says.
func savedSections(tx *pg.Tx, caseID access.CaseID) ([]savedSection, error) {
	return pg.List[savedSection](tx, `
		with recursive chain as (
			select c.agency_id, c.id, c.previous_case_id, 0 as back from cases c where c.id = :case_id
			union all
			select c.agency_id, c.id, c.previous_case_id, chain.back + 1 from chain
			join cases c on c.agency_id = chain.agency_id and c.id = chain.previous_case_id where chain.back < 20
		)
		select distinct on (s.section) s.section, s.version, s.answers, s.complete, s.recorded_on, u.first_name || ' ' || u.last_name as recorded_by,
			chain.back > 0 as earlier
		from chain join intake_sections s on s.agency_id = chain.agency_id and s.case_id = chain.id
		join users u on u.agency_id = s.agency_id and u.id = s.recorded_by
		order by s.section, chain.back, s.version desc
		limit 20`, pg.Args{"case_id": caseID})
}

// The sources of a saved section that the program itself tells apart.
const (
	fromStaff   = "staff"
	fromEarlier = "earlier_case"
)

func insertSection(tx *pg.Tx, by access.Actor, caseID access.CaseID, a Answers, version int, source string) (id.Of[SectionRow], error) {
	made := id.New[SectionRow]()
	return made, pg.Insert(tx, `
		insert into intake_sections (agency_id, id, case_id, section, version, answers, complete, source, recorded_by, recorded_on, recorded_at)
		values (:agency, :id, :case_id, :section, :version, :answers, :complete, :source, :by, :on, :now)`,
		pg.Args{
			"agency": by.Agency, "id": made, "case_id": caseID, "section": string(a.Section()), "version": version, "source": source,
			"answers": pg.AsJSON(a), "complete": len(a.missing()) == 0, "by": by.ID, "on": by.Today(tx.Now), "now": tx.Now,
		})
}

// personRow is what the record of the person knows already; it is asked once.
type personRow struct {
	ID            access.ParticipantID `db:"id"`
	FirstName     string               `db:"first_name"`
	MiddleName    string               `db:"middle_name"`
	LastName      string               `db:"last_name"`
	PreferredName string               `db:"preferred_name"`
	PriorNames    string               `db:"prior_names"`
	BirthDate     civil.Date           `db:"birth_date"`
	Phone         string               `db:"phone"`
	TextsOK       bool                 `db:"texts_ok"`
	SafeMessage   bool                 `db:"safe_to_leave_message"`
	BestTime      string               `db:"best_time"`
	Email         string               `db:"email"`
	Street        string               `db:"street"`
	City          string               `db:"city"`
	State         string               `db:"state"`
	ZIP           string               `db:"zip"`
	CountyFIPS    string               `db:"county_fips"`
	Housing       string               `db:"housing"`
	Language      string               `db:"language"`
	Interpreter   bool                 `db:"interpreter"`
	SSNLast4      string               `db:"ssn_last4"`
}

func personOf(tx *pg.Tx, caseID access.CaseID) (personRow, error) {
	return pg.Get[personRow](tx, `
		select p.id, p.first_name, p.middle_name, p.last_name, p.preferred_name, p.prior_names, p.birth_date, p.phone, p.texts_ok,
			p.safe_to_leave_message, p.best_time, p.email, p.street, p.city, p.state, p.zip, p.county_fips, p.housing, p.language, p.interpreter, p.ssn_last4
		from participants p join cases c on c.agency_id = p.agency_id and c.participant_id = p.id
		where c.id = :case_id`, pg.Args{"case_id": caseID})
}

// updateAbout repeats on the person what the section says of them. Names are never emptied.
func updateAbout(tx *pg.Tx, person access.ParticipantID, a About) error {
	return pg.ExecOne(tx, `
		update participants set
			first_name = coalesce(nullif(:first, ''), first_name), middle_name = :middle, last_name = coalesce(nullif(:last, ''), last_name),
			preferred_name = :preferred, prior_names = :prior, birth_date = coalesce(cast(:born as date), birth_date),
			language = coalesce(nullif(:language, ''), language), interpreter = :interpreter, version = version + 1, updated_at = :now
		where id = :person`,
		pg.Args{
			"first": a.FirstName, "middle": a.MiddleName, "last": a.LastName, "preferred": a.PreferredName, "prior": a.PriorNames,
			"born": a.BirthDate, "language": a.Language, "interpreter": a.Interpreter == SaidYes, "person": person, "now": tx.Now,
		})
}

func updateContact(tx *pg.Tx, person access.ParticipantID, a Contact) error {
	return pg.ExecOne(tx, `
		update participants set
			phone = :phone, texts_ok = :texts, safe_to_leave_message = :safe, best_time = :best, email = :email, street = :street, city = :city,
			state = :state, zip = :zip, county_fips = :county, housing = :housing, version = version + 1, updated_at = :now
		where id = :person`,
		pg.Args{
			"phone": a.Phone, "texts": a.TextsOK == SaidYes, "safe": a.SafeMessage == SaidYes, "best": a.BestTime, "email": a.Email,
			"street": a.Street, "city": a.City, "state": a.State, "zip": a.ZIP, "county": a.CountyFIPS, "housing": a.Housing, "person": person, "now": tx.Now,
		})
}
