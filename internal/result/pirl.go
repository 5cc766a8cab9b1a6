package result

import (
	_ "embed"
	"encoding/csv"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
)

// Column is one column of the federal record layout: a row of data, not of code. Derive names how it
// is filled, with its arguments after dots: "employed.2". Values, when there are any, are all that a
// cell may hold besides nothing.
type Column struct {
	Element string   `json:"element"`
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Length  int      `json:"length"`
	Derive  string   `json:"derive"`
	Values  []string `json:"values,omitempty"`
}

// Builtin is the version of the layout that comes with the program. It is not the official schema.
const Builtin = "waymark-2"

//go:embed pirl_columns.csv
var builtin string

// layoutHeads are the first lines that a layout may have: the list of values may be left out.
var layoutHeads = []string{"element,name,type,length,derive", "element,name,type,length,derive,values"}

// ParseColumns reads a layout: element, name, type, length, derive and perhaps the values, in the
// order of the file.
func ParseColumns(text string) (list []Column, faults []LineFault) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 || !slices.Contains(layoutHeads, strings.Join(rows[0], ",")) {
		return nil, []LineFault{{1, "", "layout_head", ""}}
	}
	for i, row := range rows[1:] {
		c := Column{Element: row[0], Name: row[1], Type: row[2], Derive: row[4]}
		if len(row) > 5 {
			c.Values = strings.Fields(row[5])
		}
		c.Length, err = strconv.Atoi(row[3])
		if err != nil || c.Length < 1 || c.Length > 200 || !slices.Contains([]string{"IN", "AN", "DT", "DE"}, c.Type) || c.Element == "" {
			faults = append(faults, LineFault{i + 2, "type", "layout_type", row[2] + " " + row[3]})
		}
		if !c.derives() {
			faults = append(faults, LineFault{i + 2, "derive", "derivation", c.Derive})
		}
		list = append(list, c)
	}
	return list, faults
}

// derives reports that the program knows how to fill the column, with as many arguments as it takes.
func (c Column) derives() bool {
	key, args := c.derivation()
	d, known := derivations[key]
	return known && len(args) >= d.least
}

func (c Column) derivation() (key string, args []string) {
	key, rest, found := strings.Cut(c.Derive, ".")
	if found {
		args = strings.Split(rest, ".")
	}
	return key, args
}

// filler fills the column of one record after the other. Text that a spreadsheet would run loses its sign.
func (c Column) filler() func(p *period) string {
	key, args := c.derivation()
	d := derivations[key]
	if c.Type != "AN" {
		return func(p *period) string { return d.of(p, args) }
	}
	return func(p *period) string { return strings.TrimLeft(d.of(p, args), "=+-@\t\r\n ") }
}

var decimal = regexp.MustCompile(`^[0-9]+\.[0-9]{2}$`)

func digits(v string) bool { return strings.Trim(v, "0123456789") == "" }

// wrong says what is wrong with a value by the layout alone: its length, its type, or that it is none
// of those allowed. Nothing is ever cut to fit.
func (c Column) wrong(v string) string {
	switch {
	case v == "":
		return ""
	case len([]rune(v)) > c.Length:
		return "cell_long"
	case c.Type == "IN" && !digits(v), c.Type == "DE" && !decimal.MatchString(v), c.Type == "DT" && !isDay(v):
		return "cell_type"
	case len(c.Values) > 0 && !slices.Contains(c.Values, v):
		return "cell_value"
	}
	return ""
}

// isDay reports a date as the layout writes it.
func isDay(v string) bool {
	if len(v) != 8 || !digits(v) {
		return false
	}
	_, err := civil.Parse(v[:4] + "-" + v[4:6] + "-" + v[6:])
	return err == nil
}

// filled is one line of the file, with what the layout refuses of it beside it.
type filled struct {
	cells   []string
	refused []Fix
}

// fill makes the file: no header line, one line a period, columns in the order of the layout.
func fill(columns []Column, periods iter.Seq2[period, error]) iter.Seq2[filled, error] {
	fillers := make([]func(*period) string, len(columns))
	for n, c := range columns {
		fillers[n] = c.filler()
	}
	return func(yield func(filled, error) bool) {
		for p, err := range periods {
			f := filled{cells: make([]string, len(columns))}
			for n, c := range columns {
				f.cells[n] = fillers[n](&p)
				if code := c.wrong(f.cells[n]); code != "" {
					f.refused = append(f.refused, p.fix(code, c, f.cells[n]))
				}
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// fix is a value that the layout refuses, with the record that it comes from.
func (p *period) fix(code string, c Column, value string) Fix {
	return Fix{Code: code, CaseID: p.CaseID, Number: p.Number, Name: p.Name, Manager: p.Manager, What: c.Element, Element: c.Name, Entered: value, Derive: c.Derive}
}
