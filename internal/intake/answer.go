package intake

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Said is an answer as it was given: yes, no, unknown (asked, and nobody knows), or "" when it
// has not been asked. In JSON true and false are taken too.
type Said string

// The answers as given.
const (
	SaidYes     Said = "yes"
	SaidNo      Said = "no"
	SaidUnknown Said = "unknown"
)

// SaidOf turns a bool into what was said.
func SaidOf(yes bool) Said {
	if yes {
		return SaidYes
	}
	return SaidNo
}

// Answer is what a decision makes of it.
func (s Said) Answer() Answer {
	switch s {
	case SaidYes:
		return Yes
	case SaidNo:
		return No
	}
	return Unknown
}

// UnmarshalJSON reads a word or a bool.
func (s *Said) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true":
		*s = SaidYes
	case "false":
		*s = SaidNo
	default:
		return json.Unmarshal(b, (*string)(s))
	}
	return nil
}

// Figure is a number as typed, "" when not given, so that 0 and "not given" stay apart.
type Figure string

// FigureOf writes a whole number.
func FigureOf(n int) Figure { return Figure(strconv.Itoa(n)) }

// Int is the whole number; false when it is none.
func (f Figure) Int() (int, bool) {
	n, err := strconv.Atoi(string(f))
	return n, err == nil && n > -1_000_000 && n < 1_000_000
}

// Float is the number, 0 or more; false when it is none.
func (f Figure) Float() (float64, bool) {
	if len(f) > 9 || strings.Trim(string(f), "0123456789.") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(string(f), 64)
	return n, err == nil
}

// MarshalJSON writes a number where it is one, null when not given.
func (f Figure) MarshalJSON() ([]byte, error) {
	if n, ok := f.Float(); ok {
		return json.Marshal(n)
	}
	if f == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(f))
}

// UnmarshalJSON reads a number or its text.
func (f *Figure) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(f))
	}
	if string(b) == "null" {
		*f = ""
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*f = Figure(n.String())
	return nil
}
