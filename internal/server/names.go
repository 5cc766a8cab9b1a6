package server

import (
	"waymark/internal/pathway"
)

// names says pathways and areas in the reader's language.
type names struct {
	catalogue pathway.Catalogue
	lang      string
}

func (r *request) names() (names, error) {
	c, err := r.s.pathway.Catalogue(r.ctx(), r.by)
	return names{c, r.lang()}, err
}

func (n names) pathway(code string) string {
	if e, ok := n.catalogue.Pathway(code); ok {
		return e.Name.In(n.lang)
	}
	return code
}

func (n names) area(code string) string {
	if a, ok := n.catalogue.Area(code); ok {
		return a.Name.In(n.lang)
	}
	return code
}

// step is a pathway step's title.
func (n names) step(code string, number int) string {
	if s, ok := n.catalogue.Step(code, number); ok {
		return s.Title.In(n.lang)
	}
	return ""
}
