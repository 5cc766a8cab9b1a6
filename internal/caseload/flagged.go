package caseload

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/pg"
)

// flagRules are the settings that flag people, with the condition on cases c of each; a list's view uses the same.
var flagRules = map[string]string{
	"stalled_days":   conditions["stalled"],
	"no_reply_tries": casefile.OpenStates + " and c.paused_on is null and c.unanswered >= :tries",
}

// Flags reports whether a setting decides who is flagged.
func Flags(key string) bool { return flagRules[key] != "" }

// FlagKeys lists the settings that flag people.
func FlagKeys() []string { return slices.Sorted(maps.Keys(flagRules)) }

// Flagged is how many open people of the agency a rule flags now, and how many it would.
type Flagged struct {
	Now   int `db:"now" json:"now"`
	Would int `db:"would" json:"would"`
	Open  int `db:"open" json:"open"`
}

// Most reports that a rule would flag nearly everybody, so that the flag says nothing.
func (f Flagged) Most() bool { return f.Open > 0 && f.Would*10 >= f.Open*9 }

// WouldFlag counts whom a rule would flag with another value, before it is saved. It gives numbers only.
func (s *Service) WouldFlag(ctx context.Context, by access.Actor, key string, value agency.Value) (f Flagged, err error) {
	if err := s.policy.Require(by, access.ManageSetting); err != nil {
		return f, err
	}
	setting, _ := agency.Find(key)
	text, err := setting.Read(value)
	if err != nil {
		return f, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return f, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		rules, err := casefile.RulesOn(tx, by.Today(tx.Now))
		if err != nil {
			return err
		}
		args := func(r casefile.Rules) pg.Args {
			return pg.Args{"today": by.Today(tx.Now), "stalled": r.StalledDays, "tries": r.Tries}
		}
		count := `select count(*) from cases c where `
		if f.Now, err = pg.Get[int](tx, count+flagRules[key], args(rules)); err != nil {
			return err
		}
		if f.Would, err = pg.Get[int](tx, count+flagRules[key], args(casefile.Rules{StalledDays: n, Tries: n})); err != nil {
			return err
		}
		f.Open, err = pg.Get[int](tx, count+casefile.OpenStates, nil)
		return err
	})
	return f, err
}
