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
	"waymark/internal/money"
	"waymark/internal/pg"
)

// HeaderInput is what stands above the milestones.
type HeaderInput struct {
	Kind            string     `json:"kind" validate:"omitempty,oneof=iep iss"`
	StartOn         civil.Date `json:"start_on" validate:"required"`
	EndOn           civil.Date `json:"end_on" validate:"required"`
	RhythmDays      int        `json:"rhythm_days" validate:"gte=1,lte=120"`
	ParticipantDoes []string   `json:"participant_does" validate:"max=12,dive,max=300"`
	AgencyDoes      []string   `json:"agency_does" validate:"max=12,dive,max=300"`
	IfIStop         string     `json:"if_i_stop" validate:"max=1000"`
	DocumentLang    string     `json:"document_lang" validate:"omitempty,spoken"`
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
	in := BuildInput{
		StartOn: p.StartOn, EndOn: p.EndOn, RhythmDays: p.RhythmDays, ParticipantDoes: strings.Join(p.ParticipantDoes, "\n"),
		AgencyDoes: strings.Join(p.AgencyDoes, "\n"), IfIStop: p.IfIStop, DocumentLang: p.DocumentLang,
	}
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
