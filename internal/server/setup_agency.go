package server

import (
	"net/http"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/caseload"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
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

func (r *request) showSettings() error {
	list, err := r.s.agency.Settings(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setup.settings")
	return r.show(http.StatusOK, c, setuppage.Settings{Chrome: c, List: list}.Body())
}

func (r *request) showSetting() error { return r.settingPage(nil) }

func (r *request) settingPage(refused error) error {
	held, err := r.heldSetting()
	if err != nil {
		return err
	}
	c := r.chrome("setup", "setting."+held.Setting.Key)
	f := page.NewForm(c, "setting_form", c.Path, nil)
	f.Values.Set("value", plainValue(held))
	f.Values.Set("effective_on", r.today().Time().Format("1/2/2006"))
	status := http.StatusOK
	if refused != nil {
		f, status, c.Failed = f.Refused(r.posted, refused), statusOf(refused), true
	}
	v := setuppage.Setting{Chrome: c, Form: f, Held: held, Flags: caseload.Flags(held.Setting.Key)}
	if v.Flags && refused == nil && r.posted != nil { // asked how many, before saving
		v.Form.Values, v.Asked = r.posted, true
		v.Flagged, err = r.s.caseload.WouldFlag(r.c.Request.Context(), r.by, held.Setting.Key, agency.Value{Text: r.posted.Get("value")})
		if correctable(err) {
			return r.settingPage(err)
		}
		if err != nil {
			return err
		}
	}
	return r.show(status, v.Chrome, v.Body())
}

func (r *request) heldSetting() (agency.Held, error) {
	list, err := r.s.agency.Settings(r.c.Request.Context(), r.by)
	if err != nil {
		return agency.Held{}, err
	}
	for _, h := range list {
		if h.Setting.Key == r.c.Param("key") {
			return h, nil
		}
	}
	return agency.Held{}, errs.New(errs.NotFound, "not_found")
}

// plainValue is what the form's field begins with.
func plainValue(h agency.Held) string {
	if n, err := strconv.Atoi(h.Value); err == nil && h.Setting.Kind == agency.Amount {
		return money.Cents(n).Plain()
	}
	return h.Value
}

func (r *request) setSetting() error {
	if _, known := agency.Find(r.c.Param("key")); !known {
		return errs.New(errs.NotFound, "not_found")
	}
	if r.posted.Get("go") == "preview" && caseload.Flags(r.c.Param("key")) {
		return r.settingPage(nil)
	}
	r.posted.Set("key", r.c.Param("key"))
	var in agency.SettingInput
	err := r.bind(&in)
	if err == nil {
		_, err = r.s.agency.Set(r.ctx(), r.by, in)
	}
	if correctable(err) {
		return r.settingPage(err)
	}
	if err != nil {
		return err
	}
	return r.done("setting.saved", "/setup/settings")
}

func (r *request) apiOffices() error {
	list, err := r.s.agency.Offices(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, map[string]any{"items": list, "next": ""})
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
	return r.json(http.StatusOK, map[string]any{"items": list, "next": ""})
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

// settingView is a setting for scripts: numbers as numbers, amounts in cents.
type settingView struct {
	Key            string              `json:"key"`
	Kind           agency.Kind         `json:"kind"`
	Value          any                 `json:"value"`
	Default        any                 `json:"default"`
	Min            int                 `json:"min"`
	Max            int                 `json:"max"`
	Choices        []string            `json:"choices,omitempty"`
	CheckWithState bool                `json:"check_with_state"`
	History        []settingChangeView `json:"history"`
}

type settingChangeView struct {
	EffectiveOn civil.Date `json:"effective_on"`
	Value       any        `json:"value"`
	RecordedBy  string     `json:"recorded_by"`
	RecordedAt  string     `json:"recorded_at"`
}

func viewOfSetting(h agency.Held) settingView {
	value := func(text string) any {
		if n, err := strconv.Atoi(text); err == nil && (h.Setting.Kind == agency.Amount || h.Setting.Kind == agency.Number) {
			return n
		}
		return text
	}
	v := settingView{
		Key: h.Setting.Key, Kind: h.Setting.Kind, Value: value(h.Value), Default: value(h.Default), Min: h.Setting.Min, Max: h.Setting.Max,
		Choices: h.Setting.Choices, CheckWithState: h.Setting.CheckWithState, History: []settingChangeView{},
	}
	for _, c := range h.History {
		v.History = append(v.History, settingChangeView{c.EffectiveOn, value(c.Value), c.RecordedBy, c.RecordedAt.UTC().Format("2006-01-02T15:04:05Z")})
	}
	return v
}

func (r *request) apiSettings() error {
	list, err := r.s.agency.Settings(r.ctx(), r.by)
	if err != nil {
		return err
	}
	items := make([]settingView, 0, len(list))
	for _, h := range list {
		items = append(items, viewOfSetting(h))
	}
	return r.json(http.StatusOK, map[string]any{"items": items, "next": ""})
}

// apiWouldFlag counts whom a rule would flag with another value.
func (r *request) apiWouldFlag() error {
	key := r.c.Query("key")
	if !caseload.Flags(key) {
		return errs.At("key", "oneof")
	}
	f, err := r.s.caseload.WouldFlag(r.ctx(), r.by, key, agency.Value{Text: r.c.Query("value")})
	if err != nil {
		return err
	}
	return r.json(http.StatusOK, f)
}

func (r *request) apiSet() error {
	var in agency.SettingInput
	if err := r.bind(&in); err != nil {
		return err
	}
	held, err := r.s.agency.Set(r.ctx(), r.by, in)
	if err != nil {
		return err
	}
	return r.created("/api/v1/settings", viewOfSetting(held))
}
