package plan

import (
	"context"
	"strings"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// SignInput is a mark on the document as it was shown.
type SignInput struct {
	Role     string     `json:"role" validate:"required,oneof=participant guardian case_manager"`
	Method   string     `json:"method" validate:"required,oneof=online in_person paper"`
	Name     string     `json:"name" validate:"required,max=200"`
	SignedOn civil.Date `json:"signed_on"`
	SHA256   string     `json:"sha256" validate:"omitempty,len=64,hexadecimal"`
}

// OwnSignInput is the participant's own mark: the consent, the name typed, what was read. The
// password has been asked for again before.
type OwnSignInput struct {
	Consent bool   `json:"consent"`
	Name    string `json:"name" validate:"required,max=200"`
	SHA256  string `json:"sha256" validate:"required,len=64,hexadecimal"`
}

// Check says what the mark lacks; it goes before the code that confirms it, because a code is good once.
func (in OwnSignInput) Check() error {
	var c errs.Collector
	if err := c.Merge(check.Struct(in)); err != nil {
		return err
	}
	if !in.Consent {
		c.Add("consent", "consent_needed")
	}
	return c.Err()
}

// fits holds a mark against the day and who may make it: only the person signs online for
// themself, so staff record what was signed in front of them or on paper.
func (in SignInput) fits(today civil.Date) error {
	var c errs.Collector
	if in.SignedOn.After(today) {
		c.Add("signed_on", "in_future")
	}
	if in.Role != "case_manager" && in.Method == "online" {
		c.Add("method", "sign_themself")
	}
	return c.Err()
}

// Sign records a mark: the case manager's own, or as witness the participant's or a guardian's
// given in person or on paper. With the last mark it needs, the version takes force.
func (s *Service) Sign(ctx context.Context, by access.Actor, caseID access.CaseID, in SignInput, ip string) (p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return p, err
	}
	if by.Role == access.ParticipantRole {
		return p, errs.New(errs.Forbidden, "forbidden")
	}
	err = s.write(ctx, by, access.SignPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		today := by.Today(tx.Now)
		if err := in.fits(today); err != nil {
			return err
		}
		if in.SignedOn.IsZero() {
			in.SignedOn = today
		}
		mark := Signature{Role: in.Role, Name: strings.TrimSpace(in.Name), Method: in.Method, SignedOn: in.SignedOn}
		signer, witness := by.ID, access.UserID{}
		if in.Role != "case_manager" {
			signer, witness = access.UserID{}, by.ID
		}
		p, err = sign(tx, by, c, mark, in.SHA256, signer, witness, ip)
		return err
	})
	return p, err
}

// SignOwn is the participant's mark in their own session. The case is refreshed from rows that a
// participant may not read, so the transaction runs as the program, within the person's own scope,
// and the audit names the person.
func (s *Service) SignOwn(ctx context.Context, by access.Actor, caseID access.CaseID, in OwnSignInput, ip string) (p Plan, err error) {
	if err := in.Check(); err != nil {
		return p, err
	}
	scope, err := s.policy.Scope(by, access.SignPlan)
	if err != nil || by.Role != access.ParticipantRole {
		return p, errs.New(errs.Forbidden, "forbidden")
	}
	program := by
	program.Role = access.System
	err = s.db.Write(ctx, program, func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		mark := Signature{Role: "participant", Name: strings.TrimSpace(in.Name), Method: "online", SignedOn: by.Today(tx.Now)}
		if p, err = sign(tx, by, c, mark, in.SHA256, by.ID, access.UserID{}, ip); err != nil {
			return err
		}
		return participation.RefreshCase(tx, c, by.Today(tx.Now))
	})
	return p, err
}

// OwnCase finds the case of the participant who is signed in.
func (s *Service) OwnCase(ctx context.Context, by access.Actor) (caseID access.CaseID, err error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return caseID, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		caseID = c.ID
		return err
	})
	return caseID, err
}

// sign binds a mark to the fingerprint of the document that is there now.
func sign(tx *pg.Tx, by access.Actor, c casefile.Case, mark Signature, seen string, signer, witness access.UserID, ip string) (Plan, error) {
	p, found, err := Open(tx, c.ID)
	if err != nil {
		return p, err
	}
	if !found || p.State != Submitted {
		return p, errs.New(errs.Conflict, "plan.not_submitted")
	}
	if mark.Role == "case_manager" {
		if err := p.mayWrite(by.ID); err != nil {
			return p, err
		}
	}
	if err := p.readAgain(tx, seen); err != nil {
		return p, err
	}
	if _, done := p.Signed(mark.Role); done {
		return p, errs.New(errs.Conflict, "plan.signed_already").Showing(map[string]any{"role": mark.Role, "number": p.Number})
	}
	if err := insertSignature(tx, by, p, mark, signer, witness, ip); err != nil {
		return p, err
	}
	if err := audit.Append(tx, by, audit.Entry{
		Action: "plan.signed", Case: c.ID, Subject: p.ID.String(),
		Detail: map[string]any{"number": p.Number, "role": mark.Role, "method": mark.Method, "sha256": p.SHA256},
	}); err != nil {
		return p, err
	}
	return settle(tx, by, c, p)
}

// readAgain refuses a mark on another document than the one that is kept, and one on a document
// that no longer has its fingerprint.
func (p Plan) readAgain(tx *pg.Tx, seen string) error {
	if seen != "" && !strings.EqualFold(seen, p.SHA256) {
		return errs.New(errs.Conflict, "plan.read_again").Showing(map[string]any{"sha256": p.SHA256, "number": p.Number})
	}
	kept, found, err := frozenOf(tx, p)
	if err == nil && (!found || !kept.Whole) {
		err = errs.New(errs.Conflict, "plan.altered")
	}
	return err
}

// Missing lists the marks that a frozen version still waits for: participant, guardian,
// case_manager, approval.
func (p Plan) Missing(guardian bool) []string {
	list := []string{}
	for _, role := range []string{"participant", "guardian", "case_manager"} {
		if _, ok := p.Signed(role); !ok && (role != "guardian" || guardian) {
			list = append(list, role)
		}
	}
	if _, ok := p.Approved(); p.ApprovalNeeded && !ok {
		list = append(list, "approval")
	}
	return list
}

// settle puts a version in force when no mark is missing, and reads how it stands.
func settle(tx *pg.Tx, by access.Actor, c casefile.Case, p Plan) (Plan, error) {
	today := by.Today(tx.Now)
	p, _, err := Numbered(tx, c.ID, p.Number)
	if err != nil {
		return p, err
	}
	guardian, err := minor(tx, c, today)
	if err != nil {
		return p, err
	}
	if len(p.Missing(guardian)) == 0 {
		if err := takeForce(tx, p, civil.Later(p.SignedOn(), p.ApprovedOn())); err != nil {
			return p, err
		}
		if err := audit.Append(tx, by, audit.Entry{Action: "plan.in_force", Case: c.ID, Subject: p.ID.String(), Detail: map[string]any{"number": p.Number}}); err != nil {
			return p, err
		}
	} else if err := setState(tx, p, Submitted); err != nil { // counts the mark in the version
		return p, err
	}
	p, _, err = Numbered(tx, c.ID, p.Number)
	return p.AsOf(today), err
}
