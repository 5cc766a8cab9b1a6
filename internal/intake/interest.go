package intake

import (
	"slices"
	"strings"

	"waymark/internal/errs"
)

// Types are the six interest types in the order of every score: realistic, investigative,
// artistic, social, enterprising, conventional.
const Types = "RIASEC"

// Scores are raw interest scores, 0 to 40 each, in the order of Types.
type Scores [6]int

// ShortFormTypes says which type each of the 60 items of the O*NET Interest Profiler short
// form asks about, in item order: R,R,I,I,A,A,S,S,E,E,C,C five times over (item file checked
// in three sources, shared/data/README.md).
func ShortFormTypes() []byte { return []byte(strings.Repeat("RRIIAASSEECC", 5)) }

// InterestScores adds up 60 answers of 0 (strongly dislike) to 4 (strongly like), given in
// item order, by the type of each item; nil types mean ShortFormTypes. Refused:
// answers=answers_count (want, got), answers=answer_out_of_range (item, counted from 1),
// answers=item_types_wrong when types are not 60 letters of RIASEC, ten each.
func InterestScores(answers []int, types []byte) (Scores, error) {
	if types == nil {
		types = ShortFormTypes()
	}
	if !tenOfEach(types) {
		return Scores{}, errs.At("answers", "item_types_wrong")
	}
	if len(answers) != len(types) {
		return Scores{}, errs.AtArgs("answers", "answers_count", map[string]any{"want": len(types), "got": len(answers)})
	}
	var s Scores
	for i, a := range answers {
		if a < 0 || a > 4 {
			return Scores{}, errs.AtArgs("answers", "answer_out_of_range", map[string]any{"item": i + 1})
		}
		s[strings.IndexByte(Types, types[i])] += a
	}
	return s, nil
}

// ParseAnswers reads the web service's string of digits 1 to 5 and gives answers of 0 to 4.
// Refused: answers=answer_out_of_range with the item.
func ParseAnswers(digits string) ([]int, error) {
	answers := make([]int, 0, len(digits))
	for i := range len(digits) {
		if digits[i] < '1' || digits[i] > '5' {
			return nil, errs.AtArgs("answers", "answer_out_of_range", map[string]any{"item": i + 1})
		}
		answers = append(answers, int(digits[i]-'1'))
	}
	return answers, nil
}

// Check refuses scores outside 0 to 40, one field error for each: scores.r=score_out_of_range.
func (s Scores) Check() error {
	var c errs.Collector
	for i, v := range s {
		if v < 0 || v > 40 {
			c.AddArgs("scores."+strings.ToLower(Types[i:i+1]), "score_out_of_range", map[string]any{"min": 0, "max": 40})
		}
	}
	return c.Err()
}

// Code is the person's letters, highest score first, equal ones in the order of Types. It has
// three letters, or more where the third place is tied: all of the tie are kept (domain.md
// 1.3). It is empty when the profile is undifferentiated.
func (s Scores) Code() string {
	if s.Undifferentiated() {
		return ""
	}
	order := []int{0, 1, 2, 3, 4, 5}
	slices.SortStableFunc(order, func(a, b int) int { return s[b] - s[a] })
	var code strings.Builder
	for place, i := range order {
		if place < 3 || s[i] == s[order[2]] {
			code.WriteByte(Types[i])
		}
	}
	return code.String()
}

// Undifferentiated reports that all six scores are equal, so they point nowhere.
func (s Scores) Undifferentiated() bool { return slices.Min(s[:]) == slices.Max(s[:]) }

// Floats are the scores as the ranking takes them.
func (s Scores) Floats() *[6]float64 {
	var f [6]float64
	for i, v := range s {
		f[i] = float64(v)
	}
	return &f
}

func tenOfEach(types []byte) bool {
	for i := range len(Types) {
		if strings.Count(string(types), Types[i:i+1]) != 10 {
			return false
		}
	}
	return len(types) == 60
}
