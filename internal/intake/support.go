package intake

import (
	"slices"

	"waymark/internal/errs"
)

// SupportAreas are the 13 areas of the support-needs screen (domain.md 1.3). Their names are
// "support.<area>".
var SupportAreas = []string{
	"transport", "child_care", "housing", "food", "utilities", "health", "legal",
	"tools_uniform", "books", "testing_fees", "technology", "mental_health", "documentation",
}

// MaxSeverity is the worst severity; 0 is no need.
const MaxSeverity = 3

// SupportNeed is one area of the screen: how bad it is, whether it blocks the plan, and what
// was done. CostCents is the cost agreed on, in cents. Area "mental_health" is mental-health
// or substance referral, which is restricted reading.
type SupportNeed struct {
	Area       string `json:"area"`
	Severity   int    `json:"severity"`
	Blocking   bool   `json:"blocking"`
	Resolution string `json:"resolution"`
	Referral   string `json:"referral"`
	CostCents  int64  `json:"cost_cents"`
}

// Open reports a need that still has to be met.
func (n SupportNeed) Open() bool { return n.Severity > 0 && n.Resolution == "" }

// CheckSupport refuses a screen that cannot stand: needs.<area> with area_unknown,
// area_repeated, severity_out_of_range (min, max), blocking_without_need or cost_negative;
// with all set, every area must be answered (required).
func CheckSupport(needs []SupportNeed, all bool) error {
	var c errs.Collector
	seen := map[string]bool{}
	for _, n := range needs {
		name := "needs." + n.Area
		if !slices.Contains(SupportAreas, n.Area) {
			c.Add(name, "area_unknown")
			continue
		}
		if seen[n.Area] {
			c.Add(name, "area_repeated")
		}
		seen[n.Area] = true
		n.check(&c, name)
	}
	for _, area := range SupportAreas {
		if all && !seen[area] {
			c.Add("needs."+area, "required")
		}
	}
	return c.Err()
}

func (n SupportNeed) check(c *errs.Collector, name string) {
	if n.Severity < 0 || n.Severity > MaxSeverity {
		c.AddArgs(name, "severity_out_of_range", map[string]any{"min": 0, "max": MaxSeverity})
	}
	if n.Blocking && n.Severity == 0 {
		c.Add(name, "blocking_without_need")
	}
	if n.CostCents < 0 {
		c.Add(name, "cost_negative")
	}
}

// Blocking lists the areas that stand in the way of the plan and are not yet resolved, the
// worst first.
func Blocking(needs []SupportNeed) []SupportNeed {
	list := slices.DeleteFunc(slices.Clone(needs), func(n SupportNeed) bool { return !n.Blocking || !n.Open() })
	slices.SortStableFunc(list, func(a, b SupportNeed) int { return b.Severity - a.Severity })
	return list
}
