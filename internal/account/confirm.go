package account

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// Confirm asks whoever is signed in for their password once more, before they sign something. Whoever has
// none enters a code that was sent to them. Wrong ones count like failed sign-ins; refused:
// password=password_needed or password_wrong, code_needed or code_wrong.
func (s *Service) Confirm(ctx context.Context, by access.Actor, password, ip string) error {
	p, _, err := s.ownWithHash(ctx, by)
	if err != nil {
		return err
	}
	return s.proved(ctx, p, "password", password, ip)
}

// Moment is how long after its beginning a session alone says who somebody is.
const Moment = 15 * time.Minute

// Known says how somebody who signs is known: by a "session" that began a moment ago, else by the "password"
// that Confirm asks for once more.
func (s *Service) Known(ctx context.Context, now Session, password, ip string) (how string, err error) {
	if now.Fresh() {
		return "session", nil
	}
	if err := s.Confirm(ctx, now.Actor, password, ip); err != nil {
		return "", err
	}
	return "password", nil
}

// Fresh reports a session that began a moment ago.
func (s Session) Fresh() bool { return s.Now.Sub(s.Began) <= Moment }

// Codes says whether somebody has no password and so confirms with codes.
func (s *Service) Codes(ctx context.Context, by access.Actor) (bool, error) {
	_, hash, err := s.ownWithHash(ctx, by)
	return hash == "", err
}

// own is what a person's own codes are asked under: only they, signed in, can use them.
func own(user access.UserID) string { return "own\x00" + user.String() }

// OwnCodeInput says where somebody's own code goes; left out, to their telephone if texts may go there,
// else to their e-mail.
type OwnCodeInput struct {
	By string `json:"by" validate:"omitempty,oneof=email text"`
}

// Places says where somebody's own codes can go.
func (s *Service) Places(ctx context.Context, by access.Actor) (text, email bool, err error) {
	system := access.Actor{Agency: by.Agency, ID: by.ID, Role: access.System}
	err = s.db.Read(ctx, system, func(tx *pg.Tx) error {
		f, err := ownPlaces(tx, by.ID)
		text, email = sms.Digits(f.Phone) != "", f.Email != ""
		return err
	})
	return text, email, err
}

// SendOwnCode sends somebody who is signed in and has no password a code to confirm with. It ends the code
// before it.
func (s *Service) SendOwnCode(ctx context.Context, by access.Actor, in OwnCodeInput) error {
	if err := check.Struct(in); err != nil {
		return err
	}
	key := throttleKey("own_code", by.ID.String())
	if err := s.held(ctx, [][]byte{key}); err != nil {
		return err
	}
	if _, err := pg.Ask[int](ctx, s.db, `select app.failed(:keys)`, pg.Args{"keys": pg.Array([][]byte{key})}); err != nil {
		return err
	}
	ask := own(by.ID)
	if _, err := pg.Ask[int](ctx, s.db, `select app.use_code(:key)`, pg.Args{"key": hashToken(ask)}); err != nil {
		return err
	}
	one := newCode(ask)
	if _, err := s.putCode(ctx, one, key, codePerson{Agency: by.Agency, User: by.ID}); err != nil {
		return err
	}
	one.link = "" // it confirms; it signs nobody in
	system := access.Actor{Agency: by.Agency, ID: by.ID, Role: access.System}
	return s.db.Write(ctx, system, func(tx *pg.Tx) error {
		to, err := ownPlace(tx, by.ID, in.By)
		if err != nil {
			return err
		}
		if err := s.tellCode(tx, system, to, by.Language, one); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "code.sent", Subject: by.ID.String()})
	})
}

// ownFound are the places that somebody has: no telephone where no text may go.
type ownFound struct {
	Email string `db:"email"`
	Phone string `db:"phone"`
}

func ownPlaces(tx *pg.Tx, user access.UserID) (ownFound, error) {
	return pg.Get[ownFound](tx, `select coalesce(nullif(u.email, ''), p.email) as email,
			case when p.texts_ok and not exists (select from text_stops s where s.digits = right(p.phone_digits, 10) and s.resumed_at is null) then p.phone else '' end as phone
		from users u join participants p on p.agency_id = u.agency_id and p.id = u.participant_id where u.id = :id`, pg.Args{"id": user})
}

// ownPlace is where somebody's own code goes, as they chose.
func ownPlace(tx *pg.Tx, user access.UserID, chosen string) (to place, err error) {
	f, err := ownPlaces(tx, user)
	if err != nil {
		return to, err
	}
	to = place{digits: sms.Digits(f.Phone)}
	if chosen == "email" && f.Email != "" || to.digits == "" {
		to = place{email: f.Email}
	}
	if to == (place{}) || chosen == "text" && to.digits == "" {
		return to, errs.At("by", "no_place")
	}
	return to, nil
}

// provedByCode is proved for whoever has no password.
func (s *Service) provedByCode(ctx context.Context, p Profile, field, typed string) error {
	in := CodeInput{Code: typed}
	if in.digits() == "" {
		return errs.At(field, "code_needed")
	}
	ask := own(p.User)
	right := string(codeHash(ask, in.digits()))
	_, err := s.claim(ctx, hashToken(ask), civil.Date{}, func(r codeRow) bool { return string(r.Code) == right })
	if errs.Is(err, errs.Invalid) {
		return errs.At(field, "code_wrong")
	}
	if err != nil {
		return err
	}
	_, err = pg.Ask[int](ctx, s.db, `select app.forgiven(:keys)`, pg.Args{"keys": pg.Array([][]byte{throttleKey("own_code", p.User.String())})})
	return err
}
