package main

import (
	"context"
	"flag"
	"fmt"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/civil"
	"waymark/internal/seed"
)

func seedCommand(ctx context.Context, c config, args []string) error {
	people, agencies := 0, 1
	if len(args) == 0 || args[0] != "demo" {
		return fmt.Errorf("%w: seed demo; see: waymark seed --help", errUsage)
	}
	rest, err := flags("seed", args[1:], func(f *flag.FlagSet) {
		f.IntVar(&people, "participants", 0, "")
		f.IntVar(&agencies, "agencies", 1, "")
	})
	if err == nil {
		err = noMore("seed", rest)
	}
	if err != nil {
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

func sweepCommand(ctx context.Context, c config, args []string) error {
	asOf := ""
	rest, err := flags("sweep", args, func(f *flag.FlagSet) { f.StringVar(&asOf, "as-of", "", "") })
	if err == nil {
		err = noMore("sweep", rest)
	}
	if err != nil {
		return err
	}
	var day civil.Date
	if asOf != "" {
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
		return fmt.Errorf("%w: audit verify; see: waymark audit --help", errUsage)
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
