package result

import (
	"context"
	"iter"

	"waymark/internal/access"
	"waymark/internal/money"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// What became of a line of a wage file.
const (
	LineAdded   = "added"
	LineChanged = "changed"
	LineSame    = "same"
	LineSkipped = "skipped"
	LineWrong   = "wrong" // only in a file that was refused
)

// LineResults are those, in the order of the page.
var LineResults = []string{LineAdded, LineChanged, LineSame, LineSkipped}

// ImportLine is one line of a wage file that was taken in: whom it matched and by what, what it said, and what
// became of it. Of a line that changed something, Was are the wages that it stands for now.
type ImportLine struct {
	Line       int                   `db:"line" json:"line"`
	Person     string                `db:"person" json:"participant"`
	Matched    string                `db:"matched" json:"matched_by"`
	Number     string                `db:"number" json:"number"`
	Quarter    participation.Quarter `db:"quarter" json:"-"`
	Label      string                `db:"-" json:"quarter"`
	Employment string                `db:"employment" json:"employment"`
	Entered    *money.Cents          `db:"entered_cents" json:"entered_cents"`
	Unit       string                `db:"unit" json:"unit"`
	Hours      string                `db:"weekly_hours" json:"hours"`
	Wages      *money.Cents          `db:"wages_cents" json:"wages_cents"`
	FEIN       string                `db:"fein" json:"fein"`
	Result     string                `db:"result" json:"result"`
	Was        *money.Cents          `db:"was_cents" json:"was_cents"`
	Faults     []LineFault           `db:"-" json:"faults,omitempty"`
}

// keptLine is a line as it is stored.
type keptLine struct {
	Line       int          `json:"line"`
	Person     string       `json:"person"`
	Matched    string       `json:"matched"`
	ID         *string      `json:"participant_id"`
	Quarter    int          `json:"quarter"`
	Employment string       `json:"employment"`
	Entered    *money.Cents `json:"entered_cents"`
	Unit       string       `json:"unit"`
	Hours      any          `json:"weekly_hours"`
	Wages      *money.Cents `json:"wages_cents"`
	FEIN       string       `json:"fein"`
	Result     string       `json:"result"`
	Wage       *string      `json:"wage_id"`
	Replaced   *string      `json:"replaced_id"`
}

// keepLines stores what became of each line, in one statement.
func (d *Import) keepLines(tx *pg.Tx, by access.Actor, lines []wageLine, people map[string]named, records []record) error {
	became := byKey(records)
	list := make([]keptLine, len(lines))
	for i, l := range lines {
		found := people[l.participant]
		l.record.participant = found.id
		list[i] = l.kept(found, became[keyOf(l.record)])
	}
	return pg.Insert(tx, `insert into wage_import_lines (agency_id, import_id, line, person, matched, participant_id, quarter, employment, entered_cents, unit, weekly_hours, wages_cents, fein, result, wage_id, replaced_id)
		select cast(:agency as uuid), cast(:id as uuid), x.line, x.person, x.matched, x.participant_id, x.quarter, x.employment, x.entered_cents, x.unit, x.weekly_hours, x.wages_cents, x.fein, x.result, x.wage_id, x.replaced_id
		from jsonb_to_recordset(cast(:lines as jsonb)) as x (line int, person text, matched text, participant_id uuid, quarter int, employment text, entered_cents bigint, unit text,
			weekly_hours numeric, wages_cents bigint, fein text, result text, wage_id uuid, replaced_id uuid)`,
		pg.Args{"agency": by.Agency, "id": d.ID, "lines": pg.AsJSON(list)})
}

// kept is the line with the record that it went into.
func (l wageLine) kept(found named, r record) keptLine {
	k := keptLine{Line: l.line, Person: l.participant, Matched: found.matched, Quarter: int(l.quarter), Employment: l.employment, Unit: PerQuarter, Wages: l.wages, Result: LineSkipped}
	if !found.id.IsZero() {
		k.ID = new(found.id.String())
	}
	if l.pay != nil {
		k.Entered, k.Unit, k.Hours = &l.pay.amount, l.pay.unit, l.pay.hoursOrNone()
	}
	if len(l.feins) > 0 {
		k.FEIN = l.feins[0]
	}
	if l.known() {
		k.Result, k.Wage = r.result, new(r.id.String())
	}
	if k.Result == LineChanged {
		k.Replaced = new(r.supersedes.String())
	}
	return k
}

// checked is the line with what is wrong with it, or what would have become of it.
func (l wageLine) checked(found named, r record) ImportLine {
	c := ImportLine{Line: l.line, Person: l.participant, Matched: found.matched, Quarter: l.quarter, Employment: l.employment, Unit: PerQuarter, Wages: l.wages, Result: r.result, Was: r.was, Faults: l.faults}
	if l.quarter != 0 {
		c.Label = l.quarter.String()
	}
	if l.pay != nil {
		c.Entered, c.Unit = &l.pay.amount, l.pay.unit
	}
	if l.pay != nil && l.pay.hours > 0 {
		c.Hours = l.pay.hours.String()
	}
	if len(l.feins) > 0 {
		c.FEIN = l.feins[0]
	}
	switch {
	case l.wrong():
		c.Result = LineWrong
	case !l.known():
		c.Result = LineSkipped
	}
	return c
}

// Counted is how many lines of a refused file came to a result.
func (d Import) Counted(result string) (n int) {
	for _, l := range d.Checked {
		if l.Result == result {
			n++
		}
	}
	return n
}

const lineQuery = `select l.line, l.person, l.matched, coalesce(p.number, '') as number, coalesce(l.quarter, 0) as quarter, l.employment, l.entered_cents, l.unit,
		coalesce(cast(trim_scale(l.weekly_hours) as text), '') as weekly_hours, l.wages_cents, l.fein, l.result, w.wages_cents as was_cents
	from wage_import_lines l
	left join participants p on p.agency_id = l.agency_id and p.id = l.participant_id
	left join wage_records w on w.agency_id = l.agency_id and w.id = l.replaced_id
	where l.import_id = :id and (:result = '' or l.result = :result) order by l.line limit :most`

// Report reads an import with what became of its lines, most of them at most; result narrows them.
func (s *Service) Report(ctx context.Context, by access.Actor, of ImportID, result string, most int) (done Import, lines []ImportLine, err error) {
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return done, nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if done, err = importOf(tx, of); err != nil {
			return err
		}
		lines, err = pg.List[ImportLine](tx, lineQuery, pg.Args{"id": of, "result": result, "most": most})
		return err
	})
	for i := range lines {
		lines[i].Label = lines[i].Quarter.String()
	}
	return done, lines, err
}

// EachLine hands every line of an import to write, one after the other, for a file.
func (s *Service) EachLine(ctx context.Context, by access.Actor, of ImportID, result string, write func(done Import, n int, rows iter.Seq2[ImportLine, error]) error) error {
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return err
	}
	return s.db.Stream(ctx, by, func(tx *pg.Tx) error {
		done, err := importOf(tx, of)
		if err != nil {
			return err
		}
		args := pg.Args{"id": of, "result": result}
		n, err := pg.Get[int](tx, `select count(*) from wage_import_lines l where l.import_id = :id and (:result = '' or l.result = :result)`, args)
		if err != nil {
			return err
		}
		args["most"] = n
		rows := pg.Each[ImportLine](tx, lineQuery, args)
		return write(done, n, func(yield func(ImportLine, error) bool) {
			for l, err := range rows {
				if l.Label = l.Quarter.String(); !yield(l, err) {
					return
				}
			}
		})
	})
}

func importOf(tx *pg.Tx, of ImportID) (Import, error) {
	done, err := pg.Get[Import](tx, importQuery+`where i.id = :id`, pg.Args{"id": of})
	done.Faults = []LineFault{}
	return done, err
}
