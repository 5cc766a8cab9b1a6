package today

import (
	"cmp"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/civil"
)

// row is one case with what is due on it.
type row struct {
	CaseID         access.CaseID `db:"case_id"`
	Name           string        `db:"name"`
	Language       string        `db:"language"`
	Interpreter    bool          `db:"interpreter"`
	Pathway        string        `db:"pathway_code"`
	Step           int           `db:"step"`
	NextOn         civil.Date    `db:"next_on"`
	NextAt         civil.Clock   `db:"next_at"`
	NextKind       string        `db:"next_kind"`
	NextPlace      string        `db:"next_place"`
	Milestone      string        `db:"milestone_title"`
	MilestoneES    string        `db:"milestone_title_es"`
	MilestoneDueOn civil.Date    `db:"milestone_due_on"`
	MilestoneLate  civil.Date    `db:"milestone_late_on"`
	LastReachedOn  civil.Date    `db:"last_reached_on"`
	LastMethod     string        `db:"last_method"`
	Unanswered     int           `db:"unanswered"`
	SectionsDone   int           `db:"sections_done"`
	Options        int           `db:"options"`
	PlanState      string        `db:"plan_state"`
	Comment        string        `db:"comment"`
	CommentBy      string        `db:"comment_by"`
}

// items are the appointment and the milestone of a case, each when it is due by until.
func (r row) items(today, until civil.Date) []Item {
	base := Item{
		CaseID: r.CaseID, Name: r.Name, Language: r.Language, Interpreter: r.Interpreter, Pathway: r.Pathway, Step: r.Step, Milestone: r.Milestone,
		MilestoneES: r.MilestoneES, MilestoneDueOn: r.MilestoneDueOn, LastReachedOn: r.LastReachedOn, LastMethod: r.LastMethod, Unanswered: r.Unanswered,
		SectionsDone: r.SectionsDone, Options: r.Options, PlanState: r.PlanState, Comment: r.Comment, CommentBy: r.CommentBy,
	}
	var list []Item
	if !r.NextOn.IsZero() && !r.NextOn.After(until) {
		talk := base
		talk.Kind, talk.DueOn, talk.At, talk.Place, talk.DaysLate = r.NextKind, r.NextOn, r.NextAt, r.NextPlace, max(0, today.DaysSince(r.NextOn))
		list = append(list, talk)
	}
	if !r.MilestoneDueOn.IsZero() && !r.MilestoneDueOn.After(until) {
		step := base
		step.Kind, step.DueOn = Milestone, r.MilestoneDueOn
		if !r.MilestoneLate.After(today) {
			step.DaysLate = today.DaysSince(r.MilestoneDueOn)
		}
		list = append(list, step)
	}
	if len(list) == 2 && together(list[0], list[1], today) {
		first := list[0]
		if groupOf(first, today) == groupOf(list[1], today) && list[1].DueOn.Before(first.DueOn) {
			first = list[1]
		}
		first.More = 1
		return []Item{first}
	}
	return list
}

// together reports that the talk and the milestone are one thing to do: both in one group, or the
// milestone due when the talk about it is due by today anyway.
func together(talk, milestone Item, today civil.Date) bool {
	return groupOf(talk, today) == groupOf(milestone, today) || groupOf(talk, today) <= 0 && groupOf(milestone, today) <= 0
}

// groupOf is -1 for late, 0 for today, 1 for later. What is due and still within its tolerance is for today.
func groupOf(i Item, today civil.Date) int {
	switch {
	case i.DaysLate > 0:
		return -1
	case i.DueOn.After(today):
		return 1
	}
	return 0
}

// sorted puts the items into their groups: late by day, today by time, the rest by day and time.
func (l *List) sorted(rows []row) {
	for _, r := range rows {
		for _, i := range r.items(l.Day, l.Until) {
			switch groupOf(i, l.Day) {
			case -1:
				l.Overdue = append(l.Overdue, i)
			case 0:
				l.Today = append(l.Today, i)
			default:
				l.Week = append(l.Week, i)
			}
		}
	}
	for _, group := range [][]Item{l.Overdue, l.Today, l.Week} {
		slices.SortStableFunc(group, func(a, b Item) int {
			return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(minutes(a.At), minutes(b.At)), strings.Compare(a.Name, b.Name))
		})
	}
}

// minutes sorts what has no time after what has.
func minutes(c civil.Clock) int {
	if c.IsZero() {
		return 24 * 60
	}
	return c.Minutes()
}
