package transfer

import (
	"waymark/internal/export"
	"waymark/internal/page"
	"waymark/internal/transfer"
)

// Table is the transfers in reach as a file.
func Table(c page.Chrome, items []transfer.Transfer) export.Table {
	t := export.Table{
		Title: c.T("transfer.list"), Scope: c.Reach(),
		Columns: []export.Column{
			{Title: c.T("transfer.to"), Width: 24},
			{Title: c.T("transfer.people_head"), Kind: export.Number},
			{Title: c.T("transfer.effective_on"), Kind: export.Date},
			{Title: c.T("transfer.by"), Width: 24},
			{Title: c.T("transfer.made_at"), Width: 22},
			{Title: c.T("transfer.state"), Width: 22},
			{Title: c.T("transfer.before"), Kind: export.Number},
			{Title: c.T("transfer.after"), Kind: export.Number},
			{Title: c.T("transfer.refused"), Width: 50},
		},
	}
	for _, m := range items {
		t.Rows = append(t.Rows, []any{m.To, m.Count, m.EffectiveOn, m.MadeBy, c.Moment(m.MadeAt), c.T("transfer.state." + m.State), number(m.Before), number(m.After), why(c, m.Refused)})
	}
	return t
}

func number(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func why(c page.Chrome, code string) string {
	if code == "" {
		return ""
	}
	return c.T("error." + code)
}
