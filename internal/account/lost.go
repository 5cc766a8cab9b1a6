package account

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// LostInput is what to do after a telephone or an address was lost: where the new invitation goes, and the
// new telephone if there is one. TextsOK says that texts to it are fine.
type LostInput struct {
	By      string `json:"by" validate:"required,oneof=email text"`
	Phone   string `json:"phone" validate:"max=30"`
	TextsOK bool   `json:"texts_ok"`
	Email   string `json:"email" validate:"omitempty,email,max=254"`
}

// Lost ends everything that a lost telephone opens: sessions, codes, links, the password and the calendar's
// address. Then it keeps the new number and sends a new invitation there.
func (s *Service) Lost(ctx context.Context, by access.Actor, person access.ParticipantID, in LostInput) (made Linked, err error) {
	in.Email, in.Phone = NormalEmail(in.Email), strings.TrimSpace(in.Phone)
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if in.By == "email" && in.Email == "" {
		return made, errs.At("email", "required")
	}
	scope, err := s.policy.Scope(by, access.UpdateParticipant)
	if err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		i, err := invitee(tx, scope, person)
		if err != nil {
			return err
		}
		user, found, err := pg.Find[access.UserID](tx, `select id from users where participant_id = :person and active for update`, pg.Args{"person": person})
		if err == nil && !found {
			err = errs.New(errs.Conflict, "user.none")
		}
		if err != nil {
			return err
		}
		if err := endAll(tx, by, i, user); err != nil {
			return err
		}
		if i, err = reachedAt(tx, by, scope, i, in); err != nil {
			return err
		}
		to := place{email: in.Email}
		if in.By == "text" {
			if to.digits = i.digits(); to.digits == "" {
				return errs.At("by", "no_texts")
			}
		}
		if in.Email, err = s.ownAddress(tx, i, in.Email); err != nil {
			return err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "user.phone_lost", Participant: person, Subject: user.String()}); err != nil {
			return err
		}
		made, err = s.inviteAgain(tx, by, user, in.Email, to)
		return err
	})
	return made, emailTaken(err)
}

// endAll ends what somebody else could use who holds the telephone.
func endAll(tx *pg.Tx, by access.Actor, i Invitee, user access.UserID) error {
	args := pg.Args{"agency": by.Agency, "user": user, "person": i.ID, "now": tx.Now, "to": "+1" + sms.Digits(i.Phone)}
	for _, q := range []string{
		`update users set password_hash = '', confirmed_at = null, epoch = epoch + 1, version = version + 1, updated_at = :now where id = :user`,
		`update calendar_feeds set ended_at = :now where participant_id = :person and ended_at is null`,
		`update outbox set failed = 'given_up', delivery = 'failed', body = '', next_at = 'infinity' where sent_at is null and channel = 'text' and recipient = :to and kind in ('code', 'invitation')`,
	} {
		if err := pg.Insert(tx, q, args); err != nil {
			return err
		}
	}
	if _, err := pg.Get[int](tx, `select app.drop_codes(:agency, :user)`, args); err != nil {
		return err
	}
	return endSessions(tx, user)
}

// reachedAt keeps the new telephone on the record; without one the old stays, as when only the address is another.
func reachedAt(tx *pg.Tx, by access.Actor, scope access.Scope, i Invitee, in LostInput) (Invitee, error) {
	if in.Phone == "" {
		return i, nil
	}
	if sms.Digits(in.Phone) == "" {
		return i, errs.At("phone", "phone")
	}
	if err := pg.Insert(tx, `update participants set phone = :phone, texts_ok = :texts, version = version + 1, updated_at = :now where id = :id`,
		pg.Args{"phone": in.Phone, "texts": in.TextsOK, "now": tx.Now, "id": i.ID}); err != nil {
		return i, err
	}
	if err := audit.Append(tx, by, audit.Entry{Action: "participant.changed", Participant: i.ID, Subject: i.ID.String()}); err != nil {
		return i, err
	}
	return invitee(tx, scope, i.ID)
}
