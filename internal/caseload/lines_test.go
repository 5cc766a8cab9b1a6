package caseload_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// A line is a row of which less is read: what it holds is the row's, and the rest is empty.
func TestALineSaysOfACaseWhatTheWholeRowSays(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	manager, lead := w.Crowd(t, 6_000)
	if err := w.Owner.Long(t.Context(), access.Actor{Agency: manager.Agency, Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, everyFlag, pg.Args{"today": w.Today()})
	}); err != nil {
		t.Fatal(err)
	}
	s := caseload.New(w.DB, w.Policy)
	compared, flags := 0, map[string]bool{}
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
						for _, flag := range rows.Items[i].Attention {
							flags[flag.Code] = true
						}
					}
				}
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d lines were compared", compared)
	}
	for _, code := range casefile.Flags() {
		if !flags[code] {
			t.Errorf("no line compared was flagged %s", code)
		}
	}
}

// everyFlag gives the open cases every fact that a flag is derived from, so that each flag is somebody's.
const everyFlag = `update cases c set
	milestone_title = 'Milestone', milestone_due_on = cast(:today as date) - 20, milestone_tolerance = n.n % 3,
	paused_on = case when n.n % 17 = 0 then cast(:today as date) - 30 end, paused_until = case when n.n % 17 = 0 then cast(:today as date) - 2 end,
	unanswered = n.n % 4, last_contact_on = cast(:today as date) - n.n % 9, last_reached_on = case when n.n % 5 > 0 then cast(:today as date) - n.n % 90 end,
	progress_on = cast(:today as date) - 40, next_on = case when n.n % 3 > 0 then cast(:today as date) + n.n % 11 - 4 end,
	running_until = case when n.n % 4 = 0 then cast(:today as date) - 80 end, held_until = case when n.n % 7 = 0 then cast(:today as date) + 5 end,
	last_qualifying_on = cast(:today as date) - n.n % 89,
	permit_until = cast(:today as date) + n.n % 80 - 10, paper_expires_on = cast(:today as date) + n.n % 50 - 10, paper_kind = 'id',
	support_ends_on = cast(:today as date) + n.n % 30, support_what = 'Bus pass', proof_on = cast(:today as date) - n.n % 60,
	plan_unsigned_on = cast(:today as date) - n.n % 20, plan_returned_on = cast(:today as date) - 3,
	plan_state = (array['in_force', 'returned', 'submitted'])[1 + n.n % 3], plan_waiting_since = now() - interval '5 days'
from (select id, cast(row_number() over (order by id) as int) as n from cases) n where n.id = c.id and c.exit_on is null`

// Each page begins where the one before it ended, in every order, with and without the facts that it sorts by.
func TestThePagesOfAListHoldEverybodyOnceInTheOrderOfOneLongPage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	manager, _ := w.Crowd(t, 6_000)
	if err := w.Owner.Long(t.Context(), access.Actor{Agency: manager.Agency, Role: access.System}, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update cases c set next_on = case when n.n % 4 > 0 then cast(:today as date) + n.n % 6 end, next_at = case when n.n % 4 > 1 then make_time(9 + n.n % 5, 30, 0) end,
			last_reached_on = case when n.n % 3 > 0 then cast(:today as date) - n.n % 5 end
			from (select id, cast(row_number() over (order by id) as int) as n from cases) n where n.id = c.id and c.exit_on is null`, pg.Args{"today": w.Today()})
	}); err != nil {
		t.Fatal(err)
	}
	s := caseload.New(w.DB, w.Policy)
	for _, sort := range []string{"due", "name", "step", "contact"} {
		for name, read := range map[string]func(context.Context, access.Actor, caseload.Filter) (caseload.List, error){"rows": s.List, "lines": s.Lines} {
			long, err := read(t.Context(), manager, caseload.Filter{Sort: sort, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for _, r := range long.Items {
				want = append(want, r.Number)
			}
			for f := (caseload.Filter{Sort: sort, Limit: 7}); ; {
				page, err := read(t.Context(), manager, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page.Items {
					got = append(got, r.Number)
				}
				if f.Cursor = page.Next; f.Cursor == "" {
					break
				}
			}
			if len(want) < 50 || !slices.Equal(got, want) {
				t.Errorf("%s by %s: pages hold\n%v, one page\n%v", name, sort, got, want)
			}
		}
	}
}

// said is what each flag says: what, since when, and why.
func said(flags []casefile.Flag) (list []string) {
	for _, f := range flags {
		list = append(list, fmt.Sprint(f.Code, f.Since, f.Reason()))
	}
	return list
}

func same(t *testing.T, row, line caseload.Row, managed bool) {
	t.Helper()
	if got, want := said(line.Attention), said(row.Attention); !slices.Equal(got, want) {
		t.Errorf("%s: flags %v and %v", row.Number, got, want)
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
