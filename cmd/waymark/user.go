package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"flag"
	"fmt"
	"strings"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/audit"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// person is whom a user command is about.
type person struct {
	agency, email, name string
	role                access.Role
}

// userCommands are what can be done to a person from here.
var userCommands = map[string]func(*store, context.Context, access.Actor, person) error{
	"create": (*store).createUser, "reset": (*store).resetUser, "deactivate": (*store).deactivateUser,
}

func userCommand(ctx context.Context, c config, args []string) error {
	if len(args) == 0 || userCommands[args[0]] == nil {
		return fmt.Errorf("%w: user create, reset or deactivate; see: waymark user --help", errUsage)
	}
	p, err := readPerson(args[0], args[1:])
	if err != nil {
		return err
	}
	s, err := openStore(ctx, c, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
	by, err := s.agency(ctx, p.agency)
	if err != nil {
		return err
	}
	return userCommands[args[0]](s, ctx, by, p)
}

func readPerson(doing string, args []string) (p person, err error) {
	rest, err := flags("user", args, func(f *flag.FlagSet) {
		f.StringVar(&p.agency, "agency", "", "")
		f.StringVar(&p.email, "email", "", "")
		f.StringVar(&p.name, "name", "", "")
		f.StringVar((*string)(&p.role), "role", string(access.Administrator), "")
	})
	p.email = strings.ToLower(strings.TrimSpace(p.email))
	switch {
	case err != nil:
		return p, err
	case len(rest) > 0:
		return p, fmt.Errorf("%w: user %s takes no %q; put a name of several words in quotation marks", errUsage, doing, rest[0])
	case !strings.Contains(p.email, "@") || len(p.email) > 254:
		return p, fmt.Errorf("%w: --email is needed, like --email ana@example.org", errUsage)
	case doing == "create" && strings.TrimSpace(p.name) == "":
		return p, fmt.Errorf("%w: --name is needed, like --name \"Ana Ruiz\"", errUsage)
	case p.role != access.Administrator && p.role != access.Auditor:
		return p, fmt.Errorf("%w: --role is administrator or auditor here; the administrator invites everybody else", errUsage)
	}
	return p, nil
}

// firstPassword is random and long; it is shown once and meant to be changed.
func firstPassword() string {
	b := make([]byte, 15)
	_, _ = rand.Read(b)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

func (s *store) createUser(ctx context.Context, by access.Actor, p person) error {
	first, last, _ := strings.Cut(strings.TrimSpace(p.name), " ")
	password := firstPassword()
	hash, err := account.Hash(password)
	if err != nil {
		return err
	}
	err = s.changeUser(ctx, by, p.email, `insert into users (agency_id, id, email, first_name, last_name, role, password_hash) values (:agency, :id, :email, :first, :last, :role, :hash)`,
		pg.Args{"agency": by.Agency, "id": id.New[access.User](), "email": p.email, "first": first, "last": last, "role": string(p.role), "hash": hash}, "user.created")
	if refusedBy(err, "users_by_email") {
		return fmt.Errorf("somebody has the address %s already; for a new password: waymark user reset", p.email)
	}
	if err == nil {
		fmt.Printf("%s can sign in with: %s\n", p.email, password)
	}
	return err
}

func (s *store) resetUser(ctx context.Context, by access.Actor, p person) error {
	password := firstPassword()
	hash, err := account.Hash(password)
	if err != nil {
		return err
	}
	if err := s.changeUser(ctx, by, p.email, `update users set password_hash = :hash, epoch = epoch + 1, version = version + 1 where email = :email and active`,
		pg.Args{"hash": hash, "email": p.email}, "user.reset"); err != nil {
		return err
	}
	fmt.Printf("%s can sign in with: %s\n", p.email, password)
	return nil
}

func (s *store) deactivateUser(ctx context.Context, by access.Actor, p person) error {
	if err := s.changeUser(ctx, by, p.email, `update users set active = false, epoch = epoch + 1, version = version + 1 where email = :email and active`,
		pg.Args{"email": p.email}, "user.deactivated"); err != nil {
		return err
	}
	fmt.Printf("%s can sign in no longer\n", p.email)
	return nil
}

func (s *store) changeUser(ctx context.Context, by access.Actor, email, query string, args pg.Args, action string) error {
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		n, err := pg.Exec(tx, query, args)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("nobody active has the address %s in this agency", email)
		}
		user, err := pg.Get[access.UserID](tx, `select id from users where email = :email`, pg.Args{"email": email})
		if err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: action, Subject: user.String()})
	})
}
