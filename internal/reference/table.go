package reference

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// table reads a file row by row. A row's cells are good until the next one.
type table interface {
	// next gives the cells and the line; io.EOF ends.
	next() (cells []string, line int, err error)
	close() error
}

// openTable opens any of the formats that publishers use.
func openTable(f file) (table, error) {
	if f.ext() == "xlsx" {
		return openWorkbook(f)
	}
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	if f.ext() == "csv" {
		c := csv.NewReader(cleanReader(r, f.name, true))
		c.ReuseRecord = true
		c.FieldsPerRecord = -1
		return &commas{r, c, f.name, 0}, nil
	}
	return &tabs{r, bufio.NewReaderSize(cleanReader(r, f.name, false), 64<<10), f.name, 0, nil}, nil
}

// commas is RFC 4180.
type commas struct {
	io.Closer
	csv  *csv.Reader
	name string
	wide int // cells of the header
}

func (t *commas) close() error { return t.Close() }

func (t *commas) next() ([]string, int, error) {
	cells, err := t.csv.Read()
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return nil, p.Line, &Fault{File: t.name, Line: p.Line, Column: p.Column, What: "a quote stands where none may: " + p.Err.Error()}
	}
	if err != nil {
		return nil, 0, err
	}
	line, _ := t.csv.FieldPos(0)
	return cells, line, even(t.name, line, &t.wide, len(cells))
}

// tabs is the layout of O*NET's text files: no quoting, one row a line.
type tabs struct {
	io.Closer
	r     *bufio.Reader
	name  string
	line  int
	width *int
}

func (t *tabs) close() error { return t.Close() }

func (t *tabs) next() ([]string, int, error) {
	text, err := t.r.ReadString('\n')
	if err != nil {
		return nil, t.line, err
	}
	t.line++
	cells := strings.Split(strings.TrimRight(text, "\r\n"), "\t")
	if t.width == nil {
		t.width = new(int)
	}
	return cells, t.line, even(t.name, t.line, t.width, len(cells))
}

// even holds every row to the width of the first: a ragged row is a cut or damaged one.
func even(name string, line int, wide *int, cells int) error {
	if *wide == 0 {
		*wide = cells
	}
	if cells == *wide {
		return nil
	}
	return &Fault{File: name, Line: line, Column: min(cells, *wide) + 1, What: fmt.Sprintf("the row has %d cells and the header %d; the file may be cut or damaged", cells, *wide)}
}
