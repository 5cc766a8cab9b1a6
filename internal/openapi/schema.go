package openapi

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/civil"
	"waymark/internal/money"
	"waymark/internal/msg"
)

// refs is where the document keeps the schemas of named types.
const refs = "#/components/schemas/"

// side says which way a value goes: what a body must hold and what an answer always holds differ.
type side struct {
	in      bool
	partial bool // only what is to change need be there
}

// oneOf is what a type says that may be one of several.
type oneOf interface{ JSONSchemaOneOf() []any }

// schema describes a Go type as our decoder reads it and encoding/json writes it.
func (d *Document) schema(t reflect.Type, s side) object {
	if t.Kind() == reflect.Pointer {
		return s.orNull(d.schema(t.Elem(), s))
	}
	if one := s.single(t); one != nil {
		return one
	}
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice, reflect.Array:
		return s.orNull(object{"type": "array", "items": d.schema(t.Elem(), s)})
	case reflect.Map:
		return s.orNull(object{"type": "object", "additionalProperties": d.schema(t.Elem(), s)})
	case reflect.Struct:
		return d.structure(t, s)
	}
	return object{} // anything
}

// single describes the types that are one value in JSON, whatever they are made of.
func (s side) single(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[civil.Date]():
		return s.orNull(object{"type": "string", "format": "date"})
	case reflect.TypeFor[civil.Clock]():
		return s.orNull(object{"type": "string", "pattern": `^([01]\d|2[0-3]):[0-5]\d$`})
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[money.Cents]():
		return object{"type": "integer", "description": "cents"}
	case reflect.TypeFor[json.RawMessage]():
		return object{}
	}
	read := reflect.PointerTo(t)
	switch {
	case strings.HasPrefix(t.Name(), "Of["): // an id, empty where there is none
		return object{"type": "string", "format": "uuid"}
	case read.Implements(reflect.TypeFor[json.Unmarshaler]()) && !wraps(t): // a word, a number or yes and no
		return object{"type": []any{"string", "number", "boolean", "null"}}
	case read.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return object{"type": "string"}
	}
	return nil
}

// wraps reports whether a type is a column of the database that is its content in JSON.
func wraps(t reflect.Type) bool { return strings.HasPrefix(t.Name(), "JSON[") }

// orNull is a value that an answer may lack.
func (s side) orNull(schema object) object {
	if s.in {
		return schema
	}
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []any{kind, "null"}
		return schema
	}
	if schema["$ref"] != nil {
		return object{"anyOf": []any{schema, object{"type": "null"}}}
	}
	return schema
}

func (d *Document) structure(t reflect.Type, s side) object {
	if wraps(t) {
		v, _ := t.FieldByName("V")
		return d.schema(v.Type, s)
	}
	if several, ok := reflect.Zero(t).Interface().(oneOf); ok {
		var list []any
		for _, one := range several.JSONSchemaOneOf() {
			list = append(list, d.schema(reflect.TypeOf(one), s))
		}
		return object{"oneOf": list}
	}
	name := s.name(t)
	if name == "" {
		return d.fields(t, s)
	}
	d.named[name+" "+t.String()] = name
	if d.Components.Schemas[name] == nil {
		d.Components.Schemas[name] = object{} // it may hold itself
		d.Components.Schemas[name] = d.fields(t, s)
	}
	return object{"$ref": refs + name}
}

// name is the component's: package and type, "GoalGoal" said once. A body's type is its own, and a list is
// named by what it lists.
func (s side) name(t reflect.Type) string {
	outer, of, generic := strings.Cut(t.Name(), "[")
	if outer == "" {
		return ""
	}
	path := t.PkgPath() + "." + outer
	if generic {
		path, outer = strings.TrimSuffix(of, "]"), "List"
	} else {
		outer = ""
	}
	pkg, name, _ := strings.Cut(path[strings.LastIndexByte(path, '/')+1:], ".")
	if name = title(name); pkg != "server" && !strings.HasPrefix(name, title(pkg)) {
		name = title(pkg) + name
	}
	switch {
	case s.partial:
		return strings.TrimSuffix(name, "Input") + "Change"
	case s.in:
		return strings.TrimSuffix(name, "Input") + "Input"
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, "Input"), "View") + outer
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// fields describes a structure: as in encoding/json, those of embedded ones count as its own and the
// outer one of a name is meant.
func (d *Document) fields(t reflect.Type, s side) object {
	properties, depth, required := object{}, map[string]int{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || f.Anonymous || name == "" || name == "-" || depth[name] > 0 && depth[name] < len(f.Index) {
			continue
		}
		depth[name] = len(f.Index)
		rules := strings.Split(f.Tag.Get("validate"), ",")
		property := d.schema(f.Type, s)
		if s.in {
			constrain(property, rules)
		}
		properties[name] = property
		must := s.in && !s.partial && rules[0] == "required" || !s.in && !strings.Contains(option, "omit")
		if must && !slices.Contains(required, name) {
			required = append(required, name)
		}
	}
	schema := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	if s.in {
		schema["additionalProperties"] = false
	}
	return schema
}

// limits are the keywords for the bounds of a text, a list and a number.
var limits = map[string][2]string{"string": {"minLength", "maxLength"}, "array": {"minItems", "maxItems"}, "integer": {"minimum", "maximum"}, "number": {"minimum", "maximum"}}

// constrain writes the rules of a validate tag as JSON Schema; those after "dive" are the items'.
func constrain(schema object, rules []string) {
	kind, _ := schema["type"].(string)
	for i, rule := range rules {
		tag, of, _ := strings.Cut(rule, "=")
		n, err := strconv.Atoi(of)
		limit, bound := limits[kind]
		switch {
		case tag == "dive":
			if items, ok := schema["items"].(object); ok {
				constrain(items, rules[i+1:])
			}
			return
		case (tag == "oneof" || tag == "spoken") && kind == "string":
			words := strings.Fields(of)
			if tag == "spoken" {
				words = slices.Clone(msg.Languages)
			}
			if rules[0] != "required" {
				words = append(words, "") // not given
			}
			schema["enum"] = words
		case tag == "email":
			schema["format"] = "email"
		case err != nil || !bound:
		case tag == "max" || tag == "lte":
			schema[limit[1]] = n
		case tag == "min" || tag == "gte":
			schema[limit[0]] = n
		}
	}
}
