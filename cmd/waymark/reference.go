package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"waymark/internal/reference"
)

// importReference loads what publishers give everybody. Progress goes to stderr, the report to stdout.
func importReference(ctx context.Context, c config, args []string) error {
	o := reference.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }, Clock: time.Now}
	fast := false
	dirs, err := flags("import", args, func(f *flag.FlagSet) {
		f.BoolVar(&o.AllowShrink, "allow-shrink", false, "")
		f.BoolVar(&fast, "fast", false, "")
	})
	if err != nil {
		return err
	}
	if !fast {
		o.Rest = func(d time.Duration) { pause(ctx, d) }
		runtime.GOMAXPROCS(1) // the other core is for those who read pages
	}
	if len(dirs) != 1 {
		return fmt.Errorf("%w: import reference takes one directory; see: waymark import --help", errUsage)
	}
	s, err := openStore(ctx, c, o.Say)
	if err != nil {
		return err
	}
	defer s.close()
	begun := time.Now()
	report, err := reference.Import(ctx, s.owner, dirs[0], o)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, one := range report.Sets {
		count[one.Outcome]++
		if one.Outcome != reference.Absent {
			fmt.Println(one.Line())
		}
	}
	for _, name := range report.Unused {
		fmt.Println("not used:", name)
	}
	fmt.Printf("%d sets imported, %d without change, %d refused, %d without a file, in %.1f s\n", count[reference.Imported], count[reference.Unchanged],
		count[reference.Refused], count[reference.Absent], time.Since(begun).Seconds())
	if report.Failed() {
		return errors.New("some sets were refused; they keep the data that they had")
	}
	return nil
}

// pause waits, but no longer than anybody wants the program to go on.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
