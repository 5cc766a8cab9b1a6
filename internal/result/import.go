package result

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/money"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// WageColumns are the columns of a wage-match file, by name in its first line and in any order.
// participant is the number staff use or element 100; quarter is like 2026-Q2; employment is 0 to 3,
// or 9 for not known yet; naics and fein may be empty. Of a person and quarter with several employers
// there are several lines, which together say all of that quarter.
var WageColumns = []string{"participant", "quarter", "employment", "wages", "fein", "naics"}

// maxLines bounds one file.
const maxLines = 50_000

// ImportID names an import.
type ImportID = id.Of[Import]

// ImportInput is a file as text, with its name and where it comes from: 1 UI, 2 federal, 3 military.
type ImportInput struct {
	Name   string `json:"name" validate:"required,max=200"`
	Source string `json:"source" validate:"required,oneof=1 2 3"`
	File   string `json:"file" validate:"required"`
}

// LineFault is one thing wrong with a line of a file.
type LineFault struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Entered string `json:"entered"`
}

// Import is what a file did: every line is counted somewhere, and when any is wrong nothing was changed.
type Import struct {
	ID         ImportID    `db:"id" json:"id"`
	Name       string      `db:"name" json:"name"`
	Source     string      `db:"source" json:"source"`
	SHA256     string      `db:"sha256" json:"sha256"`
	Lines      int         `db:"line_count" json:"lines"`
	People     int         `db:"person_count" json:"people"`
	Added      int         `db:"added" json:"added"`
	Changed    int         `db:"changed" json:"changed"`
	Same       int         `db:"same" json:"same"`
	Skipped    int         `db:"skipped" json:"skipped"`
	Faults     []LineFault `db:"-" json:"faults"`
	Again      bool        `db:"-" json:"again"` // this very file was imported before: nothing to do
	ImportedOn civil.Date  `db:"imported_on" json:"imported_on"`
	ImportedBy string      `db:"imported_by" json:"imported_by"`
	CreatedAt  time.Time   `db:"recorded_at" json:"created_at"`
}

type wageLine struct {
	line        int
	participant string
	record
}

// parseWages reads a file; every line that cannot be read is a fault.
func parseWages(text, source string, today civil.Date) (lines []wageLine, skipped int, faults []LineFault) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return nil, 0, []LineFault{{1, "", "unreadable", ""}}
	}
	at := map[string]int{}
	for i, h := range head {
		name := strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(WageColumns, name) {
			faults = append(faults, LineFault{1, name, "unknown_column", h})
		}
		at[name] = i
	}
	for _, name := range WageColumns[:4] {
		if _, ok := at[name]; !ok {
			faults = append(faults, LineFault{1, name, "column_missing", ""})
		}
	}
	if len(faults) > 0 {
		return nil, 0, faults
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, skipped, faults
		}
		n, _ := r.FieldPos(0)
		if err != nil {
			return lines, skipped, append(faults, LineFault{n, "", "unreadable", ""})
		}
		if len(lines) >= maxLines {
			return lines, skipped, append(faults, LineFault{n, "", "too_many_lines", ""})
		}
		get := func(name string) string {
			if i, ok := at[name]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		l, wrong := wageLineOf(n, get, source, today)
		faults = append(faults, wrong...)
		if l.employment == "9" {
			skipped++
		} else if len(wrong) == 0 {
			lines = append(lines, l)
		}
	}
}

func wageLineOf(n int, get func(string) string, source string, today civil.Date) (l wageLine, faults []LineFault) {
	bad := func(column, code string) { faults = append(faults, LineFault{n, column, code, get(column)}) }
	l = wageLine{line: n, participant: get("participant"), record: record{source: source, employment: get("employment"), naics: get("naics"), evidence: "file"}}
	if l.participant == "" {
		bad("participant", "missing")
	}
	q, err := ParseReport(get("quarter"), today)
	if err != nil || get("quarter") == "" {
		bad("quarter", "quarter")
	} else if q.First().After(today) {
		bad("quarter", "quarter_ahead")
	}
	l.quarter = q
	if !slices.Contains([]string{"0", "1", "2", "3", "9"}, l.employment) {
		bad("employment", "employment")
	}
	if text := get("wages"); text != "" && l.employment != "9" {
		wages, err := money.Parse(text)
		if err != nil || wages >= 99999999 || wages > 0 && l.employment == "0" {
			bad("wages", "wages")
		} else if l.employment != "0" {
			l.wages = &wages
		}
	}
	if text := get("fein"); text != "" {
		if !fein.MatchString(text) {
			bad("fein", "fein")
		}
		l.feins = []string{plainFEIN(text)}
	}
	return l, faults
}

// merged puts the lines of a person and quarter together: wages add up, employers are listed once.
func merged(lines []wageLine, people map[string]access.ParticipantID) []record {
	var list []record
	at := map[string]int{}
	for _, l := range lines {
		l.participant, l.record.participant = "", people[l.participant]
		key := l.record.participant.String() + l.quarter.String()
		i, ok := at[key]
		if !ok {
			at[key] = len(list)
			list = append(list, l.record)
			continue
		}
		was := &list[i]
		if l.wages != nil {
			sum := *l.wages
			if was.wages != nil {
				sum += *was.wages
			}
			was.wages = &sum
		}
		if was.employment == "0" || l.employment != "0" && l.employment < was.employment {
			was.employment = l.employment
		}
		for _, f := range l.feins {
			if !slices.Contains(was.feins, f) {
				was.feins = append(was.feins, f)
			}
		}
	}
	for i := range list {
		slices.Sort(list[i].feins)
	}
	return list
}

// ImportWages takes in a wage-match file, all or nothing: a line that cannot be read, or a person
// nobody knows, leaves everything as it was and the report says which. The same file again does
// nothing; a corrected file supersedes what it changes.
func (s *Service) ImportWages(ctx context.Context, by access.Actor, in ImportInput) (done Import, err error) {
	if err := check.Struct(in); err != nil {
		return done, err
	}
	if err := s.policy.Require(by, access.ManageResult); err != nil && by.Role != access.System {
		return done, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		sum := sha256.Sum256([]byte(in.Source + in.File))
		earlier, found, err := pg.Find[Import](tx, importQuery+`where i.sha256 = :sum order by i.recorded_at desc limit 1`, pg.Args{"sum": sum[:]})
		if err != nil {
			return err
		}
		newest, any, err := pg.Find[ImportID](tx, `select id from wage_imports where source = :source order by recorded_at desc, id desc limit 1`, pg.Args{"source": in.Source})
		if err != nil {
			return err
		}
		if found && any && newest == earlier.ID {
			done, done.Again = earlier, true
			return nil
		}
		today := by.Today(tx.Now)
		lines, skipped, faults := parseWages(in.File, in.Source, today)
		done = Import{ID: id.New[Import](), Name: in.Name, Source: in.Source, SHA256: hex.EncodeToString(sum[:]), Lines: len(lines) + skipped, Skipped: skipped, Faults: faults, ImportedOn: today, ImportedBy: by.Name(), CreatedAt: tx.Now}
		people, err := peopleOf(tx, lines)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if _, ok := people[l.participant]; !ok {
				done.Faults = append(done.Faults, LineFault{l.line, "participant", "nobody", l.participant})
			}
		}
		if len(done.Faults) > 0 || len(lines) == 0 {
			if len(done.Faults) == 0 {
				done.Faults = []LineFault{{1, "", "empty", ""}}
			}
			slices.SortStableFunc(done.Faults, func(a, b LineFault) int { return a.Line - b.Line })
			return errs.At("file", "lines").Showing(done)
		}
		return done.store(tx, by, merged(lines, people), sum[:])
	})
	return done, err
}

// store writes what is new, supersedes what differs and leaves what is the same.
func (d *Import) store(tx *pg.Tx, by access.Actor, records []record, sum []byte) error {
	persons := map[access.ParticipantID]bool{}
	var ids []string
	for _, r := range records {
		if !persons[r.participant] {
			persons[r.participant] = true
			ids = append(ids, r.participant.String())
		}
	}
	d.People = len(persons)
	type head struct {
		Wage
		Person access.ParticipantID `db:"participant_id"`
	}
	standing, err := pg.List[head](tx, `select w.id, w.participant_id, w.quarter, w.employment, w.wages_cents, w.feins from wage_records w
		where w.participant_id = any (cast(:ids as uuid[])) and w.source = :source and `+live("wage_records", "w")+` limit 1000000`, pg.Args{"ids": pg.Array(ids), "source": d.Source})
	if err != nil {
		return err
	}
	heads := map[string]head{}
	for _, h := range standing {
		heads[h.Person.String()+h.Quarter.String()] = h
	}
	var write []record
	for _, r := range records {
		r.imported = d.ID
		h, there := heads[r.participant.String()+r.quarter.String()]
		switch {
		case !there:
			d.Added++
		case h.Employment == r.employment && sameCents(h.Wages, r.wages) && slices.Equal([]string(h.FEINs), append([]string{}, r.feins...)):
			d.Same++
			continue
		default:
			d.Changed++
			r.supersedes, r.reason = h.ID, "file"
		}
		write = append(write, r)
	}
	if err := pg.Insert(tx, `insert into wage_imports (agency_id, id, name, sha256, source, line_count, person_count, added, changed, same, report, imported_on, imported_by, recorded_at)
		values (:agency, :id, :name, :sum, :source, :lines, :people, :added, :changed, :same, :report, :on, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": d.ID, "name": d.Name, "sum": sum, "source": d.Source, "lines": d.Lines, "people": d.People, "added": d.Added, "changed": d.Changed, "same": d.Same,
		"report": pg.AsJSON(map[string]any{"skipped": d.Skipped}), "on": d.ImportedOn, "by": by.ID, "now": tx.Now,
	}); err != nil {
		return err
	}
	for _, r := range write {
		if _, err := r.insert(tx, by); err != nil {
			return err
		}
	}
	if err := casefile.SettlePeople(tx, by, ids, by.Today(tx.Now)); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Action: "wages.imported", Subject: d.ID.String(), Detail: map[string]any{"source": d.Source, "lines": d.Lines, "added": d.Added, "changed": d.Changed, "same": d.Same}})
}

func sameCents(a, b *money.Cents) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// peopleOf finds the people of a file by number or element 100.
func peopleOf(tx *pg.Tx, lines []wageLine) (map[string]access.ParticipantID, error) {
	var names []string
	for _, l := range lines {
		names = append(names, l.participant)
	}
	type row struct {
		ID     access.ParticipantID `db:"id"`
		Number string               `db:"number"`
		Export string               `db:"export_id"`
	}
	rows, err := pg.List[row](tx, `select id, number, export_id from participants where number = any (cast(:names as text[])) or export_id = any (cast(:names as text[])) limit 1000000`, pg.Args{"names": pg.Array(names)})
	found := map[string]access.ParticipantID{}
	for _, r := range rows {
		found[r.Number], found[r.Export] = r.ID, r.ID
	}
	return found, err
}

const importQuery = `select i.id, i.name, i.source, encode(i.sha256, 'hex') as sha256, i.line_count, i.person_count, i.added, i.changed, i.same, coalesce(cast(i.report ->> 'skipped' as int), 0) as skipped,
		i.imported_on, coalesce(u.first_name || ' ' || u.last_name, '') as imported_by, i.recorded_at
	from wage_imports i left join users u on u.agency_id = i.agency_id and u.id = i.imported_by `

// Imports lists the newest files.
func (s *Service) Imports(ctx context.Context, by access.Actor) (list []Import, err error) {
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Import](tx, importQuery+`order by i.recorded_at desc, i.id desc limit 50`, pg.Args{})
		return err
	})
	return list, err
}

// Quarters are those after an exit that can be entered by today.
func Quarters(exit, today civil.Date) (list []participation.Quarter) {
	for n := 1; n <= 4 && !exit.IsZero(); n++ {
		if q := participation.QuarterOf(exit).Add(n); !q.First().After(today) {
			list = append(list, q)
		}
	}
	return list
}
