// Package account is about signing in: passwords, sessions, invitations and the people who have them.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/pg"
)

// How long a session lasts (decisions.md, "Sessions"). The database's clock decides.
const (
	StaffIdle       = 30 * time.Minute
	ParticipantIdle = 15 * time.Minute
	Absolute        = 12 * time.Hour
	touchEvery      = time.Minute
)

// SessionRow is the phantom type of a session's id.
type SessionRow struct{}

// Session is a signed-in person, as one request sees them.
type Session struct {
	ID        id.Of[SessionRow]
	Actor     access.Actor
	Shortcuts bool
	Roomy     bool
	Bearer    bool
	Idle      time.Duration
	ExpiresAt time.Time
	Began     time.Time
	Now       time.Time // by the database's clock, which sessions live by
}

// Service has the use cases of signing in.
type Service struct {
	db      *pg.DB
	policy  *access.Policy
	baseURL string
	// behind counts what goes on after the answer was given; slots bounds it.
	behind sync.WaitGroup
	slots  chan struct{}
}

// New makes the service; links in mail start with baseURL, never with what a request says.
func New(db *pg.DB, policy *access.Policy, baseURL string) *Service {
	return &Service{db: db, policy: policy, baseURL: strings.TrimSuffix(baseURL, "/"), slots: make(chan struct{}, 4)}
}

// Credentials are what somebody signs in with.
type Credentials struct {
	Email    string `json:"email" validate:"required,max=254"`
	Password string `json:"password" validate:"required,max=512"`
	OTP      string `json:"otp" validate:"max=20"`
}

type signInRow struct {
	Agency access.AgencyID `db:"agency_id"`
	User   access.UserID   `db:"user_id"`
	Hash   string          `db:"password_hash"`
	Active bool            `db:"active"`
	Epoch  int             `db:"epoch"`
}

// SignIn starts a session and gives its token, which is stored nowhere. Unknown, disabled and wrong
// all answer alike and take as long; failures slow further tries down. Bearer is for a program, not a browser.
func (s *Service) SignIn(ctx context.Context, in Credentials, from Origin, bearer bool) (token string, err error) {
	email := NormalEmail(in.Email)
	guard := from.guard(email)
	if err := guard.held(ctx, s.db); err != nil {
		return "", err
	}
	row, err := pg.Ask[signInRow](ctx, s.db, `select agency_id, user_id, password_hash, active, epoch from app.sign_in_user(:email)`, pg.Args{"email": email})
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", err
	}
	if ok := matches(row.Hash, in.Password); !ok || !row.Active {
		if err := guard.failed(ctx, s.db); err != nil {
			return "", err
		}
		return "", errs.New(errs.Unauthenticated, "sign_in.wrong")
	}
	if err := guard.passed(ctx, s.db); err != nil {
		return "", err
	}
	by := access.Actor{Agency: row.Agency, ID: row.User, Role: access.System}
	token, hash := newToken()
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := insertSession(tx, by, id.New[SessionRow](), hash, row.Epoch, bearer); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "session.started", Subject: row.User.String()})
	})
	return token, err
}

// begin starts a session for somebody who proved otherwise than by a password who they are.
func (s *Service) begin(ctx context.Context, by access.Actor, how string) (token string, err error) {
	token, hash := newToken()
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		epoch, found, err := pg.Find[int](tx, `select epoch from users where id = :id and active`, pg.Args{"id": by.ID})
		if err == nil && !found {
			err = errCode
		}
		if err != nil {
			return err
		}
		if err := insertSession(tx, by, id.New[SessionRow](), hash, epoch, false); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "session.started", Subject: by.ID.String(), Detail: map[string]any{"how": how}})
	})
	return token, err
}

// held refuses while a key has to wait.
func (s *Service) held(ctx context.Context, keys [][]byte) error {
	wait, err := pg.Ask[int](ctx, s.db, `select app.throttled(:keys)`, pg.Args{"keys": pg.Array(keys)})
	if err != nil {
		return err
	}
	return heldFor(wait)
}

func throttleKey(kind, value string) []byte {
	h := sha256.Sum256([]byte(kind + "\x00" + value))
	return h[:]
}

// newToken makes 32 random bytes for the holder and their hash for us.
func newToken() (token string, hash []byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

func insertSession(tx *pg.Tx, by access.Actor, sid id.Of[SessionRow], hash []byte, epoch int, bearer bool) error {
	return pg.Insert(tx, `insert into sessions (agency_id, id, user_id, token_hash, bearer, epoch)
		values (:agency, :id, :user, :hash, :bearer, :epoch)`,
		pg.Args{"agency": by.Agency, "id": sid, "user": by.ID, "hash": hash, "bearer": bearer, "epoch": epoch})
}

type sessionFound struct {
	Agency      access.AgencyID      `db:"agency_id"`
	Session     id.Of[SessionRow]    `db:"session_id"`
	User        access.UserID        `db:"user_id"`
	Role        string               `db:"role"`
	Office      access.OfficeID      `db:"office_id"`
	Participant access.ParticipantID `db:"participant_id"`
	FirstName   string               `db:"first_name"`
	LastName    string               `db:"last_name"`
	Language    string               `db:"language"`
	Shortcuts   bool                 `db:"shortcuts"`
	Roomy       bool                 `db:"roomy"`
	Bearer      bool                 `db:"bearer"`
	AgencyName  string               `db:"agency_name"`
	Zone        string               `db:"time_zone"`
	Demo        bool                 `db:"demo"`
	Created     time.Time            `db:"created_at"`
	Seen        time.Time            `db:"seen_at"`
	Now         time.Time            `db:"now"`
	Mark        string               `db:"mark"`
}

// Find gives the session a token belongs to, or Unauthenticated when it is over, and notes that it
// is in use. Deactivation, a new password and a new role end it by the epoch, in the next request.
func (s *Service) Find(ctx context.Context, token string) (Session, error) {
	found, seen, err := s.peek(ctx, token)
	if err == nil && seen > touchEvery {
		err = s.Touch(ctx, found)
	}
	if err != nil {
		return Session{}, err
	}
	return found, nil
}

// Peek is Find for requests that the page makes by itself: they do not keep a session alive.
func (s *Service) Peek(ctx context.Context, token string) (Session, error) {
	found, _, err := s.peek(ctx, token)
	return found, err
}

// peek also says how long ago the session was last in use.
func (s *Service) peek(ctx context.Context, token string) (Session, time.Duration, error) {
	if len(token) != 43 {
		return Session{}, 0, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	f, err := pg.Look[sessionFound](ctx, s.db, `select agency_id, session_id, user_id, role, office_id, participant_id, first_name, last_name,
		language, shortcuts, roomy, bearer, agency_name, time_zone, demo, created_at, seen_at, now, cast(mark as text) as mark from app.session(:hash)`, pg.Args{"hash": hashToken(token)})
	if errs.Is(err, errs.NotFound) {
		return Session{}, 0, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	if err != nil {
		return Session{}, 0, err
	}
	found := f.session()
	if own, err := s.idle(ctx, found.Actor, f.Now); err != nil {
		return Session{}, 0, err
	} else if own > 0 {
		found.Idle = min(found.Idle, own)
	}
	if f.Now.Sub(f.Seen) > found.Idle || f.Now.Sub(f.Created) > Absolute {
		return Session{}, 0, errs.New(errs.Unauthenticated, "session.over")
	}
	return found, f.Now.Sub(f.Seen), nil
}

// idleRule is how long an agency lets a session idle, which holds for its mark on its day.
type idleRule struct {
	mark  string
	day   civil.Date
	limit time.Duration
}

// idleKey is whose rule it is.
type idleKey struct {
	agency access.AgencyID
	staff  bool
}

var idleRules sync.Map // idleKey -> idleRule

// idle is the agency's own limit at an instant; 0 for none.
func (s *Service) idle(ctx context.Context, by access.Actor, now time.Time) (time.Duration, error) {
	key, day := idleKey{by.Agency, by.Role.Staff()}, by.Today(now)
	if known, ok := idleRules.Load(key); ok && known.(idleRule).mark == by.Mark && known.(idleRule).day == day {
		return known.(idleRule).limit, nil
	}
	setting := "idle_minutes_participant"
	if key.staff {
		setting = "idle_minutes_staff"
	}
	minutes, err := pg.Look[int](ctx, s.db, `select app.idle_minutes(:agency, :setting, :day)`, pg.Args{"agency": by.Agency, "setting": setting, "day": day})
	if err != nil {
		return 0, err
	}
	limit := time.Duration(minutes) * time.Minute
	idleRules.Store(key, idleRule{by.Mark, day, limit})
	return limit, nil
}

func (f sessionFound) session() Session {
	zone, err := Zone(f.Zone)
	if err != nil {
		zone = time.UTC
	}
	idle := StaffIdle
	if !access.Role(f.Role).Staff() {
		idle = ParticipantIdle
	}
	return Session{
		ID: f.Session, Shortcuts: f.Shortcuts, Roomy: f.Roomy, Bearer: f.Bearer, Idle: idle, ExpiresAt: f.Created.Add(Absolute), Began: f.Created, Now: f.Now,
		Actor: access.Actor{
			Agency: f.Agency, ID: f.User, Role: access.Role(f.Role), Office: f.Office, Participant: f.Participant,
			FirstName: f.FirstName, LastName: f.LastName, AgencyName: f.AgencyName, Language: f.Language, Zone: zone, Demo: f.Demo, Mark: f.Mark,
		},
	}
}

// Touch notes that the session is in use.
func (s *Service) Touch(ctx context.Context, found Session) error {
	return s.db.Write(pg.Submitting(ctx, nil), found.Actor, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update sessions set seen_at = clock_timestamp() where id = :id`, pg.Args{"id": found.ID})
	})
}

// SignOut ends one session for good.
func (s *Service) SignOut(ctx context.Context, by access.Actor, sid id.Of[SessionRow]) error {
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := pg.Insert(tx, `delete from sessions where id = :id`, pg.Args{"id": sid}); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "session.ended", Subject: by.ID.String()})
	})
}

// SetLanguage keeps the language that somebody chose for themselves.
func (s *Service) SetLanguage(ctx context.Context, by access.Actor, language string) error {
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := pg.ExecOne(tx, `update users set language = :language, version = version + 1 where id = :id`, pg.Args{"language": language, "id": by.ID}); err != nil {
			return err
		}
		if err := inLanguage(tx, by.Participant, language); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "user.language", Subject: by.ID.String()})
	})
}

// inLanguage keeps a participant's language on the record too: one of them is never another than the other.
// Somebody whose own language the program does not speak keeps that; then only the pages are in this one.
func inLanguage(tx *pg.Tx, person access.ParticipantID, language string) error {
	if person.IsZero() {
		return nil
	}
	return pg.Insert(tx, `update participants set language = :language, version = version + 1, updated_at = :now where id = :person and language <> :language and language = any (:spoken)`,
		pg.Args{"person": person, "language": language, "spoken": pg.Array(msg.Languages), "now": tx.Now})
}
