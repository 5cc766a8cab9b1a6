package result

import (
	"context"
	"iter"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/participation"
	"waymark/internal/pg"
)

// Asked is one number and which of its periods: all of them, or those of one place.
type Asked struct {
	Report    participation.Quarter
	Indicator Indicator
	Program   string
	Place     string
}

// check refuses a number that there is not.
func (a Asked) check() error {
	if !a.Indicator.Known() {
		return errs.New(errs.NotFound, "not_found")
	}
	var c errs.Collector
	if !a.Indicator.Counts(a.Program) {
		c.Add("program", "oneof")
	}
	if a.Place != "" && a.Place != In && a.Place != Pending && a.Place != Out {
		c.Add("place", "oneof")
	}
	return c.Err()
}

// Opened is one number with the periods it counts.
type Opened struct {
	Number
	AsOf  civil.Date `json:"as_of"`
	Items []Counted  `json:"items"`
}

// Found is how many periods the number has in a place; the empty place is all of them.
func (n Number) Found(place string) int {
	switch place {
	case In:
		return n.Denominator
	case Pending:
		return n.Pending
	case Out:
		return n.Out
	}
	return n.Denominator + n.Pending + n.Out
}

// Open lists the periods of one number, most of them at most, each with its place and why.
func (s *Service) Open(ctx context.Context, by access.Actor, a Asked, most int) (o Opened, err error) {
	scope, err := s.policy.Scope(by, access.ReadResult)
	if err != nil {
		return o, err
	}
	if err := a.check(); err != nil {
		return o, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		q, err := s.question(tx, by, a.Report)
		if err != nil {
			return err
		}
		if o, err = a.number(tx, scope, q); err != nil {
			return err
		}
		o.Items, err = pg.List[Counted](tx, rowsQuery(scope, listSome), a.args(q, most).In(scope, tx))
		return err
	})
	if !s.policy.Allows(by, access.ReadRecord) {
		for i := range o.Items {
			o.Items[i].Name = ""
		}
	}
	return o, err
}

// EachPeriod hands every period of one number to write, one after the other, for a file.
func (s *Service) EachPeriod(ctx context.Context, by access.Actor, a Asked, write func(Opened, iter.Seq2[Counted, error]) error) error {
	scope, err := s.policy.Scope(by, access.ReadResult)
	if err != nil {
		return err
	}
	if err := a.check(); err != nil {
		return err
	}
	named := s.policy.Allows(by, access.ReadRecord)
	return s.db.Stream(ctx, by, func(tx *pg.Tx) error {
		q, err := s.question(tx, by, a.Report)
		if err != nil {
			return err
		}
		o, err := a.number(tx, scope, q)
		if err != nil {
			return err
		}
		rows := pg.Each[Counted](tx, rowsQuery(scope, listSome), a.args(q, o.Found(a.Place)).In(scope, tx))
		return write(o, func(yield func(Counted, error) bool) {
			for row, err := range rows {
				if !named {
					row.Name = ""
				}
				if !yield(row, err) {
					return
				}
			}
		})
	})
}

// number counts the one that is asked for.
func (a Asked) number(tx *pg.Tx, scope access.Scope, q question) (o Opened, err error) {
	o = Opened{Number: Number{Report: a.Report, Indicator: a.Indicator, Program: a.Program}, AsOf: q.asOf}
	counted, err := numbers(tx, scope, q)
	for _, n := range counted {
		if n.Indicator == a.Indicator && n.Program == a.Program {
			o.Number = n
		}
	}
	return o, err
}

func (a Asked) args(q question, most int) pg.Args {
	args := q.args()
	args["indicator"], args["program"], args["place"], args["limit"] = string(a.Indicator), a.Program, a.Place, most
	return args
}
