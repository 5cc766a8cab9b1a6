package explore

import (
	"context"
	"strconv"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/errs"
	"waymark/internal/intake"
	"waymark/internal/pg"
)

// perPart is how many statements stand on one page; a phone shows them without hurry.
const perPart = 12

// Parts is how many pages of statements there are.
const Parts = 5

// Part is one page of the interest statements with what has been answered.
type Part struct {
	Number     int
	Instrument string
	First      int // number of its first statement
	Statements intake.Statements
	Answers    map[int]int
	Answered   int
}

// Part reads one page of statements; 0 is the first that is not complete.
func (s *Service) Part(ctx context.Context, by access.Actor, n int) (p Part, err error) {
	scope, err := s.policy.Scope(by, access.ReadPortal)
	if err != nil {
		return p, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		c, err := casefile.Current(tx, scope, by.Participant)
		if err != nil {
			return err
		}
		p, err = partOf(tx, c.ID, n)
		return err
	})
	return p, err
}

func partOf(tx *pg.Tx, caseID access.CaseID, n int) (Part, error) {
	p := Part{Number: n}
	var err error
	if p.Statements, p.Instrument, err = intake.AskedStatements(tx); err != nil {
		return p, err
	}
	if p.Answers, err = answersOf(tx, caseID, p.Instrument); err != nil {
		return p, err
	}
	p.Answered = len(p.Answers)
	if n == 0 {
		p.Number = firstOpen(p.Answers)
	}
	if p.Number < 1 || p.Number > Parts {
		return p, errs.New(errs.NotFound, "not_found")
	}
	p.First = (p.Number-1)*perPart + 1
	p.Statements.Items = p.Statements.Items[p.First-1 : p.First-1+perPart]
	return p, nil
}

// firstOpen is the first page that lacks an answer, the first of all when none does.
func firstOpen(answers map[int]int) int {
	for i := 1; i <= Parts*perPart; i++ {
		if _, ok := answers[i]; !ok {
			return (i-1)/perPart + 1
		}
	}
	return 1
}

func answersOf(tx *pg.Tx, caseID access.CaseID, instrument string) (map[int]int, error) {
	rows, err := pg.List[struct {
		Item   int `db:"item"`
		Answer int `db:"answer"`
	}](tx, `select item, answer from interest_answers where case_id = :case_id and instrument = :instrument order by item limit 60`,
		pg.Args{"case_id": caseID, "instrument": instrument})
	by := map[int]int{}
	for _, r := range rows {
		by[r.Item] = r.Answer
	}
	return by, err
}

// AnswersInput is one page of answers, by the number of the statement, each 0 to 4.
type AnswersInput struct {
	Part    int                      `json:"part" validate:"gte=1,lte=5"`
	Answers map[string]intake.Figure `json:"answers" validate:"max=60"`
}

// Answer keeps one page of answers. With the last one the profile is recorded, and done is true.
func (s *Service) Answer(ctx context.Context, by access.Actor, in AnswersInput) (done bool, err error) {
	answers, err := in.read()
	if err != nil {
		return false, err
	}
	err = s.write(ctx, by, func(tx *pg.Tx, c casefile.Case) error {
		_, instrument, err := intake.AskedStatements(tx)
		if err != nil {
			return err
		}
		for i, a := range answers {
			if err := pg.Insert(tx, `insert into interest_answers (agency_id, case_id, instrument, item, answer, recorded_at) values (:agency, :case_id, :instrument, :item, :answer, :now)
				on conflict (agency_id, case_id, instrument, item) do update set answer = excluded.answer, recorded_at = excluded.recorded_at`,
				pg.Args{"agency": by.Agency, "case_id": c.ID, "instrument": instrument, "item": i, "answer": a, "now": tx.Now}); err != nil {
				return err
			}
		}
		done, err = finish(tx, by, c, instrument)
		return err
	})
	return done, err
}

// read holds the answers against the page: every statement of it needs one.
func (in AnswersInput) read() (map[int]int, error) {
	if in.Part < 1 || in.Part > Parts {
		return nil, errs.At("part", "oneof")
	}
	var c errs.Collector
	answers := map[int]int{}
	for i := (in.Part-1)*perPart + 1; i <= in.Part*perPart; i++ {
		name := strconv.Itoa(i)
		n, ok := in.Answers[name].Int()
		if !ok || n < 0 || n > 4 {
			c.AddArgs("answers."+name, "unanswered", map[string]any{"item": i})
			continue
		}
		answers[i] = n
	}
	for name := range in.Answers {
		if i, err := strconv.Atoi(name); err != nil || i < (in.Part-1)*perPart+1 || i > in.Part*perPart {
			c.Add("answers."+name, "unknown")
		}
	}
	return answers, c.Err()
}

// finish records the profile once all statements are answered, and clears the desk for a next time.
func finish(tx *pg.Tx, by access.Actor, c casefile.Case, instrument string) (bool, error) {
	all, err := answersOf(tx, c.ID, instrument)
	if err != nil || len(all) < Parts*perPart {
		return false, err
	}
	list := make([]int, len(all))
	for i, a := range all {
		list[i-1] = a
	}
	if _, err := intake.OwnAnswers(tx, by, c, instrument, list); err != nil {
		return false, err
	}
	return true, pg.Insert(tx, `delete from interest_answers where case_id = :case_id`, pg.Args{"case_id": c.ID})
}
