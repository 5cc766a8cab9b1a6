package plan

import (
	"context"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// LineInput is a service, training or support as entered.
type LineInput struct {
	Kind         string      `json:"kind" validate:"required,oneof=service training support"`
	Need         string      `json:"need" validate:"max=40"`
	What         string      `json:"what" validate:"required,max=200"`
	WhatES       string      `json:"what_es" validate:"max=200"`
	Provider     string      `json:"provider" validate:"max=200"`
	ServiceCode  string      `json:"service_code" validate:"max=40"`
	StartsOn     civil.Date  `json:"starts_on"`
	EndsOn       civil.Date  `json:"ends_on"`
	Cost         money.Cents `json:"cost_cents" validate:"gte=0,lte=100000000"`
	Funding      string      `json:"funding" validate:"max=80"`
	MilestoneKey string      `json:"milestone_key" validate:"max=40"`
	State        string      `json:"state" validate:"omitempty,oneof=planned not_needed paid"`
	PaidOn       civil.Date  `json:"paid_on"`
}

// Input is the line as its form shows it; a change starts from it.
func (l Line) Input() LineInput {
	return LineInput{l.Kind, l.Need, l.What, l.WhatES, l.Provider, l.ServiceCode, l.StartsOn, l.EndsOn, l.Cost, l.Funding, l.MilestoneKey, l.State, l.PaidOn}
}

func (l Line) with(in LineInput) Line {
	ref := l.ID
	l = Line{ref, in.Kind, in.Need, strings.TrimSpace(in.What), in.WhatES, in.Provider, in.ServiceCode, in.StartsOn, in.EndsOn, in.Cost,
		strings.TrimSpace(in.Funding), in.MilestoneKey, in.State, in.PaidOn}
	if l.State == "" {
		l.State = "planned"
	}
	return l
}

// fits refuses a cost that nobody pays and what belongs to no milestone of the plan.
func (in LineInput) fits(p Plan, today civil.Date) error {
	var c errs.Collector
	if in.Cost > 0 && strings.TrimSpace(in.Funding) == "" {
		c.Add("funding", "funding_needed")
	}
	if !in.StartsOn.IsZero() && !in.EndsOn.IsZero() && in.EndsOn.Before(in.StartsOn) {
		c.Add("ends_on", "before_start")
	}
	if _, ok := p.Milestone(in.MilestoneKey); in.MilestoneKey != "" && !ok {
		c.AddArgs("milestone_key", "unknown_milestone", map[string]any{"key": in.MilestoneKey})
	}
	if in.PaidOn.After(today) {
		c.Add("paid_on", "in_future")
	}
	return c.Err()
}

// AddLine puts a line into the version being worked on.
func (s *Service) AddLine(ctx context.Context, by access.Actor, caseID access.CaseID, in LineInput) (l Line, p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return l, p, err
	}
	p, err = s.change(ctx, by, caseID, 0, "plan.line_added", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
		if err := in.fits(*was, by.Today(tx.Now)); err != nil {
			return audit.Entry{}, err
		}
		l = Line{ID: id.New[LineRow]()}.with(in)
		return audit.Entry{Subject: l.ID.String(), Detail: map[string]any{"kind": l.Kind}}, insertLine(tx, by, *was, l)
	})
	return l, p, err
}

// ChangeLine changes a line of the version being worked on.
func (s *Service) ChangeLine(ctx context.Context, by access.Actor, caseID access.CaseID, ref LineID, version int, edit func(*LineInput) error) (l Line, p Plan, err error) {
	p, err = s.change(ctx, by, caseID, version, "plan.line_changed", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
		found, ok := was.Line(ref)
		if !ok {
			return audit.Entry{}, errs.New(errs.NotFound, "not_found")
		}
		in := found.Input()
		if err := edit(&in); err != nil {
			return audit.Entry{}, err
		}
		if err := check.Struct(in); err != nil {
			return audit.Entry{}, err
		}
		if err := in.fits(*was, by.Today(tx.Now)); err != nil {
			return audit.Entry{}, err
		}
		l = found.with(in)
		return audit.Entry{Subject: l.ID.String(), Detail: map[string]any{"kind": l.Kind}}, updateLine(tx, by, *was, l)
	})
	return l, p, err
}

// RemoveLine takes a line out of a draft.
func (s *Service) RemoveLine(ctx context.Context, by access.Actor, caseID access.CaseID, ref LineID, version int) (Plan, error) {
	return s.change(ctx, by, caseID, version, "plan.line_removed", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
		l, ok := was.Line(ref)
		if !ok {
			return audit.Entry{}, errs.New(errs.NotFound, "not_found")
		}
		return audit.Entry{Subject: l.ID.String(), Detail: map[string]any{"kind": l.Kind}}, deleteLine(tx, *was, l)
	})
}

// HeaderInput is what stands above the milestones.
type HeaderInput struct {
	Kind            string     `json:"kind" validate:"omitempty,oneof=iep iss"`
	StartOn         civil.Date `json:"start_on" validate:"required"`
	EndOn           civil.Date `json:"end_on" validate:"required"`
	RhythmDays      int        `json:"rhythm_days" validate:"gte=1,lte=120"`
	ParticipantDoes []string   `json:"participant_does" validate:"max=12,dive,max=300"`
	AgencyDoes      []string   `json:"agency_does" validate:"max=12,dive,max=300"`
	IfIStop         string     `json:"if_i_stop" validate:"max=1000"`
	DocumentLang    string     `json:"document_lang" validate:"omitempty,oneof=en es"`
}

// Header is the head of the plan as its form shows it.
func (p Plan) Header() HeaderInput {
	return HeaderInput{p.Kind, p.StartOn, p.EndOn, p.RhythmDays, p.ParticipantDoes, p.AgencyDoes, p.IfIStop, p.DocumentLang}
}

func (p *Plan) setHeader(in HeaderInput) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	if in.EndOn.Before(in.StartOn) {
		return errs.At("end_on", "before_start")
	}
	p.StartOn, p.EndOn, p.RhythmDays, p.IfIStop = in.StartOn, in.EndOn, in.RhythmDays, strings.TrimSpace(in.IfIStop)
	p.ParticipantDoes, p.AgencyDoes = filled(in.ParticipantDoes), filled(in.AgencyDoes)
	if in.Kind != "" {
		p.Kind = in.Kind
	}
	if in.DocumentLang != "" {
		p.DocumentLang = in.DocumentLang
	}
	return nil
}

// filled leaves out empty lines.
func filled(list []string) pg.Strings {
	kept := pg.Strings{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// ChangeHeader changes what stands above the milestones of a draft.
func (s *Service) ChangeHeader(ctx context.Context, by access.Actor, caseID access.CaseID, version int, edit func(*HeaderInput) error) (Plan, error) {
	return s.change(ctx, by, caseID, version, "plan.header_changed", func(_ *pg.Tx, was *Plan) (audit.Entry, error) {
		in := was.Header()
		if err := edit(&in); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Subject: was.ID.String(), Detail: map[string]any{"number": was.Number}}, was.setHeader(in)
	})
}

// Dates are the dates of one milestone in the builder's form.
type Dates struct {
	Key      string     `json:"key" validate:"required,max=40"`
	StartsOn civil.Date `json:"starts_on"`
	DueOn    civil.Date `json:"due_on"`
}

// Money is who pays for one line in the builder's form.
type Money struct {
	ID      LineID      `json:"id"`
	Cost    money.Cents `json:"cost_cents" validate:"gte=0,lte=100000000"`
	Funding string      `json:"funding" validate:"max=80"`
}

// BuildInput is the builder's form: every date and every cost at once.
type BuildInput struct {
	StartOn         civil.Date `json:"start_on"`
	EndOn           civil.Date `json:"end_on"`
	RhythmDays      int        `json:"rhythm_days"`
	ParticipantDoes string     `json:"participant_does"`
	AgencyDoes      string     `json:"agency_does"`
	IfIStop         string     `json:"if_i_stop"`
	DocumentLang    string     `json:"document_lang"`
	Milestones      []Dates    `json:"milestones" validate:"max=200,dive"`
	Lines           []Money    `json:"lines" validate:"max=200,dive"`
}

// Build is the plan as the builder's form shows it.
func (p Plan) Build() BuildInput {
	in := BuildInput{StartOn: p.StartOn, EndOn: p.EndOn, RhythmDays: p.RhythmDays, ParticipantDoes: strings.Join(p.ParticipantDoes, "\n"),
		AgencyDoes: strings.Join(p.AgencyDoes, "\n"), IfIStop: p.IfIStop, DocumentLang: p.DocumentLang}
	for _, m := range p.Milestones {
		in.Milestones = append(in.Milestones, Dates{m.Key, m.StartsOn, m.DueOn})
	}
	for _, l := range p.Lines {
		in.Lines = append(in.Lines, Money{l.ID, l.Cost, l.Funding})
	}
	return in
}

// Arrange stores the builder's form: all dates as they were typed, nothing moves by itself.
func (s *Service) Arrange(ctx context.Context, by access.Actor, caseID access.CaseID, version int, in BuildInput) (Plan, error) {
	if err := check.Struct(in); err != nil {
		return Plan{}, err
	}
	return s.change(ctx, by, caseID, version, "plan.arranged", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
		entry := audit.Entry{Subject: was.ID.String(), Detail: map[string]any{"number": was.Number}}
		if err := was.arrange(in); err != nil {
			return entry, err
		}
		for _, m := range was.Milestones {
			if err := updateMilestone(tx, by, *was, m); err != nil {
				return entry, err
			}
		}
		for _, l := range was.Lines {
			if err := updateLine(tx, by, *was, l); err != nil {
				return entry, err
			}
		}
		return entry, nil
	})
}

// arrange puts the form into the plan and sorts the milestones by their dates.
func (p *Plan) arrange(in BuildInput) error {
	var c errs.Collector
	head := HeaderInput{p.Kind, in.StartOn, in.EndOn, in.RhythmDays, strings.Split(in.ParticipantDoes, "\n"), strings.Split(in.AgencyDoes, "\n"), in.IfIStop, in.DocumentLang}
	if err := c.Merge(p.setHeader(head)); err != nil {
		return err
	}
	for i, d := range in.Milestones {
		at := slices.IndexFunc(p.Milestones, func(m Milestone) bool { return m.Key == d.Key })
		name := "milestones." + itoa(i)
		switch {
		case at < 0:
			return errs.New(errs.Conflict, "version").Showing(map[string]any{"version": p.Version})
		case d.DueOn.IsZero():
			c.AddArgs(name+".due_on", "due_missing", map[string]any{"title": p.Milestones[at].Title})
		case !d.StartsOn.IsZero() && d.DueOn.Before(d.StartsOn):
			c.AddArgs(name+".due_on", "starts_after_due", map[string]any{"title": p.Milestones[at].Title})
		default:
			p.Milestones[at].StartsOn, p.Milestones[at].DueOn = d.StartsOn, d.DueOn
		}
	}
	for i, f := range in.Lines {
		at := slices.IndexFunc(p.Lines, func(l Line) bool { return l.ID == f.ID })
		if at < 0 {
			return errs.New(errs.Conflict, "version").Showing(map[string]any{"version": p.Version})
		}
		if f.Cost > 0 && strings.TrimSpace(f.Funding) == "" {
			c.AddArgs("lines."+itoa(i)+".funding", "funding_needed", map[string]any{"title": p.Lines[at].What})
		}
		p.Lines[at].Cost, p.Lines[at].Funding = f.Cost, strings.TrimSpace(f.Funding)
	}
	slices.SortStableFunc(p.Milestones, func(a, b Milestone) int { return a.DueOn.Compare(b.DueOn) })
	for i := range p.Milestones {
		p.Milestones[i].Position = i + 1
	}
	return c.Err()
}
