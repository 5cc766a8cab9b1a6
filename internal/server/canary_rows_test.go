package server_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/pg"
	"waymark/internal/portal"
)

// theirs are the tables from which participants read rows of their own; what of those rows they may not read
// is planted by hand. Every other table that knows a case or a participant is filled by plantRows, and a table
// that somebody adds is filled too, until it stands here.
var theirs = map[string]bool{
	"appointments": true, "assessments": true, "calendar_feeds": true, "cases": true, "check_ins": true, "companions": true, "complaints": true, "consents": true, "consent_withdrawals": true,
	"documents": true, "drafts": true, "goals": true, "intake_sections": true, "interest_answers": true, "likes": true, "messages": true, "milestones": true, "milestone_states": true,
	"notes": true, "notice_choices": true, "notice_receipts": true, "own_words": true, "plan_lines": true, "plan_versions": true, "plan_copies": true, "plan_documents": true,
	"selections": true, "services": true, "signals": true, "signatures": true, "thread_reads": true, "users": true, "sessions": true, "support_screens": true,
}

// ruled are values that the rules of a table ask for beyond the first code of each column.
var ruled = map[string]any{
	"departures.exclusion": "00", "exits.exit_on": "2026-11-20", "pathway_moves.answer": "declined", "follow_ups.answered_at": "2026-11-20T15:00:00Z",
	"file_findings.corrected_at": "2026-11-20T15:00:00Z", "wage_records.source": "4", "wage_records.quarter": 8000,
	"wage_import_lines.line": 2, "wage_import_lines.result": "skipped",
}

// column is one that a row must or may have, and the codes that a rule lets it have.
type column struct {
	Table    string `db:"table_name"`
	Name     string `db:"column_name"`
	Type     string `db:"udt_name"`
	Nullable bool   `db:"nullable"`
	Default  bool   `db:"has_default"`
	Rule     string `db:"rule"`
}

var firstCode = regexp.MustCompile(`'([a-z0-9][a-z0-9_]*)'`)

// value is something that the column takes; words say the text.
func (c column) value(of enrolled, by access.Actor, text string) (sql string, arg any) {
	code := firstCode.FindStringSubmatch(c.Rule)
	given, is := ruled[c.Table+"."+c.Name]
	if is && (c.Type == "text" || strings.HasPrefix(c.Type, "int")) {
		return "", given
	}
	switch {
	case c.Name == "agency_id":
		return "", by.Agency
	case c.Name == "case_id":
		return "", of.Case
	case c.Name == "participant_id":
		return "", of.Person
	case c.Type == "uuid" && strings.HasSuffix(c.Name, "_by"):
		return "", by.ID
	case c.Type == "uuid":
		return "", id.New[portal.Step]()
	case c.Type == "text" && code != nil:
		return "", code[1]
	case c.Type == "text":
		return "", text
	case c.Type == "_text":
		return "array[cast(%s as text)]", text
	case c.Type == "jsonb":
		return "jsonb_build_object('note', cast(%s as text))", text
	case c.Type == "date":
		return "cast(%s as date)", "2026-11-20"
	case c.Type == "timestamptz":
		return "cast(%s as timestamptz)", "2026-11-20T15:00:00Z"
	case c.Type == "time":
		return "cast(%s as time)", "10:00"
	case c.Type == "bool":
		return "", false
	case c.Type == "bytea":
		return "convert_to(%s, 'UTF8')", text
	}
	return "", 1
}

// plantRows writes a row with the text in every column of words into every table that knows the case or the
// participant and is not theirs, and gives how many tables these were.
func (s *site) plantRows(t *testing.T, of enrolled, text string) (planted int) {
	t.Helper()
	tables := map[string][]column{}
	for _, c := range s.columns(t) {
		tables[c.Table] = append(tables[c.Table], c)
	}
	for table, columns := range tables {
		if theirs[table] {
			continue
		}
		var names, values []string
		args := pg.Args{}
		for _, c := range columns {
			_, needed := ruled[c.Table+"."+c.Name]
			if !needed && (c.Nullable && c.Type != "text" && c.Name != "case_id" && c.Name != "participant_id" || c.Default && c.Type != "text" && c.Type != "_text" && c.Type != "jsonb") {
				continue
			}
			sql, arg := c.value(of, s.Dana, text)
			if sql == "" {
				sql = "%s"
			}
			names, values, args[c.Name] = append(names, c.Name), append(values, fmt.Sprintf(sql, ":"+c.Name)), arg
		}
		s.unruled(t, `insert into `+table+` (`+strings.Join(names, ", ")+`) values (`+strings.Join(values, ", ")+`)`, args)
		planted++
	}
	return planted
}

// columns are those of every table that knows a case or a participant.
func (s *site) columns(t *testing.T) (list []column) {
	t.Helper()
	by := s.Dana
	by.Role = access.System
	if err := s.Owner.Read(t.Context(), by, func(tx *pg.Tx) (err error) {
		list, err = pg.List[column](tx, `
			select c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES' as nullable, c.column_default is not null as has_default,
				coalesce((select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k
					join pg_class r on r.oid = k.conrelid join pg_namespace n on n.oid = r.relnamespace and n.nspname = 'public'
					join pg_attribute a on a.attrelid = k.conrelid and a.attname = c.column_name and array[a.attnum] = k.conkey
					where k.contype = 'c' and r.relname = c.table_name), '') as rule
			from information_schema.columns c join information_schema.tables x on x.table_schema = c.table_schema and x.table_name = c.table_name
			where c.table_schema = 'public' and x.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and c.is_identity = 'NO'
				and exists (select from information_schema.columns o where o.table_schema = 'public' and o.table_name = c.table_name and o.column_name in ('case_id', 'participant_id'))
			order by c.table_name, c.ordinal_position limit 2000`, pg.Args{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// unruled writes past the triggers that keep rows as they are, and past references.
func (s *site) unruled(t *testing.T, query string, args pg.Args) {
	t.Helper()
	by := s.Dana
	by.Role = access.System
	if err := s.Owner.Write(t.Context(), by, func(tx *pg.Tx) error {
		if err := pg.Insert(tx, `set local session_replication_role = replica`, pg.Args{}); err != nil {
			return err
		}
		return pg.Insert(tx, query, args)
	}); err != nil {
		t.Errorf("%.120s: %v", query, err)
	}
}

// plantWords writes the text where rows of the participant's own have words that are for staff.
func (s *site) plantWords(t *testing.T, of enrolled, text string) {
	t.Helper()
	for _, set := range []string{
		"assessments set reason = :text", "goals set rationale = :text", "milestone_states set note = :text", "services set note = :text", "signatures set ip = :text", "selections set override_reason = :text",
	} {
		s.unruled(t, `update `+set+` where case_id = :case_id`, pg.Args{"text": text, "case_id": of.Case})
	}
}

// named are the kinds of rows that a participant's pages may name by their id: what they open, answer, end or
// take back.
var named = map[string]bool{"appointments": true, "companions": true, "complaints": true, "consents": true, "documents": true, "goals": true, "messages": true, "own_words": true, "signals": true}

var uuidText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// rows are the ids of everything that an agency has, and the table that each stands in.
func (s *site) rows(t *testing.T) map[string]string {
	t.Helper()
	by, found := s.Dana, map[string]string{}
	by.Role = access.System
	if err := s.Owner.Read(t.Context(), by, func(tx *pg.Tx) error {
		tables, err := pg.List[string](tx, `select c.table_name from information_schema.columns c join information_schema.tables x on x.table_schema = c.table_schema and x.table_name = c.table_name
			where c.table_schema = 'public' and x.table_type = 'BASE TABLE' and c.column_name = 'id' and c.udt_name = 'uuid' order by c.table_name limit 200`, pg.Args{})
		for _, table := range tables {
			ids, err := pg.List[string](tx, `select cast(id as text) from `+table+` order by id limit 5000`, pg.Args{})
			if err != nil {
				return err
			}
			for _, one := range ids {
				found[one] = table
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAGuardianComesUponThePlanAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of, dana, at := s.drafted(t)
	luis := s.enrol(t, s.Dana, "Luis", otherCanary, "en")
	s.secrets(t, luis, otherCanary)
	s.minor(t, of)
	guardian := "/cases/" + of.Case.String() + "/guardian"
	dana.do("POST", guardian, map[string]any{"name": "Ana Jiménez", "relation": "parent", "email": "ana@beside.test", "language": "es"}).is(201)
	dana.submits(at, nil).is(200)
	dana.do("POST", guardian+"/link", nil).is(200)
	s.plantRows(t, of, staffCanary)
	s.plantWords(t, of, staffCanary)
	const private = "CANARY-OF-ROSA-77a"
	own := s.api(t, of.Email)
	own.do("POST", "/me/answers", map[string]any{"message": private}).is(201)
	own.do("POST", "/me/complaints", map[string]any{"bases": []string{"age"}, "what": private, "happened_on": "2026-11-02"}).is(201)
	ana := s.comesIn(t, "ana@beside.test")
	c := &crawl{t: t, s: s, me: ana, api: &script{t: t, s: s}, seen: map[string]bool{"/sign-out": true}, got: map[string]string{}}
	values := map[string][]string{"case": {of.Case.String(), luis.Case.String()}, "participant": {of.Person.String()}, "key": {"message"}, "section": {"about"}, "topic": {"computer"}}
	for _, rt := range s.Routes() {
		if rt.Method != "GET" {
			continue
		}
		for _, path := range filled(rt.Path, values, s.Dana.ID.String()) {
			c.open(path)
			c.open(path + "?version=1")
		}
	}
	rows := s.rows(t)
	for path, text := range c.got {
		asked := strings.ReplaceAll(text, path, "")
		for _, never := range []string{staffCanary, otherCanary, private} {
			if strings.Contains(asked, never) {
				t.Errorf("%s tells a guardian %q", path, never)
			}
		}
		for _, one := range uuidText.FindAllString(asked, -1) {
			if table := rows[one]; table != "" && !strings.Contains(path, one) {
				t.Errorf("%s names a row of %s by its id", path, table)
			}
		}
	}
	if !strings.Contains(c.got["/guardian"], "Quality inspector") || !strings.Contains(c.got["/guardian/print"], "Quality inspector") {
		t.Error("the crawl never came upon the plan")
	}
	t.Logf("%d addresses", len(c.got))
}
