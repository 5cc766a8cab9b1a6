package faults

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/pg"
)

const clients = 16

func TestEveryAcknowledgedCheckInSurvivesKillingTheProgramAndTheDatabase(t *testing.T) {
	t.Parallel()
	p := build(t)
	p.run("seed", "demo", "--participants", "60")
	p.serve()
	p.stopAtEnd()
	if got := rowsOf[string](t, p.dsn(), `select name || '=' || setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name`); !slices.Equal(got, []string{"fsync=on", "full_page_writes=on", "synchronous_commit=on"}) {
		t.Errorf("the database would lose what it acknowledged: %v", got)
	}
	l := &ledger{t: t, base: "http://" + p.addr + "/api/v1"}
	t.Cleanup(l.end)
	p.setToWork(l)
	p.under(l, "nothing", func() {})
	for round := range 2 {
		p.under(l, fmt.Sprintf("kill -9 of the postmaster, round %d", round+1), func() { p.killPostmaster() })
		p.under(l, fmt.Sprintf("kill -9 of the program, round %d", round+1), func() {
			p.kill()
			p.serve()
		})
	}
	p.under(l, "kill -9 of both", func() {
		p.killPostmaster()
		p.kill()
		p.serve()
	})
	p.under(l, "freezing the database for seven seconds", func() { p.freeze(7 * time.Second) })
	l.end()
	p.judge(l)
	p.stop()
	p.chainHolds()
	if said, _ := os.ReadFile(p.log); strings.Contains(string(said), `"panic"`) || strings.Contains(string(said), `"fault"`) {
		t.Errorf("the program met what it did not expect: %s", said)
	}
}

type openCase struct {
	Case  string `db:"case_id"`
	Email string `db:"email"` // its case manager's
}

const openCases = `select cast(c.id as text) as case_id, u.email from cases c join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
	where c.exit_on is null and c.plan_state = 'in_force' order by c.id`

// setToWork starts the clients: sixteen on twelve cases of two case managers, so that some of them
// wait for one another.
func (p *program) setToWork(l *ledger) {
	p.t.Helper()
	tokens := map[string]string{}
	rows := rowsOf[openCase](p.t, p.dsn(), openCases+` limit 12`)
	if len(rows) != 12 {
		p.t.Fatalf("%d open cases, want 12", len(rows))
	}
	for _, r := range rows {
		if tokens[r.Email] == "" {
			tokens[r.Email] = signIn(p.t, l.base, r.Email)
		}
	}
	for i := range clients {
		r := rows[i*len(rows)/clients]
		l.start(string(rune('a'+i)), tokens[r.Email], r.Case)
	}
}

// under lets the clients work while something happens, and on until they have recorded many more.
func (p *program) under(l *ledger, what string, happens func()) {
	p.t.Helper()
	const more = 10 * clients
	begun, before := time.Now(), l.acked.Load()
	happens()
	var first time.Duration
	eventually(p.t, time.Minute, "check-ins are recorded again after "+what, func() error {
		if p.t.Failed() {
			p.t.FailNow()
		}
		n := l.acked.Load() - before
		if first == 0 && n > clients { // more than were under way
			first = time.Since(begun)
		}
		if n < more {
			return fmt.Errorf("%d of %d; %s", n, more, p.said())
		}
		return nil
	})
	p.t.Logf("%s: recorded again after %s, %d more after %s", what, first.Round(time.Millisecond), more, time.Since(begun).Round(time.Millisecond))
}

// rowsOf reads what is really there, past every rule of who may see it.
func rowsOf[T any](t *testing.T, dsn, query string) (list []T) {
	t.Helper()
	db, err := pg.OpenOwner(dsn, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		list, err = pg.List[T](tx, query, pg.Args{})
		return err
	}); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

// chainHolds lets the sweep chain every audit row that the kills left, and walks the chain.
func (p *program) chainHolds() {
	p.t.Helper()
	p.run("sweep")
	if said := p.run("audit", "verify"); !strings.Contains(said, "hold together, 0 wait") {
		p.t.Errorf("audit verify: %s", said)
	} else {
		p.t.Log(strings.TrimSpace(said))
	}
}
