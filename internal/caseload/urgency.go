package caseload

// Urgencies put every open case into exactly one group: the worst that is true of it. The team page
// counts by them and links to the list that they filter, so both say the same.
var Urgencies = []string{"on_track", "due", "overdue", "stalled", "paused"}

// Urgency is the group of a row of cases c, as an expression; it takes the arguments today and stalled.
const Urgency = `case when c.paused_on is not null then 'paused'
	when c.step = 6 and greatest(c.progress_on, c.last_reached_on, c.step_since) <= cast(:today as date) - cast(:stalled as int) then 'stalled'
	when c.next_on < cast(:today as date) then 'overdue'
	when c.next_on <= cast(:today as date) + 6 then 'due'
	else 'on_track' end`
