// Package bench measures pages and writes against a floor in the same run: the same facts by the
// plainest means, prepared, in one transaction under row-level security, over the same driver.
// Absolute times are noise on shared machines; read the ratios (design/performance.md).
package bench

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq" // the floor's own connection

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
	"waymark/internal/seed"
	"waymark/internal/server"
	"waymark/internal/world"
)

// place is one seeded database with a signed-in case manager of 80 people.
type place struct {
	site   *server.Server
	cookie *http.Cookie
	bearer string
	floor  *sql.DB
	by     access.Actor
	cases  []string
	owner  *pg.DB
	people int
	// database is its name on the server.
	database string
}

func open(b *testing.B, people int) *place {
	b.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	w := world.New(b)
	s := seed.Seeder{Owner: w.Owner, DB: w.DB, Policy: w.Policy, Key: w.Key, Say: func(string) {}}
	if err := seed.Many(b.Context(), s, people, 1); err != nil {
		b.Fatal(err)
	}
	site, err := server.New(server.Config{DB: w.DB, Policy: w.Policy, BaseURL: "http://localhost", Key: w.Key})
	if err != nil {
		b.Fatal(err)
	}
	p := &place{site: site, owner: w.Owner, people: people}
	type row struct {
		Agency access.AgencyID `db:"agency_id"`
		ID     access.UserID   `db:"id"`
		Office access.OfficeID `db:"office_id"`
		Email  string          `db:"email"`
	}
	err = w.Owner.Read(b.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		u, err := pg.Get[row](tx, `select u.agency_id, u.id, u.office_id, u.email from users u where u.email like 'cm1@%'`, pg.Args{})
		if err != nil {
			return err
		}
		p.by = access.Actor{Agency: u.Agency, ID: u.ID, Office: u.Office, Role: access.CaseManager}
		p.signIn(b, u.Email)
		if p.cases, err = pg.List[string](tx, `select cast(id as text) from cases where case_manager_id = :id and exit_on is null and step = 6 order by id`, pg.Args{"id": u.ID}); err != nil {
			return err
		}
		p.database, err = pg.Get[string](tx, `select current_database()`, pg.Args{})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if p.floor, err = sql.Open("postgres", pgtest.DSN(b, "waymark_app", p.database)); err != nil {
		b.Fatal(err)
	}
	p.rest(b)
	p.floor.SetMaxOpenConns(clients)
	p.floor.SetMaxIdleConns(clients)
	b.Cleanup(func() { _ = p.floor.Close() })
	return p
}

// rest does what autovacuum does within a minute of such a load, before anybody is measured.
func (p *place) rest(b *testing.B) {
	b.Helper()
	owner, err := sql.Open("postgres", pgtest.DSN(b, "postgres", p.database))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	if _, err := owner.Exec("vacuum analyze"); err != nil {
		b.Fatal(err)
	}
}

func (p *place) signIn(b *testing.B, email string) {
	b.Helper()
	form := url.Values{"email": {email}, "password": {seed.DemoPassword}}
	q := httptest.NewRequest("POST", "/sign-in", strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r := httptest.NewRecorder()
	p.site.ServeHTTP(r, q)
	for _, c := range r.Result().Cookies() {
		if c.Name == "waymark" {
			p.cookie = c
		}
	}
	q = httptest.NewRequest("POST", "/api/v1/session", strings.NewReader(fmt.Sprintf(`{"email":%q,"password":%q}`, email, seed.DemoPassword)))
	q.Header.Set("Content-Type", "application/json")
	r = httptest.NewRecorder()
	p.site.ServeHTTP(r, q)
	_, rest, _ := strings.Cut(r.Body.String(), `"token":"`)
	p.bearer, _, _ = strings.Cut(rest, `"`)
	if p.cookie == nil || p.bearer == "" {
		b.Fatalf("signing in failed: %s", r.Body)
	}
}

func (p *place) get(b *testing.B, path string) {
	q := httptest.NewRequest("GET", path, nil)
	q.AddCookie(p.cookie)
	q.Header.Set("Accept-Encoding", "gzip")
	r := httptest.NewRecorder()
	p.site.ServeHTTP(r, q)
	if r.Code != http.StatusOK {
		b.Fatalf("%s: %d %.300s", path, r.Code, r.Body)
	}
}

func (p *place) post(b *testing.B, path, body, key string) {
	q := httptest.NewRequest("POST", "/api/v1"+path, bytes.NewReader([]byte(body)))
	q.Header.Set("Authorization", "Bearer "+p.bearer)
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Idempotency-Key", key)
	r := httptest.NewRecorder()
	p.site.ServeHTTP(r, q)
	if r.Code != http.StatusCreated {
		b.Fatalf("%s: %d %.300s", path, r.Code, r.Body)
	}
}

// transaction runs prepared statements in one transaction under row-level security and throws the rows away.
func (p *place) transaction(b *testing.B, statements []*sql.Stmt, args [][]any) {
	tx, err := p.floor.Begin()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := tx.Exec(fmt.Sprintf("set local app.agency = '%s'; set local app.role = 'case_manager'; set local app.actor = '%s'", p.by.Agency, p.by.ID)); err != nil {
		b.Fatal(err)
	}
	for i, s := range statements {
		rows, err := tx.Stmt(s).Query(args[i]...)
		if err != nil {
			b.Fatal(err)
		}
		columns, _ := rows.Columns()
		raw := make([]any, len(columns))
		for j := range raw {
			raw[j] = new(sql.RawBytes)
		}
		for rows.Next() {
			_ = rows.Scan(raw...)
		}
		_ = rows.Close()
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

func (p *place) prepare(b *testing.B, query string) *sql.Stmt {
	b.Helper()
	s, err := p.floor.Prepare(query)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// against runs ours and the floor in turn and reports both medians and their ratio, in the table as op.
func (p *place) against(b *testing.B, op string, ours, floor func(i int)) {
	var mine, least []time.Duration
	for i := range 30 { // warm: statements prepared, pages in memory
		ours(i)
		floor(i)
	}
	n := 30
	for b.Loop() {
		begun := time.Now()
		ours(n)
		mine = append(mine, time.Since(begun))
		begun = time.Now()
		floor(n)
		least = append(least, time.Since(begun))
		n++
	}
	slices.Sort(mine)
	slices.Sort(least)
	m, f := mine[len(mine)/2], least[len(least)/2]
	note(measured{op: op, people: p.people, ours: m, floor: f})
	b.ReportMetric(float64(m.Microseconds()), "us-p50")
	b.ReportMetric(float64(f.Microseconds()), "us-floor")
	b.ReportMetric(float64(m)/float64(f), "x-floor")
	b.ReportMetric(0, "ns/op")
}

// listFloor has what a row says, what its flags are derived from, and the exit clock; dates as numbers, which are the
// cheapest to send.
const listFloor = `select c.id, p.number, p.first_name, p.last_name, p.preferred_name, p.language, c.step, c.step_since - date '1970-01-01', c.state, c.pathway_code, c.area_code, c.milestone_title, c.milestone_due_on - date '1970-01-01',
	c.milestone_late_on - date '1970-01-01', c.last_reached_on - date '1970-01-01', c.next_on - date '1970-01-01', c.next_at, c.unanswered, c.progress_on - date '1970-01-01', c.plan_state, c.plan_waiting_since, c.plan_returned_on - date '1970-01-01', c.plan_unsigned_on - date '1970-01-01', c.proof_on - date '1970-01-01',
	c.started_on - date '1970-01-01', c.last_qualifying_on - date '1970-01-01', c.held_until - date '1970-01-01', c.running_until - date '1970-01-01', c.exit_on - date '1970-01-01', c.paper_expires_on - date '1970-01-01', c.paper_kind, c.permit_until - date '1970-01-01', c.support_ends_on - date '1970-01-01', c.support_what, c.paused_on - date '1970-01-01', c.paused_until - date '1970-01-01', c.left_on - date '1970-01-01'
	from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	where c.case_manager_id = $1 and c.state not in ('ineligible', 'exited', 'follow_up', 'closed') order by c.next_on, c.id limit 50`

// jsonFloor has every field of a row of GET /cases, which has more than a line of the page says; of the ways to say it
// this one took the least time.
const jsonFloor = `with c as materialized (select * from cases c where c.case_manager_id = $1 and c.state not in ('ineligible', 'exited', 'follow_up', 'closed') order by c.next_on, c.id limit 50),
	u as materialized (select agency_id, id, first_name, last_name from users where (agency_id, id) in (select agency_id, case_manager_id from c)),
	o as materialized (select agency_id, id, name from offices where (agency_id, id) in (select agency_id, office_id from c))
	select c.id, p.number, p.first_name, p.last_name, p.preferred_name, p.language, c.state, c.step, c.pathway_code, c.area_code, c.next_at, c.next_kind,
	c.unanswered, c.milestone_title, c.plan_state, c.plan_waiting_since, c.paper_kind, c.support_what, c.step_since - date '1970-01-01', c.opened_on - date '1970-01-01', c.next_on - date '1970-01-01', c.last_contact_on - date '1970-01-01', c.last_reached_on - date '1970-01-01',
	c.milestone_due_on - date '1970-01-01', c.milestone_late_on - date '1970-01-01', c.progress_on - date '1970-01-01', c.plan_returned_on - date '1970-01-01', c.plan_unsigned_on - date '1970-01-01', c.started_on - date '1970-01-01', c.last_qualifying_on - date '1970-01-01', c.held_until - date '1970-01-01', c.running_until - date '1970-01-01', c.proof_on - date '1970-01-01',
	c.paper_expires_on - date '1970-01-01', c.permit_until - date '1970-01-01', c.support_ends_on - date '1970-01-01', c.paused_on - date '1970-01-01', c.paused_until - date '1970-01-01', c.left_on - date '1970-01-01', c.exit_on - date '1970-01-01', c.participant_id, c.previous_case_id, p.interpreter, p.phone, p.texts_ok,
	c.office_id, o.name, c.case_manager_id, u.first_name || ' ' || u.last_name, c.programs, c.pathway_step, c.next_place, c.milestone_key, c.milestones_done, c.milestones_total,
	c.left_reason, c.resume_step, c.version, c.created_at, c.updated_at, c.notice_given_on - date '1970-01-01'
	from c
	join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	join u on u.agency_id = c.agency_id and u.id = c.case_manager_id join o on o.agency_id = c.agency_id and o.id = c.office_id order by c.next_on, c.id`

// countFloor has the numbers of the six views.
const countFloor = `select count(*), count(*) filter (where c.next_on < current_date or c.milestone_late_on <= current_date), count(*) filter (where c.next_on between current_date and current_date + 6),
	count(*) filter (where c.unanswered >= 2 or c.support_ends_on <= current_date + 14 or c.permit_until <= current_date + 60 or c.paper_expires_on <= current_date + 30 or c.last_qualifying_on < current_date - 60),
	count(*) filter (where greatest(c.progress_on, c.last_reached_on, c.step_since) <= current_date - 30), count(*) filter (where c.step <= 3) from cases c
	where c.case_manager_id = $1 and c.state not in ('ineligible', 'exited', 'follow_up', 'closed')`

// BenchmarkPages has the rows list, today, search, detail, team and check-in at 2,000 and 100,000 participants; WAYMARK_BENCH_PEOPLE names others.
func BenchmarkPages(b *testing.B) {
	sizes := []int{2_000, 100_000}
	if v := os.Getenv("WAYMARK_BENCH_PEOPLE"); v != "" {
		sizes = sizes[:0]
		for _, s := range strings.Split(v, ",") {
			n := 0
			if _, err := fmt.Sscan(s, &n); err != nil {
				b.Fatal(err)
			}
			sizes = append(sizes, n)
		}
	}
	for _, people := range sizes {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			p := open(b, people)
			me := p.by.ID.String()
			list, rows, counts := p.prepare(b, listFloor), p.prepare(b, jsonFloor), p.prepare(b, countFloor)
			least := func(int) { p.transaction(b, []*sql.Stmt{list, counts}, [][]any{{me}, {me}}) }
			b.Run("list", func(b *testing.B) { p.against(b, "list", func(int) { p.get(b, "/caseload") }, least) })
			b.Run("list-json", func(b *testing.B) {
				p.against(b, "list-json", func(int) { p.read(b, "/api/v1/cases") }, func(int) { p.transaction(b, []*sql.Stmt{rows}, [][]any{{me}}) })
			})
			p.today(b)
			p.search(b)
			p.detail(b)
			p.crowd(b, "list", func(int) { p.get(b, "/caseload") }, least)
			p.team(b)
			p.checkIn(b)
		})
	}
}

// today has the floor of its own page: what is due by the week's end with what its line says, the five
// numbers, and what stands beside the list.
func (p *place) today(b *testing.B) {
	me := p.by.ID.String()
	due := p.prepare(b, `select c.id, p.first_name, p.last_name, p.language, c.step, c.pathway_code, c.next_on, c.next_at, c.next_kind, c.next_place, c.milestone_title,
		c.milestone_due_on, c.last_reached_on, c.unanswered, c.plan_state from cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
		where c.case_manager_id = $1 and c.state not in ('ineligible', 'exited', 'follow_up', 'closed') and (c.next_on <= current_date + 6 or c.milestone_due_on <= current_date + 6) order by c.next_on, c.id`)
	counts := p.prepare(b, countFloor)
	replies := p.prepare(b, `select g.id, g.body, p.first_name, p.last_name from signals g join cases c on c.agency_id = g.agency_id and c.id = g.case_id
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id where g.seen_at is null and c.case_manager_id = $1 order by g.sent_at limit 50`)
	drafts := p.prepare(b, `select form, title, case_id, saved_at from drafts where user_id = $1 order by saved_at desc limit 50`)
	plans := p.prepare(b, `select c.id, v.state, c.plan_waiting_since from cases c join plan_versions v on v.agency_id = c.agency_id and v.case_id = c.id and v.state in ('returned', 'submitted') where c.case_manager_id = $1 limit 100`)
	b.Run("today", func(b *testing.B) {
		p.against(b, "today", func(int) { p.get(b, "/today") }, func(int) {
			p.transaction(b, []*sql.Stmt{due, counts, replies, drafts, plans}, [][]any{{me}, {me}, {me}, {me}, {me}})
		})
	})
}

// search looks for people by the beginning of a name, as somebody types it.
func (p *place) search(b *testing.B) {
	me := p.by.ID.String()
	found := p.prepare(b, `select p.id, p.number, p.first_name, p.last_name, c.id, c.step from participants p join cases c on c.agency_id = p.agency_id and c.participant_id = p.id
		where c.case_manager_id = $1 and p.search_key like $2 order by p.search_key limit 20`)
	b.Run("search", func(b *testing.B) {
		p.against(b, "search", func(int) { p.get(b, "/search?q=boud") }, func(int) { p.transaction(b, []*sql.Stmt{found}, [][]any{{me, "%boud%"}}) })
	})
}

// rail says of each of the six steps whether it is done and since when.
const rail = `select (select count(*) from intake_sections s where s.case_id = $1 and s.complete), (select max(decided_on) from eligibility_decisions e where e.case_id = $1),
	(select max(taken_on) from assessments a where a.case_id = $1), (select max(recorded_at) from snapshots n where n.case_id = $1), (select max(reviewed_on) from snapshot_reviews r where r.case_id = $1),
	(select max(chosen_on) from selections n where n.case_id = $1), (select count(distinct horizon) from goals g where g.case_id = $1 and g.smart),
	(select max(in_force_on) from plan_versions v where v.case_id = $1), (select max(signed_on) from signatures g join plan_versions p on p.agency_id = g.agency_id and p.id = g.plan_id where p.case_id = $1), (select max(held_on) from check_ins k where k.case_id = $1)
	from cases c where c.id = $1`

func (p *place) detail(b *testing.B) {
	sixSteps := p.prepare(b, rail)
	person := p.prepare(b, `select c.id, c.step, c.state, c.next_on, p.number, p.first_name, p.last_name, p.phone, u.first_name, o.name from cases c
		join participants p on p.agency_id = c.agency_id and p.id = c.participant_id join users u on u.agency_id = c.agency_id and u.id = c.case_manager_id
		join offices o on o.agency_id = c.agency_id and o.id = c.office_id where c.id = $1 and c.case_manager_id = $2`)
	steps := p.prepare(b, `select m.key, m.title, m.due_on, s.status from plan_versions v join milestones m on m.agency_id = v.agency_id and m.plan_id = v.id
		left join milestone_states s on s.agency_id = m.agency_id and s.case_id = m.case_id and s.key = m.key where v.case_id = $1 and v.state = 'in_force' order by m.position`)
	goals := p.prepare(b, `select horizon, title, target_on, pay_cents from goals where case_id = $1 order by target_on`)
	talks := p.prepare(b, `select held_on, method, result, note from check_ins where case_id = $1 order by held_on desc, id desc limit 3`)
	b.Run("detail", func(b *testing.B) {
		p.against(b, "detail", func(i int) { p.get(b, "/cases/"+p.cases[i%len(p.cases)]) }, func(i int) {
			c := p.cases[i%len(p.cases)]
			p.transaction(b, []*sql.Stmt{person, sixSteps, steps, goals, talks}, [][]any{{c, p.by.ID.String()}, {c}, {c}, {c}, {c}})
		})
	})
	p.crowd(b, "detail", func(i int) { p.get(b, "/cases/"+p.cases[i%len(p.cases)]) }, func(i int) {
		c := p.cases[i%len(p.cases)]
		p.transaction(b, []*sql.Stmt{person, sixSteps, steps, goals, talks}, [][]any{{c, p.by.ID.String()}, {c}, {c}, {c}, {c}})
	})
}

func (p *place) checkIn(b *testing.B) {
	lock := p.prepare(b, `select id from cases where id = $1 and case_manager_id = $2 for update`)
	talk := p.prepare(b, `insert into check_ins (agency_id, id, case_id, held_on, method, result, note, next_on, recorded_by) values ($1, gen_random_uuid(), $2, '2026-11-23', 'phone', 'talked', 'Going well.', '2026-12-07', $3) returning id`)
	step := p.prepare(b, `insert into milestone_progress (agency_id, id, case_id, key, status, on_date, recorded_by) values ($1, gen_random_uuid(), $2, 'm3', 'in_progress', '2026-11-23', $3) returning id`)
	state := p.prepare(b, `update milestone_states set status = 'in_progress', version = version + 1 where case_id = $1 and key = 'm3' returning key`)
	past := p.prepare(b, `update appointments set state = 'kept' where case_id = $1 and state = 'planned' and kind = 'check_in' returning id`)
	next := p.prepare(b, `insert into appointments (agency_id, id, case_id, kind, on_date, place) values ($1, gen_random_uuid(), $2, 'check_in', '2026-12-07', 'phone') returning id`)
	log := p.prepare(b, `insert into audit_log (agency_id, id, at, actor_id, actor_role, action, case_id) values ($1, gen_random_uuid(), now(), $3, 'case_manager', 'checkin.recorded', $2) returning id`)
	update := p.prepare(b, `update cases set next_on = '2026-12-07', last_contact_on = '2026-11-23', version = version + 1 where id = $1 returning id`)
	b.Run("check-in", func(b *testing.B) {
		key := fmt.Sprint(time.Now().UnixNano())
		p.against(b, "check-in", func(i int) {
			p.post(b, "/cases/"+p.cases[i%40]+"/check-ins", `{"held_on":"2026-11-23","method":"phone","result":"talked","note":"Going well.","next_on":"2026-12-07","progress":[{"key":"m3","status":"in_progress"}]}`, fmt.Sprintf("bench-%s-%d", key, i))
		}, func(i int) {
			c, me, agency := p.cases[40+i%(len(p.cases)-40)], p.by.ID.String(), p.by.Agency.String()
			p.transaction(b, []*sql.Stmt{lock, talk, step, state, past, next, log, update}, [][]any{{c, me}, {agency, c, me}, {agency, c, me}, {c}, {c}, {agency, c}, {agency, c, me}, {c}})
		})
	})
}
