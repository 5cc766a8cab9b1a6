package server

import (
	"net/http"
	"strconv"

	"waymark/internal/agency"
	"waymark/internal/caseload"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/page"
	setuppage "waymark/web/page/setup"
)

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
	return r.list(items, nil)
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
