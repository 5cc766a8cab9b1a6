package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"waymark/internal/msg"
	"waymark/internal/roster"
)

// importParticipants takes an agency's existing people in. The preview and the report go to stdout, what
// is wrong and how far it is to stderr.
func importParticipants(ctx context.Context, c config, args []string) error {
	slug, ignore, o := "", "", roster.Options{Tell: progress}
	files, err := flags("import", args, func(f *flag.FlagSet) {
		f.StringVar(&slug, "agency", "", "")
		f.StringVar(&o.Office, "office", "", "")
		f.StringVar(&ignore, "ignore", "", "")
		f.BoolVar(&o.DryRun, "dry-run", false, "")
		f.BoolVar(&o.Partial, "partial", false, "")
		f.BoolVar(&o.Alike, "allow-duplicates", false, "")
	})
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("%w: import participants takes one file; see: waymark import --help", errUsage)
	}
	file, err := readRoster(files[0], ignore)
	if err != nil {
		return err
	}
	s, by, err := openAgency(ctx, c, slug, say)
	if err != nil {
		return err
	}
	defer s.close()
	report, err := roster.New(s.db, s.policy, s.key).Import(ctx, by, file, o)
	if err != nil {
		return err
	}
	return reported(report, o)
}

// readRoster reads the file and shows what its columns are taken for.
func readRoster(name, ignore string) (roster.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return roster.File{}, err
	}
	defer func() { _ = f.Close() }()
	file, err := roster.Read(f, strings.Split(ignore, ",")...)
	if err != nil {
		return file, err
	}
	fmt.Printf("%s, read as %s\n", name, file.Encoding)
	for _, col := range file.Columns {
		use := col.For
		if use == "" {
			use = "left out"
		}
		fmt.Printf("column %d, %s: %s\n", col.Number, col.Heading, use)
	}
	return file, nil
}

func progress(done, of int) { fmt.Fprintf(os.Stderr, "%d of %d lines\n", done, of) }

// reported says what became of the file; lines that were refused are a failure.
func reported(r roster.Report, o roster.Options) error {
	words := msg.For("en")
	for _, f := range append(r.Warnings, r.Faults...) {
		where := fmt.Sprint("line ", f.Line)
		if f.Column != "" {
			where += ", " + f.Column
		}
		args := msg.Args{"label": f.Column, "entered": ""}
		for k, v := range f.Args {
			args[k] = v
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", where, said(words, f.Code, args))
	}
	switch {
	case r.Refused > 0 && r.Kept:
		return fmt.Errorf("%d of %d lines refused, %d taken in", r.Refused, r.Rows, r.Added)
	case r.Refused > 0:
		return fmt.Errorf("%d of %d lines refused; nothing was changed", r.Refused, r.Rows)
	case o.DryRun:
		fmt.Printf("%d of %d lines would be taken in; this was a dry run, nothing was changed\n", r.Added, r.Rows)
	default:
		fmt.Printf("%d of %d lines taken in\n", r.Added, r.Rows)
	}
	return nil
}
