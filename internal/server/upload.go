package server

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"waymark/internal/check"
	"waymark/internal/document"
	"waymark/internal/errs"
	"waymark/internal/wire"
)

// maxUpload is one file and the few fields around it.
const maxUpload = document.MaxFile + 256<<10

// Bounds of what stands around the file.
const (
	maxParts = 20
	maxPart  = 8 << 10
)

func (s *Server) upload(path string, h endpoint) {
	s.add(route{Method: "POST", Path: path, Upload: true}, h)
}

func (s *Server) uploadAPI(path string, h endpoint) {
	s.add(route{Method: "POST", Path: "/api/v1" + path, API: true, Upload: true}, h)
}

// readUpload reads a form with at most one file, named "file", as it comes: the fields into posted,
// the file sealed onto the disk. The form's token stands before the file, so that a form that is not
// ours sends none.
func (r *request) readUpload() error {
	kind, params, err := mime.ParseMediaType(r.c.GetHeader("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return errs.New(errs.MediaType, "media_type.upload")
	}
	whole, ok := r.c.Request.Context().Value(wholeBodyKey{}).(wholeBody)
	if !ok {
		return errs.New(errs.Unreadable, "body.form")
	}
	sum := sha256.New()
	body := io.TeeReader(whole.bounded(maxUpload), sum)
	r.posted = url.Values{}
	if err := r.readParts(multipart.NewReader(body, params["boundary"])); err != nil {
		return err
	}
	r.body = sum.Sum(nil) // stands for the body where a repetition is told from another sending
	return nil
}

func (r *request) readParts(parts *multipart.Reader) error {
	for n := 0; ; n++ {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		if n == maxParts {
			return errs.New(errs.TooLarge, "too_large")
		}
		if p.FormName() == "file" && p.Header.Get("Content-Disposition") != "" && isFile(p) {
			err = r.readFile(p)
		} else {
			err = r.readField(p)
		}
		if err != nil {
			return err
		}
	}
}

// isFile reports whether a part came from a file's control: it has a name for the file, be it empty.
func isFile(p *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	_, named := params["filename"]
	return err == nil && named || p.FileName() != ""
}

func (r *request) readField(p *multipart.Part) error {
	b, err := io.ReadAll(io.LimitReader(p, maxPart+1))
	switch {
	case err != nil:
		return unreadable(err)
	case len(b) > maxPart:
		return errs.New(errs.TooLarge, "too_large")
	case p.FormName() == "":
		return errs.New(errs.Unreadable, "body.form")
	}
	r.posted.Add(p.FormName(), string(b))
	return nil
}

func (r *request) readFile(p *multipart.Part) error {
	if !r.isAPI && !r.s.tokens.holds(r.session.ID.String(), r.posted.Get("form_token")) {
		return errs.New(errs.Forbidden, "form.token")
	}
	if r.file != nil {
		return errs.New(errs.Unreadable, "body.form")
	}
	file, err := r.s.document.Receive(p)
	if err != nil {
		if errs.Is(err, errs.Invalid) { // too large: the form comes back and says so
			r.refusedFile = err
			return nil
		}
		return unreadable(err)
	}
	if file.Size == 0 { // nothing was chosen
		file.Drop()
		return nil
	}
	r.file = file
	return nil
}

// unreadable tells a body that is too large from one that ends in the middle.
func unreadable(err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errs.New(errs.TooLarge, "too_large")
	}
	return errs.New(errs.Unreadable, "body.form").With(err)
}

// bindUpload reads the fields of an upload, of the API as of a page: both come as a form.
func (r *request) bindUpload(dst any) error {
	if r.refusedFile != nil {
		return r.refusedFile
	}
	err := wire.Form(r.posted, dst, r.today(), formKeys...)
	if !errs.Is(err, errs.Invalid) {
		return err
	}
	var c errs.Collector
	_ = c.Merge(err)
	_ = c.Merge(check.Struct(dst))
	return c.Err()
}

// sendFile hands a file out to be kept, never to be shown in a page: as an attachment that no browser
// takes for anything else and that may do nothing if it is opened all the same.
func (r *request) sendFile(name, media string, size int64, open func() (io.ReadCloser, error)) error {
	content, err := open()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	r.gathered()
	if err := r.noteOpening(); err != nil {
		return err
	}
	r.attachment(name)
	r.c.DataFromReader(http.StatusOK, size, media, content, nil)
	return nil
}

// attachment sets the headers of a file that is handed out.
func (r *request) attachment(name string) {
	r.c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	r.c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
	r.c.Header("Cross-Origin-Resource-Policy", "same-origin")
	r.c.Header("X-Content-Type-Options", "nosniff")
}
