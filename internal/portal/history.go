package portal

import (
	"context"
	"slices"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/pg"
	"waymark/internal/plan"
)

// Version is one plan that held, and what it changed.
type Version struct {
	Number int        `json:"number"`
	Since  civil.Date `json:"since"`
	Now    bool       `json:"now"`
	First  bool       `json:"first"`
	News   []PlanNews `json:"changes"`
}

// PlanNews is one change that matters to the participant; Spanish is its name in Spanish, where it has one.
type PlanNews struct {
	plan.Change
	Spanish string `json:"name_es"`
}

// mostVersions is how many plans the history goes back.
const mostVersions = 20

// History lists the plans that held, newest first, each with what was new in it. Drafts, and what was
// never signed, are nobody's history.
func (s *Service) History(ctx context.Context, by access.Actor) (list []Version, err error) {
	list = []Version{}
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		held, err := heldOf(tx, c.ID)
		if err != nil {
			return err
		}
		var before plan.Plan
		for i, h := range held {
			p, found, err := plan.Numbered(tx, c.ID, h.Number)
			if err != nil || !found {
				return err
			}
			v := Version{Number: h.Number, Since: h.Since, Now: h.State == "in_force", First: i == 0, News: []PlanNews{}}
			if i > 0 {
				v.News = news(before, p)
			}
			if before = p; i > 0 || len(held) <= mostVersions {
				list = append([]Version{v}, list...)
			}
		}
		return nil
	})
	return list, err
}

// held is a plan that was in force.
type held struct {
	Number int        `db:"number"`
	State  string     `db:"state"`
	Since  civil.Date `db:"in_force_on"`
}

// heldOf lists the newest of them, the oldest first, and before them the one that they began with.
func heldOf(tx *pg.Tx, caseID access.CaseID) ([]held, error) {
	return pg.List[held](tx, `select number, state, in_force_on from (select number, state, in_force_on from plan_versions
			where case_id = :case_id and state in ('in_force', 'superseded') and in_force_on is not null order by number desc limit :most) newest
		order by number limit :most`, pg.Args{"case_id": caseID, "most": mostVersions + 1})
}

// plain are the fields of each part that are told: dates, places, what is promised, what it costs. How staff
// pay for it and what they keep as proof is not.
var plain = map[string][]string{
	"plan":      {"start_on", "end_on", "area_code", "rhythm_days", "participant_does", "agency_does", "if_i_stop", "total"},
	"milestone": {"title", "place", "starts_on", "due_on"},
	"line":      {"provider", "starts_on", "ends_on"},
}

func news(from, to plan.Plan) []PlanNews {
	list := []PlanNews{}
	names := inBoth(from, to)
	for _, c := range plan.Diff(from, to) {
		if c.Field == "" || slices.Contains(plain[c.Subject], c.Field) {
			list = append(list, PlanNews{c, names[c.Name]})
		}
	}
	return list
}

// inBoth are the Spanish names of what stands in either plan.
func inBoth(plans ...plan.Plan) map[string]string {
	names := map[string]string{}
	for _, p := range plans {
		for _, m := range p.Milestones {
			names[m.Title] = m.TitleES
		}
		for _, l := range p.Lines {
			names[l.What] = l.WhatES
		}
	}
	return names
}
