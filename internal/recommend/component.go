package recommend

import (
	"math"
	"slices"
)

// PersonZone is the job zone that the education reached opens, from PIRL 408 (domain.md
// 1.4): 0 none -> 1; 1 diploma, 2 equivalency, 3 IEP certificate -> 2; 4 some
// postsecondary, 5 certificate, 6 associate -> 3; 7 bachelor -> 4; 8 beyond -> 5. Any
// other number gives 0, not known.
func PersonZone(education408 int) int {
	zones := [...]int{1, 2, 2, 2, 3, 3, 3, 4, 5}
	if education408 < 0 || education408 >= len(zones) {
		return 0
	}
	return zones[education408]
}

// DemandIndex is the demand component, 0 to 100 (domain.md 1.4): half the percentile
// (0-100) of openings in the region, 30 if growth is at least the region's mean, 20 if on
// the local in-demand list.
func DemandIndex(percentile float64, growing, inDemand bool) float64 {
	d := 0.5 * max(0, min(100, percentile))
	if growing {
		d += 30
	}
	if inDemand {
		d += 20
	}
	return d
}

// PreferenceIndex is the preference component (domain.md 1.4): 100 when the person named
// the area and has related experience or made it the first choice, 60 when named or
// experienced, else 0.
func PreferenceIndex(named, experienced, firstChoice bool) int {
	switch {
	case firstChoice, named && experienced:
		return 100
	case named, experienced:
		return 60
	}
	return 0
}

// interestIn is 100 times the mean correlation of the scores with the reachable anchors,
// at least 0. A profile without variance counts as 50 and is reported as flat.
func interestIn(p Person, a Area) (value *float64, flat bool) {
	if p.Scores == nil || len(a.Anchors) == 0 {
		return nil, false
	}
	if flatProfile(*p.Scores) {
		return new(50.0), true
	}
	sum, reach := 0.0, Reachable(a.Anchors, p.Zone)
	for _, o := range reach {
		sum += Pearson(*p.Scores, o.OI)
	}
	return new(100 * max(0, sum/float64(len(reach)))), false
}

// Reachable are the anchors of a zone at most one above the person's; when there are none,
// those of the area's lowest zone. An unknown zone (0) thus compares with the lowest.
func Reachable(anchors []Occupation, personZone int) []Occupation {
	limit := personZone + 1
	if low := lowestZone(anchors); personZone == 0 || low > limit {
		limit = low
	}
	reach := make([]Occupation, 0, len(anchors))
	for _, o := range anchors {
		if o.Zone <= limit {
			reach = append(reach, o)
		}
	}
	return reach
}

// Pearson is the correlation of two profiles, -1 to 1; 0 when one has no variance.
func Pearson(x, y RIASEC) float64 {
	mx, my := mean(x), mean(y)
	var sxy, sxx, syy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		sxy, sxx, syy = sxy+dx*dy, sxx+dx*dx, syy+dy*dy
	}
	if sxx == 0 || syy == 0 {
		return 0
	}
	return sxy / math.Sqrt(sxx*syy)
}

// readiness takes 25 for each missing zone, 10 for each missing level, 15 for each unmet
// constraint from 100, and stops at 0.
func readiness(p Person, a Area) *float64 {
	if p.Zone == 0 || a.entryZone() == 0 || a.MinEFL > 0 && p.EFL == 0 {
		return nil
	}
	lost := 25*max(0, a.entryZone()-p.Zone) + 10*max(0, a.MinEFL-p.EFL) + 15*len(unmet(p, a))
	return new(float64(max(0, 100-lost)))
}

// wage is 0 at three quarters of the need and 100 at one and a quarter.
func wage(p Person, a Area) *float64 {
	if p.NeededHourly <= 0 || a.WageHourly == nil {
		return nil
	}
	return new(max(0, min(100, 200*(*a.WageHourly/p.NeededHourly-0.75))))
}

func preference(p Person, a Area) *float64 {
	if p.Preference == nil {
		return nil
	}
	return new(float64(max(0, min(100, p.Preference[a.Code]))))
}

// unmet are the entry constraints of the area that the person does not meet.
func unmet(p Person, a Area) []string {
	list := []string{}
	for _, c := range a.EntryConstraints {
		if !slices.Contains(p.Holds, c) {
			list = append(list, c)
		}
	}
	return list
}

func (a Area) entryZone() int {
	if a.EntryZone > 0 {
		return a.EntryZone
	}
	return lowestZone(a.Anchors)
}

func lowestZone(anchors []Occupation) int {
	low := 0
	for _, o := range anchors {
		if low == 0 || o.Zone < low {
			low = o.Zone
		}
	}
	return low
}

func mean(x RIASEC) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func flatProfile(x RIASEC) bool { return slices.Min(x[:]) == slices.Max(x[:]) }
