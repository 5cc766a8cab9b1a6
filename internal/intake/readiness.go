package intake

import (
	"slices"

	"waymark/internal/errs"
)

// NorthstarPassPercent is the score that passes a Northstar module (domain.md 1.3, V20).
const NorthstarPassPercent = 85

// NorthstarGroups are the groups of modules; module names are free text.
var NorthstarGroups = []string{"essential_computer", "essential_software", "technology_daily_life"}

// NorthstarPass reads a module's percent, 0 to 100: whether it passed, and whether it earns
// a certificate, which only a proctored one does. Refused: score=score_out_of_range.
func NorthstarPass(percent int, proctored bool) (passed, certificate bool, err error) {
	if percent < 0 || percent > 100 {
		return false, false, errs.AtArgs("score", "score_out_of_range", map[string]any{"min": 0, "max": 100})
	}
	passed = percent >= NorthstarPassPercent
	return passed, passed && proctored, nil
}

// WorkKeysCertificate is the National Career Readiness Certificate for the three levels 3
// to 7: bronze, silver, gold or platinum by the lowest of them. A level of 0 means below 3
// and gives "". It is never a postsecondary credential (V1). Refused:
// <test>=level_out_of_range.
func WorkKeysCertificate(appliedMath, graphicLiteracy, workplaceDocuments int) (string, error) {
	var c errs.Collector
	levels := []int{appliedMath, graphicLiteracy, workplaceDocuments}
	for i, name := range []string{"applied_math", "graphic_literacy", "workplace_documents"} {
		if n := levels[i]; n != 0 && (n < 3 || n > 7) {
			c.AddArgs(name, "level_out_of_range", map[string]any{"min": 3, "max": 7})
		}
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	names := map[int]string{3: "bronze", 4: "silver", 5: "gold", 6: "platinum", 7: "platinum"}
	return names[slices.Min(levels)], nil
}

// WorkReadinessItems are the four items that every agency rates; local ones come on top.
// Their names are "readiness.<item>".
var WorkReadinessItems = []string{"learns_on_job", "follows_instructions", "patience", "positive_attitude"}

// Rating is one item of the work-readiness checklist, 1 to 4.
type Rating struct {
	Item  string
	Score int
}

// NeedsActivity lists the items rated below 3, each of which asks for an activity in the
// plan (domain.md 1.3). Local names items beyond the four. Refused: ratings.<item> with
// rating_out_of_range, item_unknown, item_repeated or, for one of the four not rated, required.
func NeedsActivity(ratings []Rating, local []string) ([]string, error) {
	var c errs.Collector
	known := slices.Concat(WorkReadinessItems, local)
	seen, weak := map[string]bool{}, []string{}
	for _, r := range ratings {
		switch name := "ratings." + r.Item; {
		case !slices.Contains(known, r.Item):
			c.Add(name, "item_unknown")
		case seen[r.Item]:
			c.Add(name, "item_repeated")
		case r.Score < 1 || r.Score > 4:
			c.AddArgs(name, "rating_out_of_range", map[string]any{"min": 1, "max": 4})
		case r.Score < 3:
			weak = append(weak, r.Item)
		}
		seen[r.Item] = true
	}
	for _, item := range WorkReadinessItems {
		if !seen[item] {
			c.Add("ratings."+item, "required")
		}
	}
	return weak, c.Err()
}
