package export

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"waymark/internal/civil"
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
