package intake

import (
	"slices"
	"strings"

	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Assessment is the phantom type of an assessment's id.
type Assessment struct{}

// AssessmentID names one result.
type AssessmentID = id.Of[Assessment]

// Waiver is the instrument of rows that say why a domain needs no result.
const Waiver = "waiver"

// WaivableDomains are the domains of step 1 and 2 that may be waived with a reason.
var WaivableDomains = []string{"school_completion", "foundational", "work_readiness", "support_needs", "english", "interests"}

// AssessmentInput is one result as entered. Which fields it needs depends on the instrument:
// score for levels and modules, scores for interests (r, i, a, s, e, c), WorkKeys (by test) and
// named scales, answers (60, each 0 to 4) for interests, ratings for the checklist. Waives names
// a domain instead of a result.
type AssessmentInput struct {
	Instrument string            `json:"instrument" validate:"max=40"`
	Subject    string            `json:"subject" validate:"max=60"`
	Form       string            `json:"form" validate:"max=20"`
	TakenOn    civil.Date        `json:"taken_on"`
	Score      Figure            `json:"score"`
	Proctored  bool              `json:"proctored"`
	Module     string            `json:"module" validate:"max=120"`
	Answers    []int             `json:"answers" validate:"max=60"`
	Scores     map[string]Figure `json:"scores" validate:"max=40"`
	Ratings    map[string]Figure `json:"ratings" validate:"max=40"`
	Waives     string            `json:"waives" validate:"omitempty,oneof=school_completion foundational work_readiness support_needs english interests"`
	Supersedes AssessmentID      `json:"supersedes"`
	Reason     string            `json:"reason" validate:"max=500"`
}

// Reading is what a result says beyond its score.
type Reading struct {
	Level            string             `json:"level,omitempty"` // key of the level's name
	Module           string             `json:"module,omitempty"`
	Passed           *bool              `json:"passed,omitempty"`
	Certificate      string             `json:"certificate,omitempty"`
	Code             string             `json:"code,omitempty"`
	Undifferentiated bool               `json:"undifferentiated,omitempty"`
	Scores           map[string]float64 `json:"scores,omitempty"`
	NeedsActivity    []string           `json:"needs_activity,omitempty"`
}

// Scored is one stored result or waiver.
type Scored struct {
	ID           AssessmentID     `db:"id" json:"id"`
	Instrument   string           `db:"instrument" json:"instrument"`
	Subject      string           `db:"subject" json:"subject"`
	Form         string           `db:"form" json:"form"`
	TakenOn      civil.Date       `db:"taken_on" json:"taken_on"`
	Proctored    bool             `db:"proctored" json:"proctored"`
	Score        *float64         `db:"score" json:"score"`
	EFL          *int             `db:"efl" json:"efl"`
	Scale        string           `db:"scale" json:"scale"`
	Reading      pg.JSON[Reading] `db:"result" json:"result"`
	Waived       bool             `db:"waived" json:"waived"`
	Reason       string           `db:"reason" json:"reason"`
	Supersedes   AssessmentID     `db:"supersedes" json:"supersedes"`
	SupersededBy AssessmentID     `db:"superseded_by" json:"superseded_by"`
	RecordedBy   string           `db:"recorded_by" json:"recorded_by"`
	answers      []int
}

// Valid reports that nothing newer stands for it and that it is a result.
func (s Scored) Valid() bool { return s.SupersededBy.IsZero() && !s.Waived }

// readingOf turns what was entered into what is stored, or says which field is wrong.
func readingOf(in AssessmentInput, local []string, law agency.Law) (Scored, error) {
	made := Scored{
		ID: id.New[Assessment](), Instrument: in.Instrument, Subject: in.Subject, Form: strings.TrimSpace(in.Form), TakenOn: in.TakenOn,
		Proctored: in.Proctored, Reason: in.Reason, Supersedes: in.Supersedes,
	}
	i, ok := InstrumentOf(in.Instrument)
	if !ok {
		return made, errs.At("instrument", "oneof")
	}
	var err error
	switch i.Kind {
	case KindLevels:
		err = made.readLevel(in, law.Cuts)
	case KindModules:
		err = made.readModule(in, i)
	case KindInterests:
		err = made.readInterests(in)
	case KindCertificate:
		err = made.readWorkKeys(in, i)
	case KindScales:
		err = made.readScales(in)
	case KindRubric:
		err = made.readRatings(in, local)
	}
	return made, err
}

func (s *Scored) readLevel(in AssessmentInput, cuts agency.Cuts) error {
	score, ok := in.Score.Int()
	if !ok {
		return errs.AtArgs("score", scoreCode(in.Score, "whole_number"), map[string]any{"entered": string(in.Score)})
	}
	level, err := Level(cuts, in.Instrument, in.Subject, in.Form, score, in.TakenOn)
	if err != nil {
		return err
	}
	s.setScore(float64(score))
	s.EFL, s.Scale, s.Reading.V.Level = &level.EFL, level.Scale, level.LevelName
	return nil
}

func (s *Scored) readModule(in AssessmentInput, i Instrument) error {
	var c errs.Collector
	if !slices.Contains(i.Subjects, in.Subject) {
		c.Add("subject", "subject_unknown")
	}
	if in.Module == "" {
		c.Add("module", "required")
	}
	percent, ok := in.Score.Int()
	if !ok {
		c.AddArgs("score", scoreCode(in.Score, "whole_number"), map[string]any{"entered": string(in.Score)})
	}
	if err := c.Err(); err != nil {
		return err
	}
	passed, certificate, err := NorthstarPass(percent, in.Proctored)
	if err != nil {
		return err
	}
	s.setScore(float64(percent))
	s.Reading.V.Module, s.Reading.V.Passed = in.Module, &passed
	if certificate {
		s.Reading.V.Certificate = "northstar"
	}
	return nil
}

func (s *Scored) readInterests(in AssessmentInput) error {
	scores, err := interestInput(in)
	if err != nil {
		return err
	}
	s.Reading.V.Scores = map[string]float64{}
	for i, v := range scores {
		s.Reading.V.Scores[strings.ToLower(Types[i:i+1])] = float64(v)
	}
	s.Reading.V.Code, s.Reading.V.Undifferentiated = scores.Code(), scores.Undifferentiated()
	s.answers = in.Answers
	return nil
}

// interestInput takes answers if there are any, else the six scores.
func interestInput(in AssessmentInput) (scores Scores, err error) {
	if len(in.Answers) > 0 {
		types, err := itemTypes(in.Instrument)
		if err != nil {
			return scores, err
		}
		return InterestScores(in.Answers, types)
	}
	if len(in.Scores) == 0 {
		return scores, errs.AtArgs("answers", "answers_count", map[string]any{"want": 60, "got": 0})
	}
	var c errs.Collector
	for i := range scores {
		name := strings.ToLower(Types[i : i+1])
		n, ok := in.Scores[name].Int()
		if !ok {
			c.AddArgs("scores."+name, scoreCode(in.Scores[name], "whole_number"), map[string]any{"entered": string(in.Scores[name])})
		}
		scores[i] = n
	}
	for name := range in.Scores {
		if len(name) != 1 || !strings.Contains(strings.ToLower(Types), name) {
			c.Add("scores."+name, "unknown")
		}
	}
	if err := c.Err(); err != nil {
		return scores, err
	}
	return scores, scores.Check()
}

func (s *Scored) readWorkKeys(in AssessmentInput, i Instrument) error {
	var c errs.Collector
	levels := [3]int{}
	s.Reading.V.Scores = map[string]float64{}
	for n, test := range i.Subjects {
		v, ok := in.Scores[test].Int()
		if !ok {
			c.AddArgs("scores."+test, scoreCode(in.Scores[test], "whole_number"), map[string]any{"entered": string(in.Scores[test])})
		}
		levels[n], s.Reading.V.Scores[test] = v, float64(v)
	}
	if err := c.Err(); err != nil {
		return err
	}
	name, err := WorkKeysCertificate(levels[0], levels[1], levels[2])
	s.Reading.V.Certificate = name
	return prefixed(err, "scores.")
}

// readScales stores figures as given; nothing is inferred.
func (s *Scored) readScales(in AssessmentInput) error {
	var c errs.Collector
	s.Reading.V.Scores = map[string]float64{}
	for name, f := range in.Scores {
		v, ok := f.Float()
		if !ok || len(name) > 60 {
			c.AddArgs("scores."+name, scoreCode(f, "number"), map[string]any{"entered": string(f)})
		}
		s.Reading.V.Scores[name] = v
	}
	if len(in.Scores) == 0 {
		c.Add("scores", "required")
	}
	return c.Err()
}

func (s *Scored) readRatings(in AssessmentInput, local []string) error {
	var c errs.Collector
	ratings := []Rating{}
	s.Reading.V.Scores = map[string]float64{}
	for _, item := range slices.Concat(WorkReadinessItems, local) {
		f, given := in.Ratings[item]
		if !given || f == "" {
			continue
		}
		n, ok := f.Int()
		if !ok {
			c.AddArgs("ratings."+item, "whole_number", map[string]any{"entered": string(f)})
		}
		ratings = append(ratings, Rating{item, n})
		s.Reading.V.Scores[item] = float64(n)
	}
	for item := range in.Ratings {
		if !slices.Contains(WorkReadinessItems, item) && !slices.Contains(local, item) {
			c.Add("ratings."+item, "item_unknown")
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	weak, err := NeedsActivity(ratings, local)
	s.Reading.V.NeedsActivity = weak
	return err
}

func (s *Scored) setScore(v float64) { s.Score = &v }

func scoreCode(f Figure, wrong string) string {
	if f == "" {
		return "required"
	}
	return wrong
}

// newestBy gives the newest live result of each instrument and subject; results come newest first.
func newestBy(results []Scored) []Scored {
	seen := map[string]bool{}
	var list []Scored
	for _, r := range results {
		key := r.Instrument + "|" + r.Subject
		if r.EFL != nil && !seen[key] {
			list = append(list, r)
			seen[key] = true
		}
	}
	return list
}

// lowestLevel is the lowest of the newest levels on a scale; "" takes every scale.
func lowestLevel(results []Scored, scale string) *int {
	var low *int
	for _, r := range newestBy(results) {
		if (scale == "" || r.Scale == scale) && (low == nil || *r.EFL < *low) {
			low = r.EFL
		}
	}
	return low
}

// interestsOf are the scores of the newest interest result.
func interestsOf(results []Scored) *[6]float64 {
	for _, r := range results {
		if i, _ := InstrumentOf(r.Instrument); i.Kind == KindInterests && !r.Waived {
			var s [6]float64
			for n := range s {
				s[n] = r.Reading.V.Scores[strings.ToLower(Types[n:n+1])]
			}
			return &s
		}
	}
	return nil
}
