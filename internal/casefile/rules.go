package casefile

import (
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// RulesOn reads the agency's own thresholds as they hold on a day.
func RulesOn(tx *pg.Tx, on civil.Date) (Rules, error) {
	held, err := agency.SettingsOn(tx, on)
	return Rules{StalledDays: held.StalledDays, Tries: held.NoReplyTries}, err
}
