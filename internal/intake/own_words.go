package intake

import (
	"encoding/json"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
	"waymark/internal/pg"
)

// Pointer is where the answers of one section go; nil when there is no such section.
func (s *Sections) Pointer(name Section) any {
	switch name {
	case SectionAbout:
		return &s.About
	case SectionContact:
		return &s.Contact
	case SectionEducation:
		return &s.Education
	case SectionWork:
		return &s.Work
	case SectionComputer:
		return &s.Computer
	case SectionSupports:
		return &s.Supports
	case SectionMoney:
		return &s.Money
	}
	return nil
}

// Read puts answers, as JSON, in the place of one section's.
func (s *Sections) Read(name Section, answers []byte) error {
	return errs.Wrapf(json.Unmarshal(answers, s.Pointer(name)), "intake: answers of %s", name)
}

// CheckAnswers holds answers against the rules of their section.
func CheckAnswers(a Answers, today civil.Date) error {
	return checkEdits([]Edit{{Answers: a}}, today)
}

// RecordOf reads the record of a case; the caller has found the case.
func RecordOf(tx *pg.Tx, caseID access.CaseID) (Record, error) { return recordOf(tx, caseID) }

// SaveOwn stores one section in which a participant's own words stand, as Save would. The caller has
// locked the case and brings it up to date.
func SaveOwn(tx *pg.Tx, by access.Actor, c casefile.Case, e Edit) error {
	if err := checkEdits([]Edit{e}, by.Today(tx.Now)); err != nil {
		return err
	}
	before, err := recordOf(tx, c.ID)
	if err != nil {
		return err
	}
	return saveSection(tx, by, c, before, e)
}

// ScreenOf reads the newest screen of a case; its version is 0 when there is none.
func ScreenOf(tx *pg.Tx, caseID access.CaseID) (Screen, error) {
	s, _, err := newestScreen(tx, caseID)
	return s, err
}

// NeedOf is a need as it stands, to be entered again.
func NeedOf(n SupportNeed) NeedInput {
	return NeedInput{Area: n.Area, Severity: n.Severity, Blocking: n.Blocking, Resolution: n.Resolution, Referral: n.Referral, Cost: money.Cents(n.CostCents)}
}
