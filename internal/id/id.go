// Package id has typed identifiers: UUIDv7, so that a participant's id does not compile as a case's.
package id

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Of is the id of a T. The zero value means "none" and is null in JSON and SQL.
type Of[T any] struct{ u uuid.UUID }

// ErrID is returned for text that is no id.
var ErrID = errors.New("id: not an id")

// New makes an id that sorts by the time it was made.
func New[T any]() Of[T] { return Of[T]{uuid.Must(uuid.NewV7())} }

// Parse reads the canonical 36-character form and nothing else.
func Parse[T any](s string) (Of[T], error) {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return Of[T]{}, ErrID
	}
	return Of[T]{u}, nil
}

// As changes the type of an id where one thing is known by another's id.
func As[T, F any](from Of[F]) Of[T] { return Of[T](from) }

// IsZero reports "none".
func (i Of[T]) IsZero() bool { return i.u == uuid.Nil }

// String is the canonical form, empty for "none".
func (i Of[T]) String() string {
	if i.IsZero() {
		return ""
	}
	return i.u.String()
}

// MarshalText writes the canonical form.
func (i Of[T]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the canonical form or nothing.
func (i *Of[T]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = Of[T]{}
		return nil
	}
	p, err := Parse[T](string(b))
	if err != nil {
		return err
	}
	*i = p
	return nil
}

// Value writes a uuid.
func (i Of[T]) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.u.String(), nil
}

// Scan reads a uuid.
func (i *Of[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = Of[T]{}
		return nil
	case []byte:
		return i.UnmarshalText(v)
	case string:
		return i.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("id: cannot scan %T", src)
}
