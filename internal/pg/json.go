package pg

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"
)

// JSON stores a value as jsonb.
type JSON[T any] struct{ V T }

// AsJSON wraps a value for storing.
func AsJSON[T any](v T) JSON[T] { return JSON[T]{v} }

// Value writes jsonb.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads jsonb.
func (j *JSON[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case []byte:
		return json.Unmarshal(v, &j.V)
	case string:
		return json.Unmarshal([]byte(v), &j.V)
	}
	return fmt.Errorf("pg: cannot scan %T as json", src)
}

// MarshalJSON is the value's own form.
func (j JSON[T]) MarshalJSON() ([]byte, error) { return json.Marshal(j.V) }

// Strings is a text[].
type Strings = pq.StringArray

// Array makes any slice an argument for `= any (:name)`.
func Array(slice any) any { return pq.Array(slice) }
