package intake

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/pg"
)

// Sections are the answers of all seven. What the person's own record knows stands in About and
// Contact even before they are saved.
type Sections struct {
	About     About     `json:"about"`
	Contact   Contact   `json:"contact"`
	Education Education `json:"education"`
	Work      Work      `json:"work"`
	Computer  Computer  `json:"computer"`
	Supports  Supports  `json:"supports"`
	Money     Money     `json:"money"`
}

// Of gives the answers of one section; nil when there is no such section.
func (s Sections) Of(name Section) Answers {
	switch name {
	case SectionAbout:
		return s.About
	case SectionContact:
		return s.Contact
	case SectionEducation:
		return s.Education
	case SectionWork:
		return s.Work
	case SectionComputer:
		return s.Computer
	case SectionSupports:
		return s.Supports
	case SectionMoney:
		return s.Money
	}
	return nil
}

// Tidy drops the rows of lists that were left empty, as forms offer more rows than are needed.
func (s *Sections) Tidy() {
	s.Work.Jobs = slices.DeleteFunc(s.Work.Jobs, func(j Job) bool { return j == Job{} })
	s.Money.Income = slices.DeleteFunc(s.Money.Income, func(l Income) bool { return l == Income{} })
	s.Money.Benefits = slices.DeleteFunc(s.Money.Benefits, func(b Benefit) bool { return b == Benefit{} })
}

// State says how far a section is. Version is 0 when it was never saved; EarlierOn is then the day on
// which an earlier case of the person got the answers that stand here. They count once they are saved.
type State struct {
	Section  Section    `json:"section"`
	Version  int        `json:"version"`
	Complete bool       `json:"complete"`
	Missing  []string   `json:"missing"`
	SavedOn  civil.Date `json:"saved_on"`
	SavedBy  string     `json:"saved_by"`

	EarlierOn civil.Date `json:"earlier_on"`
}

// Record is the intake record as it stands.
type Record struct {
	Sections Sections
	States   []State // in the order of SectionNames
	SSNLast4 string
}

// State finds the state of a section.
func (r Record) State(name Section) State {
	if i := slices.Index(SectionNames, name); i >= 0 {
		return r.States[i]
	}
	return State{}
}

// Done counts the sections that are complete.
func (r Record) Done() int {
	n := 0
	for _, s := range r.States {
		if s.Complete {
			n++
		}
	}
	return n
}

// Missing lists what the record still asks for, as "section.field".
func (r Record) Missing() []string {
	list := []string{}
	for _, s := range r.States {
		for _, f := range s.Missing {
			list = append(list, string(s.Section)+"."+f)
		}
		if s.Version == 0 && len(s.Missing) == 0 {
			list = append(list, string(s.Section))
		}
	}
	return list
}

// FirstUnfinished is the section to go on with; "" when all are complete.
func (r Record) FirstUnfinished() Section {
	for _, s := range r.States {
		if !s.Complete {
			return s.Section
		}
	}
	return ""
}

// recordOf reads the record of a case as its forms show it: whoever comes back is not asked everything again.
func recordOf(tx *pg.Tx, caseID access.CaseID) (r Record, err error) {
	rows, err := savedSections(tx, caseID)
	if err != nil {
		return r, err
	}
	return recordFrom(tx, caseID, rows)
}

// confirmedOf is recordOf without what only an earlier case says: a decision rests on what was said for it.
func confirmedOf(tx *pg.Tx, caseID access.CaseID) (r Record, err error) {
	rows, err := savedSections(tx, caseID)
	if err != nil {
		return r, err
	}
	return recordFrom(tx, caseID, slices.DeleteFunc(rows, func(s savedSection) bool { return s.Earlier }))
}

func recordFrom(tx *pg.Tx, caseID access.CaseID, rows []savedSection) (r Record, err error) {
	saved := map[Section]savedSection{}
	for _, row := range rows {
		saved[row.Section] = row
		if err := r.Sections.Read(row.Section, row.Answers.V); err != nil {
			return r, err
		}
	}
	p, err := personOf(tx, caseID)
	if err != nil {
		return r, err
	}
	r.SSNLast4 = p.SSNLast4
	p.fill(&r.Sections, saved[SectionContact].Version > 0)
	for _, name := range SectionNames {
		r.States = append(r.States, saved[name].state(name, r.Sections.Of(name).missing()))
	}
	return r, nil
}

func (s savedSection) state(name Section, missing []string) State {
	if s.Earlier {
		return State{Section: name, Missing: missing, EarlierOn: s.RecordedOn}
	}
	return State{Section: name, Version: s.Version, Complete: s.Version > 0 && len(missing) == 0, Missing: missing, SavedOn: s.RecordedOn, SavedBy: s.RecordedBy}
}

// fill puts what the person's record knows into the sections that ask for it.
func (p personRow) fill(s *Sections, contacted bool) {
	a, c := &s.About, &s.Contact
	a.FirstName, a.MiddleName, a.LastName, a.PreferredName, a.PriorNames = p.FirstName, p.MiddleName, p.LastName, p.PreferredName, p.PriorNames
	a.BirthDate, a.Language = p.BirthDate, p.Language
	if p.Interpreter || a.Interpreter != "" {
		a.Interpreter = SaidOf(p.Interpreter)
	}
	c.Phone, c.BestTime, c.Email, c.Street, c.City, c.State, c.ZIP, c.CountyFIPS, c.Housing =
		p.Phone, p.BestTime, p.Email, p.Street, p.City, p.State, p.ZIP, p.CountyFIPS, p.Housing
	if p.TextsOK || contacted && c.TextsOK != "" {
		c.TextsOK = SaidOf(p.TextsOK)
	}
	if p.SafeMessage || contacted && c.SafeMessage != "" {
		c.SafeMessage = SaidOf(p.SafeMessage)
	}
}
