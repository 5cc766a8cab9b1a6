package intake

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
)

// Result is what a score means: the NRS educational functioning level 1 to 6, its scale
// (ABE or ESL) and the key of the level's name ("efl.esl.4").
type Result struct {
	EFL       int
	Scale     string
	LevelName string
}

// Level reads a scale score by the cut scores in force on the date (domain.md 1.3). The form is
// TABE's letter, with or without what follows ("M", "M11"), or a STEPS form ("625L"); other
// instruments take any form. Refused: instrument=instrument_without_levels,
// subject=subject_unknown, form=form_unknown, taken_on=no_level_table and
// score=out_of_form with min and max, since a score outside the form's span fixes no level.
func Level(cuts agency.Cuts, instrument, subject, form string, score int, on civil.Date) (Result, error) {
	i, ok := InstrumentOf(instrument)
	switch {
	case !ok || i.Kind != KindLevels:
		return Result{}, errs.At("instrument", "instrument_without_levels")
	case !slices.Contains(i.Subjects, subject):
		return Result{}, errs.At("subject", "subject_unknown")
	}
	table, ok := tableOn(cuts, instrument, subject, on)
	if !ok {
		return Result{}, errs.At("taken_on", "no_level_table")
	}
	low, high, ok := table.span(form)
	if !ok {
		return Result{}, errs.At("form", "form_unknown")
	}
	if score < low || score > high {
		return Result{}, errs.AtArgs("score", "out_of_form", map[string]any{"min": low, "max": high})
	}
	return table.read(score), nil
}

func (t levelTable) read(score int) Result {
	efl := 1
	for i, low := range t.low {
		if score >= low {
			efl = i + 1
		}
	}
	return Result{efl, t.scale, fmt.Sprintf("efl.%s.%d", strings.ToLower(t.scale), efl)}
}

// span is the scores of the levels that the form covers.
func (t levelTable) span(form string) (low, high int, ok bool) {
	first, last, start := 1, 6, 0
	switch t.instrument {
	case TABE:
		first, last, start = tabeForm(form)
	case CASASSteps:
		first, last = stepsForm(form, t.subject)
	}
	if first == 0 {
		return 0, 0, false
	}
	high = t.top
	if last < 6 {
		high = t.low[last] - 1
	}
	return max(start, t.low[first-1]), high, true
}

// tabeForm gives the levels that a TABE form covers and where its scale starts [V15].
func tabeForm(form string) (first, last, start int) {
	letter := strings.ToUpper(strings.TrimSpace(form))
	letter = strings.TrimSuffix(strings.TrimSuffix(letter, "11"), "12")
	switch letter {
	case "L":
		return 1, 2, 300
	case "E":
		return 1, 3, 310
	case "M":
		return 2, 4, 0
	case "D":
		return 3, 5, 0
	case "A":
		return 4, 6, 0
	}
	return 0, 0, 0
}

// stepsForm gives the two levels that a STEPS form spans: 621 and 622 are test level A, and
// so on by pairs to 629 and 630, level E [V16; the pairing is ours]. R forms test reading, L
// forms listening. The bare test level "A" to "E" is taken too.
func stepsForm(form, subject string) (first, last int) {
	form = strings.ToUpper(strings.TrimSpace(form))
	if len(form) == 1 && form >= "A" && form <= "E" {
		n := int(form[0]-'A') + 1
		return n, n + 1
	}
	letter := map[string]string{"reading": "R", "listening": "L"}[subject]
	if !slices.Contains(stepsForms, form) || !strings.HasSuffix(form, letter) {
		return 0, 0
	}
	n := slices.Index(stepsForms, form)%10/2 + 1
	return n, n + 1
}
