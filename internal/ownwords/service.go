package ownwords

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/pg"
)

// Service has the use cases of both sides: saying, and accepting or declining.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Desk is all that a participant may say of themselves, and how far each topic is.
type Desk struct {
	Case   casefile.Case `json:"-"`
	Topics []Topic       `json:"topics"`
	Goals  []Words       `json:"goals"`
}

// Topic is how far one topic is. Known reports that the case has all of its answers already; Said are
// their newest words of it, nil when they said nothing.
type Topic struct {
	Name  string `json:"topic"`
	Known bool   `json:"known"`
	Said  *Words `json:"said"`
}

// Desk reads it. Before there is a case there is nothing to say.
func (s *Service) Desk(ctx context.Context, by access.Actor) (d Desk, err error) {
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		d, err = deskOf(tx, c)
		return err
	})
	return d, err
}

func deskOf(tx *pg.Tx, c casefile.Case) (Desk, error) {
	d := Desk{Case: c, Topics: []Topic{}, Goals: []Words{}}
	said, err := saidIn(tx, c.ID)
	if err != nil {
		return d, err
	}
	record, err := intake.RecordOf(tx, c.ID)
	if err != nil {
		return d, err
	}
	screen, err := intake.ScreenOf(tx, c.ID)
	for _, name := range Topics {
		t := Topic{Name: name, Known: record.State(intake.Section(name)).Complete || name == TopicNeeds && screen.Version > 0}
		if i := slices.IndexFunc(said, func(w Words) bool { return w.Topic == name && w.Outcome != Replaced }); i >= 0 {
			t.Said = &said[i]
		}
		d.Topics = append(d.Topics, t)
	}
	for _, w := range said {
		if w.Kind == KindGoal {
			d.Goals = append(d.Goals, w)
		}
	}
	return d, err
}

// Page is one topic as its participant goes on with it: what is known, with their own words that wait
// in its place. Answers is nil for the support screen, which has Needs instead.
type Page struct {
	Topic   Topic          `json:"topic"`
	Answers intake.Answers `json:"answers"`
	Needs   map[string]int `json:"needs"`
	Next    string         `json:"next"`
}

// Page reads one topic.
func (s *Service) Page(ctx context.Context, by access.Actor, topic string) (p Page, err error) {
	i := slices.Index(Topics, topic)
	if i < 0 {
		return p, errs.New(errs.NotFound, "not_found")
	}
	p.Needs = map[string]int{}
	if i+1 < len(Topics) {
		p.Next = Topics[i+1]
	}
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		d, err := deskOf(tx, c)
		if err != nil {
			return err
		}
		p.Topic = d.Topics[i]
		if topic == TopicNeeds {
			return p.needs(tx, c)
		}
		return p.section(tx, c, intake.Section(topic))
	})
	return p, err
}

func (p *Page) needs(tx *pg.Tx, c casefile.Case) error {
	screen, err := intake.ScreenOf(tx, c.ID)
	for _, n := range screen.Needs.V {
		p.Needs[n.Area] = n.Severity
	}
	if p.waiting() {
		for area, severity := range p.Topic.Said.Needs() {
			p.Needs[area] = severity
		}
	}
	return err
}

func (p *Page) section(tx *pg.Tx, c casefile.Case, name intake.Section) error {
	record, err := intake.RecordOf(tx, c.ID)
	if err != nil {
		return err
	}
	if p.Answers, err = shown(record.Sections.Of(name)); err == nil && p.waiting() {
		p.Answers, err = merged(p.Answers, p.Topic.Said.Answers.V)
	}
	return err
}

func (p *Page) waiting() bool { return p.Topic.Said != nil && p.Topic.Said.Waits() }

// Say keeps what a participant says of a section of the intake record until somebody accepts it. It
// takes the place of what they said of it before, if that still waits.
func (s *Service) Say(ctx context.Context, by access.Actor, a intake.Answers) (Words, error) {
	if err := check.Struct(a); err != nil {
		return Words{}, err
	}
	if err := intake.CheckAnswers(a, by.Today(s.db.Now())); err != nil {
		return Words{}, err
	}
	said, err := saidOf(a)
	if err != nil {
		return Words{}, err
	}
	if len(said) == 0 {
		return Words{}, errs.At(Asked(a.Section())[0], "own.nothing")
	}
	return s.keep(ctx, by, Words{Kind: KindSection, Topic: string(a.Section())}, said)
}

// SayNeeds keeps their answers to the support screen.
func (s *Service) SayNeeds(ctx context.Context, by access.Actor, in NeedsInput) (Words, error) {
	if err := check.Struct(in); err != nil {
		return Words{}, err
	}
	some := NeedsInput{}
	for _, n := range in.Needs {
		if !slices.Contains(intake.SupportAreas, n.Area) {
			return Words{}, errs.At("needs", "area_unknown")
		}
		if n.Severity != "" {
			some.Needs = append(some.Needs, n)
		}
	}
	if len(some.Needs) == 0 {
		return Words{}, errs.At("needs.0.severity", "own.nothing")
	}
	return s.keep(ctx, by, Words{Kind: KindSupports, Topic: TopicNeeds}, some)
}

// maxGoals is how many proposals may wait at a time.
const maxGoals = 5

// Propose keeps a goal that they propose.
func (s *Service) Propose(ctx context.Context, by access.Actor, in GoalInput) (Words, error) {
	if err := check.Struct(in); err != nil {
		return Words{}, err
	}
	if goal.HorizonOf(by.Today(s.db.Now()), in.TargetOn) == "" {
		return Words{}, errs.At("target_on", "own.past")
	}
	return s.keep(ctx, by, Words{Kind: KindGoal, Topic: TopicGoal}, in)
}

// keep stores the words and lets those they replace go.
func (s *Service) keep(ctx context.Context, by access.Actor, w Words, answers any) (Words, error) {
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	if err != nil {
		return w, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		if c, err = casefile.LockOpen(tx, scope, c.ID); err != nil {
			return err
		}
		if err := makeRoom(tx, by, c, w); err != nil {
			return err
		}
		w.ID, w.CaseID, w.Language, w.SaidAt = id.New[Words](), c.ID, by.Language, tx.Now
		if w.Answers.V, err = raw(answers); err != nil {
			return err
		}
		if err := insert(tx, by, w); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "own_words.said", Case: c.ID, Subject: w.ID.String(), Detail: map[string]any{"topic": w.Topic}})
	})
	return w, err
}

// makeRoom replaces what waits of the topic; goals stand side by side up to a number.
func makeRoom(tx *pg.Tx, by access.Actor, c casefile.Case, w Words) error {
	if w.Kind != KindGoal {
		return replace(tx, by, c.ID, w.Topic)
	}
	n, err := waitingGoals(tx, c.ID)
	if err == nil && n >= maxGoals {
		err = errs.New(errs.Conflict, "own.enough_goals")
	}
	return err
}

// TakeBack withdraws a goal that the participant has proposed and nobody has settled.
func (s *Service) TakeBack(ctx context.Context, by access.Actor, wordsID id.Of[Words]) error {
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		w, err := find(tx, c.ID, wordsID)
		if err != nil {
			return err
		}
		if err := settle(tx, by, w, Replaced, ""); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "own_words.taken_back", Case: c.ID, Subject: w.ID.String(), Detail: map[string]any{"topic": w.Topic}})
	})
}

// own reads with the participant's case.
func (s *Service) own(ctx context.Context, by access.Actor, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}
