package agency

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

type settingRow struct{}

// earliest bounds how far back a rule may be dated.
var earliest = civil.On(2000, 1, 1)

// Settings lists every rule with what holds today and its history.
func (s *Service) Settings(ctx context.Context, by access.Actor) (list []Held, err error) {
	err = s.read(ctx, by, access.ManageSetting, func(tx *pg.Tx) error {
		list, err = heldOn(tx, by.Today(tx.Now))
		return err
	})
	return list, err
}

func heldOn(tx *pg.Tx, on civil.Date) ([]Held, error) {
	read, err := rowsOn(tx, on)
	if err != nil {
		return nil, err
	}
	held := valuesOf(read, on)
	rows, err := history(tx)
	if err != nil {
		return nil, err
	}
	list := []Held{}
	for _, s := range Registry() {
		h := Held{Setting: s, Value: held[s.Key], Default: s.Default(on), History: []Change{}}
		for _, r := range rows {
			if r.Key == s.Key {
				h.History = append(h.History, Change{r.Key, r.On, r.Value.V, r.By, r.At})
			}
		}
		list = append(list, h)
	}
	return list, nil
}

// Set records a rule from a day on; today when none is given. What was recorded before stays.
func (s *Service) Set(ctx context.Context, by access.Actor, in SettingInput) (made Held, err error) {
	setting, known := Find(in.Key)
	if !known {
		return made, errs.At("key", "oneof")
	}
	text, err := setting.Read(in.Value)
	if err != nil {
		return made, err
	}
	if !in.EffectiveOn.IsZero() && in.EffectiveOn.Before(earliest) {
		return made, errs.At("effective_on", "date")
	}
	err = s.change(ctx, by, access.ManageSetting, in, func(tx *pg.Tx) (audit.Entry, error) {
		if in.EffectiveOn.IsZero() {
			in.EffectiveOn = by.Today(tx.Now)
		}
		if err := pg.Insert(tx, `insert into settings (agency_id, id, key, effective_on, value, recorded_by, recorded_at) values (:agency, :id, :key, :on, :value, :by, :now)`,
			pg.Args{"agency": by.Agency, "id": id.New[settingRow](), "key": in.Key, "on": in.EffectiveOn, "value": pg.AsJSON(text), "by": by.ID, "now": tx.Now}); err != nil {
			return audit.Entry{}, err
		}
		list, err := heldOn(tx, by.Today(tx.Now))
		for _, h := range list {
			if h.Setting.Key == in.Key {
				made = h
			}
		}
		return audit.Entry{Action: "setting.changed", Detail: map[string]any{"key": in.Key, "effective_on": in.EffectiveOn}}, err
	})
	return made, err
}
