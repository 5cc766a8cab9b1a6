package agency

import (
	"context"
	"errors"
	"regexp"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of the administrator's pages about the agency.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// read opens a read transaction for somebody who has the permission.
func (s *Service) read(ctx context.Context, by access.Actor, needs access.Permission, fn func(*pg.Tx) error) error {
	if err := s.policy.Require(by, needs); err != nil {
		return err
	}
	return s.db.Read(ctx, by, fn)
}

// change checks the input and the permission, runs fn and notes it.
func (s *Service) change(ctx context.Context, by access.Actor, needs access.Permission, in any, fn func(*pg.Tx) (audit.Entry, error)) error {
	if in != nil {
		if err := check.Struct(in); err != nil {
			return err
		}
	}
	if err := s.policy.Require(by, needs); err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		entry, err := fn(tx)
		if err != nil {
			return err
		}
		return audit.Append(tx, by, entry)
	})
}

// constraint turns a broken rule of the schema into an error at a field.
func constraint(err error, name, field, code string) error {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Code == "constraint."+name {
		return errs.At(field, code)
	}
	return err
}

// Facts reads the agency's own.
func (s *Service) Facts(ctx context.Context, by access.Actor) (f Facts, err error) {
	err = s.read(ctx, by, access.ManageSetting, func(tx *pg.Tx) error {
		f, err = FactsOf(tx)
		return err
	})
	return f, err
}

// areaCode is how the Bureau of Labor Statistics numbers metropolitan areas and the parts of a state outside them.
var areaCode = regexp.MustCompile(`^([0-9]{5,7})?$`)

// ChangeFacts changes name, telephone, address and the area of local pay.
func (s *Service) ChangeFacts(ctx context.Context, by access.Actor, version int, in Facts) error {
	return s.change(ctx, by, access.ManageSetting, in, func(tx *pg.Tx) (audit.Entry, error) {
		if !areaCode.MatchString(in.WageArea) {
			return audit.Entry{}, errs.At("wage_area", "wage_area")
		}
		return audit.Entry{Action: "agency.changed"}, pg.ExecOne(tx, `update agencies set name = :name, phone = :phone, address = :address, wage_area = :area, version = version + 1
			where id = :id and version = :version`, pg.Args{"name": in.Name, "phone": in.Phone, "address": in.Address, "area": in.WageArea, "id": by.Agency, "version": version})
	})
}

// Offices lists all of them.
func (s *Service) Offices(ctx context.Context, by access.Actor) (list []Office, err error) {
	err = s.read(ctx, by, access.ManageOffice, func(tx *pg.Tx) error {
		list, err = Offices(tx)
		return err
	})
	return list, err
}

// Office reads one.
func (s *Service) Office(ctx context.Context, by access.Actor, office access.OfficeID) (o Office, err error) {
	err = s.read(ctx, by, access.ManageOffice, func(tx *pg.Tx) error {
		o, err = officeOf(tx, office)
		return err
	})
	return o, err
}

// AddOffice opens an office.
func (s *Service) AddOffice(ctx context.Context, by access.Actor, in OfficeInput) (o Office, err error) {
	made := id.New[access.Office]()
	err = s.change(ctx, by, access.ManageOffice, in, func(tx *pg.Tx) (audit.Entry, error) {
		err := pg.Insert(tx, `insert into offices (agency_id, id, name, address, phone, created_at, updated_at) values (:agency, :id, :name, :address, :phone, :now, :now)`,
			pg.Args{"agency": by.Agency, "id": made, "name": in.Name, "address": in.Address, "phone": in.Phone, "now": tx.Now})
		if err != nil {
			return audit.Entry{}, constraint(err, "offices_by_name", "name", "office.name_taken")
		}
		o, err = officeOf(tx, made)
		return audit.Entry{Action: "office.added", Subject: made.String()}, err
	})
	return o, err
}

// ChangeOffice changes name, address and telephone.
func (s *Service) ChangeOffice(ctx context.Context, by access.Actor, office access.OfficeID, version int, in OfficeInput) (o Office, err error) {
	err = s.change(ctx, by, access.ManageOffice, in, func(tx *pg.Tx) (audit.Entry, error) {
		if _, err := officeOf(tx, office); err != nil {
			return audit.Entry{}, err
		}
		err := pg.ExecOne(tx, `update offices set name = :name, address = :address, phone = :phone, version = version + 1, updated_at = :now
			where id = :id and version = :version`, pg.Args{"id": office, "version": version, "name": in.Name, "address": in.Address, "phone": in.Phone, "now": tx.Now})
		if err != nil {
			return audit.Entry{}, constraint(err, "offices_by_name", "name", "office.name_taken")
		}
		o, err = officeOf(tx, office)
		return audit.Entry{Action: "office.changed", Subject: office.String()}, err
	})
	return o, err
}

// ArchiveOffice closes an office in which nobody works and no case is open.
func (s *Service) ArchiveOffice(ctx context.Context, by access.Actor, office access.OfficeID, version int) error {
	return s.change(ctx, by, access.ManageOffice, nil, func(tx *pg.Tx) (audit.Entry, error) {
		if _, err := pg.Get[access.OfficeID](tx, `select id from offices where id = :id for update`, pg.Args{"id": office}); err != nil {
			return audit.Entry{}, err
		}
		o, err := officeOf(tx, office)
		if err != nil {
			return audit.Entry{}, err
		}
		if err := archivable(o); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "office.archived", Subject: office.String()}, pg.ExecOne(tx,
			`update offices set archived_at = :now, updated_at = :now, version = version + 1 where id = :id and version = :version and archived_at is null`,
			pg.Args{"id": office, "version": version, "now": tx.Now})
	})
}

// archivable refuses while somebody works there or is helped there, and says how many.
func archivable(o Office) error {
	var c errs.Collector
	if o.People > 0 {
		c.AddArgs("office", "office.has_people", map[string]any{"count": o.People})
	}
	if o.OpenCases > 0 {
		c.AddArgs("office", "office.has_cases", map[string]any{"count": o.OpenCases})
	}
	e, ok := errors.AsType[*errs.Error](c.Err())
	if !ok {
		return nil
	}
	e.Kind, e.Code, e.Current = errs.Conflict, "office.in_use", map[string]any{"people": o.People, "open_cases": o.OpenCases}
	return e
}

// Holidays lists the closings from the beginning of this year on.
func (s *Service) Holidays(ctx context.Context, by access.Actor) (list []Holiday, err error) {
	err = s.read(ctx, by, access.ManageHoliday, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		list, err = holidaysFrom(tx, today.AddDays(1-today.Time().YearDay()))
		return err
	})
	return list, err
}

// AddHoliday adds a day of closing.
func (s *Service) AddHoliday(ctx context.Context, by access.Actor, in HolidayInput) (h Holiday, err error) {
	made := id.New[HolidayRow]()
	err = s.change(ctx, by, access.ManageHoliday, in, func(tx *pg.Tx) (audit.Entry, error) {
		if !in.OfficeID.IsZero() {
			if err := HoldOffice(tx, in.OfficeID); err != nil {
				return audit.Entry{}, err
			}
		}
		err := pg.Insert(tx, `insert into holidays (agency_id, id, on_date, name, name_es, office_id, created_at) values (:agency, :id, :on, :name, :es, :office, :now)`,
			pg.Args{"agency": by.Agency, "id": made, "on": in.OnDate, "name": in.Name, "es": in.NameES, "office": in.OfficeID, "now": tx.Now})
		if err != nil {
			return audit.Entry{}, constraint(err, "holidays_by_day", "on_date", "holiday.taken")
		}
		h, err = pg.Get[Holiday](tx, holidayQuery+`and h.id = :id`, pg.Args{"id": made})
		return audit.Entry{Action: "holiday.added", Subject: made.String(), Detail: map[string]any{"on": in.OnDate}}, err
	})
	return h, err
}

// ArchiveHoliday takes a day of closing back, as somebody saw it.
func (s *Service) ArchiveHoliday(ctx context.Context, by access.Actor, holiday HolidayID, version int) error {
	return s.change(ctx, by, access.ManageHoliday, nil, func(tx *pg.Tx) (audit.Entry, error) {
		is, err := pg.Get[Holiday](tx, holidayQuery+`and h.id = :id for update of h`, pg.Args{"id": holiday})
		if err == nil && is.Version != version {
			err = errs.New(errs.Conflict, "version").Showing(is)
		}
		if err == nil {
			err = pg.ExecOne(tx, `update holidays set archived_at = :now, version = version + 1 where id = :id`, pg.Args{"id": holiday, "now": tx.Now})
		}
		return audit.Entry{Action: "holiday.archived", Subject: holiday.String()}, err
	})
}
