package seed

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/civil"
	"waymark/internal/draft"
	"waymark/internal/engagement"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/plan"
	"waymark/seeds"
)

// Monday is the day the demonstration is written for; the telling moves every date so that it is today.
var Monday = civil.On(2026, 11, 23)

// SignIns lists who can sign in to the demonstration.
func SignIns() []string {
	return []string{
		"dana@rivervalley.test     case manager, River Valley, Main Street office",
		"walt@rivervalley.test     case manager, River Valley, Harbor office",
		"marcus@rivervalley.test   supervisor of the Main Street office",
		"admin@rivervalley.test    administrator",
		"auditor@rivervalley.test  auditor, read only",
		"rosa@rivervalley.test     participant of Dana, Spanish",
		"luis@rivervalley.test     participant of Dana, at step 6",
		"ines@rivervalley.test     participant of Walt, 17, with a plan to sign",
		"kim@northcoast.test       case manager of another agency",
		"noor@northcoast.test      supervisor of another agency",
	}
}

// stage is one agency being filled.
type stage struct {
	Seeder
	ctx   context.Context
	made  Made
	hash  string
	shift int // days from the demonstration's Monday to today
}

// day is a date of the demonstration, moved to today's.
func (s *stage) day(text string) civil.Date { return civil.MustParse(text).AddDays(s.shift) }

// DemoIfEmpty makes the two agencies of the demonstration in an empty database.
func DemoIfEmpty(ctx context.Context, s Seeder) error {
	there, err := pg.AskAll[string](ctx, s.DB, `select slug from app.agencies()`, pg.Args{})
	if err != nil || len(there) > 0 {
		return err
	}
	hash, err := account.Hash(DemoPassword)
	if err != nil {
		return err
	}
	files, err := Catalogue(seeds.FS)
	if err != nil {
		return err
	}
	s.Say("Making the demonstration: two agencies, about 200 people")
	for _, a := range []Agency{RiverValley(), NorthCoast()} {
		zone, err := account.Zone(a.Zone)
		if err != nil {
			return err
		}
		shift := civil.Of(s.DB.Now().In(zone)).DaysSince(Monday)
		for i := range a.Holidays {
			a.Holidays[i].On = a.Holidays[i].On.AddDays(shift)
		}
		made, err := Create(ctx, s.Owner, a, hash)
		if err != nil {
			return err
		}
		if _, err := pathway.New(s.DB, s.Policy).ImportFiles(ctx, access.Actor{Agency: made.ID, Role: access.System}, files); err != nil {
			return err
		}
		if err := grids(ctx, s, made); err != nil {
			return err
		}
		st := &stage{Seeder: s, ctx: ctx, made: made, hash: hash, shift: shift}
		if a.Slug == "rivervalley" {
			err = st.riverValley()
		} else {
			err = st.crowd(made.Staff[0], made.Staff[1], 20, 500)
		}
		if err != nil {
			return err
		}
	}
	// Without statistics the first reports run for seconds.
	return s.Owner.Long(ctx, access.Actor{Role: access.System}, func(tx *pg.Tx) error { return pg.Insert(tx, `analyze`, pg.Args{}) })
}

// riverValley tells the people of the pictures one after the other, because their numbers are known,
// and then everybody else side by side.
func (s *stage) riverValley() error {
	staff := s.made.Staff
	dana, walt, marcus, admin, priya, keisha, helen := staff[0], staff[1], staff[2], staff[3], staff[5], staff[6], staff[7]
	for _, p := range namedCast() {
		if err := s.tell(dana, marcus, p); err != nil {
			return err
		}
	}
	if err := s.luis(dana, marcus); err != nil {
		return err
	}
	if err := s.rosa(dana, marcus, admin); err != nil {
		return err
	}
	if err := s.messages(); err != nil {
		return err
	}
	if err := s.number(20600); err != nil {
		return err
	}
	if err := s.past(); err != nil {
		return err
	}
	for _, p := range []struct {
		by access.Actor
		p  part
	}{
		{priya, part{person: who("Marisol", "Rivera", "2075550144", "es", "I1", 21), Step: 5, Began: "2026-10-01", NextOn: "2026-11-30", Ago: 5, Target: 3, Sent: "2026-11-20"}},
		{priya, part{person: who("Craig", "Thibodeau", "2075550145", "en", "C1", 22), Step: 5, Began: "2026-10-02", NextOn: "2026-12-01", Ago: 6, Target: 3, Sent: "2026-11-20"}},
		{keisha, part{person: who("Linda", "Osei", "2075550146", "en", "M1", 23), Step: 5, Began: "2026-10-05", NextOn: "2026-12-02", Ago: 4, Target: 3, Sent: "2026-11-22"}},
	} {
		if err := s.tell(p.by, marcus, p.p); err != nil {
			return err
		}
	}
	if err := s.supervised(marcus, priya, keisha); err != nil {
		return err
	}
	if err := s.ines(walt, helen); err != nil {
		return err
	}
	if err := s.danasCrowd(dana, marcus); err != nil {
		return err
	}
	if err := s.crowd(walt, helen, 40, 100); err != nil {
		return err
	}
	if err := s.crowd(priya, marcus, 26, 200); err != nil {
		return err
	}
	return s.crowd(keisha, marcus, 18, 300)
}

// number makes the next person's number n.
func (s *stage) number(n int) error {
	return s.Owner.Write(s.ctx, access.Actor{Agency: s.made.ID, Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into participant_numbers (agency_id, last) values (:agency, :n) on conflict (agency_id) do update set last = :n`,
			pg.Args{"agency": s.made.ID, "n": n - 1})
	})
}

// tell takes one person as far as their part goes.
func (s *stage) tell(by, supervisor access.Actor, p part) error {
	if p.Number > 0 {
		if err := s.number(p.Number); err != nil {
			return err
		}
	}
	t := newTeller(s.ctx, s.Seeder, by)
	s.steps(t, supervisor, p)
	if t.err != nil {
		return fmt.Errorf("%s %s: %w", p.First, p.Last, t.err)
	}
	return nil
}

func (s *stage) steps(t *teller, supervisor access.Actor, p part) {
	d := s.day(p.Began)
	t.at(d, 9, 30)
	t.takeIn(p.person)
	if p.Step == 1 {
		t.intake(p.person, 2)
		if p.Number > 0 {
			s.begun(t, d)
		}
		s.follow(t, p)
		return
	}
	t.intake(p.person, 7)
	t.at(d.AddDays(3), 10, 0)
	t.assess(p.person)
	t.at(d.AddDays(7), 10, 0)
	if p.Step == 2 {
		s.follow(t, p)
		return
	}
	t.recommend(true)
	if p.Step == 3 {
		s.follow(t, p)
		return
	}
	t.at(d.AddDays(9), 11, 0)
	t.choose(p.person, 2, max(p.Target, 3), "I want work with a future.")
	if p.Step == 4 {
		s.follow(t, p)
		return
	}
	t.at(d.AddDays(14), 14, 0)
	j := jobsOf(p.Area)
	t.goals(j.titles, j.codes, j.pays)
	s.planned(t, supervisor, p, d.AddDays(17))
	s.follow(t, p)
}

// begun leaves the third section of an intake half typed, late on its first day.
func (s *stage) begun(t *teller, on civil.Date) {
	t.at(on, 16, 12)
	t.do("draft", func() error {
		return t.db.Write(t.ctx, t.by, func(tx *pg.Tx) error {
			return draft.Save(tx, t.by, "intake.education:"+t.caseID.String(), "intake.section.education", url.Values{"education": {"1"}, "school_status": {"5"}})
		})
	})
}

// planned drafts the plan on a day and takes it as far as the part goes.
func (s *stage) planned(t *teller, supervisor access.Actor, p part, on civil.Date) {
	t.at(on, 10, 0)
	pl := t.planning(s.Render)
	pl.draft(plan.DraftInput{StartOn: on})
	pl.clear(false)
	if p.Title == "" {
		p.Title, p.TitleES, p.Due = classOf(p.Area), classESOf(p.Area), Monday.AddDays(40).String()
	}
	p.TitleES = cmp.Or(p.TitleES, p.Title)
	due := s.day(p.Due)
	first := pl.milestone(plan.MilestoneInput{Kind: "enroll", Title: "Enroll in class", TitleES: "Inscribirse en la clase", Place: "Adult Education", DueOn: on.AddDays(10)})
	main := pl.milestone(plan.MilestoneInput{Kind: "training", Title: p.Title, TitleES: p.TitleES, Place: "Southern Maine CC", StartsOn: civil.Later(on.AddDays(12), due.AddDays(-120)), DueOn: due, DependsOn: []string{first}})
	pl.line(plan.LineInput{Kind: "training", What: p.Title, WhatES: p.TitleES, Provider: "Southern Maine CC", Cost: 85000, Funding: "wioa_adult", MilestoneKey: main})
	pl.line(plan.LineInput{Kind: "support", Need: "transport", What: "Gas card", WhatES: "Tarjeta de gasolina", EndsOn: s.day("2026-12-31"), Cost: 12000, Funding: "wioa_adult"})
	pl.header(func(h *plan.HeaderInput) {
		h.EndOn = civil.Later(h.EndOn, due)
		h.RhythmDays = 21
		h.ParticipantDoes, h.AgencyDoes, h.IfIStop = promises(p.Language)
	})
	if p.Step == 5 && p.Sent == "" {
		return
	}
	if p.Sent != "" {
		t.at(s.day(p.Sent), 14, 0)
	}
	pl.submit()
	if p.Unsigned {
		return
	}
	pl.sign(p.First + " " + p.Last)
	switch {
	case p.Returns != "":
		t.at(s.day("2026-11-20"), 14, 30)
		pl.decide(supervisor, "returned", p.Returns)
	case p.Step == 6:
		t.at(on.AddDays(1), 9, 0)
		pl.decide(supervisor, "approved", "")
		t.at(on.AddDays(11), 10, 0)
		t.talk(engagement.CheckInInput{Method: "in_person", Result: "talked", Note: "Started class.", Progress: []engagement.ProgressInput{{Key: first, Status: "done"}, {Key: main, Status: "in_progress"}}, ServiceCode: "B11"})
	}
}

// follow records the last talk, what went unanswered since, and what is agreed next.
func (s *stage) follow(t *teller, p part) {
	today := Monday.AddDays(s.shift)
	last := today.AddDays(-p.Ago)
	s.between(t, p, last)
	if p.Ago > 0 && !last.Before(s.day(p.Began)) {
		t.at(last, 11, 0)
		note := p.Note
		if note == "" {
			note = "Going well. Ride and schedule are fine."
		}
		t.talk(engagement.CheckInInput{Method: "phone", Result: "talked", Note: note, ServiceCode: counseled(p)})
	}
	for i := range p.Silent {
		t.at(last.AddDays(12+9*i), 15, 0)
		t.talk(engagement.CheckInInput{Method: "text", Result: "no_answer"})
	}
	kind, place := p.Kind, p.Place
	if kind == "" {
		kind = "check_in"
	}
	if place == "" {
		place = "phone"
	}
	at := civil.Clock{}
	if p.NextAt[0] > 0 {
		at = civil.At(p.NextAt[0], p.NextAt[1])
	}
	if p.Ago > 0 && p.Silent == 0 {
		t.at(last, 11, 30)
	}
	t.agree(kind, s.day(p.NextOn), at, place, "", p.Bring, "")
	if p.Ago == 14 && p.Area == "H2" {
		t.at(s.day("2026-11-09"), 15, 0)
		t.ask("Transcript", "Central CC")
	}
}

// counseled is the service that a talk of somebody in step 6 is; it keeps their participation going.
func counseled(p part) string {
	if p.Step == 6 {
		return "I05"
	}
	return ""
}

// between records the talks from the plan to the last one. Those of the crowd go by its rhythm: most on the day,
// some late. The cast talks at least often enough that nobody's participation runs out.
func (s *stage) between(t *teller, p part, last civil.Date) {
	if p.Step != 6 {
		return
	}
	if p.Number > 0 {
		for on := s.day(p.Began).AddDays(28 + 70); on.Before(last.AddDays(-8)); on = on.AddDays(70) {
			t.at(on, 10, 30)
			t.talk(engagement.CheckInInput{Method: "phone", Result: "talked", Note: "On schedule.", ServiceCode: counseled(p)})
		}
		return
	}
	late := len(p.First+p.Last) % 4
	for on, n := s.day(p.Began).AddDays(28+21), 0; on.Before(last.AddDays(-8)); on, n = on.AddDays(21), n+1 {
		day := on
		if n%4 == late {
			day = on.AddDays(3)
		}
		t.at(day, 10, 30)
		t.talk(engagement.CheckInInput{Method: "phone", Result: "talked", Note: "On schedule.", NextOn: workday(on.AddDays(21)), ServiceCode: counseled(p)})
	}
}

// workday is the day itself, or the Monday after a weekend.
func workday(d civil.Date) civil.Date {
	switch d.Weekday() {
	case time.Saturday:
		return d.AddDays(2)
	case time.Sunday:
		return d.AddDays(1)
	default:
		return d
	}
}

// crowd fills a caseload with made-up people over all steps.
func (s *stage) crowd(by, supervisor access.Actor, n, from int) error {
	return s.together(n, func(i int) error { return s.tell(by, supervisor, s.somebody(from+i, nextDue(i))) })
}

// danasCrowd is the rest of Dana's 84: two late, eight due this week, the others on track.
func (s *stage) danasCrowd(dana, marcus access.Actor) error {
	next := []string{"2026-11-20", "2026-11-21", "2026-11-24", "2026-11-24", "2026-11-25", "2026-11-25", "2026-11-25", "2026-11-28", "2026-11-28", "2026-11-29"}
	return s.together(69, func(i int) error {
		on := nextDue(i)
		if i < len(next) {
			on = next[i]
		}
		return s.tell(dana, marcus, s.somebody(i, on))
	})
}

// nextDue spreads next talks over the three weeks after this one.
func nextDue(i int) string { return Monday.AddDays(7 + i%21).String() }

// somebody is the i-th made-up person; most are at step 6.
func (s *stage) somebody(i int, nextOn string) part {
	first, last := pool(i)
	step := []int{6, 6, 6, 5, 6, 6, 4, 6, 3, 6, 2, 6, 6, 1, 6, 6}[i%16]
	lang := []string{"en", "en", "es", "en", "en", "so", "en", "en", "pt", "en"}[i%10]
	area := []string{"M1", "H1", "I1", "C1", "T1", "M6", "H2", "C2", "M2", "H4"}[i%10]
	began := []string{"2026-08-10", "2026-08-17", "2026-08-24", "2026-09-01"}[i%4]
	if step < 6 {
		began = []string{"2026-10-19", "2026-10-26", "2026-11-02", "2026-11-04"}[i%4]
	}
	p := part{person: who(first, last, fmt.Sprintf("207555%04d", 1000+i), lang, area, i), Step: step, Began: began, NextOn: nextOn, Ago: 2 + i%15, Target: 3}
	if step == 6 {
		p.Title, p.TitleES, p.Due = classOf(area), classESOf(area), Monday.AddDays(20+i%140).String()
	}
	return p
}

// together runs n tellings side by side; the first fault ends them.
func (s *stage) together(n int, tell func(int) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	work := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range work {
				if err := tell(i); err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	for i := range n {
		mu.Lock()
		stop := first != nil
		mu.Unlock()
		if stop {
			break
		}
		work <- i
	}
	close(work)
	wg.Wait()
	return first
}
