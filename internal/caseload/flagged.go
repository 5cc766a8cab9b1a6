package caseload

import (
	"context"
	"maps"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// flagRules are the settings that flag people, with the flag of each; a list's view uses the same condition.
var flagRules = map[string]string{
	"exit_days_1": "exit_near", "exit_days_2": "exit_near", "exit_days_3": "exit_near", "exit_days_4": "exit_near",
	"lost_contact_days": "lost_contact", "no_reply_tries": "no_reply", "paper_days": "document_expiring", "permit_days": "permit_expiring",
	"proof_days": "proof_late", "stalled_days": "stalled", "support_days": "support_ending", "unplanned_days": "nothing_planned", "unsigned_days": "plan_unsigned",
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
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		today := by.Today(tx.Now)
		if f.Now, err = flaggedBy(tx, key, today, ""); err != nil {
			return err
		}
		if f.Would, err = flaggedBy(tx, key, today, text); err != nil {
			return err
		}
		f.Open, err = pg.Get[int](tx, `select count(*) from cases c where `+casefile.OpenStates, nil)
		return err
	})
	return f, err
}

// flaggedBy counts whom a setting flags as it holds, or as it would with another value.
func flaggedBy(tx *pg.Tx, key string, today civil.Date, text string) (int, error) {
	held, err := agency.SettingsIf(tx, today, key, text)
	if err != nil {
		return 0, err
	}
	rules := casefile.RulesOf(held, access.CaseManager)
	if stage, isExit := strings.CutPrefix(key, "exit_days_"); isExit {
		rules.ExitFrom = held.ExitDays[stage[0]-'1']
	}
	return pg.Get[int](tx, `select count(*) from cases c where `+casefile.OpenStates+` and `+casefile.Flagged(flagRules[key]), rules.Args(today))
}
