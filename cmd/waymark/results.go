package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/export"
	"waymark/internal/participation"
	"waymark/internal/result"
)

// exportCommand writes the federal record of a quarter of a program year, after its edit checks.
func exportCommand(ctx context.Context, c config, args []string) error {
	if len(args) == 0 || args[0] != "pirl" {
		return fmt.Errorf("%w: export pirl; see: waymark export --help", errUsage)
	}
	slug, out, year, part, anyway := "", "", 0, 0, false
	rest, err := flags("export", args[1:], func(f *flag.FlagSet) {
		f.StringVar(&slug, "agency", "", "")
		f.StringVar(&out, "out", "", "")
		f.IntVar(&year, "program-year", 0, "")
		f.IntVar(&part, "quarter", 0, "")
		f.BoolVar(&anyway, "despite-fixes", false, "")
	})
	if err == nil {
		err = noMore("export", rest)
	}
	if err != nil {
		return err
	}
	if year < 2010 || year > 2100 || part < 1 || part > 4 {
		return fmt.Errorf("%w: --program-year is like 2026, --quarter is 1 to 4 (1 is July to September)", errUsage)
	}
	s, by, err := openAgency(ctx, c, slug, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
	report := participation.QuarterOf(civil.On(year, 7, 1)).Add(part - 1)
	results, fixes := result.New(s.db, s.policy), 0
	e, err := results.Export(ctx, by, report)
	if err != nil {
		return err
	}
	if !e.Layout.Official {
		fmt.Fprintf(os.Stderr, "The layout %s is not the official schema.\n", e.Layout.Version)
	}
	if err := results.EachFix(ctx, by, report, func(n int, rows iter.Seq2[result.Fix, error]) error {
		for f, err := range rows {
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: %s %s %s\n", f.Number, f.Code, f.On, f.Other)
		}
		fixes = n
		return nil
	}); err != nil {
		return err
	}
	if fixes > 0 && !anyway {
		return fmt.Errorf("%d records need a fix; fix them, or add --despite-fixes", fixes)
	}
	return writeFile(out, func(w io.Writer) error {
		rows, err := results.WriteFile(ctx, by, report, w)
		if err == nil && out != "" {
			fmt.Printf("%s: %d periods of %s\n", out, rows, report)
		}
		return err
	})
}

// writeFile hands out a file once it is whole: under a name, or on the standard output.
func writeFile(name string, write func(io.Writer) error) error {
	var file export.Spool
	defer file.Close()
	if err := write(&file); err != nil {
		return err
	}
	content, err := file.Read()
	if err != nil {
		return err
	}
	if name == "" {
		_, err = io.Copy(os.Stdout, content)
		return err
	}
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, content)
	return errors.Join(err, to.Close())
}

// importWages takes in a wage-match file, all or nothing, and says which lines are wrong.
func importWages(ctx context.Context, c config, args []string) error {
	slug, source := "", ""
	files, err := flags("import wages", args, func(f *flag.FlagSet) {
		f.StringVar(&slug, "agency", "", "")
		f.StringVar(&source, "source", "1", "")
	})
	if err != nil {
		return err
	}
	if len(files) != 1 || source != result.SourceUI && source != result.SourceFederal && source != result.SourceMilitary {
		return fmt.Errorf("%w: import wages [--source 1|2|3] FILE; 1 is the state's file, 2 federal, 3 military", errUsage)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	s, by, err := openAgency(ctx, c, slug, func(string) {})
	if err != nil {
		return err
	}
	defer s.close()
	done, err := result.New(s.db, s.policy).ImportWages(ctx, by, result.ImportInput{Name: filepath.Base(files[0]), Source: source, File: string(text)})
	if e, ok := errors.AsType[*errs.Error](err); ok && len(done.Faults) > 0 {
		for _, f := range done.Faults {
			fmt.Fprintf(os.Stderr, "line %d: %s %s %q\n", f.Line, f.Column, f.Code, f.Entered)
		}
		return fmt.Errorf("%d lines are wrong, nothing was changed: %w", len(done.Faults), e)
	}
	if err != nil {
		return err
	}
	if done.Again {
		fmt.Println("This file was imported before; nothing was changed.")
		return nil
	}
	fmt.Printf("%d lines of %d people: %d new, %d corrected, %d unchanged, %d not known yet\n", done.Lines, done.People, done.Added, done.Changed, done.Same, done.Skipped)
	return nil
}
