package server

import (
	"net/http"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/page"
	setuppage "waymark/web/page/setup"
)

func (s *Server) setupAgencyRoutes() {
	s.noteTemplateRoutes()
	s.page("GET", "/setup/agency", (*request).showFacts)
	s.page("POST", "/setup/agency", (*request).changeFacts)
	s.page("GET", "/setup/offices", (*request).showOffices)
	s.page("POST", "/setup/offices", (*request).addOffice)
	s.page("GET", "/setup/offices/:office", (*request).showOffice)
	s.page("POST", "/setup/offices/:office", (*request).changeOffice)
	s.button("/setup/offices/:office/archive", (*request).archiveOffice)
	s.page("GET", "/setup/holidays", (*request).showHolidays)
	s.page("POST", "/setup/holidays", (*request).addHoliday)
	s.button("/setup/holidays/:holiday/archive", (*request).archiveHoliday)
	s.page("GET", "/setup/settings", (*request).showSettings)
	s.page("GET", "/setup/settings/:key", (*request).showSetting)
	s.page("POST", "/setup/settings/:key", (*request).setSetting)

	s.api("GET", "/offices", (*request).apiOffices)
	s.api("POST", "/offices", (*request).apiAddOffice)
	s.api("PATCH", "/offices/:office", (*request).apiChangeOffice)
	s.action("POST", "/offices/:office/archive", (*request).apiArchiveOffice)
	s.api("GET", "/holidays", (*request).apiHolidays)
	s.api("POST", "/holidays", (*request).apiAddHoliday)
	s.action("POST", "/holidays/:holiday/archive", (*request).apiArchiveHoliday)
	s.api("GET", "/settings", (*request).apiSettings)
	s.api("POST", "/settings", (*request).apiSet)
	s.api("GET", "/settings/preview", (*request).apiWouldFlag)
}

func (r *request) showFacts() error { return r.factsPage(nil, nil) }

// factsPage shows the agency's facts and, for a demonstration, the way to make it anew, each with what was refused.
func (r *request) factsPage(refused, refusedReset error) error {
	known, err := r.s.agency.Facts(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.agency")
	f := page.NewForm(c, "agency", "/setup/agency", known)
	f.Version = known.Version
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	v := setuppage.Agency{Chrome: c, Form: f, Facts: known}
	if v.Demo = r.s.config.ResetDemo != nil && c.Can(access.ResetDemo); v.Demo {
		v.Reset = page.NewForm(c, "demo", "/setup/demo", nil)
	}
	if refusedReset != nil {
		v.Reset, status, v.Failed = v.Reset.Refused(r.posted, refusedReset), statusOf(refusedReset), true
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) changeFacts() error {
	var in agency.Facts
	version, err := r.version()
	if err == nil {
		err = r.bind(&in)
	}
	if err == nil {
		err = r.s.agency.ChangeFacts(r.ctx(), r.by, version, in)
	}
	if correctable(err) {
		return r.factsPage(err, nil)
	}
	if err != nil {
		return err
	}
	return r.done("agency.saved", "/setup/agency")
}

func (r *request) showOffices() error { return r.officesPage(nil) }

func (r *request) officesPage(refused error) error {
	list, err := r.s.agency.Offices(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.offices")
	f := page.NewForm(c, "office", "/setup/offices", nil)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, setuppage.Offices{Chrome: c, Form: f, List: list}.Body())
}

func (r *request) addOffice() error {
	var in agency.OfficeInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.agency.AddOffice(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.officesPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("office.saved", "/setup/offices")
}

func (r *request) showOffice() error { return r.officePage(nil) }

func (r *request) officePage(refused error) error {
	office, err := param[access.Office](r, "office")
	if err != nil {
		return err
	}
	o, err := r.s.agency.Office(r.c.Request.Context(), r.by, office)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.office", map[string]any{"name": o.Name})
	f := page.NewForm(c, "office", "/setup/offices/"+o.ID.String(), o.Input())
	f.Version = o.Version
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.filled(), refused), statusOf(refused), true
	}
	return r.show(status, c, setuppage.Office{Chrome: c, Form: f, Office: o}.Body())
}

// onOffice does something to the office of the path at the version seen.
func (r *request) onOffice(do func(access.OfficeID, int) error) error {
	office, err := param[access.Office](r, "office")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	return do(office, version)
}

func (r *request) changeOffice() error {
	err := r.onOffice(func(office access.OfficeID, version int) error {
		var in agency.OfficeInput
		if err := r.bind(&in); err != nil {
			return err
		}
		_, err := r.s.agency.ChangeOffice(r.ctx(), r.by, office, version, in)
		return err
	})
	return r.officeDone(err, "office.saved")
}

func (r *request) archiveOffice() error {
	err := r.onOffice(func(office access.OfficeID, version int) error {
		return r.s.agency.ArchiveOffice(r.ctx(), r.by, office, version)
	})
	return r.officeDone(err, "office.archived")
}

func (r *request) officeDone(err error, flash string) error {
	if correctable(err) {
		return r.officePage(err)
	}
	if err != nil {
		return err
	}
	return r.done(flash, "/setup/offices")
}

func (r *request) showHolidays() error { return r.holidaysPage(nil) }

func (r *request) holidaysPage(refused error) error {
	list, err := r.s.agency.Holidays(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	offices, err := r.s.agency.Offices(r.c.Request.Context(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.holidays")
	f := page.NewForm(c, "holiday", "/setup/holidays", nil)
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	return r.show(status, c, setuppage.Holidays{Chrome: c, Form: f, List: list, Offices: officeOptions(offices)}.Body())
}

func (r *request) addHoliday() error {
	var in agency.HolidayInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.agency.AddHoliday(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.holidaysPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("holiday.saved", "/setup/holidays")
}

func (r *request) archiveHoliday() error {
	holiday, err := param[agency.HolidayRow](r, "holiday")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	if err := r.s.agency.ArchiveHoliday(r.ctx(), r.by, holiday, version); err != nil {
		return err
	}
	return r.done("holiday.archived", "/setup/holidays")
}

func (r *request) apiOffices() error {
	list, err := r.s.agency.Offices(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAddOffice() error {
	var in agency.OfficeInput
	if err := r.bind(&in); err != nil {
		return err
	}
	o, err := r.s.agency.AddOffice(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.versioned(o.Version).created("/api/v1/offices/"+o.ID.String(), o)
}

func (r *request) apiChangeOffice() error {
	return r.onOffice(func(office access.OfficeID, version int) error {
		known, err := r.s.agency.Office(r.ctx(), r.by, office)
		if err != nil {
			return err
		}
		in := known.Input()
		if err := r.bind(&in); err != nil {
			return err
		}
		o, err := r.s.agency.ChangeOffice(r.ctx(), r.by, office, version, in)
		if err != nil {
			return err
		}
		return r.versioned(o.Version).json(http.StatusOK, o)
	})
}

func (r *request) apiArchiveOffice() error {
	return r.onOffice(func(office access.OfficeID, version int) error {
		if err := r.s.agency.ArchiveOffice(r.ctx(), r.by, office, version); err != nil {
			return err
		}
		o, err := r.s.agency.Office(r.c.Request.Context(), r.by, office)
		if err != nil {
			return err
		}
		return r.versioned(o.Version).json(http.StatusOK, o)
	})
}

func (r *request) apiHolidays() error {
	list, err := r.s.agency.Holidays(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAddHoliday() error {
	var in agency.HolidayInput
	if err := r.bind(&in); err != nil {
		return err
	}
	h, err := r.s.agency.AddHoliday(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/holidays/"+h.ID.String(), h)
}

func (r *request) apiArchiveHoliday() error {
	holiday, err := param[agency.HolidayRow](r, "holiday")
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	if err := r.s.agency.ArchiveHoliday(r.ctx(), r.by, holiday, version); err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"id": holiday, "archived": true})
}
