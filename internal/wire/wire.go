// Package wire turns JSON bodies and posted forms into input structs and back. The json tag
// names a field everywhere: in the form, in the JSON and in the error. Every malformed field is
// reported at once, by its path ("milestones.0.due_on"); what no field is named is refused.
package wire

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
)

// maxDepth bounds nesting; no input of ours is deeper than four.
const maxDepth = 8

var (
	dateType  = reflect.TypeFor[civil.Date]()
	clockType = reflect.TypeFor[civil.Clock]()
	centsType = reflect.TypeFor[money.Cents]()
)

// JSON reads one object into dst, a pointer to a struct.
func JSON(body []byte, dst any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return errs.New(errs.Unreadable, "body.json").With(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errs.New(errs.Unreadable, "body.trailing")
	}
	var c errs.Collector
	object(raw, reflect.ValueOf(dst).Elem(), "", 0, &c)
	return c.Err()
}

// member is one key of an object, in the order written.
type member struct {
	key string
	raw json.RawMessage
}

func members(raw json.RawMessage) ([]member, bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	var list []member
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return nil, false
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return nil, false
		}
		list = append(list, member{key, v})
	}
	return list, true
}

func object(raw json.RawMessage, v reflect.Value, path string, depth int, c *errs.Collector) {
	list, ok := members(raw)
	if !ok || depth > maxDepth {
		c.Add(strings.TrimSuffix(path, "."), "object")
		return
	}
	fields := fieldsOf(v.Type())
	var seen []string
	for _, m := range list {
		i, known := fields[m.key]
		switch {
		case !known:
			c.Add(path+m.key, "unknown")
		case slices.Contains(seen, m.key):
			c.Add(path+m.key, "twice")
		default:
			value(m.raw, v.FieldByIndex(i), path+m.key, depth+1, c)
		}
		seen = append(seen, m.key)
	}
}

func value(raw json.RawMessage, v reflect.Value, path string, depth int, c *errs.Collector) {
	null := string(raw) == "null"
	switch {
	case v.Kind() == reflect.Pointer:
		if null {
			v.SetZero()
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		value(raw, v.Elem(), path, depth, c)
	case null:
		v.SetZero()
	case isLeaf(v.Type()):
		if err := json.Unmarshal(raw, v.Addr().Interface()); err != nil {
			c.Add(path, codeOf(v.Type()))
		} else if v.Kind() == reflect.String && !clean(v.String()) {
			c.Add(path, "characters")
		} else if v.Kind() == reflect.Int && int64(int32(v.Int())) != v.Int() {
			c.Add(path, "whole_number")
		}
	case v.Kind() == reflect.Struct:
		object(raw, v, path+".", depth, c)
	case v.Kind() == reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil || depth > maxDepth {
			c.Add(path, "list")
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			value(item, v.Index(i), path+"."+strconv.Itoa(i), depth+1, c)
		}
	case v.Kind() == reflect.Map:
		list, ok := members(raw)
		if !ok || depth > maxDepth {
			c.Add(path, "object")
			return
		}
		v.Set(reflect.MakeMap(v.Type()))
		for _, m := range list {
			if !clean(m.key) {
				c.Add(path, "characters")
				continue
			}
			if v.MapIndex(reflect.ValueOf(m.key)).IsValid() {
				c.Add(path+"."+m.key, "twice")
				continue
			}
			item := reflect.New(v.Type().Elem()).Elem()
			value(m.raw, item, path+"."+m.key, depth+1, c)
			v.SetMapIndex(reflect.ValueOf(m.key), item)
		}
	default:
		c.Add(path, "type")
	}
}

// isLeaf says that a type is one value, not a structure.
func isLeaf(t reflect.Type) bool {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()) {
		return true
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return true
	default:
		return false
	}
}

// codeOf is what is wrong with a leaf that could not be read.
func codeOf(t reflect.Type) string {
	switch {
	case t == dateType:
		return "date"
	case t == clockType:
		return "clock"
	case t == centsType:
		return "money"
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		return "whole_number"
	case t.Kind() == reflect.Float64:
		return "number"
	}
	return "value"
}

// clean refuses what PostgreSQL cannot store and what nobody types: NUL, bytes that are no UTF-8, halves of
// surrogate pairs, which arrive as the replacement character, and that character itself.
func clean(s string) bool {
	return !strings.ContainsRune(s, 0) && !strings.ContainsRune(s, utf8.RuneError)
}

// Legible is text with what is not clean replaced, so that a refusal can show it.
func Legible(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// fieldsOf maps json names to field indexes; embedded structs count as their own fields.
func fieldsOf(t reflect.Type) map[string][]int {
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && !f.Anonymous && name != "" && name != "-" {
			fields[name] = f.Index
		}
	}
	return fields
}
