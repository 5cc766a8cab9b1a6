package intake

import (
	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/pg"
)

// OwnAnswers records an interest profile that the person has filled in without help: 60 answers in
// item order. The caller has locked the case and brings it up to date.
func OwnAnswers(tx *pg.Tx, by access.Actor, c casefile.Case, instrument string, answers []int) (Scored, error) {
	made, err := readingOf(AssessmentInput{Instrument: instrument, TakenOn: by.Today(tx.Now), Answers: answers}, nil, agency.Law{})
	if err != nil {
		return made, err
	}
	if err := insertResult(tx, by, c.ID, made); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{
		Action: actionOf(made), Case: c.ID, Subject: made.ID.String(), Detail: map[string]any{"instrument": made.Instrument, "subject": ""},
	})
}

// AskedStatements are what a person is asked about interests: the O*NET short form where it has been
// imported, else our own statements, which are the same number in the same order of types.
func AskedStatements(tx *pg.Tx) (Statements, string, error) {
	s, err := OwnStatements()
	if err != nil {
		return s, "", err
	}
	short, err := shortForm(tx)
	if len(short) == len(s.Items) {
		s.Items = short
		return s, OnetIPShort, err
	}
	return s, WaymarkInterests, err
}
