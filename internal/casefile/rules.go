package casefile

import (
	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/pg"
)

// RulesFor reads the agency's own thresholds as they hold today for somebody.
func RulesFor(tx *pg.Tx, by access.Actor) (Rules, error) {
	held, err := agency.SettingsOn(tx, by.Today(tx.Now))
	return RulesOf(held, by.Role), err
}

// RulesOf are the thresholds of an agency's settings. Supervisors hear of an exit that comes near at the
// third warning; who works with the person at the first.
func RulesOf(s agency.Settings, role access.Role) Rules {
	r := Rules{
		Stalled: s.StalledDays, Tries: s.NoReplyTries, Lost: s.LostContactDays, Unplanned: s.UnplannedDays, Exit: s.ExitDays, ExitFrom: s.ExitDays[0],
		Paper: s.PaperDays, Permit: s.PermitDays, Support: s.SupportDays, Unsigned: s.UnsignedDays, Proof: s.ProofDays,
	}
	if role == access.Supervisor {
		r.ExitFrom = s.ExitDays[2]
	}
	return r
}
