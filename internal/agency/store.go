package agency

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// FactsOf reads the transaction's agency.
func FactsOf(tx *pg.Tx) (Facts, error) {
	return pg.Get[Facts](tx, `select name, phone, address, wage_area, state, time_zone, version from agencies limit 1`, nil)
}

const officeQuery = `select o.id, o.name, o.address, o.phone, o.archived_at is not null as archived,
		(select count(*) from users u where u.agency_id = o.agency_id and u.office_id = o.id and u.active) as people,
		(select count(*) from cases c where c.agency_id = o.agency_id and c.office_id = o.id
			and c.state not in ('ineligible', 'exited', 'follow_up', 'closed')) as open_cases,
		o.version, o.created_at, o.updated_at from offices o `

// Offices lists them by name, the archived ones last.
func Offices(tx *pg.Tx) ([]Office, error) {
	return pg.List[Office](tx, officeQuery+`order by archived, lower(o.name), o.id limit 500`, nil)
}

// OpenOffices lists those that people can be put into: id and name only.
func OpenOffices(tx *pg.Tx) ([]Office, error) {
	return pg.List[Office](tx, `select id, name from offices where archived_at is null order by lower(name), id limit 500`, nil)
}

// HoldOffice keeps an office from being archived until the transaction ends; one that is not in
// use is refused at the field office_id.
func HoldOffice(tx *pg.Tx, office access.OfficeID) error {
	_, found, err := pg.Find[access.OfficeID](tx, `select id from offices where id = :id and archived_at is null for share`, pg.Args{"id": office})
	if err == nil && !found {
		return errs.At("office_id", "oneof")
	}
	return err
}

func officeOf(tx *pg.Tx, office access.OfficeID) (Office, error) {
	return pg.Get[Office](tx, officeQuery+`where o.id = :id`, pg.Args{"id": office})
}

const holidayQuery = `select h.id, h.on_date, h.name, h.name_es, h.office_id, coalesce(o.name, '') as office, h.version, h.created_at
	from holidays h left join offices o on o.agency_id = h.agency_id and o.id = h.office_id
	where h.archived_at is null `

// ClosedBetween lists the days on which an office is closed, or the whole agency, first to last.
func ClosedBetween(tx *pg.Tx, office access.OfficeID, from, to civil.Date) ([]Holiday, error) {
	return pg.List[Holiday](tx, holidayQuery+`and h.on_date between :from and :to and (h.office_id is null or h.office_id = :office)
		order by h.on_date, h.id limit 500`, pg.Args{"office": office, "from": from, "to": to})
}

func holidaysFrom(tx *pg.Tx, from civil.Date) ([]Holiday, error) {
	return pg.List[Holiday](tx, holidayQuery+`and h.on_date >= :from order by h.on_date, h.id limit 500`, pg.Args{"from": from})
}

type changeRow struct {
	Key   string          `db:"key"`
	On    civil.Date      `db:"effective_on"`
	Value pg.JSON[string] `db:"value"`
	By    string          `db:"recorded_by"`
	At    time.Time       `db:"recorded_at"`
}

// history lists what was ever set, newest first.
func history(tx *pg.Tx) ([]changeRow, error) {
	return pg.List[changeRow](tx, `select s.key, s.effective_on, s.value, coalesce(u.first_name || ' ' || u.last_name, '') as recorded_by, s.recorded_at
		from settings s left join users u on u.agency_id = s.agency_id and u.id = s.recorded_by
		order by s.effective_on desc, s.recorded_at desc, s.id desc limit 500`, nil)
}
