package plan

import (
	"context"
	"crypto/sha256"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/goal"
	"waymark/internal/pg"
)

// SubmitInput freezes a draft. The paper's language is the person's own unless another is asked for.
type SubmitInput struct {
	DocumentLang string `json:"document_lang" validate:"omitempty,spoken"`
}

// Submit freezes the version being worked on: its document is printed once, stored, and from then
// on only signed.
func (s *Service) Submit(ctx context.Context, by access.Actor, caseID access.CaseID, version int, in SubmitInput) (p Plan, err error) {
	if err := check.Struct(in); err != nil {
		return p, err
	}
	err = s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		was, found, err := Open(tx, c.ID)
		if err != nil {
			return err
		}
		if !found {
			return closedPlan(tx, c.ID)
		}
		if err := was.check(version); err != nil {
			return err
		}
		if err := was.editable(); err != nil {
			return err
		}
		goals, err := goal.Checked(tx, c.ID)
		if err != nil {
			return err
		}
		if err := was.Ready(goals); err != nil {
			return err
		}
		if err := writtenBy(tx, by, was); err != nil {
			return err
		}
		if err := was.judge(tx, by); err != nil {
			return err
		}
		if err := s.freeze(tx, by, c, was, in.DocumentLang); err != nil {
			return err
		}
		if p, _, err = Numbered(tx, c.ID, was.Number); err != nil {
			return err
		}
		p = p.AsOf(by.Today(tx.Now))
		return audit.Append(tx, by, audit.Entry{Action: "plan.submitted", Case: c.ID, Subject: p.ID.String(), Detail: map[string]any{"number": p.Number, "sha256": p.SHA256}})
	})
	return p, err
}

func (s *Service) freeze(tx *pg.Tx, by access.Actor, c casefile.Case, was Plan, lang string) error {
	if lang == "" {
		lang = was.DocumentLang
	}
	fresh := was
	fresh.FrozenAt = &tx.Now
	d, err := documentOf(tx, by, c, fresh, lang)
	if err != nil {
		return err
	}
	text, err := s.render(d)
	if err != nil {
		return errs.Wrapf(err, "plan: print")
	}
	if err := keepSigned(tx, by, was); err != nil {
		return err
	}
	print := sha256.Sum256([]byte(text))
	if err := freeze(tx, was, text, lang, print[:]); err != nil || lang == agencyLang {
		return err
	}
	return s.copy(tx, by, c, fresh, print[:])
}

// agencyLang is the language of the agency's own version of a plan.
const agencyLang = "en"

// copy keeps the same plan in the agency's language beside the one that is signed.
func (s *Service) copy(tx *pg.Tx, by access.Actor, c casefile.Case, fresh Plan, of []byte) error {
	d, err := documentOf(tx, by, c, fresh, agencyLang)
	if err != nil {
		return err
	}
	text, err := s.render(d)
	if err != nil {
		return errs.Wrapf(err, "plan: copy")
	}
	print := sha256.Sum256([]byte(text))
	return insertCopy(tx, by, fresh, of, agencyLang, text, print[:])
}

// Reopen takes a version that was sent back to work on. Marks on its document no longer count.
func (s *Service) Reopen(ctx context.Context, by access.Actor, caseID access.CaseID, version int) (p Plan, err error) {
	err = s.write(ctx, by, access.DraftPlan, caseID, func(tx *pg.Tx, c casefile.Case) error {
		was, found, err := Open(tx, c.ID)
		if err != nil {
			return err
		}
		if !found || was.State != Submitted {
			return errs.New(errs.Conflict, "plan.not_submitted")
		}
		if err := was.check(version); err != nil {
			return err
		}
		if err := keepSigned(tx, by, was); err != nil {
			return err
		}
		if err := thaw(tx, was); err != nil {
			return err
		}
		if p, _, err = Numbered(tx, c.ID, was.Number); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Action: "plan.reopened", Case: c.ID, Subject: p.ID.String(), Detail: map[string]any{"number": p.Number}})
	})
	return p, err
}
