// Package export writes a list as a file for a spreadsheet: CSV, and XLSX through excelize. Every
// file says what it is, whose rows it shows, which filter was on and how many rows there are, and
// no cell of it is ever taken for a formula.
package export

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/msg"
)

// The formats.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Kind says how a column's cells are written.
type Kind int

// The kinds of columns. A cell of another type than its column's is written as text.
const (
	Text   Kind = iota // string, or whatever prints itself
	Number             // int, int64, float64
	Money              // money.Cents, written as dollars with two places
	Date               // civil.Date
)

// Column is one column, its title already in words. Width is in characters, 0 for the usual.
type Column struct {
	Title string
	Kind  Kind
	Width float64
}

// Table is a list as it goes out. Filter and Scope are in words: what was asked for, and whose
// rows the reader may see. Words is the language of the file's own labels; nil is English.
type Table struct {
	Title   string
	Columns []Column
	// Rows is a short list. A list that may be long is read one row after the other from Each instead,
	// Count rows of them.
	Rows   [][]any
	Each   iter.Seq2[[]any, error]
	Count  int
	Filter string
	Scope  string
	// Made is when the list was made, in words; empty leaves the line out.
	Made string
	// Notice is said above the list when something must be known first.
	Notice string
	Words  *msg.Catalogue
}

// fact is one line above the list.
type fact struct{ label, value string }

// facts are what the file says about itself.
func (t Table) facts() []fact {
	c := t.Words
	if c == nil {
		c = msg.For("en")
	}
	filter := t.Filter
	if filter == "" {
		filter = c.T("export.no_filter")
	}
	all := []fact{{c.T("export.scope"), t.Scope}, {c.T("export.filter"), filter}, {c.T("export.rows"), fmt.Sprint(t.Len())}}
	if t.Made != "" {
		all = append(all, fact{c.T("export.made"), t.Made})
	}
	if t.Notice != "" {
		all = append(all, fact{c.T("export.notice"), t.Notice})
	}
	return all
}

// Len is how many rows the list has.
func (t Table) Len() int {
	if t.Each == nil {
		return len(t.Rows)
	}
	return t.Count
}

// each hands over every row. That they are as many as the file says is held against them: a file is
// whole or there is none.
func (t Table) each(fn func(row []any) error) error {
	n := 0
	for row, err := range t.all() {
		if err != nil {
			return err
		}
		if n++; n > t.Len() {
			break
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	if n != t.Len() {
		return fmt.Errorf("export: %d rows of %d", n, t.Len())
	}
	return nil
}

// Cells makes the cells of each row as it is read.
func Cells[T any](rows iter.Seq2[T, error], cells func(T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(cells(row), nil) {
				return
			}
		}
	}
}

func (t Table) all() iter.Seq2[[]any, error] {
	if t.Each != nil {
		return t.Each
	}
	return func(yield func([]any, error) bool) {
		for _, row := range t.Rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Write writes the file in a format. A list with more rows than a worksheet can have is refused before
// anything is read; as CSV it has them all.
func (t Table) Write(w io.Writer, format string) error {
	switch most := excelize.TotalRows - t.headRow(); {
	case !Known(format):
		return errs.At("format", "oneof")
	case format == CSV:
		return t.WriteCSV(w)
	case t.Len() > most:
		return errs.AtArgs("format", "sheet_full", map[string]any{"count": t.Len(), "param": most})
	}
	return t.WriteXLSX(w)
}

// FileName is the name a browser saves the file under: letters, digits and hyphens of the title.
func (t Table) FileName(format string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, t.Title)
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '-' })
	if len(parts) == 0 {
		parts = []string{"waymark"}
	}
	return strings.Join(parts, "-") + "." + format
}

// ContentType is the media type of a format.
func ContentType(format string) string {
	if format == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Known reports whether the format is one of ours.
func Known(format string) bool { return format == CSV || format == XLSX }

// plain is a cell as text.
func plain(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case money.Cents:
		sign, c := "", x
		if c < 0 {
			sign, c = "-", -c
		}
		return fmt.Sprintf("%s%d.%02d", sign, int64(c/100), int64(c%100))
	case civil.Date:
		return x.String()
	}
	return fmt.Sprint(v)
}

// Safe makes text that a spreadsheet would take for a formula into text: an apostrophe goes before
// it. Spreadsheets skip blanks and quotes, so those do not hide it.
func Safe(s string) string {
	bare := strings.TrimLeft(s, " \u00a0\"'")
	if s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) {
		return "'" + s
	}
	if bare == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠|%", []rune(bare)[0]) {
		return s
	}
	return "'" + s
}

// isText reports whether a cell was typed by somebody, so that Safe looks at it.
func isText(v any) bool {
	switch v.(type) {
	case nil, int, int64, float64, money.Cents, civil.Date:
		return false
	}
	return true
}
