package reference

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// file is one regular file of the directory that is imported.
type file struct {
	path string // as opened
	name string // within the directory, for messages
	base string // lower case, for matching
}

// maxDepth is how deep an unpacked archive may lie.
const maxDepth = 4

// filesIn lists the regular files under dir. Links are not followed.
func filesIn(dir string) ([]file, error) {
	var list []file
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || strings.Count(rel, string(filepath.Separator)) >= maxDepth) {
				return filepath.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() {
			list = append(list, file{path, filepath.ToSlash(rel), strings.ToLower(d.Name())})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the directory cannot be read: %w", err)
	}
	return list, nil
}

// print is the SHA-256 of the file as it lies there.
func (f file) print() (string, error) {
	r, err := os.Open(f.path)
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// open gives the file's bytes, unpacked when it is a .gz.
func (f file) open() (io.ReadCloser, error) {
	r, err := os.Open(f.path)
	if err != nil || !strings.HasSuffix(f.base, ".gz") {
		return r, err
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		_ = r.Close()
		return nil, &Fault{File: f.name, What: "this is no gzip file, or it is cut"}
	}
	return struct {
		io.Reader
		io.Closer
	}{z, r}, nil
}

// ext is what the unpacked file is: csv, txt, tsv or xlsx.
func (f file) ext() string {
	return strings.TrimPrefix(filepath.Ext(strings.TrimSuffix(f.base, ".gz")), ".")
}

// maxRecord bounds one record, so that a quote nobody closed cannot fill the memory.
const maxRecord = 1 << 20

// clean passes text on while it is UTF-8 without NUL, in records of a sane length, and remembers
// whether it ended with a line end: a file that stops within a line was cut.
type clean struct {
	r          *bufio.Reader
	name       string
	quotes     bool
	line, col  int
	begun      int // line on which the record began
	record     int
	open, tail bool
	err        error
}

func cleanReader(r io.Reader, name string, quotes bool) *clean {
	c := &clean{r: bufio.NewReaderSize(r, 64<<10), name: name, quotes: quotes, line: 1, begun: 1, tail: true}
	if b, _ := c.r.Peek(3); len(b) >= 2 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF) {
		c.err = c.fault("the file is UTF-16; save it as UTF-8")
	} else if string(b) == "\xEF\xBB\xBF" {
		_, _ = c.r.Discard(3)
	}
	return c
}

func (c *clean) fault(what string) error {
	return &Fault{File: c.name, Line: c.line, Column: c.col + 1, What: what}
}

// Read hands on whole characters.
func (c *clean) Read(p []byte) (int, error) {
	n := 0
	for n+utf8.UTFMax <= len(p) {
		if c.err != nil {
			break
		}
		if n > 0 && c.r.Buffered() == 0 {
			break
		}
		r, size, err := c.r.ReadRune()
		if err != nil {
			c.err = c.ended(err)
			break
		}
		if r == utf8.RuneError && size == 1 {
			c.err = c.fault("this is not UTF-8; save the file as UTF-8, or run: iconv -f WINDOWS-1252 -t UTF-8")
			break
		}
		if c.err = c.follow(r, size); c.err != nil {
			break
		}
		n += utf8.EncodeRune(p[n:], r)
	}
	if n > 0 {
		return n, nil
	}
	return 0, c.err
}

func (c *clean) follow(r rune, size int) error {
	c.col, c.record, c.tail = c.col+1, c.record+size, false
	switch {
	case r == 0:
		c.col--
		return c.fault("there is a NUL character; the file is not text")
	case r == '"' && c.quotes:
		c.open = !c.open
	case r == '\n':
		c.line, c.col, c.tail = c.line+1, 0, true
		if !c.open {
			c.record, c.begun = 0, c.line
		}
	}
	if c.record > maxRecord {
		return &Fault{File: c.name, Line: c.begun, What: "the row is longer than 1 MB; a quote may be open"}
	}
	return nil
}

// ended tells a whole file from one that was cut.
func (c *clean) ended(err error) error {
	switch {
	case err == io.ErrUnexpectedEOF:
		return c.fault("the file is cut: the packed data stops here")
	case err == gzip.ErrChecksum || err == gzip.ErrHeader:
		return c.fault("the packed data is damaged")
	case err != io.EOF:
		return fmt.Errorf("%s: %w", c.name, err)
	case c.open:
		return &Fault{File: c.name, Line: c.begun, What: "a quote is never closed; the file may be cut"}
	case !c.tail:
		return c.fault("the file is cut: it stops within a line")
	}
	return io.EOF
}
