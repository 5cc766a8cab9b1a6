package recommend

import (
	"slices"
	"strings"

	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/explore"
	"waymark/internal/intake"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// inputsOf reads what the ranking may know, as it stands, and nothing else.
func inputsOf(tx *pg.Tx, c casefile.Case, on civil.Date, catalogue pathway.Catalogue) (Inputs, error) {
	p, err := intake.ProfileOf(tx, c.ID)
	if err != nil {
		return Inputs{}, err
	}
	likes, err := explore.LikesOf(tx, c.ID)
	if err != nil {
		return Inputs{}, err
	}
	p.Preferences = explore.WithLikes(p.Preferences, likes, catalogue)
	born, err := pg.Get[civil.Date](tx, `select birth_date from participants where id = :id`, pg.Args{"id": c.ParticipantID})
	if err != nil {
		return Inputs{}, err
	}
	in := inputsFrom(p)
	in.Holds = append(in.Holds, agesMet(born, on, catalogue.Areas())...)
	return in, nil
}

func inputsFrom(p intake.Profile) Inputs {
	in := Inputs{Education: p.Education, Scores: p.Scores, Holds: held(p.Holds), Preferences: []Preference{}, Asked: p.Preferences != nil}
	if p.Education != nil {
		in.Zone = PersonZone(*p.Education)
	}
	if p.EFL != nil {
		in.EFL = *p.EFL
	}
	if p.NeededHourly != nil {
		in.NeededHourlyCents = *p.NeededHourly
	}
	if p.Preferences != nil {
		in.Preferences = preferencesFrom(*p.Preferences)
	}
	return in
}

// held writes licences as areas ask for them: "cdl" is "licence_cdl". A commercial licence is a
// driver's licence too.
func held(codes []string) []string {
	list := []string{}
	for _, code := range codes {
		if !strings.HasPrefix(code, "licence_") && slices.Contains([]string{"cdl", "driver"}, code) {
			code = "licence_" + code
		}
		list = append(list, code)
	}
	if slices.Contains(list, "licence_cdl") && !slices.Contains(list, "licence_driver") {
		list = append(list, "licence_driver")
	}
	return list
}

// preferencesFrom gives one entry an area, in the order of what was said. A first choice is named.
func preferencesFrom(p intake.Preferences) []Preference {
	list := []Preference{}
	at := func(area string) *Preference {
		i := slices.IndexFunc(list, func(w Preference) bool { return w.Area == area })
		if i < 0 {
			list = append(list, Preference{Area: area})
			i = len(list) - 1
		}
		return &list[i]
	}
	if p.FirstChoice != "" {
		w := at(p.FirstChoice)
		w.Named, w.FirstChoice = true, true
	}
	for _, area := range p.Named {
		at(area).Named = true
	}
	for _, area := range p.Experienced {
		at(area).Experience = true
	}
	return list
}
