package result

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
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

// WageColumns are the columns of a wage-match file, by name in its first line and in any order; the first
// four must be there. participant is the number staff use or element 100; quarter is like 2026-Q2;
// employment is 0 to 3, or 9 for not known yet; naics and fein may be empty. wages are the quarter's unless
// unit says hour, week, two_weeks, month or year; those by the hour need the hours of a week. Of a person
// and quarter with several employers there are several lines, which together say all of that quarter.
var WageColumns = []string{"participant", "quarter", "employment", "wages", "fein", "naics", "unit", "hours"}

// maxLines bounds one file.
const maxLines = 50_000

// ImportID names an import.
type ImportID = id.Of[Import]

// ImportInput is a file as text, with its name and where it comes from: 1 UI, 2 federal, 3 military.
type ImportInput struct {
	Name   string `json:"name" validate:"required,max=200"`
	Source string `json:"source" validate:"required,oneof=1 2 3"`
	File   string `json:"file" validate:"required"`
	// From goes through the lines of a file that was refused: where it says something, nothing is ever taken in.
	From int `json:"from" validate:"gte=0,lte=50000"`
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
	ID      ImportID    `db:"id" json:"id"`
	Name    string      `db:"name" json:"name"`
	Source  string      `db:"source" json:"source"`
	SHA256  string      `db:"sha256" json:"sha256"`
	Lines   int         `db:"line_count" json:"lines"`
	People  int         `db:"person_count" json:"people"`
	Added   int         `db:"added" json:"added"`
	Changed int         `db:"changed" json:"changed"`
	Same    int         `db:"same" json:"same"`
	Skipped int         `db:"skipped" json:"skipped"`
	Faults  []LineFault `db:"-" json:"faults"`
	// Checked are all lines of a file that was refused, each with what is wrong with it or would have become of it.
	Checked    []ImportLine `db:"-" json:"checked,omitempty"`
	Again      bool         `db:"-" json:"again"` // this very file was imported before: nothing to do
	ImportedOn civil.Date   `db:"imported_on" json:"imported_on"`
	ImportedBy string       `db:"imported_by" json:"imported_by"`
	CreatedAt  time.Time    `db:"recorded_at" json:"created_at"`
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
		done = Import{ID: id.New[Import](), Name: in.Name, Source: in.Source, SHA256: hex.EncodeToString(sum[:]), ImportedOn: today, ImportedBy: by.Name(), CreatedAt: tx.Now}
		lines, faults := parseWages(in.File, in.Source, today)
		people, err := peopleOf(tx, lines)
		if err != nil {
			return err
		}
		done.count(lines, people, faults)
		if len(done.Faults) > 0 || in.From > 0 {
			return done.refuse(tx, lines, people)
		}
		return done.store(tx, by, lines, people, sum[:])
	})
	return done, err
}

// count counts the lines and gathers what is wrong with them; somebody whom nobody knows is.
func (d *Import) count(lines []wageLine, people map[string]named, faults []LineFault) {
	d.Lines, d.Faults = len(lines), append([]LineFault{}, faults...)
	for i := range lines {
		l := &lines[i]
		switch {
		case !l.wrong() && !l.known():
			d.Skipped++
		case l.participant != "" && people[l.participant].id.IsZero() && l.known():
			l.faults = append([]LineFault{{l.line, "participant", "nobody", l.participant}}, l.faults...)
		}
		d.Faults = append(d.Faults, l.faults...)
	}
	if len(d.Faults) == 0 && d.Lines == d.Skipped {
		d.Faults = []LineFault{{1, "", "empty", ""}}
	}
	slices.SortStableFunc(d.Faults, func(a, b LineFault) int { return a.Line - b.Line })
}

// refuse says of every line what is wrong with it, or what would have become of it.
func (d *Import) refuse(tx *pg.Tx, lines []wageLine, people map[string]named) error {
	right := slices.DeleteFunc(slices.Clone(lines), wageLine.wrong)
	records, _, err := d.judged(tx, right, people)
	if err != nil {
		return err
	}
	became := byKey(records)
	for _, l := range lines {
		found := people[l.participant]
		l.record.participant = found.id
		d.Checked = append(d.Checked, l.checked(found, became[keyOf(l.record)]))
	}
	if len(d.Faults) == 0 {
		return errs.At("file", "right_now").Showing(*d)
	}
	return errs.At("file", "lines").Showing(*d)
}

// judged are the records that the lines make, each with whether it is new, another than what stands or the
// same, and whose they are.
func (d *Import) judged(tx *pg.Tx, lines []wageLine, people map[string]named) (records []record, ids []string, err error) {
	records = merged(lines, people)
	persons := map[access.ParticipantID]bool{}
	for _, r := range records {
		if !persons[r.participant] {
			persons[r.participant] = true
			ids = append(ids, r.participant.String())
		}
	}
	type head struct {
		Wage
		Person access.ParticipantID `db:"participant_id"`
	}
	standing, err := pg.List[head](tx, `select w.id, w.participant_id, w.quarter, w.employment, w.wages_cents, w.feins from wage_records w
		where w.participant_id = any (cast(:ids as uuid[])) and w.source = :source and `+live("wage_records", "w")+` limit 1000000`, pg.Args{"ids": pg.Array(ids), "source": d.Source})
	heads := map[string]head{}
	for _, h := range standing {
		heads[keyOf(record{participant: h.Person, quarter: h.Quarter})] = h
	}
	for i := range records {
		r := &records[i]
		r.imported = d.ID
		h, there := heads[keyOf(*r)]
		switch {
		case !there:
			r.result = LineAdded
			d.Added++
		case h.Employment == r.employment && sameCents(h.Wages, r.wages) && slices.Equal([]string(h.FEINs), append([]string{}, r.feins...)):
			r.result, r.id = LineSame, h.ID
			d.Same++
		default:
			r.result, r.supersedes, r.was, r.reason = LineChanged, h.ID, h.Wages, "file"
			d.Changed++
		}
	}
	d.People = len(ids)
	return records, ids, err
}

// byKey finds a record by what it is one of.
func byKey(records []record) map[string]record {
	found := map[string]record{}
	for _, r := range records {
		found[keyOf(r)] = r
	}
	return found
}

// store writes what is new, supersedes what differs and leaves what is the same; what became of each line
// is kept.
func (d *Import) store(tx *pg.Tx, by access.Actor, lines []wageLine, people map[string]named, sum []byte) error {
	records, ids, err := d.judged(tx, lines, people)
	if err != nil {
		return err
	}
	if err := pg.Insert(tx, `insert into wage_imports (agency_id, id, name, sha256, source, line_count, person_count, added, changed, same, report, imported_on, imported_by, recorded_at)
		values (:agency, :id, :name, :sum, :source, :lines, :people, :added, :changed, :same, :report, :on, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": d.ID, "name": d.Name, "sum": sum, "source": d.Source, "lines": d.Lines, "people": d.People, "added": d.Added, "changed": d.Changed, "same": d.Same,
		"report": pg.AsJSON(map[string]any{"skipped": d.Skipped}), "on": d.ImportedOn, "by": by.ID, "now": tx.Now,
	}); err != nil {
		return err
	}
	for i := range records {
		if r := &records[i]; r.result != LineSame {
			if r.id, err = r.insert(tx, by); err != nil {
				return err
			}
		}
	}
	if err := d.keepLines(tx, by, lines, people, records); err != nil {
		return err
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

// named is a person of a file, and by what they were found.
type named struct {
	id      access.ParticipantID
	matched string
}

// peopleOf finds the people of a file by number or element 100.
func peopleOf(tx *pg.Tx, lines []wageLine) (map[string]named, error) {
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
	found := map[string]named{}
	for _, r := range rows {
		found[r.Export] = named{r.ID, "export_id"}
	}
	for _, r := range rows {
		found[r.Number] = named{r.ID, "number"}
	}
	return found, err
}

const importQuery = `select i.id, i.name, i.source, encode(i.sha256, 'hex') as sha256, i.line_count, i.person_count, i.added, i.changed, i.same, coalesce(cast(i.report ->> 'skipped' as int), 0) as skipped,
		i.imported_on, coalesce(u.first_name || ' ' || u.last_name, '') as imported_by, i.recorded_at
	from wage_imports i left join users u on u.agency_id = i.agency_id and u.id = i.imported_by `

// ImportsListed is how many files a page shows.
const ImportsListed = 50

// Imports lists the newest files, most of them at most.
func (s *Service) Imports(ctx context.Context, by access.Actor, most int) (list []Import, err error) {
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Import](tx, importQuery+`order by i.recorded_at desc, i.id desc limit :most`, pg.Args{"most": most})
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
