package intake

import (
	"errors"
	"testing"

	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
)

var day = civil.MustParse

func TestScoresBecomeLevels(t *testing.T) {
	for name, tt := range map[string]struct {
		instrument, subject, form string
		score                     int
		want                      Result
	}{
		"Rosa's mathematics":              {TABE, "mathematics", "M", 520, Result{3, ABE, "efl.abe.3"}},
		"Thomas's mathematics":            {TABE, "mathematics", "D11", 560, Result{4, ABE, "efl.abe.4"}},
		"Rosa's listening":                {CASASSteps, "listening", "625L", 205, Result{4, ESL, "efl.esl.4"}},
		"Rosa's listening afterwards":     {CASASSteps, "listening", "627L", 214, Result{5, ESL, "efl.esl.5"}},
		"the lowest TABE score":           {TABE, "reading", "L", 300, Result{1, ABE, "efl.abe.1"}},
		"the highest TABE score":          {TABE, "language", "A", 800, Result{6, ABE, "efl.abe.6"}},
		"one below a cut":                 {TABE, "reading", "M", 500, Result{2, ABE, "efl.abe.2"}},
		"on a cut":                        {TABE, "reading", "M", 501, Result{3, ABE, "efl.abe.3"}},
		"language on its own cut":         {TABE, "language", "M", 511, Result{3, ABE, "efl.abe.3"}},
		"GOALS reading, top of a level":   {CASASGoals, "reading", "", 238, Result{4, ABE, "efl.abe.4"}},
		"GOALS mathematics, highest":      {CASASGoals, "mathematics", "917", 236, Result{6, ABE, "efl.abe.6"}},
		"STEPS reading by its test level": {CASASSteps, "reading", "E", 238, Result{6, ESL, "efl.esl.6"}},
	} {
		if got, err := Level(agency.FirstCuts(), tt.instrument, tt.subject, tt.form, tt.score, day("2025-07-21")); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAScoreThatFixesNoLevelIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		instrument, subject, form string
		score                     int
		on, want                  string
		min, max                  any
	}{
		"above form L":                   {TABE, "reading", "L", 501, "2025-07-21", "score=out_of_form", 300, 500},
		"below form E":                   {TABE, "reading", "E", 309, "2025-07-21", "score=out_of_form", 310, 535},
		"below form M, mathematics":      {TABE, "mathematics", "M", 448, "2025-07-21", "score=out_of_form", 449, 595},
		"above form D, language":         {TABE, "language", "D", 631, "2025-07-21", "score=out_of_form", 511, 630},
		"above the scale":                {TABE, "reading", "A", 801, "2025-07-21", "score=out_of_form", 536, 800},
		"a form for beginners, too high": {CASASSteps, "listening", "621L", 195, "2025-07-21", "score=out_of_form", 0, 191},
		"no such form":                   {TABE, "reading", "X", 500, "2025-07-21", "form=form_unknown", nil, nil},
		"a reading form for listening":   {CASASSteps, "listening", "621R", 180, "2025-07-21", "form=form_unknown", nil, nil},
		"no such subject":                {TABE, "listening", "M", 500, "2025-07-21", "subject=subject_unknown", nil, nil},
		"an instrument without levels":   {Northstar, "essential_computer", "", 90, "2025-07-21", "instrument=instrument_without_levels", nil, nil},
		"before any table":               {TABE, "reading", "M", 500, "2015-07-21", "taken_on=no_level_table", nil, nil},
	} {
		_, err := Level(agency.FirstCuts(), tt.instrument, tt.subject, tt.form, tt.score, day(tt.on))
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Error() != "invalid form.invalid "+tt.want || e.Fields[0].Args["min"] != tt.min || e.Fields[0].Args["max"] != tt.max {
			t.Errorf("%s: %v %+v", name, err, e)
		}
	}
}

func TestLevelTablesRiseAndCoverEverySubject(t *testing.T) {
	for _, table := range firstTables() {
		for i := range 5 {
			if table.low[i] >= table.low[i+1] || table.low[5] > table.top {
				t.Errorf("%+v", table)
			}
		}
	}
	for _, i := range Instruments() {
		for _, subject := range i.Subjects {
			if _, ok := tableOn(agency.FirstCuts(), i.Code, subject, day("2025-07-21")); ok != (i.Kind == KindLevels) {
				t.Errorf("%s %s: %v", i.Code, subject, ok)
			}
		}
	}
}

// firstTables are the tables of the first edition.
func firstTables() (list []levelTable) {
	for _, s := range scales {
		t, _ := tableOn(agency.FirstCuts(), s.instrument, s.subject, day("2025-07-21"))
		list = append(list, t)
	}
	return list
}
