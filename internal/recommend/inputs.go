package recommend

import (
	"strconv"

	"waymark/internal/civil"
	"waymark/internal/money"
	"waymark/internal/pathway"
)

// Inputs is everything a ranking was computed from, stored with it. It has no place for the
// equal-opportunity block, barriers, disability or veteran status. Age enters only as a lawful
// minimum that an area asks for, as "age_18" among what is held.
type Inputs struct {
	// Education is PIRL 408, nil when nobody knows.
	Education *int `json:"education"`
	Zone      int  `json:"zone"`
	EFL       int  `json:"efl"`
	// Scores are R, I, A, S, E, C.
	Scores            *RIASEC      `json:"scores"`
	NeededHourlyCents money.Cents  `json:"needed_hourly_cents"`
	Holds             []string     `json:"holds"`
	Preferences       []Preference `json:"preferences"`
	// Asked is true once somebody asked for preferences, even if none was named.
	Asked bool `json:"preferences_asked"`
}

// Preference is what the person said about one area.
type Preference struct {
	Area        string `json:"area"`
	Named       bool   `json:"named"`
	FirstChoice bool   `json:"first_choice"`
	Experience  bool   `json:"experience"`
}

// person is what the pure ranking may know.
func (in Inputs) person() Person {
	p := Person{Zone: in.Zone, EFL: in.EFL, Scores: in.Scores, NeededHourly: float64(in.NeededHourlyCents) / 100, Holds: in.Holds}
	if in.Asked {
		p.Preference = map[string]int{}
		for _, w := range in.Preferences {
			p.Preference[w.Area] = max(p.Preference[w.Area], PreferenceIndex(w.Named, w.Experience, w.FirstChoice))
		}
	}
	return p
}

// experienced reports related experience in the area.
func (in Inputs) experienced(area string) bool {
	for _, w := range in.Preferences {
		if w.Area == area && w.Experience {
			return true
		}
	}
	return false
}

// agesMet turns the lawful minimum ages that areas ask for ("age_18") into constraints that are
// met on the day. The birth date itself goes no further.
func agesMet(born, on civil.Date, areas []pathway.AreaOf) []string {
	met := []string{}
	if born.IsZero() {
		return met
	}
	for age := 14; age <= 21; age++ {
		code := "age_" + strconv.Itoa(age)
		for _, a := range areas {
			if asks(a.EntryConstraints, code) && born.AgeOn(on) >= age {
				met = append(met, code)
				break
			}
		}
	}
	return met
}

func asks(list []string, code string) bool {
	for _, c := range list {
		if c == code {
			return true
		}
	}
	return false
}

// rankable turns the catalogue's areas into what the pure ranking takes.
func rankable(c pathway.Catalogue) []Area {
	list := make([]Area, 0, len(c.Areas()))
	for _, a := range c.Areas() {
		r := Area{Code: a.Code, Name: a.Name.EN, Pathway: a.PathwayCode, MinEFL: a.MinEFL, EntryConstraints: a.EntryConstraints}
		for _, soc := range a.Anchors {
			if o, ok := c.Occupation(soc); ok && len(o.RIASEC) == 6 && o.Zone > 0 {
				r.Anchors = append(r.Anchors, Occupation{SOC: soc, Zone: o.Zone, OI: RIASEC(o.RIASEC)})
			}
		}
		if w, ok := c.AreaWage(a.Code); ok {
			r.WageHourly = new(float64(w.HourlyCents) / 100)
		}
		if d, ok := c.AreaDemand(a.Code); ok {
			if score, ok := d.Score(); ok {
				r.Demand = &score
			}
		}
		list = append(list, r)
	}
	return list
}
