package export

import (
	"archive/zip"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"waymark/internal/civil"
	"waymark/internal/money"
)

const sheet = "Sheet1"

// styles of a workbook, by what they are for.
type styles struct{ title, head, money, date int }

// WriteXLSX writes a workbook of one sheet: what it is, and the list below with its titles kept in
// sight. Text is stored as text, never as a formula. A long sheet waits in a temporary file, and is
// packed straight into w.
func (t Table) WriteXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	s, err := stylesOf(f)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := t.layOut(out); err != nil {
		return err
	}
	if err := t.fill(out, s); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: t.Title, Description: t.Scope}); err != nil {
		return err
	}
	_, err = f.WriteToBuffer() // which stays empty: the zip writer has w
	return err
}

func stylesOf(f *excelize.File) (s styles, err error) {
	dollars, day := "#,##0.00", "yyyy-mm-dd"
	for _, one := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}}},
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, Border: []excelize.Border{{Type: "bottom", Color: "000000", Style: 1}}}},
		{&s.money, excelize.Style{CustomNumFmt: &dollars}},
		{&s.date, excelize.Style{CustomNumFmt: &day}},
	} {
		if *one.id, err = f.NewStyle(&one.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// layOut sets widths and what stays in sight, before any row is written.
func (t Table) layOut(out *excelize.StreamWriter) error {
	for i, c := range t.Columns {
		width := c.Width
		if width == 0 {
			width = min(40, max(14, float64(utf8.RuneCountInString(c.Title)+4)))
		}
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	top, err := excelize.CoordinatesToCellName(1, t.headRow()+1)
	if err != nil {
		return err
	}
	return out.SetPanes(&excelize.Panes{Freeze: true, YSplit: t.headRow(), TopLeftCell: top, ActivePane: "bottomLeft"})
}

// headRow is the row of the columns' titles: below the title, the facts and an empty row.
func (t Table) headRow() int { return len(t.facts()) + 3 }

func (t Table) fill(out *excelize.StreamWriter, s styles) error {
	n := 0
	put := func(cells ...any) error {
		n++
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil || len(cells) == 0 {
			return err
		}
		return out.SetRow(at, cells)
	}
	if err := put(excelize.Cell{StyleID: s.title, Value: t.Title}); err != nil {
		return err
	}
	for _, f := range t.facts() {
		if err := put(f.label, f.value); err != nil {
			return err
		}
	}
	titles := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = excelize.Cell{StyleID: s.head, Value: c.Title}
	}
	if err := put(); err != nil {
		return err
	}
	if err := put(titles...); err != nil {
		return err
	}
	return t.each(func(row []any) error {
		cells := make([]any, len(row))
		for i, v := range row {
			cells[i] = s.cell(v)
		}
		return put(cells...)
	})
}

// cell is a value as the sheet has it: numbers and dates can be reckoned with, the rest is text.
func (s styles) cell(v any) any {
	switch x := v.(type) {
	case nil:
		return nil
	case int, int64, float64, string:
		return x
	case money.Cents:
		return excelize.Cell{StyleID: s.money, Value: float64(x) / 100}
	case civil.Date:
		if x.IsZero() {
			return nil
		}
		return excelize.Cell{StyleID: s.date, Value: x.Time()}
	}
	return plain(v)
}
