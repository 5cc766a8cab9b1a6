package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/pathway"
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
	var names []string
	for _, a := range list {
		if a.Slug == slug || slug == "" && len(list) == 1 {
			return access.Actor{Agency: a.ID, Role: access.System}, nil
		}
		names = append(names, a.Slug)
	}
	return access.Actor{}, fmt.Errorf("say which agency with --agency; there are: %s", strings.Join(names, ", "))
}

func seedCommand(ctx context.Context, c config, args []string) error {
	people, agencies := 0, 1
	if len(args) == 0 || args[0] != "demo" {
		return fmt.Errorf("%w: seed demo; see: waymark seed --help", errUsage)
	}
	if _, err := flags("seed", args[1:], func(f *flag.FlagSet) {
		f.IntVar(&people, "participants", 0, "")
		f.IntVar(&agencies, "agencies", 1, "")
	}); err != nil {
		return err
	}
	if people < 0 || people > 1_000_000 || agencies < 1 || agencies > 50 {
		return fmt.Errorf("%w: --participants is 0 to 1000000, --agencies is 1 to 50", errUsage)
	}
	s, err := openStore(ctx, c, say)
	if err != nil {
		return err
	}
	defer s.close()
	if people == 0 {
		return seed.DemoIfEmpty(ctx, s.seeder(say))
	}
	return seed.Many(ctx, s.seeder(say), people, agencies)
}

func importCommand(ctx context.Context, c config, args []string) error {
	slug := ""
	if len(args) > 0 && args[0] == "reference" {
		return importReference(ctx, c, args[1:])
	}
	if len(args) > 0 && args[0] == "grid" {
		return importGrid(ctx, c, args[1:])
	}
	if len(args) > 0 && args[0] == "wages" {
		return importWages(ctx, c, args[1:])
	}
	if len(args) == 0 || args[0] != "catalogue" {
		return fmt.Errorf("%w: import catalogue FILE..., grid FILE..., reference DIR or wages FILE; see: waymark import --help", errUsage)
	}
	files, err := flags("import", args[1:], func(f *flag.FlagSet) { f.StringVar(&slug, "agency", "", "") })
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%w: name at least one file; see: waymark import --help", errUsage)
	}
	parsed, documents, err := readCatalogue(files)
	if err != nil {
		return err
	}
	s, err := openStore(ctx, c, say)
	if err != nil {
		return err
	}
	defer s.close()
	by, err := s.agency(ctx, slug)
	if err != nil {
		return err
	}
	if err := importCTDL(ctx, s, by, documents); err != nil || len(parsed) == 0 {
		return err
	}
	report, err := pathway.New(s.db, s.policy).ImportFiles(ctx, by, parsed)
	if err != nil {
		return explained(err)
	}
	for _, p := range report.Pathways {
		if p.Changed {
			fmt.Printf("%s: version %d is in use now\n", p.Code, p.Version)
		} else {
			fmt.Printf("%s: version %d was in use already, nothing changed\n", p.Code, p.Version)
		}
	}
	fmt.Printf("%d occupations and %d regions changed\n", report.Occupations, report.Regions)
	return nil
}

// explained writes every fault of a catalogue with its place on a line of its own.
func explained(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	words := msg.For("en")
	lines := []string{fmt.Sprintf("nothing was imported; %d things to correct:", len(e.Fields))}
	for _, f := range e.Fields {
		args := msg.Args{"label": f.Name, "entered": ""}
		for k, v := range f.Args {
			args[k] = v
		}
		lines = append(lines, "  "+placed(f)+words.T("error."+f.Code, args))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// placed is the file and line that a fault was read from, before its words.
func placed(f errs.Field) string {
	file, ok := f.Args["file"].(string)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%v: ", file, f.Args["line"])
}

// importCTDL makes a draft of each document of a credential registry: it may lack what the registry does
// not know, so somebody completes, validates and publishes it.
func importCTDL(ctx context.Context, s *store, by access.Actor, documents []registryFile) error {
	for _, doc := range documents {
		code, err := pathway.CTDLCode(doc.name, doc.data)
		if err != nil {
			return err
		}
		e, err := pathway.New(s.db, s.policy).BeginWith(ctx, by, code, func(from pathway.Pathway) (pathway.Pathway, error) { return pathway.FromCTDL(doc.name, doc.data, from) })
		if err != nil {
			return explained(err)
		}
		fmt.Printf("%s: version %d is a draft; see /pathways/%s/drafts/%d\n", code, e.Version, code, e.Version)
	}
	return nil
}

// importGrid loads local demand by schooling and area. Every fault is named with its line, and a
// file with one changes nothing.
func importGrid(ctx context.Context, c config, args []string) error {
	slug := ""
	files, err := flags("import", args, func(f *flag.FlagSet) { f.StringVar(&slug, "agency", "", "") })
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%w: name at least one file, for example: waymark import grid seeds/grids/louisville-it.csv", errUsage)
	}
	var grids []pathway.Grid
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		list, err := pathway.ParseGrids(filepath.Base(name), f)
		_ = f.Close()
		if err != nil {
			return err
		}
		grids = append(grids, list...)
	}
	s, err := openStore(ctx, c, say)
	if err != nil {
		return err
	}
	defer s.close()
	by, err := s.agency(ctx, slug)
	if err != nil {
		return err
	}
	stored, err := pathway.New(s.db, s.policy).ImportGrids(ctx, by, grids)
	if err != nil {
		return err
	}
	for _, g := range grids {
		fmt.Printf("%s: %d postings, the totals add up\n", g.Sector.EN, g.Total)
	}
	fmt.Printf("%d of %d stored; the others were there already\n", stored, len(grids))
	return nil
}

// registryFile is one file of a credential registry, unread.
type registryFile struct {
	name string
	data []byte
}

// readCatalogue reads every file before anything is changed; each problem names its file and line.
// Documents of a credential registry are told apart by what is in them.
func readCatalogue(files []string) (parsed []pathway.File, documents []registryFile, err error) {
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		if pathway.IsCTDL(data) {
			documents = append(documents, registryFile{filepath.Base(name), data})
			continue
		}
		one, err := pathway.Parse(filepath.Base(name), bytes.NewReader(data))
		if err != nil {
			return nil, nil, err
		}
		parsed = append(parsed, one)
	}
	return parsed, documents, nil
}

func sweepCommand(ctx context.Context, c config, args []string) error {
	asOf := ""
	if _, err := flags("sweep", args, func(f *flag.FlagSet) { f.StringVar(&asOf, "as-of", "", "") }); err != nil {
		return err
	}
	var day civil.Date
	if asOf != "" {
		var err error
		if day, err = civil.Parse(asOf); err != nil {
			return fmt.Errorf("%w: --as-of takes a date like 2026-11-23", errUsage)
		}
	}
	s, err := openStore(ctx, c, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
	done, err := s.sweeper(c).Once(ctx, day)
	for _, r := range done {
		fmt.Printf("%s as of %s: %d exits fixed\n", r.Agency, r.AsOf, r.Exits)
	}
	return err
}

func auditCommand(ctx context.Context, c config, args []string) error {
	if len(args) != 1 || args[0] != "verify" {
		return fmt.Errorf("%w: audit verify", errUsage)
	}
	s, err := openStore(ctx, c, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
	list, err := s.agencies(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		checked, broken, tail, err := audit.Verify(ctx, s.db, access.Actor{Agency: a.ID, Role: access.System})
		if err != nil {
			return err
		}
		if broken != "" {
			return fmt.Errorf("%s: the chain is broken at record %s", a.Slug, broken)
		}
		fmt.Printf("%s: %d records hold together, %d wait for the next sweep\n", a.Slug, checked, tail)
	}
	return nil
}

func userCommand(ctx context.Context, c config, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: user create, reset or deactivate; see: waymark user --help", errUsage)
	}
	var slug, email, name, role string
	if _, err := flags("user", args[1:], func(f *flag.FlagSet) {
		f.StringVar(&slug, "agency", "", "")
		f.StringVar(&email, "email", "", "")
		f.StringVar(&name, "name", "", "")
		f.StringVar(&role, "role", string(access.Administrator), "")
	}); err != nil {
		return err
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if !strings.Contains(email, "@") {
		return fmt.Errorf("%w: --email is needed, like --email ana@example.org", errUsage)
	}
	s, err := openStore(ctx, c, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
	by, err := s.agency(ctx, slug)
	if err != nil {
		return err
	}
	switch args[0] {
	case "create":
		return s.createUser(ctx, by, email, name, access.Role(role))
	case "reset":
		return s.resetUser(ctx, by, email)
	case "deactivate":
		return s.changeUser(ctx, by, email, `update users set active = false, epoch = epoch + 1, version = version + 1 where email = :email`, pg.Args{"email": email}, "user.deactivated")
	}
	return fmt.Errorf("%w: user create, reset or deactivate", errUsage)
}

// firstPassword is random and long; it is shown once and meant to be changed.
func firstPassword() string {
	b := make([]byte, 15)
	_, _ = rand.Read(b)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

func (s *store) createUser(ctx context.Context, by access.Actor, email, name string, role access.Role) error {
	if role != access.Administrator && role != access.Auditor {
		return fmt.Errorf("%w: --role is administrator or auditor here; the administrator invites everybody else", errUsage)
	}
	first, last, _ := strings.Cut(strings.TrimSpace(name), " ")
	if first == "" {
		return fmt.Errorf("%w: --name is needed, like --name \"Ana Ruiz\"", errUsage)
	}
	password := firstPassword()
	hash, err := hashFor(password)
	if err != nil {
		return err
	}
	user := id.New[access.User]()
	if err := s.changeUser(ctx, by, email, `insert into users (agency_id, id, email, first_name, last_name, role, password_hash) values (:agency, :id, :email, :first, :last, :role, :hash)`,
		pg.Args{"agency": by.Agency, "id": user, "email": email, "first": first, "last": last, "role": string(role), "hash": hash}, "user.created"); err != nil {
		return err
	}
	fmt.Printf("%s can sign in with: %s\n", email, password)
	return nil
}

func (s *store) resetUser(ctx context.Context, by access.Actor, email string) error {
	password := firstPassword()
	hash, err := hashFor(password)
	if err != nil {
		return err
	}
	if err := s.changeUser(ctx, by, email, `update users set password_hash = :hash, epoch = epoch + 1, version = version + 1 where email = :email and active`,
		pg.Args{"hash": hash, "email": email}, "user.reset"); err != nil {
		return err
	}
	fmt.Printf("%s can sign in with: %s\n", email, password)
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
