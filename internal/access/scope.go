package access

import (
	"slices"
	"strings"
	"time"
)

// Scope is a permission's reach as one SQL condition. Lists, counts, exports and single
// reads all use it, so what one hides none of the others shows.
type Scope struct {
	by      Actor
	reaches []Reach
}

// conditions on `cases c`, one for each reach. They are constants: nothing typed by anyone is in them.
var conditions = map[Reach]string{
	Self: "c.participant_id = :scope_participant",
	Own:  "c.case_manager_id = :scope_user",
	Covered: `c.case_manager_id = any (array(select v.case_manager_id from coverages v
		where v.delegate_id = :scope_user and v.ended_at is null
		and cast(:scope_today as date) between v.from_on and v.until_on))`,
	OfficeWide: "c.office_id = :scope_office",
	AgencyWide: "true",
	// Partners and emergencies come with their issues; until then these reach nothing.
	Shared:     "false",
	BreakGlass: "false",
}

// ownAndCovered is both in one condition: the list of case managers is worked out once and looked
// up in the index on the case manager, where an "or" of the two would read every case of the agency.
const ownAndCovered = `c.case_manager_id = any (array(select cast(:scope_user as uuid) union all select v.case_manager_id from coverages v
		where v.delegate_id = :scope_user and v.ended_at is null
		and cast(:scope_today as date) between v.from_on and v.until_on))`

// By is whose scope it is.
func (s Scope) By() Actor { return s.by }

// Whole reports whether it reaches the whole agency.
func (s Scope) Whole() bool { return slices.Contains(s.reaches, AgencyWide) }

// Where is the condition on `cases c`. The zero Scope reaches nothing.
func (s Scope) Where() string {
	if s.Whole() {
		return "true"
	}
	if len(s.reaches) == 0 {
		return "false"
	}
	both := slices.Contains(s.reaches, Own) && slices.Contains(s.reaches, Covered)
	var parts []string
	for _, r := range s.reaches {
		switch {
		case both && r == Own:
			parts = append(parts, ownAndCovered)
		case both && r == Covered:
		default:
			parts = append(parts, conditions[r])
		}
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

// WherePerson is the condition on `participants p`: somebody with a case in the scope, or
// somebody who has none yet and was taken in by the actor or at the actor's office.
func (s Scope) WherePerson() string {
	if s.Whole() {
		return "true"
	}
	return `(exists (select from cases c where c.participant_id = p.id and ` + s.Where() + `)
		or (p.created_by = :scope_user or p.office_id = :scope_office) and :scope_staff
			and not exists (select from cases c where c.participant_id = p.id))`
}

// Args are the named arguments of both conditions; now decides which day it is at the agency.
func (s Scope) Args(now time.Time) map[string]any {
	return map[string]any{
		"scope_user":        s.by.ID,
		"scope_office":      s.by.Office,
		"scope_participant": s.by.Participant,
		"scope_today":       s.by.Today(now),
		"scope_staff":       s.by.Role.Staff(),
	}
}
