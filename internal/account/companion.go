package account

import (
	"context"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// A helper looks on for so many days, and a participant has so many at once; then they name them anew.
const (
	HelperDays  = 180
	mostHelpers = 5
)

// Relations are what somebody is to the participant whom they stand beside.
var Relations = []string{"parent", "guardian", "relative", "friend", "worker", "other"}

// CompanionID names somebody who stands beside a participant.
type CompanionID = id.Of[Companion]

// Companion is somebody who stands beside a participant: the guardian who signs while they are under 18, or a
// helper whom they let look on.
type Companion struct {
	ID        CompanionID `db:"id" json:"id"`
	Kind      string      `db:"kind" json:"kind"`
	Name      string      `db:"name" json:"name"`
	Relation  string      `db:"relation" json:"relation"`
	Email     string      `db:"email" json:"email"`
	Phone     string      `db:"phone" json:"phone"`
	Language  string      `db:"language" json:"language"`
	UntilOn   civil.Date  `db:"until_on" json:"until_on"`
	NamedAt   time.Time   `db:"named_at" json:"named_at"`
	EndedAt   *time.Time  `db:"ended_at" json:"ended_at"`
	EndReason string      `db:"end_reason" json:"end_reason"`
	// Linked says that a link of their own was sent.
	Linked  bool          `db:"linked" json:"linked"`
	Version int           `db:"version" json:"version"`
	user    access.UserID `db:"-"`
}

// Now reports that they may still come in on a day.
func (c Companion) Now(today civil.Date) bool {
	return c.EndedAt == nil && (c.UntilOn.IsZero() || !c.UntilOn.Before(today))
}

// CompanionInput is who stands beside somebody, and where their link and their codes go.
type CompanionInput struct {
	Name     string `json:"name" validate:"required,max=100"`
	Relation string `json:"relation" validate:"required,oneof=parent guardian relative friend worker other"`
	Email    string `json:"email" validate:"omitempty,email,max=254"`
	Phone    string `json:"phone" validate:"max=40"`
	Language string `json:"language" validate:"omitempty,max=3,lowercase"`
}

// checked is the input as it is kept; a telephone is one that texts can go to.
func (in CompanionInput) checked(reachable bool) (CompanionInput, error) {
	in.Name, in.Email = strings.Join(strings.Fields(in.Name), " "), NormalEmail(in.Email)
	in.Phone = strings.TrimSpace(in.Phone)
	var c errs.Collector
	if err := c.Merge(check.Struct(in)); err != nil {
		return in, err
	}
	if in.Phone != "" && sms.Digits(in.Phone) == "" {
		c.Add("phone", "where")
	}
	if reachable && in.Email == "" && in.Phone == "" {
		c.Add("email", "way_needed")
	}
	if !msg.Has(in.Language) {
		in.Language = "en"
	}
	return in, c.Err()
}

const companionColumns = `k.id, k.kind, k.name, k.relation, k.email, k.phone, u.language, k.until_on, k.named_at, k.ended_at, k.end_reason, k.token_hash is not null as linked, k.version`

const companionFrom = ` from companions k join users u on u.agency_id = k.agency_id and u.id = k.user_id `

// companionsOf lists everybody who stood beside somebody, those who do now first.
func companionsOf(tx *pg.Tx, person access.ParticipantID, kind string) ([]Companion, error) {
	return pg.List[Companion](tx, `select `+companionColumns+companionFrom+`where k.participant_id = :person and (k.kind = :kind or cast(:kind as text) = '')
		order by k.ended_at is not null, k.named_at desc, k.id desc limit 100`, pg.Args{"person": person, "kind": kind})
}

// Helpers lists whom a participant lets look on, and did.
func (s *Service) Helpers(ctx context.Context, by access.Actor) (list []Companion, err error) {
	if err := s.policy.Require(by, access.ReadPortal); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = companionsOf(tx, by.Participant, "helper")
		return err
	})
	return list, err
}

// NameHelper lets somebody look on, and sends them their link. The participant may not read the outbox, so it
// runs as the program, for nobody but themself.
func (s *Service) NameHelper(ctx context.Context, by access.Actor, in CompanionInput) (made Companion, err error) {
	if in, err = in.checked(true); err != nil {
		return made, err
	}
	if err := s.policy.Require(by, access.AnswerPortal); err != nil || by.Participant.IsZero() {
		return made, errs.New(errs.Forbidden, "forbidden")
	}
	program := by
	program.Role = access.System
	err = s.db.Write(ctx, program, func(tx *pg.Tx) error {
		// The lock lets several at once not pass the limit together.
		if _, err := pg.Get[access.ParticipantID](tx, `select id from participants where id = :person for update`, pg.Args{"person": by.Participant}); err != nil {
			return err
		}
		n, err := pg.Get[int](tx, `select count(*) from companions where participant_id = :person and kind = 'helper' and (ended_at is null or named_at > cast(:now as timestamptz) - interval '1 day')`,
			pg.Args{"person": by.Participant, "now": tx.Now})
		if err != nil {
			return err
		}
		if n >= mostHelpers {
			return errs.New(errs.Conflict, "helper.too_many")
		}
		if made, err = s.addCompanion(tx, by, by.Participant, Companion{Kind: "helper", UntilOn: by.Today(tx.Now).AddDays(HelperDays)}, in); err != nil {
			return err
		}
		return s.sendCompanionLink(tx, program, made)
	})
	return made, err
}

// EndHelper ends at once what a helper sees.
func (s *Service) EndHelper(ctx context.Context, by access.Actor, companion CompanionID) (after Companion, err error) {
	if err := s.policy.Require(by, access.AnswerPortal); err != nil || by.Participant.IsZero() {
		return after, errs.New(errs.Forbidden, "forbidden")
	}
	program := by
	program.Role = access.System
	err = s.db.Write(ctx, program, func(tx *pg.Tx) error {
		k, err := companionOf(tx, by.Participant, companion)
		if err != nil {
			return err
		}
		if k.Kind != "helper" {
			return errs.New(errs.NotFound, "not_found")
		}
		if k.EndedAt != nil { // twice is once
			after = k
			return nil
		}
		after, err = endCompanion(tx, by, by.Participant, k, "ended")
		return err
	})
	return after, err
}

func companionOf(tx *pg.Tx, person access.ParticipantID, companion CompanionID) (Companion, error) {
	k, err := pg.Get[Companion](tx, `select `+companionColumns+companionFrom+`where k.participant_id = :person and k.id = :id for update of k`, pg.Args{"person": person, "id": companion})
	if err != nil {
		return k, err
	}
	k.user, err = pg.Get[access.UserID](tx, `select user_id from companions where id = :id`, pg.Args{"id": companion})
	return k, err
}

// addCompanion keeps who it is and the sign-in that they have; it has no password and never will.
func (s *Service) addCompanion(tx *pg.Tx, by access.Actor, person access.ParticipantID, k Companion, in CompanionInput) (Companion, error) {
	k.ID, k.user = id.New[Companion](), id.New[access.User]()
	if err := pg.Insert(tx, `insert into users (agency_id, id, email, first_name, role, language, confirmed_at, created_at, updated_at)
		values (:agency, :id, '', :name, :role, :language, clock_timestamp(), :now, :now)`,
		pg.Args{"agency": by.Agency, "id": k.user, "name": in.Name, "role": k.Kind, "language": in.Language, "now": tx.Now}); err != nil {
		return k, err
	}
	if err := pg.Insert(tx, `insert into companions (agency_id, id, participant_id, kind, user_id, name, relation, email, phone, until_on, named_by, named_at)
		values (:agency, :id, :person, :kind, :user, :name, :relation, :email, :phone, :until, :by, :now)`,
		pg.Args{
			"agency": by.Agency, "id": k.ID, "person": person, "kind": k.Kind, "user": k.user, "name": in.Name, "relation": in.Relation, "email": in.Email, "phone": in.Phone,
			"until": k.UntilOn, "by": by.ID, "now": tx.Now,
		}); err != nil {
		return k, err
	}
	if err := audit.Append(tx, by, audit.Entry{Action: k.Kind + ".named", Participant: person, Subject: k.ID.String(), Detail: map[string]any{"relation": in.Relation}}); err != nil {
		return k, err
	}
	return companionOf(tx, person, k.ID)
}

// sendCompanionLink makes the link that works from now on, and sends it; it opens nothing without a code.
func (s *Service) sendCompanionLink(tx *pg.Tx, by access.Actor, k Companion) error {
	token, hash := newToken()
	if err := pg.ExecOne(tx, `update companions set token_hash = :hash, version = version + 1 where id = :id and ended_at is null`, pg.Args{"hash": hash, "id": k.ID}); err != nil {
		return err
	}
	words, args := msg.For(k.Language), msg.Args{"link": s.baseURL + "/with/" + token, "days": HelperDays}
	if k.Email == "" {
		_, err := sms.Queue(tx, by, sms.Digits(k.Phone), sms.Text{Kind: sms.Invitation, Body: words.T("text."+k.Kind, args)})
		return err
	}
	return mail.Queue(tx, by, mail.Letter{Kind: k.Kind, Recipient: k.Email, Subject: words.T("mail." + k.Kind + ".subject"), Body: words.T("mail."+k.Kind+".body", args)})
}

// endCompanion ends their sign-in, in the same moment everywhere.
func endCompanion(tx *pg.Tx, by access.Actor, person access.ParticipantID, k Companion, why string) (Companion, error) {
	if err := pg.ExecOne(tx, `update companions set ended_at = :now, ended_by = :by, end_reason = :why, version = version + 1 where id = :id and ended_at is null`,
		pg.Args{"now": tx.Now, "by": by.ID, "why": why, "id": k.ID}); err != nil {
		return k, err
	}
	if err := pg.ExecOne(tx, `update users set active = false, epoch = epoch + 1, version = version + 1, updated_at = :now where id = :id`, pg.Args{"now": tx.Now, "id": k.user}); err != nil {
		return k, err
	}
	if err := endSessions(tx, k.user); err != nil {
		return k, err
	}
	if err := audit.Append(tx, by, audit.Entry{Action: k.Kind + ".ended", Participant: person, Subject: k.ID.String(), Detail: map[string]any{"why": why}}); err != nil {
		return k, err
	}
	return companionOf(tx, person, k.ID)
}
