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

// InvitationInput is where a participant's invitation goes: to an e-mail, or by text to the telephone on
// their record. Then the e-mail may be left out, and they sign in by text.
type InvitationInput struct {
	Email string `json:"email" validate:"omitempty,email,max=254"`
	By    string `json:"by" validate:"omitempty,oneof=email text"`
}

// Invitee is a participant as the invitation needs them.
type Invitee struct {
	First    string               `db:"first_name"`
	Last     string               `db:"last_name"`
	Email    string               `db:"email"`
	Language string               `db:"language"`
	ID       access.ParticipantID `db:"id"`
	Phone    string               `db:"phone"`
	TextsOK  bool                 `db:"texts_ok"`
}

// digits are the telephone's, if texts may go there.
func (i Invitee) digits() string {
	if !i.TextsOK {
		return ""
	}
	return sms.Digits(i.Phone)
}

// Name is first and last name.
func (i Invitee) Name() string { return i.First + " " + i.Last }

func invitee(tx *pg.Tx, scope access.Scope, person access.ParticipantID) (Invitee, error) {
	return pg.Get[Invitee](tx, `select p.id, case when p.preferred_name <> '' then p.preferred_name else p.first_name end as first_name, p.last_name, p.email, p.phone, p.texts_ok and not exists (select from text_stops s where s.digits = right(p.phone_digits, 10) and s.resumed_at is null) as texts_ok,
		case when p.language = 'es' then 'es' else 'en' end as language from participants p where p.id = :person and `+scope.WherePerson(), pg.Args{"person": person}.In(scope, tx))
}

// Invitee reads a participant whom the actor may invite.
func (s *Service) Invitee(ctx context.Context, by access.Actor, person access.ParticipantID) (i Invitee, err error) {
	scope, err := s.policy.Scope(by, access.UpdateParticipant)
	if err != nil {
		return i, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		i, err = invitee(tx, scope, person)
		return err
	})
	return i, err
}

// InviteParticipant lets somebody see their own plan: it makes their account and the link with which
// they set a password. While they have not, it can be repeated, also to another address.
func (s *Service) InviteParticipant(ctx context.Context, by access.Actor, person access.ParticipantID, in InvitationInput) (made Linked, err error) {
	in.Email = NormalEmail(in.Email)
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if in.Email == "" && in.By != "text" {
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
		to := place{email: in.Email}
		if in.By == "text" {
			if to.digits = i.digits(); to.digits == "" {
				return errs.At("by", "no_texts")
			}
		}
		if in.Email, err = s.ownAddress(tx, i, in.Email); err != nil {
			return err
		}
		known, found, err := pg.Find[access.UserID](tx, `select id from users where participant_id = :person and active for update`, pg.Args{"person": person})
		switch {
		case err != nil:
			return err
		case found:
			made, err = s.inviteAgain(tx, by, known, in.Email, to)
		default:
			made, err = s.add(tx, by, PersonInput{Email: in.Email, FirstName: i.First, LastName: i.Last, Role: access.ParticipantRole, Language: i.Language}, person, to)
		}
		return err
	})
	return made, emailTaken(err)
}

// ownAddress is the e-mail that the account will have. One that a relative signs in with already stays
// theirs: then this account has none, and its codes go to the address on the record.
func (s *Service) ownAddress(tx *pg.Tx, i Invitee, email string) (string, error) {
	if email == "" {
		return "", nil
	}
	type holder struct {
		Role   access.Role          `db:"role"`
		Person access.ParticipantID `db:"participant_id"`
	}
	h, found, err := pg.Find[holder](tx, `select role, participant_id from users where email = :email`, pg.Args{"email": email})
	switch {
	case err != nil || !found || h.Person == i.ID:
		return email, err
	case h.Role != access.ParticipantRole:
		return "", errs.At("email", "email_taken")
	case !strings.EqualFold(i.Email, email):
		return "", errs.At("email", "email_shared")
	}
	return "", nil
}

func (s *Service) inviteAgain(tx *pg.Tx, by access.Actor, user access.UserID, email string, to place) (made Linked, err error) {
	p, err := personOf(tx, user)
	if err != nil {
		return made, err
	}
	if !p.Invited {
		return made, errs.New(errs.Conflict, "user.has_account")
	}
	if err := pg.Insert(tx, `update users set email = :email, version = version + 1, updated_at = :now where id = :id`, pg.Args{"email": email, "id": user, "now": tx.Now}); err != nil {
		return made, err
	}
	if made.Link, err = s.addLink(tx, by, user, Invitation); err != nil {
		return made, err
	}
	if err := sendLink(tx, by, to, p.Language, Invitation, made.Link); err != nil {
		return made, err
	}
	if made.Person, err = personOf(tx, user); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{Action: "user.invited", Participant: p.ParticipantID, Subject: user.String()})
}
