// Package roster takes an agency's existing people in from a file: what a spreadsheet or another
// program exported, with everything that goes wrong on the way.
package roster

import (
	"io"

	"waymark/internal/errs"
)

// Bounds of one file.
const (
	maxBytes  = 32 << 20
	maxRows   = 100_000
	maxCell   = 2_000
	maxFaults = 1_000
)

// Fault is one thing wrong with a line of the file, or to look at. Code is a key of the catalogue below
// "error."; nothing that stood in the file is repeated.
type Fault struct {
	Line   int
	Column string
	Code   string
	Args   map[string]any
}

// Column says what a column of the file is taken for.
type Column struct {
	Number       int
	Heading, For string
}

// File is a file that was read, before anything is done with it.
type File struct {
	SHA256   string
	Encoding string // as it was found
	Columns  []Column
	Faults   []Fault // what keeps whole lines from being read
	rows     []row
}

// row is a line's cells by the name of their column.
type row struct {
	line  int
	cells map[string]string
}

// Rows is the number of lines with something in them.
func (f File) Rows() int { return len(f.rows) + len(f.Faults) }

// Read reads a file. Columns that are named in ignore are left out; any other that is not known, and a
// file that cannot be read at all, is an error with its fields.
func Read(r io.Reader, ignore ...string) (File, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return File{}, err
	}
	if len(b) > maxBytes {
		return File{}, errs.AtArgs("file", "import.too_large", map[string]any{"param": maxBytes >> 20})
	}
	text, encoding, err := decode(b)
	if err != nil {
		return File{}, err
	}
	f, err := parse(text, ignore)
	f.Encoding, f.SHA256 = encoding, fingerprint(b)
	return f, err
}
