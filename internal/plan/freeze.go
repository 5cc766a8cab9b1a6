package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/pathway"
	"waymark/internal/pg"
)

// Document is everything that stands on the paper that is signed, and nothing else.
type Document struct {
	Plan     Plan
	Lang     string
	Date     civil.Date
	Agency   Office
	Name     string
	Number   string
	Language string
	Phone    string
	Manager  string
	Programs []string
	Pathway  string
	Area     string
	Goals    []goal.Goal
}

// Office is whom to write to and call.
type Office struct {
	Name    string `db:"name"`
	Address string `db:"address"`
	Phone   string `db:"phone"`
}

// LinesOf lists what a milestone costs.
func (d Document) LinesOf(key string) []Line {
	var list []Line
	for _, l := range d.Plan.Lines {
		if l.MilestoneKey == key && l.State != "not_needed" {
			list = append(list, l)
		}
	}
	return list
}

// LooseLines are supports and services that belong to no milestone.
func (d Document) LooseLines() []Line {
	var list []Line
	for _, l := range d.Plan.Lines {
		if l.MilestoneKey == "" && l.State != "not_needed" {
			list = append(list, l)
		}
	}
	return list
}

// documentOf gathers the facts.
func documentOf(tx *pg.Tx, by access.Actor, c casefile.Case, p Plan, lang string) (d Document, err error) {
	d = Document{Plan: p, Lang: lang, Date: by.Today(tx.Now), Name: c.FirstName + " " + c.LastName, Number: c.Number, Language: c.Language, Phone: c.Phone,
		Manager: c.CaseManager, Programs: c.Programs, Pathway: p.PathwayCode, Area: p.AreaCode}
	if p.FrozenAt != nil {
		d.Date = civil.Of(by.Local(*p.FrozenAt))
	}
	d.Plan.Milestones = slices.SortedStableFunc(slices.Values(p.Milestones), func(a, b Milestone) int {
		return cmp.Or(a.first().Compare(b.first()), cmp.Compare(a.Position, b.Position))
	})
	if d.Agency, err = pg.Get[Office](tx, `select name, address, phone from agencies where id = :id`, pg.Args{"id": by.Agency}); err != nil {
		return d, err
	}
	goals, err := goal.Of(tx, c.ID)
	if err != nil {
		return d, err
	}
	d.Goals = slices.DeleteFunc(goals, func(g goal.Goal) bool { return !g.Status.Live() && g.Status != goal.Met })
	e, err := pathway.At(tx, p.PathwayCode, p.PathwayVersion)
	if errs.Is(err, errs.NotFound) {
		return d, nil
	}
	d.Pathway = e.Name.In(lang)
	if a, ok := e.AreaCoded(p.AreaCode); ok {
		d.Area = a.Name.In(lang)
	}
	return d, err
}

// SubmitInput freezes a draft. The paper's language is the person's own unless another is asked for.
type SubmitInput struct {
	DocumentLang string `json:"document_lang" validate:"omitempty,oneof=en es"`
}

// Submit freezes the version being worked on: its document is printed once, stored, and from then
// on only signed.
func (s *Service) Submit(ctx context.Context, by access.Actor, caseID access.CaseID, version int, in SubmitInput) (p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return p, err
	}
	err = s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		was, found, err := Open(tx, c.ID)
		if err != nil {
			return err
		}
		if !found {
			return closedPlan(tx, c.ID)
		}
		if err := was.check(version); err != nil {
			return err
		}
		if err := was.editable(); err != nil {
			return err
		}
		goals, err := goal.Of(tx, c.ID)
		if err != nil {
			return err
		}
		if err := was.Ready(goals); err != nil {
			return err
		}
		if err := s.freeze(tx, by, c, was, in.DocumentLang); err != nil {
			return err
		}
		if p, _, err = Numbered(tx, c.ID, was.Number); err != nil {
			return err
		}
		p = p.AsOf(by.Today(tx.Now))
		return audit.Append(tx, by, audit.Entry{Action: "plan.submitted", Case: c.ID, Subject: p.ID.String(), Detail: map[string]any{"number": p.Number, "sha256": p.SHA256}})
	})
	return p, err
}

func (s *Service) freeze(tx *pg.Tx, by access.Actor, c casefile.Case, was Plan, lang string) error {
	if lang == "" {
		lang = was.DocumentLang
	}
	fresh := was
	fresh.FrozenAt = &tx.Now
	d, err := documentOf(tx, by, c, fresh, lang)
	if err != nil {
		return err
	}
	text, err := s.render(d)
	if err != nil {
		return errs.Wrapf(err, "plan: print")
	}
	if err := keepSigned(tx, by, was); err != nil {
		return err
	}
	print := sha256.Sum256([]byte(text))
	return freeze(tx, was, text, lang, print[:])
}

// Reopen takes a version that was sent back to work on. Marks on its document no longer count.
func (s *Service) Reopen(ctx context.Context, by access.Actor, caseID access.CaseID, version int) (p Plan, err error) {
	err = s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		was, found, err := Open(tx, c.ID)
		if err != nil {
			return err
		}
		if !found || was.State != Submitted {
			return errs.New(errs.Conflict, "plan.not_submitted")
		}
		if err := was.check(version); err != nil {
			return err
		}
		if err := keepSigned(tx, by, was); err != nil {
			return err
		}
		if err := thaw(tx, was); err != nil {
			return err
		}
		if p, _, err = Numbered(tx, c.ID, was.Number); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "plan.reopened", Case: c.ID, Subject: p.ID.String(), Detail: map[string]any{"number": p.Number}})
	})
	return p, err
}

// Ready refuses to freeze a plan that does not hold together: goals.<horizon> horizon_empty,
// goals.<id> no_milestone, lines.<i>.funding funding_needed, and what Inside, CheckOrder and
// CheckCycles say about milestones.<key>.
func (p Plan) Ready(goals []goal.Goal) error {
	var c errs.Collector
	p.readyGoals(&c, goals)
	if len(p.Milestones) == 0 {
		c.Add("milestones", "none_yet")
	}
	dates := p.dated()
	for i := range dates { // what was done in another order is a fact, not a fault of the plan
		dates[i].Done = false
	}
	for _, err := range []error{Inside(dates, p.StartOn, p.EndOn), CheckCycles(dates), CheckOrder(dates)} {
		var dated errs.Collector
		if err := dated.Merge(err); err != nil {
			return err
		}
		for _, f := range fieldsOf(dated.Err()) {
			f = p.titled(f)
			c.AddArgs(f.Name, f.Code, f.Args)
		}
	}
	for i, l := range p.Lines {
		if l.Cost > 0 && l.State != "not_needed" && (l.Funding == "" || l.Funding == Undecided) {
			c.AddArgs("lines."+itoa(i)+".funding", "funding_needed", map[string]any{"title": l.What})
		}
		if l.EndsOn.After(p.EndOn) {
			c.AddArgs("lines."+itoa(i)+".ends_on", "after_plan", map[string]any{"title": l.What, "start": typed(p.StartOn), "end": typed(p.EndOn)})
		}
	}
	return c.Err()
}

// readyGoals asks for a goal in each horizon and a milestone for each goal.
func (p Plan) readyGoals(c *errs.Collector, goals []goal.Goal) {
	for _, h := range goal.Horizons {
		if !slices.ContainsFunc(goals, func(g goal.Goal) bool { return g.Horizon == h && (g.Status.Live() || g.Status == goal.Met) }) {
			c.Add("goals."+string(h), "horizon_empty")
		}
	}
	for _, g := range goals {
		if g.Status.Live() && !slices.ContainsFunc(p.Milestones, func(m Milestone) bool { return m.GoalID == g.ID }) {
			c.AddArgs("goals."+g.ID.String(), "no_milestone", map[string]any{"title": g.Title})
		}
	}
}

// titled lets a message about a milestone say its title and write dates as people do.
func (p Plan) titled(f errs.Field) errs.Field {
	args := map[string]any{}
	for k, v := range f.Args {
		args[k] = v
		if d, err := civil.Parse(toText(v)); err == nil {
			args[k] = typed(d)
		}
	}
	if m, ok := p.Milestone(strings.TrimPrefix(f.Name, "milestones.")); ok {
		args["title"] = m.Title
	}
	if m, ok := p.Milestone(toText(args["key"])); ok {
		args["other"] = m.Title
	}
	f.Args = args
	return f
}

func toText(v any) string {
	s, _ := v.(string)
	return s
}

func typed(d civil.Date) string { return d.Time().Format("1/2/2006") }

func itoa(i int) string { return strconv.Itoa(i) }

// fieldsOf lists what a refusal names.
func fieldsOf(err error) []errs.Field {
	e, ok := err.(*errs.Error)
	if !ok {
		return nil
	}
	return e.Fields
}

// Paper is a version for printing: the document kept, if it is frozen, else as it would be printed
// now. Whole is false when what is kept no longer has its fingerprint.
type Paper struct {
	View
	Document string
	Lang     string
	Frozen   bool
	Whole    bool
}

// paperScope reaches a record for staff and the own plan for participants, who see no drafts.
func (s *Service) paperScope(by access.Actor) (access.Scope, error) {
	if by.Role == access.ParticipantRole {
		return s.policy.Scope(by, access.ReadPortal)
	}
	return s.policy.Scope(by, access.ReadRecord)
}

// Print reads the paper of a version; number 0 is the current one.
func (s *Service) Print(ctx context.Context, by access.Actor, caseID access.CaseID, number int) (p Paper, err error) {
	scope, err := s.paperScope(by)
	if err != nil {
		return p, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if p.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		return s.print(tx, by, &p, number)
	})
	return p, err
}

func (s *Service) print(tx *pg.Tx, by access.Actor, p *Paper, number int) error {
	if err := p.read(tx, by, number); err != nil {
		return err
	}
	if p.None {
		return errs.New(errs.NotFound, "not_found")
	}
	kept, found, err := frozenOf(tx, p.Plan)
	if err != nil {
		return err
	}
	if found && p.Plan.State != Returned {
		p.Document, p.Lang, p.Frozen, p.Whole = kept.Document, kept.Lang, true, kept.Whole
		return nil
	}
	if by.Role == access.ParticipantRole {
		return errs.New(errs.NotFound, "not_found")
	}
	p.Lang, p.Whole = p.Plan.DocumentLang, true
	d, err := documentOf(tx, by, p.Case, p.Plan, p.Lang)
	if err != nil {
		return err
	}
	p.Document, err = s.render(d)
	return err
}
