package document

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"waymark/internal/access"
	"waymark/internal/errs"
)

// Files is the place on the disk: one sealed file for each content and agency, named by the SHA-256
// of what is in it, outside of everything that is served.
type Files struct {
	root    *os.Root
	key     []byte
	scanner Scanner
	// painting lets few pictures be unpacked at a time, receiving few files come in.
	painting, receiving chan struct{}
}

const incoming = "incoming"

// NewFiles opens the directory, or makes it. Without a scanner files are taken unscanned.
func NewFiles(dir string, key []byte, scanner Scanner) (*Files, error) {
	if len(key) < 32 {
		return nil, errNoKey
	}
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o700); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return &Files{root: root, key: key, scanner: scanner, painting: make(chan struct{}, 2), receiving: make(chan struct{}, 32)}, nil
}

// Trusted is the same place for what the program itself makes: it is not shown to the scanner.
func (f *Files) Trusted() *Files {
	own := *f
	own.scanner = nil
	return &own
}

// Spool is a file as it came, sealed with a key that is only in memory: it cannot be read by
// anybody once the request is over.
type Spool struct {
	files *Files
	name  string
	key   []byte
	Size  int64
}

// Receive takes in what somebody sends, up to MaxFile, without looking at it.
func (f *Files) Receive(r io.Reader) (_ *Spool, err error) {
	select {
	case f.receiving <- struct{}{}:
		defer func() { <-f.receiving }()
	default:
		return nil, errs.New(errs.Unavailable, "unavailable")
	}
	s := &Spool{files: f, name: filepath.Join(incoming, random()), key: make([]byte, 32)}
	_, _ = rand.Read(s.key)
	defer func() {
		if err != nil {
			s.Drop()
		}
	}()
	err = f.write(s.name, s.key, "spool", "", func(w io.Writer) error {
		s.Size, err = io.Copy(w, io.LimitReader(r, MaxFile+1))
		return err
	})
	if err == nil && s.Size > MaxFile {
		return nil, refused("document.too_large")
	}
	return s, err
}

// Drop forgets what was sent. It may be called more than once.
func (s *Spool) Drop() {
	if s != nil {
		_ = s.files.root.Remove(s.name)
	}
}

func (s *Spool) open() (io.ReadCloser, error) { return s.files.open(s.name, s.key, "spool", "") }

func (f *Files) write(name string, key []byte, use, agency string, fill func(io.Writer) error) error {
	k, err := sealFor(key, use, agency)
	if err != nil {
		return err
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	w, err := k.writer(file)
	if err == nil {
		err = fill(w)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

type opened struct {
	io.Reader
	io.Closer
}

func (f *Files) open(name string, key []byte, use, agency string) (io.ReadCloser, error) {
	k, err := sealFor(key, use, agency)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	r, err := k.reader(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return opened{r, file}, nil
}

// Taken is a file that was checked and sealed, but belongs to nobody yet.
type Taken struct {
	Media  string
	Size   int64
	SHA256 []byte
	files  *Files
	agency access.AgencyID
	name   string
}

// Take checks what was sent and seals what is kept of it: a picture painted anew, or the PDF.
func (f *Files) Take(ctx context.Context, agency access.AgencyID, s *Spool) (*Taken, error) {
	media, err := s.kind()
	if err != nil {
		return nil, err
	}
	if err := f.scan(ctx, s); err != nil {
		return nil, err
	}
	t := &Taken{Media: media, files: f, agency: agency, name: filepath.Join(incoming, random())}
	err = f.slot(ctx, func() error {
		return f.write(t.name, f.key, "file", agency.String(), func(w io.Writer) error { return t.fill(s, w) })
	})
	if err != nil {
		t.Drop()
		return nil, err
	}
	return t, nil
}

// slot waits for room to work in.
func (f *Files) slot(ctx context.Context, fn func() error) error {
	select {
	case f.painting <- struct{}{}:
		defer func() { <-f.painting }()
		return fn()
	case <-ctx.Done():
		return errs.New(errs.Unavailable, "unavailable").With(ctx.Err())
	}
}

func (s *Spool) kind() (media string, err error) {
	err = reading(s.open, func(r io.Reader) error {
		head := make([]byte, 32)
		n, err := io.ReadFull(r, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		media, err = kindOf(head[:n])
		return err
	})
	return media, err
}

// scan shows the file as it came to the scanner. Without an answer it is not taken.
func (f *Files) scan(ctx context.Context, s *Spool) error {
	if f.scanner == nil {
		return nil
	}
	return reading(s.open, func(r io.Reader) error {
		clean, err := f.scanner.Clean(ctx, r)
		switch {
		case err != nil:
			slog.ErrorContext(ctx, "scanner", "err", err.Error())
			return errs.New(errs.Unavailable, "document.no_scan").With(err)
		case !clean:
			slog.WarnContext(ctx, "a virus was refused")
			return refused("document.virus")
		}
		return nil
	})
}

// fill writes what is kept, and counts and fingerprints it on the way.
func (t *Taken) fill(s *Spool, w io.Writer) error {
	sum := sha256.New()
	out := &counter{w: io.MultiWriter(w, sum)}
	var err error
	if t.Media == pdfMedia {
		if err = reading(s.open, checkPDF); err == nil {
			err = reading(s.open, func(r io.Reader) error { _, err := io.Copy(out, r); return err })
		}
	} else {
		err = repaint(t.Media, s.open, out)
		t.Media = jpegMedia
	}
	t.Size, t.SHA256 = out.n, sum.Sum(nil)
	return err
}

type counter struct {
	w io.Writer
	n int64
}

// Write counts what goes through.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// Drop forgets a file that was not kept.
func (t *Taken) Drop() { _ = t.files.root.Remove(t.name) }

// keep gives the file its lasting name; a row that names it must follow in the same transaction, or
// the sweep takes it away again.
func (t *Taken) keep() error {
	dir, name := place(t.agency, t.SHA256)
	if err := t.files.root.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	err := t.files.root.Rename(t.name, name)
	if errors.Is(err, os.ErrNotExist) { // the transaction is tried again, and the file is in its place
		_, err = t.files.root.Stat(name)
	}
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	d, err := t.files.root.Open(dir)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// place is where a content is kept.
func place(agency access.AgencyID, sum []byte) (dir, name string) {
	h := hex.EncodeToString(sum)
	dir = filepath.Join(agency.String(), h[:2])
	return dir, filepath.Join(dir, h)
}

var errAltered = errors.New("document: the stored file is not what was stored")

// read opens a stored file after it was read through once and found to be what was stored.
func (f *Files) read(agency access.AgencyID, sum []byte) (io.ReadCloser, error) {
	_, name := place(agency, sum)
	is := sha256.New()
	whole := func() (io.ReadCloser, error) { return f.open(name, f.key, "file", agency.String()) }
	if err := reading(whole, func(r io.Reader) error { _, err := io.Copy(is, r); return err }); err != nil {
		return nil, err
	}
	if !bytes.Equal(is.Sum(nil), sum) {
		return nil, errAltered
	}
	return whole()
}

func random() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// Read opens the file of a paper that was found in the actor's own row-level context.
func (f *Files) Read(by access.Actor, d Document) (io.ReadCloser, error) {
	return f.read(by.Agency, d.SHA256)
}
