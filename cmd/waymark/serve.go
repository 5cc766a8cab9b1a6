package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"time"

	"waymark/internal/digest"
	"waymark/internal/heap"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/seed"
	"waymark/internal/server"
	"waymark/internal/sms"
	"waymark/internal/sweep"
	"waymark/internal/transfer"
	planpage "waymark/web/page/plan"
)

// flags parses a command's own flags, which stand before, between or after its other words; wrong use is errUsage.
func flags(name string, args []string, define func(*flag.FlagSet)) (rest []string, err error) {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	define(f)
	for {
		if err := f.Parse(args); err != nil {
			return nil, fmt.Errorf("%w: %s: %v; see: waymark %s --help", errUsage, name, err, name)
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
}

// noMore refuses what is left over on the command line.
func noMore(name string, rest []string) error {
	if len(rest) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s takes no %q; see: waymark %s --help", errUsage, name, rest[0], name)
}

func say(line string) { fmt.Println(line) }

func serve(ctx context.Context, c config, args []string) error {
	heap.ForServing()
	demo := false
	rest, err := flags("serve", args, func(f *flag.FlagSet) { f.BoolVar(&demo, "demo", false, "") })
	if err != nil {
		return err
	}
	if err := noMore("serve", rest); err != nil {
		return err
	}
	if !c.clock.IsZero() && !demo {
		return errors.New("WAYMARK_CLOCK is honoured only with --demo")
	}
	if err := msg.Load(); err != nil {
		return err
	}
	c.serving = true
	s, err := openStore(ctx, c, say)
	if err != nil {
		return err
	}
	defer s.close()
	if demo {
		if err := seed.DemoIfEmpty(ctx, s.seeder(say)); err != nil {
			return err
		}
	}
	settings := server.Config{DB: s.db, Policy: s.policy, BaseURL: c.baseURL, Demo: demo, Proxies: c.proxies, Key: s.key, Files: s.files}
	if c.texts != nil {
		settings.Texts = c.texts
	}
	if c.printer != nil {
		settings.Printer = c.printer
	}
	if demo {
		settings.ResetDemo = func(ctx context.Context) error { return seed.Reset(ctx, s.seeder(say)) }
	}
	app, err := server.New(settings)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go s.watch(cancel)
	work := s.sweeper(c)
	work.Done = app.Swept
	if demo && c.texts == nil {
		work.Texts = sms.Log{}
	}
	go sweep.Every(ctx, time.Minute, 5*time.Second, work)
	if c.metricsAddr != "" {
		go func() {
			if err := app.ListenMetrics(ctx, c.metricsAddr); err != nil {
				cancel(fmt.Errorf("WAYMARK_METRICS_ADDR: %w", err))
			}
		}()
	}
	fmt.Printf("\nWaymark is at %s\n", c.baseURL)
	if demo {
		printSignIns()
	} else if err := s.sayIfEmpty(ctx); err != nil {
		return err
	}
	err = app.Listen(ctx, c.addr)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// sayIfEmpty says how to begin where nobody can sign in yet.
func (s *store) sayIfEmpty(ctx context.Context) error {
	list, err := s.agencies(ctx)
	if err == nil && len(list) == 0 {
		fmt.Println("There is no agency yet. Make the first with: waymark agency create (see: waymark agency --help)")
	}
	return err
}

// watch ends the program when its own database is gone for good.
func (s *store) watch(cancel context.CancelCauseFunc) {
	if s.embedded == nil {
		return
	}
	if err := <-s.embedded.Exited(); err != nil {
		cancel(fmt.Errorf("the database stopped for good: %w", err))
	}
}

func (s *store) seeder(say func(string)) seed.Seeder {
	return seed.Seeder{Owner: s.owner, DB: s.db, Policy: s.policy, Key: s.key, Files: s.files, Say: say, Render: planpage.Render, BaseURL: s.baseURL}
}

func (s *store) sweeper(c config) sweep.Sweeper {
	w := sweep.Sweeper{DB: s.db, BaseURL: c.baseURL, Log: slog.Default(), Transfers: transfer.New(s.db, s.policy, c.baseURL), Digests: digest.New(s.db, s.policy, c.baseURL), Files: s.files, DiskTime: time.Now}
	if c.smtp != nil {
		w.Sender = c.smtp
	}
	if c.texts != nil {
		w.Texts = c.texts
	}
	return w
}

func printSignIns() {
	fmt.Printf("\nDemonstration sign-ins, password for all: %s\n", seed.DemoPassword)
	for _, line := range seed.SignIns() {
		fmt.Println("  " + line)
	}
	fmt.Println("\nStop with Ctrl+C. The data is kept.")
}

func migrate(ctx context.Context, c config, args []string) error {
	if len(args) != 1 || args[0] != "up" && args[0] != "status" {
		return fmt.Errorf("%w: migrate up, or migrate status", errUsage)
	}
	s := &store{}
	defer s.close()
	if err := s.reach(ctx, c, func(string) {}); err != nil {
		return err
	}
	if args[0] == "up" {
		if err := pg.Migrate(ctx, s.ownerDSN); err != nil {
			return err
		}
	}
	list, err := pg.Migrations(ctx, s.ownerDSN)
	if err != nil {
		return err
	}
	for _, m := range list {
		state := "waiting"
		if m.Applied {
			state = "applied"
		}
		fmt.Printf("%-8s %s\n", state, m.Source)
	}
	return nil
}
