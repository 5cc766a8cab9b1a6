package account

import (
	"context"
	"errors"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// ProfileInput is what people change about their own account. A new e-mail address asks for the password;
// only whoever signs in with codes may do without one.
type ProfileInput struct {
	FirstName string `db:"first_name" json:"first_name" validate:"required,max=80"`
	LastName  string `db:"last_name" json:"last_name" validate:"required,max=80"`
	Email     string `db:"email" json:"email" validate:"omitempty,email,max=254"`
	Language  string `db:"language" json:"language" validate:"required,spoken"`
	Shortcuts bool   `db:"shortcuts" json:"shortcuts"`
	Roomy     bool   `db:"roomy" json:"roomy"`
	Digest    bool   `db:"digest" json:"digest"`
	Password  string `db:"-" json:"password" validate:"max=512"`
}

// Profile is somebody's own account.
type Profile struct {
	ProfileInput
	Role    access.Role `db:"role"`
	Office  string      `db:"office"`
	Version int         `db:"version"`
	Hash    string      `db:"password_hash"`
	// Codes says that they have no password: they prove with a code who they are.
	Codes bool          `db:"-"`
	User  access.UserID `db:"id"`
}

// OwnSession is one place where somebody is signed in.
type OwnSession struct {
	ID      id.Of[SessionRow] `db:"id"`
	Bearer  bool              `db:"bearer"`
	Created time.Time         `db:"created_at"`
	Seen    time.Time         `db:"seen_at"`
}

func profileOf(tx *pg.Tx, user access.UserID) (Profile, error) {
	return pg.Get[Profile](tx, `select u.first_name, u.last_name, u.email, u.language, u.shortcuts, u.roomy, u.digest, u.role, coalesce(o.name, '') as office, u.version, u.password_hash, u.id
		from users u left join offices o on o.agency_id = u.agency_id and o.id = u.office_id where u.id = :id`, pg.Args{"id": user})
}

// Own reads somebody's account and where they are signed in.
func (s *Service) Own(ctx context.Context, by access.Actor) (p Profile, list []OwnSession, err error) {
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if p, err = profileOf(tx, by.ID); err != nil {
			return err
		}
		list, err = pg.List[OwnSession](tx, `select s.id, s.bearer, s.created_at, s.seen_at from sessions s join users u on u.agency_id = s.agency_id and u.id = s.user_id
			where s.user_id = :id and s.epoch = u.epoch and s.created_at > clock_timestamp() - interval '12 hours'
			order by s.seen_at desc, s.id desc limit 50`, pg.Args{"id": by.ID})
		return err
	})
	p.Codes, p.Hash = p.Hash == "", ""
	return p, list, err
}

// ChangeProfile changes somebody's own account.
func (s *Service) ChangeProfile(ctx context.Context, by access.Actor, version int, in ProfileInput, ip string) error {
	in.Email = NormalEmail(in.Email)
	if err := check.Struct(in); err != nil {
		return err
	}
	known, _, err := s.ownWithHash(ctx, by)
	if err != nil {
		return err
	}
	moved := known.Email != in.Email
	if in.Email == "" && (moved || known.Hash != "") {
		return errs.At("email", "required")
	}
	if moved {
		if err := s.proved(ctx, known, "password", in.Password, ip); err != nil {
			return err
		}
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := pg.ExecOne(tx, `update users set first_name = :first, last_name = :last, email = :email, language = :language, shortcuts = :shortcuts, roomy = :roomy, digest = :digest,
			version = version + 1, updated_at = :now where id = :id and version = :version`,
			pg.Args{
				"first": in.FirstName, "last": in.LastName, "email": in.Email, "language": in.Language, "shortcuts": in.Shortcuts, "roomy": in.Roomy, "digest": in.Digest,
				"now": tx.Now, "id": by.ID, "version": version,
			}); err != nil {
			return err
		}
		if err := inLanguage(tx, by.Participant, in.Language); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "user.changed", Subject: by.ID.String(), Detail: map[string]any{"own": true, "email": moved}})
	})
	if err == nil && moved {
		err = s.dropLinks(ctx, by)
	}
	return emailTaken(err)
}

// dropLinks ends what went to an address that is somebody's no more. It runs as the system,
// because links are closed to participants.
func (s *Service) dropLinks(ctx context.Context, by access.Actor) error {
	system := access.Actor{Agency: by.Agency, ID: by.ID, Role: access.System}
	return s.db.Write(pg.Submitting(ctx, nil), system, func(tx *pg.Tx) error { return revokeLinks(tx, by.ID) })
}

func emailTaken(err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Code == "constraint.users_by_email" {
		return errs.At("email", "email_taken")
	}
	return err
}

func (s *Service) ownWithHash(ctx context.Context, by access.Actor) (p Profile, hash string, err error) {
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		p, err = profileOf(tx, by.ID)
		return err
	})
	return p, p.Hash, err
}

// proved checks somebody's current password; wrong ones slow down as in signing in.
func (s *Service) proved(ctx context.Context, p Profile, field, password, ip string) error {
	if p.Hash == "" {
		return s.provedByCode(ctx, p, field, password)
	}
	if password == "" {
		return errs.At(field, "password_needed")
	}
	guard := Origin{IP: ip}.guard(p.Email)
	if err := guard.held(ctx, s.db); err != nil {
		return err
	}
	if matches(p.Hash, password) {
		return nil
	}
	if err := guard.failed(ctx, s.db); err != nil {
		return err
	}
	return errs.At(field, "password_wrong")
}

// PasswordInput changes one's own password.
type PasswordInput struct {
	Current  string `json:"current_password" validate:"max=512"`
	Password string `json:"new_password" validate:"required,max=512"`
	Again    string `json:"again" validate:"required,max=512"`
}

// ChangePassword sets a new password, ends every session and gives the token of a new one, so that
// the person stays signed in here and nowhere else.
func (s *Service) ChangePassword(ctx context.Context, by access.Actor, in PasswordInput, ip string) (token string, err error) {
	var c errs.Collector
	if err := c.Merge(check.Struct(in)); err != nil {
		return "", err
	}
	known, old, err := s.ownWithHash(ctx, by)
	if err != nil {
		return "", err
	}
	if in.Current == "" && old != "" {
		c.Add("current_password", "required")
	}
	if in.Password != "" {
		_ = c.Merge(Acceptable("new_password", in.Password, known.FirstName, known.LastName, known.Email, local(known.Email)))
	}
	if in.Again != "" && in.Again != in.Password {
		c.Add("again", "password_again")
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	if err := s.proved(ctx, known, "current_password", in.Current, ip); err != nil {
		return "", err
	}
	hash, err := Hash(in.Password)
	if err != nil {
		return "", err
	}
	token, tokenHash := newToken()
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		epoch, err := pg.Get[int](tx, `update users set password_hash = :hash, epoch = epoch + 1, version = version + 1, updated_at = :now
			where id = :id and password_hash = :old and active returning epoch`, pg.Args{"hash": hash, "old": old, "id": by.ID, "now": tx.Now})
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "version")
		}
		if err != nil {
			return err
		}
		if err := endSessions(tx, by.ID); err != nil {
			return err
		}
		if err := insertSession(tx, by, id.New[SessionRow](), tokenHash, epoch, false); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "password.changed", Subject: by.ID.String()})
	})
	if err == nil {
		err = s.dropLinks(ctx, by)
	}
	return token, err
}

// SignOutEverywhere ends all of somebody's own sessions, this one too.
func (s *Service) SignOutEverywhere(ctx context.Context, by access.Actor) error {
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := endSessions(tx, by.ID); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "session.ended_all", Subject: by.ID.String()})
	})
}
