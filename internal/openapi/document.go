// Package openapi describes the JSON API as an OpenAPI 3.1 document, from the manifest of routes and
// the Go types that they read and answer.
package openapi

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Match says whether a change is sent with the version it was made from.
type Match int

// What an operation wants of If-Match.
const (
	NoMatch Match = iota
	MayMatch
	MustMatch
)

// Query is one parameter after the question mark.
type Query struct {
	Name string
	Type string   // integer, date, uuid; text when empty
	One  []string // the words it may be
	Must bool
}

// Operation is one route of the API as it is described.
type Operation struct {
	Method, Path string // the path with :names
	Tag, Summary string
	In, Out      any // what is read and answered; nil: no body
	Partial      bool
	Upload       bool   // the body is a form with a file, named "file"
	File         string // the media type of a file that is answered
	Query        []Query
	Match        Match
	Status       int
	Public       bool
}

// Document is an OpenAPI 3.1 document, as far as we use it.
type Document struct {
	OpenAPI    string                    `json:"openapi"`
	Info       Info                      `json:"info"`
	Servers    []object                  `json:"servers"`
	Security   []map[string][]string     `json:"security"`
	Tags       []Tag                     `json:"tags"`
	Paths      map[string]map[string]*Op `json:"paths"`
	Components Components                `json:"components"`

	named map[string]string // the types behind the schemas' names
}

type object = map[string]any

// Info says what is described.
type Info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

// Tag is a group of operations.
type Tag struct {
	Name string `json:"name"`
}

// Components are what operations share.
type Components struct {
	Schemas         map[string]object   `json:"schemas"`
	Responses       map[string]Response `json:"responses"`
	SecuritySchemes map[string]object   `json:"securitySchemes"`
}

// Op is an operation as the document has it.
type Op struct {
	ID          string                 `json:"operationId"`
	Summary     string                 `json:"summary"`
	Tags        []string               `json:"tags"`
	Security    *[]map[string][]string `json:"security,omitempty"`
	Parameters  []Parameter            `json:"parameters,omitempty"`
	RequestBody *Body                  `json:"requestBody,omitempty"`
	Responses   map[string]Response    `json:"responses"`
}

// Parameter stands in the path, the query or a header.
type Parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Required    bool   `json:"required"`
	Description string `json:"description,omitempty"`
	Schema      object `json:"schema"`
}

// Body is what a change sends.
type Body struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// Response is what is answered.
type Response struct {
	Ref         string           `json:"$ref,omitempty"`
	Description string           `json:"description,omitempty"`
	Content     map[string]Media `json:"content,omitempty"`
}

// Media is one kind of content.
type Media struct {
	Schema object `json:"schema"`
}

// Describe makes the document of the operations. about is its introduction, problem what every refusal answers.
func Describe(about Info, operations []Operation, problem any) (*Document, error) {
	d := &Document{
		OpenAPI: "3.1.0", Info: about, Servers: []object{{"url": "/api/v1"}}, Security: []map[string][]string{{"bearer": {}}},
		Paths: map[string]map[string]*Op{}, named: map[string]string{}, Components: Components{Schemas: map[string]object{}, SecuritySchemes: map[string]object{"bearer": {"type": "http", "scheme": "bearer"}}},
	}
	refused := map[string]Media{"application/problem+json": {d.schema(reflect.TypeOf(problem), side{})}}
	d.Components.Responses = map[string]Response{"Problem": {Description: "Refused: the type says why, errors name the fields", Content: refused}}
	tags := map[string]bool{}
	for _, o := range operations {
		if !tags[o.Tag] {
			tags[o.Tag] = true
			d.Tags = append(d.Tags, Tag{o.Tag})
		}
		d.add(o)
	}
	return d, d.clash()
}

// clash finds two types of one name: one of them would be described as the other.
func (d *Document) clash() error {
	types := map[string]string{}
	for both, name := range d.named {
		if other, taken := types[name]; taken {
			return fmt.Errorf("%s and %s are both described as %s", both, other, name)
		}
		types[name] = both
	}
	return nil
}

var params = regexp.MustCompile(`:(\w+)`)

// PathOf writes a route's path as the document does.
func PathOf(route string) string { return params.ReplaceAllString(route, "{$1}") }

func (d *Document) add(o Operation) {
	method := strings.ToLower(o.Method)
	op := &Op{
		ID: method + strings.NewReplacer("/", "_", ":", "", "-", "_").Replace(o.Path), Summary: o.Summary, Tags: []string{o.Tag}, Parameters: o.parameters(),
		Responses: map[string]Response{"default": {Ref: "#/components/responses/Problem"}},
	}
	if o.Public {
		op.Security = &[]map[string][]string{}
	}
	if o.In != nil {
		kind := "application/json"
		if o.Upload {
			kind = "multipart/form-data"
		}
		op.RequestBody = &Body{true, map[string]Media{kind: {d.schema(reflect.TypeOf(o.In), side{in: true, partial: o.Partial})}}}
	}
	done := Response{Description: "Done"}
	if o.Out != nil {
		done.Content = map[string]Media{"application/json": {d.schema(reflect.TypeOf(o.Out), side{})}}
	}
	if o.File != "" {
		done.Content = map[string]Media{o.File: {object{"type": "string", "format": "binary"}}}
	}
	op.Responses[strconv.Itoa(o.Status)] = done
	path := PathOf(o.Path)
	if d.Paths[path] == nil {
		d.Paths[path] = map[string]*Op{}
	}
	d.Paths[path][method] = op
}

// parameters are those of the path, of the query and of the headers.
func (o Operation) parameters() (list []Parameter) {
	for _, m := range params.FindAllStringSubmatch(o.Path, -1) {
		list = append(list, Parameter{Name: m[1], In: "path", Required: true, Schema: object{"type": "string"}})
	}
	for _, q := range o.Query {
		list = append(list, Parameter{Name: q.Name, In: "query", Required: q.Must, Schema: q.schema()})
	}
	if o.Match != NoMatch {
		list = append(list, Parameter{Name: "If-Match", In: "header", Required: o.Match == MustMatch, Description: `The version it was made from, as in "3"`, Schema: object{"type": "string"}})
	}
	if o.Method == "POST" && !o.Public {
		list = append(list, Parameter{
			Name: "Idempotency-Key", In: "header", Description: "Sent again with the same key, it counts once", Schema: object{"type": "string", "minLength": 8, "maxLength": 200},
		})
	}
	return list
}

func (q Query) schema() object {
	switch {
	case len(q.One) > 0:
		return object{"type": "string", "enum": q.One}
	case q.Type == "integer":
		return object{"type": "integer"}
	case q.Type != "":
		return object{"type": "string", "format": q.Type}
	}
	return object{"type": "string"}
}
