package participant

import (
	"crypto/rand"
	"strings"
	"unicode"

	"waymark/internal/check"
	"waymark/internal/civil"
	"waymark/internal/errs"
)

// Check holds what was entered of a person against the rules, as of a day, and tidies it.
func Check(in *Input, today civil.Date) error { return validate(in, today) }

// validate holds an input against its tags and against what needs today's date.
func validate(in *Input, today civil.Date) error {
	in.FirstName, in.LastName = squeeze(in.FirstName), squeeze(in.LastName)
	in.MiddleName, in.PreferredName = squeeze(in.MiddleName), squeeze(in.PreferredName)
	in.Email, in.State = strings.TrimSpace(in.Email), strings.ToUpper(strings.TrimSpace(in.State))
	if in.Language == "" {
		in.Language = "en"
	}
	var c errs.Collector
	if err := c.Merge(check.Struct(in)); err != nil {
		return err
	}
	if !in.BirthDate.IsZero() {
		switch age := in.BirthDate.AgeOn(today); { // domain.md 1.1: 14 to 110 at application
		case in.BirthDate.After(today):
			c.Add("birth_date", "in_future")
		case age < 14 || age > 110:
			c.AddArgs("birth_date", "age", map[string]any{"age": age})
		}
	}
	if n := len(digits(in.Phone)); in.Phone != "" && (n < 10 || n > 15) {
		c.AddArgs("phone", "phone", map[string]any{"entered": in.Phone})
	}
	return c.Err()
}

// squeeze drops spaces around and doubled inside, which hide people from a search.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// exportAlphabet has no letters or digits that are read for one another.
const exportAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

// newExportID makes the random 12-character federal id (element 100); it says nothing of the person.
func newExportID() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = exportAlphabet[int(b[i])%len(exportAlphabet)]
	}
	return string(b)
}
