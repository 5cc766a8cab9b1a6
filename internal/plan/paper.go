package plan

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// Paper is a version for printing: the document kept, if it is frozen, else as it would be printed
// now. Whole is false when what is kept no longer has its fingerprint.
type Paper struct {
	View
	Document string
	Lang     string
	Frozen   bool
	Whole    bool
	// Copy is the same plan in the agency's own language; nil where the signed one is in it.
	Copy *Frozen
	// Scans are the papers that a signature on paper may name, while the version is signed.
	Scans []Scan
}

// paperScope reaches a record for staff and the own plan for participants and who signs for them, who see no
// drafts.
func (s *Service) paperScope(by access.Actor) (access.Scope, error) {
	switch by.Role {
	case access.ParticipantRole:
		return s.policy.Scope(by, access.ReadPortal)
	case access.Guardian:
		return s.policy.Scope(by, access.SignPlan)
	}
	return s.policy.Scope(by, access.ReadRecord)
}

// Print reads the paper of a version; number 0 is the current one.
func (s *Service) Print(ctx context.Context, by access.Actor, caseID access.CaseID, number int) (p Paper, err error) {
	scope, err := s.paperScope(by)
	if err != nil {
		return p, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		if p.Case, err = casefile.Load(tx, scope, caseID); err != nil {
			return err
		}
		return s.print(tx, by, &p, number)
	})
	return p, err
}

func (s *Service) print(tx *pg.Tx, by access.Actor, p *Paper, number int) error {
	if err := p.read(tx, by, number); err != nil {
		return err
	}
	if p.None || by.Role == access.Guardian && !p.Guardian { // who is 18 has no guardian any more
		return errs.New(errs.NotFound, "not_found")
	}
	kept, found, err := frozenOf(tx, p.Plan)
	if err != nil {
		return err
	}
	if found && p.Plan.State != Returned {
		if by.Role.Staff() && p.Plan.State == Submitted {
			if p.Scans, err = scansOf(tx, p.Plan); err != nil {
				return err
			}
		}
		p.Document, p.Lang, p.Frozen, p.Whole = kept.Document, kept.Lang, true, kept.Whole && !p.Plan.altered()
		return p.copied(tx)
	}
	if !by.Role.Staff() {
		return errs.New(errs.NotFound, "not_found")
	}
	p.Lang, p.Whole = p.Plan.DocumentLang, true
	d, err := documentOf(tx, by, p.Case, p.Plan, p.Lang)
	if err != nil {
		return err
	}
	p.Document, err = s.render(d)
	return err
}

// copied reads the copy that was kept beside the signed document.
func (p *Paper) copied(tx *pg.Tx) error {
	kept, found, err := copyOf(tx, p.Plan)
	if found {
		p.Copy = &kept
	}
	return err
}
