package docs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waymark/internal/openapi"
)

// field is one key of an object as the page tells it.
type field struct {
	Name, Kind, Before, Of string
	Required               bool
}

// refOf is the name of the type that a schema refers to, by itself or as null.
func refOf(schema map[string]any) string {
	ref, _ := schema["$ref"].(string)
	for _, or := range []string{"anyOf", "allOf"} {
		list, _ := schema[or].([]any)
		for _, one := range list {
			if m, ok := one.(map[string]any); ok && ref == "" {
				ref = refOf(m)
			}
		}
	}
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

func fieldsOf(schema map[string]any) (list []field) {
	properties, _ := schema["properties"].(map[string]any)
	required := fmt.Sprint(schema["required"])
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		of, _ := properties[name].(map[string]any)
		f := field{Name: name, Kind: kindOf(of), Of: refOf(of), Required: slices.Contains(strings.Fields(strings.Trim(required, "[]")), name)}
		if items, ok := of["items"].(map[string]any); ok {
			if f.Of = refOf(items); f.Of != "" {
				f.Before = "[ ]"
			}
		}
		list = append(list, f)
	}
	return list
}

// kindOf says in a word what a value is.
func kindOf(schema map[string]any) string {
	words := []string{}
	switch t := schema["type"].(type) {
	case string:
		words = append(words, t)
	case []any:
		for _, one := range t {
			words = append(words, fmt.Sprint(one))
		}
	}
	if f, ok := schema["format"].(string); ok {
		words = append(words, f)
	}
	if d, ok := schema["description"].(string); ok {
		words = append(words, d)
	}
	text := strings.Join(words, ", ")
	switch one := schema["enum"].(type) {
	case []any:
		return text + ": " + strings.Trim(fmt.Sprint(one), "[]")
	case []string:
		return text + ": " + strings.Join(one, " ")
	}
	return text
}

// statuses are the answers of an operation that are no refusal.
func statuses(op *openapi.Op) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(op.Responses)), func(s string) bool { return s == "default" })
}
