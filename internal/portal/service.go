package portal

import (
	"context"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of the participant's own pages.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Home is the first page: what is next, the plan as steps, who helps.
type Home struct {
	FirstName string
	Helper    Helper
	AgencyTel string       // whom to call while nobody helps yet
	Next      *Appointment // nil when nothing is agreed
	Missed    bool         // Next has passed
	Feeling   *Signal      // of this week
	HasPlan   bool
	ToSign    bool
	Steps     []Step
	Done      int
	Goals     []goal.Goal
}

// Home reads the first page. Without a case there is only the greeting.
func (s *Service) Home(ctx context.Context, by access.Actor) (home Home, err error) {
	home = Home{FirstName: by.FirstName, Steps: []Step{}, Goals: []goal.Goal{}}
	err = s.ownOr(ctx, by, func(tx *pg.Tx) (err error) {
		home.AgencyTel, err = pg.Get[string](tx, `select phone from agencies where id = :id`, pg.Args{"id": by.Agency})
		return err
	}, func(tx *pg.Tx, c casefile.Case) error {
		home.FirstName = c.First()
		if home.Helper, err = helperOf(tx, c.ID); err != nil {
			return err
		}
		today := by.Today(tx.Now)
		if home.Next, err = nextOf(tx, c.ID, today); err != nil {
			return err
		}
		home.Missed = home.Next != nil && home.Next.On.Before(today)
		if home.Feeling, err = lastFeeling(tx, c.ID, weekOf(by.Local(tx.Now))); err != nil {
			return err
		}
		if home.ToSign, err = waits(tx, c.ID); err != nil {
			return err
		}
		return home.read(tx, c, today)
	})
	return home, err
}

// read adds the plan in force and the goals.
func (h *Home) read(tx *pg.Tx, c casefile.Case, today civil.Date) error {
	plan, found, err := planOf(tx, c.ID)
	if err != nil || !found {
		return err
	}
	milestones, err := milestonesOf(tx, plan)
	if err != nil {
		return err
	}
	if h.Goals, err = goal.Of(tx, c.ID); err != nil {
		return err
	}
	h.HasPlan, h.Steps = true, stepsOf(milestones, h.Goals, today)
	h.Done = doneOf(h.Steps)
	told, err := toldOf(tx, c.ID)
	if err != nil {
		return err
	}
	for i, s := range h.Steps {
		if said, ok := told[s.Key]; ok && s.Open() {
			h.Steps[i].Told = &said
		}
	}
	return inSpanish(tx, plan, h.Steps)
}

// weekOf is Monday, midnight, of the week.
func weekOf(at time.Time) time.Time {
	days := (int(at.Weekday()) + 6) % 7
	return time.Date(at.Year(), at.Month(), at.Day()-days, 0, 0, 0, 0, at.Location())
}

// own reads with the participant's case; one without a case is shown no more than that.
func (s *Service) own(ctx context.Context, by access.Actor, fn func(*pg.Tx, casefile.Case) error) error {
	return s.ownOr(ctx, by, func(*pg.Tx) error { return nil }, fn)
}

// ownOr is own with something to do where there is no case yet.
func (s *Service) ownOr(ctx context.Context, by access.Actor, none func(*pg.Tx) error, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if errs.Is(err, errs.NotFound) {
			return none(tx)
		}
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// Appointment reads one of the participant's own.
func (s *Service) Appointment(ctx context.Context, by access.Actor, appointmentID id.Of[Appointment]) (a Appointment, h Helper, err error) {
	found := false
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) (err error) {
		found = true
		if a, err = appointmentOf(tx, c.ID, appointmentID); err == nil {
			h, err = helperOf(tx, c.ID)
		}
		return err
	})
	if err == nil && !found {
		err = errs.New(errs.NotFound, "not_found")
	}
	return a, h, err
}

// Helper is who works with the participant; nobody before there is a case.
func (s *Service) Helper(ctx context.Context, by access.Actor) (h Helper, err error) {
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) (err error) {
		h, err = helperOf(tx, c.ID)
		return err
	})
	return h, err
}

// Step finds a milestone of the plan in force by its key, with who helps.
func (s *Service) Step(ctx context.Context, by access.Actor, key string) (step Step, h Helper, err error) {
	home, err := s.Home(ctx, by)
	if err != nil {
		return step, h, err
	}
	for _, one := range home.Steps {
		if one.Key == key && one.Open() {
			return one, home.Helper, nil
		}
	}
	return step, h, errs.New(errs.NotFound, "not_found")
}

// Readings lists who has opened the participant's record.
func (s *Service) Readings(ctx context.Context, by access.Actor) (list []Reading, err error) {
	if err := s.policy.Require(by, access.ReadPortal); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		list, err = readings(tx, by)
		return err
	})
	return list, err
}

// FeelingInput says how the week goes.
type FeelingInput struct {
	Feeling string `json:"feeling" validate:"required,oneof=good so_so need_help"`
}

// Feel records how the week goes.
func (s *Service) Feel(ctx context.Context, by access.Actor, in FeelingInput) (Signal, error) {
	return s.tell(ctx, by, in, Signal{Kind: "feeling", Feeling: in.Feeling}, nil)
}

// MessageInput is a word to the case manager.
type MessageInput struct {
	Body string `json:"body" validate:"required,max=2000"`
}

// Send records a message.
func (s *Service) Send(ctx context.Context, by access.Actor, in MessageInput) (Signal, error) {
	return s.tell(ctx, by, in, Signal{Kind: "message", Body: in.Body}, nil)
}

// MilestoneInput is what a participant says of one milestone: it is done, they are stuck, or they want to
// change it.
type MilestoneInput struct {
	Say  string `json:"say" validate:"required,oneof=done stuck change"`
	Note string `json:"note" validate:"max=500"`
}

// Tell records what the participant says of a milestone of the plan in force that is not done.
func (s *Service) Tell(ctx context.Context, by access.Actor, key string, in MilestoneInput) (Signal, error) {
	in.Note = strings.TrimSpace(in.Note)
	return s.tell(ctx, by, in, Signal{Kind: in.Say, Body: in.Note, About: key}, func(tx *pg.Tx, c casefile.Case) error {
		if in.Say == SaysChange && in.Note == "" {
			return errs.At("note", "required")
		}
		plan, found, err := planOf(tx, c.ID)
		if err != nil {
			return err
		}
		open := false
		if found {
			open, err = isOpen(tx, plan, key)
		}
		if err == nil && !open {
			err = errs.New(errs.NotFound, "not_found")
		}
		return err
	})
}

// ReplyInput answers an appointment.
type ReplyInput struct {
	Answer string `json:"answer" validate:"required,oneof=coming another_time"`
	Note   string `json:"note" validate:"max=500"`
}

// Reply answers one of the participant's own appointments. A wish for another time is a signal too.
func (s *Service) Reply(ctx context.Context, by access.Actor, appointmentID id.Of[Appointment], in ReplyInput) (a Appointment, err error) {
	told := Signal{}
	if in.Answer == "another_time" {
		told = Signal{Kind: "another_time", Body: in.Note}
	}
	_, err = s.tell(ctx, by, in, told, func(tx *pg.Tx, c casefile.Case) error {
		if a, err = appointmentOf(tx, c.ID, appointmentID); err != nil {
			return err
		}
		if a.On.Before(by.Today(tx.Now)) {
			return errs.New(errs.Conflict, "portal.appointment_passed")
		}
		a.Answer = in.Answer
		if err := answer(tx, a, in); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "appointment.answered", Case: c.ID, Subject: a.ID.String(), Detail: map[string]any{"answer": in.Answer}})
	})
	return a, err
}

// tell checks the input, does what comes first, and keeps the signal, if there is one.
func (s *Service) tell(ctx context.Context, by access.Actor, in any, told Signal, first func(*pg.Tx, casefile.Case) error) (Signal, error) {
	if err := check.Struct(in); err != nil {
		return told, err
	}
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	if err != nil {
		return told, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		if !c.Open() {
			return errs.New(errs.Conflict, "portal.closed")
		}
		if first != nil {
			if err := first(tx, c); err != nil {
				return err
			}
		}
		if told.Kind == "" {
			return nil
		}
		told.ID, told.CaseID, told.Language, told.SentAt = id.New[Signal](), c.ID, by.Language, tx.Now
		if err := insertSignal(tx, by, told); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "signal.sent", Case: c.ID, Subject: told.ID.String(), Detail: map[string]any{"kind": told.Kind, "feeling": told.Feeling}})
	})
	return told, err
}

// Seen notes that somebody who works on the case has read a signal.
func (s *Service) Seen(ctx context.Context, by access.Actor, caseID access.CaseID, signalID id.Of[Signal]) error {
	scope, err := s.policy.Scope(by, access.AnswerSignal)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		if err := markSeen(tx, by, c.ID, signalID); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "signal.seen", Case: c.ID, Subject: signalID.String()})
	})
}
