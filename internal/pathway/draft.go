package pathway

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Draft is a version being worked on, with what is wrong with it and how good a pathway it is.
type Draft struct {
	Edition
	Problems []Problem `json:"problems"`
	Review   Review    `json:"review"`
}

// Life reads what happened to a pathway. Only those who edit see versions that were never out.
func (s *Service) Life(ctx context.Context, by access.Actor, code string) (l Life, err error) {
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if l, err = LifeOf(tx, code); err != nil {
			return err
		}
		if s.policy.Require(by, access.EditPathway) != nil {
			l = l.seenByAll()
		}
		return nil
	})
	return l, err
}

func (l Life) seenByAll() Life {
	l.Versions = slices.DeleteFunc(l.Versions, func(v VersionSummary) bool { return v.State != Published && v.State != Retired })
	l.Events = slices.DeleteFunc(l.Events, func(e Event) bool {
		return !slices.ContainsFunc(l.Versions, func(v VersionSummary) bool { return v.Version == e.Version })
	})
	return l
}

// Draft reads a version with its problems and its report.
func (s *Service) Draft(ctx context.Context, by access.Actor, code string, version int) (d Draft, c Catalogue, err error) {
	if err = s.policy.Require(by, access.EditPathway); err != nil {
		return d, c, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if d.Edition, err = At(tx, code, version); err != nil {
			return err
		}
		if c, err = Load(tx, ""); err != nil {
			return err
		}
		l, err := LifeOf(tx, code)
		if err != nil {
			return err
		}
		d.Review = ReviewOf(d.Pathway, c.Occupation).With(l.ValidatedBy(version))
		d.Problems, err = problemsOf(tx, d.Pathway)
		return err
	})
	return d, c, err
}

// problemsOf checks one pathway against all that is stored, with paths inside the pathway.
func problemsOf(tx *pg.Tx, p Pathway) ([]Problem, error) {
	here, err := storedCatalogue(tx)
	if err != nil {
		return nil, err
	}
	list := []Problem{}
	for _, problem := range here.problems(File{Format: Format, Pathways: []Pathway{p}}) {
		problem.Path = strings.TrimPrefix(strings.TrimPrefix(problem.Path, "pathways[0]"), ".")
		list = append(list, problem)
	}
	return list, nil
}

// Begin opens a draft from the version in use, or from the newest when none is. There is one open draft of a pathway at a time.
func (s *Service) Begin(ctx context.Context, by access.Actor, code string) (e Edition, err error) {
	return s.begin(ctx, by, code, false, func(from Pathway, _ int) (Pathway, error) { return from, nil })
}

// BeginWith opens a draft from another document, such as one that was imported, over the version in
// use, or over nothing when the pathway is new.
func (s *Service) BeginWith(ctx context.Context, by access.Actor, code string, make func(from Pathway) (Pathway, error)) (Edition, error) {
	return s.begin(ctx, by, code, true, func(from Pathway, _ int) (Pathway, error) { return make(from) })
}

func (s *Service) begin(ctx context.Context, by access.Actor, code string, fresh bool, make func(from Pathway, last int) (Pathway, error)) (e Edition, err error) {
	if err = s.policy.Require(by, access.EditPathway); err != nil {
		return e, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := lockCatalogue(tx, by); err != nil {
			return err
		}
		last, from, err := ground(tx, code, fresh)
		if err != nil {
			return err
		}
		p, err := make(from, last)
		if err != nil {
			return err
		}
		row := versionRow{ID: id.New[VersionRow](), Version: last + 1, State: Drafted}
		doc, err := documentOf(tx, p)
		if err != nil {
			return err
		}
		if err := insertVersion(tx, by, code, row, doc); err != nil {
			return err
		}
		if err := happened(tx, by, code, row.Version, Event{Kind: "drafted"}); err != nil {
			return err
		}
		if err := noted(tx, by, "pathway.drafted", code, row.Version); err != nil {
			return err
		}
		e, err = At(tx, code, row.Version)
		return err
	})
	return e, err
}

// ground is what a draft starts from: the newest number and the document in use, the newest one when
// none is. A fresh pathway starts from nothing.
func ground(tx *pg.Tx, code string, fresh bool) (last int, from Pathway, err error) {
	l, err := LifeOf(tx, code)
	if fresh && errs.Is(err, errs.NotFound) {
		return 0, Pathway{Code: code}, nil
	}
	if err != nil {
		return 0, from, err
	}
	if open, ok := l.Open(); ok {
		return 0, from, errs.New(errs.Conflict, "pathway.draft_open").Showing(map[string]any{"version": open.Version})
	}
	last = l.Versions[0].Version
	out, ok := l.Published()
	if !ok && fresh {
		return last, Pathway{Code: code}, nil
	}
	if !ok {
		out = l.Versions[0]
	}
	e, err := At(tx, code, out.Version)
	return last, e.Pathway, err
}

// NewInput is a pathway that the agency does not have yet.
type NewInput struct {
	Code   string `json:"code" validate:"required,max=20"`
	Name   Text   `json:"name"`
	Sector string `json:"sector" validate:"required,max=60"`
}

// newCode is what the address of a pathway is made of.
var newCode = regexp.MustCompile(`^[A-Z0-9]+(-[A-Z0-9]+)*$`)

func (in NewInput) check() error {
	if err := check.Struct(in); err != nil {
		return err
	}
	var c errs.Collector
	if !newCode.MatchString(in.Code) {
		c.AddArgs("code", "pathway.code", map[string]any{"entered": in.Code})
	}
	for field, text := range map[string]string{"name.en": in.Name.EN, "name.es": in.Name.ES} {
		if strings.TrimSpace(text) == "" {
			c.Add(field, Required)
		}
		if len(text) > 200 {
			c.AddArgs(field, "max", map[string]any{"param": "200"})
		}
	}
	return c.Err()
}

// Start opens the first draft of a new pathway, with nothing in it but its name.
func (s *Service) Start(ctx context.Context, by access.Actor, in NewInput) (Edition, error) {
	if err := in.check(); err != nil {
		return Edition{}, err
	}
	return s.begin(ctx, by, in.Code, true, func(from Pathway, last int) (Pathway, error) {
		if last > 0 {
			return from, errs.At("code", "pathway.exists")
		}
		return Pathway{Code: in.Code, Name: in.Name, Sector: in.Sector}, nil
	})
}

// Unpublished are the pathways that are being made: no version of them is in use.
func (s *Service) Unpublished(ctx context.Context, by access.Actor) (codes []string, err error) {
	if err := s.policy.Require(by, access.EditPathway); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		codes, err = pg.List[string](tx, `select code from pathway_versions group by code having bool_and(state <> 'published') order by code limit 200`, pg.Args{})
		return err
	})
	return codes, err
}

func documentOf(tx *pg.Tx, p Pathway) (stored[Pathway], error) {
	here, err := storedCatalogue(tx)
	return stored[Pathway]{p, cited(p, here.sources)}, err
}

func noted(tx *pg.Tx, by access.Actor, action, code string, version int) error {
	return audit.Append(tx, by, audit.Entry{Action: action, Detail: map[string]any{"pathway": code, "version": version}})
}

// Change saves an edit of a draft that is still at the revision the editor saw.
func (s *Service) Change(ctx context.Context, by access.Actor, code string, version, revision int, edit func(*Pathway) error) (Edition, error) {
	return s.changeWith(ctx, by, code, version, revision, func(_ *pg.Tx, p *Pathway) error { return edit(p) })
}

func (s *Service) changeWith(ctx context.Context, by access.Actor, code string, version, revision int, edit func(*pg.Tx, *Pathway) error) (e Edition, err error) {
	if err = s.policy.Require(by, access.EditPathway); err != nil {
		return e, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if e, err = At(tx, code, version); err != nil {
			return err
		}
		if e.State != Drafted {
			return errs.New(errs.Conflict, "pathway.not_draft").Showing(map[string]any{"state": e.State})
		}
		if revision != e.Revision {
			return errs.New(errs.Conflict, "version").Showing(map[string]any{"revision": e.Revision})
		}
		p := e.Pathway
		if err := edit(tx, &p); err != nil {
			return err
		}
		p.Code = code
		doc, err := documentOf(tx, p)
		if err != nil {
			return err
		}
		if err := pg.ExecOne(tx, `
			update pathway_versions set document = :document, sha256 = :sha, revision = revision + 1
			where code = :code and version = :version and revision = :revision and state = 'draft'`,
			pg.Args{"document": pg.AsJSON(doc), "sha": doc.print(), "code": code, "version": version, "revision": e.Revision}); err != nil {
			return err
		}
		if err := noted(tx, by, "pathway.draft_changed", code, version); err != nil {
			return err
		}
		e, err = At(tx, code, version)
		return err
	})
	return e, err
}

// ValidationInput says which employers looked at a draft and found it right, and when.
type ValidationInput struct {
	Employers   []string   `json:"employers" validate:"required,min=1,max=30,dive,max=200"`
	ValidatedOn civil.Date `json:"validated_on"`
	Note        string     `json:"note" validate:"max=1000"`
}

// Validate records the employers who stand behind a draft; from then on it cannot be edited until
// it is opened again. A draft with problems cannot be validated.
func (s *Service) Validate(ctx context.Context, by access.Actor, code string, version int, in ValidationInput) error {
	in.Employers = slices.DeleteFunc(slices.Clone(in.Employers), func(e string) bool { return strings.TrimSpace(e) == "" })
	if err := check.Struct(in); err != nil {
		return err
	}
	return s.move(ctx, by, code, version, func(tx *pg.Tx) error {
		if in.ValidatedOn.After(by.Today(tx.Now)) {
			return errs.At("validated_on", "in_future")
		}
		e, err := At(tx, code, version)
		if err != nil {
			return err
		}
		if err := sound(tx, e.Pathway); err != nil {
			return err
		}
		return SetState(tx, by, code, version, Drafted, Validated, Event{Kind: "validated", On: in.ValidatedOn, Employers: in.Employers, Note: in.Note})
	}, "pathway.validated")
}

func sound(tx *pg.Tx, p Pathway) error {
	problems, err := problemsOf(tx, p)
	if err != nil || len(problems) == 0 {
		return err
	}
	return errs.New(errs.Conflict, "pathway.has_problems").Showing(map[string]any{"problems": problems})
}

// Reopen makes a validated version a draft again; the employers' word falls.
func (s *Service) Reopen(ctx context.Context, by access.Actor, code string, version int) error {
	return s.move(ctx, by, code, version, func(tx *pg.Tx) error {
		return SetState(tx, by, code, version, Validated, Drafted, Event{Kind: "reopened"})
	}, "pathway.reopened")
}

// Drop gives up a draft; its number is not used again.
func (s *Service) Drop(ctx context.Context, by access.Actor, code string, version int) error {
	return s.move(ctx, by, code, version, func(tx *pg.Tx) error {
		e, err := At(tx, code, version)
		if err != nil {
			return err
		}
		if e.State != Drafted && e.State != Validated {
			return errs.New(errs.Conflict, "pathway.not_draft").Showing(map[string]any{"state": e.State})
		}
		return SetState(tx, by, code, version, e.State, Withdrawn, Event{Kind: "dropped"})
	}, "pathway.dropped")
}

// Publish makes a validated version the one in use and retires the one before. What was made with
// earlier versions keeps them.
func (s *Service) Publish(ctx context.Context, by access.Actor, code string, version int) error {
	return s.move(ctx, by, code, version, func(tx *pg.Tx) error {
		e, err := At(tx, code, version)
		if err != nil {
			return err
		}
		if e.State != Validated {
			return errs.New(errs.Conflict, "pathway.not_validated").Showing(map[string]any{"state": e.State})
		}
		if err := sound(tx, e.Pathway); err != nil {
			return err
		}
		l, err := LifeOf(tx, code)
		if err != nil {
			return err
		}
		if out, ok := l.Published(); ok && out.Version > version {
			return errs.New(errs.Conflict, "pathway.overtaken").Showing(map[string]any{"version": out.Version})
		}
		if err := retire(tx, by, code); err != nil {
			return err
		}
		return SetState(tx, by, code, version, Validated, Published, Event{Kind: "published"})
	}, "pathway.published")
}

// move does one step of a version's life under a lock, with its audit entry.
func (s *Service) move(ctx context.Context, by access.Actor, code string, version int, step func(*pg.Tx) error, action string) error {
	if err := s.policy.Require(by, access.EditPathway); err != nil {
		return err
	}
	return s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if _, err := At(tx, code, version); err != nil {
			return err
		}
		if err := lockCatalogue(tx, by); err != nil {
			return err
		}
		if err := step(tx); err != nil {
			return err
		}
		return noted(tx, by, action, code, version)
	})
}

// lockCatalogue lets one change of an agency's catalogue follow the other.
func lockCatalogue(tx *pg.Tx, by access.Actor) error {
	_, err := pg.Exec(tx, `select pg_advisory_xact_lock(hashtext('catalogue ' || cast(:agency as text)))`, pg.Args{"agency": by.Agency})
	return err
}
