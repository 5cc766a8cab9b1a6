package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// questions remembers how many statements the last request of an actor for a route took, as the log says.
var questions sync.Map // actor and route -> int

// heard is the log's handler, which remembers beside.
type heard struct{ slog.Handler }

// Handle notes the line of a request and passes it on.
func (h heard) Handle(ctx context.Context, line slog.Record) error {
	said := map[string]string{}
	line.Attrs(func(a slog.Attr) bool {
		said[a.Key] = a.Value.String()
		return true
	})
	if line.Message == "request" {
		questions.Store(said["actor"]+" "+said["route"], said["statements"])
	}
	return h.Handler.Handle(ctx, line)
}

// listen reads the log until the test ends, so the test runs by itself.
func listen(t *testing.T) {
	t.Helper()
	before := slog.Default()
	slog.SetDefault(slog.New(heard{slog.NewTextHandler(io.Discard, nil)}))
	t.Cleanup(func() { slog.SetDefault(before) })
}

// statements is how many statements an actor's last request for a route took.
func statements(t *testing.T, of access.Actor, route string) string {
	t.Helper()
	n, ok := questions.Load(of.ID.String() + " " + route)
	if !ok {
		t.Fatalf("nobody asked for %s", route)
	}
	return n.(string)
}

func TestAPageAsksTheSameQuestionsHoweverManyPeopleItIsAbout(t *testing.T) {
	listen(t)
	s := newSite(t)
	s.catalogue(t)
	pages := map[string]access.Actor{"/caseload": s.Dana, "/today": s.Dana, "/team": s.Marcus, "/cases/:case": s.Dana, "/approvals": s.Marcus}
	first := s.crowded(t, s.Dana, danas)
	count := func() map[string]string {
		got := map[string]string{}
		for route, by := range pages {
			who := "dana"
			if by == s.Marcus {
				who = "marcus"
			}
			path := route
			if route == "/cases/:case" {
				path = "/cases/" + first.Case.String()
			}
			b := s.browse(t, emails[who])
			b.get(path).is(200) // notes the reading, and fills what is kept for a while
			b.get(path).is(200)
			got[route] = statements(t, by, route)
		}
		return got
	}
	few := count()
	for i := range 25 {
		s.crowded(t, s.Dana, fmt.Sprintf("Person%d", i))
	}
	many := count()
	for route := range pages {
		if few[route] != many[route] || few[route] == "0" {
			t.Errorf("%s asks %s questions about one person and %s about 26", route, few[route], many[route])
		}
	}
}

// Runs by itself: others open pages as well.
func TestAPageThatReadsAsAWholeReadsNothingAfterwards(t *testing.T) {
	s := newSite(t)
	s.catalogue(t)
	s.crowded(t, s.Dana, danas)
	for who, closed := range map[string][]string{"dana": {"/team"}, "marcus": nil} {
		b := s.browse(t, who+"@rivervalley.test")
		for _, path := range []string{"/caseload", "/caseload?flag=stalled&sort=name", "/caseload?view=closed", "/caseload?q=a&limit=15", "/today", "/today?sort=step", "/team"} {
			if slices.Contains(closed, path) {
				b.get(path).is(403)
				continue
			}
			b.get(path).is(200) // fills what is kept
			before := pg.Transactions()
			b.get(path).is(200)
			if n := pg.Transactions() - before; n != 1 {
				t.Errorf("%s opens %d transactions for %s, want 1", who, n, path)
			}
		}
	}
}

// Every statement of the pages of the day is planned as the connection keeps it: at twenty thousand people none reads a
// table of cases from end to end.
func TestNoStatementOfAPageReadsATableOfCasesFromEndToEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	manager, lead := s.Crowd(t, 20_000)
	scan := regexp.MustCompile(`Seq Scan on (cases|participants|check_ins|appointments|plan_versions|milestones)\b`)
	for _, who := range []struct {
		by    access.Actor
		pages []string
	}{
		{manager, []string{"/today", "/caseload", "/caseload?view=attention&sort=name", "/caseload?view=closed", "/follow-up"}},
		{lead, []string{"/today", "/team", "/caseload?columns=manager", "/approvals"}},
	} {
		b := s.browse(t, s.emailOf(t, who.by))
		for _, page := range who.pages {
			b.get(page).is(200)
		}
		planned := 0
		if err := s.DB.Read(t.Context(), who.by, func(tx *pg.Tx) error {
			kept, err := pg.List[struct {
				Name      string `db:"name"`
				Statement string `db:"statement"`
				Nulls     string `db:"nulls"`
			}](tx, `select name, statement, case when cardinality(parameter_types) > 0 then '(' || repeat('null, ', cardinality(parameter_types) - 1) || 'null)' else '' end as nulls
				from pg_prepared_statements where statement ~ '\mcases\M' and statement not like '%for update%'`, nil)
			for _, k := range kept {
				plan, err := pg.List[string](tx, `explain execute "`+k.Name+`"`+k.Nulls, nil)
				if err != nil {
					return err
				}
				if text := strings.Join(plan, "\n"); scan.MatchString(text) {
					t.Errorf("%s, %s of\n%s\n%s", who.by.Role, k.Name, k.Statement, text)
				}
				planned++
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if planned < 10 {
			t.Errorf("only %d statements of a %s were planned", planned, who.by.Role)
		}
	}
}

// Only who has somebody on an earlier version of a pathway compares versions.
func TestNobodyComparesVersionsForTheSakeOfOtherPeoplesCases(t *testing.T) {
	listen(t)
	s := newSite(t)
	_, at := s.onTheMap(t)
	priya := s.browse(t, emails["priya"])
	today := func() string {
		priya.get("/today").is(200)
		priya.get("/today").is(200)
		return statements(t, s.Priya, "/today")
	}
	before := today()
	s.api(t, emails["marcus"]).publish(upheaval)
	if after := today(); after != before {
		t.Errorf("what is about Dana's %s costs Priya %s questions instead of %s", at, after, before)
	}

	// And who has is asked about their own.
	e := s.enrol(t, s.Priya, priyas, "Person", "en")
	s.sql(t, s.Priya, `update cases set pathway_code = 'MFG', area_code = 'M6', pathway_step = 2 where agency_id = :agency and id = :id`, pg.Args{"id": e.Case})
	s.sql(t, s.Priya, `insert into selections (agency_id, id, case_id, in_snapshot, pathway_code, pathway_version, area_code, entry_step, target_step, override_reason, informed, chosen_on, recorded_by)
		values (:agency, :id, :id, false, 'MFG', 1, 'M6', 2, 4, 'x', '{}', '2026-11-16', :by)`, pg.Args{"id": e.Case, "by": s.Priya.ID})
	has(t, priya.get("/today").is(200), "/cases/"+e.Case.String()+"/move")
	for who, theirs := range map[string]string{"dana": at, "priya": "/cases/" + e.Case.String()} {
		b := s.browse(t, emails[who])
		page := b.get("/today").is(200)
		has(t, page, theirs+"/move")
		for _, other := range []string{at, "/cases/" + e.Case.String()} {
			if other != theirs {
				if strings.Contains(string(page.Body), other+"/move") {
					t.Errorf("%s is asked about %s", who, other)
				}
			}
		}
	}
}
