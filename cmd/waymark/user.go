package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/errs"
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
	s, by, err := openAgency(ctx, c, p.agency, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
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
	case doing == "create" && len(strings.Fields(p.name)) < 2:
		return p, fmt.Errorf("%w: --name is needed, first and last, like --name \"Ana Ruiz\"", errUsage)
	case p.role != access.Administrator && p.role != access.Auditor:
		return p, fmt.Errorf("%w: --role is administrator or auditor here; the administrator invites everybody else", errUsage)
	}
	return p, nil
}

func (s *store) createUser(ctx context.Context, by access.Actor, p person) error {
	first, last, _ := strings.Cut(strings.TrimSpace(p.name), " ")
	made, err := s.accounts.Invite(ctx, by, account.PersonInput{Email: p.email, FirstName: first, LastName: strings.TrimSpace(last), Role: p.role})
	if refusedAt(err, "email_taken") {
		return fmt.Errorf("somebody has the address %s already; for a new password: waymark user reset", p.email)
	}
	if err == nil {
		fmt.Printf("%s sets a password here, once, within 72 hours:\n%s\n", p.email, made.Link)
	}
	return err
}

func (s *store) resetUser(ctx context.Context, by access.Actor, p person) error {
	user, err := s.whose(ctx, by, p.email)
	if err != nil {
		return err
	}
	made, err := s.accounts.TakePassword(ctx, by, user)
	if err == nil {
		fmt.Printf("The old password and every session of %s are over. A new password is set here, once, within 20 minutes:\n%s\n", p.email, made.Link)
	}
	return err
}

func (s *store) deactivateUser(ctx context.Context, by access.Actor, p person) error {
	user, err := s.whose(ctx, by, p.email)
	if err == nil {
		err = s.accounts.ShutOut(ctx, by, user)
	}
	if err == nil {
		fmt.Printf("%s can sign in no longer\n", p.email)
	}
	return err
}

// whose finds somebody active by their address.
func (s *store) whose(ctx context.Context, by access.Actor, email string) (access.UserID, error) {
	at, user, err := s.accounts.ByEmail(ctx, email)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return user, err
	}
	if err == nil && at.Agency == by.Agency {
		p, err := s.accounts.Person(ctx, by, user)
		if err != nil || p.Active {
			return user, err
		}
	}
	return user, fmt.Errorf("nobody active has the address %s in this agency", email)
}
