package portal

import (
	"cmp"

	"waymark/internal/civil"
	"waymark/internal/msg"
	"waymark/internal/portal"
)

func (v History) version(p portal.Version) string {
	return v.T("my_history.version", msg.Args{"number": p.Number, "date": v.LongDate(p.Since)})
}

// news says one change in a sentence.
func (v History) news(n portal.PlanNews) string {
	name := n.Name
	if v.Lang() == "es" {
		name = cmp.Or(n.Spanish, n.Name)
	}
	switch n.Kind {
	case "added":
		return v.T("my_history.added", msg.Args{"name": name})
	case "removed":
		return v.T("my_history.removed", msg.Args{"name": name})
	}
	return v.T("my_history."+n.Subject+"."+n.Field, msg.Args{"name": name, "from": v.said(n.From), "to": v.said(n.To)})
}

// said writes a day as people read it.
func (v History) said(text string) string {
	if day, err := civil.Parse(text); err == nil {
		return v.LongDate(day)
	}
	return cmp.Or(text, v.T("my_history.nothing"))
}
