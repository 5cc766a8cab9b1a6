package caseload_test

import (
	"reflect"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/world"
)

// A line is a row of which less is read: what it holds is the row's, and the rest is empty.
func TestALineSaysOfACaseWhatTheWholeRowSays(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	manager, lead := w.Crowd(t, 6_000)
	s := caseload.New(w.DB, w.Policy)
	compared := 0
	for _, by := range []access.Actor{manager, lead} {
		for _, sort := range []string{"due", "name", "step", "contact"} {
			for _, view := range caseload.Views {
				f := caseload.Filter{View: view, Sort: sort, Limit: 20}
				for _, columns := range [][]string{{"step", "flag"}, {"manager"}} {
					f.Columns = columns
					rows, err := s.List(t.Context(), by, f)
					if err != nil {
						t.Fatal(err)
					}
					lines, err := s.Lines(t.Context(), by, f)
					if err != nil {
						t.Fatal(err)
					}
					if len(rows.Items) != len(lines.Items) || rows.Next != lines.Next {
						t.Fatalf("%s by %s: %d lines and %d rows", view, sort, len(lines.Items), len(rows.Items))
					}
					for i := range rows.Items {
						same(t, rows.Items[i], lines.Items[i], columns[0] == "manager")
						compared++
					}
				}
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d lines were compared", compared)
	}
}

func same(t *testing.T, row, line caseload.Row, managed bool) {
	t.Helper()
	if !reflect.DeepEqual(row.Attention, line.Attention) {
		t.Errorf("%s: flags %v and %v", row.Number, line.Attention, row.Attention)
	}
	a, b := reflect.ValueOf(row.Case), reflect.ValueOf(line.Case)
	for i := range a.NumField() {
		name := a.Type().Field(i).Tag.Get("db")
		read := strings.Contains(casefile.LineColumns+",", "."+name+",") || strings.Contains(casefile.LineColumns+",", " as "+name+",") || managed && name == "case_manager"
		switch of := b.Field(i).Interface(); {
		case read && !reflect.DeepEqual(a.Field(i).Interface(), of):
			t.Errorf("%s: %s is %v in the line and %v in the row", row.Number, name, of, a.Field(i).Interface())
		case !read && !b.Field(i).IsZero():
			t.Errorf("%s: %s is %v in a line, which does not read it", row.Number, name, of)
		}
	}
}
