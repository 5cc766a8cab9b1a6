package roster

import (
	"context"
	"errors"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/intake"
	"waymark/internal/participant"
	"waymark/internal/pg"
)

// Service takes people in.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	intake *intake.Service
}

// New makes the service; key encrypts SSNs.
func New(db *pg.DB, policy *access.Policy, key []byte) *Service {
	return &Service{db, policy, intake.New(db, policy, key)}
}

// Options say how a file is taken in.
type Options struct {
	DryRun bool // everything is tried and nothing is kept
	// Partial keeps the good lines when others are refused; without it one refused line keeps all out.
	Partial bool
	// Alike takes in people who look like somebody known, which is a warning then.
	Alike bool
	// Office is the name of where people belong whose line names none.
	Office string
	// Tell is told now and then how far it is.
	Tell func(done, of int)
}

// Report is what became of a file.
type Report struct {
	Rows, Added, Refused int
	Faults, Warnings     []Fault
	Kept                 bool
}

// errUndone ends the transaction of a file of which nothing is to be kept.
var errUndone = errors.New("roster: nothing is kept")

// Import takes in the people of a file in one transaction, each by the same rules as at the desk.
func (s *Service) Import(ctx context.Context, by access.Actor, f File, o Options) (r Report, err error) {
	if err := s.policy.Require(by, access.CreateParticipant); err != nil {
		return r, err
	}
	scope, err := s.policy.Scope(by, access.ReadCase)
	if err != nil {
		return r, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		r = Report{Rows: f.Rows(), Refused: len(f.Faults), Faults: slices.Clone(f.Faults)}
		j := job{tx: tx, by: by, scope: scope, s: s, o: o, r: &r}
		if err := j.prepare(); err != nil {
			return err
		}
		for i, one := range f.rows {
			if err := j.row(one); err != nil {
				return err
			}
			if o.Tell != nil && (i+1)%100 == 0 {
				o.Tell(i+1, len(f.rows))
			}
		}
		if o.DryRun || r.Refused > 0 && !o.Partial || r.Added == 0 {
			return errUndone
		}
		return audit.Append(tx, by, audit.Entry{Action: "participants.imported", Detail: map[string]any{"sha256": f.SHA256, "rows": r.Rows, "added": r.Added, "refused": r.Refused}})
	})
	if errors.Is(err, errUndone) {
		err = nil
	} else {
		r.Kept = err == nil
	}
	slices.SortStableFunc(r.Faults, func(a, b Fault) int { return a.Line - b.Line })
	return r, err
}

// job is one file on its way in.
type job struct {
	tx      *pg.Tx
	by      access.Actor
	scope   access.Scope
	s       *Service
	o       Options
	r       *Report
	offices []agency.Office
	numbers map[intake.SSN]int // lines by the number that stands in them
}

func (j *job) prepare() (err error) {
	j.numbers = map[intake.SSN]int{}
	if j.offices, err = agency.OpenOffices(j.tx); err != nil {
		return err
	}
	if j.o.Office != "" && j.officeOf(j.o.Office).IsZero() {
		return errs.At("office", "import.office")
	}
	return nil
}

func (j *job) officeOf(name string) access.OfficeID {
	for _, o := range j.offices {
		if strings.EqualFold(o.Name, name) || name == "" && len(j.offices) == 1 {
			return o.ID
		}
	}
	return access.OfficeID{}
}

// row takes one person in, or leaves no trace of them but the reasons.
func (j *job) row(one row) error {
	if err := pg.Insert(j.tx, `savepoint person`, nil); err != nil {
		return err
	}
	err := j.person(one)
	if err == nil {
		j.r.Added++
		return pg.Insert(j.tx, `release savepoint person`, nil)
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
		return err
	}
	j.refuse(one.line, e)
	return pg.Insert(j.tx, `rollback to savepoint person`, nil)
}

func (j *job) refuse(line int, e *errs.Error) {
	j.r.Refused++
	if len(j.r.Faults) >= maxFaults {
		return
	}
	if matches, ok := e.Current.([]participant.Match); ok {
		j.r.Faults = append(j.r.Faults, likeness(line, matches))
		return
	}
	for _, f := range e.Fields {
		j.r.Faults = append(j.r.Faults, Fault{line, f.Name, f.Code, f.Args})
	}
	if len(e.Fields) == 0 {
		j.r.Faults = append(j.r.Faults, Fault{line, "", e.Code, nil})
	}
}

// likeness says whom a line looks like: by number in reach, else by whom to call.
func likeness(line int, matches []participant.Match) Fault {
	matches = matches[:min(len(matches), 3)]
	names := make([]string, len(matches))
	for i, m := range matches {
		if names[i] = m.Number; m.Number == "" {
			names[i] = strings.TrimSpace(m.Office + " " + m.Call)
		}
	}
	return Fault{line, "", "import.known", map[string]any{"param": strings.Join(names, ", ")}}
}

func (j *job) person(one row) error {
	p, err := personOf(one, j.by.Today(j.tx.Now))
	if err != nil {
		return err
	}
	if line := j.numbers[p.ssn]; line > 0 {
		return errs.AtArgs("ssn", "import.ssn_twice", map[string]any{"param": line})
	}
	by, open, err := j.place(p)
	if err != nil {
		return err
	}
	id, err := j.add(by, one.line, p.Input)
	if err != nil {
		return err
	}
	var made access.CaseID
	if p.manager != "" {
		if made, err = j.open(by, id, open); err != nil {
			return err
		}
	}
	if p.ssn == "" {
		return nil
	}
	if err := j.s.intake.KeepSSN(j.tx, by, id, made, p.ssn); err != nil {
		return at("ssn", err)
	}
	j.numbers[p.ssn] = one.line
	return nil
}

// at puts a refusal that names no field at one.
func at(field string, err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Conflict {
		return errs.At(field, e.Code)
	}
	return err
}

// place finds the office that somebody belongs to, and who works with them.
func (j *job) place(p person) (by access.Actor, open casefile.OpenInput, err error) {
	by, open.OpenedOn = j.by, p.opened
	if p.manager == "" {
		if p.office == "" {
			p.office = j.o.Office
		}
		if by.Office = j.officeOf(p.office); by.Office.IsZero() {
			err = errs.At("office", "import.office")
		} else if !p.opened.IsZero() {
			err = errs.At("case_manager", "import.opened_by")
		}
		return by, open, err
	}
	type worker struct {
		ID     access.UserID   `db:"id"`
		Office access.OfficeID `db:"office_id"`
	}
	w, found, err := pg.Find[worker](j.tx, `select id, office_id from users where email = :email and active and role in ('case_manager', 'supervisor')`, pg.Args{"email": p.manager})
	if err == nil && !found {
		err = errs.At("case_manager", "import.case_manager")
	}
	by.Office, open.CaseManagerID, open.OfficeID = w.Office, w.ID, w.Office
	return by, open, err
}

// add takes a person in; people alike are compared by whoever said that they were.
func (j *job) add(by access.Actor, line int, in participant.Input) (access.ParticipantID, error) {
	all := participant.Create{Input: in}
	var alike []participant.Match
	for {
		made, err := participant.Add(j.tx, by, j.scope, all)
		e, _ := errors.AsType[*errs.Error](err)
		if err == nil && len(alike) > 0 {
			j.r.Warnings = append(j.r.Warnings, likeness(line, alike))
		}
		if e == nil || !j.o.Alike {
			return made, err
		}
		more, ok := e.Current.([]participant.Match)
		if !ok {
			return made, err
		}
		for _, m := range more { // only a few are shown at a time
			alike, all.DistinctFrom = append(alike, m), append(all.DistinctFrom, m.ID)
		}
	}
}

func (j *job) open(by access.Actor, person access.ParticipantID, in casefile.OpenInput) (access.CaseID, error) {
	made, err := casefile.Insert(j.tx, by, person, in)
	if err != nil {
		return made, err
	}
	return made, audit.Append(j.tx, by, audit.Entry{Action: "case.opened", Case: made, Participant: person, Subject: made.String()})
}
