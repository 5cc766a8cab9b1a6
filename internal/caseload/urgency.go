package caseload

import "waymark/internal/casefile"

// Urgencies put every open case into exactly one group: the worst that is true of it. The team page
// counts by them and links to the list that they filter, so both say the same.
var Urgencies = []string{"on_track", "due", "overdue", "stalled", "unplanned", "paused"}

// Urgency is the group of a row of cases c, as an expression; it takes the arguments of casefile.Rules.Args.
// A pause that lasts longer than meant is overdue.
const Urgency = `case when c.paused_on is not null and c.left_on is null and ` + casefile.PauseOver + ` then 'overdue'
	when c.paused_on is not null then 'paused'
	when ` + casefile.Stalled + ` then 'stalled'
	when ` + casefile.Unplanned + ` then 'unplanned'
	when c.next_on < cast(:today as date) then 'overdue'
	when c.next_on <= cast(:today as date) + 6 then 'due'
	else 'on_track' end`
