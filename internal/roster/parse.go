package roster

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/internal/errs"
)

// parse reads the heading and the lines. A line that cannot be read is a fault and the next one is tried.
func parse(text string, ignore []string) (f File, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator(text), -1
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return f, errs.At("file", "import.empty")
	}
	if err != nil {
		return f, errs.At("file", "import.heading")
	}
	if f.Columns, err = columnsOf(head, ignore); err != nil {
		return f, err
	}
	for len(f.Faults) < maxFaults {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			f.Faults = append(f.Faults, unreadable(err))
			continue
		}
		line, _ := r.FieldPos(0)
		if blank(cells) {
			continue
		}
		if len(f.rows) == maxRows {
			return f, errs.AtArgs("file", "import.too_many", map[string]any{"param": maxRows})
		}
		f.take(line, cells, len(head))
	}
	if f.Rows() == 0 {
		return f, errs.At("file", "import.empty")
	}
	return f, nil
}

// take keeps a line, or says what is wrong with its cells.
func (f *File) take(line int, cells []string, want int) {
	if len(cells) != want {
		f.Faults = append(f.Faults, Fault{line, "", "import.ragged", map[string]any{"count": len(cells), "want": want}})
		return
	}
	one := row{line, map[string]string{}}
	for _, c := range f.Columns {
		cell := strings.TrimSpace(cells[c.Number-1])
		if c.For == "" {
			continue
		}
		if code := unfit(c.For, cell); code != "" {
			f.Faults = append(f.Faults, Fault{line, c.For, code, map[string]any{"param": maxCell}})
			return
		}
		one.cells[c.For] = cell
	}
	f.rows = append(f.rows, one)
}

// unfit says why a cell cannot be text of ours: control characters, endless, or what a spreadsheet
// would run. A telephone may begin with a plus.
func unfit(column, cell string) string {
	switch {
	case cell == "":
		return ""
	case strings.ContainsFunc(cell, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == utf8.RuneError
	}):
		return "import.control"
	case utf8.RuneCountInString(cell) > maxCell:
		return "import.cell"
	case column == "phone" && cell[0] == '+':
		return ""
	case strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠"):
		return "import.formula"
	}
	return ""
}

func unreadable(err error) Fault {
	p, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		return Fault{0, "", "import.unreadable", nil}
	case errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote):
		return Fault{p.StartLine, "", "import.quote", nil}
	default:
		return Fault{p.StartLine, "", "import.unreadable", nil}
	}
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// separator is whichever of comma, semicolon and tab the heading has most of.
func separator(text string) rune {
	head, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, s := range ",;\t" {
		if n := strings.Count(head, string(s)); n > most {
			best, most = s, n
		}
	}
	return best
}
