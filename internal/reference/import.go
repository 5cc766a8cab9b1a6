package reference

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// reading is the version of the rules by which files are read. A file read by older rules is read again.
const reading = "1"

// Options are how an import is done.
type Options struct {
	// AllowShrink takes a set that has lost more than a fifth of its rows.
	AllowShrink bool
	// Say tells what goes on; without one the import is silent.
	Say func(string)
	// Clock times the sets; it is the stopwatch's, not the domain's. Without one the database's serves.
	Clock func() time.Time
	// Rest waits. With it the import works half of the time and leaves a core to those who read pages; without it
	// the import takes all that it can get.
	Rest func(time.Duration)
}

func (o Options) complete(owner *pg.DB) Options {
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if o.Clock == nil {
		o.Clock = owner.Now
	}
	return o
}

// What became of a set.
const (
	Imported  = "imported"
	Unchanged = "no change"
	Refused   = "refused"
	Absent    = "no file"
)

// Result says what became of one set.
type Result struct {
	Set     string
	Outcome string
	Vintage string
	Layout  string
	Files   []string
	Read    int
	Added   int
	Changed int
	Removed int
	Took    time.Duration
	Err     error
}

// Report says what became of everything.
type Report struct {
	Sets []Result
	// Unused are files that no set takes.
	Unused []string
}

// Failed reports whether anything was refused.
func (r Report) Failed() bool {
	return slices.ContainsFunc(r.Sets, func(s Result) bool { return s.Outcome == Refused })
}

// system writes reference data: the schema's owner, of no agency.
var system = access.Actor{Role: access.System}

// Import reads every set that the directory has, each in a transaction of its own: what readers
// see is the old set or the new one. A set whose files have not changed is left alone, so an import
// that was stopped goes on where it was. A set that is refused keeps what it held.
func Import(ctx context.Context, owner *pg.DB, dir string, o Options) (Report, error) {
	var report Report
	o = o.complete(owner)
	info, err := os.Stat(dir)
	if err != nil {
		return report, err
	}
	if !info.IsDir() {
		return report, fmt.Errorf("%s is not a directory", dir)
	}
	files, err := filesIn(dir)
	if err != nil {
		return report, err
	}
	manifest, err := readManifest(files)
	if err != nil {
		return report, err
	}
	used := map[string]bool{}
	for _, s := range sets() {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		one := importSet(ctx, owner, s, files, manifest, o)
		if errors.Is(one.Err, context.Canceled) {
			return report, one.Err
		}
		for _, f := range one.Files {
			used[f] = true
		}
		report.Sets = append(report.Sets, one)
		o.Say(one.Line())
	}
	for _, f := range files {
		if !used[f.name] && slices.Contains([]string{"csv", "txt", "tsv", "xlsx", "zip"}, f.ext()) && f.base != manifestName {
			report.Unused = append(report.Unused, f.name)
		}
	}
	slices.Sort(report.Unused)
	return report, nil
}

// Line is the result in one line.
func (r Result) Line() string {
	switch r.Outcome {
	case Absent:
		return fmt.Sprintf("%-20s %s", r.Set, r.Outcome)
	case Refused:
		return fmt.Sprintf("%-20s refused: %v", r.Set, r.Err)
	case Unchanged:
		return fmt.Sprintf("%-20s no change (%s)", r.Set, r.Vintage)
	}
	return fmt.Sprintf("%-20s %d rows read, %d new, %d changed, %d gone, %.1f s (%s)", r.Set, r.Read, r.Added, r.Changed, r.Removed, r.Took.Seconds(), r.Vintage)
}

// chosen finds the first layout whose first file is there, with its files in the order of the parts.
func (s set) chosen(files []file) (layout, [][]file, bool) {
	for _, l := range s.layouts {
		found := make([][]file, len(l.parts))
		for i, p := range l.parts {
			for _, f := range files {
				if p.file.MatchString(f.base) {
					found[i] = append(found[i], f)
				}
			}
		}
		if len(found[0]) > 0 {
			return l, found, true
		}
	}
	return layout{}, nil, false
}

func importSet(ctx context.Context, owner *pg.DB, s set, files []file, manifest manifest, o Options) Result {
	begun := o.Clock()
	r := Result{Set: s.name, Outcome: Absent}
	l, found, ok := s.chosen(files)
	if !ok {
		return r
	}
	refuse := func(err error) Result {
		r.Outcome, r.Err, r.Took = Refused, err, o.Clock().Sub(begun)
		return r
	}
	var all []file
	for _, list := range found {
		for _, f := range list {
			r.Files = append(r.Files, f.name)
			all = append(all, f)
		}
		if len(list) > 1 {
			return refuse(&Fault{File: list[1].name, What: fmt.Sprintf("the directory has this part of the set twice: %s is the other", list[0].name)})
		}
	}
	r.Layout, r.Vintage = l.name, l.vintage(all)
	print, err := prints(all)
	if err != nil {
		return refuse(err)
	}
	if err := manifest.check(all); err != nil {
		return refuse(err)
	}
	stamp := Stamp{
		Name: s.name, Vintage: r.Vintage, Layout: l.name, Credit: s.credit, SHA: hex.EncodeToString(print), Files: r.Files,
	}
	err = owner.Long(ctx, system, func(tx *pg.Tx) error {
		if err := lock(tx); err != nil {
			return err
		}
		old, known, err := stampOf(tx, s.name)
		if err != nil {
			return err
		}
		if known && old.SHA == stamp.SHA {
			r.Outcome, r.Vintage = Unchanged, old.Vintage
			return nil
		}
		p := o.pace()
		if err := stage(tx, s, l, found, &r, o, p); err != nil {
			return err
		}
		if known && !o.AllowShrink && r.Read*5 < old.Rows*4 {
			return &Fault{File: strings.Join(r.Files, ", "), What: fmt.Sprintf("the set has %d rows and had %d: more than a fifth is gone; import it with --allow-shrink if that is right", r.Read, old.Rows)}
		}
		if err := merge(tx, s, &r, p); err != nil {
			return err
		}
		stamp.Rows, stamp.Vintage, stamp.ImportedAt = r.Read, r.Vintage, tx.Now
		r.Outcome = Imported
		return stamp.save(tx)
	})
	if err != nil {
		return refuse(err)
	}
	r.Took = o.Clock().Sub(begun)
	return r
}

// prints is the SHA-256 over the files of a set and the rules by which they are read.
func prints(files []file) ([]byte, error) {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, "reading", reading)
	for _, f := range files {
		one, err := f.print()
		if err != nil {
			return nil, err
		}
		_, _ = fmt.Fprintln(h, f.base, one)
	}
	return h.Sum(nil), nil
}

// progress is how many rows go by between two lines of news.
const progress = 100_000

// stage streams the files into a table of the transaction's own and holds the keys against each other.
func stage(tx *pg.Tx, s set, l layout, found [][]file, r *Result, o Options, p *pace) error {
	if _, err := pg.Exec(tx, `create temporary table staging (like reference.`+s.table+`, from_file int, from_line int) on commit drop`, nil); err != nil {
		return err
	}
	columns := slices.Concat(s.columns, []string{"from_file", "from_line"})
	if s.tagged {
		columns = append(columns, "set_name")
	}
	err := pg.Copy(tx, "staging", columns, func(send func(...any) error) error {
		at, line := 0, 0
		put := func(values ...any) error {
			values = append(values, at, line)
			if s.tagged {
				values = append(values, s.name)
			}
			if r.Read++; r.Read%progress == 0 {
				o.Say(fmt.Sprintf("%-20s %d rows so far", s.name, r.Read))
			}
			return send(values...)
		}
		read := l.reader(r.Vintage)
		for i, list := range found {
			for _, f := range list {
				at = i
				if err := rowsOf(f, l.parts[i].columns, func(row *Row) error {
					line = row.line
					p.row()
					return read(row, func(values ...any) error {
						if row.err != nil {
							return row.err
						}
						return put(values...)
					})
				}); err != nil {
					return err
				}
			}
		}
		return read(nil, put)
	})
	if err != nil {
		return err
	}
	p.breathe()
	if r.Read == 0 {
		return &Fault{File: strings.Join(r.Files, ", "), What: "there is no row to import"}
	}
	if _, err := pg.Exec(tx, "analyze staging", nil); err != nil {
		return err
	}
	if column, ok := strings.CutPrefix(r.Vintage, "in:"); ok {
		if r.Vintage, err = pg.Get[string](tx, `select `+column+` from staging limit 1`, nil); err != nil {
			return err
		}
	}
	p.breathe()
	defer p.breathe()
	return repeated(tx, s, found, r)
}
