package intake

import (
	"slices"
	"strings"
	"testing"
)

func TestAnswersAddUpByTheTypeOfTheirItem(t *testing.T) {
	answers := make([]int, 60)
	for i := range 60 {
		answers[i] = map[byte]int{'R': 4, 'I': 3, 'A': 0, 'S': 1, 'E': 2, 'C': 2}[ShortFormTypes()[i]]
	}
	s, err := InterestScores(answers, nil)
	if err != nil || s != (Scores{40, 30, 0, 10, 20, 20}) || s.Code() != "RIEC" {
		t.Error(s, err, s.Code())
	}
	blocks := []byte(strings.Repeat("R", 10) + strings.Repeat("I", 10) + strings.Repeat("A", 10) + strings.Repeat("S", 10) + strings.Repeat("E", 10) + strings.Repeat("C", 10))
	if s, err := InterestScores(slices.Concat(slices.Repeat([]int{4}, 10), make([]int, 50)), blocks); err != nil || s != (Scores{40}) {
		t.Error(s, err)
	}
}

func TestAnswersThatCannotBeAreRefused(t *testing.T) {
	bad := make([]int, 60)
	bad[59] = 5
	for name, tt := range map[string]struct {
		answers []int
		types   []byte
		want    string
	}{
		"too few":       {make([]int, 59), nil, "answers=answers_count"},
		"out of range":  {bad, nil, "answers=answer_out_of_range"},
		"uneven types":  {make([]int, 60), []byte(strings.Repeat("R", 60)), "answers=item_types_wrong"},
		"other letters": {make([]int, 60), []byte(strings.Repeat("X", 60)), "answers=item_types_wrong"},
	} {
		if _, err := InterestScores(tt.answers, tt.types); err == nil || err.Error() != "invalid form.invalid "+tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheCodeKeepsTies(t *testing.T) {
	for want, s := range map[string]Scores{
		"RCI":  {30, 16, 8, 14, 10, 27}, // Rosa
		"RIC":  {38, 24, 6, 12, 11, 22}, // Thomas
		"RCIS": {30, 16, 8, 16, 10, 27},
		"RISE": {9, 9, 1, 9, 9, 1},
		"":     {7, 7, 7, 7, 7, 7},
	} {
		if got := s.Code(); got != want || s.Undifferentiated() != (want == "") {
			t.Errorf("%v: %q, want %q", s, got, want)
		}
	}
}

func TestTheWebServiceCountsFromOne(t *testing.T) {
	if got, err := ParseAnswers("15342"); err != nil || !slices.Equal(got, []int{0, 4, 2, 3, 1}) {
		t.Error(got, err)
	}
	if _, err := ParseAnswers("1x"); err == nil {
		t.Error("took a letter")
	}
	if err := (Scores{41, 0, 0, 0, 0, -1}).Check(); err == nil || err.Error() != "invalid form.invalid scores.r=score_out_of_range scores.c=score_out_of_range" {
		t.Error(err)
	}
	if (Scores{1, 2, 3, 4, 5, 6}).Floats()[5] != 6 {
		t.Error("floats")
	}
}
