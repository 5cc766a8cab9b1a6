package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/intake"
	"waymark/internal/pg"
	"waymark/internal/seed"
)

type agencyRow struct {
	ID   access.AgencyID `db:"id"`
	Slug string          `db:"slug"`
	Zone string          `db:"time_zone"`
}

func (s *store) agencies(ctx context.Context) ([]agencyRow, error) {
	return pg.AskAll[agencyRow](ctx, s.db, `select id, slug, time_zone from app.agencies()`, pg.Args{})
}

// agency finds one by its short name; with a single agency the name may be left out.
func (s *store) agency(ctx context.Context, slug string) (access.Actor, error) {
	list, err := s.agencies(ctx)
	if err != nil {
		return access.Actor{}, err
	}
	if len(list) == 0 {
		return access.Actor{}, errors.New("there is no agency yet; make one with: waymark agency create (see: waymark agency --help)")
	}
	var names []string
	for _, a := range list {
		if a.Slug == slug || slug == "" && len(list) == 1 {
			return access.Actor{Agency: a.ID, Role: access.System}, nil
		}
		names = append(names, a.Slug)
	}
	return access.Actor{}, fmt.Errorf("say which agency with --agency; there are: %s", strings.Join(names, ", "))
}

// openAgency opens the database for a command that works for one agency, and finds the agency.
func openAgency(ctx context.Context, c config, slug string, tell func(string)) (*store, access.Actor, error) {
	s, err := openStore(ctx, c, tell)
	if err != nil {
		return nil, access.Actor{}, err
	}
	by, err := s.agency(ctx, slug)
	if err != nil {
		s.close()
		return nil, access.Actor{}, err
	}
	return s, by, nil
}

func agencyCommand(ctx context.Context, c config, args []string) error {
	if len(args) == 0 || args[0] != "create" {
		return fmt.Errorf("%w: agency create; see: waymark agency --help", errUsage)
	}
	a, err := readAgency(args[1:])
	if err != nil {
		return err
	}
	s, err := openStore(ctx, c, say)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := seed.Start(ctx, s.seeder(say), a); err != nil {
		if refusedBy(err, "agencies_slug_key") {
			return fmt.Errorf("there is an agency with the short name %s already", a.Slug)
		}
		return err
	}
	fmt.Printf("%s is ready, with the office %q. Its first administrator: waymark user create --agency %s --email ... --name ...\n", a.Name, a.Offices[0].Name, a.Slug)
	return nil
}

var (
	slugForm = regexp.MustCompile(`^[a-z0-9-]{2,40}$`)
	areaForm = regexp.MustCompile(`^(\d{5,7})?$`)
)

// readAgency reads and checks what an agency is described by.
func readAgency(args []string) (seed.Agency, error) {
	var a seed.Agency
	office := seed.Office{}
	rest, err := flags("agency", args, func(f *flag.FlagSet) {
		f.StringVar(&a.Name, "name", "", "")
		f.StringVar(&a.Slug, "slug", "", "")
		f.StringVar(&a.Zone, "time-zone", "", "")
		f.StringVar(&a.State, "state", "", "")
		f.StringVar(&a.Region, "region", "", "")
		f.StringVar(&a.WageArea, "wage-area", "", "")
		f.StringVar(&a.Phone, "phone", "", "")
		f.StringVar(&a.Address, "address", "", "")
		f.StringVar(&office.Name, "office", "Main office", "")
	})
	if err != nil {
		return a, err
	}
	office.Address, office.Phone = a.Address, a.Phone
	a.Offices = []seed.Office{office}
	states, err := intake.States()
	if err != nil {
		return a, err
	}
	_, zone := account.Zone(a.Zone)
	switch {
	case len(rest) > 0:
		return a, fmt.Errorf("%w: agency create takes no %q; put a name of several words in quotation marks", errUsage, rest[0])
	case tooLong(a.Name, 120) || tooLong(office.Name, 80):
		return a, fmt.Errorf("%w: --name is needed, like --name \"River Valley Workforce Board\" (120 characters at most, --office 80)", errUsage)
	case !slugForm.MatchString(a.Slug):
		return a, fmt.Errorf("%w: --slug is the short name, 2 to 40 small letters, digits and hyphens, like --slug rivervalley", errUsage)
	case a.Zone == "" || a.Zone == "Local" || zone != nil:
		return a, fmt.Errorf("%w: --time-zone is a name like America/New_York", errUsage)
	case !slices.ContainsFunc(states, func(s intake.Coded) bool { return s.Code == a.State }):
		return a, fmt.Errorf("%w: --state is the two letters of a state or territory, like --state ME", errUsage)
	case len(a.Phone) > 40 || len(a.Address) > 200 || len(a.Region) > 40 || !areaForm.MatchString(a.WageArea):
		return a, fmt.Errorf("%w: --phone takes 40 characters, --address 200, --region 40, --wage-area the 5 to 7 digits of OEWS", errUsage)
	}
	return a, nil
}

func tooLong(text string, limit int) bool {
	return strings.TrimSpace(text) == "" || len([]rune(text)) > limit
}
