package seed

import (
	"waymark/internal/access"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/review"
	"waymark/internal/transfer"
)

// supervised is what a supervisor did last: somebody who left has another follow-up person, the files of
// people who left are reviewed, a request to transfer waits, and the next version of a pathway is drafted.
func (s *stage) supervised(marcus, priya, keisha access.Actor) error {
	left, err := s.caseOf(priya, `c.exit_on is not null and c.exit_on > cast(:today as date) - 360`)
	if err != nil {
		return err
	}
	moves := transfer.New(s.DB, s.Policy, "")
	if _, err := moves.Move(s.ctx, marcus, transfer.Input{Cases: []access.CaseID{left}, To: keisha.ID, Note: "Asks for calls in the evening."}); err != nil {
		return err
	}
	open, err := s.caseOf(priya, `c.exit_on is null and c.step = 5`)
	if err != nil {
		return err
	}
	if _, err := moves.Ask(s.ctx, priya, transfer.AskInput{Cases: []access.CaseID{open}, To: keisha.ID, Why: "Works nights now; Keisha is here until seven."}); err != nil {
		return err
	}
	if err := s.drafted(marcus); err != nil {
		return err
	}
	return s.reviewed(marcus, keisha)
}

// drafted opens the next version of the manufacturing pathway, with what employers asked for.
func (s *stage) drafted(marcus access.Actor) error {
	pathways := pathway.New(s.DB, s.Policy)
	e, err := pathways.Begin(s.ctx, marcus, "MFG")
	if err != nil {
		return err
	}
	_, err = pathways.SaveRow(s.ctx, marcus, "MFG", e.Version, e.Revision, "requirements", pathway.NewRow, &pathway.RequirementInput{
		Step: 3, Kind: "skill", Operator: "has", Value: "calipers", Text: pathway.Text{EN: "Measures with calipers", ES: "Mide con un calibrador"},
	})
	return err
}

// reviewed draws files of people who left, and finds something in one of a colleague's.
func (s *stage) reviewed(marcus, keisha access.Actor) error {
	reviews := review.New(s.DB, s.Policy)
	drawn, err := reviews.Begin(s.ctx, marcus, review.BeginInput{Size: 8, Kind: "exited", Seed: "autumn"})
	if err != nil {
		return err
	}
	list := drawn.Checklist.V
	for _, f := range drawn.Cases {
		if f.CaseManager != keisha.Name() {
			continue
		}
		_, err := reviews.Answer(s.ctx, marcus, drawn.ID, f.CaseID, review.FindingsInput{Findings: []review.FindingInput{
			{Item: list[0].Key, Result: "met"}, {Item: list[1].Key, Result: "not_met", Note: "The paper has no date."},
		}})
		return err
	}
	return nil
}

// caseOf finds the first of a case manager's cases.
func (s *stage) caseOf(by access.Actor, where string) (found access.CaseID, err error) {
	err = s.Owner.Read(s.ctx, access.Actor{Agency: s.made.ID, Role: access.System}, func(tx *pg.Tx) error {
		found, err = pg.Get[access.CaseID](tx, `select c.id from cases c where c.agency_id = :agency and c.case_manager_id = :manager and `+where+` order by c.id limit 1`,
			pg.Args{"agency": s.made.ID, "manager": by.ID, "today": Monday.AddDays(s.shift)})
		return err
	})
	return found, err
}
