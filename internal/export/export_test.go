package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/msg"
)

func sample() Table {
	return Table{
		Title: "Caseload", Scope: "Main Street office", Filter: "Step 6", Words: msg.For("en"),
		Columns: []Column{{Title: "Name"}, {Title: "Exit", Kind: Date}, {Title: "Wages", Kind: Money}, {Title: "Days", Kind: Number}},
		Rows: [][]any{
			{"=HYPERLINK(\"http://x\")", civil.MustParse("2025-12-16"), money.Cents(987000), -3},
			{"Peña, \"Ana\"\nLuz", civil.Date{}, money.Cents(-5), nil},
		},
	}
}

func TestTheCSVSaysWhatItIsAndHoldsNoFormula(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), bom)))
	r.FieldsPerRecord = -1
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Caseload"},
		{"Whose records", "Main Street office"},
		{"Filter", "Step 6"},
		{"Rows", "2"},
		{"Name", "Exit", "Wages", "Days"},
		{"'=HYPERLINK(\"http://x\")", "2025-12-16", "9870.00", "-3"},
		{"Peña, \"Ana\"\nLuz", "", "-0.05", ""},
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines: %q", len(got), got)
	}
	for i := range want {
		if strings.Join(got[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("line %d: %q", i, got[i])
		}
	}
}

func TestTheWorkbookOpensWithTheSameRowsAsTextNumbersAndDates(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteXLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{
		"A1": "Caseload", "B2": "Main Street office", "B3": "Step 6", "B4": "2", "A6": "Name",
		"A7": "=HYPERLINK(\"http://x\")", "B7": "2025-12-16", "C7": "9,870.00", "D7": "-3", "A8": "Peña, \"Ana\"\nLuz", "B8": "",
	} {
		got, err := f.GetCellValue(sheet, cell)
		if err != nil || got != want {
			t.Errorf("%s: %q (%v)", cell, got, err)
		}
	}
	if formula, _ := f.GetCellFormula(sheet, "A7"); formula != "" {
		t.Errorf("a formula: %s", formula)
	}
}

func TestWhatASpreadsheetWouldRunIsMadeText(t *testing.T) {
	for _, bad := range []string{"=1", "+1 207", "-cmd", "@sum", "\tx", "\r=1", " =1", "\"=1", "＝1", "\u00a0@x"} {
		if Safe(bad) != "'"+bad {
			t.Errorf("%q went through as %q", bad, Safe(bad))
		}
	}
	for _, good := range []string{"", "Rosa", "O'Neil", "5-2", "a=b", "  x"} {
		if Safe(good) != good {
			t.Errorf("%q became %q", good, Safe(good))
		}
	}
}

func TestFileNamesAreSafe(t *testing.T) {
	for title, want := range map[string]string{"Results, program year 2026": "results-program-year-2026.csv", "../../x": "x.csv", "ñ": "waymark.csv"} {
		if got := (Table{Title: title}).FileName(CSV); got != want {
			t.Errorf("%q: %s", title, got)
		}
	}
}

// counting are n rows made as they are asked for; what is asked before each is told.
func counting(n int, before func(i int)) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for i := range n {
			before(i)
			if !yield([]any{"Delgado, Rosa, of the Main Street office", civil.MustParse("2025-12-16"), money.Cents(i), i}, nil) {
				return
			}
		}
	}
}

// A list of any length takes the memory of one of no length: what is alive near the end is a few blocks.
func TestALongListTakesNoMoreMemoryThanAShortOne(t *testing.T) {
	for format, rows := range map[string]int{CSV: 400_000, XLSX: 200_000} {
		var begin, end runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&begin)
		long := sample()
		long.Rows, long.Count = nil, rows
		long.Each = counting(rows, func(i int) {
			if i == rows-1 {
				runtime.GC()
				runtime.ReadMemStats(&end)
			}
		})
		var file Spool
		if err := long.Write(&file, format); err != nil {
			t.Fatal(err)
		}
		if alive := int64(end.HeapAlloc) - int64(begin.HeapAlloc); alive > 24<<20 {
			t.Errorf("%s: %d MiB are alive near the end of %d rows", format, alive>>20, rows)
		}
		content, err := file.Read()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, content); err != nil || n != file.Size() || n < 2<<20 {
			t.Errorf("%s: %d of %d bytes (%v)", format, n, file.Size(), err)
		}
		file.Close()
	}
}

func TestAListThatNoWorksheetHoldsIsRefusedBeforeItIsRead(t *testing.T) {
	long := sample()
	long.Rows, long.Count = nil, 1_048_576
	long.Each = counting(1, func(int) { t.Error("a row was read") })
	err := long.Write(io.Discard, XLSX)
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.Fields[0].Code != "sheet_full" || e.Fields[0].Args["param"] != 1_048_576-6 {
		t.Errorf("%v", err)
	}
}

func TestAFileThatWouldNotHoldWhatItSaysIsNone(t *testing.T) {
	for _, n := range []int{9, 11} {
		list := sample()
		list.Rows, list.Count, list.Each = nil, 10, counting(n, func(int) {})
		for _, format := range []string{CSV, XLSX} {
			if err := list.Write(io.Discard, format); err == nil {
				t.Errorf("%s: %d rows went out as 10", format, n)
			}
		}
	}
}

func TestASpoolGivesBackWhatWasWritten(t *testing.T) {
	for _, size := range []int{0, 10, spoolHead, spoolHead + 1, 3 * spoolHead} {
		var s Spool
		want := bytes.Repeat([]byte("waymark!"), size/8+1)[:size]
		for part := range slices.Chunk(want, 1000) {
			if _, err := s.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		r, err := s.Read()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) || s.Size() != int64(size) {
			t.Errorf("%d of %d bytes came back (%v)", len(got), size, err)
		}
		s.Close()
	}
}
