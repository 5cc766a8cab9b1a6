package seed

import (
	"waymark/internal/access"
	"waymark/internal/account"
)

// ines is 17, with a plan that nobody has signed yet: she may from her own page, and her mother from hers.
func (s *stage) ines(walt, helen access.Actor) error {
	p := part{person: who("Inés", "Cordero", "2075550147", "es", "H1", 2), Step: 5, Began: "2026-10-12", NextOn: "2026-12-03", NextAt: [2]int{15, 30}, Place: "office", Ago: 5, Target: 3, Sent: "2026-11-20", Unsigned: true}
	p.Born, p.Program = s.day("2009-05-14"), "youth"
	t := newTeller(s.ctx, s.Seeder, walt)
	s.steps(t, helen, p)
	accounts := account.New(t.db, t.policy, s.BaseURL)
	t.do("guardian", func() error {
		if _, err := accounts.NameGuardian(t.ctx, t.by, t.caseID, account.CompanionInput{Name: "Marta Cordero", Relation: "parent", Email: "marta@rivervalley.test", Language: "es"}); err != nil {
			return err
		}
		_, err := accounts.LinkGuardian(t.ctx, t.by, t.caseID)
		return err
	})
	if t.err != nil {
		return t.err
	}
	_, err := s.signIn(t, "ines@rivervalley.test", p.person)
	return err
}

// hugo looks on for Rosa.
func (s *stage) hugo(t *teller, rosa access.Actor) error {
	_, err := account.New(t.db, t.policy, s.BaseURL).NameHelper(t.ctx, rosa, account.CompanionInput{Name: "Hugo Jiménez", Relation: "relative", Email: "hugo@rivervalley.test", Language: "en"})
	return err
}
