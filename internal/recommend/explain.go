package recommend

import (
	"cmp"
	"math"
	"slices"
)

// Reason is a message key with its arguments; the words are in the catalogue. Points is
// what the reason adds to the total, or takes from it, in points of 100.
type Reason struct {
	Code   string
	Args   map[string]any
	Points float64
}

// Keys of reasons. Helps: recommend.help.<interest|readiness|wage|demand|preference>,
// args value, and for wage also wage and needed in dollars an hour. Gaps:
// recommend.gap.<interest|wage|demand>, likewise; recommend.gap.zone (args entry, person),
// recommend.gap.efl (args min, person), recommend.gap.constraint (arg constraint).
// Unlocks: recommend.unlock.constraint (arg constraint), recommend.unlock.efl (arg min),
// recommend.unlock.zone (arg entry), recommend.unlock.occupation (args soc, zone).
const (
	help   = "recommend.help."
	gap    = "recommend.gap."
	unlock = "recommend.unlock."
)

// strong and weak bound what is worth telling as a help or a gap; between lies neither.
const (
	strong = 60.0
	weak   = 50.0
)

// explain fills the two strongest helps and gaps, and everything that would open more.
func (o *Option) explain(p Person, a Area, parts []component) {
	scale := scaleOf(parts)
	o.Helps, o.Gaps, o.Unlocks = []Reason{}, []Reason{}, []Reason{}
	for _, c := range parts {
		if c.value != nil && *c.value >= strong && !(c.code == "interest" && o.Undifferentiated) {
			o.Helps = append(o.Helps, Reason{help + c.code, figures(c, p, a), round(c.weight * *c.value * scale)})
		}
		if c.value != nil && *c.value < weak && tellsGap(c.code) {
			o.Gaps = append(o.Gaps, Reason{gap + c.code, figures(c, p, a), round(c.weight * (100 - *c.value) * scale)})
		}
	}
	o.entryGaps(p, a, scale)
	o.higherAnchors(p, a)
	o.Helps, o.Gaps = top(o.Helps), top(o.Gaps)
}

// tellsGap leaves out readiness, whose gaps are named one by one, and preference: not
// having named an area is nothing to mend.
func tellsGap(code string) bool { return code != "readiness" && code != "preference" }

// entryGaps names each thing that is asked at entry and known to be absent, and what mending
// it adds before readiness stops at 0; no points where readiness is not known.
func (o *Option) entryGaps(p Person, a Area, scale float64) {
	add := func(code string, lost float64, gapArgs, unlockArgs map[string]any) {
		points := 0.0
		if o.Readiness != nil {
			points = round(weightReadiness * lost * scale)
		}
		o.Gaps = append(o.Gaps, Reason{gap + code, gapArgs, points})
		o.Unlocks = append(o.Unlocks, Reason{unlock + code, unlockArgs, points})
	}
	for _, c := range unmet(p, a) {
		add("constraint", 15, map[string]any{"constraint": c}, map[string]any{"constraint": c})
	}
	if n := a.MinEFL - p.EFL; n > 0 && p.EFL > 0 {
		add("efl", float64(10*n), map[string]any{"min": a.MinEFL, "person": p.EFL}, map[string]any{"min": a.MinEFL})
	}
	if n := a.entryZone() - p.Zone; n > 0 && p.Zone > 0 {
		add("zone", float64(25*n), map[string]any{"entry": a.entryZone(), "person": p.Zone}, map[string]any{"entry": a.entryZone()})
	}
}

// higherAnchors are the occupations of the area that more education would bring in reach.
func (o *Option) higherAnchors(p Person, a Area) {
	reach := Reachable(a.Anchors, p.Zone)
	for _, x := range a.Anchors {
		if !slices.ContainsFunc(reach, func(r Occupation) bool { return r.SOC == x.SOC }) {
			o.Unlocks = append(o.Unlocks, Reason{Code: unlock + "occupation", Args: map[string]any{"soc": x.SOC, "zone": x.Zone}})
		}
	}
}

func figures(c component, p Person, a Area) map[string]any {
	args := map[string]any{"value": round(*c.value)}
	if c.code == "wage" {
		args["wage"], args["needed"] = math.Round(*a.WageHourly*100)/100, math.Round(p.NeededHourly*100)/100
	}
	return args
}

// scaleOf brings the weights of the components at hand to 1.
func scaleOf(parts []component) float64 {
	sum := 0.0
	for _, c := range parts {
		if c.value != nil {
			sum += c.weight
		}
	}
	if sum == 0 {
		return 0
	}
	return 1 / sum
}

// top keeps the two reasons with most points; equal ones stay in order.
func top(reasons []Reason) []Reason {
	slices.SortStableFunc(reasons, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return reasons[:min(2, len(reasons))]
}
