package portal

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/selection"
)

// Path is the participant's way up the chosen pathway, from where they are.
type Path struct {
	Helper  Helper
	Pathway pathway.Text
	Area    pathway.Text
	Rungs   []Rung
}

// Rung is one step of the way: what work it leads to, what that pays, what it takes to get there.
type Rung struct {
	Number     int
	Title      pathway.Text
	About      pathway.Text
	Jobs       []pathway.Text
	Pay, Max   money.Cents
	Per        string
	Credential pathway.Text
	Weeks      int
	Here, Goal bool
}

// Path reads the way; it has no rungs before a pathway is chosen.
func (s *Service) Path(ctx context.Context, by access.Actor) (p Path, err error) {
	p.Rungs = []Rung{}
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		if p.Helper, err = helperOf(tx, c.ID); err != nil {
			return err
		}
		choice, found, err := selection.Current(tx, c.ID)
		if err != nil || !found {
			return err
		}
		e, err := pathway.At(tx, choice.Pathway, choice.PathwayVersion)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		here := choice.EntryStep
		if c.PathwayStep != nil {
			here = *c.PathwayStep
		}
		area, _ := e.AreaCoded(choice.Area)
		p.Pathway, p.Area, p.Rungs = e.Name, area.Name, rungs(e, choice, here)
		return err
	})
	return p, err
}

// rungs are the steps from here to the goal.
func rungs(e pathway.Edition, choice selection.Selection, here int) []Rung {
	list := []Rung{}
	for n := here; n <= choice.TargetStep; n++ {
		step, ok := e.StepNumbered(n)
		if !ok {
			continue
		}
		r := Rung{Number: n, Title: step.Title, About: step.Description, Here: n == here, Goal: n == choice.TargetStep}
		for _, j := range step.Jobs {
			if (j.Area == choice.Area || j.Area == "" && n == 1) && len(r.Jobs) < 4 {
				r.Jobs = append(r.Jobs, j.Title)
			}
		}
		if step.Wage != nil {
			r.Pay, r.Max, r.Per = money.Cents(step.Wage.MinCents), money.Cents(step.Wage.MaxCents), step.Wage.Per
		}
		if n > here {
			r.Credential, r.Weeks = way(e, choice.Area, n)
		}
		list = append(list, r)
	}
	return list
}

// way is what leads up to a step: the area's own arrow, else one for every area.
func way(e pathway.Edition, area string, to int) (credential pathway.Text, weeks int) {
	for _, own := range []string{area, ""} {
		for _, t := range e.Transitions {
			if t.ToStep == to && t.Area == own {
				k, _ := e.CredentialCoded(t.Credential)
				return k.Name, t.Weeks
			}
		}
	}
	return pathway.Text{}, 0
}

// inSpanish gives job goals that carry the catalogue's English title its Spanish one.
func inSpanish(tx *pg.Tx, plan inForce, steps []Step) error {
	e, err := pathway.At(tx, plan.Pathway, plan.Version)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	for i, s := range steps {
		if s.Kind != Job || s.TitleES != "" {
			continue
		}
		for _, p := range e.Steps {
			for _, j := range p.Jobs {
				if strings.EqualFold(j.Title.EN, s.Title) {
					steps[i].TitleES = j.Title.ES
				}
			}
		}
	}
	return err
}
