package server

import (
	"cmp"
	"net/http"

	"waymark/internal/audit"
	"waymark/internal/errs"
	"waymark/internal/export"
	"waymark/internal/msg"
	"waymark/internal/page"
	"waymark/internal/pg"
)

// wholeList bounds a list that a file takes whole from memory: lists that may be longer are streamed.
const wholeList = 1_000_000

// wording is enough of a page's frame to put a file into words; nothing is read for it.
func (r *request) wording() page.Chrome {
	return page.Chrome{Words: msg.For(r.lang()), By: r.by, Now: r.now, Today: r.today()}
}

// download answers with a list as a file.
func (r *request) download(t export.Table, format string) error {
	return r.stream(format, func(fill func(export.Table) error) error { return fill(t) })
}

// stream answers with the list that make fills in, whole or not at all. That it was taken is noted before
// anything of it is sent.
func (r *request) stream(format string, make func(fill func(export.Table) error) error) error {
	if !export.Known(format) {
		return errs.At("format", "oneof")
	}
	var file export.Spool
	defer file.Close()
	var made export.Table
	if err := make(func(t export.Table) error {
		made = t
		return r.fill(&file, t, format)
	}); err != nil {
		return err
	}
	r.gathered()
	if err := r.s.db.Write(r.c.Request.Context(), r.by, func(tx *pg.Tx) error {
		return audit.Append(tx, r.by, audit.Entry{Action: "list.exported", Detail: map[string]any{"list": r.c.FullPath(), "format": format, "rows": made.Len()}})
	}); err != nil {
		return err
	}
	return r.sendList(&file, made.FileName(format), format)
}

// fill writes a list into a file, in the reader's language and with the moment of its making.
func (r *request) fill(file *export.Spool, t export.Table, format string) error {
	c := r.wording()
	t.Words, t.Made = c.Words, cmp.Or(t.Made, c.Moment(r.now))
	return t.Write(file, format)
}

// sendList answers with a file to save. The reading is noted like any other.
func (r *request) sendList(file *export.Spool, name, format string) error {
	r.gathered()
	if err := r.noteOpening(); err != nil {
		return err
	}
	content, err := file.Read()
	if err != nil {
		return err
	}
	r.c.DataFromReader(http.StatusOK, file.Size(), export.ContentType(format), content, saved(name))
	return nil
}

// attach answers with bytes to save.
func (r *request) attach(name, kind string, b []byte) error {
	r.gathered()
	if err := r.noteOpening(); err != nil {
		return err
	}
	for k, v := range saved(name) {
		r.c.Header(k, v)
	}
	r.c.Data(http.StatusOK, kind, b)
	return nil
}

// saved are the headers of an answer that is saved under a name.
func saved(name string) map[string]string {
	return map[string]string{"Content-Disposition": `attachment; filename="` + name + `"`, "Cache-Control": "no-store"}
}
