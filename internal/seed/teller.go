package seed

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/goal"
	"waymark/internal/intake"
	"waymark/internal/money"
	"waymark/internal/participant"
	"waymark/internal/pg"
	"waymark/internal/recommend"
	"waymark/internal/selection"
)

// teller tells one person's past through the services, moving its own clock from day to day.
type teller struct {
	ctx    context.Context
	by     access.Actor // who did it
	now    time.Time
	db     *pg.DB
	policy *access.Policy
	key    []byte
	err    error // the first fault; everything after it does nothing

	caseID access.CaseID
	person access.ParticipantID
}

func newTeller(ctx context.Context, s Seeder, by access.Actor) *teller {
	t := &teller{ctx: ctx, by: by, policy: s.Policy, key: s.Key}
	t.db = s.DB.At(func() time.Time { return t.now })
	return t
}

// at moves the clock to a time of a day at the agency.
func (t *teller) at(day civil.Date, hour, minute int) {
	d := day.Time()
	t.now = time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, t.by.Zone)
}

// do runs one use case unless an earlier one failed.
func (t *teller) do(what string, fn func() error) {
	if t.err == nil {
		if err := fn(); err != nil {
			t.err = fmt.Errorf("seed: %s on %s: %w", what, civil.Of(t.now), err)
		}
	}
}

// person is who somebody is, as the demonstration makes them up.
type person struct {
	First, Last, Phone, Language string
	Interpreter                  bool
	Born                         civil.Date
	Education                    string // PIRL 408
	English                      string // comfortable, some, little
	Math                         string // TABE mathematics, form M
	Needed                       money.Cents
	Interests                    map[string]intake.Figure
	Area, Named                  string
	Program                      string
	Licences                     []string
}

// takeIn adds the person and opens the case.
func (t *teller) takeIn(p person) {
	t.do("take in "+p.Last, func() error {
		c, err := casefile.New(t.db, t.policy).TakeIn(t.ctx, t.by, participant.Create{Input: participant.Input{
			FirstName: p.First, LastName: p.Last, Phone: p.Phone, BirthDate: p.Born, Language: p.Language, Interpreter: p.Interpreter, TextsOK: true, SafeMessage: true,
		}}, casefile.OpenInput{})
		t.caseID, t.person = c.ID, c.ParticipantID
		return err
	})
}

func yes(b bool) intake.Said {
	if b {
		return "yes"
	}
	return "no"
}

// sections are the intake record's, complete.
func (t *teller) sections(p person) []intake.Edit {
	income, needed := money.Cents(1190000), p.Needed
	day := civil.Of(t.now)
	return []intake.Edit{
		{Answers: intake.About{
			FirstName: p.First, LastName: p.Last, BirthDate: p.Born, Language: p.Language, Interpreter: yes(p.Interpreter), WorkAuthorized: "yes",
			WorkAuthType: "U.S. passport", WorkAuthVerified: day, SelectiveService: "not_required", Veteran: "no", EligibleSpouse: "no",
		}},
		{Answers: intake.Contact{Phone: p.Phone, TextsOK: "yes", SafeMessage: "yes", Housing: "rent", Street: "12 Made-up Road", City: "Bridgeport", State: "ME", ZIP: "04000"}},
		{Answers: intake.Education{Education: intake.Figure(p.Education), SchoolGrade: "12", SchoolStatus: "5", English: p.English, EarnedAbroad: yes(p.Language != "en")}},
		{Answers: intake.Work{
			Employment: "0", UCStatus: "0", UnemployedSince: day.AddDays(-60), NeededHourly: &needed, Licences: p.Licences,
			Preferences: intake.Preferences{FirstChoice: p.Area, Named: named(p)},
		}},
		{Answers: intake.Computer{Device: "phone", Internet: "phone", Skill: "some", Can: []string{"email", "search"}}},
		{Answers: intake.Supports{Transport: "bus", DependentCare: "none", Schedule: "days"}},
		{Answers: intake.Money{
			HouseholdSize: 3, SixMonthIncome: &income, DisplacedHomemaker: "no", SingleParent: "no", Parenting: "no", Homeless: "no", Offender: "no", FosterCare: "no",
			EnglishLearner: yes(p.English != "comfortable"), LowLiteracy: "no", Cultural: "no", TANFExhausting: "no", Farmworker: "0",
			Benefits: []intake.Benefit{{Kind: "snap", From: day.AddDays(-90)}},
		}},
	}
}

func named(p person) []string {
	if p.Named == "" {
		return nil
	}
	return []string{p.Named}
}

// intake records step 1 whole; sections says how many of the seven, for people who are still in it.
func (t *teller) intake(p person, sections int) {
	s := intake.New(t.db, t.policy, t.key)
	t.do("intake", func() error {
		_, err := s.Save(t.ctx, t.by, t.caseID, t.sections(p)[:sections], "")
		return err
	})
	if sections < 7 {
		return
	}
	day := civil.Of(t.now)
	t.do("notice", func() error { return s.GiveNotice(t.ctx, t.by, t.caseID, day) })
	t.do("eligibility", func() error {
		_, err := s.Decide(t.ctx, t.by, t.caseID, intake.EligibilityInput{Program: p.Program, DecidedOn: day, FactsInput: intake.FactsInput{MaleAtBirth: "no"}})
		return err
	})
}

// assess records the results that step 1 asks for.
func (t *teller) assess(p person) {
	s := intake.New(t.db, t.policy, t.key)
	day := civil.Of(t.now)
	add := func(in intake.AssessmentInput) {
		in.TakenOn = day
		t.do("assessment "+in.Instrument, func() error {
			_, err := s.Assess(t.ctx, t.by, t.caseID, in)
			return err
		})
	}
	add(intake.AssessmentInput{Instrument: "tabe_11_12", Subject: "mathematics", Form: "M", Score: intake.Figure(p.Math), Proctored: true})
	add(intake.AssessmentInput{Instrument: "waymark_interests", Scores: p.Interests})
	add(intake.AssessmentInput{Instrument: "work_readiness", Ratings: map[string]intake.Figure{"learns_on_job": "3", "follows_instructions": "4", "patience": "3", "positive_attitude": "4"}})
	if p.English != "comfortable" {
		add(intake.AssessmentInput{Instrument: "casas_steps", Subject: "listening", Form: "C", Score: "205", Proctored: true})
	}
	t.do("support needs", func() error {
		_, err := s.Screening(t.ctx, t.by, t.caseID, intake.ScreenInput{ScreenedOn: day, Needs: []intake.NeedInput{{Area: "transport", Severity: 2, Resolution: "Gas card"}}}, 0)
		return err
	})
}

// recommend computes and, when told, reviews the options with the person.
func (t *teller) recommend(review bool) {
	s := recommend.New(t.db, t.policy)
	var made recommend.Snapshot
	t.do("recommendations", func() (err error) {
		made, err = s.Compute(t.ctx, t.by, t.caseID, recommend.ComputeInput{})
		return err
	})
	if review {
		t.do("review", func() error {
			_, err := s.Review(t.ctx, t.by, t.caseID, made.ID, recommend.ReviewInput{Method: "in_person", Comment: "Went through the five best together."})
			return err
		})
	}
}

// choose records the person's own choice.
func (t *teller) choose(p person, entry, target int, reason string) {
	t.do("selection", func() error {
		_, err := selection.New(t.db, t.policy, goal.Recheck).Choose(t.ctx, t.by, t.caseID, selection.Input{
			Area: p.Area, EntryStep: entry, TargetStep: target, Reason: reason,
			OverrideReason: "The person knows this work and wants it.", InformedChoice: selection.Informed{Duration: true, Cost: true, Wage: true, Physical: true, Schedule: true, LicenceBars: true},
		})
		return err
	})
}

// aim records one goal, agreed on the day.
func (t *teller) aim(in goal.Input) (g goal.Goal) {
	if in.Status == "" {
		in.Status = "agreed"
	}
	if in.AgreedOn.IsZero() {
		in.AgreedOn = civil.Of(t.now)
	}
	if in.Owner == "" {
		in.Owner = "participant"
	}
	t.do("goal "+in.Title, func() (err error) {
		g, err = goal.New(t.db, t.policy).Add(t.ctx, t.by, t.caseID, in)
		return err
	})
	return g
}
