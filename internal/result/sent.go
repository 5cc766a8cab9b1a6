package result

import (
	"slices"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// beside puts what was sent of a quarter next to what is counted now. What was sent counts the whole agency,
// so it stands only beside numbers that do too.
func (o *Overview) beside(tx *pg.Tx, scope access.Scope) error {
	if !o.HasSent || !scope.Whole() {
		return nil
	}
	sent, err := pg.Get[pg.JSON[[]Number]](tx, `select numbers from submissions_pirl where id = :id`, pg.Args{"id": o.Sent.ID})
	if err != nil {
		return err
	}
	o.Compared = true
	for t := range o.Tables {
		for l := range o.Tables[t].Lines {
			o.Tables[t].Lines[l].compare(sent.V)
		}
	}
	return nil
}

// compare finds the line's number among those sent; a number nobody was in was sent as none.
func (l *Line) compare(sent []Number) {
	was := Number{Indicator: l.Indicator, Program: l.Program}
	if at := slices.IndexFunc(sent, func(n Number) bool { return n.Indicator == l.Indicator && n.Program == l.Program }); at >= 0 {
		was = sent[at]
	}
	was.Report = l.Report
	l.Sent, l.Differs = &was, was != l.Number
}

// Differing is how many numbers are not what was sent.
func (o Overview) Differing() (n int) {
	for _, t := range o.Tables {
		for _, l := range t.Lines {
			if l.Differs {
				n++
			}
		}
	}
	return n
}
