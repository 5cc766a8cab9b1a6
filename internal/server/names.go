package server

import (
	"waymark/internal/errs"
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

// namesAt says a pathway's areas and steps as they were in the version that something was made with.
type namesAt struct {
	names
	edition pathway.Edition
}

// namesAt reads a version; one that is not there any more is named as the catalogue has it.
func (r *request) namesAt(code string, version int) (namesAt, error) {
	n := namesAt{names: names{lang: r.lang()}}
	e, c, err := r.s.pathway.Edition(r.ctx(), r.by, code, version)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return n, err
	}
	n.edition, n.catalogue = e, c
	return n, nil
}

func (n namesAt) pathway(code string) string {
	if n.edition.Code == code {
		return n.edition.Name.In(n.lang)
	}
	return n.names.pathway(code)
}

func (n namesAt) area(code string) string {
	if a, ok := n.edition.AreaCoded(code); ok {
		return a.Name.In(n.lang)
	}
	return n.names.area(code)
}

// step is the title of a step.
func (n namesAt) step(number int) string {
	s, _ := n.edition.StepNumbered(number)
	return s.Title.In(n.lang)
}
