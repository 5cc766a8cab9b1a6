package casefile_test

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/participant"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// What is worked out from the rows of a case is never worked out from some of them.
func TestACaseIsNotRefreshedInTheEyesOfWhomRowsAreWithheldFrom(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c, err := casefile.New(w.DB, w.Policy).TakeIn(t.Context(), w.Dana, participant.Create{Input: participant.Input{FirstName: "Any", LastName: "Body", BirthDate: civil.MustParse("1990-05-01"), Phone: "2075550100"}}, casefile.OpenInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []access.Role{access.ParticipantRole, access.Guardian, access.Helper} {
		by := access.Actor{Agency: w.Dana.Agency, ID: w.Dana.ID, Participant: c.ParticipantID, Role: role}
		for name, refresh := range map[string]func(*pg.Tx) error{
			"the case":   func(tx *pg.Tx) error { return casefile.Refresh(tx, c, w.Today()) },
			"its papers": func(tx *pg.Tx) error { return casefile.RefreshPapers(tx, c.ID) },
		} {
			if err := w.DB.Write(t.Context(), by, refresh); err == nil {
				t.Errorf("%s: a %s refreshed it", name, role)
			}
			if err := w.DB.Write(t.Context(), by.Program(), refresh); err != nil {
				t.Errorf("%s: for a %s the program did not: %v", name, role, err)
			}
		}
	}
}
