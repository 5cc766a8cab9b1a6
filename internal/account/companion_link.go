package account

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// CompanionLink is the link of somebody who stands beside a participant, as its holder finds it. It names
// nobody, and opens nothing without a code.
type CompanionLink struct {
	Agency access.AgencyID      `db:"agency_id"`
	ID     CompanionID          `db:"id"`
	User   access.UserID        `db:"user_id"`
	Person access.ParticipantID `db:"participant_id"`
	Kind   string               `db:"kind"`
	Email  string               `db:"email"`
	Phone  string               `db:"phone"`
	Lang   string               `db:"language"`
	Until  civil.Date           `db:"until_on"`
	Born   civil.Date           `db:"birth_date"`
	Zone   string               `db:"time_zone"`
}

// Usable reports a link that still leads somewhere.
func (l CompanionLink) Usable() bool { return !l.ID.IsZero() }

// over reports a link that is too old, and a guardian's of somebody who is 18.
func (l CompanionLink) over(now time.Time) bool {
	zone, err := Zone(l.Zone)
	if err != nil {
		zone = time.UTC
	}
	today := civil.Of(now.In(zone))
	return !l.Until.IsZero() && l.Until.Before(today) || l.Kind == "guardian" && (l.Born.IsZero() || l.Born.AgeOn(today) >= 18)
}

// FindCompanion looks a link up; one that never was, was ended or is too old is the empty one.
func (s *Service) FindCompanion(ctx context.Context, token string) (CompanionLink, error) {
	l, err := pg.Ask[CompanionLink](ctx, s.db, `select agency_id, id, user_id, participant_id, kind, email, phone, language, until_on, birth_date, time_zone from app.companion(:hash)`,
		pg.Args{"hash": hashToken(token)})
	if errs.Is(err, errs.NotFound) || err == nil && l.over(s.db.Now()) {
		return CompanionLink{}, nil
	}
	return l, err
}

var errLink = errs.New(errs.NotFound, "link.over")

// companionAsk is what the codes of a link are asked under: only its holder can use them.
func companionAsk(token string) string { return "companion\x00" + token }

// SendCompanionCode sends whoever holds a link the code that opens it, to the address on the record. It ends
// the code before it.
func (s *Service) SendCompanionCode(ctx context.Context, token string) error {
	l, err := s.FindCompanion(ctx, token)
	if err != nil {
		return err
	}
	if !l.Usable() {
		return errLink
	}
	key := throttleKey("companion", l.ID.String())
	if err := s.held(ctx, [][]byte{key}); err != nil {
		return err
	}
	if _, err := pg.Ask[int](ctx, s.db, `select app.failed(:keys)`, pg.Args{"keys": pg.Array([][]byte{key})}); err != nil {
		return err
	}
	ask := companionAsk(token)
	if _, err := pg.Ask[int](ctx, s.db, `select app.use_code(:key)`, pg.Args{"key": hashToken(ask)}); err != nil {
		return err
	}
	one := newCode(ask)
	made, err := s.putCode(ctx, one, key, codePerson{Agency: l.Agency, User: l.User})
	if err != nil || made > codesPerDay {
		return err
	}
	one.link = ""
	to := place{email: l.Email}
	if l.Email == "" {
		to.digits = sms.Digits(l.Phone)
	}
	system := access.Actor{Agency: l.Agency, ID: l.User, Role: access.System}
	return s.db.Write(ctx, system, func(tx *pg.Tx) error { return s.tellCode(tx, system, to, l.Lang, one) })
}

// UseCompanionCode starts the session of whoever holds both the link and the code. Of several uses at once
// exactly one counts.
func (s *Service) UseCompanionCode(ctx context.Context, token string, in CodeInput) (session string, err error) {
	if err := check.Struct(in); err != nil {
		return "", err
	}
	l, err := s.FindCompanion(ctx, token)
	if err != nil {
		return "", err
	}
	if !l.Usable() {
		return "", errLink
	}
	ask := companionAsk(token)
	right := string(codeHash(ask, in.digits()))
	meant, err := s.claim(ctx, hashToken(ask), civil.Date{}, func(r codeRow) bool { return string(r.Code) == right })
	if err != nil {
		return "", err
	}
	if session, err = s.begin(ctx, access.Actor{Agency: meant.Agency, ID: meant.User, Role: access.System}, l.Kind); err != nil {
		return "", err
	}
	_, err = pg.Ask[int](ctx, s.db, `select app.forgiven(:keys)`, pg.Args{"keys": pg.Array([][]byte{throttleKey("companion", l.ID.String())})})
	return session, err
}

// Hidden is an address as its owner knows it again and nobody else reads it: a•••@example.org, •••-•••-0142.
func (l CompanionLink) Hidden() string {
	if l.Email != "" {
		name := local(l.Email)
		return name[:min(1, len(name))] + "•••" + l.Email[len(name):]
	}
	d := sms.Digits(l.Phone)
	return "•••-•••-" + d[max(0, len(d)-4):]
}
