package notetemplate

import (
	"context"
	"errors"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Service has the use cases of templates.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db, policy} }

const query = `select id, title, title_es, body, body_es, archived_at is not null as archived, version, created_at, updated_at from note_templates `

// List has all of them for whoever keeps them, the archived ones last; whoever writes notes sees those in use.
func (s *Service) List(ctx context.Context, by access.Actor) (list []Template, err error) {
	keeps := s.policy.Require(by, access.ManageNoteTemplate) == nil
	if !keeps {
		if err := s.policy.Require(by, access.WriteNote); err != nil {
			return nil, err
		}
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		list, err = pg.List[Template](tx, query+`where archived_at is null or :all order by archived, lower(title), id limit 200`, pg.Args{"all": keeps})
		return err
	})
	return list, err
}

// One reads a template for whoever keeps them.
func (s *Service) One(ctx context.Context, by access.Actor, of ID) (t Template, err error) {
	if err := s.policy.Require(by, access.ManageNoteTemplate); err != nil {
		return t, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		t, err = one(tx, of)
		return err
	})
	return t, err
}

func one(tx *pg.Tx, of ID) (Template, error) {
	return pg.Get[Template](tx, query+`where id = :id`, pg.Args{"id": of})
}

// Add keeps a new template.
func (s *Service) Add(ctx context.Context, by access.Actor, in Input) (Template, error) {
	made := id.New[Template]()
	return s.change(ctx, by, in, made, "note_template.added", func(tx *pg.Tx) error {
		return pg.Insert(tx, `insert into note_templates (agency_id, id, title, title_es, body, body_es, created_at, updated_at)
			values (:agency, :id, :title, :title_es, :body, :body_es, :now, :now)`, in.args(by, tx, made, 0))
	})
}

// Change rewrites a template. Notes that were begun from it stay as they are.
func (s *Service) Change(ctx context.Context, by access.Actor, of ID, version int, in Input) (Template, error) {
	return s.change(ctx, by, in, of, "note_template.changed", func(tx *pg.Tx) error {
		if err := inUse(tx, of); err != nil {
			return err
		}
		return pg.ExecOne(tx, `update note_templates set title = :title, title_es = :title_es, body = :body, body_es = :body_es, version = version + 1, updated_at = :now
			where id = :id and version = :version`, in.args(by, tx, of, version))
	})
}

// Archive puts a template away: it is offered to nobody any more.
func (s *Service) Archive(ctx context.Context, by access.Actor, of ID, version int) (Template, error) {
	return s.change(ctx, by, nil, of, "note_template.archived", func(tx *pg.Tx) error {
		if err := inUse(tx, of); err != nil {
			return err
		}
		return pg.ExecOne(tx, `update note_templates set archived_at = :now, version = version + 1, updated_at = :now where id = :id and version = :version`,
			pg.Args{"id": of, "version": version, "now": tx.Now})
	})
}

// change checks the input and the permission, runs fn and notes it.
func (s *Service) change(ctx context.Context, by access.Actor, in any, of ID, action string, fn func(*pg.Tx) error) (t Template, err error) {
	if in != nil {
		if err := check.Struct(in); err != nil {
			return t, err
		}
	}
	if err := s.policy.Require(by, access.ManageNoteTemplate); err != nil {
		return t, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := fn(tx); err != nil {
			return titleTaken(err)
		}
		if t, err = one(tx, of); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: action, Subject: of.String(), Detail: map[string]any{"version": t.Version}})
	})
	return t, err
}

func (in Input) args(by access.Actor, tx *pg.Tx, of ID, version int) pg.Args {
	return pg.Args{
		"agency": by.Agency, "id": of, "version": version, "title": in.Title, "title_es": in.TitleES, "body": in.Text, "body_es": in.TextES, "now": tx.Now,
	}
}

// inUse refuses work on a template that was put away.
func inUse(tx *pg.Tx, of ID) error {
	t, err := one(tx, of)
	if err == nil && t.Archived {
		err = errs.New(errs.Conflict, "note_template.archived")
	}
	return err
}

// titleTaken turns the broken rule of the schema into an error at the title.
func titleTaken(err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Code == "constraint.note_templates_by_title" {
		return errs.At("title", "note_template.title_taken")
	}
	return err
}
