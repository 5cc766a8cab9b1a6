package document

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

// active are what a paper has no need of: programs, and files inside the file.
var active = [][]byte{[]byte("/JavaScript"), []byte("/Launch"), []byte("/EmbeddedFile"), []byte("/RichMedia")}

const (
	// maxPacked bounds what one stream of packed objects may unpack into.
	maxPacked = 16 << 20
	// pdfTail is how near to its end a PDF says that it ends.
	pdfTail = 1024
	// maxHead bounds what is kept of an object until its stream begins.
	maxHead = 4 << 10
)

// checkPDF reads a PDF through: it must end as one, and hold nothing that acts, in the open or among the objects
// that newer files pack together. What it shows, such as pictures and letters, is not unpacked.
func checkPDF(r io.Reader) error {
	in := &sieve{from: bufio.NewReaderSize(r, 64<<10)}
	var head []byte
	for {
		line, err := in.line()
		head = append(head, line...)
		if bytes.Contains(line, []byte("endobj")) || len(head) > maxHead {
			head = append(head[:0], head[max(0, len(head)-maxHead):]...)
		}
		if begins(line) {
			if err := in.packed(head); err != nil {
				return err
			}
			head = head[:0]
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if in.acts() {
		return refused("document.active")
	}
	if !bytes.Contains(in.window, []byte("%%EOF")) {
		return refused("document.unreadable")
	}
	return nil
}

// begins reports the line behind which a stream stands.
func begins(line []byte) bool {
	line = bytes.TrimRight(line, "\r\n")
	return bytes.HasSuffix(line, []byte("stream")) && !bytes.HasSuffix(line, []byte("endstream"))
}

// sieve hands a file on byte by byte and looks at all of it.
type sieve struct {
	from   *bufio.Reader
	window []byte
	found  bool
}

// ReadByte lets what unpacks take no byte more than it needs.
func (s *sieve) ReadByte() (byte, error) {
	b, err := s.from.ReadByte()
	if err == nil {
		s.see(b)
	}
	return b, err
}

// Read is ReadByte for several.
func (s *sieve) Read(b []byte) (int, error) {
	n, err := s.from.Read(b)
	s.see(b[:n]...)
	return n, err
}

func (s *sieve) see(b ...byte) {
	s.window = append(s.window, b...)
	if len(s.window) > 64<<10 {
		s.found = s.acts()
		s.window = append(s.window[:0], s.window[len(s.window)-pdfTail:]...)
	}
}

func (s *sieve) acts() bool {
	if s.found {
		return true
	}
	text := plainNames(s.window)
	for _, a := range active {
		if bytes.Contains(text, a) {
			return true
		}
	}
	return false
}

// line reads up to the end of a line, or to the bare carriage return behind which some programs begin a stream.
func (s *sieve) line() (line []byte, err error) {
	for len(line) < maxHead {
		b, err := s.ReadByte()
		if err != nil {
			return line, err
		}
		line = append(line, b)
		if b == '\n' {
			break
		}
		if next, _ := s.from.Peek(1); b == '\r' && begins(line) && !bytes.Equal(next, []byte("\n")) {
			break
		}
	}
	return line, nil
}

// packed looks into a stream of objects; of other streams it takes nothing.
func (s *sieve) packed(head []byte) error {
	head = plainNames(head)
	if !bytes.Contains(head, []byte("/ObjStm")) || !bytes.Contains(head, []byte("/Filter")) {
		return nil
	}
	if !bytes.Contains(head, []byte("/FlateDecode")) || bytes.Count(head, []byte("Decode")) > 1+bytes.Count(head, []byte("/DecodeParms")) || bytes.Contains(head, []byte("/Predictor")) {
		return refused("document.unreadable") // packed in a way that hides what is in it
	}
	z, err := zlib.NewReader(s)
	if err != nil {
		return refused("document.unreadable")
	}
	inside := &sieve{from: bufio.NewReader(io.LimitReader(z, maxPacked+1))}
	n, err := io.Copy(io.Discard, struct{ io.Reader }{inside})
	switch {
	case err != nil || n > maxPacked:
		return refused("document.unreadable")
	case inside.acts():
		return refused("document.active")
	}
	return nil
}

// plainNames is a text with the escapes of names undone: /J#61vaScript is /JavaScript.
func plainNames(b []byte) []byte {
	if !bytes.ContainsRune(b, '#') {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			if hi, lo := nibble(b[i+1]), nibble(b[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
