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
	"waymark/internal/id"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// SignInput is a mark on the document as it was shown. Scan names the paper of the case that shows a
// signature on paper.
type SignInput struct {
	Role     string     `json:"role" validate:"required,oneof=participant guardian case_manager"`
	Method   string     `json:"method" validate:"required,oneof=online in_person paper"`
	Name     string     `json:"name" validate:"required,max=200"`
	SignedOn civil.Date `json:"signed_on"`
	SHA256   string     `json:"sha256" validate:"omitempty,len=64,hexadecimal"`
	Scan     ScanID     `json:"scan"`
}

// Evidence is how whoever signs was known, and from where: by "password", "code" or a "session" begun a moment
// ago. Consent names the words about electronic records that they agreed to.
type Evidence struct{ Auth, IP, Consent string }

// mark is a signature as it is kept.
type mark struct {
	Signature
	signer, witness access.UserID
	companion       id.Of[companionRow]
	scanPrint       []byte
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
// themself, so staff record what was signed in front of them or on paper, and of paper there is a scan.
func (in SignInput) fits(today civil.Date) error {
	var c errs.Collector
	if in.SignedOn.After(today) {
		c.Add("signed_on", "in_future")
	}
	if in.Role != "case_manager" && in.Method == "online" {
		c.Add("method", "sign_themself")
	}
	if in.Method == "paper" && in.Scan.IsZero() {
		c.Add("scan", "scan_needed")
	}
	return c.Err()
}

// Sign records a mark: the case manager's own, or as witness the participant's or a guardian's
// given in person or on paper. With the last mark it needs, the version takes force.
func (s *Service) Sign(ctx context.Context, by access.Actor, caseID access.CaseID, in SignInput, how Evidence) (p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return p, err
	}
	if !by.Role.Staff() || in.Role == "case_manager" && in.Method == "online" && how.Auth == "" {
		return p, errs.New(errs.Forbidden, "forbidden")
	}
	err = s.write(ctx, by, access.SignPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		today := by.Today(tx.Now)
		if err := in.fits(today); err != nil {
			return err
		}
		p, err = sign(tx, by, c, in.mark(by, today, how), in.SHA256)
		return err
	})
	return p, err
}

// mark is the signature that the form means; what staff saw or hold on paper rests on that.
func (in SignInput) mark(by access.Actor, today civil.Date, how Evidence) mark {
	m := mark{Signature: Signature{Role: in.Role, Name: strings.TrimSpace(in.Name), Method: in.Method, SignedOn: in.SignedOn, Auth: how.Auth, IP: how.IP}}
	if m.SignedOn.IsZero() {
		m.SignedOn = today
	}
	switch in.Method {
	case "paper":
		m.Auth, m.Scan = "scan", in.Scan
	case "in_person":
		m.Auth = "witness"
	}
	if in.Role == "case_manager" {
		m.signer = by.ID
	} else {
		m.witness = by.ID
	}
	return m
}

// SignOwn is the mark of the participant, or of a guardian, in their own session. The case is refreshed from
// rows that they may not read, so the transaction runs as the program, within the person's own scope,
// and the audit names who signed.
func (s *Service) SignOwn(ctx context.Context, by access.Actor, caseID access.CaseID, in OwnSignInput, how Evidence) (p Plan, err error) {
	if err := in.Check(); err != nil {
		return p, err
	}
	scope, err := s.policy.Scope(by, access.SignPlan)
	if err != nil || by.Role.Staff() {
		return p, errs.New(errs.Forbidden, "forbidden")
	}
	err = s.db.Write(ctx, by.Program(), func(tx *pg.Tx) error {
		c, err := casefile.LockOpen(tx, scope, caseID)
		if err != nil {
			return err
		}
		m := mark{signer: by.ID, Signature: Signature{
			Role: string(by.Role), Name: strings.TrimSpace(in.Name), Method: "online", SignedOn: by.Today(tx.Now), Auth: how.Auth, IP: how.IP, Consent: how.Consent,
		}}
		if p, err = sign(tx, by, c, m, in.SHA256); err != nil {
			return err
		}
		return participation.RefreshCase(tx, c, by.Today(tx.Now))
	})
	return p, err
}

// OwnCase finds the case of the participant who is signed in, or beside whom somebody stands.
func (s *Service) OwnCase(ctx context.Context, by access.Actor) (caseID access.CaseID, err error) {
	needs := access.ReadPortal
	if by.Role == access.Guardian {
		needs = access.SignPlan
	}
	scope, err := s.policy.Scope(by, needs)
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
func sign(tx *pg.Tx, by access.Actor, c casefile.Case, m mark, seen string) (Plan, error) {
	p, found, err := Open(tx, c.ID)
	if err != nil {
		return p, err
	}
	if !found || p.State != Submitted {
		return p, errs.New(errs.Conflict, "plan.not_submitted")
	}
	if m.Role == "case_manager" {
		if err := p.mayWrite(by.ID); err != nil {
			return p, err
		}
	}
	if err := p.readAgain(tx, seen); err != nil {
		return p, err
	}
	if _, done := p.Signed(m.Role); done {
		return p, errs.New(errs.Conflict, "plan.signed_already").Showing(map[string]any{"role": m.Role, "number": p.Number})
	}
	if err := m.known(tx, by, c); err != nil {
		return p, err
	}
	if m.scanPrint, err = scanned(tx, p, m.Scan); err != nil {
		return p, err
	}
	bound, err := insertSignature(tx, by, p, m)
	if err != nil {
		return p, err
	}
	if err := audit.Append(tx, by, audit.Entry{
		Action: "plan.signed", Case: c.ID, Subject: p.ID.String(),
		Detail: map[string]any{"number": p.Number, "role": m.Role, "method": m.Method, "auth": m.Auth, "sha256": p.SHA256, "mark": bound},
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
	if err == nil && (!found || !kept.Whole || p.altered()) {
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
