package pathway

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Service answers what the catalogue holds, and takes in new files.
type Service struct {
	db     *pg.DB
	policy *access.Policy
}

// New makes the service.
func New(db *pg.DB, policy *access.Policy) *Service { return &Service{db: db, policy: policy} }

// ImportFiles publishes catalogue files for the actor's agency, all or nothing.
func (s *Service) ImportFiles(ctx context.Context, by access.Actor, files []File) (Report, error) {
	if err := s.policy.Require(by, access.ManageCatalogue); err != nil {
		return Report{}, err
	}
	var report Report
	err := s.db.Write(ctx, by, func(tx *pg.Tx) (err error) {
		report, err = Import(tx, by, files)
		return err
	})
	return report, err
}

// Catalogue is the agency's own, for everybody who has signed in.
func (s *Service) Catalogue(ctx context.Context, by access.Actor) (Catalogue, error) {
	var c Catalogue
	err := s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		c, err = Load(tx, "")
		return err
	})
	return c, err
}

// Edition is one pathway: the published one for version 0, else that version.
func (s *Service) Edition(ctx context.Context, by access.Actor, code string, version int) (Edition, Catalogue, error) {
	var e Edition
	var c Catalogue
	err := s.db.Read(ctx, by, func(tx *pg.Tx) (err error) {
		if c, err = Load(tx, ""); err != nil {
			return err
		}
		if now, ok := c.Pathway(code); ok && now.Version == version {
			e = now
			return nil
		}
		if version > 0 {
			if e, err = At(tx, code, version); err != nil {
				return err
			}
			if !e.Out() && s.policy.Require(by, access.EditPathway) != nil {
				return errs.New(errs.NotFound, "not_found")
			}
			return nil
		}
		var ok bool
		if e, ok = c.Pathway(code); !ok {
			return errs.New(errs.NotFound, "not_found")
		}
		return nil
	})
	return e, c, err
}
