package export

import (
	"encoding/csv"
	"io"
)

// bom tells spreadsheets that the file is UTF-8, so that names keep their accents.
const bom = "\ufeff"

// WriteCSV writes what the file is, an empty line, the columns' titles and the rows.
func (t Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	lines := [][]string{{Safe(t.Title)}}
	for _, f := range t.facts() {
		lines = append(lines, []string{f.label, Safe(f.value)})
	}
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = Safe(c.Title)
	}
	lines = append(lines, nil, titles)
	for _, l := range lines {
		if err := out.Write(l); err != nil {
			return err
		}
	}
	if err := t.each(func(row []any) error { return out.Write(csvRow(row)) }); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func csvRow(row []any) []string {
	line := make([]string, len(row))
	for i, v := range row {
		line[i] = plain(v)
		if isText(v) {
			line[i] = Safe(line[i])
		}
	}
	return line
}
