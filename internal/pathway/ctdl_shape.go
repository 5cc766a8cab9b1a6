package pathway

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kinds of value that a property of a document holds, in the form that Waymark writes.
const (
	shapeText   = "text"
	shapeNumber = "number"
	shapeWords  = "object of texts by language"
	shapeTexts  = "list of texts"
	shapeThings = "list of objects"
)

// shapes are the properties that are read. What stands under any other name is passed over.
var shapes = map[string]string{
	"@id": shapeText, "@type": shapeText,
	"asn:hasProgressionLevel": shapeTexts, "ceasn:isChildOf": shapeTexts,
	"ceterms:codedNotation": shapeText, "ceterms:comparator": shapeText, "ceterms:componentCategory": shapeWords, "ceterms:description": shapeWords,
	"ceterms:estimatedCost": shapeThings, "ceterms:estimatedDuration": shapeThings, "ceterms:exactDuration": shapeText,
	"ceterms:hasChild": shapeTexts, "ceterms:hasCondition": shapeThings, "ceterms:hasConstraint": shapeThings, "ceterms:hasSupportService": shapeTexts,
	"ceterms:identifier": shapeThings, "ceterms:identifierTypeName": shapeWords, "ceterms:identifierValueCode": shapeText,
	"ceterms:industryType": shapeThings, "ceterms:instructionalProgramType": shapeThings, "ceterms:leftSource": shapeTexts, "ceterms:name": shapeWords,
	"ceterms:occupationType": shapeThings, "ceterms:offeredBy": shapeThings, "ceterms:precededBy": shapeTexts, "ceterms:precedes": shapeTexts,
	"ceterms:prerequisite": shapeTexts, "ceterms:price": shapeNumber, "ceterms:proxyFor": shapeText, "ceterms:requires": shapeThings,
	"ceterms:rightSource": shapeTexts, "ceterms:targetComponent": shapeTexts, "ceterms:targetCredential": shapeTexts, "skos:notation": shapeText,
}

// graphOf reads a document's things. Anything that is read and is not of the form that Waymark writes
// is refused with its path and line.
func graphOf(name string, data []byte) ([]node, error) {
	s := shaper{name: name, data: data}
	if !utf8.Valid(data) {
		return nil, &ParseError{Name: name, Code: ParseUnreadable, err: errors.New("not UTF-8")}
	}
	var whole map[string]any
	if err := json.Unmarshal(data, &whole); err != nil {
		if syn, ok := errors.AsType[*json.SyntaxError](err); ok {
			return nil, &ParseError{Name: name, Line: 1 + bytes.Count(data[:min(int(syn.Offset), len(data))], []byte("\n")), Code: ParseSyntax, err: err}
		}
		return nil, s.fail("", "object")
	}
	all, ok := whole["@graph"].([]any)
	if !ok {
		return nil, s.fail("@graph", shapeThings)
	}
	graph := make([]node, 0, len(all))
	for i, v := range all {
		at := item("@graph", i)
		n, ok := v.(node)
		if !ok {
			return nil, s.fail(at, "object")
		}
		if err := s.thing(at, n); err != nil {
			return nil, err
		}
		graph = append(graph, n)
	}
	return graph, nil
}

type shaper struct {
	name string
	data []byte
}

func (s shaper) fail(path, want string) error {
	at, _ := placesIn(s.name, s.data).of(path)
	return &ParseError{Name: s.name, Path: path, Line: max(at.Line, 1), Code: ParseWrongType, Args: map[string]any{"want": want}}
}

func (s shaper) thing(path string, n node) error {
	for key, want := range shapes {
		v, there := n[key]
		if !there {
			continue
		}
		if err := s.property(path+"."+key, want, v); err != nil {
			return err
		}
	}
	if number, ok := n["skos:notation"].(string); ok && !wholeNumber(number) {
		return s.fail(path+".skos:notation", "whole number as text")
	}
	if price, ok := n["ceterms:price"].(float64); ok && !(price >= 0 && price < 1e9) {
		return s.fail(path+".ceterms:price", "price")
	}
	return s.measure(path, n)
}

// measured are the facts of a constraint that are numbers.
var measured = map[string]bool{"weeks": true, "term_hours": true, "class_hours": true}

func (s shaper) measure(path string, n node) error {
	if n["ceterms:name"] == nil && measured[first(n["ceterms:leftSource"])] && !wholeNumber(first(n["ceterms:rightSource"])) {
		return s.fail(path+".ceterms:rightSource", "whole number as text")
	}
	return nil
}

func wholeNumber(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 0 && n <= 1_000_000
}

func (s shaper) property(path, want string, v any) error {
	switch want {
	case shapeText:
		return s.text(path, v)
	case shapeNumber:
		if _, ok := v.(float64); !ok {
			return s.fail(path, want)
		}
		return nil
	case shapeWords:
		words, ok := v.(node)
		if !ok {
			return s.fail(path, want)
		}
		for _, lang := range []string{"en", "es"} {
			if t, there := words[lang]; there {
				if err := s.text(path+"."+lang, t); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return s.list(path, want, v)
}

func (s shaper) list(path, want string, v any) error {
	list, ok := v.([]any)
	if !ok {
		return s.fail(path, want)
	}
	for i, v := range list {
		at := path + "[" + strconv.Itoa(i) + "]"
		if want == shapeTexts {
			if err := s.text(at, v); err != nil {
				return err
			}
			continue
		}
		n, ok := v.(node)
		if !ok {
			return s.fail(at, "object")
		}
		if err := s.thing(at, n); err != nil {
			return err
		}
	}
	return nil
}

func (s shaper) text(path string, v any) error {
	t, ok := v.(string)
	switch {
	case !ok:
		return s.fail(path, shapeText)
	case len(t) > MaxTextBytes || strings.ContainsRune(t, 0):
		return s.fail(path, "text that can be stored")
	}
	return nil
}
