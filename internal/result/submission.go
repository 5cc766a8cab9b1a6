package result

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// SubmissionID names a submission.
type SubmissionID = id.Of[Submission]

// Submission is a quarter as it was sent. It never changes; a correction is another revision.
type Submission struct {
	ID          SubmissionID          `db:"id" json:"id"`
	Quarter     participation.Quarter `db:"quarter" json:"-"`
	Revision    int                   `db:"revision" json:"revision"`
	Schema      string                `db:"schema" json:"schema"`
	AsOf        civil.Date            `db:"as_of" json:"as_of"`
	Rows        int                   `db:"row_count" json:"rows"`
	SHA256      string                `db:"sha256" json:"sha256"`
	Note        string                `db:"note" json:"note"`
	SubmittedBy string                `db:"submitted_by" json:"submitted_by"`
	CreatedAt   time.Time             `db:"recorded_at" json:"created_at"`
}

const submissionQuery = `select s.id, s.quarter, s.revision, m.version as schema, s.as_of, s.row_count, encode(s.sha256, 'hex') as sha256, s.note,
		coalesce(u.first_name || ' ' || u.last_name, '') as submitted_by, s.recorded_at
	from submissions_pirl s join pirl_schemas m on m.agency_id = s.agency_id and m.id = s.schema_id
	left join users u on u.agency_id = s.agency_id and u.id = s.submitted_by `

func lastSubmission(tx *pg.Tx, quarter participation.Quarter) (Submission, bool, error) {
	return pg.Find[Submission](tx, submissionQuery+`where s.quarter = :quarter order by s.revision desc limit 1`, pg.Args{"quarter": int(quarter)})
}

// Layout is a version of the federal record layout as it was loaded.
type Layout struct {
	ID       id.Of[Layout]     `db:"id" json:"-"`
	Version  string            `db:"version" json:"version"`
	Official bool              `db:"official" json:"official"`
	Columns  pg.JSON[[]Column] `db:"columns" json:"columns"`
	LoadedOn civil.Date        `db:"loaded_on" json:"loaded_on"`
}

// LayoutInput is a layout as a file: element, name, type, length, derive.
type LayoutInput struct {
	Version  string `json:"version" validate:"required,max=60"`
	Official bool   `json:"official"`
	File     string `json:"file" validate:"required"`
}

// SubmitInput marks a quarter as sent; a correction says what it corrects.
type SubmitInput struct {
	Quarter string `json:"quarter" validate:"required,max=7"`
	Note    string `json:"note" validate:"max=1000"`
	// Despite says that it is sent although something is to be fixed.
	Despite bool `json:"despite_fixes"`
}

const layoutQuery = `select id, version, official, columns, loaded_on from pirl_schemas `

// layout is the newest loaded; without one, that of the program. Layouts that came with the program
// stay on record for what was sent in them.
func layout(tx *pg.Tx) (Layout, error) {
	l, found, err := pg.Find[Layout](tx, layoutQuery+`where version not like 'waymark-%' order by recorded_at desc, id desc limit 1`, pg.Args{})
	if err != nil || found {
		return l, err
	}
	l.Version, l.LoadedOn = Builtin, civil.Of(tx.Now)
	l.Columns.V, _ = ParseColumns(builtin)
	return l, nil
}

// kept makes sure that a layout is a row, so that a submission can name it.
func (l *Layout) kept(tx *pg.Tx, by access.Actor) error {
	if !l.ID.IsZero() {
		return nil
	}
	there, found, err := pg.Find[Layout](tx, layoutQuery+`where version = :version`, pg.Args{"version": l.Version})
	if err != nil || found {
		l.ID = there.ID
		return err
	}
	l.ID = id.New[Layout]()
	return pg.Insert(tx, `insert into pirl_schemas (agency_id, id, version, official, columns, loaded_on, loaded_by, recorded_at) values (:agency, :id, :version, :official, :columns, :on, :by, :now)`,
		pg.Args{"agency": by.Agency, "id": l.ID, "version": l.Version, "official": l.Official, "columns": pg.AsJSON(l.Columns.V), "on": by.Today(tx.Now), "by": by.ID, "now": tx.Now})
}

// LoadLayout takes in a layout, all or nothing; what was sent before keeps the layout it was sent in.
func (s *Service) LoadLayout(ctx context.Context, by access.Actor, in LayoutInput) (l Layout, err error) {
	if err := check.Struct(in); err != nil {
		return l, err
	}
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return l, err
	}
	columns, faults := ParseColumns(in.File)
	if len(faults) > 0 {
		return l, errs.At("file", "lines").Showing(Import{Name: in.Version, Faults: faults})
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		_, there, err := pg.Find[Layout](tx, layoutQuery+`where version = :version`, pg.Args{"version": in.Version})
		if err != nil {
			return err
		}
		if there || strings.HasPrefix(in.Version, "waymark-") { // those are the program's own
			return errs.At("version", "taken")
		}
		l = Layout{Version: in.Version, Official: in.Official, Columns: pg.AsJSON(columns), LoadedOn: by.Today(tx.Now)}
		if err := l.kept(tx, by); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "layout.loaded", Subject: l.ID.String(), Detail: map[string]any{"version": l.Version, "official": l.Official, "columns": len(columns)}})
	})
	return l, err
}

// frozen is a quarter as it is about to be sent: the file, its hash, the numbers, and how many fixes are left.
type frozen struct {
	report  participation.Quarter
	layout  Layout
	asOf    civil.Date
	rows    int
	content string
	sum     [sha256.Size]byte
	fixes   int
	numbers []Number
}

// Submit freezes a quarter as it is sent: the bytes, their hash and the numbers, all of one moment. Again,
// it is another revision, which says why; what was sent before stays.
func (s *Service) Submit(ctx context.Context, by access.Actor, in SubmitInput) (made Submission, err error) {
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return made, err
	}
	today := by.Today(s.db.Now())
	report, err := ParseReport(in.Quarter, today)
	if err != nil || !today.After(report.Last()) {
		return made, errs.At("quarter", "quarter_not_over")
	}
	var z frozen
	if err := s.whole(ctx, by, report, func(f file) error {
		z, err = f.freeze()
		return err
	}); err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		made, err = z.submit(tx, by, in)
		return err
	})
	return made, err
}

// freeze takes it all from the moment that the file is read in.
func (f file) freeze() (z frozen, err error) {
	z = frozen{report: f.report, layout: f.layout, asOf: f.q.asOf}
	var b strings.Builder
	if z.rows, z.fixes, err = f.write(&b); err != nil {
		return z, err
	}
	z.content = b.String()
	z.sum = sha256.Sum256([]byte(z.content))
	f.q.reports = []participation.Quarter{f.report}
	z.numbers, err = numbers(f.tx, f.scope, f.q)
	return z, err
}

// submit keeps what was frozen as the next revision of its quarter.
func (z frozen) submit(tx *pg.Tx, by access.Actor, in SubmitInput) (made Submission, err error) {
	last, again, err := lastSubmission(tx, z.report)
	switch {
	case err != nil:
		return made, err
	case again && in.Note == "":
		return made, errs.At("note", "required")
	case z.fixes > 0 && !in.Despite:
		return made, errs.AtArgs("despite_fixes", "fixes_left", map[string]any{"count": z.fixes})
	}
	if err := z.layout.kept(tx, by); err != nil {
		return made, err
	}
	mine := id.New[Submission]()
	if err := pg.Insert(tx, `insert into submissions_pirl (agency_id, id, quarter, revision, schema_id, as_of, row_count, sha256, content, numbers, note, submitted_by, recorded_at)
		values (:agency, :id, :quarter, :revision, :schema, :as_of, :rows, :sum, :content, :numbers, :note, :by, :now)`, pg.Args{
		"agency": by.Agency, "id": mine, "quarter": int(z.report), "revision": last.Revision + 1, "schema": z.layout.ID, "as_of": z.asOf, "rows": z.rows, "sum": z.sum[:],
		"content": z.content, "numbers": pg.AsJSON(z.numbers), "note": in.Note, "by": by.ID, "now": tx.Now,
	}); err != nil {
		return made, err
	}
	if made, _, err = lastSubmission(tx, z.report); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{Action: "quarter.submitted", Subject: mine.String(), Detail: map[string]any{"quarter": z.report.String(), "revision": made.Revision, "rows": z.rows, "sha256": made.SHA256}})
}

// Frozen is the file of a submission, byte by byte as it was sent: bytes that no longer make the hash
// of that day are not given out. Who took the file is written down, as it holds more than pages show.
func (s *Service) Frozen(ctx context.Context, by access.Actor, of SubmissionID) (made Submission, content string, err error) {
	if err := s.policy.Require(by, access.ManageResult); err != nil {
		return made, "", err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if made, err = pg.Get[Submission](tx, submissionQuery+`where s.id = :id`, pg.Args{"id": of}); err != nil {
			return err
		}
		if content, err = pg.Get[string](tx, `select content from submissions_pirl where id = :id`, pg.Args{"id": of}); err != nil {
			return err
		}
		if sum := sha256.Sum256([]byte(content)); hex.EncodeToString(sum[:]) != made.SHA256 {
			return fmt.Errorf("result: the file of submission %s is not what was sent", of)
		}
		return audit.Append(tx, by, audit.Entry{Action: "pirl.taken", Subject: of.String(), Detail: map[string]any{"quarter": made.Quarter.String(), "revision": made.Revision}})
	})
	return made, content, err
}
