package main

import (
	"database/sql"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"waymark/internal/pg/pgtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"waymark": main})
}

// TestCommands runs the program as people type it, each script on a database of its own.
func TestCommands(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			own := e.T().(testing.TB)
			e.Setenv("DATABASE_URL", pgtest.DSN(own, "postgres", pgtest.Database(own)))
			e.Setenv("BARE_URL", pgtest.DSN(own, "postgres", pgtest.Bare(own)))
			seeds, err := filepath.Abs("../../seeds")
			e.Setenv("SEEDS", seeds)
			e.Setenv("WAYMARK_DATA_DIR", e.WorkDir+"/data")
			return err
		},
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"wrong": wrong, "fails": fails, "rows": rows, "sql": sqlChange, "tamper": tamper},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// wrong REGEXP COMMAND... is wrong use: exit 2, nothing on stdout, one line that matches.
func wrong(ts *testscript.TestScript, _ bool, args []string) {
	exits(ts, 2, args)
	if out := ts.ReadFile("stdout"); out != "" && len(args) > 2 { // without a command the help is shown too
		ts.Fatalf("stdout: %s", out)
	}
}

// fails REGEXP COMMAND... is a failure: exit 1, one line that matches.
func fails(ts *testscript.TestScript, _ bool, args []string) { exits(ts, 1, args) }

func exits(ts *testscript.TestScript, code int, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	said := strings.TrimSpace(ts.ReadFile("stderr"))
	if e, ok := errors.AsType[*exec.ExitError](err); !ok || e.ExitCode() != code {
		ts.Fatalf("%v: %v, not exit %d: %s", args[1:], err, code, said)
	}
	last := said // a failure may have said before what is wrong line by line
	if code == 1 {
		last = said[max(0, strings.Index(said, "waymark: ")):]
	}
	if !regexp.MustCompile(args[0]).MatchString(said) || !strings.HasPrefix(last, "waymark: ") || code == 2 && strings.Contains(said, "\n") {
		ts.Fatalf("%v says %q, which is not one line like %q", args[1:], said, args[0])
	}
}

// rows N QUERY holds the number of rows of a query against N.
func rows(ts *testscript.TestScript, _ bool, args []string) {
	var n int
	ts.Check(owner(ts).QueryRow("select count(*) from (" + args[1] + ") q").Scan(&n))
	if strconv.Itoa(n) != args[0] {
		ts.Fatalf("%d rows, not %s: %s", n, args[0], args[1])
	}
}

// sql CHANGE changes the tables behind the program's back.
func sqlChange(ts *testscript.TestScript, _ bool, args []string) {
	_, err := owner(ts).Exec(args[0])
	ts.Check(err)
}

// tamper changes one chained record behind the program's back.
func tamper(ts *testscript.TestScript, _ bool, _ []string) {
	_, err := owner(ts).Exec(`alter table audit_log disable trigger keep;
		update audit_log set action = 'nothing.happened' where id = (select c.audit_id from audit_chain c join agencies a on a.id = c.agency_id where a.slug = 'rivervalley' and c.seq = 2)`)
	ts.Check(err)
}

func owner(ts *testscript.TestScript) *sql.DB {
	db, err := sql.Open("postgres", ts.Getenv("DATABASE_URL"))
	ts.Check(err)
	ts.Defer(func() { _ = db.Close() })
	return db
}

// TestEveryCommandShowsAnExample keeps help honest: each command names itself in its usage and example.
func TestEveryCommandShowsAnExample(t *testing.T) {
	for _, c := range commands() {
		for _, text := range []string{c.usage, c.example} {
			if want := "waymark " + c.name; len(text) < len(want) || text[:len(want)] != want {
				t.Errorf("%s: %q does not begin with %q", c.name, text, want)
			}
		}
	}
}
