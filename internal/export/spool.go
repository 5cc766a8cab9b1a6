package export

import (
	"bytes"
	"io"
	"os"
)

// spoolHead is how much of a file stays in memory.
const spoolHead = 1 << 20

// Spool keeps a file until it is whole, so that nobody gets half of one, and nothing is held open in the
// database for whoever takes it slowly. A short file stays in memory; the rest of a long one goes to a
// temporary file that has no name any more, so that it is gone with the program whatever happens.
type Spool struct {
	head bytes.Buffer
	rest *os.File
	size int64
}

// Write adds to the file.
func (s *Spool) Write(b []byte) (int, error) {
	s.size += int64(len(b))
	if s.rest == nil && s.head.Len()+len(b) <= spoolHead {
		return s.head.Write(b)
	}
	if err := s.open(); err != nil {
		return 0, err
	}
	return s.rest.Write(b)
}

func (s *Spool) open() (err error) {
	if s.rest != nil {
		return nil
	}
	if s.rest, err = os.CreateTemp("", "waymark-"); err != nil {
		return err
	}
	return os.Remove(s.rest.Name())
}

// Size is how long the file is.
func (s *Spool) Size() int64 { return s.size }

// Read gives the whole file from its beginning.
func (s *Spool) Read() (io.Reader, error) {
	if s.rest == nil {
		return &s.head, nil
	}
	_, err := s.rest.Seek(0, io.SeekStart)
	return io.MultiReader(&s.head, s.rest), err
}

// Close lets the file go.
func (s *Spool) Close() {
	if s.rest != nil {
		_ = s.rest.Close()
	}
}
