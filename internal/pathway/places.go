package pathway

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Position is where a value stands: the file and the line in it.
type Position struct {
	File string
	Line int
}

// places are the lines of a file's values by their paths, as in a Problem.
type places map[string]Position

// placesIn finds the line on which every value of a document begins. It stops where the document is
// no JSON: what it found by then is right.
func placesIn(file string, data []byte) places {
	s := scanner{file: file, data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1, found: places{}}
	s.dec.UseNumber()
	_ = s.value("") // where it is broken is for the reader to say
	return s.found
}

type scanner struct {
	file  string
	data  []byte
	dec   *json.Decoder
	line  int // of offset, counted as the scan goes on
	at    int
	found places
}

func (s *scanner) token() (json.Token, error) {
	t, err := s.dec.Token()
	to := min(int(s.dec.InputOffset()), len(s.data))
	s.line += bytes.Count(s.data[s.at:to], []byte("\n"))
	s.at = to
	return t, err
}

func (s *scanner) value(path string) error {
	t, err := s.token()
	if err != nil {
		return err
	}
	s.found[path] = Position{s.file, s.line}
	switch t {
	case json.Delim('{'):
		for s.dec.More() {
			key, err := s.token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if err := s.value(strings.TrimPrefix(path+"."+name, ".")); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for i := 0; s.dec.More(); i++ {
			if err := s.value(path + "[" + strconv.Itoa(i) + "]"); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = s.token()
	return err
}

// of finds where a path stands; what is missing stands where it ought to be, in the thing around it.
func (p places) of(path string) (Position, bool) {
	for {
		if at, ok := p[path]; ok || path == "" {
			return at, ok
		}
		path = path[:max(strings.LastIndexByte(path, '.'), strings.LastIndexByte(path, '['), 0)]
	}
}

// moveAll takes over the values of a file's lists, of which each item has another place now.
func (p places) moveAll(from places, now map[string]string) {
	for path, place := range from {
		item, rest, found := strings.Cut(path, "]")
		if to, ok := now[item+"]"]; found && ok {
			p[to+rest] = place
		}
	}
}
