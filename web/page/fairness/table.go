package fairness

import (
	"strconv"

	"waymark/internal/export"
	"waymark/internal/fairness"
	"waymark/internal/msg"
)

// Table is the whole page as one list: days in each step, choices outside the recommendations, and what
// each group was recommended, chose and completed. What the page hides is hidden here.
func (v Fairness) Table() export.Table {
	t := export.Table{
		Title: v.T("fairness.title"), Scope: v.T("result.scope.agency", msg.Args{"agency": v.By.AgencyName}), Filter: v.T("fairness.year"), Notice: v.T("fairness.small"),
		Columns: []export.Column{
			{Title: v.T("fairness.part"), Width: 34},
			{Title: v.T("fairness.group"), Width: 30},
			{Title: v.T("fairness.pathway"), Width: 26},
			{Title: v.T("fairness.left"), Kind: export.Number},
			{Title: v.T("team.days"), Kind: export.Number},
			{Title: v.T("team.target"), Kind: export.Number},
			{Title: v.T("fairness.recommended"), Kind: export.Number},
			{Title: v.T("fairness.chosen"), Kind: export.Number},
			{Title: v.T("fairness.completed"), Kind: export.Number},
			{Title: v.T("fairness.percent"), Kind: export.Number},
		},
	}
	for _, d := range v.View.Steps {
		left := any(d.People)
		if d.Days == nil {
			left = v.T("fairness.few")
		}
		t.Rows = append(t.Rows, []any{v.T("fairness.dwell"), strconv.Itoa(d.Step) + " " + v.T("step."+strconv.Itoa(d.Step)), "", left, orNone(d.Days), d.Target, nil, nil, nil, nil})
	}
	for _, o := range v.View.Overrides {
		percent := any(v.T("fairness.few"))
		if o.Percent != nil {
			percent = *o.Percent
		}
		t.Rows = append(t.Rows, []any{v.T("fairness.override"), o.CaseManager, "", nil, nil, nil, nil, o.Chosen, nil, percent})
	}
	for _, d := range fairness.Dimensions {
		for _, s := range v.View.Of(d) {
			t.Rows = append(t.Rows, []any{v.T("fairness.dim." + d), v.T("equity." + d + "." + s.Group), v.Pathway(s.Pathway), nil, nil, nil, v.orHidden(s.Recommended), v.orHidden(s.Chosen), v.orHidden(s.Completed), nil})
		}
	}
	return t
}

func orNone(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func (v Fairness) orHidden(n *int) any {
	if n == nil {
		return v.T("fairness.hidden")
	}
	return *n
}
