package account

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// Purpose is what a one-time link is good for.
type Purpose string

// The purposes and how long their links live.
const (
	Invitation     Purpose = "invitation"
	Reset          Purpose = "reset"
	invitationLife         = 72 * time.Hour
	resetLife              = 20 * time.Minute
	resetsPerHour          = 3
)

// path is where a link of the purpose leads.
func (p Purpose) path() string {
	if p == Invitation {
		return "/invitation/"
	}
	return "/password/reset/"
}

// linkRow is the phantom type of a link's id.
type linkRow struct{}

// Link is a one-time link as its holder finds it.
type Link struct {
	ID      id.Of[linkRow]  `db:"id"`
	Agency  access.AgencyID `db:"agency_id"`
	User    access.UserID   `db:"user_id"`
	Purpose Purpose         `db:"purpose"`
	Email   string          `db:"email"`
	First   string          `db:"first_name"`
	Lang    string          `db:"language"`
	Usable  bool            `db:"usable"`
	// Confirm asks a participant for the last name, in case the letter went astray.
	Confirm bool `db:"-"`
	// Free lets a participant do without a password; Codes says that they cannot have one.
	Free  bool   `db:"-"`
	Codes bool   `db:"-"`
	last  string `db:"-"`
}

func (l Link) actor() access.Actor {
	return access.Actor{Agency: l.Agency, ID: l.User, Role: access.System}
}

// addLink makes a link of its purpose the only one that works for the person, and gives the whole address.
func (s *Service) addLink(tx *pg.Tx, by access.Actor, user access.UserID, purpose Purpose) (address string, err error) {
	if err := revokeLinks(tx, user); err != nil {
		return "", err
	}
	token, hash := newToken()
	life := resetLife
	if purpose == Invitation {
		life = invitationLife
	}
	err = pg.Insert(tx, `insert into one_time_links (agency_id, id, user_id, purpose, token_hash, expires_at, made_by)
		values (:agency, :id, :user, :purpose, :hash, clock_timestamp() + make_interval(secs => :seconds), :by)`,
		pg.Args{"agency": by.Agency, "id": id.New[linkRow](), "user": user, "purpose": string(purpose), "hash": hash, "seconds": life.Seconds(), "by": by.ID})
	return s.baseURL + purpose.path() + token, err
}

func revokeLinks(tx *pg.Tx, user access.UserID) error {
	return pg.Insert(tx, `update one_time_links set revoked_at = clock_timestamp() where user_id = :user and used_at is null and revoked_at is null`, pg.Args{"user": user})
}

// sendLink puts the letter or the text with the link into the outbox. It names nobody.
func sendLink(tx *pg.Tx, by access.Actor, to place, lang string, purpose Purpose, address string) error {
	words := msg.For(lang)
	if to.digits != "" {
		_, err := sms.Queue(tx, by, to.digits, sms.Text{Kind: sms.Invitation, Body: words.T("text.invitation", msg.Args{"link": address})})
		return err
	}
	if to.email == "" {
		return nil // whoever has neither is handed the link
	}
	key := "mail." + string(purpose)
	return mail.Queue(tx, by, mail.Letter{Kind: string(purpose), Recipient: to.email, Subject: words.T(key + ".subject"), Body: words.T(key+".body", msg.Args{"link": address})})
}

// Forgot sends a link for a new password, if there is such an account. The answer is always the
// same and does not wait for the work, so neither its words nor its time tell whether there is one.
func (s *Service) Forgot(ctx context.Context, email, ip string) error {
	keys := [][]byte{throttleKey("forgot", ip)}
	if err := s.held(ctx, keys); err != nil {
		return err
	}
	if _, err := pg.Ask[int](ctx, s.db, `select app.failed(:keys)`, pg.Args{"keys": pg.Array(keys)}); err != nil {
		return err
	}
	s.after(ctx, func(ctx context.Context) error { return s.forgot(ctx, NormalEmail(email)) })
	return nil
}

// head is how far the answer is ahead of the work that comes after it.
const head = 10 * time.Millisecond

// after does something once the answer is given; Settle waits for it.
func (s *Service) after(ctx context.Context, do func(context.Context) error) {
	ctx = context.WithoutCancel(ctx)
	s.behind.Go(func() {
		time.Sleep(head) // or the work would share the processor with the answer, whose time would tell of it
		s.slots <- struct{}{}
		defer func() { <-s.slots }()
		if err := do(ctx); err != nil {
			slog.WarnContext(ctx, "after the answer", "err", err.Error())
		}
	})
}

// Settle waits for what goes on after answers were given: before the program ends, and in tests.
func (s *Service) Settle() { s.behind.Wait() }

func (s *Service) forgot(ctx context.Context, email string) error {
	row, err := pg.Ask[signInRow](ctx, s.db, `select agency_id, user_id, password_hash, active, epoch from app.sign_in_user(:email)`, pg.Args{"email": email})
	if errs.Is(err, errs.NotFound) || err == nil && !row.Active {
		return nil
	}
	if err != nil {
		return err
	}
	by := access.Actor{Agency: row.Agency, ID: row.User, Role: access.System}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		// Whoever has not accepted their invitation yet has that.
		lang, found, err := pg.Find[string](tx, `select language from users where id = :user and (password_hash <> '' or confirmed_at is not null) for update`, pg.Args{"user": row.User})
		if err != nil || !found {
			return err
		}
		n, err := pg.Get[int](tx, `select count(*) from one_time_links where user_id = :user and made_by = :user and created_at > clock_timestamp() - interval '1 hour'`, pg.Args{"user": row.User})
		if err != nil || n >= resetsPerHour {
			return err
		}
		address, err := s.addLink(tx, by, row.User, Reset)
		if err != nil {
			return err
		}
		if err := sendLink(tx, by, place{email: email}, lang, Reset, address); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "password.reset_asked", Subject: row.User.String()})
	})
}

// FindLink looks a link up. One that never was, is used, revoked or too old is not usable.
func (s *Service) FindLink(ctx context.Context, token string, purpose Purpose) (Link, error) {
	l, err := pg.Ask[Link](ctx, s.db, `select agency_id, id, user_id, purpose, email, first_name, language, usable from app.one_time_link(:hash)`, pg.Args{"hash": hashToken(token)})
	if errs.Is(err, errs.NotFound) || err == nil && l.Purpose != purpose {
		return Link{}, nil
	}
	if err != nil || !l.Usable {
		return l, err
	}
	type named struct {
		Role string `db:"role"`
		Last string `db:"last_name"`
	}
	err = s.db.Read(ctx, l.actor(), func(tx *pg.Tx) error {
		n, err := pg.Get[named](tx, `select role, last_name from users where id = :id`, pg.Args{"id": l.User})
		l.Confirm, l.last = purpose == Invitation && n.Role == string(access.ParticipantRole), n.Last
		l.Free, l.Codes = l.Confirm, l.Confirm && l.Email == ""
		return err
	})
	return l, err
}

// NewPassword is what somebody enters who follows a link.
type NewPassword struct {
	LastName string `json:"last_name" validate:"max=100"`
	Password string `json:"new_password" validate:"max=512"`
	Again    string `json:"again" validate:"max=512"`
}

// UseLink sets the password of the link's owner and ends all their sessions. Participants may do without
// a password: they are signed in and get a token, and a code each time from then on. Of several uses at
// once exactly one counts.
func (s *Service) UseLink(ctx context.Context, token string, purpose Purpose, in NewPassword) (session string, err error) {
	l, err := s.FindLink(ctx, token, purpose)
	if err != nil {
		return "", err
	}
	if !l.Usable {
		return "", errs.New(errs.NotFound, "link.over")
	}
	if l.Codes {
		in.Password, in.Again = "", ""
	}
	if err := l.accepts(in); err != nil {
		return "", err
	}
	hash := ""
	if in.Password != "" {
		if hash, err = Hash(in.Password); err != nil {
			return "", err
		}
	}
	if err := s.takeLink(ctx, l, hash); err != nil {
		return "", err
	}
	if hash == "" {
		return s.begin(ctx, l.actor(), "invitation")
	}
	_, err = pg.Ask[int](ctx, s.db, `select app.forgiven(:keys)`, pg.Args{"keys": pg.Array([][]byte{throttleKey("account", l.Email)})})
	return "", err
}

// takeLink uses a link up, sets the password and notes that the invitation reached its reader.
func (s *Service) takeLink(ctx context.Context, l Link, hash string) error {
	by := l.actor()
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		_, found, err := pg.Find[access.UserID](tx, `update one_time_links set used_at = clock_timestamp()
			where id = :id and used_at is null and revoked_at is null and expires_at > clock_timestamp() returning user_id`, pg.Args{"id": l.ID})
		if err == nil && !found {
			err = errs.New(errs.NotFound, "link.over")
		}
		if err != nil {
			return err
		}
		if _, err := setPassword(tx, l.User, hash); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: map[Purpose]string{Invitation: "invitation.accepted", Reset: "password.reset"}[l.Purpose], Subject: l.User.String()})
	})
}

func (l Link) accepts(in NewPassword) error {
	var c errs.Collector
	if err := c.Merge(check.Struct(in)); err != nil {
		return err
	}
	if l.Confirm && !strings.EqualFold(strings.TrimSpace(in.LastName), l.last) {
		c.Add("last_name", "last_name_differs")
	}
	if in.Password == "" && !l.Free {
		c.Add("new_password", "required")
	}
	if in.Again == "" && (in.Password != "" || !l.Free) {
		c.Add("again", "required")
	}
	if in.Password != "" {
		_ = c.Merge(Acceptable("new_password", in.Password, l.First, l.last, l.Email, local(l.Email)))
	}
	if in.Again != "" && in.Again != in.Password {
		c.Add("again", "password_again")
	}
	return c.Err()
}

// local is the part of an address before the @.
func local(email string) string {
	name, _, _ := strings.Cut(email, "@")
	return name
}

// setPassword stores a new password, raises the epoch and so ends every session; links that are still out are dead.
func setPassword(tx *pg.Tx, user access.UserID, hash string) (epoch int, err error) {
	epoch, err = pg.Get[int](tx, `update users set password_hash = :hash, confirmed_at = coalesce(confirmed_at, clock_timestamp()), epoch = epoch + 1, version = version + 1, updated_at = :now
		where id = :id and active returning epoch`,
		pg.Args{"hash": hash, "id": user, "now": tx.Now})
	if err != nil {
		return 0, err
	}
	if err := endSessions(tx, user); err != nil {
		return 0, err
	}
	return epoch, revokeLinks(tx, user)
}

func endSessions(tx *pg.Tx, user access.UserID) error {
	return pg.Insert(tx, `delete from sessions where user_id = :user`, pg.Args{"user": user})
}
