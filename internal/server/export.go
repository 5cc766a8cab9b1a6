package server

import (
	"bytes"
	"net/http"

	"waymark/internal/errs"
	"waymark/internal/export"
)

// download answers with a list as a file. The reading is noted like any other.
func (r *request) download(t export.Table, format string) error {
	if !export.Known(format) {
		return errs.At("format", "oneof")
	}
	t.Words = r.chrome("", "").Words
	if t.Made == "" {
		t.Made = r.chrome("", "").Moment(r.now)
	}
	var b bytes.Buffer
	write := t.WriteCSV
	if format == export.XLSX {
		write = t.WriteXLSX
	}
	if err := write(&b); err != nil {
		return err
	}
	return r.attach(t.FileName(format), export.ContentType(format), b.Bytes())
}

// attach answers with bytes to save.
func (r *request) attach(name, kind string, b []byte) error {
	r.gathered()
	if err := r.noteOpening(); err != nil {
		return err
	}
	r.c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	r.c.Header("Cache-Control", "no-store")
	r.c.Data(http.StatusOK, kind, b)
	return nil
}
