package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/pg"
	"waymark/internal/reference"
	"waymark/seeds"
)

// Words are a text in both languages.
type Words struct {
	EN string `json:"en"`
	ES string `json:"es"`
}

// In gives the words of a language, English when it is not one of ours.
func (w Words) In(lang string) string {
	if lang == "es" && w.ES != "" {
		return w.ES
	}
	return w.EN
}

// Item is one statement or checklist item.
type Item struct {
	ID   int    `json:"id"`
	Code string `json:"code"`
	Type string `json:"type"`
	Core bool   `json:"core"`
	Text Words  `json:"text"`
}

// ScaleStep is one step of a scale.
type ScaleStep struct {
	Value int   `json:"value"`
	Text  Words `json:"text"`
}

// Statements are the questions of one interest instrument.
type Statements struct {
	Notice   Words       `json:"notice"`
	Question Words       `json:"question"`
	Scale    []ScaleStep `json:"scale"`
	Items    []Item      `json:"items"`
}

// checklist is the work-readiness rubric.
type checklist struct {
	Levels []ScaleStep `json:"levels"`
	Items  []Item      `json:"items"`
}

func seed[T any](name string) (T, error) {
	var v T
	b, err := seeds.FS.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		return v, fmt.Errorf("intake: %s: %w", name, err)
	}
	return v, nil
}

var ownStatements = sync.OnceValues(func() (Statements, error) { return seed[Statements]("interests/statements.json") })

var readiness = sync.OnceValues(func() (checklist, error) { return seed[checklist]("reference/work_readiness.json") })

// OwnStatements are the 60 statements that we wrote.
func OwnStatements() (Statements, error) { return ownStatements() }

// Readiness are the items of the work-readiness checklist with its four levels. The four that
// every agency rates come first.
func Readiness() ([]Item, []ScaleStep, error) {
	c, err := readiness()
	return c.Items, c.Levels, err
}

// localItems are the checklist's items beyond the four.
func localItems() []string {
	items, _, _ := Readiness()
	var codes []string
	for _, i := range items {
		if !i.Core {
			codes = append(codes, i.Code)
		}
	}
	return codes
}

// itemTypes says which type each item of an instrument asks about, in item order.
func itemTypes(instrument string) ([]byte, error) {
	if instrument != WaymarkInterests {
		return ShortFormTypes(), nil
	}
	s, err := OwnStatements()
	var types []byte
	for _, i := range s.Items {
		types = append(types, i.Type...)
	}
	return types, err
}

// ShortForm reads the O*NET short form where it has been imported, in item order.
func (s *Service) ShortForm(ctx context.Context, by access.Actor, caseID access.CaseID) (list []Item, err error) {
	err = s.read(ctx, by, access.RecordAssessment, caseID, func(tx *pg.Tx, _ casefile.Case) error {
		list, err = shortForm(tx)
		return err
	})
	return list, err
}

// shortForm is the agency's own import of the items, else the one for everybody.
func shortForm(tx *pg.Tx) ([]Item, error) {
	rows, err := pg.List[reference.ProfilerItem](tx, `select item, type, text from interest_items where instrument = :instrument order by item limit 60`, pg.Args{"instrument": OnetIPShort})
	if err == nil && len(rows) == 0 {
		rows, err = reference.ProfilerItems(tx)
	}
	var list []Item
	for _, r := range rows {
		list = append(list, Item{ID: r.Item, Type: r.Type, Text: Words{EN: r.Text, ES: r.Text}})
	}
	return list, err
}

// Coded is one entry of a reference list.
type Coded struct {
	Code string `json:"code"`
	Name Words  `json:"name"`
}

var (
	states    = sync.OnceValues(func() ([]Coded, error) { return seed[[]Coded]("reference/states.json") })
	languages = sync.OnceValues(func() ([]Coded, error) { return seed[[]Coded]("reference/languages.json") })
)

// States lists states and territories.
func States() ([]Coded, error) { return states() }

// Languages lists the languages that people may prefer.
func Languages() ([]Coded, error) { return languages() }
