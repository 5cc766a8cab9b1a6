package plan

import (
	"waymark/internal/export"
	"waymark/internal/page"
)

// QueueTable is the plans that wait for the reader as a file.
func QueueTable(c page.Chrome, items []QueueItem) export.Table {
	t := export.Table{
		Title: c.T("plan.queue.title"), Scope: c.Reach(),
		Columns: []export.Column{
			{Title: c.T("plan.queue.person"), Width: 28},
			{Title: c.T("plan.queue.from"), Width: 24},
			{Title: c.T("plan.queue.what"), Width: 50},
			{Title: c.T("plan.queue.since"), Width: 22},
			{Title: c.T("plan.queue.waited"), Kind: export.Number},
		},
	}
	for _, w := range items {
		t.Rows = append(t.Rows, []any{w.Name, w.Author, what(c, w.Waiting, w.Pathway), c.Moment(w.Since), w.Days})
	}
	return t
}
