package plan

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
)

// MayApprove is the rule of four eyes: nobody decides on a version that they drafted, changed, sent
// or signed for the agency.
func (p Plan) MayApprove(by access.UserID) error {
	if by == p.AuthorID || slices.Contains(p.Writers, by.String()) {
		return errs.New(errs.Forbidden, "plan.own")
	}
	return nil
}

// mayWrite is the same rule from the other side: whoever approved a version leaves it as it is.
func (p Plan) mayWrite(by access.UserID) error {
	if slices.Contains(p.Approvers, by.String()) {
		return errs.New(errs.Forbidden, "plan.approved_yours")
	}
	return nil
}

// writtenBy notes that somebody had a hand in a version. The foreign key of approvals keeps an
// approver from becoming a writer, should the rule above be forgotten.
func writtenBy(tx *pg.Tx, by access.Actor, p Plan) error {
	if err := p.mayWrite(by.ID); err != nil {
		return err
	}
	return pg.Insert(tx, `
		insert into plan_hands (agency_id, case_id, plan_id, user_id, part) values (:agency, :case_id, :plan_id, :by, 'wrote')
		on conflict (agency_id, plan_id, user_id) do update set part = 'wrote' where plan_hands.part <> 'wrote'`,
		pg.Args{"agency": by.Agency, "case_id": p.CaseID, "plan_id": p.ID, "by": by.ID})
}
