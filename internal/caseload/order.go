package caseload

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"waymark/internal/access"
)

// order is one of the orders offered: by which columns, and as one text that sorts the same, for the cursor. of is that
// text of a row where the row says it; of others it is read along.
type order struct {
	by, key string
	of      func(*Row) string
}

// read is the text as a column, where it is read.
func (o order) read() string {
	if o.of != nil {
		return ""
	}
	return ", " + o.key + " as sort_key"
}

func (o order) keyOf(r *Row) string {
	if o.of != nil {
		return o.of(r)
	}
	return r.Key
}

var orders = map[string]order{
	"due":     {"c.next_on nulls last, c.next_at nulls last", "(coalesce(cast(c.next_on as text), '9999-12-31') || coalesce(cast(c.next_at as text), '24')) collate \"C\"", dueKey},
	"name":    {"p.search_key", "p.search_key", nil},
	"step":    {"c.step, p.search_key", "(cast(c.step as text) || p.search_key) collate \"C\"", nil},
	"contact": {"c.last_reached_on nulls first", "coalesce(cast(c.last_reached_on as text), '0001-01-01') collate \"C\"", nil},
}

func dueKey(r *Row) string {
	on, at := "9999-12-31", "24"
	if !r.NextOn.IsZero() {
		on = r.NextOn.String()
	}
	if !r.NextAt.IsZero() {
		at = r.NextAt.Time().Format(time.TimeOnly)
	}
	return on + at
}

type cursor struct {
	Key string        `json:"key"`
	ID  access.CaseID `json:"i"`
}

// page cuts the row too many and makes the cursor of it.
func page(rows []Row, o order, limit int) List {
	list := List{Items: rows}
	if len(rows) > limit {
		list.Items = rows[:limit]
		last := list.Items[limit-1]
		b, _ := json.Marshal(cursor{o.keyOf(&last), last.ID})
		list.Next = base64.RawURLEncoding.EncodeToString(b)
	}
	return list
}
