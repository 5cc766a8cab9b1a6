package notice

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// Choice is what a participant wants to be told of and where. Safe says that a text may wait on their
// telephone for others to see.
type Choice struct {
	Channel     string `db:"channel" json:"channel" validate:"required,oneof=text email none"`
	Safe        bool   `db:"safe_to_leave_message" json:"safe"`
	Appointment bool   `db:"appointment" json:"appointment"`
	Todo        bool   `db:"todo" json:"todo"`
	Plan        bool   `db:"plan" json:"plan"`
	Message     bool   `db:"message" json:"message"`
}

// Known is a choice with what it rests on.
type Known struct {
	Choice
	Phone string `db:"phone"`
	Email string `db:"email"`
	// TextsSince is when they agreed to texts to this number.
	TextsSince *time.Time `db:"texts_ok_at"`
	// Stopped says that they wrote STOP.
	Stopped bool `db:"stopped"`
}

// Service has the use cases of choosing.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

// Own reads what a participant chose, or what holds without a choice.
func (s *Service) Own(ctx context.Context, by access.Actor) (k Known, err error) {
	if err := s.policy.Require(by, access.ReadPortal); err != nil {
		return k, err
	}
	err = s.db.Read(ctx, program(by), func(tx *pg.Tx) error {
		k, err = known(tx, by)
		return err
	})
	return k, err
}

// program is the actor for what a participant's row-level context does not show: whether they wrote STOP.
func program(by access.Actor) access.Actor {
	by.Role = access.System
	return by
}

func known(tx *pg.Tx, by access.Actor) (Known, error) {
	return pg.Get[Known](tx, `
		select coalesce(n.channel, case when p.texts_ok and p.safe_to_leave_message then 'text' else 'email' end) as channel, p.safe_to_leave_message,
			coalesce(n.appointment, true) as appointment, coalesce(n.todo, true) as todo, coalesce(n.plan, true) as plan, coalesce(n.message, true) as message,
			p.phone, coalesce(nullif(u.email, ''), p.email) as email, p.texts_ok_at,
			exists (select from text_stops s where s.agency_id = p.agency_id and s.digits = right(p.phone_digits, 10) and s.resumed_at is null) as stopped
		from participants p join users u on u.agency_id = p.agency_id and u.participant_id = p.id and u.id = :user
		left join notice_choices n on n.agency_id = p.agency_id and n.participant_id = p.id where p.id = :person`, pg.Args{"person": by.Participant, "user": by.ID})
}

// fits holds a choice against what there is to write to.
func (c Choice) fits(k Known) error {
	switch {
	case c.Channel == "text" && sms.Digits(k.Phone) == "":
		return errs.At("channel", "no_phone")
	case c.Channel == "text" && k.Stopped:
		return errs.At("channel", "wrote_stop")
	case c.Channel == "text" && !c.Safe:
		return errs.At("safe", "safe_needed")
	case c.Channel == "email" && k.Email == "":
		return errs.At("channel", "no_email")
	}
	return nil
}

// Choose keeps what a participant wants. Whoever chooses texts agrees to them: the record says since when.
func (s *Service) Choose(ctx context.Context, by access.Actor, in Choice) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	if err := s.policy.Require(by, access.AnswerPortal); err != nil {
		return err
	}
	return s.db.Write(ctx, program(by), func(tx *pg.Tx) error {
		k, err := known(tx, by)
		if err != nil {
			return err
		}
		if err := in.fits(k); err != nil {
			return err
		}
		args := pg.Args{
			"agency": by.Agency, "person": by.Participant, "channel": in.Channel, "safe": in.Safe, "appointment": in.Appointment, "todo": in.Todo, "plan": in.Plan, "message": in.Message, "now": tx.Now,
		}
		if err := pg.Insert(tx, `insert into notice_choices (agency_id, participant_id, channel, appointment, todo, plan, message, chosen_at)
			values (:agency, :person, :channel, :appointment, :todo, :plan, :message, :now) on conflict (agency_id, participant_id) do update
			set channel = excluded.channel, appointment = excluded.appointment, todo = excluded.todo, plan = excluded.plan, message = excluded.message, chosen_at = excluded.chosen_at`, args); err != nil {
			return err
		}
		if err := pg.Insert(tx, `update participants set texts_ok = texts_ok or :channel = 'text', safe_to_leave_message = :safe, version = version + 1, updated_at = :now where id = :person`, args); err != nil {
			return err
		}
		if err := pg.Insert(tx, dropWaiting, args); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "notice.chosen", Participant: by.Participant, Detail: map[string]any{"channel": in.Channel}})
	})
}

// dropWaiting forgets what waits to be sent and is not wanted any more, or not that way.
const dropWaiting = `update outbox o set failed = 'opted_out', delivery = 'failed', body = '', next_at = 'infinity' from cases c
	where c.agency_id = o.agency_id and c.id = o.case_id and c.participant_id = :person and o.sent_at is null and o.delivery = '' and o.failed = ''
		and (o.channel <> :channel and o.kind in ('appointment', 'todo', 'sign', 'copy', 'message')
			or o.kind = 'appointment' and not :appointment or o.kind = 'todo' and not :todo or o.kind in ('sign', 'copy') and not :plan or o.kind = 'message' and not :message)`
