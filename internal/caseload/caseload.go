// Package caseload is the read model of lists: whom somebody works with, what is due, who needs attention.
package caseload

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Service answers lists.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Views are the tabs over the list; each is a condition that its count uses as well.
var Views = []string{"all", "overdue", "week", "attention", "stalled", "new", "closed"}

// narrower is what each view asks of an open case c. The thresholds are arguments, the texts are constants.
var narrower = map[string]string{
	// A late milestone counts by itself only where no talk about it is due by today.
	"overdue":   "c.paused_on is null and (c.next_on < :today or c.milestone_late_on <= :today and (c.next_on is null or c.next_on > :today))",
	"week":      "c.next_on between :today and cast(:today as date) + 6 and c.paused_on is null",
	"attention": casefile.NeedsAttention,
	"stalled":   casefile.Flagged("stalled"),
	"new":       "c.step <= 3",
}

// condition is a view as a condition on cases c.
func condition(view string) string {
	switch narrow := narrower[view]; {
	case view == "closed":
		return "not (" + casefile.OpenStates + ")"
	case narrow != "":
		return casefile.OpenStates + " and " + narrow
	}
	return casefile.OpenStates
}

// PageSize is how many rows a page has unless the address says otherwise; Sizes are those that the page offers.
const PageSize = 50

// Sizes end with the most rows that a page may have.
var Sizes = []int{15, PageSize, 200}

// Filter narrows the list. Every field is optional; a view is an address.
type Filter struct {
	View        string          `json:"attention"`
	Q           string          `json:"q"`
	Step        int             `json:"step"`
	Pathway     string          `json:"pathway"`
	Language    string          `json:"language"`
	Urgency     string          `json:"urgency"`
	Flag        string          `json:"flag"`
	CaseManager access.UserID   `json:"case_manager"`
	Office      access.OfficeID `json:"office"`
	Sort        string          `json:"sort"`
	Limit       int             `json:"limit"`
	Cursor      string          `json:"cursor"`
	// Columns are those that the page shows; none given means the usual ones.
	Columns []string `json:"columns"`
}

// Row is one case of the list with what needs attention.
type Row struct {
	casefile.Case
	Attention []casefile.Flag `json:"attention" db:"-"`
	// Key is the row's place in the order.
	Key string `json:"-" db:"sort_key"`
}

// List is one page of rows and the cursor of the next.
type List struct {
	Items []Row  `json:"items"`
	Next  string `json:"next"`
}

// List reads one page of the cases in reach.
func (s *Service) List(ctx context.Context, by access.Actor, f Filter) (List, error) {
	return s.list(ctx, by, f, whole)
}

// Lines is List for a table of the columns of f: what its lines do not say stays empty.
func (s *Service) Lines(ctx context.Context, by access.Actor, f Filter) (List, error) {
	if f.Shows(by, "manager") {
		return s.list(ctx, by, f, managed)
	}
	return s.list(ctx, by, f, lines)
}

func (s *Service) list(ctx context.Context, by access.Actor, f Filter, say facts) (list List, err error) {
	scope, err := s.policy.Scope(by, access.ReadCaseload)
	if err != nil {
		return list, err
	}
	if err := f.check(); err != nil {
		return list, err
	}
	var after cursor
	if f.Cursor != "" {
		b, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(b, &after) != nil || after.Key == "" || after.ID.IsZero() {
			return list, errs.At("cursor", "cursor")
		}
	}
	today := by.Today(s.db.Now())
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		rules, err := casefile.RulesFor(tx, by)
		if err != nil {
			return err
		}
		rows, err := pg.List[Row](tx, f.query(scope, say), f.args(scope, tx, today, rules, after))
		if err != nil {
			return err
		}
		list = page(rows, orders[f.Sort], f.Limit)
		for i := range list.Items {
			list.Items[i].Attention = say.flags(&list.Items[i].Case, today, rules)
		}
		return nil
	})
	return list, err
}

// facts are what rows say of their cases, and from where: the few case managers and offices of a page are read once,
// not once a row.
type facts struct {
	flags               func(*casefile.Case, civil.Date, casefile.Rules) []casefile.Flag
	columns, with, join string
}

var (
	lines   = facts{flags: casefile.Raised, columns: casefile.LineColumns}
	managed = facts{
		casefile.Raised,
		casefile.LineColumns + `, ` + casefile.Manager,
		`, u as materialized (select agency_id, id, first_name, last_name from users where (agency_id, id) in (select agency_id, case_manager_id from c))`,
		` join u on u.agency_id = c.agency_id and u.id = c.case_manager_id`,
	}
	whole = facts{
		casefile.Attention,
		casefile.Columns,
		managed.with + `, o as materialized (select agency_id, id, name from offices where (agency_id, id) in (select agency_id, office_id from c))`,
		managed.join + ` join o on o.agency_id = c.agency_id and o.id = c.office_id`,
	}
)

// The cases of a list are looked for with their people only where it asks something of these.
const (
	alone = `cases c`
	named = `cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id`
)

func (f Filter) from() string {
	if f.Q != "" || f.Language != "" {
		return named
	}
	return alone
}

// query reads one page of the list: first which cases, then what a row says of each. A test holds its plan against
// sequential scans.
func (f Filter) query(scope access.Scope, say facts) string {
	o, from := orders[f.Sort], f.from()
	if from == alone && strings.Contains(o.by, "p.") {
		from = named
	}
	after := ""
	if f.Cursor != "" {
		after = ` and (` + o.key + `, c.id) > (:after_key, cast(:after_id as uuid))`
	}
	return `with c as materialized (select c.* from ` + from + `
			where ` + f.where() + ` and ` + scope.Where() + after + `
			order by ` + o.by + `, c.id limit :limit)` + say.with + `
		select ` + say.columns + o.read() + ` from c
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id` + say.join + `
		order by ` + o.by + `, c.id limit :limit`
}

func (f *Filter) check() error {
	if f.View == "" {
		f.View = "all"
	}
	if f.Sort == "" {
		f.Sort = "due"
	}
	if f.Limit == 0 {
		f.Limit = PageSize
	}
	var c errs.Collector
	if !slices.Contains(Views, f.View) {
		c.Add("attention", "oneof")
	}
	if orders[f.Sort].by == "" {
		c.Add("sort", "sort")
	}
	if f.Limit < 1 || f.Limit > 200 {
		c.AddArgs("limit", "lte", map[string]any{"param": 100})
	}
	if f.Step < 0 || f.Step > 6 {
		c.Add("step", "oneof")
	}
	if f.Flag != "" && casefile.Flagged(f.Flag) == "" {
		c.Add("flag", "oneof")
	}
	if f.Urgency != "" && !slices.Contains(Urgencies, f.Urgency) {
		c.Add("urgency", "oneof")
	}
	if len(f.Q) > 100 || len(f.Pathway) > 20 || len(f.Language) > 12 {
		c.Add("q", "max")
	}
	return c.Err()
}

// where is the view and the filters; each filter that is not set is true.
func (f Filter) where() string {
	w := condition(f.View)
	if f.Q != "" {
		w += " and strpos(p.search_key, app.fold(:q)) > 0"
	}
	if f.Step > 0 {
		w += " and c.step = :step"
	}
	if f.Pathway != "" {
		w += " and c.pathway_code = :pathway"
	}
	if f.Language != "" {
		w += " and p.language = :language"
	}
	if f.Urgency != "" {
		w += " and " + Urgency + " = :urgency"
	}
	if f.Flag != "" {
		w += " and " + casefile.OpenStates + " and " + casefile.Flagged(f.Flag)
	}
	if !f.CaseManager.IsZero() {
		w += " and c.case_manager_id = :manager"
	}
	if !f.Office.IsZero() {
		w += " and c.office_id = :office"
	}
	return w
}

func (f Filter) args(scope access.Scope, tx *pg.Tx, today civil.Date, rules casefile.Rules, after cursor) pg.Args {
	args := rules.Args(today)
	maps.Copy(args, pg.Args{
		"q": f.Q, "step": f.Step,
		"pathway": f.Pathway, "language": f.Language, "urgency": f.Urgency, "manager": f.CaseManager, "office": f.Office,
		"after_key": after.Key, "after_id": after.ID.String(), "limit": f.Limit + 1,
	})
	return args.In(scope, tx)
}
