package intake

import (
	"strconv"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/pg"
)

// FollowPerson repeats in the record of the person's open case what was changed on the person, as new
// versions of About and Contact: whoever has an older one open is told so when saving.
func FollowPerson(tx *pg.Tx, by access.Actor, person access.ParticipantID) error {
	cases, err := pg.List[access.CaseID](tx, `select c.id from cases c where c.participant_id = :person and `+casefile.OpenStates+` limit 5`, pg.Args{"person": person})
	if err != nil {
		return err
	}
	for _, c := range cases {
		p, err := personOf(tx, c)
		if err != nil {
			return err
		}
		if err := follow(tx, by, c, p.onAbout); err != nil {
			return err
		}
		if err := follow(tx, by, c, p.onContact); err != nil {
			return err
		}
	}
	return nil
}

// follow makes a new version of a section that was saved before and says something else than the person.
func follow[T interface {
	Answers
	comparable
}](tx *pg.Tx, by access.Actor, caseID access.CaseID, repeat func(T) T) error {
	was, version, err := newest[T](tx, caseID)
	is := repeat(was)
	if err != nil || version == 0 || is == was {
		return err
	}
	made, err := insertSection(tx, by, caseID, is, version+1, fromStaff)
	if err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{
		Action: "intake.saved", Case: caseID, Subject: made.String(),
		Detail: map[string]any{"section": string(is.Section()), "version": strconv.Itoa(version + 1), "complete": len(is.missing()) == 0},
	})
}

func (p personRow) onAbout(a About) About {
	a.FirstName, a.MiddleName, a.LastName, a.PreferredName, a.PriorNames = p.FirstName, p.MiddleName, p.LastName, p.PreferredName, p.PriorNames
	a.BirthDate, a.Language = p.BirthDate, p.Language
	a.Interpreter = repeated(a.Interpreter, p.Interpreter)
	return a
}

func (p personRow) onContact(a Contact) Contact {
	a.Phone, a.BestTime, a.Email, a.Street, a.City = p.Phone, p.BestTime, p.Email, p.Street, p.City
	a.State, a.ZIP, a.CountyFIPS, a.Housing = p.State, p.ZIP, p.CountyFIPS, p.Housing
	a.TextsOK, a.SafeMessage = repeated(a.TextsOK, p.TextsOK), repeated(a.SafeMessage, p.SafeMessage)
	return a
}

// repeated is what a section says where the person says yes or no: not asked stays not asked while it is no.
func repeated(said Said, yes bool) Said {
	if said == "" && !yes {
		return said
	}
	return SaidOf(yes)
}
