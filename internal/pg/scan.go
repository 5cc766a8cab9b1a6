package pg

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx/reflectx"
)

// read makes values of T of an answer that was asked ahead, as sqlx does of rows: fields by their `db` tags, the
// value itself where T is one. It is ours because sqlx reads a database/sql.Rows only, which asks a goroutine, a
// context and a search for the same fields again of every statement; that was a fifth of the time of a list.
func read[T any](tx *Tx, query string, a answered) ([]T, error) {
	list := make([]T, len(a.rows))
	if len(list) == 0 {
		return list, nil
	}
	fields, err := fieldsOf(tx.tx.Mapper, reflect.TypeFor[T](), query, a.columns)
	if err != nil {
		return nil, err
	}
	all := reflect.ValueOf(list)
	for i, row := range a.rows {
		one := all.Index(i)
		for j, f := range fields {
			if err := f.set(f.of(one), row[j]); err != nil {
				return nil, fmt.Errorf("pg: column %s: %w", a.columns[j], err)
			}
		}
	}
	return list, nil
}

// field is where a column goes, and how.
type field struct {
	path []int // none: the value itself
	set  func(into reflect.Value, v driver.Value) error
}

func (f field) of(v reflect.Value) reflect.Value {
	for _, i := range f.path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// shape is a type that the columns of a query go into.
type shape struct {
	t     reflect.Type
	query string
}

var shapes memo // shape -> []field

func fieldsOf(m *reflectx.Mapper, t reflect.Type, query string, columns []string) ([]field, error) {
	key := shape{t, query}
	if known, ok := shapes.load(key); ok {
		return known.([]field), nil
	}
	fields := make([]field, len(columns))
	if t.Kind() == reflect.Struct && !scans(t) && t != timeType {
		for i, path := range m.TraversalsByName(t, columns) {
			if len(path) == 0 {
				return nil, fmt.Errorf("pg: missing destination name %s in %s", columns[i], t)
			}
			fields[i] = field{path, setter(t.FieldByIndex(path).Type)}
		}
	} else {
		if len(columns) != 1 {
			return nil, fmt.Errorf("pg: %d columns for one %s", len(columns), t)
		}
		fields[0] = field{nil, setter(t)}
	}
	shapes.store(key, fields)
	return fields, nil
}

var (
	timeType    = reflect.TypeFor[time.Time]()
	scannerType = reflect.TypeFor[sql.Scanner]()
)

func scans(t reflect.Type) bool { return reflect.PointerTo(t).Implements(scannerType) }

// setter knows how a value of the driver becomes one of t: those that lib/pq gives for the columns we have. Of
// anything else it says that it cannot, as database/sql does.
func setter(t reflect.Type) func(reflect.Value, driver.Value) error {
	switch {
	case scans(t):
		return func(into reflect.Value, v driver.Value) error { return into.Addr().Interface().(sql.Scanner).Scan(v) }
	case t.Kind() == reflect.Pointer:
		return pointed(t)
	case t == timeType:
		return func(into reflect.Value, v driver.Value) error {
			at, ok := v.(time.Time)
			if !ok {
				return unfit(v, t)
			}
			into.Set(reflect.ValueOf(at))
			return nil
		}
	}
	switch t.Kind() {
	case reflect.String:
		return setString
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return setInt
	case reflect.Float32, reflect.Float64:
		return setFloat
	case reflect.Bool:
		return func(into reflect.Value, v driver.Value) error {
			b, ok := v.(bool)
			if !ok {
				return unfit(v, t)
			}
			into.SetBool(b)
			return nil
		}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return setBytes
		}
	case reflect.Interface:
		return func(into reflect.Value, v driver.Value) error {
			if b, ok := v.([]byte); ok {
				v = slices.Clone(b)
			}
			if v == nil {
				into.SetZero()
				return nil
			}
			into.Set(reflect.ValueOf(v))
			return nil
		}
	}
	return func(_ reflect.Value, v driver.Value) error { return unfit(v, t) }
}

// pointed sets a pointer: nil for null, otherwise to a value of its own.
func pointed(t reflect.Type) func(reflect.Value, driver.Value) error {
	set := setter(t.Elem())
	return func(into reflect.Value, v driver.Value) error {
		if v == nil {
			into.SetZero()
			return nil
		}
		into.Set(reflect.New(t.Elem()))
		return set(into.Elem(), v)
	}
}

func setString(into reflect.Value, v driver.Value) error {
	switch s := v.(type) {
	case string:
		into.SetString(s)
	case []byte:
		into.SetString(string(s))
	case int64:
		into.SetString(strconv.FormatInt(s, 10))
	default:
		return unfit(v, into.Type())
	}
	return nil
}

func setInt(into reflect.Value, v driver.Value) error {
	n, ok := v.(int64)
	if !ok {
		text, isText := textOf(v)
		if !isText {
			return unfit(v, into.Type())
		}
		var err error
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			return err
		}
	}
	if into.OverflowInt(n) {
		return fmt.Errorf("%d does not fit into %s", n, into.Type())
	}
	into.SetInt(n)
	return nil
}

func setFloat(into reflect.Value, v driver.Value) error {
	switch f := v.(type) {
	case float64:
		into.SetFloat(f)
	case int64:
		into.SetFloat(float64(f))
	default:
		text, isText := textOf(v)
		if !isText {
			return unfit(v, into.Type())
		}
		n, err := strconv.ParseFloat(text, into.Type().Bits())
		if err != nil {
			return err
		}
		into.SetFloat(n)
	}
	return nil
}

// setBytes copies: an answer may be read twice.
func setBytes(into reflect.Value, v driver.Value) error {
	switch b := v.(type) {
	case nil:
		into.SetZero()
	case []byte:
		into.SetBytes(slices.Clone(b))
	case string:
		into.SetBytes([]byte(b))
	default:
		return unfit(v, into.Type())
	}
	return nil
}

func textOf(v driver.Value) (string, bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case []byte:
		return string(s), true
	}
	return "", false
}

func unfit(v driver.Value, t reflect.Type) error {
	if v == nil {
		return fmt.Errorf("null does not fit into %s", t)
	}
	return fmt.Errorf("%T does not fit into %s", v, t)
}

// nothing is a result without rows.
type nothing struct{}

// Columns are none.
func (nothing) Columns() []string { return nil }

// Close has nothing to close.
func (nothing) Close() error { return nil }

// Next has no row.
func (nothing) Next([]driver.Value) error { return io.EOF }
