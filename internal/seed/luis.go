package seed

import (
	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/engagement"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/plan"
	"waymark/internal/portal"
)

// luis is the record of mockups/participant.png and plan-print.png.
func (s *stage) luis(dana, marcus access.Actor) error {
	if err := s.number(20312); err != nil {
		return err
	}
	p := who("Luis", "Andrade Peña", "2075550142", "es", "M1", 0)
	t := newTeller(s.ctx, s.Seeder, dana)
	t.at(s.day("2026-08-31"), 9, 0)
	t.takeIn(p)
	t.intake(p, 7)
	t.at(s.day("2026-09-03"), 10, 0)
	t.assess(p)
	t.at(s.day("2026-09-08"), 10, 0)
	t.recommend(true)
	t.at(s.day("2026-09-10"), 10, 0)
	t.choose(p, 2, 3, "I like to make things and to see them work.")
	t.at(s.day("2026-09-15"), 13, 0)
	now := t.aim(goal.Input{
		Horizon: "immediate", Title: "Assembler", TargetKind: "occupation", TargetCode: "51-2092.00", Measure: goal.WageHour, TargetValue: "18.50", Pay: 1850, PayPer: "hour",
		Employer: "Tibbetts Metalworks", TargetOn: s.day("2026-10-30"), Fits: "Level 2. Work while in class.", FitsES: "Nivel 2. Trabaja y va a clase.",
	})
	mid := t.aim(goal.Input{
		Horizon: "mid", Title: "Machine operator trainee", TargetKind: "occupation", TargetCode: "51-4031.00", Measure: goal.WageYear, TargetValue: "49000", Pay: 4900000, PayMax: 5500000, PayPer: "year",
		TargetOn: s.day("2027-07-16"), Fits: "Level 3. Needs CNC certificate.", FitsES: "Nivel 3. Pide el certificado de CNC.",
	})
	long := t.aim(goal.Input{
		Horizon: "long", Title: "CNC operator", TargetKind: "occupation", TargetCode: "51-9161.00", Measure: goal.WageYear, TargetValue: "48000", Pay: 4800000, PayMax: 9000000, PayPer: "year",
		TargetOn: s.day("2029-09-30"), Fits: "Level 4. Needs 2-year degree.", FitsES: "Nivel 4. Pide un título de 2 años.",
	})

	// Version 1, signed September 18.
	t.at(s.day("2026-09-17"), 10, 0)
	pl := t.planning(s.Render)
	pl.draft(plan.DraftInput{StartOn: s.day("2026-09-08")})
	pl.clear(true)
	english := pl.milestone(plan.MilestoneInput{Key: "english", Kind: "training", Title: "English for work, level 4", TitleES: "Inglés para el trabajo, nivel 4", Place: "Adult Education", StartsOn: s.day("2026-09-08"), DueOn: s.day("2026-11-12")})
	cnc := pl.milestone(plan.MilestoneInput{Key: "cnc", Kind: "credential", Title: "CNC Machine Operator Certificate", TitleES: "Certificado de operador CNC", Place: "Southern Maine CC", StartsOn: s.day("2026-09-21"), DueOn: s.day("2027-06-11"), Weeks: 36, GoalID: now.ID})
	trainee := pl.milestone(plan.MilestoneInput{Key: "trainee", Kind: "placement", Title: "Machine operator trainee job", TitleES: "Trabajo de aprendiz de operador de máquina", Place: "Job search with Dana", StartsOn: s.day("2027-06-14"), DueOn: s.day("2027-07-16"), GoalID: mid.ID, DependsOn: []string{cnc}})
	pl.milestone(plan.MilestoneInput{Key: "degree", Kind: "enroll", Title: "Apply: Precision Machining degree", TitleES: "Solicitar: carrera de maquinado de precisión", Place: "Central Maine CC", StartsOn: s.day("2027-08-02"), DueOn: s.day("2027-12-15"), GoalID: long.ID, DependsOn: []string{trainee}})
	pl.line(plan.LineInput{Kind: "training", What: "English class", WhatES: "Clase de inglés", Provider: "Adult Education", Funding: "free", MilestoneKey: english})
	pl.line(plan.LineInput{Kind: "training", What: "CNC Machine Operator Certificate", WhatES: "Certificado de operador CNC", Provider: "Southern Maine CC", Cost: 420000, Funding: "wioa_adult", MilestoneKey: cnc})
	s.luisSupports(pl)
	s.luisHeader(pl)
	t.at(s.day("2026-09-18"), 10, 0)
	pl.submit()
	pl.sign("Luis Andrade Peña")
	t.at(s.day("2026-09-21"), 9, 0)
	pl.decide(marcus, "approved", "")
	s.luisTalks(t, "2026-09-21", "2026-10-05")
	t.at(s.day("2026-10-05"), 16, 0)
	t.do("reached", func() error {
		_, err := goal.New(t.db, t.policy).Reach(t.ctx, t.by, t.caseID, now.ID, now.Version, s.day("2026-10-05"))
		return err
	})

	// Version 2 adds shop math and the safety card; signed October 6, approved October 7.
	t.at(s.day("2026-10-06"), 13, 0)
	pl.draft(plan.DraftInput{StartOn: s.day("2026-09-08"), ChangeReason: "Adds shop math and the safety card that the job asks for."})
	math := pl.milestone(plan.MilestoneInput{Key: "math", Kind: "training", Title: "Shop math and blueprint reading", TitleES: "Matemáticas para el taller y planos", Place: "Adult Education", StartsOn: s.day("2026-10-05"), DueOn: s.day("2026-12-18")})
	osha := pl.milestone(plan.MilestoneInput{Key: "osha", Kind: "credential", Title: "OSHA 10 card", TitleES: "Tarjeta OSHA 10", Place: "Manufacturers Association", StartsOn: s.day("2026-11-02"), DueOn: s.day("2026-11-20")})
	pl.line(plan.LineInput{Kind: "training", What: "Shop math class", WhatES: "Clase de matemáticas", Provider: "Adult Education", Funding: "free", MilestoneKey: math})
	pl.line(plan.LineInput{Kind: "training", What: "OSHA 10 class", WhatES: "Clase OSHA 10", Provider: "Manufacturers Association", Cost: 8900, Funding: "wioa_adult", MilestoneKey: osha})
	pl.line(plan.LineInput{Kind: "training", What: "Precision Machining degree", WhatES: "Carrera de maquinado de precisión", Provider: "Central Maine CC", Funding: "pell", MilestoneKey: "degree"})
	t.at(s.day("2026-10-06"), 14, 14)
	pl.submit()
	pl.sign("Luis Andrade Peña")
	t.at(s.day("2026-10-07"), 9, 5)
	pl.decide(marcus, "approved", "")
	s.luisTalks(t, "2026-10-07", "2026-11-12")
	t.at(s.day("2026-11-09"), 16, 30)
	t.do("note", func() error {
		_, err := engagement.New(t.db, t.policy).Write(t.ctx, t.by, t.caseID, engagement.NoteInput{Visibility: "staff", Body: "Card is in the mail, he has the receipt.", WrittenOn: s.day("2026-11-09")})
		return err
	})
	t.at(s.day("2026-11-12"), 12, 0)
	t.agree("check_in", s.day("2026-11-23"), civil.At(13, 15), "office", "", "paycheck stub for the file, OSHA card, ride to the spring class.", "talón de pago, tarjeta OSHA, cómo llegar a la clase de primavera")
	if t.err != nil {
		return t.err
	}
	own, err := s.signIn(t, "luis@rivervalley.test", p)
	if err != nil {
		return err
	}
	return s.answer(t, own)
}

func (s *stage) luisSupports(pl *planning) {
	pl.line(plan.LineInput{Kind: "support", Need: "transport", What: "Gas card", WhatES: "Tarjeta de gasolina", EndsOn: s.day("2026-12-31"), Cost: 24000, Funding: "wioa_adult"})
	pl.line(plan.LineInput{Kind: "support", Need: "child_care", What: "Child care", WhatES: "Cuidado de niños", State: "not_needed"})
	pl.line(plan.LineInput{Kind: "support", Need: "tools", What: "Boots", WhatES: "Botas", Cost: 12000, Funding: "wioa_adult", State: "paid", PaidOn: civil.Of(pl.now)})
}

func (s *stage) luisHeader(pl *planning) {
	pl.header(func(h *plan.HeaderInput) {
		h.EndOn, h.RhythmDays, h.DocumentLang = s.day("2027-12-15"), 14, "en"
		h.ParticipantDoes = []string{"Go to class and work.", "Talk with Dana every 2 weeks.", "Tell Dana within 3 days if I miss class."}
		h.AgencyDoes = []string{"Pay tuition.", "Interpreter when I ask, for free."}
		h.IfIStop = "I can stop and come back. My certificate classes count for 2 years. To return, I call Dana or any agency office."
	})
}

// luisTalks are his eleven check-ins; those between two days are told now.
func (s *stage) luisTalks(t *teller, from, until string) {
	n := func(v int) *int { return &v }
	for _, k := range []struct {
		on, method, result, note string
		progress                 []engagement.ProgressInput
	}{
		{"2026-09-21", "in_person", "talked", "First day of class. Has books and boots.", []engagement.ProgressInput{{Key: "english", Status: "in_progress"}, {Key: "cnc", Status: "in_progress"}}},
		{"2026-09-25", "phone", "talked", "Likes the shop. Early bus works.", nil},
		{"2026-09-28", "text", "left_message", "", nil},
		{"2026-10-01", "phone", "talked", "Interview on Friday.", nil},
		{"2026-10-05", "phone", "talked", "Started at Tibbetts Metalworks.", nil},
		{"2026-10-08", "text", "talked", "Shift starts at 6. Bus is on time.", nil},
		{"2026-10-12", "in_person", "talked", "Work and class fit together so far.", []engagement.ProgressInput{{Key: "math", Status: "in_progress", Percent: n(10)}}},
		{"2026-10-15", "phone", "talked", "Asked about the safety card.", nil},
		{"2026-10-19", "text", "no_answer", "", nil},
		{"2026-10-26", "in_person", "talked", "Brought schedule. Gas card renewed.", []engagement.ProgressInput{{Key: "math", Status: "in_progress", Percent: n(40)}}},
		{"2026-11-09", "phone", "talked", "Class is going well, likes the lab. OSHA card in the mail.", []engagement.ProgressInput{{Key: "math", Status: "in_progress", Percent: n(62)}}},
	} {
		if k.on < from || k.on > until {
			continue
		}
		t.at(s.day(k.on), 11, 0)
		t.talk(engagement.CheckInInput{Method: k.method, Result: k.result, Note: k.note, Progress: k.progress, ServiceCode: map[string]string{"2026-09-21": "B11", "2026-11-09": "I05"}[k.on]})
	}
	if until == "2026-11-12" {
		t.at(s.day("2026-11-12"), 10, 0)
		t.progress(plan.Progress{Key: "english", Status: "done", DoneOn: s.day("2026-11-12"), OnDate: s.day("2026-11-12")})
	}
}

// signIn makes the participant's own account.
func (s *stage) signIn(t *teller, email string, p person) (access.Actor, error) {
	own := access.Actor{Agency: s.made.ID, ID: id.New[access.User](), Role: access.ParticipantRole, Participant: t.person, FirstName: p.First, LastName: p.Last, Language: "es", Zone: t.by.Zone, AgencyName: t.by.AgencyName, Demo: true}
	if p.Language != "es" {
		own.Language = "en"
	}
	err := s.Owner.Write(s.ctx, access.Actor{Agency: s.made.ID, Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into users (agency_id, id, email, first_name, last_name, phone, role, participant_id, language, password_hash)
			values (:agency, :id, :email, :first, :last, :phone, 'participant', :person, :language, :hash)`,
			pg.Args{"agency": s.made.ID, "id": own.ID, "email": email, "first": p.First, "last": p.Last, "phone": p.Phone, "person": t.person, "language": own.Language, "hash": s.hash})
	})
	return own, err
}

// answer says yes to the appointment, on the Friday before.
func (s *stage) answer(t *teller, own access.Actor) error {
	t.at(s.day("2026-11-20"), 16, 0)
	svc := portal.New(t.db, t.policy)
	home, err := svc.Home(t.ctx, own)
	if err != nil {
		return err
	}
	_, err = svc.Reply(t.ctx, own, home.Next.ID, portal.ReplyInput{Answer: "coming"})
	return err
}
