package pg_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	_ "github.com/lib/pq" // the owner's plain connection

	"waymark/internal/pg/pgtest"
)

// catalog is a migrated database of the test's own and its owner's connection.
func catalog(t *testing.T) (owner *sql.DB, name string) {
	t.Helper()
	name = pgtest.Database(t)
	owner, err := sql.Open("postgres", pgtest.DSN(t, "postgres", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return owner, name
}

func column(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	list := []string{}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// shared are the tables that belong to no agency; none has a grant to the program.
var shared = []string{"public.goose_db_version", "public.heartbeat", "public.sign_in_codes", "public.sign_in_failures", "public.throttle"}

const everyTable = `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'reference') and n.nspname not like 'pg_toast%' order by 1`

func TestReferenceDataIsReadByEverybodyAndWrittenByNobodyButTheImport(t *testing.T) {
	t.Parallel()
	db, _ := catalog(t)
	if loose := column(t, db, `select table_name || ' ' || privilege_type || ' ' || grantee from information_schema.role_table_grants
		where table_schema = 'reference' and grantee in ('waymark_app', 'PUBLIC') and (grantee = 'PUBLIC' or privilege_type <> 'SELECT')`); len(loose) > 0 {
		t.Errorf("grants beyond reading: %v", loose)
	}
	if owned := column(t, db, `select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'reference' and c.relkind = 'r'
		and (not has_table_privilege('waymark_app', c.oid, 'select') or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'agency_id'))`); len(owned) > 0 {
		t.Errorf("%v are not readable, or belong to an agency", owned)
	}
}

func tenantTables(t *testing.T, db *sql.DB) []string {
	t.Helper()
	return slices.DeleteFunc(column(t, db, everyTable), func(n string) bool { return slices.Contains(shared, n) })
}

func TestEveryTableOfAnAgencyIsLockedTwice(t *testing.T) {
	t.Parallel()
	db, _ := catalog(t)
	for _, name := range tenantTables(t, db) {
		var enabled, forced bool
		if err := db.QueryRow(`select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass`, name).Scan(&enabled, &forced); err != nil {
			t.Fatal(err)
		}
		if !enabled || !forced {
			t.Errorf("%s: row-level security enabled %v, forced %v", name, enabled, forced)
		}
		want := []string{"agency RESTRICTIVE ALL", "readable PERMISSIVE ALL", "self RESTRICTIVE ALL"}
		if name == "public.agencies" { // everybody reads the name of their own agency
			want = want[:2]
		}
		got := column(t, db, `select policyname || ' ' || permissive || ' ' || cmd from pg_policies where schemaname || '.' || tablename = $1 order by 1`, name)
		if !slices.Equal(got, want) {
			t.Errorf("%s has the policies %v, want %v", name, got, want)
		}
		rule := column(t, db, `select qual || ' | ' || with_check from pg_policies where schemaname || '.' || tablename = $1 and policyname = 'agency'`, name)
		key := "agency_id"
		if name == "public.agencies" {
			key = "id"
		}
		one := fmt.Sprintf("(%s = ( SELECT app.agency() AS agency))", key)
		if len(rule) != 1 || rule[0] != one+" | "+one {
			t.Errorf("%s: the agency policy is %v", name, rule)
		}
		if name != "public.agencies" {
			keyed := column(t, db, `select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indrelid = $1::regclass and i.indisprimary`, name)
			if !slices.Equal(keyed, []string{"agency_id"}) {
				t.Errorf("%s: its key begins with %v", name, keyed)
			}
			loose := column(t, db, `select conname from pg_constraint where conrelid = $1::regclass and contype = 'f' and confrelid <> 'agencies'::regclass
				and not exists (select from pg_attribute a where a.attrelid = conrelid and a.attname = 'agency_id' and a.attnum = any (conkey))`, name)
			if len(loose) > 0 {
				t.Errorf("%s: %v may point into another agency", name, loose)
			}
		}
	}
}

func TestTheProgramsRoleOwnsNothingAndBypassesNothing(t *testing.T) {
	t.Parallel()
	db, _ := catalog(t)
	if bad := column(t, db, `select rolname from pg_roles where rolname = 'waymark_app' and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication or rolinherit)`); len(bad) > 0 {
		t.Error("waymark_app may do more than it should")
	}
	if member := column(t, db, `select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member where u.rolname = 'waymark_app'`); len(member) > 0 {
		t.Errorf("waymark_app is a member of %v", member)
	}
	if owned := column(t, db, `select relname from pg_class where relowner = 'waymark_app'::regrole union all select proname from pg_proc where proowner = 'waymark_app'::regrole
		union all select nspname from pg_namespace where nspowner = 'waymark_app'::regrole`); len(owned) > 0 {
		t.Errorf("waymark_app owns %v", owned)
	}
	for _, what := range []string{
		`has_schema_privilege('waymark_app', 'public', 'create')`, `has_schema_privilege('waymark_app', 'app', 'create')`, `has_schema_privilege('waymark_app', 'equity', 'create')`,
		`has_table_privilege('waymark_app', 'throttle', 'select, insert, update, delete')`, `has_table_privilege('waymark_app', 'equity.answers', 'select, update, delete')`,
		`has_any_column_privilege('waymark_app', 'equity.answers', 'select')`, `has_table_privilege('waymark_app', 'agencies', 'insert, delete')`,
	} {
		var has bool
		if err := db.QueryRow("select " + what).Scan(&has); err != nil || has {
			t.Errorf("%s is %v %v", what, has, err)
		}
	}
	if grants := column(t, db, `select table_schema || '.' || table_name || ' ' || privilege_type from information_schema.role_table_grants where grantee = 'waymark_app' and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
		union all select table_schema || '.' || table_name || ' public' from information_schema.role_table_grants where grantee = 'PUBLIC' and table_schema in ('public', 'app', 'equity') and table_name not like 'pg_stat%'`); len(grants) > 0 {
		t.Errorf("grants beyond reading and writing rows: %v", grants)
	}
}

// doors are the functions that run as their owner: they answer before an agency is known.
var doors = []string{
	"agencies", "calendar_feed", "code_people", "companion", "digest_link", "drop_codes", "fair_shares", "failed", "forget_failures", "forgiven", "idle_minutes", "one_time_link", "put_code", "report_equity", "session", "sign_in_failed", "sign_in_user", "sign_in_wait", "stayed",
	"texting_agencies", "throttled", "try_code", "use_code", "verify_plan",
	"heartbeat", "outbox_waiting",
}

func TestOnlyTheKnownDoorsRunAsTheirOwner(t *testing.T) {
	t.Parallel()
	db, _ := catalog(t)
	found := column(t, db, `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`)
	for _, name := range found {
		if !slices.Contains(doors, name) {
			t.Errorf("app.%s is SECURITY DEFINER and no known door", name)
		}
	}
	if loose := column(t, db, `select proname from pg_proc where prosecdef and pronamespace = 'app'::regnamespace and not coalesce(proconfig @> array['search_path=public, pg_temp'], false)`); len(loose) > 0 {
		t.Errorf("%v run as their owner with somebody else's search_path", loose)
	}
	if open := column(t, db, `select p.proname from pg_proc p where p.pronamespace = 'app'::regnamespace and p.prosecdef and has_function_privilege('public', p.oid, 'execute')`); len(open) > 0 {
		t.Errorf("everybody may call %v", open)
	}
}

// fill puts one row of each of two agencies into every table, without the constraints: what matters is whose it is.
func fill(t *testing.T, db *sql.DB, tables []string) (agencies [2]string) {
	t.Helper()
	agencies = [2]string{"01890000-0000-7000-8000-00000000000a", "01890000-0000-7000-8000-00000000000b"}
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	do := func(q string, args ...any) {
		t.Helper()
		if _, err := c.ExecContext(t.Context(), q, args...); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	for _, name := range tables { // rules about values are not what is tried here
		for _, con := range column(t, db, `select conname from pg_constraint where conrelid = $1::regclass and contype = 'c'`, name) {
			do(fmt.Sprintf(`alter table %s drop constraint %q`, name, con))
		}
	}
	do("set session_replication_role = replica") // no foreign keys either
	for _, name := range tables {
		cols := column(t, db, `select column_name || '=' || case when udt_name = 'uuid' then '''01890000-0000-7000-8000-0000000000ff''' when udt_name = 'bytea' then '''\x00''' when udt_name = 'jsonb' then '''{}'''
			when udt_name in ('int4', 'int8', 'numeric') then '1' when udt_name = 'bool' then 'false' when udt_name = 'date' then '''2026-11-23''' when udt_name in ('timestamptz', 'timestamp') then 'now()' when udt_name = '_text' then '''{}''' else '''x''' end
			from information_schema.columns where table_schema || '.' || table_name = $1 and is_nullable = 'NO' and column_default is null and is_generated = 'NEVER'`, name)
		for i, agency := range agencies {
			var names, values []string
			for _, col := range cols {
				n, v, _ := strings.Cut(col, "=")
				switch {
				case n == "agency_id" || name == "public.agencies" && n == "id":
					v = "'" + agency + "'"
				case n == "email" || n == "slug" || n == "token_hash":
					v = fmt.Sprintf("'x%d'", i)
				}
				names, values = append(names, n), append(values, v)
			}
			do(fmt.Sprintf("insert into %s (%s) values (%s)", name, strings.Join(names, ", "), strings.Join(values, ", ")))
		}
	}
	do("set session_replication_role = origin")
	return agencies
}

// lock is one policy tried on every table: with it the program sees only what it should, and
// without it more, so that nothing else holds the rows back unnoticed.
type lock struct {
	db, app  *sql.DB
	agencies [2]string
}

func locked(t *testing.T) (lock, []string) {
	t.Helper()
	db, name := catalog(t)
	tables := tenantTables(t, db)
	l := lock{db: db, agencies: fill(t, db, tables)}
	var err error
	if l.app, err = sql.Open("postgres", pgtest.DSN(t, "waymark_app", name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.app.Close() })
	return l, slices.DeleteFunc(tables, func(table string) bool { return table == "equity.answers" }) // nobody reads it at all
}

// seen counts, as a role acting for the first agency and as nobody of it, the rows of both agencies.
func (l lock) seen(t *testing.T, table, role string) (own, others int) {
	t.Helper()
	tx, err := l.app.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	key := "agency_id"
	if table == "public.agencies" {
		key = "id"
	}
	const nobody = "01890000-0000-7000-8000-0000000000ee"
	if _, err := tx.Exec(`select set_config('app.agency', $1, true), set_config('app.role', $2, true), set_config('app.person', $3, true), set_config('app.actor', $3, true)`,
		l.agencies[0], role, nobody); err != nil {
		t.Fatal(err)
	}
	if err := tx.QueryRow(fmt.Sprintf(`select count(*) filter (where %s = $1), count(*) filter (where %s = $2) from %s`, key, key, table), l.agencies[0], l.agencies[1]).Scan(&own, &others); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return own, others
}

// without runs fn while a table lacks one of its policies.
func (l lock) without(t *testing.T, policy, table string, fn func()) {
	t.Helper()
	var rule string
	if err := l.db.QueryRow(`select qual from pg_policies where schemaname || '.' || tablename = $1 and policyname = $2`, table, policy).Scan(&rule); err != nil {
		t.Fatal(err)
	}
	if _, err := l.db.Exec("drop policy " + policy + " on " + table); err != nil {
		t.Fatal(err)
	}
	fn()
	if _, err := l.db.Exec(fmt.Sprintf("create policy %s on %s as restrictive using (%s) with check (%s)", policy, table, rule, rule)); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyReadsWhatNobodyMayRead(t *testing.T) {
	t.Parallel()
	l, _ := locked(t)
	if _, err := l.app.Exec("select from equity.answers"); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("equity.answers: %v", err)
	}
}

func TestEachAgencyPolicyIsNeeded(t *testing.T) {
	t.Parallel()
	l, tables := locked(t)
	for _, table := range tables {
		reader := "case_manager"
		if strings.HasPrefix(table, "public.complaint") { // for the equal-opportunity officer alone
			if own, _ := l.seen(t, table, reader); own != 0 {
				t.Errorf("%s shows itself to case managers", table)
			}
			reader = "administrator"
		}
		if own, others := l.seen(t, table, reader); own != 1 || others != 0 {
			t.Errorf("%s shows %d rows of one's own agency and %d of another", table, own, others)
		}
		l.without(t, "agency", table, func() {
			if _, others := l.seen(t, table, reader); others != 1 {
				t.Errorf("%s: without its agency policy %d foreign rows show; something else holds them back", table, others)
			}
		})
	}
	if len(tables) < 45 {
		t.Errorf("only %d tables were tried", len(tables))
	}
}

// everybodys are the tables whose rows a participant reads though they are not about themselves:
// the agency and its staff, and the catalogue.
var everybodys = []string{
	"public.agencies", "public.catalogue_occupations", "public.catalogue_regions", "public.demand_grids", "public.holidays", "public.interest_items",
	"public.offices", "public.pathway_events", "public.pathway_versions", "public.settings", "public.users",
}

func TestEachSelfPolicyIsNeeded(t *testing.T) {
	t.Parallel()
	l, tables := locked(t)
	for _, table := range tables {
		own, _ := l.seen(t, table, "participant")
		if slices.Contains(everybodys, table) {
			if own != 1 {
				t.Errorf("%s shows a participant %d rows", table, own)
			}
			continue
		}
		if own != 0 {
			t.Errorf("%s shows a participant what is somebody else's", table)
		}
		l.without(t, "self", table, func() {
			if own, _ := l.seen(t, table, "participant"); own != 1 {
				t.Errorf("%s: without its self policy a participant sees %d rows; something else holds them back", table, own)
			}
		})
	}
}

func TestHistoryIsNotRewrittenEvenByItsOwner(t *testing.T) {
	t.Parallel()
	db, _ := catalog(t)
	tables := tenantTables(t, db)
	fill(t, db, tables)
	kept := column(t, db, `select n.nspname || '.' || c.relname from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace where g.tgname = 'keep' and g.tgenabled = 'O' order by 1`)
	for _, must := range []string{
		"public.audit_log", "public.audit_chain", "public.settings", "public.notes", "public.signatures", "public.services", "public.check_ins", "public.eligibility_decisions",
		"public.assessments", "public.snapshots", "public.selections", "public.plan_documents", "public.departures", "public.outcomes", "public.goal_history", "equity.answers",
	} {
		if !slices.Contains(kept, must) {
			t.Errorf("%s may be rewritten", must)
		}
	}
	for _, table := range kept {
		for _, change := range []string{"update %s set agency_id = agency_id", "delete from %s", "truncate %s cascade"} {
			if _, err := db.Exec(fmt.Sprintf(change, table)); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf(change+": %v", table, err)
			}
		}
		var may bool
		if err := db.QueryRow(`select has_table_privilege('waymark_app', $1, 'update, delete, truncate')`, table).Scan(&may); err != nil || may {
			t.Errorf("the program may change %s: %v %v", table, may, err)
		}
	}
}
