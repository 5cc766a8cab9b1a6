package pathway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/errs"
)

// MaxFileBytes is the largest catalogue file that Parse reads.
const MaxFileBytes = 32 << 20

// MaxTextBytes is the longest single text in a catalogue.
const MaxTextBytes = 8000

// ParseError is why a file could not be read, with the place in it.
// Code and Args are for the message catalogue; Error is for logs and the terminal.
type ParseError struct {
	Name string // of the file
	Path string // e.g. pathways[0].steps[2].wage.min_cents; empty for the whole file
	Line int    // from 1; 0 if the file could not be read at all
	Code string // one of the Parse… codes
	Args map[string]any
	err  error
}

// Codes of a ParseError.
const (
	ParseUnreadable   = "catalogue.unreadable"    // the reader failed, or it is not UTF-8
	ParseTooLarge     = "catalogue.too_large"     // Args: limit
	ParseSyntax       = "catalogue.syntax"        // not JSON, or cut off
	ParseUnknownKey   = "catalogue.unknown_key"   // Args: key
	ParseDuplicateKey = "catalogue.duplicate_key" // Args: key
	ParseWrongType    = "catalogue.wrong_type"    // Args: want
	ParseWrongFormat  = "catalogue.wrong_format"  // Args: want
	ParseTooLong      = "catalogue.too_long"      // Args: limit; a text longer than any ought to be
	ParseCharacters   = "characters"              // a text with characters that cannot be stored
)

// Error names the file, line and path.
func (e *ParseError) Error() string {
	var b strings.Builder
	b.WriteString(e.Name)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	b.WriteString(": " + e.Code)
	for _, k := range []string{"key", "want", "limit"} {
		if v, ok := e.Args[k]; ok {
			fmt.Fprintf(&b, " %s=%v", k, v)
		}
	}
	if e.err != nil {
		b.WriteString(": " + e.err.Error())
	}
	return b.String()
}

// Unwrap gives the reader's or decoder's error, if any.
func (e *ParseError) Unwrap() error { return e.err }

// Parse reads one catalogue file. Unknown and repeated keys, null, and values
// of another type are refused with their place; what the values mean is left
// to Check. The name is only for errors, which are all *ParseError.
func Parse(name string, r io.Reader) (File, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	switch {
	case err != nil:
		return File{}, &ParseError{Name: name, Code: ParseUnreadable, err: err}
	case len(data) > MaxFileBytes:
		return File{}, &ParseError{Name: name, Code: ParseTooLarge, Args: map[string]any{"limit": MaxFileBytes}}
	case !utf8.Valid(data):
		return File{}, &ParseError{Name: name, Code: ParseUnreadable, err: errors.New("not UTF-8")}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	w := walker{name: name, data: data, dec: dec}
	if err := w.value(reflect.TypeFor[File](), ""); err != nil {
		return File{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return File{}, w.fail("", ParseSyntax, nil, errors.New("text after the end"))
	}
	var f File
	if err := json.Unmarshal(data, &f); err != nil {
		return File{}, &ParseError{Name: name, Code: ParseSyntax, err: err}
	}
	if f.Format != Format {
		return File{}, &ParseError{Name: name, Path: "format", Line: 1, Code: ParseWrongFormat, Args: map[string]any{"want": Format}}
	}
	f.places = placesIn(name, data)
	return f, nil
}

// ParseOne reads one pathway, as it stands in the list of a file, with the same refusals.
func ParseOne(data []byte) (Pathway, error) {
	var p Pathway
	if !utf8.Valid(data) || !json.Valid(data) || len(data) > MaxFileBytes {
		return p, errs.New(errs.Unreadable, "body.utf8")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	w := walker{name: "body", data: data, dec: dec}
	if err := w.value(reflect.TypeFor[Pathway](), ""); err != nil {
		if e, ok := errors.AsType[*ParseError](err); ok && e.Code != ParseSyntax {
			return p, errs.AtArgs(e.Path, e.Code, e.Args).With(err)
		}
		return p, errs.New(errs.Unreadable, "body.json").With(err)
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, errs.New(errs.Unreadable, "body.json").With(err)
	}
	return p, nil
}

// walker compares the tokens of a file with the Go types, so that every
// refusal can name path and line, which encoding/json does not.
type walker struct {
	name string
	data []byte
	dec  *json.Decoder
}

func (w *walker) fail(path, code string, args map[string]any, err error) error {
	off := min(int(w.dec.InputOffset()), len(w.data))
	if syn, ok := errors.AsType[*json.SyntaxError](err); ok {
		off = min(int(syn.Offset), len(w.data))
	}
	return &ParseError{Name: w.name, Path: path, Line: 1 + bytes.Count(w.data[:off], []byte("\n")), Code: code, Args: args, err: err}
}

func (w *walker) token(path string) (json.Token, error) {
	t, err := w.dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, w.fail(path, ParseSyntax, nil, err)
	}
	return t, nil
}

func (w *walker) value(t reflect.Type, path string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	tok, err := w.token(path)
	if err != nil {
		return err
	}
	wrong := func(want string) error {
		return w.fail(path, ParseWrongType, map[string]any{"want": want}, nil)
	}
	switch t.Kind() {
	case reflect.Struct:
		if tok != json.Delim('{') {
			return wrong("object")
		}
		return w.object(t, path)
	case reflect.Slice:
		if tok != json.Delim('[') {
			return wrong("list")
		}
		for i := 0; w.dec.More(); i++ {
			if err := w.value(t.Elem(), path+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		_, err := w.token(path)
		return err
	case reflect.String:
		text, ok := tok.(string)
		switch {
		case !ok:
			return wrong("text")
		case len(text) > MaxTextBytes:
			return w.fail(path, ParseTooLong, map[string]any{"limit": MaxTextBytes}, nil)
		case strings.ContainsRune(text, 0):
			return w.fail(path, ParseCharacters, nil, nil)
		}
	case reflect.Bool:
		if _, ok := tok.(bool); !ok {
			return wrong("true or false")
		}
	case reflect.Int, reflect.Int64:
		n, ok := tok.(json.Number)
		if !ok {
			return wrong("whole number")
		}
		if _, err := strconv.ParseInt(n.String(), 10, 64); err != nil {
			return wrong("whole number")
		}
	case reflect.Float64:
		n, ok := tok.(json.Number)
		if !ok {
			return wrong("number")
		}
		if _, err := n.Float64(); err != nil {
			return wrong("number")
		}
	default:
		return wrong(t.String())
	}
	return nil
}

func (w *walker) object(t reflect.Type, path string) error {
	fields := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" {
			fields[key] = f.Type
		}
	}
	seen := make(map[string]bool, len(fields))
	for w.dec.More() {
		tok, err := w.token(path)
		if err != nil {
			return err
		}
		key, ok := tok.(string)
		if !ok {
			return w.fail(path, ParseSyntax, nil, nil)
		}
		ft, known := fields[key]
		at := key
		if path != "" {
			at = path + "." + key
		}
		switch {
		case !known:
			return w.fail(at, ParseUnknownKey, map[string]any{"key": key}, nil)
		case seen[key]:
			return w.fail(at, ParseDuplicateKey, map[string]any{"key": key}, nil)
		}
		seen[key] = true
		if err := w.value(ft, at); err != nil {
			return err
		}
	}
	_, err := w.token(path)
	return err
}

// Merge joins files into one, in order, so that Check can follow references
// between them. A source that stands in several files unchanged is kept once.
func Merge(files ...File) File {
	out := File{Format: Format, places: places{}}
	for _, f := range files {
		now := map[string]string{}
		for i, s := range f.Sources {
			if !hasSource(out.Sources, s) {
				now[item("sources", i)] = item("sources", len(out.Sources))
				out.Sources = append(out.Sources, s)
			}
		}
		out.Pathways = moved(now, "pathways", out.Pathways, f.Pathways)
		out.Occupations = moved(now, "occupations", out.Occupations, f.Occupations)
		out.Regions = moved(now, "regions", out.Regions, f.Regions)
		out.places.moveAll(f.places, now)
	}
	return out
}

// moved appends the items of one file's list to those of all files, and notes where each has gone.
func moved[T any](now map[string]string, list string, all, more []T) []T {
	for i := range more {
		now[item(list, i)] = item(list, len(all)+i)
	}
	return append(all, more...)
}

func item(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func hasSource(in []Source, s Source) bool {
	for _, o := range in {
		if reflect.DeepEqual(o, s) {
			return true
		}
	}
	return false
}
