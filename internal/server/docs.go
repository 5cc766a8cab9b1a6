package server

import (
	"cmp"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/openapi"
	"waymark/internal/wire"
	docspage "waymark/web/page/docs"
)

// prefix is where the API stands.
const prefix = "/api/v1"

// docsRoutes describes the API to scripts and to people. The description is made once, when first asked for.
func (s *Server) docsRoutes() {
	description := sync.OnceValues(s.Description)
	s.publicAPI("GET", "/openapi.json", func(r *request) error {
		d, err := description()
		if err != nil {
			return err
		}
		return r.json(http.StatusOK, d)
	})
	s.publicPage("GET", "/api/docs", func(r *request) error {
		d, err := description()
		if err != nil {
			return err
		}
		c := r.chrome("", "docs.title")
		return r.show(http.StatusOK, c, docspage.Docs{Chrome: c, Document: d, Operations: s.Operations()}.Body())
	})
}

// groups is the order in which the description tells of the API.
var groups = []string{"Session", "Participants", "Cases", "Intake", "Recommendations", "Goals", "Plan", "Engagement", "Own pages", "Pathways", "Administration"}

// Operations are the API's routes as the contract describes them.
func (s *Server) Operations() (list []openapi.Operation) {
	for _, rt := range s.routes {
		if rt.API {
			list = append(list, rt.described())
		}
	}
	slices.SortStableFunc(list, func(a, b openapi.Operation) int {
		return cmp.Or(cmp.Compare(slices.Index(groups, a.Tag), slices.Index(groups, b.Tag)), cmp.Compare(a.Path, b.Path))
	})
	return list
}

// described is a route with what the contract says of it, and what follows from its method.
func (rt route) described() openapi.Operation {
	o := contract[rt.Method+" "+strings.TrimPrefix(rt.Path, prefix)]
	o.Method, o.Path, o.Public = rt.Method, strings.TrimPrefix(rt.Path, prefix), rt.Public
	switch {
	case o.Status != 0:
	case o.Out == nil && o.File == "":
		o.Status = http.StatusNoContent
	case rt.Method == http.MethodPost:
		o.Status = http.StatusCreated
	default:
		o.Status = http.StatusOK
	}
	if isList(o.Out) && !slices.ContainsFunc(o.Query, func(q openapi.Query) bool { return q.Name == "cursor" }) {
		o.Query = append(slices.Clone(o.Query), pages...)
	}
	if rt.Method == http.MethodPatch {
		o.Partial, o.Match = true, openapi.MustMatch
	}
	return o
}

// isList says whether an answer is a list with a next page.
func isList(out any) bool {
	t := reflect.TypeOf(out)
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	_, items := t.FieldByName("Items")
	_, next := t.FieldByName("Next")
	return items && next
}

// Description is the whole API as an OpenAPI document.
func (s *Server) Description() (*openapi.Document, error) {
	return openapi.Describe(openapi.Info{
		Title: "Waymark", Version: "1",
		Description: "Sign in with POST /session, then send Authorization: Bearer. Errors are application/problem+json and name every field that is wrong. " +
			"Dates are YYYY-MM-DD, instants RFC 3339, money is in cents. Unknown keys are refused by name. Lists answer items and next.",
	}, s.Operations(), problemDocument{})
}

// legible refuses an address that no text can be made of: a path of such bytes names nothing.
func (r *request) legible() error {
	for _, p := range r.c.Params {
		if strings.ContainsRune(p.Value, 0) || !utf8.ValidString(p.Value) {
			return errs.New(errs.NotFound, "not_found")
		}
	}
	q, err := url.ParseQuery(r.c.Request.URL.RawQuery)
	if err != nil {
		return errs.New(errs.Unreadable, "query").With(err)
	}
	var c errs.Collector
	for name, values := range q {
		if text := name + strings.Join(values, ""); wire.Legible(text) != text {
			c.Add(wire.Legible(name), "characters")
		}
	}
	return c.Err()
}

// asked holds the query against what the contract says that the route takes.
func (r *request) asked(takes []openapi.Query) error {
	var c errs.Collector
	for name, values := range r.c.Request.URL.Query() {
		i := slices.IndexFunc(takes, func(q openapi.Query) bool { return q.Name == name })
		switch {
		case i < 0:
			c.Add(name, "unknown")
		case len(values) > 1:
			c.Add(name, "twice")
		case !holds(takes[i], strings.TrimSpace(values[0])):
			c.AddArgs(name, map[string]string{"integer": "whole_number", "date": "date", "uuid": "uuid", "": "oneof"}[takes[i].Type], map[string]any{"entered": values[0]})
		}
	}
	return c.Err()
}

// holds reports whether a parameter is of its kind; empty is not given.
func holds(q openapi.Query, text string) bool {
	if text == "" {
		return true
	}
	var err error
	switch q.Type {
	case "integer":
		_, err = strconv.ParseInt(text, 10, 32)
	case "date":
		_, err = civil.Parse(text)
	case "uuid":
		_, err = id.Parse[struct{}](text)
	default:
		return len(q.One) == 0 || slices.Contains(q.One, text)
	}
	return err == nil
}
