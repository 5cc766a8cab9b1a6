package reference

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Row is one row with its cells by our names. The first thing that is wrong with it is kept.
type Row struct {
	file  string
	line  int
	cells []string
	at    map[string]int // our name -> column, -1 when an optional one is absent
	heads map[string]string
	err   error
}

// bad keeps what is wrong with a column.
func (r *Row) bad(col, what string, args ...any) {
	if r.err == nil {
		r.err = &Fault{File: r.file, Line: r.line, Column: r.at[col] + 1, Name: r.heads[col], What: fmt.Sprintf(what, args...)}
	}
}

// text is the cell without the spaces around it; ="01.0000" is how one publisher keeps zeros.
func (r *Row) text(col string) string {
	i, ok := r.at[col]
	if !ok || i < 0 || i >= len(r.cells) {
		return ""
	}
	s := strings.TrimSpace(r.cells[i])
	if inner, ok := strings.CutPrefix(s, `="`); ok {
		s = strings.TrimSuffix(inner, `"`)
	}
	return s
}

// need is text that may not be absent.
func (r *Row) need(col string) string {
	s := r.text(col)
	if s == "" {
		r.bad(col, "the cell is empty")
	}
	return s
}

// code is text of a form.
func (r *Row) code(col string, form *regexp.Regexp) string {
	s := r.need(col)
	if s != "" && !form.MatchString(s) {
		r.bad(col, "%q is not a code of the right form", clip(s))
	}
	return s
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}

// unknown are the publishers' marks for what is not released.
var unknown = []string{"", "*", "**", "***", "~", "-", "—", "–", "n/a", "N/A", "NA", "None"}

// topcode is BLS's mark for more than it publishes.
const topcode = "#"

// number is a figure, or nil where none was released; it is never 0 for want of one.
func (r *Row) number(col string) *float64 {
	s := r.text(col)
	if slices.Contains(unknown, s) || s == topcode {
		return nil
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimPrefix(s, "$"), ",", ""), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		r.bad(col, "%q is not a number", clip(s))
		return nil
	}
	return &n
}

// within is a figure that must be there and lie between two others.
func (r *Row) within(col string, low, high float64) float64 {
	n := r.number(col)
	if n == nil {
		r.bad(col, "a number from %g to %g is needed", low, high)
		return low
	}
	if *n < low || *n > high {
		r.bad(col, "%g is not between %g and %g", *n, low, high)
	}
	return *n
}

// whole is within without fractions.
func (r *Row) whole(col string, low, high int) int {
	n := r.within(col, float64(low), float64(high))
	if n != math.Trunc(n) {
		r.bad(col, "%g is not a whole number", n)
	}
	return int(n)
}

// cents is pay as a value for COPY; 0 and less are refused, since nobody publishes them.
func (r *Row) cents(col string) any {
	n := r.number(col)
	if n == nil {
		return nil
	}
	if *n <= 0 || *n > 10_000_000 {
		r.bad(col, "%g cannot be pay", *n)
		return nil
	}
	return int64(math.Round(*n * 100))
}

// count is a whole number of people or jobs, scaled; nil when not released.
func (r *Row) count(col string, scale float64) any {
	n := r.number(col)
	if n == nil {
		return nil
	}
	if *n < 0 || *n*scale > 2_000_000_000 {
		r.bad(col, "%g cannot be a count", *n)
		return nil
	}
	return int64(math.Round(*n * scale))
}

// optional turns nil into SQL null.
func optional(n *float64) any {
	if n == nil {
		return nil
	}
	return *n
}

// column is one of our names and the headers under which publishers give it: exact words, case
// and spaces aside, or "~" and a regular expression. One that ends with "?" may be absent.
type column struct {
	name     string
	headers  []string
	optional bool
}

// col describes a column: col("soc", "O*NET-SOC Code").
func col(name string, headers ...string) column {
	bare, opt := strings.CutSuffix(name, "?")
	if len(headers) == 0 {
		headers = []string{bare}
	}
	return column{bare, headers, opt}
}

func plain(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimPrefix(s, "\uFEFF")), " "))
}

func (c column) is(header string) bool {
	for _, h := range c.headers {
		if form, ok := strings.CutPrefix(h, "~"); ok {
			if regexp.MustCompile("(?i)" + form).MatchString(header) {
				return true
			}
		} else if plain(h) == header {
			return true
		}
	}
	return false
}

// match finds the columns in a header row; missing names the first that is not there, twice one
// that stands there two times.
func match(columns []column, cells []string) (at map[string]int, heads map[string]string, missing, twice string) {
	at, heads = map[string]int{}, map[string]string{}
	for _, c := range columns {
		at[c.name] = -1
		heads[c.name] = strings.TrimPrefix(c.headers[0], "~")
		for i, cell := range cells {
			if !c.is(plain(cell)) {
				continue
			}
			if at[c.name] >= 0 {
				if strings.HasPrefix(c.headers[0], "~") {
					continue // "Employment, 2024" comes before "Employment, 2034"
				}
				twice = strings.TrimSpace(cell)
			}
			at[c.name], heads[c.name] = i, strings.TrimSpace(cell)
		}
		if at[c.name] < 0 && !c.optional && missing == "" {
			missing = heads[c.name]
		}
	}
	return at, heads, missing, twice
}

// titleRows is how far down a workbook's header may stand.
const titleRows = 20

// rowsOf reads a file and calls fn for each row under its header. A header that lacks a column, or
// has one twice, is refused.
func rowsOf(f file, columns []column, fn func(*Row) error) error {
	t, err := openTable(f)
	if err != nil {
		return err
	}
	defer func() { _ = t.close() }()
	row := &Row{file: f.name}
	if err := header(t, f, columns, row); err != nil {
		return err
	}
	sheets := f.ext() == "xlsx"
	for {
		cells, line, err := t.next()
		if err == io.EOF || err == nil && sheets && line <= row.line {
			return nil
		}
		if err != nil {
			return err
		}
		row.cells, row.line = cells, line
		if sheets && empty(cells) {
			continue
		}
		if err := fn(row); err != nil {
			return err
		}
		if row.err != nil {
			return row.err
		}
	}
}

func empty(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

func header(t table, f file, columns []column, row *Row) error {
	first := ""
	for seen := 0; ; seen++ {
		cells, line, err := t.next()
		if err == io.EOF {
			if first == "" {
				first = columns[0].headers[0]
			}
			return &Fault{File: f.name, Line: 1, What: fmt.Sprintf("the header lacks the column %q", strings.TrimPrefix(first, "~"))}
		}
		if err != nil {
			return err
		}
		at, heads, missing, twice := match(columns, cells)
		switch {
		case twice != "":
			return &Fault{File: f.name, Line: line, Name: twice, What: "the header has the column twice"}
		case missing == "":
			row.at, row.heads, row.line = at, heads, line
			return nil
		case f.ext() != "xlsx":
			return &Fault{File: f.name, Line: line, What: fmt.Sprintf("the header lacks the column %q", missing)}
		}
		if first == "" || len(cells) > 3 {
			first = missing
		}
		if seen > titleRows*10 {
			return &Fault{File: f.name, Line: line, What: fmt.Sprintf("no sheet has a header with the column %q", first)}
		}
	}
}
