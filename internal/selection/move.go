package selection

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Moved records a choice anew on another version of its pathway: what was chosen and why stays, the
// steps are those of the new version. The earlier choice stands beside it as it was made.
func Moved(tx *pg.Tx, by access.Actor, s Selection, version, entry, target int) (ID, error) {
	s.ID, s.PathwayVersion, s.EntryStep, s.TargetStep = id.New[Row](), version, entry, target
	s.ChosenOn, s.RecordedAt = by.Today(tx.Now), tx.Now
	if err := insert(tx, by, s); err != nil {
		return s.ID, err
	}
	return s.ID, casefile.SetPathway(tx, s.CaseID, s.Pathway, s.Area, entry)
}
