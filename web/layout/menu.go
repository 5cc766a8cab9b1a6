package layout

import (
	"waymark/internal/access"
	"waymark/internal/page"
)

// entry is one item of the main menu.
type entry struct{ Key, Href string }

// menu lists what the viewer's role can open.
func menu(c page.Chrome) []entry {
	var list []entry
	add := func(key, href string, needs access.Permission) {
		if c.May(needs) {
			list = append(list, entry{key, href})
		}
	}
	if c.By.Role == access.CaseManager {
		list = append(list, entry{"today", "/today"})
	}
	add("team", "/team", access.ReadTeam)
	add("approvals", "/approvals", access.ApprovePlan)
	add("caseload", "/caseload", access.ReadCaseload)
	list = append(list, entry{"pathways", "/pathways"})
	if c.By.Role == access.CaseManager {
		list = append(list, entry{"follow_up", "/follow-up"})
	}
	add("results", "/results", access.ReadResult)
	add("setup", "/setup", access.ManageUser)
	add("audit", "/audit", access.ReadAudit)
	return list
}

// here is the address to come back to.
func here(c page.Chrome) string { return c.With() }
