package reference

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// workbook reads the sheets of an Excel file one after the other, row by row. Only the shared
// strings are held; the rows stream.
type workbook struct {
	zip     *zip.ReadCloser
	name    string
	strings []string
	sheets  []*zip.File
	open    io.ReadCloser
	xml     *xml.Decoder
	cells   []string
}

// maxStrings bounds the shared strings of one workbook, in bytes.
const maxStrings = 96 << 20

func openWorkbook(f file) (table, error) {
	z, err := zip.OpenReader(f.path)
	if err != nil {
		return nil, &Fault{File: f.name, What: "this is no Excel file, or it is cut"}
	}
	w := &workbook{zip: z, name: f.name}
	for _, part := range z.File {
		switch {
		case part.Name == "xl/sharedStrings.xml":
			if err := w.readStrings(part); err != nil {
				_ = z.Close()
				return nil, err
			}
		case path.Dir(part.Name) == "xl/worksheets" && strings.HasSuffix(part.Name, ".xml"):
			w.sheets = append(w.sheets, part)
		}
	}
	slices.SortFunc(w.sheets, func(a, b *zip.File) int { return sheetNumber(a.Name) - sheetNumber(b.Name) })
	return w, nil
}

func sheetNumber(name string) int {
	n, _ := strconv.Atoi(strings.Trim(path.Base(name), "abcdefghijklmnopqrstuvwxyz."))
	return n
}

func (w *workbook) readStrings(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return w.damaged(err)
	}
	defer func() { _ = r.Close() }()
	d := xml.NewDecoder(r)
	var one strings.Builder
	size, inText := 0, false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return w.damaged(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
		case xml.CharData:
			if inText {
				one.Write(t)
			}
		case xml.EndElement:
			inText = false
			if t.Name.Local == "si" {
				if size += one.Len(); size > maxStrings {
					return &Fault{File: w.name, What: "the workbook holds more text than this program reads; save the sheet as CSV"}
				}
				w.strings = append(w.strings, one.String())
				one.Reset()
			}
		}
	}
}

func (w *workbook) damaged(err error) error {
	return &Fault{File: w.name, What: fmt.Sprintf("the workbook is damaged or cut: %v", err)}
}

func (w *workbook) close() error {
	if w.open != nil {
		_ = w.open.Close()
	}
	return w.zip.Close()
}

// next gives the next row of the sheet; the first row of a further sheet has line 1 again.
func (w *workbook) next() ([]string, int, error) {
	for {
		if w.xml == nil {
			if len(w.sheets) == 0 {
				return nil, 0, io.EOF
			}
			r, err := w.sheets[0].Open()
			if err != nil {
				return nil, 0, w.damaged(err)
			}
			w.open, w.xml, w.sheets = r, xml.NewDecoder(r), w.sheets[1:]
		}
		token, err := w.xml.Token()
		if err == io.EOF {
			_ = w.open.Close()
			w.open, w.xml = nil, nil
			continue
		}
		if err != nil {
			return nil, 0, w.damaged(err)
		}
		if t, ok := token.(xml.StartElement); ok && t.Name.Local == "row" {
			return w.row(t)
		}
	}
}

type cell struct {
	Ref    string `xml:"r,attr"`
	Type   string `xml:"t,attr"`
	Value  string `xml:"v"`
	Inline string `xml:"is>t"`
}

func (w *workbook) row(start xml.StartElement) ([]string, int, error) {
	line := 0
	for _, a := range start.Attr {
		if a.Name.Local == "r" {
			line, _ = strconv.Atoi(a.Value)
		}
	}
	w.cells = w.cells[:0]
	for {
		token, err := w.xml.Token()
		if err != nil {
			return nil, line, w.damaged(err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return w.cells, line, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			var c cell
			if err := w.xml.DecodeElement(&c, &t); err != nil {
				return nil, line, w.damaged(err)
			}
			if err := w.put(c, line); err != nil {
				return nil, line, err
			}
		}
	}
}

func (w *workbook) put(c cell, line int) error {
	at := columnOf(c.Ref, len(w.cells))
	if at > 1000 {
		return &Fault{File: w.name, Line: line, Column: at + 1, What: "the row has more than 1,000 columns"}
	}
	for len(w.cells) <= at {
		w.cells = append(w.cells, "")
	}
	text := c.Value
	switch c.Type {
	case "s":
		i, err := strconv.Atoi(c.Value)
		if err != nil || i < 0 || i >= len(w.strings) {
			return &Fault{File: w.name, Line: line, Column: at + 1, What: "the cell names a text that the workbook lacks"}
		}
		text = w.strings[i]
	case "inlineStr":
		text = c.Inline
	}
	w.cells[at] = text
	return nil
}

// columnOf turns "AB12" into 27; without a reference the cell follows the one before.
func columnOf(ref string, next int) int {
	n := 0
	for _, r := range ref {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A') + 1; n > 20_000 {
			break
		}
	}
	if n == 0 {
		return next
	}
	return n - 1
}
