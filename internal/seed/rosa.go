package seed

import (
	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/engagement"
	"waymark/internal/goal"
	"waymark/internal/pg"
	"waymark/internal/plan"
	"waymark/internal/portal"
)

// rosa is the participant of mockups/plan-es.png: two of seven milestones done, shop math under way. Her file holds
// papers, and the equal-opportunity officer has a complaint of hers.
func (s *stage) rosa(dana, marcus, officer access.Actor) error {
	if err := s.number(20333); err != nil {
		return err
	}
	p := who("Rosa", "Jiménez", "2075550150", "es", "M1", 0)
	t := newTeller(s.ctx, s.Seeder, dana)
	t.at(s.day("2026-08-24"), 9, 0)
	t.takeIn(p)
	t.intake(p, 7)
	t.at(s.day("2026-08-27"), 10, 0)
	t.assess(p)
	t.at(s.day("2026-08-31"), 10, 0)
	t.recommend(true)
	t.at(s.day("2026-09-02"), 10, 0)
	t.choose(p, 2, 3, "Quiero un trabajo con las manos y que pague mejor.")
	t.at(s.day("2026-09-08"), 13, 0)
	now := t.aim(goal.Input{Horizon: "immediate", Title: "Assembler", TargetKind: "occupation", TargetCode: "51-2092.00", Measure: goal.WageHour, TargetValue: "18", Pay: 1800, PayPer: "hour", TargetOn: s.day("2026-10-30"), Fits: "Level 2.", FitsES: "Nivel 2."})
	mid := t.aim(goal.Input{Horizon: "mid", Title: "Machine operator trainee", TargetKind: "occupation", TargetCode: "51-4031.00", Measure: goal.WageYear, TargetValue: "49000", Pay: 4900000, PayMax: 5500000, PayPer: "year", TargetOn: s.day("2027-10-29"), Fits: "Level 3.", FitsES: "Nivel 3."})
	long := t.aim(goal.Input{Horizon: "long", Title: "CNC operator", TargetKind: "occupation", TargetCode: "51-9161.00", Measure: goal.WageYear, TargetValue: "48000", Pay: 4800000, PayMax: 9000000, PayPer: "year", TargetOn: s.day("2029-12-31"), Fits: "Level 4.", FitsES: "Nivel 4."})
	t.at(s.day("2026-09-10"), 10, 0)
	pl := t.planning(s.Render)
	pl.draft(plan.DraftInput{StartOn: s.day("2026-09-08")})
	pl.clear(true)
	pl.milestone(plan.MilestoneInput{Key: "english", Kind: "training", Title: "English for work, level 3", TitleES: "Inglés para el trabajo, nivel 3", Place: "Adult Education", StartsOn: s.day("2026-09-08"), DueOn: s.day("2026-11-06")})
	pl.milestone(plan.MilestoneInput{Key: "assembler", Kind: "placement", Title: "Assembler job", TitleES: "Trabajo de ensambladora", DueOn: s.day("2026-10-30"), GoalID: now.ID})
	pl.milestone(plan.MilestoneInput{Key: "math", Kind: "training", Title: "Math for the shop", TitleES: "Matemáticas para el taller", Place: "Adult Education", StartsOn: s.day("2026-10-19"), DueOn: s.day("2026-12-18"), Sessions: 9})
	cnc := pl.milestone(plan.MilestoneInput{Key: "cnc", Kind: "credential", Title: "CNC operator certificate", TitleES: "Certificado de operadora CNC", Place: "Southern Maine CC", StartsOn: s.day("2027-01-11"), DueOn: s.day("2027-09-17"), Weeks: 36, DependsOn: []string{"math"}})
	trainee := pl.milestone(plan.MilestoneInput{Key: "trainee", Kind: "placement", Title: "New job: machine operator trainee", TitleES: "Nuevo trabajo: aprendiz de operadora de máquina", DueOn: s.day("2027-10-29"), GoalID: mid.ID, DependsOn: []string{cnc}})
	pl.milestone(plan.MilestoneInput{Key: "degree", Kind: "enroll", Title: "Apply for the degree", TitleES: "Solicitar la carrera", Place: "Central Maine CC", DueOn: s.day("2028-05-15"), GoalID: long.ID, DependsOn: []string{trainee}})
	pl.line(plan.LineInput{Kind: "training", What: "CNC operator certificate", WhatES: "Certificado de operadora CNC", Provider: "Southern Maine CC", Cost: 420000, Funding: "wioa_adult", MilestoneKey: cnc})
	pl.line(plan.LineInput{Kind: "support", Need: "transport", What: "Bus pass", WhatES: "Pase de autobús", EndsOn: s.day("2027-06-30"), Cost: 30000, Funding: "wioa_adult"})
	pl.header(func(h *plan.HeaderInput) {
		h.EndOn, h.RhythmDays, h.DocumentLang = s.day("2028-05-15"), 21, "es"
		h.ParticipantDoes = []string{"Ir a clase y al trabajo.", "Hablar con Dana cada 3 semanas."}
		h.AgencyDoes = []string{"Pagar el curso.", "Dar el pase de autobús."}
		h.IfIStop = "Puedo parar y volver. Para volver, llamo a Dana o a cualquier oficina."
	})
	pl.submit()
	pl.sign("Rosa Jiménez")
	t.at(s.day("2026-09-11"), 9, 0)
	pl.decide(marcus, "approved", "")
	s.rosaTalks(t)
	t.do("reached", func() error {
		_, err := goal.New(t.db, t.policy).Reach(t.ctx, t.by, t.caseID, now.ID, now.Version, s.day("2026-10-05"))
		return err
	})
	t.agree("check_in", s.day("2026-12-01"), civil.At(10, 0), "office", "45 Main Street, oficina 2", "pay stub", "talón de pago")
	if t.err != nil {
		return t.err
	}
	own, err := s.signIn(t, "rosa@rivervalley.test", p)
	if err != nil {
		return err
	}
	if err := s.hugo(t, own); err != nil {
		return err
	}
	s.papers(t, own)
	s.complaint(t, own, officer)
	if t.err != nil {
		return t.err
	}
	return s.write(t, own, s.day("2026-11-23"), 7, 52, "¿Puedo llevar a mi hija el martes?")
}

func (s *stage) rosaTalks(t *teller) {
	n := func(v int) *int { return &v }
	t.at(s.day("2026-09-14"), 11, 0)
	t.talk(engagement.CheckInInput{Method: "in_person", Result: "talked", Note: "Started English class.", Progress: []engagement.ProgressInput{{Key: "english", Status: "in_progress"}}, ServiceCode: "B11"})
	t.at(s.day("2026-10-05"), 11, 0)
	t.talk(engagement.CheckInInput{Method: "phone", Result: "talked", Note: "First day at work.", Progress: []engagement.ProgressInput{{Key: "assembler", Status: "done", DoneOn: s.day("2026-10-05")}}})
	t.at(s.day("2026-11-10"), 11, 0)
	t.talk(engagement.CheckInInput{
		Method: "phone", Result: "talked", Note: "Finished English. Likes the math class.",
		Progress:    []engagement.ProgressInput{{Key: "english", Status: "done", DoneOn: s.day("2026-11-06")}, {Key: "math", Status: "in_progress", Attended: n(5), Percent: n(56)}},
		ServiceCode: "I05",
	})
}

// write sends a message as the participant.
func (s *stage) write(t *teller, own access.Actor, on civil.Date, hour, minute int, words string) error {
	t.at(on, hour, minute)
	_, err := portal.New(t.db, t.policy).Send(t.ctx, own, portal.MessageInput{Body: words})
	return err
}

// messages are those of others that wait on Today.
func (s *stage) messages() error {
	t := newTeller(s.ctx, s.Seeder, s.made.Staff[0])
	p := who("Brandon", "Ouellette", "2075550135", "en", "C2", 6)
	type found struct {
		Person access.ParticipantID `db:"id"`
	}
	err := s.Owner.Read(s.ctx, access.Actor{Agency: s.made.ID, Role: access.System}, func(tx *pg.Tx) error {
		f, err := pg.Get[found](tx, `select id from participants where agency_id = :agency and number = 'CP-20408'`, pg.Args{"agency": s.made.ID})
		t.person = f.Person
		return err
	})
	if err != nil {
		return err
	}
	own, err := s.signIn(t, "brandon@rivervalley.test", p)
	if err != nil {
		return err
	}
	return s.write(t, own, s.day("2026-11-22"), 18, 5, "Can we move to Friday?")
}

// progress notes where a milestone stands, outside a talk.
func (t *teller) progress(p plan.Progress) {
	t.do("progress "+p.Key, func() error {
		return t.db.Write(t.ctx, t.by, func(tx *pg.Tx) error {
			scope, err := t.policy.Scope(t.by, access.RecordCheckin)
			if err != nil {
				return err
			}
			c, err := casefile.LockOpen(tx, scope, t.caseID)
			if err != nil {
				return err
			}
			if err := plan.SetProgress(tx, t.by, t.caseID, []plan.Progress{p}); err != nil {
				return err
			}
			return casefile.Refresh(tx, c, t.by.Today(tx.Now))
		})
	})
}
