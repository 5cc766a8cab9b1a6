package intake

import (
	"fmt"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// Profile is what later steps may know of a person from step 1. Nil means not known. It has
// no field for the equal-opportunity block, age, barriers, disability or veteran status.
type Profile struct {
	Education    *int         // PIRL 408, 0 to 8
	EFL          *int         // lowest NRS level of the newest adult-education results, 1 to 6
	Scores       *[6]float64  // R I A S E C, each 0 to 40
	NeededHourly *money.Cents // pay that the person needs, an hour
	// Holds are the entry constraints met, as pathways name them: licences and certificates held
	// ("licence_cdl"), and the lawful ages reached ("age_18", "age_21").
	Holds []string
	// Preferences is nil when nobody has asked.
	Preferences *Preferences
	// Supports is the newest screen of support needs.
	Supports []SupportNeed
}

// Preferences are areas by code ("M6"): the first choice, those named, and those in which the
// person has experience.
type Preferences struct {
	FirstChoice string   `json:"first_choice" validate:"max=20"`
	Named       []string `json:"named" validate:"max=20,dive,max=20"`
	Experienced []string `json:"experienced" validate:"max=20,dive,max=20"`
}

// Asked reports whether anything was said.
func (p Preferences) Asked() bool { return p.FirstChoice != "" || len(p.Named)+len(p.Experienced) > 0 }

// ProfileOf reads the profile as it stands, for snapshots and drafts of plans.
func ProfileOf(tx *pg.Tx, caseID access.CaseID) (Profile, error) {
	work, _, err := newest[Work](tx, caseID)
	if err != nil {
		return Profile{}, err
	}
	education, _, err := newest[Education](tx, caseID)
	if err != nil {
		return Profile{}, err
	}
	results, err := liveResults(tx, caseID)
	if err != nil {
		return Profile{}, err
	}
	screen, _, err := newestScreen(tx, caseID)
	if err != nil {
		return Profile{}, err
	}
	person, err := personOf(tx, caseID)
	if err != nil {
		return Profile{}, err
	}
	p := Profile{EFL: lowestLevel(results, ABE), Scores: interestsOf(results), NeededHourly: work.NeededHourly, Holds: append(agesOf(person.BirthDate, civil.Of(tx.Now)), work.Licences...), Supports: screen.Needs.V}
	if n, ok := education.Education.Int(); ok {
		p.Education = &n
	}
	if work.Preferences.Asked() {
		p.Preferences = &work.Preferences
	}
	return p, nil
}

// agesOf are the lawful minimum ages that somebody has reached.
func agesOf(born, today civil.Date) []string {
	ages := []string{}
	for _, least := range []int{16, 18, 21} {
		if !born.IsZero() && born.AgeOn(today) >= least {
			ages = append(ages, fmt.Sprintf("age_%d", least))
		}
	}
	return ages
}
