// Command waymark is the whole product: the server, its database, and what administrators run by hand.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// version is set when the binary is built.
var version = "development"

// errUsage means that the command was used wrongly: exit 2.
var errUsage = errors.New("usage")

// command is one thing the program does.
type command struct {
	name, does, usage, example string
	run                        func(ctx context.Context, c config, args []string) error
}

func commands() []command {
	return []command{
		{"agency", "makes an agency ready for work: first office, federal holidays, the catalogue of pathways", "waymark agency create --name NAME --slug SLUG --time-zone ZONE --state XX [--office NAME] [--region CODE] [--wage-area CODE] [--phone P] [--address A]", "waymark agency create --name \"River Valley Workforce Board\" --slug rivervalley --time-zone America/New_York --state ME", agencyCommand},
		{"serve", "serves the product", "waymark serve [--demo]", "waymark serve --demo", serve},
		{"migrate", "brings the schema up, or lists its steps", "waymark migrate up|status", "waymark migrate status", migrate},
		{"seed", "makes demonstration data", "waymark seed demo [--participants N] [--agencies N]", "waymark seed demo --participants 2000", seedCommand},
		{"import", "loads pathways, local demand, people, reference data or wages from files, each set all or nothing", "waymark import catalogue|grid [--agency SLUG] FILE... | participants [--dry-run] [--partial] [--allow-duplicates] [--office NAME] [--ignore COLUMNS] FILE | reference [--allow-shrink] [--fast] DIR | wages [--source 1|2|3] FILE", "waymark import reference ./data", importCommand},
		{"export", "writes the federal record of a quarter, after its edit checks", "waymark export pirl --program-year N --quarter Q [--out FILE]", "waymark export pirl --program-year 2026 --quarter 1 --out pirl.csv", exportCommand},
		{"sweep", "does once what is due: mail, audit chain", "waymark sweep [--as-of DATE]", "waymark sweep --as-of 2026-11-23", sweepCommand},
		{"user", "makes the first administrator, and helps in emergencies", "waymark user create|reset|deactivate [--agency SLUG] --email ADDRESS [--name NAME] [--role administrator|auditor]", "waymark user create --agency rivervalley --role administrator --email ana@example.org --name \"Ana Ruiz\"", userCommand},
		{"audit", "walks the audit chain and names the first broken record", "waymark audit verify", "waymark audit verify", auditCommand},
		{"version", "prints the version", "waymark version", "waymark version", func(context.Context, config, []string) error { fmt.Println(version); return nil }},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, "waymark:", err)
		stop()
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "waymark:", explained(err))
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" || args[0] == "help" {
		help()
		if len(args) == 0 {
			return fmt.Errorf("%w: say what to do, for example: waymark serve --demo", errUsage)
		}
		return nil
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		for _, a := range args[1:] {
			if a == "--help" || a == "-h" {
				fmt.Printf("%s: %s\n\n  %s\n\nExample:\n  %s\n", c.name, c.does, c.usage, c.example)
				return nil
			}
		}
		cfg, err := readConfig()
		if err != nil {
			return err
		}
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.level})))
		return c.run(ctx, cfg, args[1:])
	}
	return fmt.Errorf("%w: there is no command %q; see: waymark --help", errUsage, args[0])
}

func help() {
	fmt.Println("Waymark: case management for the agencies that help people into better work.")
	fmt.Println()
	for _, c := range commands() {
		fmt.Printf("  %-9s %s\n            %s\n", c.name, c.does, c.usage)
	}
	fmt.Println("\nwaymark COMMAND --help shows an example. Configuration is in the environment; see README.md.")
}
