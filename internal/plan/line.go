package plan

import (
	"context"
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
	l = Line{
		ref, in.Kind, in.Need, strings.TrimSpace(in.What), in.WhatES, in.Provider, in.ServiceCode, in.StartsOn, in.EndsOn, in.Cost,
		strings.TrimSpace(in.Funding), in.MilestoneKey, in.State, in.PaidOn,
	}
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
	p, err = s.change(ctx, by, caseID, adding, "plan.line_added", func(tx *pg.Tx, was *Plan) (audit.Entry, error) {
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
