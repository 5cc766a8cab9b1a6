package document

import (
	"context"
	"io"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Service has the use cases of papers.
type Service struct {
	db     *pg.DB
	policy *access.Policy
	files  *Files
}

// New makes the service. Without files there is nothing to keep papers in, and none is taken.
func New(db *pg.DB, policy *access.Policy, files *Files) *Service {
	return &Service{db, policy, files}
}

var errNoFiles = errs.New(errs.Unavailable, "document.no_place")

// Receive takes in a file as it comes; what is done with it is said by one of the Adds.
func (s *Service) Receive(r io.Reader) (*Spool, error) {
	if s.files == nil {
		return nil, errNoFiles
	}
	return s.files.Receive(r)
}

// Add keeps a paper that staff put into a case.
func (s *Service) Add(ctx context.Context, by access.Actor, caseID access.CaseID, in Input, file *Spool) (made Document, err error) {
	if err := whole(check.Struct(in), file); err != nil {
		return made, err
	}
	scope, err := s.policy.Scope(by, access.WriteDocument)
	if err != nil {
		return made, err
	}
	find := func(tx *pg.Tx, lock bool) (casefile.Case, error) {
		if lock {
			return casefile.Lock(tx, scope, caseID)
		}
		return casefile.Load(tx, scope, caseID)
	}
	return s.add(ctx, by, in, file, find)
}

// AddOwn keeps a paper that a participant sent. Their case manager sees it, and they do.
func (s *Service) AddOwn(ctx context.Context, by access.Actor, in OwnInput, file *Spool) (made Own, err error) {
	if err := whole(check.Struct(in), file); err != nil {
		return made, err
	}
	scope, err := s.policy.Scope(by, access.AnswerPortal)
	if err != nil {
		return made, err
	}
	find := func(tx *pg.Tx, _ bool) (casefile.Case, error) {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err == nil && !c.Open() {
			err = errs.New(errs.Conflict, "portal.closed")
		}
		return c, err
	}
	d, err := s.add(ctx, by, Input{Kind: in.Kind, Visibility: Shared}, file, find)
	return d.own(), err
}

// whole adds to what is wrong with the answers that the file is missing.
func whole(err error, file *Spool) error {
	var c errs.Collector
	if err := c.Merge(err); err != nil {
		return err
	}
	if file == nil {
		c.Add("file", "document.missing")
	}
	return c.Err()
}

// add looks for the case before any work is done on the file, takes the file, and then writes file and row.
func (s *Service) add(ctx context.Context, by access.Actor, in Input, file *Spool, find func(tx *pg.Tx, lock bool) (casefile.Case, error)) (made Document, err error) {
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := find(tx, false)
		if err != nil {
			return err
		}
		return room(tx, by, c.ID)
	})
	if err != nil {
		return made, err
	}
	if s.files == nil {
		return made, errNoFiles
	}
	taken, err := s.files.Take(ctx, by.Agency, file)
	if err != nil {
		return made, err
	}
	defer taken.Drop()
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := find(tx, true)
		if err != nil {
			return err
		}
		if err := holdFiles(tx, by, false); err != nil {
			return err
		}
		if err := taken.keep(); err != nil {
			return err
		}
		newID, err := insert(tx, by, c.ID, in, taken)
		if err != nil {
			return err
		}
		if !in.ExpiresOn.IsZero() { // staff's to say
			if err := casefile.RefreshPapers(tx, c.ID); err != nil {
				return err
			}
		}
		if made, err = one(tx, reader{by: by}, c.ID, newID); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Action: "document.added", Case: c.ID, Subject: newID.String(), Detail: map[string]any{"kind": in.Kind, "visibility": in.Visibility, "media": taken.Media},
		})
	})
	return made, err
}

// List lists the papers of a case that the actor may open.
func (s *Service) List(ctx context.Context, by access.Actor, caseID access.CaseID) (c casefile.Case, list []Document, err error) {
	err = s.read(ctx, by, caseID, func(tx *pg.Tx, of reader, found casefile.Case) (err error) {
		c = found
		list, err = listOf(tx, of, c.ID)
		return err
	})
	return c, list, err
}

// Get reads one paper of a case.
func (s *Service) Get(ctx context.Context, by access.Actor, caseID access.CaseID, documentID ID) (c casefile.Case, d Document, err error) {
	err = s.read(ctx, by, caseID, func(tx *pg.Tx, of reader, found casefile.Case) (err error) {
		c = found
		d, err = one(tx, of, c.ID, documentID)
		return err
	})
	return c, d, err
}

func (s *Service) read(ctx context.Context, by access.Actor, caseID access.CaseID, fn func(*pg.Tx, reader, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, access.ReadDocument)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Load(tx, scope, caseID)
		if err != nil {
			return err
		}
		of, err := s.reader(tx, by, c.ID)
		if err != nil {
			return err
		}
		return fn(tx, of, c)
	})
}

// Content opens the file of a paper that Get or Owned gave.
func (s *Service) Content(by access.Actor, d Document) (io.ReadCloser, error) {
	if s.files == nil {
		return nil, errNoFiles
	}
	return s.files.read(by.Agency, d.SHA256)
}

// Own lists the participant's own papers.
func (s *Service) Own(ctx context.Context, by access.Actor) (list []Own, err error) {
	list = []Own{}
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		all, err := listOf(tx, reader{by: by}, c.ID)
		for _, d := range all {
			list = append(list, d.own())
		}
		return err
	})
	if errs.Is(err, errs.NotFound) { // nobody works with them yet
		err = nil
	}
	return list, err
}

// Owned reads one of the participant's own papers.
func (s *Service) Owned(ctx context.Context, by access.Actor, documentID ID) (d Document, err error) {
	err = s.own(ctx, by, func(tx *pg.Tx, c casefile.Case) (err error) {
		d, err = one(tx, reader{by: by}, c.ID, documentID)
		return err
	})
	return d, err
}

// own reads with the participant's row-level context: staff papers do not exist in it.
func (s *Service) own(ctx context.Context, by access.Actor, fn func(*pg.Tx, casefile.Case) error) error {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return err
	}
	return s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// Seen notes who looked at a paper that the participant sent; seeing it again changes nothing.
func (s *Service) Seen(ctx context.Context, by access.Actor, caseID access.CaseID, documentID ID) (d Document, err error) {
	return s.change(ctx, by, caseID, documentID, "document.seen", nil, func(tx *pg.Tx, d Document) error {
		return pg.Insert(tx, `update documents set seen_by = :by, seen_at = :now, version = version + 1 where id = :id and seen_at is null`,
			pg.Args{"id": d.ID, "by": by.ID, "now": tx.Now})
	})
}

// Archive puts a paper away; nothing is deleted.
func (s *Service) Archive(ctx context.Context, by access.Actor, caseID access.CaseID, documentID ID, version int, in ArchiveInput) (d Document, err error) {
	return s.change(ctx, by, caseID, documentID, "document.archived", in, func(tx *pg.Tx, d Document) error {
		if err := free(tx, d); err != nil {
			return err
		}
		return pg.ExecOne(tx, `update documents set archived_by = :by, archived_at = :now, archive_reason = :reason, version = version + 1
			where id = :id and version = :version and archived_at is null`, pg.Args{"id": d.ID, "by": by.ID, "now": tx.Now, "reason": in.Reason, "version": version})
	})
}

func (s *Service) change(ctx context.Context, by access.Actor, caseID access.CaseID, documentID ID, action string, in any, do func(*pg.Tx, Document) error) (d Document, err error) {
	if in != nil {
		if err := check.Struct(in); err != nil {
			return d, err
		}
	}
	scope, err := s.policy.Scope(by, access.WriteDocument)
	if err != nil {
		return d, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Lock(tx, scope, caseID)
		if err != nil {
			return err
		}
		of, err := s.reader(tx, by, c.ID)
		if err != nil {
			return err
		}
		if d, err = one(tx, of, c.ID, documentID); err != nil {
			return err
		}
		if err := do(tx, d); err != nil {
			return err
		}
		if err := casefile.RefreshPapers(tx, c.ID); err != nil {
			return err
		}
		if d, err = one(tx, of, c.ID, documentID); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: action, Case: c.ID, Subject: d.ID.String(), Detail: map[string]any{"kind": d.Kind}})
	})
	return d, err
}

// free refuses to put away a scan on which a signature stands.
func free(tx *pg.Tx, d Document) error {
	stands, err := pg.Get[bool](tx, `select exists (select from signatures where scan_id = :id)`, pg.Args{"id": d.ID})
	if err == nil && stands {
		err = errs.New(errs.Conflict, "document.stands")
	}
	return err
}
