package result

import (
	"context"
	"encoding/csv"
	"io"
	"iter"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/equity"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Export is the state of a quarter's file: its layout, how many records it has, how much blocks it, and
// what was sent.
type Export struct {
	Report participation.Quarter `json:"-"`
	Layout Layout                `json:"layout"`
	Rows   int                   `json:"rows"`
	Fixes  int                   `json:"fixes"`
	Sent   []Submission          `json:"submissions"`
}

// file is the federal file of a quarter from the records in a scope, as they are at one moment. Its lines
// are made as they are read, so that one of any length takes the memory of a line.
type file struct {
	tx      *pg.Tx
	scope   access.Scope
	q       question
	report  participation.Quarter
	layout  Layout
	unnamed bool
	// answers to the equal-opportunity questions are there for whom sends the file only.
	answers map[access.ParticipantID]*equity.Answers
}

// Export says how the file of a quarter stands.
func (s *Service) Export(ctx context.Context, by access.Actor, report participation.Quarter) (e Export, err error) {
	err = s.file(ctx, by, report, func(f file) error {
		e.Report, e.Layout = report, f.layout
		if e.Rows, e.Fixes, err = f.write(io.Discard); err != nil {
			return err
		}
		e.Sent, err = pg.List[Submission](f.tx, submissionQuery+`order by s.quarter desc, s.revision desc limit 100`, pg.Args{})
		return err
	})
	return e, err
}

// EachRecord hands every line of the file to write, one after the other, for reading: the equal-opportunity
// answers are left out of it.
func (s *Service) EachRecord(ctx context.Context, by access.Actor, report participation.Quarter, write func(Export, iter.Seq2[[]string, error]) error) error {
	return s.file(ctx, by, report, func(f file) error {
		n, err := countPeriods(f.tx, f.scope, f.q, report)
		if err != nil {
			return err
		}
		return write(Export{Report: report, Layout: f.layout, Rows: n}, func(yield func([]string, error) bool) {
			for line, err := range f.lines() {
				if !yield(line.cells, err) {
					return
				}
			}
		})
	})
}

// WriteFile writes the file as it would be sent now: whole, with the equal-opportunity answers, for whom
// sends it, and that it was made is noted; without them for others.
func (s *Service) WriteFile(ctx context.Context, by access.Actor, report participation.Quarter, out io.Writer) (rows int, err error) {
	write := func(f file) error {
		rows, _, err = f.write(out)
		return err
	}
	if !s.policy.Allows(by, access.ManageResult) {
		return rows, s.file(ctx, by, report, write)
	}
	if err := s.whole(ctx, by, report, write); err != nil {
		return rows, err
	}
	return rows, s.db.Write(ctx, by, func(tx *pg.Tx) error {
		return audit.Append(tx, by, audit.Entry{Action: "pirl.made", Detail: map[string]any{"quarter": report.String(), "rows": rows}})
	})
}

// file opens the file for reading.
func (s *Service) file(ctx context.Context, by access.Actor, report participation.Quarter, fn func(file) error) error {
	scope, err := s.policy.Scope(by, access.ReadResult)
	if err != nil {
		return err
	}
	return s.open(ctx, by, file{scope: scope, report: report, unnamed: !s.policy.Allows(by, access.ReadRecord)}, fn)
}

// whole opens the file with the equal-opportunity answers in it.
func (s *Service) whole(ctx context.Context, by access.Actor, report participation.Quarter, fn func(file) error) error {
	scope, err := s.policy.Scope(by, access.ManageResult)
	if err != nil {
		return err
	}
	return s.open(ctx, by, file{scope: scope, report: report}, func(f file) error {
		if f.answers, err = equity.ForFile(f.tx); err != nil {
			return err
		}
		return fn(f)
	})
}

// hashed has whole lists joined by hash. How many periods there are is known to nobody ahead, and taken for
// one they would be gone through once for each of them.
const hashed = `set local enable_nestloop = off`

func (s *Service) open(ctx context.Context, by access.Actor, f file, fn func(file) error) error {
	return s.db.Stream(ctx, by, func(tx *pg.Tx) (err error) {
		f.tx = tx
		if err := pg.Insert(tx, hashed, pg.Args{}); err != nil {
			return err
		}
		if f.q, err = s.question(tx, by); err != nil {
			return err
		}
		if f.layout, err = layout(tx); err != nil {
			return err
		}
		return fn(f)
	})
}

// lines are the file.
func (f file) lines() iter.Seq2[filled, error] {
	return fill(f.layout.Columns.V, eachPeriod(f.tx, f.scope, f.q, f.report, f.answers))
}

// write writes the lines, and counts them and all that is to be fixed.
func (f file) write(w io.Writer) (rows, fixes int, err error) {
	if fixes, err = countOf(f.edits()); err != nil {
		return rows, fixes, err
	}
	out := csv.NewWriter(w)
	for line, err := range f.lines() {
		if err != nil {
			return rows, fixes, err
		}
		if err := out.Write(line.cells); err != nil {
			return rows, fixes, err
		}
		rows, fixes = rows+1, fixes+len(line.refused)
	}
	out.Flush()
	return rows, fixes, out.Error()
}

// countOf is how many there are.
func countOf[T any](all iter.Seq2[T, error]) (n int, err error) {
	for _, err := range all {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
