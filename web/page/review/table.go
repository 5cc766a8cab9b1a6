package review

import (
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/review"
)

// FindingsTable is what waits for a correction in the reader's cases as a file.
func FindingsTable(c page.Chrome, items []review.Finding) export.Table {
	t := table(c, items)
	t.Title, t.Filter = c.T("review.findings"), c.T("review.filter.open")
	return t
}

// Table is everything that a review has found so far as a file.
func Table(c page.Chrome, r review.Review, items []review.Finding) export.Table {
	t := table(c, items)
	t.Title, t.Filter = c.T("review.one", msg.Args{"count": r.Files}), c.T("review.filter.one", msg.Args{"when": c.Moment(r.MadeAt), "seed": r.Seed})
	return t
}

func table(c page.Chrome, items []review.Finding) export.Table {
	t := export.Table{
		Scope: c.Reach(),
		Columns: []export.Column{
			{Title: c.T("plan.queue.person"), Width: 28},
			{Title: c.T("review.findings.item"), Width: 50},
			{Title: c.T("review.findings.result")},
			{Title: c.T("review.findings.note"), Width: 40},
			{Title: c.T("review.found_by"), Width: 24},
			{Title: c.T("review.correction"), Width: 40},
			{Title: c.T("review.corrected_by"), Width: 24},
			{Title: c.T("review.corrected_at"), Width: 22},
		},
	}
	for _, f := range items {
		at := ""
		if f.CorrectedAt != nil {
			at = c.Moment(*f.CorrectedAt)
		}
		t.Rows = append(t.Rows, []any{f.Name, f.Words(c.Lang()), c.T("review.findings.result." + f.Result), f.Note, f.FoundBy, f.Correction, f.CorrectedBy, at})
	}
	return t
}
