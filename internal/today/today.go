// Package today is the read model of the work list: what is late, what is today, what comes this
// week, and what else waits. It is worked out each time it is shown.
package today

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/draft"
	"waymark/internal/ownwords"
	"waymark/internal/portal"
)

// Days that "this week" reaches ahead; the caseload's view of that name reaches as far.
const Days = 6

// Kinds of items beside the kinds of appointments.
const (
	CheckIn   = "check_in"
	Milestone = "milestone"
)

// Item is one thing to do with one person, and why.
type Item struct {
	CaseID      access.CaseID `json:"case_id"`
	Name        string        `json:"name"`
	Language    string        `json:"language"`
	Interpreter bool          `json:"interpreter"`
	Pathway     string        `json:"pathway_code"`
	Step        int           `json:"step"`
	Kind        string        `json:"kind"`
	DueOn       civil.Date    `json:"due_on"`
	At          civil.Clock   `json:"at_time"`
	Place       string        `json:"place"`
	DaysLate    int           `json:"days_late"`
	// More counts the person's other things in the same group.
	More           int        `json:"more"`
	Milestone      string     `json:"milestone"`
	MilestoneES    string     `json:"milestone_es"`
	MilestoneDueOn civil.Date `json:"milestone_due_on"`
	LastReachedOn  civil.Date `json:"last_reached_on"`
	LastMethod     string     `json:"last_method"`
	Unanswered     int        `json:"unanswered"`
	SectionsDone   int        `json:"sections_done"`
	Options        int        `json:"options"`
	PlanState      string     `json:"plan_state"`
	Comment        string     `json:"comment"`
	CommentBy      string     `json:"comment_by"`
}

// Key names the item's row on the page.
func (i Item) Key() string {
	if i.Kind == Milestone {
		return i.CaseID.String() + "-m"
	}
	return i.CaseID.String()
}

// MilestoneIn is the milestone's title in a language.
func (i Item) MilestoneIn(lang string) string {
	if lang == "es" {
		return cmp.Or(i.MilestoneES, i.Milestone)
	}
	return i.Milestone
}

// Unfinished counts what was begun and not sent, and the plans that came back.
func (l List) Unfinished() int { return len(l.Drafts) + len(l.Returned) + len(l.OfAge) }

// Talks reports that the item is done by recording a check-in.
func (i Item) Talks() bool { return i.Kind == CheckIn || i.Kind == Milestone }

// PlanItem is a plan that was returned, or one that waits for somebody else.
type PlanItem struct {
	CaseID     access.CaseID `db:"case_id" json:"case_id"`
	Name       string        `db:"name" json:"name"`
	State      string        `db:"state" json:"state"`
	Since      *time.Time    `db:"since" json:"since"`
	Signed     bool          `db:"signed" json:"signed_by_participant"`
	Comment    string        `db:"comment" json:"comment"`
	By         string        `db:"by" json:"by"`
	ReturnedAt *time.Time    `db:"returned_at" json:"returned_at"`
}

// OfAge is somebody who turned 18: from now on they sign alone, and are told so.
type OfAge struct {
	CaseID   access.CaseID `db:"case_id" json:"case_id"`
	Name     string        `db:"name" json:"name"`
	Guardian string        `db:"guardian" json:"guardian"`
	Since    civil.Date    `db:"since" json:"since"`
}

// Waiting is something asked of somebody else.
type Waiting struct {
	CaseID   access.CaseID `db:"case_id" json:"case_id"`
	Name     string        `db:"name" json:"name"`
	What     string        `db:"what" json:"what"`
	FromWhom string        `db:"from_whom" json:"from_whom"`
	AskedOn  civil.Date    `db:"asked_on" json:"asked_on"`
}

// List is everything that the page of the day shows.
type List struct {
	Day     civil.Date       `json:"date"`
	Until   civil.Date       `json:"until"`
	Overdue []Item           `json:"overdue"`
	Today   []Item           `json:"today"`
	Week    []Item           `json:"week"`
	Closed  []agency.Holiday `json:"closed"`
	Replies []portal.Signal  `json:"replies"`
	// Papers are those that participants sent and nobody has looked at.
	Papers []document.Waiting `json:"papers"`
	// Words are what participants say of themselves and nobody has accepted or declined.
	Words  []ownwords.Waiting `json:"own_words"`
	Drafts []draft.Draft      `json:"drafts"`
	// OfAge are those who turned 18 with a guardian still on the record.
	OfAge    []OfAge    `json:"of_age"`
	Returned []PlanItem `json:"returned"`
	Sent     []PlanItem `json:"sent"`
	Asked    []Waiting  `json:"asked"`
	NextDue  civil.Date `json:"next_due"`
}

// ComingIn counts the people who are expected at the office today.
func (l List) ComingIn() (n int) {
	for _, i := range l.Today {
		if i.Kind != Milestone && i.Place == "office" {
			n++
		}
	}
	return n
}

// After is the next person to talk with after one item: later in the list, late ones first.
func (l List) After(of access.CaseID) (Item, bool) {
	all := slices.Concat(l.Overdue, l.Today)
	at := slices.IndexFunc(all, func(i Item) bool { return i.CaseID == of })
	for _, i := range append(slices.Clone(all[at+1:]), all[:max(at, 0)]...) {
		if i.Talks() && i.CaseID != of {
			return i, true
		}
	}
	return Item{}, false
}

// Find gives the item of a row.
func (l List) Find(key string) (Item, bool) {
	for _, i := range slices.Concat(l.Overdue, l.Today, l.Week) {
		if i.Key() == key {
			return i, true
		}
	}
	return Item{}, false
}

// Sorts are the orders offered.
var Sorts = []string{"due", "person", "place"}

// Sorted puts every group in another order; late and today stay apart.
func (l List) Sorted(by string) List {
	for _, group := range [][]Item{l.Overdue, l.Today, l.Week} {
		switch by {
		case "person":
			slices.SortStableFunc(group, func(a, b Item) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
		case "place":
			slices.SortStableFunc(group, func(a, b Item) int { return cmp.Compare(remote(a), remote(b)) })
		}
	}
	return l
}

// remote sorts who comes in before who is talked with from afar.
func remote(i Item) int {
	if i.Place == "office" && i.Kind != Milestone {
		return 0
	}
	return 1
}
